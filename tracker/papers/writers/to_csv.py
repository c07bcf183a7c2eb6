"""The report's tables as CSV files, one file each."""

from __future__ import annotations

from tracker.papers.rules.files import zipped
from tracker.papers.tables import tables
from tracker.publication.reading.csv_file import to_csv
from tracker.publication.reading.model import Report
from tracker.publication.reading.table import Table


def csv_files(report: Report) -> tuple[tuple[str, bytes], ...]:
    """Return the files in the order of the report: names and bytes, the same every time.

    A demonstration says so in the name of each file and in the last column of each row.
    """
    mark = bool(report.cover.demonstration)
    return tuple(
        (_name(number, table, mark=mark), to_csv(table, invented=mark))
        for number, table in enumerate(tables(report))
    )


def to_csv_zip(report: Report) -> bytes:
    return zipped(csv_files(report), on=report.cover.published_on)


def _name(number: int, table: Table, *, mark: bool) -> str:
    return f"{number:02}-{table.key}{'-demonstration' if mark else ''}.csv"
