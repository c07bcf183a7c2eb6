"""The settings in force on a day: what was set last counts, and what was set stays on record."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from tests.application import application
from tests.bielefeld import BIELEFELD
from tests.pages import SETTINGS, Browser, Clock
from tracker.core import clock as clock_process
from tracker.core import migrate
from tracker.core.clock import Job
from tracker.core.configured import Entry, configured, overlaid, stamp
from tracker.core.db import make_engine
from tracker.core.models import SettingValue
from tracker.core.settings import FIELDS, Settings, read, written

JANUARY, MARCH, MAY = date(2027, 1, 1), date(2027, 3, 1), date(2027, 5, 1)
NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("set_", "expected"),
    [
        ([], "Umgebung"),
        ([Entry("city", None, "Anfang")], "Umgebung"),
        ([Entry("city", MARCH, "März")], "März"),
        ([Entry("city", JANUARY, "Januar"), Entry("city", MARCH, "März")], "März"),
        # Entered later, valid earlier: the later day still counts.
        ([Entry("city", MARCH, "März"), Entry("city", JANUARY, "Januar")], "März"),
        ([Entry("city", MARCH, "März"), Entry("city", MARCH, "doch anders")], "doch anders"),
        ([Entry("city", MARCH, "März"), Entry("city", MARCH, None)], "Umgebung"),
        ([Entry("city", MAY, "Mai")], "Umgebung"),
        ([Entry("unbekannt", JANUARY, "x")], "Umgebung"),
        ([Entry("city", JANUARY, "")], ""),
    ],
)
def test_what_was_set_until_the_day_comes_before_the_environment(
    set_: list[Entry], expected: str
) -> None:
    found = overlaid(Settings(city="Umgebung"), set_, day=date(2027, 3, 31))
    assert found == Settings(city=expected)


def test_what_the_instance_began_with_comes_after_the_environment() -> None:
    began = [Entry("office_name", None, "Fachdienst Integration")]
    assert overlaid(Settings(), began, day=MARCH).office_name == "Fachdienst Integration"
    given_ = Settings(office_name="Stabsstelle")
    assert overlaid(given_, began, day=MARCH).office_name == "Stabsstelle"


DAYS = st.dates(date(2027, 1, 1), date(2027, 1, 9))


@given(st.lists(st.tuples(DAYS, st.none() | st.integers(1, 31)), max_size=8), DAYS)
def test_on_any_day_the_last_row_of_the_newest_day_that_has_come_counts(
    rows: list[tuple[date, int | None]], day: date
) -> None:
    set_ = [Entry("due_day", begin, None if n is None else str(n)) for begin, n in rows]
    expected = Settings().due_day
    for begin in sorted({begin for begin, _ in rows if begin <= day}):
        last = [number for other, number in rows if other == begin][-1]
        expected = expected if last is None else last
    assert overlaid(Settings(), set_, day=day).due_day == expected


@pytest.mark.parametrize("name", list(FIELDS))
def test_every_value_is_read_as_it_was_written(name: str) -> None:
    example = {"imprint_review_on": date(2027, 3, 15), "reminder_days": (-7, 0, 3)}
    value = example.get(name, getattr(Settings(), name))
    assert read(name, written(value)) == value


def test_settings_can_be_told_apart_and_kept_as_a_key() -> None:
    assert len({Settings(), Settings(), replace(Settings(), due_day=3)}) == 2
    assert all(item.metadata["group"] is None for item in fields(Settings) if "smtp" in item.name)


TODAY = NOW.date()


def put(session: Session, name: str, value: str, valid_from: date | None = TODAY) -> None:
    session.add(SettingValue(name=name, valid_from=valid_from, value=value, set_at=NOW))
    session.commit()


def test_values_come_out_of_the_database_and_each_changes_the_stamp(session: Session) -> None:
    connection = session.connection()
    assert (stamp(connection), configured(connection, SETTINGS, day=MARCH)) == (0, SETTINGS)
    put(session, "due_day", "20")
    first = stamp(session.connection())
    put(session, "reminder_days", "-3,0", MAY)
    assert stamp(session.connection()) > first > 0
    before = configured(session.connection(), SETTINGS, day=MARCH)
    assert before == replace(SETTINGS, due_day=20)
    after = configured(session.connection(), SETTINGS, day=MAY)
    assert after == replace(SETTINGS, due_day=20, reminder_days=(-3, 0))


@pytest.mark.parametrize(
    "change", ["UPDATE setting_value SET name = 'x'", "DELETE FROM setting_value"]
)
def test_what_was_set_is_never_changed_or_removed(session: Session, change: str) -> None:
    put(session, "due_day", "20")
    with pytest.raises(DatabaseError, match="is a record: it is never changed"):
        session.connection().execute(text(change))


def test_a_change_is_noticed_in_every_worker_with_the_next_request(
    connection: Connection, session: Session, clock: Clock
) -> None:
    app = application(SETTINGS, connection, clock)
    browser = Browser(app)
    assert "Musterstadt" not in browser.get("/impressum").visible
    put(session, "city", "Musterstadt", clock.now.date())
    put(session, "contact_email", "morgen@stadt.example", date(2026, 10, 6))
    today = browser.get("/impressum").visible
    assert "Musterstadt" in today
    assert "morgen@stadt.example" not in today
    clock.forward(days=1)
    assert "morgen@stadt.example" in browser.get("/impressum").visible


def test_a_job_works_with_the_settings_in_force(tmp_path: object) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/own.sqlite3")
    migrate.upgrade(engine)
    with Session(engine) as session:
        put(session, "mail_hour", "9")
    seen: list[int] = []

    def note(_engine: object, settings: Settings, _now: datetime) -> str:
        seen.append(settings.mail_hour)
        return ""

    job = Job("test", "Test", clock_process.timedelta(minutes=1), note)
    assert not clock_process.run_job(job, engine, SETTINGS, now=NOW).failed
    assert seen == [9]
    engine.dispose()


def upgraded_from_6(url: str, rows: str) -> dict[str, str]:
    """What 0010 writes down when somebody has worked with the database before."""
    from alembic import command
    from alembic.config import Config

    engine = make_engine(url)
    with migrate.one_step(engine) as connection:
        config = Config()
        config.set_main_option("script_location", str(migrate.FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        if rows:
            connection.execute(text(rows))
        command.upgrade(config, "head")
        found = connection.execute(text("SELECT name, value FROM setting_value")).all()
    engine.dispose()
    return {row[0]: row[1] for row in found}


CONCEPT = (
    "INSERT INTO concept (key, title, city, resolved_on, source)"
    " VALUES ('k', 'Konzept', 'Stadt', '2022-11-10', 'x')"
)


def test_an_instance_that_was_used_keeps_the_names_it_showed(fresh_url: str) -> None:
    kept = upgraded_from_6(fresh_url, CONCEPT)
    assert kept["city"] == "Stadt Bielefeld"
    assert kept["committee_short"] == "HBA"
    assert kept["districts"] == BIELEFELD.districts
    assert set(kept) < set(FIELDS)


def test_a_new_instance_begins_without(fresh_url: str) -> None:
    assert upgraded_from_6(fresh_url, "") == {}
