"""Any round: which measures were reported, how they stand, what was counted and spent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.factories_reports import report_content
from tests.factories_snapshot import document, facts
from tests.papers.odd_rounds import TEXTS, reporting
from tracker.publication.rules.facts import MeasureFact
from tracker.publication.rules.snapshot import build
from tracker.reporting.rules.content import (
    Funding,
    IndicatorValue,
    Participants,
    ParticipantUnit,
    ReportContent,
    StaffUnit,
)
from tracker.reporting.rules.status import Asked, Course, Implementation, course_asked

_euro = st.decimals(0, 10_000_000, places=2)
_text = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.sampled_from([text for name, text in TEXTS.items() if len(text) < 1000]),
)
_people = st.sampled_from([0, 1, 4, 5, 48, 1200])


@st.composite
def contents(draw: DrawFn, measure: MeasureFact) -> ReportContent:
    """A report that the rules could have accepted."""
    implementation = draw(st.sampled_from(Implementation))
    asked = course_asked(implementation)
    courses: list[Course | None] = [*Course] if asked is not Asked.NOT_ASKED else []
    if asked is not Asked.REQUIRED:
        courses.append(None)
    units = draw(st.lists(st.sampled_from(ParticipantUnit), unique=True, max_size=3))
    return report_content(
        implementation,
        draw(st.sampled_from(courses)),
        achieved=draw(_text),
        consequence=draw(_text),
        participants=tuple(Participants(unit, draw(_people)) for unit in units),
        events=draw(st.none() | st.integers(0, 40)),
        staff=draw(st.none() | st.decimals(0, 400, places=2)),
        staff_unit=draw(st.sampled_from(StaffUnit)),
        cost_planned=draw(st.none() | _euro),
        cost_actual=draw(st.none() | _euro),
        funding=tuple(
            Funding(
                draw(st.sampled_from(["Land", "Bund", "Stiftung"])),
                draw(_text),
                amount,
                end=draw(st.sampled_from([None, date(2026, 6, 30), date(2026, 7, 1)])),
            )
            for amount in draw(st.lists(st.none() | _euro, max_size=2))
        ),
        indicators=tuple(
            IndicatorValue(item.key, Decimal(draw(st.integers(0, 9))))
            for item in measure.indicators
            if item.kind == "target"
        ),
    )


@st.composite
def rounds(draw: DrawFn, goals: SearchStrategy[int] = st.integers(0, 2)) -> dict[str, Any]:  # noqa: B008 - strategies never change
    """A published document of a few `goals`; now and then one with an earlier round."""
    count = draw(goals)
    previous = draw(st.sampled_from([None, document("2026-Q2", goals=count)]))

    def change(measure: MeasureFact) -> MeasureFact:
        if measure.lead is None or draw(st.integers(0, 3)) == 0:
            return measure
        return reporting(measure, draw(contents(measure)))

    return build(facts(goals=count, previous=previous, change=change))
