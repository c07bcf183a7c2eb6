"""One pass of the clock in a process of its own, which a test may kill at a chosen place."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

from tests.mail.job.mail_world import SETTINGS
from tracker.core.clock import run_once
from tracker.core.db import make_engine
from tracker.jobs import JOBS
from tracker.mail import job


def main(test: Connection, url: str, moment: datetime, port: int, *what: str) -> None:
    """Run the pass, telling the test how far it is; port 0 is no mail server.

    "wait" waits for a word of the test first. "hang" stands still with the first mail in the
    outbox and nothing committed; "hanging" is said then.
    """
    if "hang" in what:
        enqueue = job.enqueue

        def hanging(*arguments: Any, **keywords: Any) -> bool:
            enqueue(*arguments, **keywords)
            test.send("hanging")
            time.sleep(60)
            raise AssertionError("nobody killed this process")

        job.enqueue = hanging
    settings = SETTINGS
    if port:
        settings = replace(SETTINGS, smtp_host="127.0.0.1", smtp_port=port)
    test.send("ready")
    if "wait" in what:
        test.recv()
    for outcome in run_once(JOBS, make_engine(url), settings, now=moment):
        assert not outcome.failed, outcome
