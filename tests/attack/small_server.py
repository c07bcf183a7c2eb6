"""The product's server with an application that a test makes hang: `python -m … PORT SECONDS`."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from tracker.cli import workers

at_work: list[float] = []


def small(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with the number of the process; wait or compute for ever where the address says so."""
    at_work.append(time.monotonic())
    try:
        match environ["PATH_INFO"]:
            case "/slow":
                time.sleep(1)
            case "/hang":
                time.sleep(600)
            case "/spin":  # holds the interpreter: no other thread gets on
                re.match(r"(a+)+$", "a" * 60 + "b")
    finally:
        at_work.pop()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]


def load() -> Callable[..., Iterable[bytes]]:
    return small


def oldest_start() -> float | None:
    return at_work[0] if at_work else None


if __name__ == "__main__":
    workers.serve(
        load,
        oldest_start=oldest_start,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        workers=2,
        hung_seconds=float(sys.argv[2]),
        silent_seconds=float(sys.argv[2]),
    )
