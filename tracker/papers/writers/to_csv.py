"""The report's tables as CSV, one file each: as German offices open them.

UTF-8 with BOM, semicolons, CRLF; numbers with a decimal comma, days as 31.12.2026, amounts in
euro without sign. Totals are left out: a program that adds a column must not count twice.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from datetime import date
from decimal import Decimal

from tracker.papers.tables import tables
from tracker.papers.tables.parts import Column, Kind, Table
from tracker.papers.writers.bundle_readme import zipped
from tracker.publication.reading.model import Money, Report, Value

# What a program for tables may take for the beginning of a formula, also in its wide form.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_GUARD = "'"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_MARK = "Demonstration"
_INVENTED = "Angaben erfunden"


def csv_files(report: Report) -> tuple[tuple[str, bytes], ...]:
    """Return the files in the order of the report: names and bytes, the same every time.

    A demonstration says so in the name of each file and in the last column of each row.
    """
    mark = bool(report.cover.demonstration)
    return tuple(
        (_name(number, table, mark=mark), _file(table, mark=mark))
        for number, table in enumerate(tables(report))
    )


def to_csv_zip(report: Report) -> bytes:
    """Return all files in one zip, dated on the day of publication."""
    return zipped(csv_files(report), on=report.cover.published_on)


def _name(number: int, table: Table, *, mark: bool) -> str:
    return f"{number:02}-{table.key}{'-demonstration' if mark else ''}.csv"


def _file(table: Table, *, mark: bool) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    head, tail = ((_MARK,), (_INVENTED,)) if mark else ((), ())
    writer.writerow([*(_head(column) for column in table.columns), *head])
    writer.writerows([*(_cell(value) for value in row), *tail] for row in table.rows)
    return target.getvalue().encode("utf-8-sig")


def _head(column: Column) -> str:
    return _text(f"{column.name} in Euro" if column.kind is Kind.MONEY else column.name)


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        return f"{value.amount:.2f}".replace(".", ",")
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return _text(value)


def _text(text: str) -> str:
    """Return a text that no program takes for a formula: an apostrophe before it keeps it one."""
    clean = _UNPRINTABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    start = unicodedata.normalize("NFKC", clean.lstrip(" \n\u00a0"))[:1]
    return f"{_GUARD}{clean}" if start in _FORMULA and start else clean
