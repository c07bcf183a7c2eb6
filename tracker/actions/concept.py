"""What the KI edits in the concept: measures, goals and institutions (domain.md 3, Ziff. 5).

The council's wording is never touched: only the display text beside it changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, SQLModel, col, delete, or_, select

from tracker.actions import audit
from tracker.actions.seeding import plain
from tracker.models import (
    Competence,
    Goal,
    Institution,
    InstitutionKind,
    Measure,
    MeasurePrinciple,
    Principle,
    Responsibility,
    ShortTerm,
)
from tracker.rules.errors import Conflict, Forbidden, Invalid, NotFound
from tracker.rules.permissions import Actor
from tracker.rules.submission import (
    MAX_COUNT,
    MAX_TEXT,
    Problem,
    without_control_characters,
)

MAX_NAME = 300
MAX_SHORT_NAME = 80
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
    """The Konkretisierung of a goal (002, Ziff. 5 c)."""

    concretisation: str = ""
    concretisation_office: str = ""
    concretisation_on: date | None = None


@dataclass(frozen=True)
class InstitutionEdit:
    """What an institution is called and is; published rounds keep the old name."""

    name: str
    short_name: str
    kind: InstitutionKind
    is_active: bool = True


def edit_measure(
    session: Session,
    *,
    measure_id: int,
    edit: MeasureEdit,
    principle_ids: Sequence[int],
    by: Actor,
    now: datetime,
) -> bool:
    """Set a measure's values and Grundsätze; returns whether anything changed.

    Raises Forbidden for anybody but the KI, NotFound, and Invalid naming every field to mend: a
    Handlungskompetenz needs its reason, the display text must not be empty.
    """
    _require_coordination(by)
    measure = session.get(Measure, measure_id, with_for_update=True)
    if measure is None:
        raise NotFound("Diese Maßnahme gibt es nicht. Bitte wählen Sie eine aus dem Konzept.")
    _refuse([*_check_texts(_MEASURE_LIMITS, edit), *_check_measure(edit)])
    before, after = _set(measure, asdict(edit))
    tags = _set_principles(session, measure_id=measure_id, principle_ids=principle_ids)
    if tags is not None:
        before["principles"], after["principles"] = tags
    return _record(
        session,
        row=measure,
        verb="concept.edit_measure",
        before=before,
        after=after,
        by=by,
        now=now,
    )


def edit_goal(session: Session, *, goal_id: int, edit: GoalEdit, by: Actor, now: datetime) -> bool:
    """Set a goal's Konkretisierung; returns whether anything changed.

    Raises Forbidden, NotFound, Invalid.
    """
    _require_coordination(by)
    goal = session.get(Goal, goal_id, with_for_update=True)
    if goal is None:
        raise NotFound("Dieses Ziel gibt es nicht. Bitte wählen Sie eines aus dem Konzept.")
    _refuse(_check_texts(_GOAL_LIMITS, edit))
    before, after = _set(goal, asdict(edit))
    return _record(
        session, row=goal, verb="concept.edit_goal", before=before, after=after, by=by, now=now
    )


def edit_institution(
    session: Session,
    *,
    institution_id: int,
    edit: InstitutionEdit,
    today: date,
    by: Actor,
    now: datetime,
) -> bool:
    """Rename an institution, change its kind, or take it out of use; returns whether it changed.

    Raises Forbidden, NotFound, Invalid, and Conflict naming the measures that an institution
    taken out of use would still be responsible for.
    """
    _require_coordination(by)
    institution = session.get(Institution, institution_id, with_for_update=True)
    if institution is None:
        raise NotFound("Diese Institution gibt es nicht. Bitte wählen Sie eine aus der Liste.")
    _refuse([*_check_texts(_INSTITUTION_LIMITS, edit), *_check_names(edit)])
    if institution.is_active and not edit.is_active:
        _refuse_responsible(session, institution=institution, today=today)
    before, after = _set(institution, asdict(edit))
    return _record(
        session,
        row=institution,
        verb="concept.edit_institution",
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
_INSTITUTION_LIMITS = {"name": MAX_NAME, "short_name": MAX_SHORT_NAME}


def _check_texts(limits: Mapping[str, int], edit: object) -> list[Problem]:
    problems = []
    for name, limit in limits.items():
        text = getattr(edit, name)
        if len(text) > limit:
            values = (("length", len(text)), ("limit", limit))
            problems.append(Problem(name, "text_too_long", values))
        found = without_control_characters(text)[1]
        if found:
            problems.append(Problem(name, "control_characters", (("count", found),)))
    return problems


def _check_measure(edit: MeasureEdit) -> list[Problem]:
    problems = []
    if not edit.display_text.strip():
        problems.append(Problem("display_text", "text_required"))
    if edit.competence is not None and not edit.competence_reason.strip():
        problems.append(Problem("competence_reason", "reason_missing"))
    amount = edit.municipal_funding
    if amount is not None and not (amount.is_finite() and 0 <= amount <= MAX_COUNT):
        problems.append(
            Problem("municipal_funding", "number_out_of_range", (("limit", MAX_COUNT),))
        )
    return problems


def _check_names(edit: InstitutionEdit) -> list[Problem]:
    return [
        Problem(name, "text_required")
        for name in ("name", "short_name")
        if not getattr(edit, name).strip()
    ]


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Invalid("Bitte prüfen Sie Ihre Angaben.", problems=tuple(problems))


def _refuse_responsible(session: Session, *, institution: Institution, today: date) -> None:
    statement = (
        select(Measure.code)
        .join(Responsibility, col(Responsibility.measure_id) == Measure.id)
        .where(
            Responsibility.institution_id == institution.id,
            or_(col(Responsibility.valid_to).is_(None), col(Responsibility.valid_to) >= today),
        )
        .order_by(col(Measure.goal_id), col(Measure.position))
    )
    codes = list(dict.fromkeys(session.exec(statement)))
    if codes:
        raise Conflict(
            f"{institution.short_name} ist noch für diese Maßnahmen eingetragen: "
            f"{', '.join(codes)}. Bitte beenden Sie diese Zuständigkeiten zuerst."
        )


def _set(row: SQLModel, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set what differs; return the old and the new values as the audit keeps them."""
    wanted = {
        name: value.strip() if type(value) is str else value for name, value in values.items()
    }
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    before = {name: plain(getattr(row, name)) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    return before, {name: plain(value) for name, value in changed.items()}


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


def _record(
    session: Session,
    *,
    row: Measure | Goal | Institution,
    verb: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    by: Actor,
    now: datetime,
) -> bool:
    if not after:
        return False
    session.flush()
    audit.record(
        session,
        by=by,
        verb=verb,
        entity=type(row).__name__.lower(),
        entity_id=row.id or 0,
        now=now,
        before=before,
        after=after,
    )
    return True


def _require_coordination(by: Actor) -> None:
    if not by.is_coordination:
        raise Forbidden("Das kann nur das Kommunale Integrationszentrum.")
