"""Several measures confirmed unchanged at once: each by itself, a second time changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from sqlmodel import Session, select

from tests.factories import RUNNING, World, moment
from tracker.reporting.models import Report, ReportRevision, Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.reports.actions.reports import Confirmation, confirm_several
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import from_dict
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Course, Implementation

AT = moment("2026-10-05 09:00")
Confirm = Callable[..., tuple[Confirmation, ...]]


@pytest.fixture
def world(session: Session) -> World:
    """The library leads six measures, all with an accepted report of the second quarter."""
    world = World(session)
    world.lead(world.library)
    earlier = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    for measure in world.measures:
        report = world.submit(world.report(earlier, measure), at="2026-07-05 09:00")
        world.accept(report, at="2026-07-06 09:00")
    at = moment("2026-07-20 09:00")
    rounds.close_round(session, round_=earlier, by=world.coordination, now=at)
    return world


@pytest.fixture
def round_(world: World) -> Round:
    """The third quarter, open."""
    return world.open_round()


@pytest.fixture
def confirm(world: World, round_: Round) -> Confirm:
    """Confirm all six; arguments change it."""
    return partial(
        confirm_several,
        world.session,
        report_ids=keys(world, round_),
        remarks={},
        remark_for_all="",
        by=world.representative,
        now=AT,
    )


def keys(world: World, round_: Round) -> list[int]:
    return [world.report(round_, measure).id or 0 for measure in world.measures]


def test_each_is_recorded_as_a_confirmation(world: World, round_: Round, confirm: Confirm) -> None:
    assert [item.refusal for item in confirm()] == [""] * 6
    for measure in world.measures:
        report = world.report(round_, measure)
        assert (report.state, report.unchanged, report.unchanged_streak) == (
            ReportState.SUBMITTED,
            True,
            1,
        )
        assert from_dict(report.draft or {}) == RUNNING


def test_a_sentence_of_its_own_goes_before_the_one_for_all(
    world: World, round_: Round, confirm: Confirm
) -> None:
    first, second, *_ = keys(world, round_)
    confirm(remarks={first: "Nur hier.", second: "  "}, remark_for_all="Läuft weiter.")
    said = [
        from_dict(world.report(round_, measure).draft or {}).changed for measure in world.measures
    ]
    assert said == ["Nur hier.", *["Läuft weiter."] * 5]


def test_a_second_click_changes_nothing_and_is_no_refusal(world: World, confirm: Confirm) -> None:
    confirm()
    before = len(world.session.exec(select(ReportRevision)).all())
    again = confirm(remark_for_all="Noch einmal")
    assert all(item.already and not item.refusal for item in again)
    assert len(world.session.exec(select(ReportRevision)).all()) == before


def begin(world: World, report: Report) -> None:
    """A draft that says something else."""
    reports.save_draft(
        world.session,
        report_id=report.id or 0,
        content=replace(RUNNING, achieved="Neu."),
        expected_version=report.draft_version,
        by=world.staff,
        now=AT,
    )


def hand_in(world: World, report: Report) -> None:
    """A report that was written."""
    world.submit(report)


def give_back(world: World, report: Report) -> None:
    """A report with a question."""
    world.submit(report)
    review.return_report(
        world.session, report_id=report.id or 0, comment="Wie?", by=world.coordination, now=AT
    )


def accept(world: World, report: Report) -> None:
    """A report that is done."""
    world.accept(world.submit(report))


def waive(world: World, report: Report) -> None:
    """A report that is not needed."""
    review.waive(
        world.session, report_id=report.id or 0, reason="Umbau", by=world.coordination, now=AT
    )


def lose_the_earlier(world: World, report: Report) -> None:
    """A measure without an accepted report."""
    report.previous_report_id = None
    world.session.flush()


def need_a_reason(world: World, report: Report) -> None:
    """The KI found a higher value last time: repeating the lower one is a step back."""
    earlier = world.session.get_one(Report, report.previous_report_id)
    earlier.reviewed_implementation = Implementation.ESTABLISHED
    earlier.reviewed_course = Course.ON_TRACK
    earlier.reviewed_reason = "Daueraufgabe"
    world.session.flush()


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (begin, "schon bearbeitet"),
        (hand_in, "abgegeben"),
        (give_back, "schon bearbeitet"),
        (accept, "angenommen"),
        (waive, "befreit"),
        (lose_the_earlier, "noch keine angenommene Meldung"),
        (need_a_reason, "weil eine Angabe fehlt"),
    ],
)
def test_one_that_is_refused_does_not_stop_the_others_and_stays_as_it_is(
    world: World,
    round_: Round,
    confirm: Confirm,
    happens: Callable[[World, Report], None],
    says: str,
) -> None:
    report = world.report(round_, world.measures[2])
    happens(world, report)
    before = (report.state, report.revision, report.draft, report.draft_version)
    found = confirm()
    assert [bool(item.refusal) for item in found] == [False, False, True, False, False, False]
    assert says in found[2].refusal
    world.session.refresh(report)
    assert (report.state, report.revision, report.draft, report.draft_version) == before
    others = [
        world.report(round_, item).state for item in world.measures if item is not world.measures[2]
    ]
    assert others == [ReportState.SUBMITTED] * 5


def test_foreign_and_unknown_reports_look_alike(world: World, confirm: Confirm) -> None:
    foreign = confirm(by=world.stranger)
    unknown = confirm(report_ids=[999_999])
    assert {item.refusal for item in foreign} == {item.refusal for item in unknown}
    assert "gibt es nicht" in unknown[0].refusal


def test_mitarbeitende_confirm_nothing(world: World, round_: Round, confirm: Confirm) -> None:
    assert all("benannte Vertretung" in item.refusal for item in confirm(by=world.staff))
    assert world.report(round_, world.measures[0]).state is ReportState.EXPECTED


def test_a_closed_round_takes_none(world: World, round_: Round, confirm: Confirm) -> None:
    rounds.close_round(world.session, round_=round_, by=world.coordination, now=AT)
    assert all("Die Runde ist geschlossen" in item.refusal for item in confirm())
