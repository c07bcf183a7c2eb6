"""Steps shared by what the KI edits: check texts, set values, record what changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from tracker.concept.models import OF_EDITION, PARTS, Entry, EntryKind, Goal, Measure
from tracker.core import audit
from tracker.core.errors import Forbidden, Invalid, Problem
from tracker.core.permissions import Actor, require_concept
from tracker.core.text import without_control_characters

Plain = str | int | bool | None


def check_texts(limits: Mapping[str, int], edit: object) -> list[Problem]:
    problems = []
    for name, limit in limits.items():
        text = getattr(edit, name)
        if len(text) > limit:
            values = (("length", len(text)), ("limit", limit))
            problems.append(Problem(name, "text_over_limit", values))
        removed = without_control_characters(text)[1]
        if removed:
            problems.append(Problem(name, "control_characters", (("count", removed),)))
    return problems


def refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Invalid("Bitte prüfen Sie Ihre Angaben.", problems=tuple(problems))


def set_values(row: SQLModel, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set what differs; return the old and the new values as the audit keeps them."""
    wanted = {
        name: value.strip() if type(value) is str else value for name, value in values.items()
    }
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    before = {name: plain(getattr(row, name)) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    return before, {name: plain(value) for name, value in changed.items()}


@dataclass(frozen=True)
class Days:
    """From which day an edit holds, of which day the values were that it began with, today."""

    valid_from: date
    shown: date
    today: date

    @property
    def unusual(self) -> dict[str, str]:
        """Return the days that are not today's, as the audit keeps them."""
        named = {"valid_from": self.valid_from, "shown_on": self.shown}
        return {name: day_.isoformat() for name, day_ in named.items() if day_ != self.today}


def enter(
    session: Session,
    subject: Mapping[str, Any],
    *,
    shown: Mapping[str, Any],
    wanted: Mapping[str, Any],
    days: Days,
    by: Actor,
    now: datetime,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Add an entry for each kind that differs; return what changed as the audit keeps it."""
    texts = {name: value.strip() if type(value) is str else value for name, value in wanted.items()}
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for kind, names in PARTS.items():
        changed = [name for name in names if name in texts and texts[name] != shown[name]]
        if not changed:
            continue
        values = {**subject, **{name: texts[name] for name in names}}
        if kind not in OF_EDITION:
            values["edition_id"] = None
        _replace(session, subject=subject, kind=kind, valid_from=days.valid_from, now=now)
        session.add(
            Entry(
                kind=kind,
                valid_from=days.valid_from,
                entered_at=now,
                entered_by_id=by.account_id,
                **values,
            )
        )
        before |= {name: _plain(shown[name]) for name in changed}
        after |= {name: _plain(texts[name]) for name in changed}
    session.flush()
    return before, after | (days.unusual if after else {})


def _replace(
    session: Session,
    *,
    subject: Mapping[str, Any],
    kind: EntryKind,
    valid_from: date,
    now: datetime,
) -> None:
    """An entry for the same day takes the place of this one."""
    [name] = subject.keys() - {"edition_id"}
    statement = select(Entry).where(
        getattr(Entry, name) == subject[name],
        Entry.kind == kind,
        Entry.valid_from == valid_from,
        col(Entry.replaced_at).is_(None),
    )
    for entry in session.exec(statement):
        entry.replaced_at = now
    session.flush()


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else plain(value)


def record(
    session: Session,
    *,
    row: SQLModel,
    verb: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    by: Actor,
    now: datetime,
) -> bool:
    """Add the audit event of an edit; returns whether anything changed."""
    if not after:
        return False
    audit.record_row(session, row, verb, by=by, now=now, before=before, after=after)
    return True


def require_coordination(by: Actor) -> None:
    if not by.is_coordination:
        raise Forbidden("Das kann nur die koordinierende Stelle.")


def require_concept_of(
    session: Session, by: Actor | None, thing: type[Measure | Goal], ids: Collection[int]
) -> None:
    """Raise NotFound where one of these belongs to a concept that the actor may not see."""
    if by is not None and by.concepts is not None:
        for concept_id in session.exec(select(thing.concept_id).where(col(thing.id).in_(ids))):
            require_concept(by, concept_id)


def plain(value: object) -> Plain:
    """Return a column's value as JSON keeps it: enums, days and decimals as text.

    Raises TypeError for values that have no such form.
    """
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} has no plain form: {value!r}")
