"""The list "Meine Maßnahmen": what is due, what came back, what is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from tracker.core.labels import Label
from tracker.core.permissions import Role, may_submit
from tracker.reporting.palette import COURSE_COLOUR, IMPLEMENTATION_COLOUR
from tracker.reporting.readable import readable
from tracker.reporting.reports.queries.my_contributions import together
from tracker.reporting.reports.queries.my_measures import (
    CancelledRound,
    MyMeasure,
    MyRound,
    my_measures,
)
from tracker.reporting.reports.web.base import blueprint, districts
from tracker.reporting.reports.web.phrases import counting_sentence, due_words, measure_due
from tracker.reporting.rules.reports import UNCHANGED_FLAG_AFTER, ReportState
from tracker.reporting.rules.status import Course, Implementation
from tracker.reporting.words import COURSE, IMPLEMENTATION, REPORT_FIELD, REPORT_STATE
from tracker.web.access import actor, requires
from tracker.web.filters import icon
from tracker.web.runtime import now, reading, today

GROUPS = (
    ("Zurückgegeben: bitte ergänzen", (ReportState.RETURNED,)),
    ("Noch offen", (ReportState.EXPECTED, ReportState.DRAFT)),
    ("Abgegeben", (ReportState.SUBMITTED, ReportState.ACCEPTED)),
    ("Befreit", (ReportState.WAIVED,)),
)


@dataclass(frozen=True)
class MeasureGroup:
    title: str
    measures: Sequence[MyMeasure]


def anchor_of(round_: MyRound | CancelledRound) -> str:
    """Return what names a round on the page."""
    key = round_.period.key
    return f"{key}-{round_.concept_id}" if round_.concept else key


def groups(round_: MyRound) -> list[MeasureGroup]:
    all_groups = [
        MeasureGroup(title, [measure for measure in round_.measures if measure.state in states])
        for title, states in GROUPS
    ]
    return [group for group in all_groups if group.measures]


# The page shows up to three marks per measure; there are only so many different ones.
@cache
def standing(implementation: Implementation, course: Course | None) -> Markup:
    colour = IMPLEMENTATION_COLOUR[implementation]
    implementation_mark = _mark(IMPLEMENTATION[implementation], colour)
    if course is None:
        return implementation_mark
    return implementation_mark + " " + _mark(COURSE[course], COURSE_COLOUR[course])


@cache
def state_mark(state: ReportState) -> Markup:
    return _mark(REPORT_STATE[state], None)


def _mark(label: Label, colour: str | None) -> Markup:
    return Markup('<span class="mark">{}<span>{}</span></span>').format(
        icon(label.icon, 16, colour), label.text
    )


def own_institution() -> int:
    number = actor().institution_id
    assert number is not None  # noqa: S101 - the database ties it to the role
    return number


@blueprint.get("/")
@requires(Role.INSTITUTION)
def mine() -> ResponseReturnValue:
    """Show the institution's measures of the running rounds; ?alle=1 ticks what can be."""
    day, number = today(), own_institution()
    return render_template(
        "reports/measures.html",
        mine=my_measures(reading(), institution_id=number, now=now()),
        together=together(reading(), institution_id=number, now=now()),
        may_submit=may_submit(actor(), institution_id=number),
        chosen=request.args.get("alle") == "1",
        groups=groups,
        anchor_of=anchor_of,
        counting_sentence=counting_sentence,
        due=partial(measure_due, today=day),
        due_words=due_words,
        today=day,
        standing=standing,
        state_mark=state_mark,
        flag_after=UNCHANGED_FLAG_AFTER,
        readable=partial(readable, districts=districts().known),
        REPORT_FIELD=REPORT_FIELD,
        State=ReportState,
    )
