"""Publishing a round through the actions of real use, on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from tests.conftest import StatementCounter
from tests.factories import CRITICAL, RUNNING, World, moment
from tracker.actions import review, rounds
from tracker.actions.publication import publish
from tracker.models import AuditEvent, InstanceValue, Institution, Round, Snapshot, SnapshotPart
from tracker.queries import published, snapshots
from tracker.queries.publication_facts import instance_of
from tracker.rules.canonical import canonical_json, sha256_of
from tracker.rules.content import Participants, ParticipantUnit
from tracker.rules.errors import Forbidden, IllegalTransition, NotFound
from tracker.rules.figures import Value
from tracker.rules.rounds import RoundState
from tracker.rules.snapshot_parts import split
from tracker.rules.status import Course, Implementation
from tracker.settings import Settings

INSTANCE = instance_of(Settings())
PUBLISHED_AT = moment("2026-11-02 09:00")


@pytest.fixture
def world(session: Session) -> World:
    """Six measures, all but the last led by the library."""
    world = World(session)
    world.lead(world.library, *world.measures[:-1])
    return world


def close_and_publish(world: World, round_: Round, at: str = "2026-11-02 09:00") -> Snapshot:
    if round_.state is RoundState.OPEN:
        rounds.close_round(world.session, round_=round_, by=world.coordination, now=moment(at))
    return publish(
        world.session, round_=round_, by=world.coordination, now=moment(at), instance=INSTANCE
    )


def filled_round(world: World) -> Round:
    """1.1 accepted, 1.2 accepted with another value and a dissent, 1.3 returned, 2.1 a draft."""
    round_ = world.open_round()
    first, second, third = (world.report(round_, item) for item in world.measures[:3])
    world.accept(world.submit(first, replace(RUNNING, internal_remark="bitte anrufen")))
    world.submit(second, CRITICAL)
    review.accept(
        world.session,
        report_id=second.id or 0,
        reviewed=Value(Implementation.PLANNED, Course.CRITICAL),
        reason="Noch keine Aktivität vor Ort.",
        by=world.coordination,
        now=moment("2026-10-06 09:00"),
    )
    second.dissent = "Die Gruppe trifft sich seit September."
    second.dissent_at = moment("2026-10-07 09:00")
    second.dissent_by_id = world.representative.account_id
    world.submit(third, replace(RUNNING, achieved="nicht angenommener Text"))
    review.return_report(
        world.session,
        report_id=third.id or 0,
        comment="Bitte Zahl nennen",
        by=world.coordination,
        now=moment("2026-10-06 09:00"),
    )
    return round_


def by_code(snapshot: Snapshot) -> dict[str, dict[str, object]]:
    return {item["code"]: item for item in json.loads(snapshot.document)["measures"]}


def test_a_publication_is_canonical_hashed_and_cut_into_parts(world: World) -> None:
    snapshot = close_and_publish(world, filled_round(world))
    document = json.loads(snapshot.document)
    assert snapshot.document == canonical_json(document)
    assert snapshot.sha256 == sha256_of(snapshot.document)
    parts = world.session.exec(select(SnapshotPart)).all()
    assert {(item.kind, item.key): item.payload for item in parts} == {
        (kind, key): canonical_json(payload) for kind, key, payload in split(document)
    }
    assert [item.verb for item in world.session.exec(select(AuditEvent))].count(
        "snapshot.publish"
    ) == 1


def test_what_counts_is_what_was_accepted_in_this_round(world: World) -> None:
    snapshot = close_and_publish(world, filled_round(world))
    figures = json.loads(snapshot.document)["figures"]
    assert figures["distribution"]["counts"]["in_progress"] == 1
    assert figures["distribution"]["counts"]["planned"] == 1
    assert (figures["distribution"]["reported"], figures["distribution"]["total"]) == (2, 6)
    assert figures["distribution"]["no_report"] == 4
    assert figures["returns"]["completeness"] == {"count": 3, "total": 5, "percent": "60.0"}
    assert figures["returns"]["acceptance"]["count"] == 2


def test_the_reviewed_value_stands_beside_the_self_report_and_the_dissent(world: World) -> None:
    measure = by_code(close_and_publish(world, filled_round(world)))["1.2"]
    assert measure["value"] == {"implementation": "planned", "course": "critical"}
    assert measure["self_report"] == {"implementation": "in_progress", "course": "critical"}
    assert measure["reviewed"] == {
        "implementation": "planned",
        "course": "critical",
        "reason": "Noch keine Aktivität vor Ort.",
    }
    assert measure["dissent"] == "Die Gruppe trifft sich seit September."


def test_nothing_internal_is_published(world: World) -> None:
    round_ = filled_round(world)
    snapshot = close_and_publish(world, round_)
    for internal in (
        "bitte anrufen",
        "nicht angenommener Text",
        "Bitte Zahl nennen",
        "example.org",
    ):
        assert internal not in snapshot.document
    assert by_code(snapshot)["1.3"]["report"] is None


def test_a_draft_is_published_as_expected(world: World) -> None:
    round_ = world.open_round()
    report = world.report(round_, world.measures[0])
    report.state, report.draft = "draft", {"achieved": "Entwurf"}  # type: ignore[assignment]
    expected = by_code(close_and_publish(world, round_))["1.1"]["expected"]
    assert expected["state"] == "expected"  # type: ignore[index]


def test_small_groups_are_not_published(world: World) -> None:
    round_ = world.open_round()
    lines = (
        Participants(ParticipantUnit.PERSONS, 4),
        Participants(ParticipantUnit.CASES, 5),
        Participants(ParticipantUnit.PARTICIPATIONS, 0),
    )
    report = world.report(round_, world.measures[0])
    world.accept(world.submit(report, replace(RUNNING, participants=lines)))
    published_lines = by_code(close_and_publish(world, round_))["1.1"]["report"]["participants"]  # type: ignore[index]
    assert published_lines == [
        {"unit": "persons", "count": None, "suppressed": True},
        {"unit": "cases", "count": 5, "suppressed": False},
        {"unit": "participations", "count": 0, "suppressed": False},
    ]


def test_publishing_with_a_submitted_report_left_is_refused(world: World) -> None:
    round_ = world.open_round()
    world.submit(world.report(round_, world.measures[1]))
    with pytest.raises(IllegalTransition, match=r"noch nicht geprüft \(Maßnahme 1\.2\)"):
        close_and_publish(world, round_)
    assert round_.state is RoundState.CLOSED


def test_an_open_round_is_not_published(world: World) -> None:
    round_ = world.open_round()
    with pytest.raises(IllegalTransition, match="Die Runde ist offen"):
        publish(
            world.session,
            round_=round_,
            by=world.coordination,
            now=PUBLISHED_AT,
            instance=INSTANCE,
        )


@pytest.mark.parametrize("who", ["representative", "committee"])
def test_only_the_ki_publishes(world: World, who: str) -> None:
    with pytest.raises(Forbidden, match="nur das Kommunale Integrationszentrum"):
        publish(
            world.session,
            round_=world.open_round(),
            by=getattr(world, who),
            now=PUBLISHED_AT,
            instance=INSTANCE,
        )


def test_a_value_is_carried_with_the_quarter_it_comes_from(world: World) -> None:
    second = world.open_round("2026-Q1", opened="2026-04-01 06:00")
    report = world.report(second, world.measures[0])
    world.submit(report, at="2026-04-05 09:00")
    world.accept(report, at="2026-04-06 09:00")
    close_and_publish(world, second, "2026-05-02 09:00")
    between = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    close_and_publish(world, between, "2026-08-02 09:00")
    snapshot = close_and_publish(world, world.open_round())
    measure = by_code(snapshot)["1.1"]
    assert measure["value"] is None
    assert measure["carried"] == {
        "implementation": "in_progress",
        "course": "on_track",
        "period": "2026-Q1",
        "label": "Q1/2026",
    }
    document = json.loads(snapshot.document)
    assert document["figures"]["carried"] == 1
    assert document["figures"]["distribution"]["no_report"] == 6
    assert document["previous"]["period"] == "2026-Q2"


def test_a_correction_is_a_second_version_and_both_stay_readable(world: World) -> None:
    round_ = filled_round(world)
    first = close_and_publish(world, round_)
    rounds.correct(
        world.session,
        round_=round_,
        reason="Zahl der Gruppen war falsch",
        by=world.coordination,
        now=moment("2026-11-10 09:00"),
    )
    second = close_and_publish(world, round_, "2026-11-11 09:00")
    assert (first.version, second.version) == (1, 2)
    assert second.reason == "Zahl der Gruppen war falsch"
    assert json.loads(second.document)["corrections"] == [
        {"version": 2, "reason": second.reason, "published_on": "2026-11-11"}
    ]
    assert [item.version for item in published.versions(world.session)] == [2, 1]
    assert [item.version for item in published.current(world.session)] == [2]
    assert snapshots.show(world.session, period="2026-Q3", version=1)[1] == first.document
    assert all(item.is_intact for item in snapshots.verify(world.session))


def test_renaming_and_retiring_afterwards_changes_nothing_published(world: World) -> None:
    snapshot = close_and_publish(world, filled_round(world))
    before = snapshots.show(world.session, period="2026-Q3", version=None)
    world.session.get_one(Institution, world.library.id).name = "Neuer Name"
    world.measures[0].retired_on = date(2026, 9, 1)
    world.session.flush()
    world.session.expire_all()
    assert snapshots.show(world.session, period="2026-Q3", version=None) == before
    assert before[1] == snapshot.document


def test_the_same_facts_give_the_same_bytes(world: World) -> None:
    round_ = filled_round(world)
    first = close_and_publish(world, round_)
    document = json.loads(first.document)
    assert canonical_json(document) == first.document
    assert [item["code"] for item in document["measures"]] == [item.code for item in world.measures]


@pytest.mark.parametrize("verb", ["UPDATE {table} SET {column} = ''", "DELETE FROM {table}"])
@pytest.mark.parametrize(
    ("table", "column"), [("snapshot", "document"), ("snapshot_part", "payload")]
)
def test_the_database_refuses_to_change_a_publication(
    world: World, verb: str, table: str, column: str
) -> None:
    close_and_publish(world, world.open_round())
    with (
        pytest.raises(DatabaseError, match="is a record: it is never changed"),
        world.session.begin_nested(),
    ):
        world.session.execute(text(verb.format(table=table, column=column)))


def test_a_measure_retired_before_the_stichtag_is_left_out(world: World) -> None:
    world.measures[-1].retired_on = date(2026, 9, 30)
    document = json.loads(close_and_publish(world, world.open_round()).document)
    assert [item["code"] for item in document["measures"]] == ["1.1", "1.2", "1.3", "2.1", "2.2"]


def test_a_demonstration_says_so(world: World) -> None:
    world.session.add(InstanceValue(key="demonstration", value="1"))
    snapshot = close_and_publish(world, world.open_round())
    assert json.loads(snapshot.document)["demonstration"] is True
    assert published.overview(world.session, published.current(world.session)[0])["demonstration"]


@pytest.mark.parametrize(
    ("period", "version", "message"),
    [
        (
            "2026-Q2",
            None,
            r"^Diese Runde ist nicht veröffentlicht\. Veröffentlicht sind: Q3/2026\. Bitte",
        ),
        ("2026-Q3", 7, "Q3/2026 hat keine Fassung 7. Bitte wählen Sie eine von diesen: 1"),
    ],
)
def test_an_unknown_publication_is_answered_with_what_there_is(
    world: World, period: str, version: int | None, message: str
) -> None:
    close_and_publish(world, world.open_round())
    with pytest.raises(NotFound, match=message):
        snapshots.show(world.session, period=period, version=version)


def test_without_any_publication_the_answer_says_what_comes_first(world: World) -> None:
    with pytest.raises(NotFound, match="noch keine Runde veröffentlicht"):
        snapshots.show(world.session, period="2026-Q3", version=None)


@pytest.mark.parametrize("size", [3, 30])
def test_publishing_sends_as_many_statements_for_ten_times_the_measures(
    session: Session, engine: Engine, size: int
) -> None:
    world = World(session, measures_per_field=size)
    world.lead(world.library)
    round_ = world.open_round()
    rounds.close_round(session, round_=round_, by=world.coordination, now=PUBLISHED_AT)
    with StatementCounter(engine) as counter:
        publish(session, round_=round_, by=world.coordination, now=PUBLISHED_AT, instance=INSTANCE)
    reads = [item for item in counter.statements if item.startswith("SELECT")]
    assert len(reads) == 16
