"""How long the Controllingbericht takes, as one process makes it."""

from __future__ import annotations

import time
from statistics import median

from sqlmodel import Session

from bench.instance import Built
from bench.results import Result
from tracker.db import make_engine
from tracker.exports.service import ExportFormat, render

# Seconds that a document of the seeded concept may take.
LIMITS = {ExportFormat.PDF: 1.5, ExportFormat.XLSX: 0.5}


def measure(built: Built, *, times: int, hello: float) -> list[Result]:
    """Return one result per format; the slowest of `times` stands for the 99th percentile.

    `hello` is the hello-world's number of requests per second.
    """
    engine = make_engine(built.url)
    results = []
    for form, limit in LIMITS.items():
        took, size = [], 0
        for _ in range(times):
            start = time.perf_counter()
            with Session(engine) as session:
                export = render(session, period=built.last_period, version=None, export_format=form)
            took.append(time.perf_counter() - start)
            size = len(export.content)
        rate = 1 / median(took)
        results.append(
            Result(
                f"Controllingbericht {form.upper()}, {built.measures} Maßnahmen",
                ratio=rate / hello,
                requests_per_s=rate,
                limit_requests_per_s=1 / limit,
                p50_ms=median(took) * 1000,
                p99_ms=max(took) * 1000,
                bytes=size,
            )
        )
    engine.dispose()
    return results
