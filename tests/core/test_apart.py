"""Work on uploaded files in a process of its own: its result, its limits, nothing of ours in it."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import psutil
import pytest

from tracker.core import apart
from tracker.core.apart import LIMITS, Reason, UnfinishedError, run
from tracker.core.errors import Busy


def about(data: bytes, *more: str) -> list[Any]:
    """What the process is given, and what it sees."""
    return [len(data), more, os.getpid() != os.getppid(), dict(os.environ)]


def fills_memory() -> int:
    return len([bytes(10_000_000) for _ in range(1000)])


def counts_for_ever() -> None:
    while True:
        pass


def sleeps_with_a_child(told: str) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(told).write_text(str(child.pid))
    time.sleep(60)


def segfaults() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def raises(text: str) -> None:
    raise ValueError(text)


def writes(size: int) -> None:
    sys.stdout.write("1" * size)


def prints_and_raises(text: str) -> None:
    sys.stdout.write(text)
    raise ValueError(text)


def prints_and_exits(text: str) -> None:
    sys.stdout.write(text)
    sys.exit(1)


def returns(text: str, times: int) -> str:
    return text * times


def nests(_depth: int) -> None:
    sys.stdout.write("[" * 100_000)
    sys.stdout.flush()
    os._exit(0)


def test_a_function_gets_its_arguments_and_none_of_our_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", "known to nobody")
    size, more, is_apart, environment = run(about, b"12345", "a", "ü")
    assert (size, more, is_apart) == (5, ["a", "ü"], True)
    assert set(environment) <= {"PYTHONPATH", "LC_CTYPE"}


@pytest.mark.parametrize(
    ("function", "arguments", "limits", "reason"),
    [
        (fills_memory, (), LIMITS, Reason.TOO_LARGE),
        (counts_for_ever, (), replace(LIMITS, processor=1), Reason.TOO_LONG),
        (segfaults, (), LIMITS, Reason.CRASHED),
        (writes, (2_000_000,), replace(LIMITS, answer=1_000_000), Reason.CRASHED),
        (nests, (1,), LIMITS, Reason.CRASHED),
    ],
    ids=["memory", "processor", "segfault", "answer", "nested answer"],
)
def test_what_takes_too_much_is_given_up_with_a_reason(
    function: Any, arguments: tuple[Any, ...], limits: apart.Limits, reason: Reason
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnfinishedError) as refused:
        run(function, *arguments, limits=limits)
    assert refused.value.reason is reason
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kB


def test_at_the_deadline_all_of_its_processes_are_ended(tmp_path: Path) -> None:
    told = tmp_path / "child"
    with pytest.raises(UnfinishedError) as refused:
        run(sleeps_with_a_child, str(told), limits=replace(LIMITS, wall=1.5))
    assert refused.value.reason is Reason.TOO_LONG
    child = int(told.read_text())
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie"


def test_the_log_says_where_it_failed_and_quotes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(UnfinishedError):
        run(raises, "what somebody wrote")
    (record,) = caplog.records
    assert "ValueError" in record.getMessage()
    assert "test_apart.py:" in record.getMessage()
    assert "what somebody wrote" not in record.getMessage()


SECRET = "what somebody wrote "


@pytest.mark.parametrize(
    ("function", "arguments", "ends"),
    [
        (returns, (SECRET, 100_000), "too_large (5)"),
        (prints_and_raises, (SECRET,), "crashed (4) ValueError"),
        (prints_and_exits, (SECRET,), "crashed (1)"),
    ],
    ids=["an answer above the limit", "something printed", "an end of its own"],
)
def test_no_answer_becomes_a_log_line(
    function: Any, arguments: tuple[Any, ...], ends: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(UnfinishedError):
        run(function, *arguments, limits=replace(LIMITS, answer=1_000_000))
    (record,) = caplog.records
    assert ends in record.getMessage()
    assert "somebody" not in record.getMessage()
    assert len(record.getMessage()) < 800


def test_where_there_is_no_room_for_the_file_somebody_is_asked_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(apart.tempfile, "TemporaryFile", full)
    for _ in range(apart.PLACES + 1):
        with pytest.raises(Busy, match="in einigen Minuten noch einmal hoch"):
            run(about, b"")


def test_where_all_places_are_taken_somebody_is_asked_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = BoundedSemaphore(1)
    monkeypatch.setattr(apart, "_places", places)
    with places, pytest.raises(Busy, match="gleich noch einmal hoch"):
        run(about, b"", limits=replace(LIMITS, waiting=0))
    assert places.acquire(blocking=False), "the place is free again"
