"""Which rounds can be planned, and how their days move, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session, select

from tests.factories import World, moment
from tests.reporting.rounds.actions.round_world import NOW, plan, put
from tracker.core.errors import IllegalTransition, Invalid
from tracker.core.models import AuditEvent
from tracker.core.periods import Period
from tracker.reporting.models import Round
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rounds.actions.rounds import change_dates, dates_of, plan_rounds
from tracker.reporting.rules.planning import Pattern, RoundDates, periods_of, usual_dates
from tracker.reporting.rules.rounds import RoundState


@pytest.fixture
def world(session: Session) -> World:
    """A concept of six measures, all led by the library."""
    world = World(session)
    world.lead(world.library)
    return world


def test_a_due_day_within_the_period_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match=r"30\.09\.2026") as refusal:
        plan(world, due_on=date(2026, 9, 30))
    assert refusal.value.problems[0].field == "due_on"


def test_a_period_is_planned_once(world: World) -> None:
    plan(world)
    with pytest.raises(Invalid, match="gibt es schon"):
        plan(world)


def test_papers_are_sent_before_the_sitting(world: World) -> None:
    with pytest.raises(Invalid, match=r"02\.12\.2026.*nach der Sitzung.*01\.12\.2026"):
        plan(world, despatch_on=date(2026, 12, 2), committee_on=date(2026, 12, 1))
    plan(world, despatch_on=date(2026, 12, 1), committee_on=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("first", "then"),
    [("2026-Q4", "2026-H2"), ("2026-H2", "2026-Q3"), ("2026-H2", "2026-Q4")],
)
def test_rounds_of_a_concept_do_not_overlap(world: World, first: str, then: str) -> None:
    day = date(2027, 1, 15)
    earlier = plan(world, first, due_on=day)
    label = Period.parse(first).label
    with pytest.raises(Invalid, match=f"überschneidet sich mit der Runde {label}"):
        plan(world, then, due_on=day)
    rounds.cancel(world.session, round_=earlier, by=world.coordination, now=NOW)
    assert plan(world, then, due_on=day).state is RoundState.PLANNED


def test_a_half_year_follows_another_and_a_quarter_the_half_year(world: World) -> None:
    for period in ("2026-H1", "2026-Q3", "2026-Q4"):
        plan(world, period, due_on=date(2027, 1, 15))


def test_a_period_before_the_first_edition_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match="keine Fassung"):
        plan(world, "2019-Q4", due_on=date(2026, 10, 15))


def test_a_half_year_can_be_planned(world: World) -> None:
    round_ = plan(world, "2026-H1", due_on=date(2026, 7, 15))
    assert (round_.period_start, round_.period_end) == (date(2026, 1, 1), date(2026, 6, 30))


YEAR = {period: usual_dates(period, due_day=15) for period in periods_of(2027, Pattern.QUARTER)}
DATES = RoundDates(
    due_on=date(2026, 10, 15), opens_on=date(2026, 10, 1), closes_on=date(2026, 10, 29)
)


def plan_year(world: World, dates: dict[Period, RoundDates]) -> tuple[Round, ...]:
    return plan_rounds(
        world.session,
        concept_id=world.concept_id,
        dates=dates,
        resubmit_days=7,
        by=world.coordination,
        now=NOW,
    )


def everything(world: World) -> list[object]:
    """All rounds and what was recorded about them."""
    rounds_ = [item.model_dump() for item in world.session.exec(select(Round)).all()]
    return [*rounds_, len(world.session.exec(select(AuditEvent)).all())]


def test_a_year_is_planned_with_the_days_of_the_clock_and_planning_it_again_changes_nothing(
    world: World,
) -> None:
    planned = plan_year(world, YEAR)
    assert [item.period for item in planned] == ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"]
    assert {item.state for item in planned} == {RoundState.PLANNED}
    assert [dates_of(item) for item in planned] == list(YEAR.values())
    assert (planned[3].opens_on, planned[3].closes_on) == (date(2028, 1, 1), date(2028, 1, 29))
    before = everything(world)
    other = {period: replace(dates, closes_on=None) for period, dates in YEAR.items()}
    assert plan_year(world, other) == ()
    assert everything(world) == before


def test_only_what_is_missing_is_planned(world: World) -> None:
    first, second, *_ = YEAR
    cancelled = plan_year(world, {first: YEAR[first]})[0]
    rounds.cancel(world.session, round_=cancelled, by=world.coordination, now=NOW)
    plan_year(world, {second: YEAR[second]})
    assert [item.period for item in plan_year(world, YEAR)] == ["2027-Q3", "2027-Q4"]


def test_a_year_that_overlaps_is_refused_as_a_whole(world: World) -> None:
    plan_year(world, {Period.parse("2027-H2"): usual_dates(Period.parse("2027-H2"), due_day=15)})
    with pytest.raises(Invalid, match="überschneidet sich mit der Runde H2/2027"):
        plan_year(world, YEAR)


def move(world: World, period: Period, dates: RoundDates) -> bool:
    round_ = rounds.find(world.session, concept_id=world.concept_id, period=period)
    assert round_ is not None
    return change_dates(world.session, round_=round_, dates=dates, by=world.coordination, now=NOW)


WAYS = {
    "plan": lambda world, period, dates: plan_year(world, {period: dates}),
    "change": move,
}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"opens_on": date(2026, 10, 16)}, "opens_on"),
        ({"closes_on": date(2026, 10, 14)}, "closes_on"),
        ({"due_on": date(2026, 9, 30), "opens_on": None}, "due_on"),
        ({"despatch_on": date(2026, 12, 2), "committee_on": date(2026, 12, 1)}, "despatch_on"),
    ],
)
@pytest.mark.parametrize("how", WAYS)
def test_days_that_contradict_each_other_are_refused_at_their_field(
    world: World, how: str, changes: dict[str, date], field: str
) -> None:
    wrong = replace(DATES, **changes)
    period = Period.parse("2026-Q3")
    if how == "change":
        plan_year(world, {period: DATES})
    with pytest.raises(Invalid) as refusal:
        WAYS[how](world, period, wrong)
    assert [problem.field for problem in refusal.value.problems] == [field]


def test_a_planned_rounds_days_move_and_what_they_were_is_recorded(world: World) -> None:
    round_ = plan_year(world, {Period.parse("2026-Q3"): DATES})[0]
    later = replace(DATES, due_on=date(2026, 10, 22), opens_on=None, despatch_on=date(2026, 11, 3))
    assert change_dates(world.session, round_=round_, dates=later, by=world.coordination, now=NOW)
    assert dates_of(round_) == later
    event = world.session.exec(
        select(AuditEvent).where(AuditEvent.verb == "round.change_dates")
    ).one()
    assert event.before == {
        "opens_on": "2026-10-01", "due_on": "2026-10-15", "despatch_on": None
    }  # fmt: skip
    assert event.after == {"opens_on": None, "due_on": "2026-10-22", "despatch_on": "2026-11-03"}
    before = everything(world)
    assert not change_dates(world.session, round_=round_, dates=later, by=None, now=NOW)
    assert everything(world) == before


def test_an_open_round_keeps_its_opening_and_its_abgabefrist_never_moves_into_the_past(
    world: World,
) -> None:
    round_ = plan_year(world, {Period.parse("2026-Q3"): DATES})[0]
    rounds.open_round(world.session, round_=round_, by=None, now=NOW)
    for wrong, field in (
        (replace(DATES, opens_on=None), "opens_on"),
        (replace(DATES, due_on=date(2026, 10, 4)), "due_on"),
    ):
        with pytest.raises(Invalid) as refusal:
            change_dates(world.session, round_=round_, dates=wrong, by=None, now=NOW)
        assert refusal.value.problems[0].field == field
    today = replace(DATES, due_on=date(2026, 10, 5), closes_on=None)
    assert change_dates(world.session, round_=round_, dates=today, by=None, now=NOW)
    # A day that has passed meanwhile may stay as it is.
    then = moment("2026-10-09 09:00")
    assert change_dates(
        world.session,
        round_=round_,
        dates=replace(today, despatch_on=date(2026, 11, 3)),
        by=None,
        now=then,
    )


@pytest.mark.parametrize("state", [RoundState.CLOSED, RoundState.PUBLISHED, RoundState.CANCELLED])
def test_the_days_of_a_round_that_is_over_stay(world: World, state: RoundState) -> None:
    round_ = put(world, state)
    with pytest.raises(IllegalTransition, match="geplant oder offen"):
        change_dates(world.session, round_=round_, dates=DATES, by=None, now=NOW)


def test_a_round_opened_by_hand_before_its_day_keeps_its_days(world: World) -> None:
    round_ = plan_year(world, {Period.parse("2026-Q3"): DATES})[0]
    early = moment("2026-09-28 09:00")
    assert rounds.open_round(world.session, round_=round_, by=world.coordination, now=early) == 6
    assert dates_of(round_) == DATES


def test_a_round_opened_late_or_again_is_closed_by_a_person_not_by_the_clock(
    world: World,
) -> None:
    round_ = plan_year(world, {Period.parse("2026-Q3"): DATES})[0]
    late = moment("2026-10-30 09:00")
    rounds.open_round(world.session, round_=round_, by=None, now=late)
    assert round_.closes_on is None
    round_.closes_on = date(2026, 11, 5)
    rounds.close_round(world.session, round_=round_, by=None, now=late)
    rounds.reopen(world.session, round_=round_, reason="Nachzügler", by=None, now=late)
    assert round_.closes_on is None
