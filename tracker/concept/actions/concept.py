"""What the KI edits in the concept: measures and goals (domain.md 3, Ziff. 5).

The council's wording is never touched: only the display text beside it changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from tracker.concept.actions.editing import (
    Days,
    check_texts,
    enter,
    plain,
    record,
    refuse,
    require_concept_of,
    require_coordination,
    set_values,
)
from tracker.concept.models import (
    Competence,
    Edition,
    EditionGoal,
    EditionMeasure,
    EditionState,
    Goal,
    Indicator,
    Measure,
    Principle,
    ShortTerm,
)
from tracker.concept.queries.concept import indicators_of, newest
from tracker.concept.queries.entries import entered
from tracker.core.columns import table
from tracker.core.errors import Conflict, NotFound, Problem
from tracker.core.german import day, is_in_cents
from tracker.core.periods import local_day
from tracker.core.permissions import Actor
from tracker.core.text import MAX_COUNT, MAX_TEXT

MAX_OFFICE = 200
MAX_WEIGHT = 1000


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
    prioritised: bool | None = None
    weight: Decimal = Decimal(1)


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
    valid_from: date | None = None,
    shown_on: date | None = None,
    seen: str | None = None,
) -> bool:
    """Set a measure's values and Grundsätze from a day on; returns whether anything changed.

    Values that differ from those of `shown_on` hold from `valid_from`, until what is entered for
    a later day; both days are today's without one. `retired_on` is a day itself. `seen` is the
    fingerprint of the values that were edited, if it is to be checked. Raises Forbidden for
    anybody but the KI, NotFound, Conflict when somebody else saved since `seen`, and Invalid
    naming every field to mend: a Handlungskompetenz needs its reason, the display text must not
    be empty. Dates and amounts are checked where they change.
    """
    require_coordination(by)
    require_concept_of(session, by, Measure, [measure_id])
    today = local_day(now)
    days = Days(valid_from or today, shown_on or today, today)
    measure = session.get(Measure, measure_id, with_for_update=True)
    wording = _wording(session, measure_id=measure_id, day=days.shown)
    if measure is None or wording is None:
        raise NotFound("Diese Maßnahme gibt es nicht. Bitte wählen Sie eine aus dem Konzept.")
    shown = _shown(session, wording, day=days.shown) | {"retired_on": measure.retired_on}
    if seen is not None and seen != _fingerprint(shown):
        raise Conflict(
            "Inzwischen hat jemand anderes diese Maßnahme gespeichert. Es ist nichts verloren: "
            "Sie sehen beide Werte und können übernehmen, was gelten soll."
        )
    edition_id = _edition_on(session, EditionMeasure.measure_id, measure_id, day=days.valid_from)
    problems = [*check_texts(_MEASURE_LIMITS, edit), *_check_measure(edit)]
    problems += _implausible(session, measure=measure, edit=edit, shown=shown, today=today)
    refuse(
        [*problems, *_before_edition(session, edition_id, EditionMeasure.measure_id, measure_id)]
    )
    wanted = asdict(edit) | {"principles": _keys(session, measure.concept_id, principle_ids)}
    if edit.prioritised is None:
        del wanted["prioritised"]
    before, after = set_values(measure, {"retired_on": wanted.pop("retired_on")})
    subject = {"measure_id": measure_id, "edition_id": edition_id}
    for kept, changed in zip(
        (before, after),
        enter(session, subject, shown=shown, wanted=wanted, days=days, by=by, now=now),
        strict=True,
    ):
        kept.update(changed)
    return record(
        session,
        row=measure,
        verb="concept.edit_measure",
        before=before,
        after=after,
        by=by,
        now=now,
    )


def fingerprint(edit: MeasureEdit, principle_keys: Iterable[str]) -> str:
    """Return a short hash of a measure's values, to notice that somebody else changed them."""
    return _fingerprint(asdict(edit) | {"principles": principle_keys})


def _fingerprint(values: Mapping[str, Any]) -> str:
    comparable = {
        name: plain(value.normalize() if isinstance(value, Decimal) else value)
        for name, value in values.items()
        if name != "principles"
    }
    text = json.dumps([comparable, sorted(values["principles"])], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _wording(session: Session, *, measure_id: int, day: date) -> EditionMeasure | None:
    """Return what the Fassung in force says of a measure, or the last one that had it."""
    return session.exec(
        select(EditionMeasure).where(newest(EditionMeasure.measure_id, measure_id, day=day))
    ).one_or_none()


def _shown(session: Session, wording: EditionMeasure, *, day: date) -> dict[str, Any]:
    """Return a measure's values as of a day, by the names of a `MeasureEdit`."""
    begun_with: dict[str, Any] = {
        "display_text": wording.display_text,
        "prioritised": None,  # entered, never assumed (002, Ziff. 4)
    }
    measure_id, edition_id = wording.measure_id, wording.edition_id
    said = entered(session, day=day, edition_id=edition_id, measure_id=measure_id)
    values = begun_with | said["measure", measure_id]
    return values | {"principles": sorted(values["principles"])}


def _edition_on(session: Session, subject: Any, subject_id: int, *, day: date) -> int | None:
    """Return the Fassung that says something of a measure or goal on a day, None before all."""
    statement = select(subject.class_.edition_id).where(newest(subject, subject_id, day=day))
    return session.exec(statement).one_or_none()


def _before_edition(
    session: Session, edition_id: int | None, subject: Any, subject_id: int
) -> list[Problem]:
    if edition_id is not None:
        return []
    first = session.exec(
        select(func.min(Edition.valid_from))
        .join(subject.class_, subject.class_.edition_id == Edition.id)
        .where(subject == subject_id, Edition.state == EditionState.ADOPTED)
    ).one()
    return [Problem("valid_from", "date_before_edition", (("day", day(first) if first else ""),))]


def edit_goal(
    session: Session,
    *,
    goal_id: int,
    edit: GoalEdit,
    by: Actor,
    now: datetime,
    valid_from: date | None = None,
    shown_on: date | None = None,
) -> bool:
    """Set a goal's Konkretisierung from a day on; returns whether anything changed.

    The days are those of `edit_measure`. Raises Forbidden, NotFound, Invalid.
    """
    require_coordination(by)
    require_concept_of(session, by, Goal, [goal_id])
    today = local_day(now)
    days = Days(valid_from or today, shown_on or today, today)
    goal = session.get(Goal, goal_id, with_for_update=True)
    if goal is None:
        raise NotFound("Dieses Ziel gibt es nicht. Bitte wählen Sie eines aus dem Konzept.")
    said = entered(session, day=days.shown, edition_id=None, goal_id=goal_id)
    shown = said["goal", goal_id]
    problems = check_texts(_GOAL_LIMITS, edit)
    if edit.concretisation_on != shown["concretisation_on"]:
        problems += _in_future(edit.concretisation_on, today=today)
    edition_id = _edition_on(session, EditionGoal.goal_id, goal_id, day=days.valid_from)
    problems += _before_edition(session, edition_id, EditionGoal.goal_id, goal_id)
    refuse(problems)
    before, after = enter(
        session,
        {"goal_id": goal_id},
        shown=shown,
        wanted=asdict(edit),
        days=days,
        by=by,
        now=now,
    )
    return record(
        session, row=goal, verb="concept.edit_goal", before=before, after=after, by=by, now=now
    )


def edit_target(
    session: Session,
    *,
    measure_id: int,
    key: str,
    target: Decimal,
    by: Actor,
    now: datetime,
    valid_from: date | None = None,
    shown_on: date | None = None,
) -> bool:
    """Set the target of a measure's Kennzahl from a day on; returns whether it changed.

    The days are those of `edit_measure`. Raises Forbidden, NotFound, Invalid.
    """
    require_coordination(by)
    require_concept_of(session, by, Measure, [measure_id])
    today = local_day(now)
    days = Days(valid_from or today, shown_on or today, today)
    indicator = session.exec(
        select(Indicator)
        .where(Indicator.measure_id == measure_id, Indicator.key == key)
        .with_for_update()
    ).one_or_none()
    if indicator is None:
        raise NotFound("Diese Kennzahl gibt es bei dieser Maßnahme nicht.")
    problems = []
    if not (target.is_finite() and 0 <= target <= MAX_COUNT):
        problems.append(Problem("target", "number_out_of_range", (("limit", MAX_COUNT),)))
    edition_id = _edition_on(session, EditionMeasure.measure_id, measure_id, day=days.valid_from)
    problems += _before_edition(session, edition_id, EditionMeasure.measure_id, measure_id)
    refuse(problems)
    targets = indicators_of(session, day=days.shown, measure_ids=[measure_id])[measure_id]
    before, after = enter(
        session,
        {"indicator_id": indicator.id},
        shown={known.key: {"target": known.target} for known in targets}[key],
        wanted={"target": target},
        days=days,
        by=by,
        now=now,
    )
    return record(
        session,
        row=indicator,
        verb="concept.edit_target",
        before=before,
        after=after,
        by=by,
        now=now,
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
    if not (edit.weight.is_finite() and 0 < edit.weight <= MAX_WEIGHT):
        problems.append(Problem("weight", "weight_out_of_range", (("limit", MAX_WEIGHT),)))
    amount = edit.municipal_funding
    if amount is None:
        return problems
    if not (amount.is_finite() and 0 <= amount <= MAX_COUNT):
        values = (("limit", MAX_COUNT),)
        problems.append(Problem("municipal_funding", "number_out_of_range", values))
    elif not is_in_cents(amount):
        problems.append(Problem("municipal_funding", "amount_too_fine"))
    return problems


def _implausible(
    session: Session,
    *,
    measure: Measure,
    edit: MeasureEdit,
    shown: Mapping[str, Any],
    today: date,
) -> list[Problem]:
    """Return new values that cannot be meant; what is stored already may stay."""
    problems = []
    if edit.concretisation_on != shown["concretisation_on"]:
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


def _keys(session: Session, concept_id: int, principle_ids: Sequence[int]) -> list[str]:
    of_concept = select(Principle).where(Principle.concept_id == concept_id)
    keys = {row.id: row.key for row in session.exec(of_concept)}
    if not set(principle_ids) <= keys.keys():
        raise NotFound("Einen der Grundsätze gibt es nicht. Bitte laden Sie die Seite neu.")
    return sorted({keys[principle_id] for principle_id in principle_ids})
