"""Several measures confirmed unchanged at once: each by itself, a second time changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from sqlmodel import Session, select

from tests.factories import RUNNING, World, moment
from tests.publication.publishing import by_code, close_and_publish
from tests.reporting.review.actions.review_world import call, with_old_amount, with_old_content
from tracker.reporting.models import Report, ReportRevision, Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.reports.actions.report_steps import previous_of
from tracker.reporting.reports.actions.reports import Confirmation, confirm_several
from tracker.reporting.reports.queries.my_measures import my_measures
from tracker.reporting.reports.queries.report_page import report_page
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import from_dict, prefilled_from
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Course, Implementation

AT = moment("2026-10-05 09:00")
LATER = moment("2026-10-08 09:00")
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


def break_a_rule(world: World, report: Report) -> None:
    """What was accepted says an amount that is refused today."""
    with_old_amount(world, world.session.get_one(Report, report.previous_report_id))


def lack_a_proposal(world: World, report: Report) -> None:
    """What was accepted is in danger, without the proposal that is needed then."""
    earlier = world.session.get_one(Report, report.previous_report_id)
    with_old_content(world, earlier, course="at_risk", reason="Es stockt.", consequence="")


def find(world: World, report: Report, value: Value) -> Report:
    """Let the KI set another value in the round before; return that report."""
    earlier = world.session.get_one(Report, report.previous_report_id)
    call(world, earlier, review.revoke)
    return world.accept(earlier, value, at="2026-07-21 09:00")


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (begin, "schon bearbeitet"),
        (hand_in, "abgegeben"),
        (give_back, "schon bearbeitet"),
        (accept, "angenommen"),
        (waive, "befreit"),
        (lose_the_earlier, "noch keine angenommene Meldung"),
        (break_a_rule, "weil eine Angabe fehlt"),
        (lack_a_proposal, "weil eine Angabe fehlt"),
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


PLANNED = Value(Implementation.PLANNED, Course.ON_TRACK)


def test_finding_kept_by_confirmation(world: World, round_: Round) -> None:
    report = world.report(round_, world.measures[0])
    earlier = world.session.get_one(Round, find(world, report, PLANNED).round_id)
    close_and_publish(world, earlier, "2026-07-25 09:00")
    reports.confirm_unchanged(
        world.session, report_id=report.id or 0, by=world.representative, now=AT
    )
    assert from_dict(report.draft or {}) == replace(RUNNING, implementation=PLANNED.implementation)
    world.accept(report)
    measure = by_code(close_and_publish(world, round_))["1.1"]
    value = {"implementation": "planned", "course": "on_track"}
    assert (measure["self_report"], measure["reviewed"]) == (value, None)
    assert (measure["change"], measure["unchanged_confirmed"]) == ("unchanged", True)


def test_a_finding_that_needs_a_reason_is_confirmed_with_the_one_it_had(
    world: World, round_: Round
) -> None:
    report = world.report(round_, world.measures[0])
    find(world, report, Value(Implementation.IN_PROGRESS, Course.AT_RISK))
    for number in range(2):
        reports.confirm_unchanged(
            world.session, report_id=report.id or 0, by=world.representative, now=AT
        )
        said = from_dict(report.draft or {})
        assert (said.course, said.consequence) == (Course.AT_RISK, "")
        assert said.reason == "Wie in Q2/2026 festgestellt: Es stockt."
        world.accept(report)
        if number == 0:
            report = world.report(world.open_round("2026-Q4"), world.measures[0])


def test_content_under_correction_is_not_taken_over_before_it_is_accepted(
    world: World, round_: Round
) -> None:
    report = world.report(round_, world.measures[0])
    earlier, quarter = published_before(world, report)
    rounds.correct(world.session, round_=quarter, reason="Dreher", by=world.coordination, now=LATER)
    rounds.reopen(world.session, round_=quarter, reason="Dreher", by=world.coordination, now=LATER)
    for action in (review.revoke, review.return_report):
        call(world, earlier, action, now=LATER)
    world.submit(earlier, replace(RUNNING, achieved="Von niemandem angenommen."))
    assert begins_with(world, report) == RUNNING.achieved
    reports.confirm_unchanged(
        world.session, report_id=report.id or 0, by=world.representative, now=AT
    )
    assert from_dict(report.draft or {}) == RUNNING
    other = world.report(world.open_round("2026-Q4", opened="2027-01-02 06:00"), world.measures[0])
    assert begins_with(world, other) == RUNNING.achieved
    world.accept(earlier)
    assert begins_with(world, other) == "Von niemandem angenommen."


def test_a_report_begins_from_what_is_accepted_while_it_waits(world: World) -> None:
    third = world.open_round()
    fourth = world.open_round("2026-Q4", opened="2027-01-02 06:00")
    late, report = (world.report(round_, world.measures[0]) for round_ in (third, fourth))
    world.submit(late, replace(RUNNING, achieved="Später."))
    assert begins_with(world, report) == RUNNING.achieved
    world.accept(late)
    assert begins_with(world, report) == "Später."
    call(world, late, review.revoke)
    assert begins_with(world, report) == RUNNING.achieved


def test_what_a_published_correction_no_longer_has_is_nothing_to_begin_from(
    world: World, round_: Round
) -> None:
    report = world.report(round_, world.measures[0])
    earlier, quarter = published_before(world, report)
    rounds.correct(world.session, round_=quarter, reason="Nein", by=world.coordination, now=LATER)
    for action in (review.revoke, review.return_report):
        call(world, earlier, action, now=LATER)
    assert begins_with(world, report) == RUNNING.achieved
    close_and_publish(world, quarter, "2026-10-09 09:00")
    assert previous_of(world.session, report=report) is None


def published_before(world: World, report: Report) -> tuple[Report, Round]:
    """The report that this one begins from, and its round, which is published then."""
    earlier = world.session.get_one(Report, report.previous_report_id)
    quarter = world.session.get_one(Round, earlier.round_id)
    close_and_publish(world, quarter, "2026-07-25 09:00")
    return earlier, quarter


def begins_with(world: World, report: Report) -> str:
    """What the action, the list and the form give as achieved before; they are the same."""
    previous = previous_of(world.session, report=report)
    page = report_page(world.session, report_id=report.id or 0, by=world.representative, now=LATER)
    mine = my_measures(world.session.connection(), institution_id=world.library.id or 0, now=LATER)
    listed = [
        measure.before
        for round_ in mine.rounds
        for measure in round_.measures
        if measure.report_id == report.id
    ]
    assert previous
    assert page.before
    assert listed[0]
    assert previous.content == page.before.said
    assert prefilled_from(previous.content) == listed[0].said == page.working or page.has_draft
    return previous.content.achieved
