"""A table as CSV, as German offices open it.

UTF-8 with BOM, semicolons, CRLF; numbers with a decimal comma, days as 31.12.2026, amounts in
euro without sign. Totals are left out: a program that adds a column must not count twice.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tracker.core import german
from tracker.publication.reading.model_values import Money, Value
from tracker.publication.reading.table import Column, Kind, Table

# What a program for tables may take for the beginning of a formula, also in its wide form.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_GUARD = "'"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_MARK = "Demonstration"
_INVENTED = "Angaben erfunden"


def to_csv(table: Table, *, invented: bool, notes: Sequence[str] = ()) -> bytes:
    """Return the file; invented data says so in the last column of each row.

    `notes` stand below the table, after an empty line.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    head, tail = ((_MARK,), (_INVENTED,)) if invented else ((), ())
    writer.writerow([*(_head(column) for column in table.columns), *head])
    writer.writerows([*(_cell(value) for value in row), *tail] for row in table.rows)
    if notes:
        writer.writerow([])
        writer.writerows([guarded(note)] for note in notes)
    return target.getvalue().encode("utf-8-sig")


def _head(column: Column) -> str:
    return guarded(f"{column.name} in Euro" if column.kind is Kind.MONEY else column.name)


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
        return german.day(value)
    return guarded(value)


def guarded(text: str) -> str:
    """Return a text that no program takes for a formula: an apostrophe before it keeps it one."""
    clean = _UNPRINTABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    start = unicodedata.normalize("NFKC", clean.lstrip(" \n\u00a0"))[:1]
    return f"{_GUARD}{clean}" if start in _FORMULA and start else clean
