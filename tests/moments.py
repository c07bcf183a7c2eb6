"""Waiting for something to happen, and doing several things at the same moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")
# Longer than anything takes on a busy machine.
PATIENCE = 90


def until(
    condition: Callable[[], object],
    do: Callable[[], object] = lambda: None,
    *,
    seconds: float = PATIENCE,
) -> None:
    """Wait for a condition, doing something in between."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "what was waited for did not happen"
        do()
        time.sleep(0.05)


def at_once(*acts: Callable[[], T]) -> list[T]:
    """Do all of it at the same moment; returns what came of each."""
    together = Barrier(len(acts))

    def act(do: Callable[[], T]) -> T:
        together.wait()
        return do()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))
