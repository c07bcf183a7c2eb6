"""One pass of the clock in a process of its own, which a test may kill at a chosen place.

Arguments: database address, moment, SMTP port (0: none), and "hang" to stand still with the first
mail in the outbox and nothing committed; "hanging" is printed then.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.mail.job.mail_world import SETTINGS
from tracker.core.clock import run_once
from tracker.core.db import make_engine
from tracker.jobs import JOBS
from tracker.mail import job


def tell(word: str) -> None:
    """Tell the test how far this process is."""
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def main(url: str, moment: str, port: str, *what: str) -> None:
    """Run the pass."""
    if "hang" in what:
        enqueue = job.enqueue

        def hanging(*arguments: Any, **keywords: Any) -> bool:
            enqueue(*arguments, **keywords)
            tell("hanging")
            time.sleep(60)
            raise AssertionError("nobody killed this process")

        job.enqueue = hanging
    settings = SETTINGS
    if port != "0":
        settings = replace(SETTINGS, smtp_host="127.0.0.1", smtp_port=int(port))
    tell("ready")
    if "wait" in what:
        sys.stdin.readline()
    for outcome in run_once(JOBS, make_engine(url), settings, now=datetime.fromisoformat(moment)):
        assert not outcome.failed, outcome


if __name__ == "__main__":
    main(*sys.argv[1:])
