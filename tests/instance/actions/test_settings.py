"""Setting values from a day on, taking back what is planned, and the history of both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlmodel import Session, col, select

from tests.factories import World
from tests.pages import SETTINGS
from tracker.core.configured import configured
from tracker.core.errors import Forbidden, IllegalTransition, Invalid, NotFound
from tracker.core.models import AuditEvent, SettingValue
from tracker.core.permissions import Actor, Role
from tracker.instance.actions import settings as actions
from tracker.instance.queries.setting_list import history
from tracker.instance.rules.setting_values import ValueState as State

TODAY, MARCH = date(2026, 10, 5), date(2027, 3, 1)


@pytest.fixture
def ki(session: Session) -> Actor:
    """Somebody of the coordinating office."""
    return World(session).coordination


def put(session: Session, by: Actor, now: datetime, day: date, **values: str) -> tuple[str, ...]:
    return actions.set_values(session, values=values, valid_from=day, base=SETTINGS, by=by, now=now)


def in_force(session: Session, day: date) -> object:
    return configured(session.connection(), SETTINGS, day=day)


def test_only_what_is_new_on_the_day_is_written_down(
    session: Session, ki: Actor, now: datetime
) -> None:
    assert put(session, ki, now, TODAY, due_day="15", resubmit_days="10") == ("resubmit_days",)
    assert put(session, ki, now, TODAY, due_day="15", resubmit_days="10") == ()
    assert in_force(session, TODAY) == replace(SETTINGS, resubmit_days=10)
    event = session.exec(select(AuditEvent).where(AuditEvent.verb == "setting.set")).one()
    assert (event.actor_id, event.before) == (ki.account_id, {"resubmit_days": "7"})
    assert event.after == {"valid_from": "2026-10-05", "resubmit_days": "10"}


def test_a_value_of_the_past_does_not_change_what_holds_later(
    session: Session, ki: Actor, now: datetime
) -> None:
    put(session, ki, now, TODAY, due_day="20")
    put(session, ki, now, date(2026, 1, 1), due_day="10")
    assert in_force(session, date(2026, 6, 1)) == replace(SETTINGS, due_day=10)
    assert in_force(session, TODAY) == replace(SETTINGS, due_day=20)


def test_blanks_around_a_text_are_left_out_and_line_ends_are_one(
    session: Session, ki: Actor, now: datetime
) -> None:
    put(session, ki, now, TODAY, imprint="  Zeile\r\nzwei \r\n")
    assert in_force(session, TODAY) == replace(SETTINGS, imprint="Zeile\nzwei")


def test_nothing_is_written_where_a_value_is_wrong(
    session: Session, ki: Actor, now: datetime
) -> None:
    with pytest.raises(Invalid) as refused:
        put(session, ki, now, TODAY, due_day="0", resubmit_days="viele", escalation_days="3")
    assert [problem.field for problem in refused.value.problems] == ["due_day", "resubmit_days"]
    assert session.exec(select(SettingValue)).all() == []


@pytest.mark.parametrize("name", ["secret_key", "database_url", "smtp_password", "workers"])
def test_what_is_the_operators_cannot_be_set(
    session: Session, ki: Actor, now: datetime, name: str
) -> None:
    with pytest.raises(Forbidden, match="Betriebsstelle"):
        put(session, ki, now, TODAY, **{name: "1"})


@pytest.mark.parametrize("role", [Role.INSTITUTION, Role.COMMITTEE])
def test_others_change_no_settings(session: Session, ki: Actor, now: datetime, role: Role) -> None:
    somebody = Actor(ki.account_id, "Andere", role)
    with pytest.raises(Forbidden):
        put(session, somebody, now, TODAY, due_day="20")
    with pytest.raises(Forbidden):
        actions.take_back(session, value_id=1, today=TODAY, by=somebody, now=now)


def row_of(session: Session, name: str) -> int:
    newest = select(SettingValue.id).where(SettingValue.name == name)
    return session.exec(newest.order_by(col(SettingValue.id).desc())).first() or 0


def test_what_is_planned_can_be_taken_back_once_and_the_value_before_holds_on(
    session: Session, ki: Actor, now: datetime
) -> None:
    put(session, ki, now, TODAY, due_day="10")
    put(session, ki, now, MARCH, due_day="20")
    planned = row_of(session, "due_day")
    taken = actions.take_back(session, value_id=planned, today=TODAY, by=ki, now=now)
    assert taken == ("due_day", MARCH)
    assert in_force(session, MARCH) == replace(SETTINGS, due_day=10)
    with pytest.raises(IllegalTransition, match="schon ersetzt oder zurückgenommen"):
        actions.take_back(session, value_id=planned, today=TODAY, by=ki, now=now)
    assert put(session, ki, now, MARCH, due_day="25") == ("due_day",)
    assert in_force(session, MARCH) == replace(SETTINGS, due_day=25)


def test_what_holds_already_is_not_taken_back(session: Session, ki: Actor, now: datetime) -> None:
    put(session, ki, now, TODAY, due_day="20")
    with pytest.raises(IllegalTransition, match="gilt schon"):
        actions.take_back(session, value_id=row_of(session, "due_day"), today=TODAY, by=ki, now=now)
    with pytest.raises(NotFound):
        actions.take_back(session, value_id=999_999, today=TODAY, by=ki, now=now)


def test_the_history_tells_each_value_with_the_one_before_and_how_it_stands(
    session: Session, ki: Actor, now: datetime
) -> None:
    session.add(SettingValue(name="due_day", value="5", set_at=now))
    session.flush()
    put(session, ki, now, date(2026, 1, 1), due_day="10")
    put(session, ki, now, TODAY, due_day="11")
    put(session, ki, now, TODAY, due_day="12")
    put(session, ki, now, MARCH, due_day="20")
    put(session, ki, now, MARCH, resubmit_days="9")
    actions.take_back(session, value_id=row_of(session, "due_day"), today=TODAY, by=ki, now=now)
    told = [
        (entry.before, entry.value, entry.state, entry.who)
        for entry in history(session, names=["due_day"], base=SETTINGS, today=TODAY)
    ]
    assert told == [
        ("20", None, State.TAKING_BACK, ki.name),
        ("12", "20", State.TAKEN_BACK, ki.name),
        ("11", "12", State.IN_FORCE, ki.name),
        ("10", "11", State.REPLACED, ki.name),
        ("5", "10", State.PAST, ki.name),
        ("15", "5", State.PAST, ""),
    ]
    [planned] = history(session, names=["resubmit_days"], base=SETTINGS, today=TODAY)
    assert planned.state is State.PLANNED


def test_a_picture_stands_in_the_audit_by_its_checksum(
    session: Session, ki: Actor, now: datetime
) -> None:
    put(session, ki, now, TODAY, logo="aGVsbG8=")
    event = session.exec(select(AuditEvent).where(AuditEvent.verb == "setting.set")).one()
    assert event.after is not None
    assert event.after["logo"].startswith("PNG, SHA-256 ")
