"""The hello-world's own speed, taken again and again while the product is measured."""

from __future__ import annotations

from statistics import fmean

from bench import wrk
from bench.client import Request
from bench.results import Result
from bench.wrk import Load


class Yardstick:
    """A running hello-world; `seconds` is how long each of its loads takes."""

    def __init__(self, address: str, *, seconds: int) -> None:
        self._address = address
        self._seconds = seconds
        self._loads: list[Load] = []

    def take(self) -> float:
        """Load it once more; returns its requests per second."""
        load = wrk.run(self._address, Request("/"), seconds=self._seconds)
        self._loads.append(load)
        return load.requests_per_s

    @property
    def latest(self) -> float:
        """The newest number of requests per second, taken now if there is none."""
        return self._loads[-1].requests_per_s if self._loads else self.take()

    def result(self) -> Result:
        """Return the mean over all loads."""
        return Result(
            "Hello-World (Flask)",
            ratio=1.0,
            requests_per_s=fmean(load.requests_per_s for load in self._loads),
            p50_ms=fmean(load.p50_ms for load in self._loads),
            p99_ms=fmean(load.p99_ms for load in self._loads),
            bytes=len("Hello, World!"),
        )
