"""Records of areas: written once, versions with reasons, and a changed byte is found."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from tests.commands import Tracker
from tests.factories import World, moment
from tracker.core.canonical import sha256_of
from tracker.core.db import make_engine, transaction
from tracker.core.errors import Forbidden, Invalid
from tracker.core.models import AuditEvent
from tracker.publication.actions.records import publish_record
from tracker.publication.models import AreaRecord
from tracker.publication.queries import records
from tracker.publication.rules.recording import Recorded, problems, recorded

NOW = moment("2026-10-05 09:00")
DAY = date(2026, 9, 30)
CONTENT = {"offers": 48, "note": "Grüße", "districts": ["Mitte", "Sennestadt"]}


def publish(session: Session, **changes: Any) -> AreaRecord:
    values: dict[str, Any] = {
        "area": "offers",
        "format_": 1,
        "as_of": DAY,
        "content": CONTENT,
        "by": None,
        "now": NOW,
    }
    return publish_record(session, **values | changes)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def test_a_record_is_hashed_audited_and_read_again(world: World) -> None:
    session = world.session
    record = publish(session, by=world.coordination)
    [head] = records.records(session, area="offers")
    assert (head.as_of, head.version, head.sha256) == (DAY, 1, record.sha256)
    stored = records.document_text(session, head.record_id)
    assert sha256_of(stored) == head.sha256
    assert records.content(session, head.record_id) == CONTENT
    event = session.exec(select(AuditEvent)).all()[-1]
    assert (event.verb, event.entity, event.entity_id) == (
        "record.publish",
        "area_record",
        record.id,
    )
    assert [checked.problems for checked in records.verify(session)] == [()]


def test_a_further_version_needs_a_reason_and_leaves_the_first_as_it_was(world: World) -> None:
    session = world.session
    first = publish(session)
    before = first.document
    with pytest.raises(Invalid, match="begründen"):
        publish(session, content={"offers": 49}, reason="  ")
    publish(session, content={"offers": 49}, reason="Ein Angebot fehlte")
    publish(session, as_of=date(2026, 6, 30))
    publish(session, subject="mitte")
    heads = records.records(session, area="offers", subject="")
    assert [(head.as_of, head.version) for head in heads] == [
        (DAY, 2),
        (DAY, 1),
        (date(2026, 6, 30), 1),
    ]
    assert records.document_text(session, heads[1].record_id) == before
    assert not records.records(session, area="council")


def test_only_the_ki_publishes_and_nothing_of_tomorrow(world: World) -> None:
    for actor in (world.representative, world.committee):
        with pytest.raises(Forbidden):
            publish(world.session, by=actor)
    with pytest.raises(Invalid, match="Zukunft"):
        publish(world.session, as_of=date(2026, 10, 6))
    assert records.records(world.session) == ()


@pytest.mark.parametrize(
    "statement", ["UPDATE area_record SET as_of = as_of", "DELETE FROM area_record"]
)
def test_the_database_refuses_to_change_a_record(world: World, statement: str) -> None:
    publish(world.session)
    with pytest.raises(DBAPIError, match="never changed"), world.session.begin_nested():
        world.session.execute(text(statement))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=8), max_size=4),
    st.data(),
)
def test_any_changed_sign_is_found(content: dict[str, Any], data: st.DataObject) -> None:
    whole = recorded({"record": {"area": "x"}, "content": content})
    assert not list(problems(whole))
    place = data.draw(st.integers(0, len(whole.text) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda sign: sign != whole.text[place]))
    changed = whole.text[:place] + other + whole.text[place + 1 :]
    assert list(problems(Recorded(changed, whole.sha256)))


def test_what_stands_beside_a_record_is_compared_with_what_it_says(world: World) -> None:
    head = {"area": "offers", "subject": "", "format": 1, "as_of": "2026-09-30", "version": 1}
    told = recorded({"record": {**head, "reason": "", "published_on": "2026-10-05"}, "content": {}})
    world.session.add(
        AreaRecord(
            area="offers",
            format=1,
            as_of=date(2026, 9, 29),
            version=1,
            sha256=told.sha256,
            published_at=NOW,
            document=told.text,
        )
    )
    world.session.flush()
    [checked] = records.verify(world.session)
    [problem] = checked.problems
    assert "as_of „2026-09-29“, darin „2026-09-30“" in problem


def test_the_command_line_lists_shows_and_verifies(seeded: str, tracker: Tracker) -> None:
    assert "noch kein Stand" in tracker("record", "list").out
    assert "noch kein Stand" in tracker("record", "verify").out
    with Session(make_engine(seeded)) as session, transaction(session):
        publish(session)
    [listed] = json.loads(tracker("record", "list", "--format", "json").out)
    assert (listed["area"], listed["as_of"], listed["version"]) == ("offers", "2026-09-30", 1)
    number = str(listed["number"])
    assert listed["sha256"] in tracker("record", "list").out
    assert sha256_of(tracker("record", "show", number).out) == listed["sha256"]
    assert "stimmt" in tracker("record", "verify").out
    refused = tracker("record", "show", "999")
    assert (refused.code, "tracker record list" in refused.err) == (1, True)
