"""What was measured, as a table for people and as bench/results.json for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path(__file__).parent / "results.json"


@dataclass(frozen=True)
class Result:
    """One line: for documents a "request" is one document, made by one process.

    `ratio` compares with the hello-world of the same run; the limit is met where
    `requests_per_s` reaches `limit_requests_per_s` without `errors` (what was lost, doubled or
    refused). `bytes` are those sent over the wire, or the size of the document. Whatever was not
    measured or has no limit is None.
    """

    name: str
    ratio: float | None = None
    requests_per_s: float | None = None
    limit_requests_per_s: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    bytes: int | None = None
    errors: int | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the limit is met; None where there is none."""
        if self.requests_per_s is None or self.limit_requests_per_s is None:
            return None
        return self.requests_per_s >= self.limit_requests_per_s and not self.errors


@dataclass(frozen=True)
class Limit:
    """A number with the most it may be: how much slower, how many bytes."""

    name: str
    value: float
    at_most: float

    @property
    def is_met(self) -> bool:
        """Whether the number is small enough."""
        return self.value <= self.at_most


def save(results: Sequence[Result], path: Path = FILE, *, limits: Sequence[Limit] = ()) -> None:
    """Write the list of results and, behind them, of limits."""
    rows = [*map(asdict, results), *map(asdict, limits)]
    text = json.dumps(rows, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", "utf-8")


def table(results: Sequence[Result]) -> str:
    """Return the results as lines of equal width."""
    head = ("", "Verhältnis", "je Sekunde", "mindestens", "p50 ms", "p99 ms", "Bytes", "")
    rows = [head, *(_row(result) for result in results)]
    return _aligned(rows)


def limits_table(limits: Sequence[Limit]) -> str:
    """Return what may grow only so far as lines of equal width."""
    rows = [("Grenzen", "gemessen", "höchstens", "")]
    for item in limits:
        verdict = "erfüllt" if item.is_met else "NICHT ERFÜLLT"
        rows.append((item.name, f"{item.value:.6g}", f"{item.at_most:.6g}", verdict))
    return _aligned(rows)


def counts_table(sizes: Sequence[int], counts: Mapping[str, Sequence[tuple[int, int]]]) -> str:
    """Return the numbers of SQL statements by page, a pair for each size.

    The first request of a process reads what later ones find in its memory.
    """
    head = ("SQL-Anweisungen je Anfrage", *(f"{size} Maßnahmen" for size in sizes))
    rows = [head]
    for name, pairs in counts.items():
        rows.append((name, *(f"{first}, dann {again}" for first, again in pairs)))
    return _aligned(rows)


def _row(result: Result) -> tuple[str, ...]:
    verdict = {True: "erfüllt", False: "NICHT ERFÜLLT", None: ""}[result.is_met]
    return (
        result.name,
        _number(result.ratio, 4),
        _number(result.requests_per_s, 1),
        _number(result.limit_requests_per_s, 1),
        _number(result.p50_ms, 2),
        _number(result.p99_ms, 2),
        "" if result.bytes is None else str(result.bytes),
        verdict,
    )


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _aligned(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join([first.ljust(widths[0]), *cells]).rstrip())
    return "\n".join(lines)
