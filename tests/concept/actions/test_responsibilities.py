"""Assigning lead and partners, on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection
from sqlmodel import Session, col, select

from tests.conftest import StatementCounter
from tests.factories import START, World, moment
from tracker.concept.actions import responsibilities
from tracker.concept.models import (
    Concept,
    Institution,
    Measure,
    MeasureKind,
    Responsibility,
    ResponsibilityRole,
)
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.models import AuditEvent

NOW = moment("2026-10-05 09:00")
LEAD, PARTNER = ResponsibilityRole.LEAD, ResponsibilityRole.PARTNER


@pytest.fixture
def world(session: Session) -> World:
    """A concept of six measures that nobody leads."""
    return World(session)


def assign(
    world: World,
    institution: Institution,
    *measures: Measure,
    role: ResponsibilityRole = LEAD,
    start: date = START,
    end: date | None = None,
) -> int:
    return responsibilities.assign(
        world.session,
        measure_ids=[item.id or 0 for item in measures],
        institution_id=institution.id or 0,
        role=role,
        valid_from=start,
        valid_to=end,
        by=world.coordination,
        now=NOW,
    )


def lines(world: World, measure: Measure) -> list[tuple[str, str, date, date | None]]:
    rows = world.session.exec(
        select(Responsibility, Institution)
        .join(Institution, col(Institution.id) == Responsibility.institution_id)
        .where(Responsibility.measure_id == measure.id)
        .order_by(col(Responsibility.valid_from), col(Responsibility.id))
    )
    return [(who.key, row.role.value, row.valid_from, row.valid_to) for row, who in rows]


def audited(world: World) -> int:
    return len(world.session.exec(select(AuditEvent)).all())


def test_several_measures_are_assigned_at_once(world: World) -> None:
    assert assign(world, world.library, *world.measures) == len(world.measures)
    assert all(lines(world, item) == [("vhs", "lead", START, None)] for item in world.measures)
    assert audited(world) == len(world.measures)


def test_many_measures_take_no_more_statements_than_two(world: World) -> None:
    def count(institution: Institution, measures: list[Measure], start: date) -> int:
        bound = world.session.get_bind()
        assert isinstance(bound, Connection)
        with StatementCounter(bound.engine) as counter:
            assert assign(world, institution, *measures, start=start) == len(measures)
        return counter.count

    assign(world, world.library, *world.measures)
    one_follows = date(2026, 1, 1)
    two = count(world.club, world.measures[:2], one_follows)
    assert count(world.club, world.measures[2:], one_follows) == two
    assert [lines(world, item)[-1] for item in world.measures] == [
        ("ibz", "lead", one_follows, None)
    ] * len(world.measures)


def test_an_end_is_recorded_before_the_lead_that_follows_measure_by_measure(world: World) -> None:
    one, other = world.measures[:2]
    assign(world, world.library, one, other)
    before = audited(world)
    assign(world, world.club, one, other, start=date(2026, 10, 1))
    rows = world.session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()[before:]
    old_and_new = [
        row.id
        for measure in (one, other)
        for row in world.session.exec(
            select(Responsibility)
            .where(Responsibility.measure_id == measure.id)
            .order_by(col(Responsibility.valid_from))
        )
    ]
    assert [(row.verb, row.entity_id) for row in rows] == list(
        zip(["responsibility.end", "responsibility.assign"] * 2, old_and_new, strict=True)
    )
    assert (rows[0].before, rows[0].after) == ({"valid_to": None}, {"valid_to": "2026-09-30"})


def test_the_same_measure_named_twice_is_assigned_once(world: World) -> None:
    measure = world.measures[0]
    assert assign(world, world.library, measure, measure) == 1


def test_assigning_what_is_assigned_changes_nothing(world: World) -> None:
    assign(world, world.library, world.measures[0])
    before = audited(world)
    assert assign(world, world.library, world.measures[0]) == 0
    assert audited(world) == before


def test_a_lead_that_is_followed_ends_the_day_before(world: World) -> None:
    measure = world.measures[0]
    assign(world, world.library, measure)
    assign(world, world.club, measure, start=date(2026, 10, 1))
    assert lines(world, measure) == [
        ("vhs", "lead", START, date(2026, 9, 30)),
        ("ibz", "lead", date(2026, 10, 1), None),
    ]


def test_a_dated_lead_that_overlaps_is_refused_and_named(world: World) -> None:
    measure = world.measures[0]
    assign(world, world.library, measure, end=date(2026, 12, 31))
    with pytest.raises(Conflict, match=r"Volkshochschule.*01\.01\.2020"):
        assign(world, world.club, measure, start=date(2026, 12, 31))
    assert assign(world, world.club, measure, start=date(2027, 1, 1)) == 1


def test_a_lead_cannot_begin_before_the_present_one(world: World) -> None:
    measure = world.measures[0]
    assign(world, world.library, measure, start=date(2026, 7, 1))
    with pytest.raises(Conflict):
        assign(world, world.club, measure, start=date(2026, 7, 1))
    with pytest.raises(Conflict):
        assign(world, world.club, measure, start=START)
    assert assign(world, world.club, measure, start=START, end=date(2026, 6, 30)) == 1


def test_all_or_none_are_assigned(world: World) -> None:
    first, second = world.measures[:2]
    assign(world, world.library, second, end=date(2026, 12, 31))
    with pytest.raises(Conflict), world.session.begin_nested():
        assign(world, world.club, first, second)
    assert lines(world, first) == []


def test_partners_live_side_by_side(world: World) -> None:
    measure = world.measures[0]
    third = world.institution("dritte", "Dritte")
    assign(world, world.library, measure)
    for institution in (world.club, third):
        assign(world, institution, measure, role=PARTNER)
    assert [role for _, role, _, _ in lines(world, measure)] == ["lead", "partner", "partner"]


def test_a_partner_that_takes_the_lead_stops_being_partner(world: World) -> None:
    measure = world.measures[0]
    assign(world, world.club, measure, role=PARTNER)
    assign(world, world.club, measure, start=date(2026, 10, 1))
    assert lines(world, measure) == [
        ("ibz", "partner", START, date(2026, 9, 30)),
        ("ibz", "lead", date(2026, 10, 1), None),
    ]


def test_a_cross_reference_takes_no_responsibility(world: World) -> None:
    world.wordings[0].kind = MeasureKind.REFERENCE
    world.session.flush()
    with pytest.raises(Invalid, match=r"1\.1 ist ein Querverweis"):
        assign(world, world.library, *world.measures)
    assert lines(world, world.measures[1]) == []


def test_what_cannot_be_is_refused_with_its_remedy(world: World) -> None:
    measure = world.measures[0]
    with pytest.raises(Invalid, match="mindestens eine Maßnahme"):
        assign(world, world.library)
    with pytest.raises(Invalid, match="vor dem Anfang"):
        assign(world, world.library, measure, end=date(2019, 12, 31))
    with pytest.raises(NotFound, match="Maßnahmen"):
        assign(world, world.library, Measure(id=999_999))  # type: ignore[call-arg]
    world.club.is_active = False
    world.session.flush()
    with pytest.raises(NotFound, match="Institution"):
        assign(world, world.club, measure)


@pytest.mark.parametrize("day", [date(2010, 9, 22), date(2036, 10, 7)])
def test_a_day_before_the_resolution_or_ten_years_ahead_is_refused(world: World, day: date) -> None:
    with pytest.raises(Invalid, match="Ratsbeschluss"):
        assign(world, world.library, world.measures[0], start=day)
    assert assign(world, world.library, world.measures[0], start=date(2010, 9, 23)) == 1


def test_a_lead_that_ends_without_a_follower_leaves_a_gap(world: World) -> None:
    one, other, third = world.measures[:3]

    def gaps() -> list[tuple[date, tuple[str, ...]]]:
        found = responsibilities.uncovered(
            world.session,
            measure_ids=[item.id or 0 for item in world.measures],
            today=date(2026, 10, 5),
        )
        return [(item.day, item.codes) for item in found]

    for measure in (third, other, one):
        assign(world, world.library, measure)
    assert gaps() == []
    assign(world, world.club, one, other, start=date(2026, 12, 1), end=date(2026, 12, 15))
    assign(world, world.club, third, start=date(2026, 11, 1), end=date(2026, 11, 30))
    assert gaps() == [(date(2026, 12, 1), ("1.3",)), (date(2026, 12, 16), ("1.1", "1.2"))]
    assign(world, world.library, one, start=date(2026, 12, 16))
    assert gaps() == [(date(2026, 12, 1), ("1.3",)), (date(2026, 12, 16), ("1.2",))]


def test_ending_keeps_the_past_and_both_days(world: World) -> None:
    measure = world.measures[0]
    assign(world, world.library, measure)
    row = world.session.exec(select(Responsibility)).one()

    def end(day: date, key: int | None = row.id) -> Responsibility:
        return responsibilities.end(
            world.session, responsibility_id=key or 0, valid_to=day, by=world.coordination, now=NOW
        )

    with pytest.raises(Invalid, match=r"01\.01\.2020"):
        end(date(2019, 12, 31))
    with pytest.raises(NotFound):
        end(date(2026, 1, 1), 999_999)
    assert end(START).valid_to == START
    assert lines(world, measure) == [("vhs", "lead", START, START)]


def test_measures_of_two_concepts_are_not_assigned_together_nor_under_another_name(
    world: World,
) -> None:
    second = World(world.session, key="zweites", beside=world)
    own, foreign = world.measures[0], second.measures[0]
    with pytest.raises(NotFound, match="Eine der Maßnahmen gibt es nicht"):
        assign(world, world.library, own, foreign)
    values = {
        "measure_ids": [foreign.id or 0],
        "institution_id": world.library.id or 0,
        "role": LEAD,
        "valid_from": START,
        "valid_to": None,
        "by": world.coordination,
        "now": NOW,
    }
    with pytest.raises(NotFound, match="Eine der Maßnahmen gibt es nicht"):
        responsibilities.assign(world.session, **values, concept_id=world.concept_id)
    assert responsibilities.assign(world.session, **values, concept_id=second.concept_id) == 1


def test_a_day_is_checked_against_the_resolution_of_the_measures_own_concept(world: World) -> None:
    second = World(world.session, key="zweites", beside=world)
    session = world.session
    session.get_one(Concept, second.concept_id).resolved_on = date(2024, 5, 16)
    session.flush()
    assert assign(world, world.library, world.measures[0], start=date(2011, 1, 1)) == 1
    with pytest.raises(Invalid, match=r"Ratsbeschluss \(16\.05\.2024\)"):
        assign(second, world.library, second.measures[0], start=date(2011, 1, 1))
