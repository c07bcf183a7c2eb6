"""Work on a file that somebody uploaded, in a process of its own that gets only so much.

A file can be made so that reading it takes minutes or gigabytes. A new upload is built so:

1. bytes that are obviously too many or no such file are refused in the view;
2. `archives.unpacked` (zip files) or a rule of its own refuses what is too much to be parsed;
3. what parses is a plain function at the top of a module. Its arguments are what pickles, its
   result what JSON can say: it was made while a stranger's file was read, so the caller checks
   its shape and never unpickles it. The view calls `run(function, data, …)`.

The process has none of our secrets in its environment. It is no sandbox against a fault in a
parser that lets foreign code run: it is the same user (docs/adr/0034).
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, NoReturn

from tracker.core.errors import Busy

_log = logging.getLogger(__name__)
# At once per web process: more would take the processors from those who only look at pages.
PLACES = 2
_places = BoundedSemaphore(PLACES)
# How a process ends that wanted more memory, whose function raised something, or returned too much.
_TOO_LARGE, _FAILED, _TOO_LONG_ANSWER = 3, 4, 5
# Of the place where it failed.
_WHERE_CHARACTERS = 500


@dataclass(frozen=True)
class Limits:
    """What one process may use at most; sizes in bytes, times in seconds.

    An Erhebungsbogen of 58 measures takes 0.4 s and 100 MB, nearly all of it Python's own start.
    """

    wall: float = 20
    processor: int = 6
    memory: int = 400_000_000
    answer: int = 20_000_000
    waiting: float = 3  # for a place


LIMITS = Limits()


class Reason(StrEnum):
    """Why a process has no result."""

    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    CRASHED = "crashed"


class UnfinishedError(Exception):
    """The work was given up; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def run(function: Callable[..., Any], *arguments: Any, limits: Limits = LIMITS) -> Any:
    """Return what a function makes of its arguments, as JSON gives it back.

    Raises UnfinishedError, and Busy where all places stay taken.
    """
    if not _places.acquire(timeout=limits.waiting):
        raise Busy(
            "Gerade werden mehrere Dateien gelesen. Bitte laden Sie Ihre Datei gleich noch "
            "einmal hoch."
        )
    name = f"{function.__module__}:{function.__qualname__}"
    try:
        return _result(name, arguments, limits)
    except OSError as error:  # no room for temporary files, or for a process
        _log.warning("%s: %s", name, error.strerror)
        raise Busy(
            "Gerade können keine Dateien gelesen werden. Bitte laden Sie Ihre Datei in einigen "
            "Minuten noch einmal hoch."
        ) from error
    finally:
        _places.release()


def _result(name: str, arguments: tuple[Any, ...], limits: Limits) -> Any:
    with tempfile.TemporaryFile() as request, tempfile.TemporaryFile() as answer:
        pickle.dump(arguments, request)
        request.seek(0)
        most = (str(most) for most in (limits.processor, limits.memory, limits.answer))
        with subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", __name__, name, *most],
            stdin=request,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PYTHONPATH": os.pathsep.join(str(Path(path).absolute()) for path in sys.path)},
            start_new_session=True,
        ) as process:
            try:
                ended: int | None = process.wait(limits.wall)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                ended = -signal.SIGALRM
        answer.seek(0)
        said = answer.read(limits.answer)
    try:
        if ended == 0:
            return json.loads(said)
    except (ValueError, RecursionError):
        ended = None
    reason = _REASONS.get(ended, Reason.CRASHED)
    where = said[:_WHERE_CHARACTERS].decode("ascii", "replace") if ended == _FAILED else ""
    _log.warning("%s: %s (%s) %s", name, reason.value, ended, where)
    raise UnfinishedError(reason)


_REASONS: dict[int | None, Reason] = {
    _TOO_LARGE: Reason.TOO_LARGE,
    _TOO_LONG_ANSWER: Reason.TOO_LARGE,
    -signal.SIGKILL: Reason.TOO_LARGE,  # by the kernel, which is short of memory
    -signal.SIGXCPU: Reason.TOO_LONG,
    -signal.SIGALRM: Reason.TOO_LONG,
}


def _work(name: str, processor: int, memory: int, answer: int) -> int:
    """Do the work of this process and return how it ends."""
    os.nice(5)  # pages come first
    with suppress(OSError):  # where the machine is short of memory, this process goes first
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, answer),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    try:
        module, _, function = name.partition(":")
        arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started us
        said = json.dumps(getattr(importlib.import_module(module), function)(*arguments))
        if len(said) > answer:
            return _TOO_LONG_ANSWER
        sys.stdout.write(said)
        sys.stdout.flush()
    except MemoryError:
        return _TOO_LARGE
    except Exception as error:
        _fail(error)
    return 0


def _fail(error: Exception) -> NoReturn:
    """End the process and say where it failed; what was written before may quote the file."""
    where, trace = type(error).__name__, error.__traceback__  # its message may, too
    while trace is not None:
        code = trace.tb_frame.f_code
        where, trace = f"{where} {Path(code.co_filename).name}:{trace.tb_lineno}", trace.tb_next
    os.ftruncate(1, 0)
    os.pwrite(1, where[:_WHERE_CHARACTERS].encode("ascii", "replace"), 0)
    os._exit(_FAILED)  # what waits to be written is not


if __name__ == "__main__":
    sys.exit(_work(sys.argv[1], *map(int, sys.argv[2:])))
