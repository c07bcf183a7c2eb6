"""The list "Meine Maßnahmen": what is due, what came back, what is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache, partial

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from tracker import labels, marks
from tracker.queries.my_measures import MyMeasure, MyRound, my_measures
from tracker.rules.periods import Period
from tracker.rules.permissions import Role, may_submit
from tracker.rules.reports import UNCHANGED_FLAG_AFTER, ReportState
from tracker.rules.status import Course, Implementation
from tracker.web.access import actor, requires
from tracker.web.filters import icon
from tracker.web.reports.base import blueprint
from tracker.web.reports.phrases import counting_sentence, measure_due
from tracker.web.runtime import now, reading, today

# No text that a person types can hold it: control characters are taken out before storing.
_CUT = Markup("\x00")
GROUPS = (
    ("Zurückgegeben: bitte ergänzen", (ReportState.RETURNED,)),
    ("Noch offen", (ReportState.EXPECTED, ReportState.DRAFT)),
    ("Abgegeben", (ReportState.SUBMITTED, ReportState.ACCEPTED)),
    ("Befreit", (ReportState.WAIVED,)),
)


@dataclass(frozen=True)
class Group:
    """The measures of a round that ask for the same thing."""

    title: str
    measures: Sequence[MyMeasure]


def groups(round_: MyRound) -> list[Group]:
    """Return a round's measures by what is to be done, without empty groups."""
    found = [
        Group(title, [item for item in round_.measures if item.state in states])
        for title, states in GROUPS
    ]
    return [group for group in found if group.measures]


# The page shows up to three marks per measure; there are only so many different ones.
@cache
def standing(implementation: Implementation, course: Course | None) -> Markup:
    """Return icon and word of an Umsetzungsstand and, if there is one, of a Verlauf."""
    colour = marks.IMPLEMENTATION_COLOUR[implementation]
    found = _mark(labels.IMPLEMENTATION[implementation], colour)
    if course is None:
        return found
    return found + " " + _mark(labels.COURSE[course], marks.COURSE_COLOUR[course])


@cache
def state_mark(state: ReportState) -> Markup:
    """Return icon and word of a report's state."""
    return _mark(labels.REPORT_STATE[state], None)


def _mark(label: labels.Label, colour: str | None) -> Markup:
    return Markup('<span class="mark">{}<span>{}</span></span>').format(
        icon(label.icon, 16, colour), label.text
    )


def row(measure: MyMeasure, round_: MyRound, token: Markup, *, day: date, submits: bool) -> Markup:
    """Return a measure's row on a day, with the form token where a form stands."""
    said = measure.before.said if measure.before else None
    parts = _row(
        measure,
        period=round_.period,
        due=measure_due(measure, round_, today=day),
        offers_confirmation=submits and measure.may_confirm,
        step_is_past=bool(said and said.next_step_on and said.next_step_on < day),
    )
    return token.join(parts)


# Most rows look as they did at the last visit; rendering them is most of the page's time.
@lru_cache(maxsize=2048)
def _row(
    measure: MyMeasure,
    *,
    period: Period,
    due: str,
    offers_confirmation: bool,
    step_is_past: bool,
) -> tuple[Markup, ...]:
    """Return a row's parts before and after the form token; one part where there is no form."""
    text = current_app.jinja_env.get_template("reports/measure_row.html").render(
        item=measure,
        period=period,
        due=due,
        offers_confirmation=offers_confirmation,
        step_is_past=step_is_past,
        standing=standing,
        state_mark=state_mark,
        flag_after=UNCHANGED_FLAG_AFTER,
        State=ReportState,
        cut=_CUT,
    )
    return tuple(Markup(part) for part in text.split(_CUT))  # noqa: S704 - the template escaped it


@blueprint.get("/")
@requires(Role.INSTITUTION)
def mine() -> ResponseReturnValue:
    """Show the institution's measures of the running rounds."""
    by, day = actor(), today()
    assert by.institution_id is not None  # noqa: S101 - the database ties it to the role
    submits = may_submit(by, institution_id=by.institution_id)
    return render_template(
        "reports/measures.html",
        mine=my_measures(reading(), institution_id=by.institution_id, now=now()),
        may_submit=submits,
        groups=groups,
        counting_sentence=counting_sentence,
        row=partial(row, day=day, submits=submits),
        today=day,
    )
