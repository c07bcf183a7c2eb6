"""What holds from a day: as of any day, and everything that was entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlmodel import Session, col

from tracker.concept.models import (
    OF_EDITION,
    OF_INSTITUTION,
    PARTS,
    EditionMeasure,
    Entry,
    EntryKind,
    Indicator,
    Institution,
    InstitutionKind,
)
from tracker.concept.queries.concepts import concept_in_round
from tracker.core.columns import columns, sql_literal, table
from tracker.core.periods import Period

# What is said of a measure or a goal of which nothing was entered.
UNDETERMINED: Mapping[str, Any] = {
    "weight": Decimal(1),
    "competence": None,
    "competence_reason": "",
    "short_term": None,
    "concretisation": "",
    "concretisation_office": "",
    "concretisation_on": None,
    "municipal_funding": None,
    "municipal_funding_period": "",
    "principles": (),
}
Values = defaultdict[tuple[str, int], dict[str, Any]]
Day = ColumnElement[Any] | date


@dataclass(frozen=True)
class Change:
    """An entry, and what held on its day before it: the values of its kind by column.

    `about` names the Kennzahl of a target; `by` is empty for what was there before values had days.
    """

    kind: EntryKind
    about: str
    was: Mapping[str, Any]
    now: Mapping[str, Any]
    valid_from: date
    at: datetime
    by: str
    replaced_at: datetime | None


def entered(
    session: Session,
    *,
    day: date,
    edition_id: int | None,
    measure_id: int | None = None,
    goal_id: int | None = None,
) -> Values:
    """Return what holds on a day by measure and goal, of all where none is named; one statement.

    Keys are ("measure", id) and ("goal", id); nothing entered is `UNDETERMINED`. Display text and
    `prioritised` are there only if entered for this Fassung.
    """
    conditions = [
        col(Entry.replaced_at).is_(None),
        col(Entry.valid_from) <= day,
        or_(col(Entry.measure_id).is_not(None), col(Entry.goal_id).is_not(None)),
        or_(col(Entry.edition_id).is_(None), col(Entry.edition_id) == edition_id),
    ]
    if measure_id is not None:
        conditions.append(col(Entry.measure_id) == measure_id)
    if goal_id is not None:
        conditions.append(col(Entry.goal_id) == goal_id)
    statement = select(*Entry.__table__.columns).where(*conditions)  # type: ignore[attr-defined]
    values: Values = defaultdict(lambda: dict(UNDETERMINED))
    for row in session.execute(statement.order_by(col(Entry.valid_from))):
        subject = ("goal", row.goal_id) if row.goal_id else ("measure", row.measure_id)
        values[subject] |= _said(row)
    return values


def _said(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in PARTS[row.kind]}


def shown_text(day: Day) -> ColumnElement[str]:
    """Return the display text as of a day, of the `EditionMeasure` that a statement selects."""
    of_wording = (
        col(Entry.measure_id) == col(EditionMeasure.measure_id),
        col(Entry.edition_id) == col(EditionMeasure.edition_id),
    )
    text = _last(Entry.display_text, EntryKind.DISPLAY_TEXT, day, of_wording)
    return func.coalesce(text, col(EditionMeasure.display_text)).label("display_text")


def target_on(day: Day) -> ColumnElement[Decimal]:
    """Return the target as of a day, of the `Indicator` that a statement selects."""
    of_indicator = (col(Entry.indicator_id) == col(Indicator.id),)
    target = _last(Entry.target, EntryKind.TARGET, day, of_indicator)
    return func.coalesce(target, col(Indicator.target)).label("target")


def name_on(day: Day) -> ColumnElement[str]:
    """Return the name as of a day, of the `Institution` that a statement selects.

    Before its first day it is what the institution began with.
    """
    return _of_institution(Entry.name, EntryKind.NAME, Institution.name, day)


def short_name_on(day: Day) -> ColumnElement[str]:
    return _of_institution(Entry.short_name, EntryKind.NAME, Institution.short_name, day)


def kind_on(day: Day) -> ColumnElement[InstitutionKind]:
    kind = EntryKind.INSTITUTION_KIND
    return _of_institution(Entry.institution_kind, kind, Institution.kind, day)


def is_active_on(day: Day) -> ColumnElement[bool]:
    return _of_institution(Entry.is_active, EntryKind.IS_ACTIVE, Institution.is_active, day)


# Statements of one day share it: putting it together takes longer than its answer.
@lru_cache
def _of_institution(value: Any, kind: EntryKind, begun_with: Any, day: Day) -> ColumnElement[Any]:
    last = _last(value, kind, day, (col(Entry.institution_id) == col(Institution.id),))
    return func.coalesce(last, col(begun_with)).label(begun_with.key)


def _last(
    value: Any,
    kind: EntryKind,
    day: Day,
    of_subject: tuple[ColumnElement[bool], ...],
) -> ScalarSelect[Any]:
    return (
        select(col(value))
        .where(
            *of_subject,
            col(Entry.kind) == sql_literal(kind),
            col(Entry.replaced_at).is_(None),
            col(Entry.valid_from) <= day,
        )
        .order_by(col(Entry.valid_from).desc())
        .limit(1)
        .correlate_except(Entry)
        .scalar_subquery()
    )


def text_in_round() -> ColumnElement[str]:
    """Return the display text of a statement's `EditionMeasure` as of its round's Stichtag."""
    return shown_text(table("round").c.period_end)


def unpublished(
    session: Session, *, concepts: Collection[int] | None, before: date
) -> tuple[tuple[Period, date, str], ...]:
    """Return the rounds with a Stichtag before a day that will be published, the newest first.

    Of these concepts, None: of all; each with its concept's title where there are several.
    """
    round_ = table("round").c
    statement = (
        select(round_.period, round_.period_end, concept_in_round())
        .distinct()
        .where(
            round_.period_end < before,
            round_.state.in_(["planned", "open", "closed"]),
        )
        .order_by(round_.period_end.desc())
    )
    if concepts is not None:
        statement = statement.where(round_.concept_id.in_(concepts))
    return tuple(
        (Period.parse(period), end, title) for period, end, title in session.execute(statement)
    )


def changes_of_measure(session: Session, *, measure_id: int) -> tuple[Change, ...]:
    """Return everything ever entered for a measure and its Kennzahlen, the newest first."""
    begun_with = select(
        *columns(EditionMeasure.edition_id, EditionMeasure.display_text, EditionMeasure.prioritised)
    ).where(col(EditionMeasure.measure_id) == measure_id)
    first: dict[Subject, Mapping[str, Any]] = {
        (edition_id, None, kind): {kind.value: value}
        for edition_id, *values in session.execute(begun_with)
        for kind, value in zip(OF_EDITION, values, strict=True)
    }
    indicators = select(*columns(Indicator.id, Indicator.target)).where(
        col(Indicator.measure_id) == measure_id
    )
    for indicator_id, target in session.execute(indicators):
        first[None, indicator_id, EntryKind.TARGET] = {"target": target}
    of_measure = or_(col(Entry.measure_id) == measure_id, col(Indicator.measure_id) == measure_id)
    return _changes(session, of_measure, first)


def changes_of_goal(session: Session, *, goal_id: int) -> tuple[Change, ...]:
    """Return everything that was ever entered for a goal, the newest first."""
    return _changes(session, col(Entry.goal_id) == goal_id, {})


def changes_of_institution(session: Session, *, institution_id: int) -> tuple[Change, ...]:
    """Return everything that was ever entered for an institution, the newest first."""
    begun_with = select(
        *columns(Institution.name, Institution.short_name, Institution.is_active),
        col(Institution.kind).label("institution_kind"),
    ).where(col(Institution.id) == institution_id)
    row = session.execute(begun_with).one()
    first: dict[Subject, Mapping[str, Any]] = {
        (None, None, kind): {name: getattr(row, name) for name in PARTS[kind]}
        for kind in OF_INSTITUTION
    }
    return _changes(session, col(Entry.institution_id) == institution_id, first)


# Fassung, Kennzahl and kind: what has a history of its own at a measure or a goal.
Subject = tuple[int | None, int | None, EntryKind]


def _changes(
    session: Session, wanted: ColumnElement[bool], first: Mapping[Subject, Mapping[str, Any]]
) -> tuple[Change, ...]:
    account = table("account")
    statement = (
        select(
            *Entry.__table__.columns,  # type: ignore[attr-defined]
            account.c.name.label("by"),
            col(Indicator.name).label("about"),
        )
        .outerjoin(account, account.c.id == col(Entry.entered_by_id))
        .outerjoin(Indicator, col(Indicator.id) == col(Entry.indicator_id))
        .where(wanted)
        .order_by(col(Entry.entered_at), col(Entry.id))
    )
    changes: list[Change] = []
    # What held from which day when an entry was made.
    held: defaultdict[Subject, dict[date, Mapping[str, Any]]] = defaultdict(dict)
    for row in session.execute(statement):
        subject = (row.edition_id, row.indicator_id, row.kind)
        said, days = _said(row), held[subject]
        last = max((day for day in days if day <= row.valid_from), default=None)
        if last is None:
            was = first.get(subject) or {name: UNDETERMINED[name] for name in said}
        else:
            was = days[last]
        days[row.valid_from] = said
        changes.append(
            Change(
                *(row.kind, row.about or "", was, said),
                *(row.valid_from, row.entered_at, row.by or "", row.replaced_at),
            )
        )
    return tuple(reversed(changes))
