"""The product's server with an application that a test makes hang: `python -m … PORT SECONDS`."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels

from tracker.cli import workers


class Small:
    """Answers with the number of its process; waits or computes where the address says so."""

    def __init__(self) -> None:
        self.at_work: list[float] = []

    def oldest_start(self) -> float | None:
        return min(self.at_work, default=None)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        began = time.monotonic()
        self.at_work.append(began)
        try:
            match environ["PATH_INFO"]:
                case "/slow":
                    time.sleep(1)
                case "/hang":
                    time.sleep(600)
                case "/spin":  # holds the interpreter: no other thread gets on
                    re.match(r"(a+)+$", "a" * 60 + "b")
        finally:
            self.at_work.remove(began)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(os.getpid()).encode()]


if __name__ == "__main__":
    workers.serve(
        Small,
        hung_seconds=float(sys.argv[2]),
        silent_seconds=float(sys.argv[2]),
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=1,
        websockets=False,
        log_level=LogLevels.warning,
    )
