"""A CSV file as its LIESMICH says that it is read: an apostrophe before a text is no part of it."""

from __future__ import annotations

import csv
import io


def csv_rows(data: bytes) -> list[list[str]]:
    """The head and the rows, without the column that says that data is invented."""
    read = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";", strict=True)
    rows = [[cell.removeprefix("'") for cell in row] for row in read]
    assert {len(row) for row in rows} == {len(rows[0])}, "nothing but the table"
    return [row[:-1] for row in rows] if rows[0][-1] == "Demonstration" else rows


def csv_dicts(data: bytes) -> list[dict[str, str]]:
    """The rows by the names of their columns."""
    head, *rows = csv_rows(data)
    return [dict(zip(head, row, strict=True)) for row in rows]
