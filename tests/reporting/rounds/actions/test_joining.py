"""A report that joins an open round later, on both databases."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlmodel import Session, select

from tests.factories import World, moment
from tests.publication.publishing import close_and_publish
from tests.reporting.rounds.actions.round_world import NOW, put
from tracker.core.errors import IllegalTransition, Invalid
from tracker.core.models import AuditEvent
from tracker.core.periods import Period, local_day
from tracker.reporting.models import Extension, Report, Round
from tracker.reporting.rounds.actions import joining, rounds
from tracker.reporting.rounds.queries.round_list import round_head, round_list
from tracker.reporting.rounds.queries.round_page import RoundPage, round_page
from tracker.reporting.rules.figures import Ratio
from tracker.reporting.rules.reports import Punctuality
from tracker.reporting.rules.rounds import RoundState

OWN_DAY = date(2026, 11, 5)


@pytest.fixture
def world(session: Session) -> World:
    """A concept of six measures, the library leads the first five."""
    world = World(session)
    world.lead(world.library, *world.measures[:5])
    return world


def join(world: World, round_: Round, **changes: object) -> Report:
    arguments = {
        "round_": round_,
        "measure_id": world.measures[5].id,
        "due_on": OWN_DAY,
        "reason": "Erst jetzt federführend",
        "by": world.coordination,
        "now": NOW,
    } | changes
    return joining.join(world.session, **arguments)  # type: ignore[arg-type]


def joined(world: World, round_: Round) -> Report:
    """The sixth measure gets its lead, and its report joins."""
    world.lead(world.library, world.measures[5])
    return join(world, round_)


def page(world: World, when: str) -> RoundPage:
    world.session.flush()
    head = round_head(world.session, concept_id=world.concept_id, period=Period.parse("2026-Q3"))
    assert head is not None
    return round_page(world.session, head=head, now=moment(when))


def test_the_original_set_stays_visible_beside_what_joined(world: World) -> None:
    round_ = world.open_round()
    first = world.report(round_, world.measures[0])
    world.accept(world.submit(first))
    report = joined(world, round_)
    shown = page(world, "2026-10-20 09:00")
    assert [item.code for item in shown.joined] == ["2.3"]
    assert (shown.returns.completeness, shown.returns.joined) == (Ratio(1, 6), 1)
    assert (shown.original.completeness, shown.original.joined) == (Ratio(1, 5), 0)
    [summary] = round_list(
        world.session, concept_id=world.concept_id, now=moment("2026-10-20 09:00")
    )
    assert summary.returns == shown.returns
    assert summary.returns is not None
    assert summary.returns.joined == 1
    world.submit(report, at="2026-11-05 20:00")
    [late] = page(world, "2026-11-06 09:00").joined
    assert (late.due_on, late.punctuality, late.is_extended) == (
        OWN_DAY,
        Punctuality.ON_TIME,
        False,
    )


def test_its_own_day_holds_where_the_round_is_closed_before(world: World) -> None:
    round_ = world.open_round()
    report = joined(world, round_)
    rounds.close_round(world.session, round_=round_, by=None, now=moment("2026-10-16 09:00"))
    assert page(world, "2026-10-20 09:00").joined[0].may_be_written
    world.submit(report, at="2026-11-05 09:00")
    other = world.report(round_, world.measures[0])
    with pytest.raises(IllegalTransition, match="geschlossen"):
        world.submit(other, at="2026-10-20 09:00")


def test_a_published_record_counts_it_like_any_other_and_reads_its_day(world: World) -> None:
    round_ = world.open_round()
    world.accept(world.submit(joined(world, round_), at="2026-11-01 09:00"), at="2026-11-01 10:00")
    record = json.loads(close_and_publish(world, round_).document)
    assert record["figures"]["returns"]["timeliness"]["count"] == 1
    assert record["figures"]["returns"]["completeness"]["total"] == 6
    expected = {item["code"]: item["expected"] for item in record["measures"]}
    assert (expected["2.3"]["due_on"], expected["2.3"]["punctuality"]) == ("2026-11-05", "on_time")
    assert expected["2.3"]["joined_on"] == local_day(NOW).isoformat()
    others = [item for code, item in expected.items() if item and code != "2.3"]
    assert {item["joined_on"] for item in others} == {None}


def test_an_extension_of_it_is_longer_than_its_own_day(world: World) -> None:
    round_ = world.open_round()
    key = {"institution_id": None, "report_id": joined(world, round_).id}
    grant = {"round_": round_, "reason": "Umzug", "by": world.coordination, "now": NOW} | key
    with pytest.raises(Invalid, match="Nachfrist"), world.session.begin_nested():
        rounds.grant_extension(world.session, until=OWN_DAY, **grant)  # type: ignore[arg-type]
    rounds.grant_extension(
        world.session,
        until=date(2026, 11, 9),
        **grant,  # type: ignore[arg-type]
    )
    [shown] = page(world, "2026-11-06 09:00").joined
    assert (shown.due_on, shown.is_extended) == (date(2026, 11, 9), True)


def test_it_is_prefilled_from_the_last_accepted_one(session: Session) -> None:
    world = World(session)
    world.lead(world.library)
    earlier = world.report(
        world.open_round("2026-Q1", opened="2026-04-01 06:00"), world.measures[5]
    )
    world.accept(world.submit(earlier, at="2026-04-05 09:00"), at="2026-04-06 09:00")
    round_ = world.open_round()
    world.session.delete(world.report(round_, world.measures[5]))
    world.session.flush()
    assert join(world, round_).previous_report_id == earlier.id


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reason": " "}, "begründen"),
        ({"due_on": date(2026, 10, 14)}, "vom 15.10.2026 bis zum 15.10.2027"),
        ({"due_on": date(2027, 10, 16)}, "vom 15.10.2026 bis zum 15.10.2027"),
        ({"due_on": date(2026, 10, 20), "now": moment("2026-10-21 09:00")}, "vom 21.10.2026"),
        ({"measure_id": 0}, "nicht berichtet"),
    ],
    ids=["no reason", "before the round's day", "over a year", "in the past", "no measure"],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    world: World, changes: dict[str, object], message: str
) -> None:
    round_ = world.open_round()
    world.lead(world.library, world.measures[5])
    with pytest.raises(Invalid, match=message), world.session.begin_nested():
        join(world, round_, **changes)
    assert len(page(world, "2026-10-05 09:00").reports) == 5


def test_a_measure_without_lead_or_with_a_report_does_not_join(world: World) -> None:
    round_ = world.open_round()
    with pytest.raises(Invalid, match=r"Für 2\.3 ist heute niemand federführend"):
        join(world, round_)
    joined(world, round_)
    for measure in (world.measures[0], world.measures[5]):
        with pytest.raises(Invalid, match="schon eine Meldung erwartet"):
            join(world, round_, measure_id=measure.id)


@pytest.mark.parametrize(
    ("retired_on", "joins"), [(date(2026, 10, 1), True), (date(2026, 9, 30), False)]
)
def test_a_measure_retired_after_the_stichtag_joins(
    world: World, retired_on: date, *, joins: bool
) -> None:
    round_ = world.open_round()
    world.measures[5].retired_on = retired_on
    if joins:
        assert joined(world, round_).measure_id == world.measures[5].id
    else:
        with pytest.raises(Invalid, match="nicht berichtet"):
            joined(world, round_)


@pytest.mark.parametrize("state", [state for state in RoundState if state is not RoundState.OPEN])
def test_only_an_open_round_is_joined(world: World, state: RoundState) -> None:
    round_ = put(world, state)
    with pytest.raises(IllegalTransition, match="nur in einer offenen Runde"):
        join(world, round_)


def test_a_correction_asks_for_nothing_more(world: World) -> None:
    round_ = put(world, RoundState.PUBLISHED)
    by, now = world.coordination, NOW
    rounds.correct(world.session, round_=round_, reason="Dreher", by=by, now=now)
    rounds.reopen(world.session, round_=round_, reason="Alle", by=by, now=now)
    with pytest.raises(IllegalTransition, match="nächste Runde"):
        join(world, round_)


def test_who_asked_when_and_why_is_recorded(world: World) -> None:
    round_ = world.open_round()
    report = joined(world, round_)
    row = world.session.exec(select(Extension).where(Extension.report_id == report.id)).one()
    assert (row.granted_by_id, row.granted_at, row.reason, row.joins) == (
        world.coordination.account_id,
        NOW,
        "Erst jetzt federführend",
        True,
    )
    event = world.session.exec(select(AuditEvent).where(AuditEvent.verb == "report.join")).one()
    assert event.after == {"due_on": "2026-11-05", "reason": "Erst jetzt federführend"}
