"""What a publication says, on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session, select

from tests.factories import RUNNING, World, moment
from tests.publication.publishing import (
    by_code,
    close_and_publish,
    filled_round,
)
from tracker.core.canonical import canonical_json, sha256_of
from tracker.core.models import AuditEvent, InstanceValue
from tracker.publication.models import SnapshotPart
from tracker.publication.queries import published
from tracker.publication.rules.snapshot_parts import split
from tracker.reporting.review.actions import review
from tracker.reporting.rules.content import Participants, ParticipantUnit


@pytest.fixture
def world(session: Session) -> World:
    """Six measures, all but the last led by the library."""
    world = World(session)
    world.lead(world.library, *world.measures[:-1])
    return world


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
        "Kinder und Eltern getrennt?",
        "field_comments",
        "example.org",
    ):
        assert internal not in snapshot.document
    assert by_code(snapshot)["1.3"]["report"] is None


def test_questions_about_an_accepted_report_are_not_published(world: World) -> None:
    round_ = world.open_round()
    report = world.submit(world.report(round_, world.measures[0]))
    by, key = world.coordination, report.id or 0
    at = moment("2026-10-06 09:00")
    comments = {"achieved": "Frage zum Feld", "internal_remark": "Frage zum Hinweis"}
    review.return_report(
        world.session,
        report_id=key,
        comment="Frage im Ganzen",
        field_comments=comments,
        by=by,
        now=at,
    )
    world.accept(world.submit(report, replace(RUNNING, internal_remark="Antwort nur ans KI")))
    review.revoke(world.session, report_id=key, reason="Grund des Widerrufs", by=by, now=at)
    world.accept(report)
    document = close_and_publish(world, round_).document
    assert "Zwei Kurse haben begonnen." in document
    for internal in ("Frage zum", "Frage im Ganzen", "Antwort nur ans KI", "Grund des Widerrufs"):
        assert internal not in document


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


def test_the_same_facts_give_the_same_bytes(world: World) -> None:
    round_ = filled_round(world)
    first = close_and_publish(world, round_)
    document = json.loads(first.document)
    assert canonical_json(document) == first.document
    assert [item["code"] for item in document["measures"]] == [item.code for item in world.wordings]


def test_a_measure_retired_before_the_stichtag_is_left_out(world: World) -> None:
    world.measures[-1].retired_on = date(2026, 9, 30)
    document = json.loads(close_and_publish(world, world.open_round()).document)
    assert [item["code"] for item in document["measures"]] == ["1.1", "1.2", "1.3", "2.1", "2.2"]


def test_a_demonstration_says_so(world: World) -> None:
    world.session.add(InstanceValue(key="demonstration", value="1"))
    snapshot = close_and_publish(world, world.open_round())
    assert json.loads(snapshot.document)["demonstration"] is True
    newest = published.current(world.session, concept_id=world.concept_id)[0]
    assert published.overview(world.session, newest)["demonstration"]
