"""What an institution does with its report, on both databases."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from sqlmodel import Session, col, select

from tests.factories import CRITICAL, RUNNING, World, moment
from tracker.core.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound
from tracker.core.models import AuditEvent
from tracker.reporting.models import Report, ReportRevision
from tracker.reporting.reports.actions import reports
from tracker.reporting.reports.queries.report_page import report_page
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import Participants, ParticipantUnit
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Course, Implementation

NOW = moment("2026-10-05 09:00")


@pytest.fixture
def world(session: Session) -> World:
    """A concept of six measures, all led by the library."""
    world = World(session)
    world.lead(world.library)
    return world


@pytest.fixture
def report(world: World) -> Report:
    """The expected report of measure 1.1 in the third quarter."""
    return world.report(world.open_round(), world.measures[0])


def save(world: World, report: Report, **changes: object) -> Report:
    arguments = {
        "report_id": report.id,
        "content": RUNNING,
        "expected_version": report.draft_version,
        "by": world.representative,
        "now": NOW,
    } | changes
    return reports.save_draft(world.session, **arguments)  # type: ignore[arg-type]


def test_a_first_save_makes_a_draft_and_may_be_incomplete(world: World, report: Report) -> None:
    save(world, report, content=replace(RUNNING, implementation=None))
    assert report.state is ReportState.DRAFT
    assert report.draft_version == 1


def test_a_second_save_over_somebody_elses_is_refused(world: World, report: Report) -> None:
    save(world, report)
    with pytest.raises(Conflict, match="nichts verloren"):
        save(world, report, expected_version=0, by=world.staff)


def test_a_foreign_report_does_not_exist(world: World, report: Report) -> None:
    with pytest.raises(NotFound):
        save(world, report, by=world.stranger)
    with pytest.raises(NotFound):
        save(world, report, by=world.committee)
    with pytest.raises(NotFound):
        save(world, report, report_id=999_999)


def test_staff_may_draft_but_not_submit(world: World, report: Report) -> None:
    save(world, report, by=world.staff)
    with pytest.raises(Forbidden, match="benannte Vertretung"):
        reports.submit(
            world.session,
            report_id=report.id or 0,
            content=RUNNING,
            expected_version=1,
            by=world.staff,
            now=NOW,
        )
    assert report.state is ReportState.DRAFT


def test_staff_are_told_who_may_and_never_of_a_draft_that_was_not_saved(
    world: World, report: Report
) -> None:
    common = {"report_id": report.id or 0, "by": world.staff, "now": NOW}
    for step, doing in (
        (partial(reports.confirm_unchanged, world.session), "Bestätigen"),
        (partial(reports.withdraw, world.session), "Zurückziehen"),
        (partial(reports.dissent, world.session, text="Anders."), "Eine Stellungnahme abgeben"),
    ):
        with pytest.raises(Forbidden, match=f"^{doing} kann nur die benannte") as refusal:
            step(**common)
        assert "gespeichert" not in refusal.value.message


def test_a_submission_is_kept_word_for_word_and_leaves_an_audit_event(
    world: World, report: Report
) -> None:
    world.submit(report, CRITICAL)
    revision = world.session.exec(select(ReportRevision)).one()
    assert (revision.number, revision.content["reason"]) == (1, CRITICAL.reason)
    assert report.first_submitted_at == NOW
    verbs = world.session.exec(
        select(AuditEvent.verb)
        .where(AuditEvent.entity == "report", AuditEvent.entity_id == report.id)
        .order_by(col(AuditEvent.id))
    ).all()
    assert verbs == ["report.save", "report.save", "report.submit"]


@pytest.mark.parametrize("missing", ["reason", "consequence"])
def test_a_critical_report_needs_reason_and_consequence(
    world: World, report: Report, missing: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        world.submit(report, replace(CRITICAL, **{missing: " "}))
    assert [problem.field for problem in refusal.value.problems] == [missing]
    assert report.state is ReportState.EXPECTED


def test_the_ki_submits_on_behalf_and_is_recorded_as_such(world: World, report: Report) -> None:
    reports.submit(
        world.session,
        report_id=report.id or 0,
        content=RUNNING,
        expected_version=0,
        by=world.coordination,
        now=NOW,
    )
    assert report.on_behalf
    with pytest.raises(Forbidden, match="anderen Person"):
        world.accept(report)


def test_after_closing_only_an_extension_lets_the_institution_write(
    world: World, report: Report
) -> None:
    round_ = rounds.load(world.session, round_id=report.round_id)
    rounds.close_round(
        world.session, round_=round_, by=world.coordination, now=moment("2026-10-20 08:00")
    )
    with pytest.raises(IllegalTransition, match="Nachfrist"):
        world.submit(report, at="2026-10-20 09:00")
    rounds.grant_extension(
        world.session,
        round_=round_,
        institution_id=world.library.id,
        report_id=None,
        until=moment("2026-10-25 00:00").date(),
        reason="Umzug",
        by=world.coordination,
        now=moment("2026-10-20 10:00"),
    )
    with pytest.raises(IllegalTransition):
        world.submit(report, at="2026-10-26 09:00")
    world.submit(report, at="2026-10-25 21:59")
    assert report.state is ReportState.SUBMITTED


def test_late_but_before_closing_is_accepted(world: World, report: Report) -> None:
    world.submit(report, at="2026-10-30 09:00")
    assert report.state is ReportState.SUBMITTED


def test_a_returned_report_is_submitted_again_as_the_next_revision(
    world: World, report: Report
) -> None:
    world.submit(report)
    review.return_report(
        world.session,
        report_id=report.id or 0,
        comment="Bitte Zahl",
        by=world.coordination,
        now=moment("2026-10-07 09:00"),
    )
    world.submit(report, at="2026-10-20 09:00")
    assert report.revision == 2
    assert report.first_submitted_at == NOW
    numbers = world.session.exec(
        select(ReportRevision.number).order_by(col(ReportRevision.number))
    ).all()
    assert numbers == [1, 2]


def test_withdrawing_is_possible_until_the_ki_has_decided(world: World, report: Report) -> None:
    world.submit(report)
    reports.withdraw(world.session, report_id=report.id or 0, by=world.representative, now=NOW)
    assert report.state is ReportState.DRAFT
    world.submit(report)
    world.accept(report)
    review.revoke(
        world.session,
        report_id=report.id or 0,
        reason="Irrtum",
        by=world.coordination,
        now=moment("2026-10-08 09:00"),
    )
    with pytest.raises(IllegalTransition, match="Prüfung"):
        reports.withdraw(world.session, report_id=report.id or 0, by=world.representative, now=NOW)


def next_quarter(world: World, report: Report, **content: object) -> Report:
    """Accept a report and open the next round; return the same measure's new report."""
    counted = replace(RUNNING, participants=(Participants(ParticipantUnit.PERSONS, 40),), **content)
    world.submit(report, counted)
    world.accept(report)
    round_ = world.open_round("2026-Q4", opened="2027-01-01 06:00")
    return world.report(round_, world.measures[0])


def confirm(world: World, report: Report, **changes: object) -> Report:
    arguments = {
        "report_id": report.id,
        "by": world.representative,
        "now": moment("2027-01-05 09:00"),
    } | changes
    return reports.confirm_unchanged(world.session, **arguments)  # type: ignore[arg-type]


def test_confirming_repeats_the_text_but_no_quantities(world: World, report: Report) -> None:
    following = next_quarter(world, report)
    confirm(world, following, remark="Alles wie gehabt.")
    content = world.session.exec(
        select(ReportRevision.content).where(ReportRevision.report_id == following.id)
    ).one()
    assert following.state is ReportState.SUBMITTED
    assert (following.unchanged, following.unchanged_streak) == (True, 1)
    assert content["achieved"] == RUNNING.achieved
    assert content["changed"] == "Alles wie gehabt."
    assert content["participants"] == []


def test_confirming_needs_an_earlier_accepted_report(world: World, report: Report) -> None:
    with pytest.raises(IllegalTransition, match="noch keine angenommene Meldung"):
        confirm(world, report)


def test_confirming_never_throws_a_begun_text_away(world: World, report: Report) -> None:
    following = next_quarter(world, report)
    save(world, following, content=replace(RUNNING, achieved="Neuer Text"))
    with pytest.raises(IllegalTransition, match="verloren gehen"):
        confirm(world, following)
    assert following.draft is not None
    assert following.draft["achieved"] == "Neuer Text"


def test_three_rounds_in_a_row_are_counted(world: World, report: Report) -> None:
    current = next_quarter(world, report)
    for period, opened in (("2027-Q1", "2027-04-01 06:00"), ("2027-Q2", "2027-07-01 06:00")):
        confirm(world, current)
        world.accept(current)
        current = world.report(world.open_round(period, opened=opened), world.measures[0])
    confirm(world, current)
    assert current.unchanged_streak == 3


def test_a_missing_report_ends_the_row_of_confirmations(world: World, report: Report) -> None:
    """Confirmed, missing, confirmed, confirmed: two in a row."""
    confirm(world, current := next_quarter(world, report))
    world.accept(current)
    world.open_round("2027-Q1", opened="2027-04-01 06:00")
    told = []
    for period, opened in (("2027-Q2", "2027-07-01 06:00"), ("2027-Q3", "2027-10-01 06:00")):
        current = world.report(world.open_round(period, opened=opened), world.measures[0])
        by = world.representative
        page = report_page(world.session, report_id=current.id or 0, by=by, now=NOW)
        told.append(page.before and page.before.unchanged_streak)
        confirm(world, current)
        world.accept(current)
    assert (told, current.unchanged_streak) == ([0, 1], 2)


def test_a_step_backwards_is_measured_against_the_reviewed_value(
    world: World, report: Report
) -> None:
    world.submit(report, replace(RUNNING, implementation=Implementation.COMPLETED))
    review.accept(
        world.session,
        report_id=report.id or 0,
        reviewed=Value(Implementation.PLANNED, Course.ON_TRACK),
        reason="Noch keine Aktivität",
        by=world.coordination,
        now=moment("2026-10-08 09:00"),
    )
    following = world.report(
        world.open_round("2026-Q4", opened="2027-01-01 06:00"), world.measures[0]
    )
    world.submit(following, RUNNING, at="2027-01-05 09:00")
    assert following.state is ReportState.SUBMITTED


def test_a_dissent_needs_a_reviewed_value(world: World, report: Report) -> None:
    world.submit(report)
    arguments = {"report_id": report.id or 0, "by": world.representative, "now": NOW}
    with pytest.raises(IllegalTransition, match="anderen Wert"):
        reports.dissent(world.session, text="Wir sehen das anders.", **arguments)  # type: ignore[arg-type]
    review.accept(
        world.session,
        report_id=report.id or 0,
        reviewed=Value(Implementation.PLANNED, Course.AT_RISK),
        reason="Noch keine Aktivität",
        by=world.coordination,
        now=moment("2026-10-08 09:00"),
    )
    reports.dissent(world.session, text="Wir sehen das anders.", **arguments)  # type: ignore[arg-type]
    assert report.dissent == "Wir sehen das anders."
