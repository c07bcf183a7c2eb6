"""Reading what was published, and finding what was tampered with, on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from operator import itemgetter
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from cachetools import LRUCache
from sqlalchemy import Connection, Engine, delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from tests.conftest import StatementCounter
from tests.dashboards.published import record_published
from tests.factories import World, moment
from tests.factories_snapshot import documents
from tests.publication.publishing import close_and_publish, correct_sitting, filled_round
from tracker.core.canonical import canonical_json, sha256_of
from tracker.core.models import AuditEvent
from tracker.core.periods import Period
from tracker.publication.models import Snapshot, SnapshotPart
from tracker.publication.queries import published, snapshots
from tracker.publication.rules.recount import miscounts
from tracker.publication.rules.snapshot_parts import MEASURE, META, DocumentPart, split
from tracker.reporting.rounds.actions import rounds

Json = dict[str, Any]


@pytest.fixture
def world(session: Session) -> World:
    published._kept.clear()
    return World(session)


def store(
    world: World,
    document: Json,
    *,
    text: Callable[[str], str] = lambda text: text,
    parts: Callable[[list[DocumentPart]], list[DocumentPart]] = lambda parts: parts,
    version: int = 1,
) -> Snapshot:
    """Write a snapshot by hand; `text` and `parts` tamper with it."""
    period = document["round"]["period"]
    round_ = world.open_round(period)
    canonical = canonical_json(document)
    snapshot = Snapshot(
        round_id=round_.id,
        period=period,
        version=version,
        reason="" if version == 1 else "Korrektur",
        document=text(canonical),
        sha256=sha256_of(canonical),
        published_at=moment(f"{document['round']['published_on']} 11:00"),
    )
    world.session.add(snapshot)
    world.session.flush()
    record_published(world.session, snapshot)
    world.session.add_all(
        SnapshotPart(snapshot_id=snapshot.id, kind=kind, key=key, payload=canonical_json(payload))
        for kind, key, payload in parts(split(document))
    )
    world.session.flush()
    return snapshot


@pytest.fixture
def four_rounds(world: World) -> World:
    world.lead(world.library)
    for document in documents(4, until=Period(2026, "Q", 3)):
        store(world, document)
    return world


def test_published_rounds_come_newest_first(four_rounds: World) -> None:
    found = published.current(four_rounds.session, concept_id=four_rounds.concept_id)
    assert [item.period for item in found] == ["2026-Q3", "2026-Q2", "2026-Q1", "2025-Q4"]
    assert (found[0].label, found[0].long_label) == ("Q3/2026", "3. Quartal 2026")
    assert found[0].as_of.isoformat() == "2026-09-30"


def test_an_intact_instance_verifies(four_rounds: World) -> None:
    found = snapshots.verify(four_rounds.session)
    assert [item.period for item in found] == ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
    assert [item.problems for item in found] == [(), (), (), ()]


def test_all_quarters_of_a_measure_are_one_statement_and_then_none(
    four_rounds: World, engine: Engine
) -> None:
    session = four_rounds.session
    rounds = published.current(session, concept_id=four_rounds.concept_id)
    with StatementCounter(engine) as counter:
        history = published.measure_history(session, rounds, key="3.2")
        assert counter.count == 1
        again = published.measure_history(session, rounds, key="3.2")
        assert counter.count == 1
    assert history == again
    assert [item["round"]["period"] for item in history if item] == [item.period for item in rounds]
    assert published.measure_history(session, rounds[:1], key="99.9") == [None]


def test_what_is_kept_weighs_no_more_than_it_may_and_a_part_of_more_is_read_anew(
    four_rounds: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = four_rounds.session
    rounds = published.current(session, concept_id=four_rounds.concept_id)
    wanted = published.measure_history(session, rounds, key="3.2")
    for most in (2 * published._LEAST, published._LEAST):
        monkeypatch.setattr(published, "_MOST_BYTES", most)
        monkeypatch.setattr(published, "_kept", LRUCache(most, itemgetter(0)))
        assert published.measure_history(session, rounds, key="3.2") == wanted
        assert len(published._kept) == (1 if most > published._LEAST else 0)


def test_the_overview_of_a_known_round_needs_no_statement(
    four_rounds: World, engine: Engine
) -> None:
    session = four_rounds.session
    newest = published.current(session, concept_id=four_rounds.concept_id)[0]
    first = published.overview(session, newest)
    with StatementCounter(engine) as counter:
        assert published.overview(session, newest) is first
    assert counter.count == 0
    assert first["figures"] == published.document(session, newest)["figures"]
    assert published.meta(session, newest)["definitions"]["no_report"]["label"] == "keine Meldung"


def test_every_number_of_the_overview_has_its_codes(four_rounds: World) -> None:
    newest = published.current(four_rounds.session, concept_id=four_rounds.concept_id)[0]
    overview = published.overview(four_rounds.session, newest)
    codes, figures = overview["codes"], overview["figures"]
    spread = figures["distribution"]
    for state, count in spread["counts"].items():
        assert len(codes["implementation"].get(state, [])) == count
    for course, count in spread["courses"].items():
        assert len(codes["course"].get(course, [])) == count
    assert len(codes["no_report"]) == spread["no_report"]
    assert len(codes["course_not_asked"]) == spread["course_not_asked"]
    assert len(codes["carried"]) == figures["carried"]
    returns = figures["returns"]
    assert len(codes["expected"]) == returns["completeness"]["total"]
    assert len(codes["submitted"]) == returns["completeness"]["count"]
    assert len(codes["accepted"]) == returns["acceptance"]["count"]
    assert len(codes["on_time"]) == returns["timeliness"]["count"]
    assert len(codes["waived"]) == returns["waived"]


def another_value(text: str) -> str:
    return text.replace('"implementation":"planned"', '"implementation":"completed"', 1)


def another_part(parts: list[DocumentPart]) -> list[DocumentPart]:
    changed = json.loads(json.dumps(parts[1].payload))
    changed["figures"]["carried"] += 1
    return [parts[0], DocumentPart(parts[1].kind, parts[1].key, changed), *parts[2:]]


@pytest.mark.parametrize(
    ("tampering", "message"),
    [
        ({"text": another_value}, "Prüfsumme"),
        ({"parts": another_part}, "Der Teil „overview“ stimmt nicht"),
        ({"parts": lambda parts: parts[:-1]}, "Der Teil „measure 16.4“ stimmt nicht"),
        (
            {"parts": lambda parts: [*parts, DocumentPart("measure", "99.9", {})]},
            "Der Teil „measure 99.9“ stimmt nicht",
        ),
    ],
)
def test_verify_finds_a_changed_document_or_part(
    world: World, tampering: Json, message: str
) -> None:
    world.lead(world.library)
    store(world, documents(1)[0], **tampering)
    (found,) = snapshots.verify(world.session)
    assert found.problems
    assert message in found.problems[0]


def test_verify_finds_a_snapshot_whose_predecessor_is_gone(world: World) -> None:
    world.lead(world.library)
    store(world, documents(2)[1])
    (found,) = snapshots.verify(world.session)
    assert found.problems == ("Die Fassung der Vorrunde 2026-Q2, mit der verglichen wurde, fehlt.",)


def test_verify_finds_a_version_that_the_document_does_not_say(world: World) -> None:
    world.lead(world.library)
    store(world, documents(1)[0], version=2)
    found, gone = snapshots.verify(world.session)
    assert "steht für version „2“, darin „1“" in found.problems[0]
    assert (gone.version, gone.problems) == (1, (GONE,))


def unguard(connection: Connection) -> None:
    on_table = connection.dialect.name == "postgresql"
    for table in ("snapshot", "snapshot_part"):
        for verb in ("update", "delete"):
            place = f" ON {table}" if on_table else ""
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}{place}")


GONE = "Diese Fassung fehlt. Bitte stellen Sie die Datenbank aus einer Sicherung wieder her."
TRAIL = "Das Protokoll kennt diese Fassung nicht so"


@pytest.fixture
def tampered(world: World) -> Connection:
    """Two versions of a round published, and a connection of somebody who gets past the guards."""
    world.lead(world.library)
    round_ = filled_round(world)
    close_and_publish(world, round_)
    by, now = world.coordination, moment("2026-11-10 09:00")
    rounds.correct(world.session, round_=round_, reason="Zahl", by=by, now=now)
    correct_sitting(round_)
    close_and_publish(world, round_, "2026-11-11 09:00")
    assert all(not found.problems for found in snapshots.verify(world.session))
    connection = world.session.connection()
    unguard(connection)
    return connection


@pytest.mark.parametrize("version", [1, 2])
def test_verify_finds_that_the_newest_or_a_superseded_snapshot_is_gone(
    world: World, tampered: Connection, version: int
) -> None:
    with_it = select(col(Snapshot.id)).where(col(Snapshot.version) == version).scalar_subquery()
    tampered.execute(delete(SnapshotPart).where(col(SnapshotPart.snapshot_id) == with_it))
    tampered.execute(delete(Snapshot).where(col(Snapshot.version) == version))
    *_, gone = snapshots.verify(world.session)
    assert (gone.period, gone.version, gone.problems) == ("2026-Q3", version, (GONE,))
    assert len(gone.sha256) == 64
    tampered.execute(delete(AuditEvent).where(col(AuditEvent.verb) == "snapshot.publish"))
    problems = [item.problems[0] for item in snapshots.verify(world.session)]
    assert (GONE in problems) is (version == 1), "the round says that there is a first version"


def test_verify_finds_a_published_round_without_any_snapshot(
    world: World, tampered: Connection
) -> None:
    for table in (SnapshotPart, Snapshot):
        tampered.execute(delete(table))
    tampered.execute(delete(AuditEvent))
    [gone] = snapshots.verify(world.session)
    assert (gone.version, gone.problems) == (1, (GONE,))


def test_verify_finds_that_round_or_time_of_a_publication_was_changed(
    world: World, tampered: Connection
) -> None:
    later = moment("2026-11-11 09:05")
    tampered.execute(update(Snapshot).where(col(Snapshot.version) == 2).values(published_at=later))
    assert snapshots.verify(world.session)[-1].problems[0].startswith(TRAIL)
    tampered.execute(
        update(Snapshot)
        .where(col(Snapshot.version) == 2)
        .values(published_at=moment("2026-11-11 09:00"), round_id=world.open_round("2026-Q4").id)
    )
    assert any(
        problem.startswith(TRAIL)
        for found in snapshots.verify(world.session)
        for problem in found.problems
    )


def forged(document: Json, where: str) -> Json:
    """Another figure, another value or another list, as somebody forges it who knows the format."""
    changed: Json = json.loads(canonical_json(document))
    measure = next(item for item in changed["measures"] if item["value"])
    match where:
        case "figures":
            changed["figures"]["carried"] += 1
        case "field":
            changed["fields"][0]["figures"]["distribution"]["reported"] += 1
        case "value":
            measure["value"] = {"implementation": "established", "course": "on_track"}
        case "decisions":
            changed["decisions"] = []
    return changed


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("figures", "Die Zahlen der Runde"),
        ("field", "Die Zahlen des Handlungsfelds 1"),
        ("value", "Stand oder Veränderung folgt nicht aus der Meldung"),
        ("decisions", "Die Beschlusspunkte"),
    ],
)
def test_verify_finds_a_consistent_forgery(world: World, where: str, told: str) -> None:
    """Hash, parts and audit trail agree with the forged document: only its figures do not."""
    world.lead(world.library)
    store(world, forged(documents(1)[0], where))
    [found] = snapshots.verify(world.session)
    assert any(told in problem for problem in found.problems)


def forged_history(document: Json, where: str) -> None:
    """Another claim about the rounds before, which the measures of the document cannot refute."""
    measures = document["measures"]
    match where:
        case "year_sum":
            yearly = (item for one in measures for item in one["indicators"] if item["per_year"])
            next(yearly)["year_sum"] = "999"
        case "carried":
            carried = next(item["carried"] for item in measures if item["carried"])
            carried["course"] = None if carried["course"] else "critical"
        case "streak":
            measures[0]["unchanged_streak"] += 3


@pytest.mark.parametrize("where", ["year_sum", "carried", "streak"])
def test_verify_finds_a_forged_claim_about_earlier_rounds(world: World, where: str) -> None:
    world.lead(world.library)
    first, second = documents(2)
    store(world, first)
    forged_history(second, where)
    store(world, second)
    intact, forgery = snapshots.verify(world.session)
    assert not intact.problems
    [problem] = forgery.problems
    assert problem.endswith("folgt nicht aus den früheren Runden.")


def test_verify_finds_a_comparison_with_another_round_than_the_last(world: World) -> None:
    world.lead(world.library)
    first, second, third = documents(3)
    third["previous"] = second["previous"]
    for document in (first, second, third):
        store(world, document)
    *intact, forgery = snapshots.verify(world.session)
    assert not any(checked.problems for checked in intact)
    assert forgery.problems == (
        "Verglichen ist mit einer anderen Fassung, als bei der Veröffentlichung galt.",
    )


def test_documents_of_every_formula_version_are_counted_by_it() -> None:
    for made in (documents(2)[1], documents(2)[1] | {"formula_version": "2"}):
        assert not [*miscounts(made)]
    [told] = miscounts(made | {"formula_version": "9"})
    assert "lassen sich nicht nachrechnen" in told


def test_the_overview_says_where_a_dissent_stands_but_not_its_text(four_rounds: World) -> None:
    newest = published.current(four_rounds.session, concept_id=four_rounds.concept_id)[0]
    document = published.document(four_rounds.session, newest)
    overview = published.overview(four_rounds.session, newest)
    codes = {item["code"] for item in document["measures"] if item["dissent"]}
    assert codes
    assert {item["code"] for item in overview["measures"] if item["dissent"]} == codes
    for line in (*overview["changes"], *overview["decisions"]):
        assert line["dissent"] is (line["code"] in codes)


def first_cut(parts: list[DocumentPart]) -> list[DocumentPart]:
    """Parts as version 0001 of the schema stored them."""
    old = json.loads(canonical_json(parts[1].payload))
    for line in (*old["measures"], *old["changes"], *old["decisions"]):
        del line["dissent"]
    kept = [part for part in parts if part.kind in {META, MEASURE}]
    return [kept[0], DocumentPart(parts[1].kind, parts[1].key, old), *kept[1:]]


def test_upgrading_cuts_parts_again_and_protects_them_again(world: World) -> None:
    world.lead(world.library)
    first, second = documents(2)
    for document in (first, second):
        store(world, document, parts=first_cut)
    session = world.session
    assert all(checked.problems for checked in snapshots.verify(session))
    hashes = [item.sha256 for item in published.versions(session)]
    connection = session.connection()
    with Operations.context(MigrationContext.configure(connection)):
        for name in ("0002_dissent_in_overview", "0005_parts_for_more_pages"):
            import_module(f"tracker.migrations.versions.{name}").upgrade()
    assert [item.problems for item in snapshots.verify(session)] == [(), ()]
    assert [item.sha256 for item in published.versions(session)] == hashes
    with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
        connection.exec_driver_sql("UPDATE snapshot_part SET payload = ''")
