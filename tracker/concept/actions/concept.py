"""What the KI edits in the concept: measures and goals (domain.md 3, Ziff. 5).

The council's wording is never touched: only the display text beside it changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from tracker.concept.actions.editing import (
    check_texts,
    plain,
    record,
    refuse,
    require_coordination,
    set_values,
)
from tracker.concept.models import (
    Competence,
    EditionMeasure,
    Goal,
    Measure,
    MeasurePrinciple,
    Principle,
    ShortTerm,
)
from tracker.concept.queries.concept import newest
from tracker.core.columns import table
from tracker.core.errors import Conflict, NotFound, Problem
from tracker.core.german import day
from tracker.core.periods import local_day
from tracker.core.permissions import Actor
from tracker.core.text import MAX_COUNT, MAX_TEXT

MAX_OFFICE = 200


@dataclass(frozen=True)
class MeasureEdit:
    """What the KI may set at a measure; None and "" are "nicht festgelegt", 0 € is none."""

    display_text: str
    competence: Competence | None = None
    competence_reason: str = ""
    short_term: ShortTerm | None = None
    concretisation: str = ""
    concretisation_office: str = ""
    concretisation_on: date | None = None
    municipal_funding: Decimal | None = None
    municipal_funding_period: str = ""
    retired_on: date | None = None


@dataclass(frozen=True)
class GoalEdit:
    concretisation: str = ""
    concretisation_office: str = ""
    concretisation_on: date | None = None


def edit_measure(
    session: Session,
    *,
    measure_id: int,
    edit: MeasureEdit,
    principle_ids: Sequence[int],
    by: Actor,
    now: datetime,
    seen: str | None = None,
) -> bool:
    """Set a measure's values and Grundsätze; returns whether anything changed.

    `seen` is the fingerprint of the values that were edited, if it is to be checked. Raises
    Forbidden for anybody but the KI, NotFound, Conflict when somebody else saved since `seen`,
    and Invalid naming every field to mend: a Handlungskompetenz needs its reason, the display
    text must not be empty. Dates and amounts are checked where they change.
    """
    require_coordination(by)
    measure = session.get(Measure, measure_id, with_for_update=True)
    wording = _wording(session, measure_id=measure_id, today=local_day(now))
    if measure is None or wording is None:
        raise NotFound("Diese Maßnahme gibt es nicht. Bitte wählen Sie eine aus dem Konzept.")
    if seen is not None and seen != _present_fingerprint(session, measure, wording):
        raise Conflict(
            "Inzwischen hat jemand anderes diese Maßnahme gespeichert. Es ist nichts verloren: "
            "Sie sehen beide Werte und können übernehmen, was gelten soll."
        )
    problems = [*check_texts(_MEASURE_LIMITS, edit), *_check_measure(edit)]
    refuse([*problems, *_implausible(session, measure=measure, edit=edit, today=local_day(now))])
    values = asdict(edit)
    before, after = set_values(wording, {"display_text": values.pop("display_text")})
    for kept, changed in zip((before, after), set_values(measure, values), strict=True):
        kept.update(changed)
    tags = _set_principles(session, measure_id=measure_id, principle_ids=principle_ids)
    if tags is not None:
        before["principles"], after["principles"] = tags
    return record(
        session,
        row=measure,
        verb="concept.edit_measure",
        before=before,
        after=after,
        by=by,
        now=now,
    )


def fingerprint(edit: MeasureEdit, principle_ids: Iterable[int]) -> str:
    """Return a short hash of a measure's values, to notice that somebody else changed them."""
    values = {name: plain(value) for name, value in asdict(edit).items()}
    if edit.municipal_funding is not None:
        values["municipal_funding"] = plain(edit.municipal_funding.normalize())
    text = json.dumps([values, sorted(principle_ids)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _wording(session: Session, *, measure_id: int, today: date) -> EditionMeasure | None:
    """Return what the Fassung in force says of a measure, or the last one that had it."""
    return session.exec(
        select(EditionMeasure).where(newest(EditionMeasure.measure_id, measure_id, day=today))
    ).one_or_none()


def _present_fingerprint(session: Session, measure: Measure, wording: EditionMeasure) -> str:
    values = {
        field.name: getattr(wording if field.name == "display_text" else measure, field.name)
        for field in fields(MeasureEdit)
    }
    of_measure = MeasurePrinciple.measure_id == measure.id
    chosen = session.exec(select(MeasurePrinciple.principle_id).where(of_measure))
    return fingerprint(MeasureEdit(**values), chosen)


def edit_goal(session: Session, *, goal_id: int, edit: GoalEdit, by: Actor, now: datetime) -> bool:
    """Set a goal's Konkretisierung; returns whether anything changed.

    Raises Forbidden, NotFound, Invalid.
    """
    require_coordination(by)
    goal = session.get(Goal, goal_id, with_for_update=True)
    if goal is None:
        raise NotFound("Dieses Ziel gibt es nicht. Bitte wählen Sie eines aus dem Konzept.")
    problems = check_texts(_GOAL_LIMITS, edit)
    if edit.concretisation_on != goal.concretisation_on:
        problems += _in_future(edit.concretisation_on, today=local_day(now))
    refuse(problems)
    before, after = set_values(goal, asdict(edit))
    return record(
        session, row=goal, verb="concept.edit_goal", before=before, after=after, by=by, now=now
    )


_MEASURE_LIMITS = {
    "display_text": MAX_TEXT,
    "competence_reason": MAX_TEXT,
    "concretisation": MAX_TEXT,
    "concretisation_office": MAX_OFFICE,
    "municipal_funding_period": MAX_OFFICE,
}
_GOAL_LIMITS = {"concretisation": MAX_TEXT, "concretisation_office": MAX_OFFICE}


def _check_measure(edit: MeasureEdit) -> list[Problem]:
    problems = []
    if not edit.display_text.strip():
        problems.append(Problem("display_text", "text_required"))
    if edit.competence is not None and not edit.competence_reason.strip():
        problems.append(Problem("competence_reason", "reason_missing"))
    amount = edit.municipal_funding
    if amount is None:
        return problems
    if not (amount.is_finite() and 0 <= amount <= MAX_COUNT):
        values = (("limit", MAX_COUNT),)
        problems.append(Problem("municipal_funding", "number_out_of_range", values))
    elif amount != amount.quantize(Decimal("0.01")):
        problems.append(Problem("municipal_funding", "amount_too_fine"))
    return problems


def _implausible(
    session: Session, *, measure: Measure, edit: MeasureEdit, today: date
) -> list[Problem]:
    """Return new values that cannot be meant; what is stored already may stay."""
    problems = []
    if edit.concretisation_on != measure.concretisation_on:
        problems += _in_future(edit.concretisation_on, today=today)
    if edit.retired_on is not None and edit.retired_on != measure.retired_on:
        started = _last_opened_start(session, measure=measure)
        if started is not None and edit.retired_on < started:
            values = (("day", f"{day(started)}"),)
            problems.append(Problem("retired_on", "date_before_round", values))
    return problems


def _in_future(concretisation_on: date | None, *, today: date) -> list[Problem]:
    if concretisation_on is None or concretisation_on <= today:
        return []
    values = (("day", f"{day(concretisation_on)}"),)
    return [Problem("concretisation_on", "date_in_future", values)]


def _last_opened_start(session: Session, *, measure: Measure) -> date | None:
    """Return the first day of the last period a round was opened for, None before the first."""
    round_ = table("round").c
    statement = (
        select(func.max(round_.period_start))
        .join(EditionMeasure, col(EditionMeasure.edition_id) == round_.edition_id)
        .where(
            col(EditionMeasure.measure_id) == measure.id,
            round_.opened_at.is_not(None),
        )
    )
    last_start: date | None = session.execute(statement).scalar_one()
    return last_start


def _set_principles(
    session: Session, *, measure_id: int, principle_ids: Sequence[int]
) -> tuple[list[str], list[str]] | None:
    """Tag a measure; return the old and new keys, None when nothing changed."""
    keys = {row.id: row.key for row in session.exec(select(Principle).order_by(col(Principle.id)))}
    wanted = set(principle_ids)
    if not wanted <= keys.keys():
        raise NotFound("Einen der Grundsätze gibt es nicht. Bitte laden Sie die Seite neu.")
    of_measure = MeasurePrinciple.measure_id == measure_id
    present = set(session.exec(select(MeasurePrinciple.principle_id).where(of_measure)))
    if wanted == present:
        return None
    session.exec(delete(MeasurePrinciple).where(col(MeasurePrinciple.measure_id) == measure_id))
    session.add_all(
        MeasurePrinciple(measure_id=measure_id, principle_id=key) for key in sorted(wanted)
    )
    return (
        [name for key, name in keys.items() if key in present],
        [name for key, name in keys.items() if key in wanted],
    )
