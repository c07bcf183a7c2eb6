"""Servers that end with whoever has started them, however that ends: for tests, bench and pictures.

A second process watches the first: what is killed, or stopped by a failing fixture, can no longer
end anything itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

GRACE_SECONDS = 15
# Which process is watched, which one is ended after it, by which signal, with its group or alone.
WATCH = """
import os, sys, time
watched, ended, number, group = map(int, sys.argv[1:])
def lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
while lives(watched) and lives(ended):
    time.sleep(0.3)
if not lives(watched):
    try:
        (os.killpg if group else os.kill)(ended, number)
    except ProcessLookupError:
        pass
"""


def free_port() -> int:
    """Return a port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def started(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[Any]]:
    """Start a process with a group of its own; the whole group has ended when the block has."""
    process = subprocess.Popen(command, start_new_session=True, **options)
    with ended_after(os.getpid(), process.pid, signal.SIGKILL, group=True):
        try:
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[Any]) -> None:
    """End a process as an operator does, and then what is left of its group."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_SECONDS)
    kill(process)


def kill(process: subprocess.Popen[Any]) -> None:
    """Take a process and its group away, as a power cut does."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def ended_after(
    watched: int, ended: int, number: signal.Signals, *, group: bool = False
) -> Iterator[None]:
    """Send a signal to a process, or to its group, should another one end within the block."""
    numbers = (watched, ended, int(number), int(group))
    with subprocess.Popen(
        [sys.executable, "-ISc", WATCH, *map(str, numbers)],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as watcher:
        try:
            yield
        finally:
            watcher.kill()
