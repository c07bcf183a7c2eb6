"""What holds from a day at measures and goals: as of any day, and everything that was entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session, col

from tracker.concept.models import OF_EDITION, PARTS, EditionMeasure, Entry, EntryKind
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


@dataclass(frozen=True)
class Change:
    """An entry, and what held on its day before it: the values of its kind by column.

    `by` is empty for what was there before values had days.
    """

    kind: EntryKind
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


def shown_text(day: ColumnElement[Any] | date) -> ColumnElement[str]:
    """Return the display text as of a day, of the `EditionMeasure` that a statement selects."""
    entered = (
        select(col(Entry.display_text))
        .where(
            col(Entry.measure_id) == col(EditionMeasure.measure_id),
            col(Entry.kind) == sql_literal(EntryKind.DISPLAY_TEXT),
            col(Entry.replaced_at).is_(None),
            col(Entry.valid_from) <= day,
            col(Entry.edition_id) == col(EditionMeasure.edition_id),
        )
        .order_by(col(Entry.valid_from).desc())
        .limit(1)
        .correlate_except(Entry)
        .scalar_subquery()
    )
    return func.coalesce(entered, col(EditionMeasure.display_text)).label("display_text")


def text_in_round() -> ColumnElement[str]:
    """Return the display text of a statement's `EditionMeasure` as of its round's Stichtag."""
    return shown_text(table("round").c.period_end)


def unpublished(
    session: Session, *, concept_id: int, before: date
) -> tuple[tuple[Period, date], ...]:
    """Return the rounds with a Stichtag before a day that will be published, the newest first."""
    round_ = table("round").c
    statement = (
        select(round_.period, round_.period_end)
        .where(
            round_.concept_id == concept_id,
            round_.period_end < before,
            round_.state.in_(["planned", "open", "closed"]),
        )
        .order_by(round_.period_end.desc())
    )
    return tuple((Period.parse(period), end) for period, end in session.execute(statement))


def changes_of_measure(session: Session, *, measure_id: int) -> tuple[Change, ...]:
    """Return everything that was ever entered for a measure, the newest first."""
    begun_with = select(
        *columns(EditionMeasure.edition_id, EditionMeasure.display_text, EditionMeasure.prioritised)
    ).where(col(EditionMeasure.measure_id) == measure_id)
    first = {
        (edition_id, kind): {kind.value: value}
        for edition_id, *values in session.execute(begun_with)
        for kind, value in zip(OF_EDITION, values, strict=True)
    }
    return _changes(session, col(Entry.measure_id) == measure_id, first)


def changes_of_goal(session: Session, *, goal_id: int) -> tuple[Change, ...]:
    """Return everything that was ever entered for a goal, the newest first."""
    return _changes(session, col(Entry.goal_id) == goal_id, {})


def _changes(
    session: Session,
    of_subject: ColumnElement[bool],
    first: Mapping[tuple[int | None, EntryKind], Mapping[str, Any]],
) -> tuple[Change, ...]:
    account = table("account")
    statement = (
        select(*Entry.__table__.columns, account.c.name.label("by"))  # type: ignore[attr-defined]
        .outerjoin(account, account.c.id == col(Entry.entered_by_id))
        .where(of_subject)
        .order_by(col(Entry.entered_at), col(Entry.id))
    )
    changes: list[Change] = []
    # By Fassung and kind: what held from which day when the entry was made.
    held: defaultdict[tuple[int | None, EntryKind], dict[date, Mapping[str, Any]]] = defaultdict(
        dict
    )
    for row in session.execute(statement):
        subject = row.edition_id, row.kind
        said, days = _said(row), held[subject]
        last = max((day for day in days if day <= row.valid_from), default=None)
        if last is None:
            was = first.get(subject) or {name: UNDETERMINED[name] for name in said}
        else:
            was = days[last]
        days[row.valid_from] = said
        changes.append(
            Change(
                *(row.kind, was, said, row.valid_from, row.entered_at),
                *(row.by or "", row.replaced_at),
            )
        )
    return tuple(reversed(changes))
