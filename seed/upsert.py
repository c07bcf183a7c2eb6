"""What the seed wrote last time, and so: what it may write this time.

A column is set only while it still holds what the seed last wrote. Whatever somebody changed in
the application stays, and a row that somebody removed does not come back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, select

from tracker.concept.actions.editing import plain
from tracker.core import audit
from tracker.core.models import SeedRecord, SettingValue

Row = TypeVar("Row", bound=SQLModel)


@dataclass(frozen=True)
class SeedResult:
    """How many rows the seed created, changed and left alone.

    `kept` names the values that differ from the file because somebody edited them, as
    "entity key: column".
    """

    created: int
    changed: int
    unchanged: int
    kept: tuple[str, ...]


@dataclass
class SeedRows:
    """What is written; `concept` is the key of the one whose rows are loaded now."""

    session: Session
    now: datetime
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    concept: str = ""
    records: dict[tuple[str, str], SeedRecord] = field(init=False)

    def __post_init__(self) -> None:
        self.records = {
            (record.entity, record.key): record for record in self.session.exec(select(SeedRecord))
        }

    @property
    def result(self) -> SeedResult:
        return SeedResult(self.created, self.changed, self.unchanged, tuple(self.kept))

    def upsert(
        self,
        model: type[Row],
        key: str,
        *,
        identity: Mapping[str, object],
        values: Mapping[str, object],
        lasting: tuple[str, Callable[[], SQLModel]] | None = None,
    ) -> Row | None:
        """Create the row or bring it up to date; None when somebody removed it on purpose.

        `identity` finds the row and is only written with a new one. `lasting` names the column
        that points to the thing a Fassung's row speaks of, and makes that thing for a new row.
        """
        entity = str(model.__tablename__)
        key = f"{self.concept}/{key}" if self.concept else key
        present = self.session.exec(select(model).filter_by(**identity)).one_or_none()
        if present is not None:
            self._update(entity, key, present, values)
            return present
        if (entity, key) in self.records:
            self.kept.append(f"{entity} {key}: entfernt")
            return None
        row = model(**identity, **values)
        if lasting is not None:
            column, make = lasting
            thing = make()
            self.session.add(thing)
            self.session.flush()
            setattr(row, column, thing.id)  # type: ignore[attr-defined] # every table has an id
        self._record("seed.create", row, after=row.model_dump(exclude={"id"}))
        self._remember(entity, key, {name: plain(value) for name, value in values.items()})
        self.created += 1
        return row

    def begin_with(self, name: str, value: str) -> None:
        """Let the instance begin with a setting, below its environment and what the KI sets."""
        beginnings = select(SettingValue.value).where(
            SettingValue.name == name, col(SettingValue.valid_from).is_(None)
        )
        last = self.session.exec(beginnings.order_by(col(SettingValue.id).desc())).first()
        if last == value:
            self.unchanged += 1
            return
        row = SettingValue(name=name, value=value, set_at=self.now)
        if last is None:
            self.created += 1
            self._record("seed.create", row, after={name: value})
        else:
            self.changed += 1
            self._record("seed.change", row, before={name: last}, after={name: value})

    def _update(self, entity: str, key: str, row: SQLModel, values: Mapping[str, object]) -> None:
        record = self.records.get((entity, key))
        last: dict[str, Any] = record.values if record else {}
        written = dict(last)
        changes: dict[str, object] = {}
        for name, value in values.items():
            current, wanted = plain(getattr(row, name)), plain(value)
            if current == wanted:
                written[name] = wanted
            elif name in last and current == last[name]:
                changes[name] = value
                written[name] = wanted
            else:
                self.kept.append(f"{entity} {key}: {name}")
        if changes:
            before = {name: getattr(row, name) for name in changes}
            for name, value in changes.items():
                setattr(row, name, value)
            self._record("seed.change", row, before=before, after=changes)
            self.changed += 1
        else:
            self.unchanged += 1
        if written != last:
            self._remember(entity, key, written)

    def _remember(self, entity: str, key: str, values: dict[str, Any]) -> None:
        """Keep the values that the seed last wrote; bookkeeping, so without an audit line."""
        record = self.records.get((entity, key)) or SeedRecord(
            entity=entity, key=key, values=values
        )
        record.values = values
        self.session.add(record)
        self.records[entity, key] = record

    def _record(self, verb: str, row: Any, **values: Mapping[str, object]) -> None:
        """Write the row and an audit line; no account acts, so it has no actor."""
        self.session.add(row)
        self.session.flush()
        plain_values = {
            when: {name: plain(value) for name, value in shown.items()}
            for when, shown in values.items()
        }
        audit.record(
            self.session,
            verb=verb,
            entity=str(row.__tablename__),
            entity_id=int(row.id),
            by=None,
            now=self.now,
            **plain_values,
        )
