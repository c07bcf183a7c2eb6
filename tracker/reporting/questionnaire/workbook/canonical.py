"""A content as a table can hold it, and its digest: so that "left as exported" is recognised.

A table knows no line ends of other systems, no blanks around a text, and numbers by their value
only. Writing and reading compare this form; what is equal keeps its stored form.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from tracker.core.canonical import canonical_json, sha256_of
from tracker.core.signs import as_meant
from tracker.reporting.questionnaire.workbook.layout import CELL, TOO_LONG
from tracker.reporting.rules.content import (
    TEXT_FIELDS,
    Funding,
    IndicatorValue,
    MilestoneLine,
    ParticipantUnit,
    ReportContent,
    to_dict,
)

# What XML cannot hold, and how Excel writes a carriage return and escapes an underscore.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|_x000[dD]_|x005F_")


def in_cell(text: str) -> str:
    """Return a text as a cell gives it back: signs as meant, trimmed, what XML can hold."""
    return _UNPRINTABLE.sub("", as_meant(text)).strip()


def canonical(
    content: ReportContent, indicators: Sequence[str], districts: Collection[str]
) -> ReportContent:
    """Return a content as the table shows it.

    `indicators` are the Kennzahlen it has rows for, `districts` those it offers, in their order.
    """
    counts = {line.unit: line for line in content.participants}
    values = {line.indicator: line.value for line in content.indicators}
    texts: dict[str, Any] = {name: _fitting(getattr(content, name)) for name in TEXT_FIELDS}
    return replace(
        content,
        **texts,
        staff=plain(content.staff),
        cost_planned=plain(content.cost_planned),
        cost_actual=plain(content.cost_actual),
        participants=tuple(counts[unit] for unit in ParticipantUnit if unit in counts),
        districts=tuple(key for key in districts if key in content.districts),
        indicators=tuple(
            IndicatorValue(key, plain(values[key]) or Decimal(0))
            for key in indicators
            if key in values
        ),
        funding=tuple(_funding(line) for line in content.funding if _funding(line) != Funding("")),
        milestones=tuple(
            _milestone(line) for line in content.milestones if _milestone(line) != MilestoneLine("")
        ),
    )


def digest(content: ReportContent) -> str:
    return sha256_of(canonical_json(to_dict(content)))


def merged(
    read: ReportContent,
    current: ReportContent,
    indicators: Sequence[str],
    districts: Collection[str],
) -> ReportContent:
    """Return the current content with what the table changed; all else keeps its stored form."""
    shown = canonical(current, indicators, districts)
    names = [field.name for field in fields(ReportContent)]
    changed = {
        name: getattr(read, name) for name in names if getattr(read, name) != getattr(shown, name)
    }
    if "indicators" in changed:
        # A Kennzahl that the measure no longer has stands in no row and stays.
        kept = [line for line in current.indicators if line.indicator not in indicators]
        changed["indicators"] = (*changed["indicators"], *kept)
    return replace(current, **changed)


def plain(value: Decimal | None) -> Decimal | None:
    """Return a number without trailing zeros: 4000.00 and 4E+3 are 4000."""
    return None if value is None else Decimal(format(value.normalize(), "f"))


def _fitting(text: str) -> str:
    clean = in_cell(text)
    return clean if len(clean.encode("utf-16-le")) <= 2 * CELL else TOO_LONG


def _funding(line: Funding) -> Funding:
    return replace(
        line,
        donor=_fitting(line.donor),
        programme=_fitting(line.programme),
        amount=plain(line.amount),
    )


def _milestone(line: MilestoneLine) -> MilestoneLine:
    return replace(line, title=_fitting(line.title))
