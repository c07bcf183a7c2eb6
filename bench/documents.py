"""How long the papers of a round take as one process makes them, and how much memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from multiprocessing import forkserver, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlmodel import Session

from bench.instance import Built
from bench.results import Limit, Result
from tracker.core.db import make_engine
from tracker.papers.making.service import render
from tracker.papers.rules.exporting import ExportFormat, ExportKind, ExportRequest

# What is made, and the seconds it may take for the seeded concept.
PAPERS: tuple[tuple[str, ExportKind, ExportFormat, float], ...] = (
    ("Controllingbericht PDF", ExportKind.REPORT, ExportFormat.PDF, 1.0),
    ("Controllingbericht DOCX", ExportKind.REPORT, ExportFormat.DOCX, 1.0),
    ("Controllingbericht XLSX", ExportKind.REPORT, ExportFormat.XLSX, 0.5),
    ("Mappe", ExportKind.BUNDLE, ExportFormat.ZIP, 3.0),
)
# Ten times the measures may take so much longer, each paper.
_GROWS_AT_MOST = 12.0
_MEMORY_AT_MOST_MB = 400
_KB_PER_MB = 1024


def prepare() -> None:
    """Start the process that makers are forked from; it imports while other things go on."""
    forkserver.set_forkserver_preload(["bench.__main__"])
    forkserver.ensure_running()


def measure(built: Built, *, times: int, hello: float) -> list[Result]:
    """Return one result per paper; the slowest of `times` stands for the 99th percentile.

    `hello` is the hello-world's number of requests per second.
    """
    results = []
    for name, kind, form, limit in PAPERS:
        took, size = _made(built, kind, form, times=times)
        rate = 1 / median(took)
        results.append(
            Result(
                f"{name}, {built.measures} Maßnahmen",
                ratio=rate / hello,
                requests_per_s=rate,
                limit_requests_per_s=1 / limit,
                p50_ms=median(took) * 1000,
                p99_ms=max(took) * 1000,
                bytes=size,
            )
        )
    return results


def growth(small: Built, large: Built) -> list[Limit]:
    """Return how many times longer each paper takes for the larger concept."""
    found = []
    for name, kind, form, _ in PAPERS:
        before, _size = _made(small, kind, form, times=3)
        after, _size = _made(large, kind, form, times=1)
        title = f"{name}: {large.measures} gegen {small.measures} Maßnahmen, mal so lange"
        found.append(Limit(title, median(after) / median(before), _GROWS_AT_MOST))
    return found


def memory(built: Built) -> Limit:
    """Return the most memory that making a Mappe takes, in MB, as one command."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tracker", "export", "mappe", "--round"]
        made = subprocess.Popen(
            [*command, built.last_period, "--output", folder],
            env=os.environ | {"DATABASE_URL": built.url},
            cwd=Path(__file__).parents[1],
            stdout=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(made.pid, 0)
    if status:
        raise RuntimeError("The Mappe was not made.")
    title = f"Mappe, {built.measures} Maßnahmen: Speicher, MB"
    return Limit(title, used.ru_maxrss / _KB_PER_MB, _MEMORY_AT_MOST_MB)


def _made(
    built: Built, kind: ExportKind, form: ExportFormat, *, times: int
) -> tuple[list[float], int]:
    """Return the seconds of each time, and the size in bytes.

    Each time a process of its own: what typst remembers of one paper makes the next of the same
    round look faster than it is for whoever orders it.
    """
    request = ExportRequest(kind=kind, period=built.last_period, format=form)
    found = [_in_a_process(built.url, request) for _ in range(times)]
    return [took for took, _ in found], found[-1][1]


def _in_a_process(url: str, request: ExportRequest) -> tuple[float, int]:
    # Not a fork of this process: what it holds would be copied page by page while the time runs.
    prepare()
    context = get_context("forkserver")
    here, there = context.Pipe(duplex=False)
    maker = context.Process(target=_make, args=(url, request, there))
    maker.start()
    there.close()
    try:
        found: tuple[float, int] = here.recv()
    except EOFError:
        raise RuntimeError(f"{request.kind} {request.format} was not made.") from None
    maker.join()
    return found


def _make(url: str, request: ExportRequest, answer: Connection) -> None:
    engine = make_engine(url)
    start = time.perf_counter()
    with Session(engine) as session:
        export = render(session, request)
    answer.send((time.perf_counter() - start, len(export.content)))
