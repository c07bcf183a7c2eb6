"""Assigning lead and partners to measures, from when to when (domain.md section 3, ADR 0003)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from tracker.concept.actions.editing import require_concept_of
from tracker.concept.models import (
    Concept,
    EditionGoal,
    EditionMeasure,
    Institution,
    Measure,
    MeasureKind,
    Responsibility,
    ResponsibilityRole,
)
from tracker.concept.queries.concept import newest
from tracker.concept.queries.entries import is_active_on, short_name_on
from tracker.core import audit, german
from tracker.core.errors import Conflict, Invalid, NotFound, Problem
from tracker.core.periods import local_day
from tracker.core.permissions import Actor


@dataclass(frozen=True)
class Gap:
    day: date
    codes: tuple[str, ...]


# Ten years: a day further ahead is a slip of the pen.
_FURTHEST = 3653
_NO_SUCH_MEASURE = "Eine der Maßnahmen gibt es nicht. Bitte laden Sie die Seite neu."


def assign(
    session: Session,
    *,
    measure_ids: Sequence[int],
    institution_id: int,
    role: ResponsibilityRole,
    valid_from: date,
    valid_to: date | None,
    by: Actor | None,
    now: datetime,
    concept_id: int | None = None,
) -> int:
    """Assign one institution to one or several measures; returns how many changed.

    A lead without end is followed: it ends the day before the new lead begins. Assigning what is
    assigned already changes nothing. Raises Invalid (no measure, reversed dates, cross
    reference, a date before the resolution or too far ahead), NotFound (measures of two concepts,
    or of another than `concept_id`, too), Conflict when a dated lead overlaps.
    """
    require_concept_of(session, by, Measure, measure_ids)
    _check(session, measure_ids=measure_ids, today=local_day(now))
    _check_active(session, institution_id, today=local_day(now), valid_to=valid_to)
    concept = _concept_of(session, measure_ids)
    if concept_id not in (None, concept.id):
        raise NotFound(_NO_SUCH_MEASURE)
    _check_dates(concept, valid_from, valid_to, now=now)
    if valid_to is not None and valid_to < valid_from:
        raise Invalid(
            "Das Ende liegt vor dem Anfang. Bitte prüfen Sie den Zeitraum.",
            problems=(Problem("valid_to", "period_reversed"),),
        )
    existing = _lines(session, measure_ids=measure_ids)
    changes: list[tuple[Responsibility, list[Responsibility]]] = []
    for measure_id in dict.fromkeys(measure_ids):
        wanted = Responsibility(
            measure_id=measure_id,
            institution_id=institution_id,
            role=role,
            valid_from=valid_from,
            valid_to=valid_to,
        )
        if not any(_same(assignment, wanted) for assignment in existing[measure_id]):
            changes.append((wanted, _followed(session, existing[measure_id], wanted=wanted)))
    _write(session, changes=changes, by=by, now=now)
    return len(changes)


def end(
    session: Session, *, responsibility_id: int, valid_to: date, by: Actor | None, now: datetime
) -> Responsibility:
    """End a responsibility on a day (inclusive); the past stays as it was."""
    responsibility = session.get(Responsibility, responsibility_id)
    if responsibility is None:
        raise NotFound("Diese Zuständigkeit gibt es nicht mehr. Bitte laden Sie die Seite neu.")
    require_concept_of(session, by, Measure, [responsibility.measure_id])
    if valid_to < responsibility.valid_from:
        raise Invalid(
            f"Die Zuständigkeit beginnt am {german.day(responsibility.valid_from)}; "
            "das Ende muss an diesem Tag oder danach liegen.",
            problems=(Problem("valid_to", "period_reversed"),),
        )
    _check_dates(_concept_of(session, [responsibility.measure_id]), valid_to, now=now)
    before, responsibility.valid_to = responsibility.valid_to, valid_to
    _record_end(session, ended=responsibility, before=before, by=by, now=now)
    return responsibility


def uncovered(session: Session, *, measure_ids: Sequence[int], today: date) -> tuple[Gap, ...]:
    """Return from which days on which of these measures have no lead, the earliest first.

    Of each measure only the first such day from today on counts.
    """
    of_measure = newest(EditionMeasure.measure_id, col(Responsibility.measure_id), day=today)
    statement = (
        select(Responsibility, EditionMeasure.code)
        .join(EditionMeasure, of_measure)
        .join(EditionGoal, col(EditionGoal.id) == EditionMeasure.edition_goal_id)
        .where(
            col(Responsibility.measure_id).in_(list(measure_ids)),
            Responsibility.role == ResponsibilityRole.LEAD,
        )
        .order_by(col(EditionGoal.position), col(EditionMeasure.position))
    )
    leads = session.exec(statement).all()
    begins = {(lead.measure_id, lead.valid_from) for lead, _ in leads}
    first: dict[str, date] = {}
    for lead, code in leads:
        day = lead.valid_to + timedelta(days=1) if lead.valid_to else None
        if day is not None and day >= today and (lead.measure_id, day) not in begins:
            first[code] = min(day, first.get(code, day))
    return tuple(
        Gap(day, tuple(code for code, first_day in first.items() if first_day == day))
        for day in sorted(set(first.values()))
    )


def _concept_of(session: Session, measure_ids: Sequence[int]) -> Concept:
    of_measures = select(Measure.concept_id).where(col(Measure.id).in_(list(measure_ids)))
    concepts = session.exec(select(Concept).where(col(Concept.id).in_(of_measures))).all()
    if len(concepts) != 1:
        raise NotFound(_NO_SUCH_MEASURE)
    return concepts[0]


def _check_dates(concept: Concept, *days: date | None, now: datetime) -> None:
    """Refuse days before the council's resolution or more than ten years ahead."""
    first = concept.resolved_on
    last = local_day(now) + timedelta(days=_FURTHEST)
    for day in days:
        if day is not None and not first <= day <= last:
            raise Invalid(
                f"Der {german.day(day)} liegt nicht zwischen dem Ratsbeschluss "
                f"({german.day(first)}) und dem {german.day(last)}. Bitte prüfen Sie das Jahr."
            )


def _lines(session: Session, *, measure_ids: Sequence[int]) -> Mapping[int, list[Responsibility]]:
    statement = (
        select(Responsibility)
        .where(col(Responsibility.measure_id).in_(list(measure_ids)))
        .order_by(col(Responsibility.valid_from))
    )
    by_measure: dict[int, list[Responsibility]] = {measure_id: [] for measure_id in measure_ids}
    for responsibility in session.exec(statement):
        by_measure[responsibility.measure_id].append(responsibility)
    return by_measure


def _write(
    session: Session,
    *,
    changes: Sequence[tuple[Responsibility, Sequence[Responsibility]]],
    by: Actor | None,
    now: datetime,
) -> None:
    """End who is followed and add who follows: for all measures at once, not one by one."""
    for wanted, followed in changes:
        for assignment in followed:
            assignment.valid_to = wanted.valid_from - timedelta(days=1)
    session.flush()  # before the new leads: a measure has one lead without end
    session.add_all(wanted for wanted, _ in changes)
    session.flush()
    for wanted, followed in changes:
        for responsibility in followed:
            _record_end(session, ended=responsibility, before=None, by=by, now=now)
        _record_assignment(session, added=wanted, by=by, now=now)


def _record_assignment(
    session: Session, *, added: Responsibility, by: Actor | None, now: datetime
) -> None:
    audit.record_row(
        session,
        added,
        "responsibility.assign",
        by=by,
        now=now,
        after={
            "measure_id": added.measure_id,
            "institution_id": added.institution_id,
            "role": added.role.value,
            "valid_from": added.valid_from.isoformat(),
            "valid_to": added.valid_to.isoformat() if added.valid_to else None,
        },
    )


def _rivals(present: Responsibility, wanted: Responsibility) -> bool:
    """Two leads rival for a measure; one institution holds one role at a time."""
    both_lead = present.role is wanted.role is ResponsibilityRole.LEAD
    return both_lead or present.institution_id == wanted.institution_id


def _followed(
    session: Session, existing: Sequence[Responsibility], *, wanted: Responsibility
) -> list[Responsibility]:
    """Return who gives way to the new entry; raises Conflict when somebody cannot."""
    rivals = [
        assignment
        for assignment in existing
        if _rivals(assignment, wanted) and _overlap(assignment, wanted)
    ]
    for assignment in rivals:
        if assignment.valid_to is not None or assignment.valid_from >= wanted.valid_from:
            of_measure = newest(EditionMeasure.measure_id, assignment.measure_id)
            code = session.exec(select(EditionMeasure.code).where(of_measure)).one()
            of_institution = col(Institution.id) == assignment.institution_id
            named = select(short_name_on(wanted.valid_from)).where(of_institution)
            raise Conflict(
                f"Für Maßnahme {code} ist {session.exec(named).one()} ab dem "
                f"{german.day(assignment.valid_from)} schon eingetragen. Bitte beenden Sie diesen "
                "Eintrag zuerst oder wählen Sie einen anderen Zeitraum."
            )
    return rivals


def _record_end(
    session: Session, *, ended: Responsibility, before: date | None, by: Actor | None, now: datetime
) -> None:
    audit.record_row(
        session,
        ended,
        "responsibility.end",
        by=by,
        now=now,
        before={"valid_to": before.isoformat() if before else None},
        after={"valid_to": ended.valid_to.isoformat() if ended.valid_to else None},
    )


def _check_active(
    session: Session, institution_id: int, *, today: date, valid_to: date | None
) -> None:
    is_active = select(is_active_on(today), is_active_on(valid_to or date.max)).where(
        col(Institution.id) == institution_id
    )
    today_, at_its_end = session.exec(is_active).one_or_none() or (False, False)
    if not today_:
        raise NotFound("Diese Institution gibt es nicht. Bitte wählen Sie eine aus der Liste.")
    if not at_its_end:
        raise Invalid(
            "Diese Institution scheidet aus, bevor die Zuständigkeit endet. Bitte geben Sie einen "
            "letzten Tag an, an dem sie noch mitwirkt."
        )


def _check(session: Session, *, measure_ids: Sequence[int], today: date) -> None:
    if not measure_ids:
        raise Invalid(
            "Bitte wählen Sie mindestens eine Maßnahme aus.",
            problems=(Problem("measures", "measure_required"),),
        )
    statement = select(EditionMeasure).where(
        col(EditionMeasure.measure_id).in_(list(measure_ids)),
        newest(EditionMeasure.measure_id, col(EditionMeasure.measure_id), day=today),
    )
    measures = session.exec(statement).all()
    if len(measures) != len(set(measure_ids)):
        raise NotFound(_NO_SUCH_MEASURE)
    for measure in measures:
        if measure.kind is MeasureKind.REFERENCE:
            raise Invalid(
                f"{measure.code} ist ein Querverweis und braucht keine Zuständigkeit. "
                "Bitte nehmen Sie die Maßnahme aus der Auswahl.",
                problems=(Problem("measures", "reference_without_lead"),),
            )


def _same(present: Responsibility, wanted: Responsibility) -> bool:
    return (
        present.institution_id == wanted.institution_id
        and present.role is wanted.role
        and present.valid_from <= wanted.valid_from
        and present.valid_to == wanted.valid_to
    )


def _overlap(present: Responsibility, wanted: Responsibility) -> bool:
    starts_before_end = wanted.valid_to is None or present.valid_from <= wanted.valid_to
    return starts_before_end and (present.valid_to is None or present.valid_to >= wanted.valid_from)
