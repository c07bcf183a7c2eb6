"""Two concepts go through their quarters side by side; neither shows in what the other says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from tests.factories import CRITICAL, RUNNING, World
from tests.publication.two_quarters import (
    AT,
    CONTENTS,
    FIRST,
    IN_Q3,
    PAPERS,
    Quarter,
    first_concept,
    of_world,
    run,
    said,
    second_concept,
)
from tracker.publication.queries import published, snapshots
from tracker.reporting.reports.queries.my_measures import MyMeasures, my_measures
from tracker.reporting.rules.content import ReportContent


@pytest.fixture
def alone(session: Session) -> dict[str, object]:
    """What is said of the first concept where there is no other."""
    published._kept.clear()
    with session.begin_nested() as savepoint:
        world = first_concept(session)
        run(of_world(world, FIRST))
        everything = said(world, with_papers=True)
        savepoint.rollback()
    return everything


def test_a_second_concept_changes_no_byte_of_what_is_said_of_the_first(
    session: Session, alone: dict[str, object]
) -> None:
    world = first_concept(session)
    second = second_concept(world)
    contents: list[ReportContent | None] = [CRITICAL, replace(RUNNING, events=11), None, RUNNING]
    run(of_world(world, FIRST) + of_world(second, contents, late=timedelta(hours=2)))
    assert said(world, with_papers=True) == alone
    other = said(second, with_papers=True)
    assert json.loads(str(other["2026-Q3/2"]))["concept"]["key"] == "zweites"
    own = (*PAPERS, "concept", "rounds", " 2026-Q3", "massnahme/<code> 2026-Q3")
    assert [name for name in own if other[name] == alone[name]] == []
    verified = snapshots.verify(session)
    assert len(verified) == 8
    assert {checked.problems for checked in verified} == {()}


# Without shrinking: an example takes a second.
@settings(
    max_examples=3,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(contents=CONTENTS, late=st.integers(-20 * 24, 20 * 24))
def test_whatever_the_second_concept_reports_and_when(
    session: Session, alone: dict[str, object], contents: list[ReportContent | None], late: int
) -> None:
    with session.begin_nested() as savepoint:
        world = first_concept(session)
        second = second_concept(world)
        run(of_world(world, FIRST) + of_world(second, contents, late=timedelta(hours=late)))
        everything = said(world)
        verified = snapshots.verify(session)
        savepoint.rollback()
    assert everything == {name: alone[name] for name in everything}
    assert {checked.problems for checked in verified} == {()}


def mine(world: World, now: datetime = IN_Q3) -> MyMeasures:
    institution_id = world.library.id or 0
    return my_measures(world.session.connection(), institution_id=institution_id, now=now)


def test_an_institution_has_one_list_by_concept_where_there_are_several(session: Session) -> None:
    world = first_concept(session)
    world.open_round()
    [only] = mine(world).rounds
    assert (only.concept, len(only.measures)) == ("", 4)
    second = second_concept(world)
    second.open_round()
    listed = mine(world)
    assert [(round_.concept, round_.period.key) for round_ in listed.rounds] == [
        ("Probekonzept", "2026-Q3"),
        ("Zweiteskonzept", "2026-Q3"),
    ]
    assert [[measure.code for measure in round_.measures] for round_ in listed.rounds] == [
        ["1.1", "1.2", "1.3", "2.1"],
        ["1.1", "1.2", "2.1", "2.2"],
    ]
    club = my_measures(session.connection(), institution_id=world.club.id or 0, now=AT)
    assert [round_.concept for round_ in club.rounds] == ["Probekonzept"]


def test_the_newest_publication_of_each_concept_is_told(session: Session) -> None:
    world = first_concept(session)
    second = second_concept(world)
    run(of_world(world, FIRST))
    run(Quarter(second, "2026-Q2", [RUNNING]).steps())
    told = [(told.concept, told.period.key, told.version) for told in mine(world, AT).published]
    assert told == [("Probekonzept", "2026-Q3", 2), ("Zweiteskonzept", "2026-Q2", 2)]
