"""Papers of any round and scope can be laid out: what every writer relies on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import paper_text as read
from tests.factories_snapshot import documents
from tests.papers.round_strategies import rounds
from tracker.papers.blocks import Fill, Heading, Pairs, Paper, Picture, Side, Table
from tracker.papers.documents import comparison, institution, measure, questionnaire
from tracker.papers.documents.report import paper
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Report
from tracker.publication.reading.scope import Scope

Json = dict[str, Any]
PAGE = 170


def papers(found: Report) -> Iterator[Paper]:
    yield paper(found)
    codes = [item.code for field in found.fields for item in field.sheets]
    for code in codes[:3]:
        yield measure.paper(found, code)
        about = questionnaire.subject(found, code)
        yield questionnaire.paper(
            city="Stadt",
            office="Amt",
            districts=["gesamtes Stadtgebiet"],
            made_on=date(2026, 1, 1),
            about=about,
        )
    for item in found.institutions[:3]:
        yield institution.paper(found, item.key)
    if found.compared is not None:
        yield comparison.paper(found)


def check(found: Paper) -> None:
    """What no writer should have to mend."""
    level = 0
    for block in read.blocks(found.blocks):
        match block:
            case Heading():
                assert block.text.strip()
                assert block.level <= level + 1, block.text
                level = block.level
            case Table():
                assert block.rows, block.title
                assert all(len(row) == len(block.columns) for row in block.rows), block.title
                assert all(column.title for column in block.columns)
                widths = [column.width for column in block.columns]
                assert sum(widths) < PAGE - 15 * widths.count(0) + 1, block.title
            case Side():
                assert len(block.parts) == len(block.widths)
                assert all(part for part in block.parts)
            case Pairs():
                assert block.items
                assert all(pair.label for pair in block.items)
            case Picture():
                assert block.svg.startswith("<svg")
                assert block.alternative
                assert block.title
            case Fill():
                assert block.label
    for code in ("not_started", "in_progress", "on_track", "at_risk", "no_longer_reported"):
        assert code not in read.text(found)


@settings(max_examples=12, deadline=None)
@given(rounds(), st.booleans(), st.booleans())
def test_papers_of_any_round_can_be_laid_out(
    document: Json, exceptions_only: bool, sheets: bool
) -> None:
    scope = Scope(exceptions_only=exceptions_only, sheets=sheets)
    for found in papers(report(document, scope=scope)):
        check(found)


@pytest.mark.parametrize("exceptions_only", [False, True])
@pytest.mark.parametrize("positions", [(), ("1",), ("7",), ("2", "9")])
@pytest.mark.parametrize("compared", [None, 0])
def test_papers_of_any_scope_can_be_laid_out(
    positions: tuple[str, ...], compared: int | None, exceptions_only: bool
) -> None:
    *earlier, last = documents(4)
    scope = Scope(frozenset(positions), exceptions_only)
    other = None if compared is None else earlier[compared]
    found = report(last, scope=scope, compared=other, history=tuple(earlier))
    for shown in papers(found):
        check(shown)
