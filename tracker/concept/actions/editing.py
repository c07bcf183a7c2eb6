"""Steps shared by what the KI edits: check texts, set values, record what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlmodel import Session, SQLModel

from tracker.core import audit
from tracker.core.errors import Forbidden, Invalid, Problem
from tracker.core.permissions import Actor
from tracker.core.text import without_control_characters

Plain = str | int | bool | None


def check_texts(limits: Mapping[str, int], edit: object) -> list[Problem]:
    problems = []
    for name, limit in limits.items():
        text = getattr(edit, name)
        if len(text) > limit:
            values = (("length", len(text)), ("limit", limit))
            problems.append(Problem(name, "text_too_long", values))
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
