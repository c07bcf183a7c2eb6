"""Who publishes what and when, and that a publication stays as it is; on both databases."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from tests.conftest import StatementCounter
from tests.factories import World, moment
from tests.publication.publishing import (
    INSTANCE,
    PUBLISHED_AT,
    close_and_publish,
    correct_sitting,
    filled_round,
    shown,
)
from tracker.concept.models import Institution
from tracker.core.errors import Forbidden, IllegalTransition, NotFound
from tracker.publication.actions.publication import publish
from tracker.publication.queries import published, snapshots
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.rounds import RoundState


@pytest.fixture
def world(session: Session) -> World:
    """Six measures, all but the last led by the library."""
    world = World(session)
    world.lead(world.library, *world.measures[:-1])
    return world


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
    with pytest.raises(Forbidden, match="nur die koordinierende Stelle"):
        publish(
            world.session,
            round_=world.open_round(),
            by=getattr(world, who),
            now=PUBLISHED_AT,
            instance=INSTANCE,
        )


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
    correct_sitting(round_)
    second = close_and_publish(world, round_, "2026-11-11 09:00")
    assert (first.version, second.version) == (1, 2)
    assert second.reason == "Zahl der Gruppen war falsch"
    assert json.loads(second.document)["corrections"] == [
        {"version": 2, "reason": second.reason, "published_on": "2026-11-11"}
    ]
    assert [item.version for item in published.versions(world.session)] == [2, 1]
    of_concept = published.current(world.session, concept_id=world.concept_id)
    assert [item.version for item in of_concept] == [2]
    assert shown(world, version=1)[1] == first.document
    assert not any(checked.problems for checked in snapshots.verify(world.session))


def test_renaming_and_retiring_afterwards_changes_nothing_published(world: World) -> None:
    snapshot = close_and_publish(world, filled_round(world))
    before = shown(world, version=None)
    world.session.get_one(Institution, world.library.id).name = "Neuer Name"
    world.measures[0].retired_on = date(2026, 9, 1)
    world.session.flush()
    world.session.expire_all()
    assert shown(world, version=None) == before
    assert before[1] == snapshot.document


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
        shown(world, period=period, version=version)


def test_without_any_publication_the_answer_says_what_comes_first(world: World) -> None:
    with pytest.raises(NotFound, match="noch keine Runde veröffentlicht"):
        shown(world, version=None)


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
    assert len(reads) == 17
