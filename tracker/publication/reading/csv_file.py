"""A table as CSV, as German offices open it.

UTF-8 with BOM, semicolons, CRLF; numbers with a decimal comma, days as 31.12.2026, amounts in
euro without sign. The file holds only the table: no title, no notes, and no totals, which a program
that adds a column would count twice.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from datetime import date
from decimal import Decimal

from tracker.core import german
from tracker.publication.reading.model_values import Money, Value
from tracker.publication.reading.table import Column, Kind, Table

# What a program for tables may take for the beginning of a formula, also in its wide form.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# A number, a day or a truth: 3.1 would become the 3rd of January or 3,1, 1.10 the same as 1.1.
_MONTH = (
    r"(?:jan(?:uar)?|feb(?:ruar)?|märz?|apr(?:il)?|mai|juni?|juli?|aug(?:ust)?|sept?(?:ember)?"
    r"|okt(?:ober)?|nov(?:ember)?|dez(?:ember)?)\.?"
)
_VALUE = re.compile(
    r"[\s.,:/()%€-]*\d[\d\s.,:/()%€-]*|\d[\d.,]*e[+-]?\d+|true|false|wahr|falsch"
    rf"|\d{{1,2}}\.?\s?{_MONTH}(?:\s?\d{{2,4}})?|{_MONTH}\s?\d{{2,4}}",
    re.IGNORECASE,
)
_GUARD = "'"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_MARK = "Demonstration"
_INVENTED = "Angaben erfunden"


def to_csv(table: Table, *, invented: bool) -> bytes:
    """Return the file; invented data says so in the last column of each row."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    head, tail = ((_MARK,), (_INVENTED,)) if invented else ((), ())
    writer.writerow([*(_head(column) for column in table.columns), *head])
    writer.writerows([*(_cell(value) for value in row), *tail] for row in table.rows)
    return target.getvalue().encode("utf-8-sig")


def _head(column: Column) -> str:
    return guarded(f"{column.name} in Euro" if column.kind is Kind.MONEY else column.name)


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        return f"{german.cents(value.amount)}".replace(".", ",")
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return german.day(value)
    return guarded(value)


def guarded(text: str) -> str:
    """Return a text that no program takes for a formula, a number, a day or a truth.

    An apostrophe before it keeps it a text; it is no part of the text (the LIESMICH says so).
    """
    clean = _UNPRINTABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    start = unicodedata.normalize("NFKC", clean.lstrip(" \n\u00a0"))[:1]
    is_taken = (start and start in _FORMULA) or _VALUE.fullmatch(clean.strip())
    return f"{_GUARD}{clean}" if is_taken else clean
