"""The list "Meine Maßnahmen": what is due, what came back, what is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.queries.my_measures import MyMeasure, MyRound, my_measures
from tracker.rules.permissions import Role, may_submit
from tracker.rules.reports import UNCHANGED_FLAG_AFTER, ReportState
from tracker.web.access import actor, requires
from tracker.web.reports.base import blueprint
from tracker.web.reports.phrases import counting_sentence, measure_due
from tracker.web.runtime import now, session, today

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


@blueprint.get("/")
@requires(Role.INSTITUTION)
def mine() -> ResponseReturnValue:
    """Show the institution's measures of the running rounds."""
    institution_id = actor().institution_id
    assert institution_id is not None  # noqa: S101 - the database ties it to the role
    return render_template(
        "reports/measures.html",
        mine=my_measures(session(), institution_id=institution_id, now=now()),
        may_submit=may_submit(actor(), institution_id=institution_id),
        groups=groups,
        counting_sentence=counting_sentence,
        measure_due=measure_due,
        today=today(),
        flag_after=UNCHANGED_FLAG_AFTER,
        State=ReportState,
    )
