"""The settings in force on a day: what the KI has set, laid over environment and beginning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select
from sqlmodel import col

from tracker.core.columns import columns
from tracker.core.models import SettingValue
from tracker.core.periods import local_day
from tracker.core.settings import Settings, is_set, read

# Changes with everything that is set: rows are only ever added.
STAMP = select(func.max(col(SettingValue.id))).scalar_subquery()


@dataclass(frozen=True)
class Entry:
    """What was set for a name from a day on, as text; see SettingValue for what None means."""

    name: str
    valid_from: date | None
    value: str | None


def stamp(connection: Connection) -> int:
    return connection.execute(select(STAMP)).scalar_one() or 0


def entries(connection: Connection, *, until: datetime | None = None) -> tuple[Entry, ...]:
    """Return everything that was ever set, in the order it was; `until`: what was known then."""
    statement = select(
        *columns(SettingValue.name, SettingValue.valid_from, SettingValue.value)
    ).order_by(col(SettingValue.id))
    if until is not None:
        known = or_(col(SettingValue.valid_from).is_(None), col(SettingValue.set_at) <= until)
        statement = statement.where(known)
    found: Iterable[Any] = connection.execute(statement)
    return tuple(Entry(*row) for row in found)


def known_at(connection: Connection, moment: datetime) -> Settings:
    """Return what was in force and known at a moment, without the environment.

    It stays the same for ever: rows are only added, and what is added later is left out.
    """
    return overlaid(Settings(), entries(connection, until=moment), day=local_day(moment))


def configured(connection: Connection, base: Settings, *, day: date) -> Settings:
    """Return the settings in force on a day; `base` are those of the environment."""
    return overlaid(base, entries(connection), day=day)


def overlaid(base: Settings, set_: Sequence[Entry], *, day: date) -> Settings:
    """Return the settings of the environment, changed by what was set until a day."""
    by_name: dict[str, dict[date | None, str | None]] = {}
    for entry in set_:
        by_name.setdefault(entry.name, {})[entry.valid_from] = entry.value
    changes = {
        field.name: read(field.name, text)
        for field in fields(base)
        if field.name in by_name
        and (text := _text_on(by_name[field.name], day, base, field.name)) is not None
    }
    lists = [entry.value for entry in set_ if entry.name == "districts" and entry.value]
    return replace(base, former_districts="\n".join(lists), **changes)


def _text_on(
    by_day: Mapping[date | None, str | None], day: date, base: Settings, name: str
) -> str | None:
    past = [begin for begin, text in by_day.items() if begin and begin <= day and text is not None]
    if past:
        return by_day[max(past)]
    return None if is_set(base, name) else by_day.get(None)
