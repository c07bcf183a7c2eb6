"""The product's server with an application that a test makes hang: `python -m … PORT SECONDS`."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels

from tracker.cli import workers
from tracker.web.front import Front


def small() -> Front:
    """Return an application that answers with the number of its process, or does not."""
    app = Flask(__name__)
    loop = asyncio.get_event_loop()

    @app.get("/")
    def number() -> str:
        return str(os.getpid())

    @app.get("/slow")
    def slow() -> str:
        time.sleep(1)
        return number()

    @app.get("/hang")
    def hang() -> str:
        time.sleep(600)
        return number()

    @app.get("/spin")
    def spin() -> str:
        re.match(r"(a+)+$", "a" * 60 + "b")  # holds the interpreter: nothing else gets on
        return number()

    @app.get("/stall")
    def stall() -> str:
        loop.call_soon_threadsafe(time.sleep, 600)
        return number()

    return Front(app)


if __name__ == "__main__":
    workers.serve(
        small,
        hung_seconds=float(sys.argv[2]),
        silent_seconds=float(sys.argv[2]),
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.ASGINL,
        workers=2,
        websockets=False,
        log_level=LogLevels.warning,
    )
