"""What the KI does with settings: set them from a day on, take back what has not begun."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker.core import audit
from tracker.core.configured import configured
from tracker.core.errors import Forbidden, IllegalTransition, Invalid, NotFound
from tracker.core.models import SettingValue
from tracker.core.permissions import Actor
from tracker.core.settings import FIELDS, Settings, read, written
from tracker.instance.rules.setting_values import problems


def set_values(
    session: Session,
    *,
    values: Mapping[str, str],
    valid_from: date,
    base: Settings,
    by: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """Let these values hold from a day on; return the names of those that are new then.

    `values` are written as in an environment variable, `base` are the environment's settings.
    Raises Forbidden for anybody but the KI, Invalid naming every field to mend.
    """
    _require_coordination(by)
    if any(FIELDS[name].metadata["group"] is None for name in values):
        raise Forbidden("Das stellt nur die Betriebsstelle ein, in der Umgebung.")
    values = {name: text.replace("\r\n", "\n").strip() for name, text in values.items()}
    wrong = problems(values)
    if wrong:
        raise Invalid("Bitte prüfen Sie Ihre Angaben.", problems=wrong)
    before = configured(session.connection(), base, day=valid_from)
    changed = {
        name: text for name, text in values.items() if read(name, text) != getattr(before, name)
    }
    for name, text in changed.items():
        row = SettingValue(
            name=name, valid_from=valid_from, value=text, set_at=now, set_by_id=by.account_id
        )
        _record(session, row, "setting.set", old=written(getattr(before, name)), by=by, now=now)
    return tuple(changed)


def take_back(
    session: Session, *, value_id: int, today: date, by: Actor, now: datetime
) -> tuple[str, date]:
    """Take back a value whose day is still to come; return its name and that day.

    Raises Forbidden, NotFound, and IllegalTransition where it holds already or was replaced.
    """
    _require_coordination(by)
    row = session.get(SettingValue, value_id)
    if row is None or row.valid_from is None:
        raise NotFound("Diesen Wert gibt es nicht. Bitte wählen Sie einen aus der Liste.")
    if row.valid_from <= today:
        raise IllegalTransition(
            "Dieser Wert gilt schon. Er bleibt in der Geschichte. Bitte setzen Sie einen neuen."
        )
    last = session.exec(
        select(SettingValue)
        .where(SettingValue.name == row.name, SettingValue.valid_from == row.valid_from)
        .order_by(col(SettingValue.id).desc())
    ).first()
    if last is not row or row.value is None:
        raise IllegalTransition("Dieser Wert ist schon ersetzt oder zurückgenommen.")
    taken = SettingValue(
        name=row.name, valid_from=row.valid_from, set_at=now, set_by_id=by.account_id
    )
    _record(session, taken, "setting.take_back", old=row.value, by=by, now=now)
    return row.name, row.valid_from


def _require_coordination(by: Actor) -> None:
    if not by.is_coordination:
        raise Forbidden("Einstellungen ändert nur die koordinierende Stelle.")


def _record(
    session: Session, row: SettingValue, verb: str, *, old: str, by: Actor, now: datetime
) -> None:
    session.add(row)
    begin = row.valid_from.isoformat() if row.valid_from else None
    after = {"valid_from": begin}
    if row.value is not None:
        after[row.name] = _noted(row.name, row.value)
    audit.record_row(
        session, row, verb, by=by, now=now, before={row.name: _noted(row.name, old)}, after=after
    )


def _noted(name: str, text: str) -> str:
    """Return a value for the audit: of a picture what tells it from others."""
    if name != "logo" or not text:
        return text
    return f"PNG, SHA-256 {hashlib.sha256(text.encode()).hexdigest()[:16]}"
