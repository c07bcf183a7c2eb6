"""The settings in force on a day: what the KI has set, laid over environment and beginning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import col

from tracker.core.columns import columns
from tracker.core.models import SettingValue
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


def entries(connection: Connection) -> tuple[Entry, ...]:
    """Return everything that was ever set, in the order it was."""
    statement = select(
        *columns(SettingValue.name, SettingValue.valid_from, SettingValue.value)
    ).order_by(col(SettingValue.id))
    found: Iterable[Any] = connection.execute(statement)
    return tuple(Entry(*row) for row in found)


def configured(connection: Connection, base: Settings, *, day: date) -> Settings:
    """Return the settings in force on a day; `base` are those of the environment."""
    return overlaid(base, entries(connection), day=day)


def overlaid(base: Settings, set_: Iterable[Entry], *, day: date) -> Settings:
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
    return replace(base, **changes)


def _text_on(
    by_day: Mapping[date | None, str | None], day: date, base: Settings, name: str
) -> str | None:
    past = [begin for begin, text in by_day.items() if begin and begin <= day and text is not None]
    if past:
        return by_day[max(past)]
    return None if is_set(base, name) else by_day.get(None)
