"""Reads a table written as text, so that a rule's test is a page a controller could sign."""

from __future__ import annotations


def read_grid(text: str) -> dict[tuple[str, str], str]:
    """Return {(row, column): cell} of a table whose first line names the columns."""
    header, *rows = [line.split() for line in text.strip().splitlines()]
    cells = {}
    for name, *values in rows:
        assert len(values) == len(header), f"row {name} has {len(values)} of {len(header)} cells"
        cells |= {(name, column): value for column, value in zip(header, values, strict=True)}
    return cells
