"""What is set: today's values with the day since which they hold, planned ones, the history."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.accounts.models import Account
from tracker.core.columns import columns
from tracker.core.configured import Entry, overlaid
from tracker.core.models import SettingValue
from tracker.core.settings import Settings, is_set, written
from tracker.instance.rules.setting_values import ValueState


@dataclass(frozen=True)
class SetValue:
    """One entry of the history: the value it set and the one that held on its day before.

    `who` is empty for what the instance began with.
    """

    id: int
    name: str
    valid_from: date | None
    value: str | None
    before: str
    set_at: datetime
    who: str
    state: ValueState


def history(
    session: Session, *, names: Collection[str], base: Settings, today: date
) -> tuple[SetValue, ...]:
    """Return every value that was set for these names, newest first."""
    statement = (
        select(
            *columns(SettingValue.id, SettingValue.name, SettingValue.valid_from),
            *columns(SettingValue.value, SettingValue.set_at, Account.name),
        )
        .outerjoin(Account, col(Account.id) == col(SettingValue.set_by_id))
        .where(col(SettingValue.name).in_(names))
        .order_by(col(SettingValue.id))
    )
    rows: list[Any] = list(session.connection().execute(statement))
    entries = [Entry(row[1], row[2], row[3]) for row in rows]
    last = {(entry.name, entry.valid_from): place for place, entry in enumerate(entries)}
    in_force = {
        max(places, key=lambda place: entries[place].valid_from or date.min)
        for places in _begun(base, entries, last.values(), today).values()
    }
    set_values = []
    for place, (id_, name, begin, value, set_at, who) in enumerate(rows):
        earlier = overlaid(base, entries[:place], day=begin or date.min)
        state = _state(entries, last, place, is_in_force=place in in_force, today=today)
        before = written(getattr(earlier, name))
        set_values.append(SetValue(id_, name, begin, value, before, set_at, who or "", state))
    return tuple(reversed(set_values))


def _begun(
    base: Settings, entries: list[Entry], places: Iterable[int], today: date
) -> dict[str, list[int]]:
    """Return the places of what has begun to hold, by name."""
    begun: dict[str, list[int]] = {}
    for place in places:
        entry = entries[place]
        hidden = entry.valid_from is None and is_set(base, entry.name)
        if entry.value is not None and not hidden and (entry.valid_from or date.min) <= today:
            begun.setdefault(entry.name, []).append(place)
    return begun


def _state(
    entries: list[Entry],
    last: dict[tuple[str, date | None], int],
    place: int,
    *,
    is_in_force: bool,
    today: date,
) -> ValueState:
    entry = entries[place]
    newest = last[entry.name, entry.valid_from]
    if entry.value is None:
        return ValueState.TAKING_BACK
    if newest != place:
        is_taken = entries[newest].value is None
        return ValueState.TAKEN_BACK if is_taken else ValueState.REPLACED
    if is_in_force:
        return ValueState.IN_FORCE
    return ValueState.PLANNED if (entry.valid_from or date.min) > today else ValueState.PAST
