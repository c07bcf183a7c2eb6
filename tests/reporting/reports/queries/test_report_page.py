"""One report with its history, on both databases."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.conftest import StatementCounter
from tests.factories import RUNNING, World, moment
from tracker.concept.models import Indicator, IndicatorKind
from tracker.core.errors import NotFound
from tracker.core.permissions import Actor
from tracker.reporting.models import Decision, Report
from tracker.reporting.reports.actions import reports
from tracker.reporting.reports.queries.report_history import last_save
from tracker.reporting.reports.queries.report_page import ReportPage, report_page
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import IndicatorValue, ReportContent
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Course, Implementation

AT = moment("2026-10-09 09:00")
PLANNED = Value(Implementation.PLANNED, Course.ON_TRACK)


@pytest.fixture
def world(session: Session) -> World:
    """The library leads everything."""
    world = World(session)
    world.lead(world.library)
    return world


def first_report(world: World) -> Report:
    return world.report(world.open_round(), world.measures[0])


def page_of(world: World, report: Report, by: Actor | None = None) -> ReportPage:
    return report_page(
        world.session, report_id=report.id or 0, by=by or world.representative, now=AT
    )


def test_an_expected_report_of_a_new_measure_starts_empty(world: World) -> None:
    page = page_of(world, first_report(world))
    assert page.working == ReportContent()
    assert (page.code, page.goal, page.field) == ("1.1", "1. Ziel 1", "Handlungsfeld 1")
    assert page.may_write
    assert not page.has_draft
    assert page.before is None


def test_a_new_report_starts_with_the_last_accepted_one_without_its_quantities(
    world: World,
) -> None:
    earlier = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    said = replace(RUNNING, events=3, cost_planned=Decimal("12.50"))
    world.submit(world.report(earlier, world.measures[0]), said, at="2026-07-05 09:00")
    world.accept(world.report(earlier, world.measures[0]), at="2026-07-06 09:00")
    page = page_of(world, first_report(world))
    assert page.before is not None
    assert page.before.said == said
    assert page.working == replace(said, events=None)


@pytest.mark.parametrize("who", ["stranger", "committee"])
def test_a_foreign_report_is_as_unknown_as_one_that_is_not_there(world: World, who: str) -> None:
    report = first_report(world)
    with pytest.raises(NotFound) as foreign:
        page_of(world, report, by=getattr(world, who))
    with pytest.raises(NotFound) as unknown:
        report_page(world.session, report_id=0, by=world.representative, now=AT)
    assert foreign.value.message == unknown.value.message


def test_revisions_reviews_and_the_reviewed_value_are_all_there(world: World) -> None:
    report = first_report(world)
    key = report.id or 0
    ki = world.coordination
    world.submit(report)
    review.return_report(world.session, report_id=key, comment="Wie viele Kurse?", by=ki, now=AT)
    assert page_of(world, report).return_comment == "Wie viele Kurse?"
    world.submit(report, replace(RUNNING, achieved="Zwei Kurse, 31 Plätze."))
    review.accept(
        world.session, report_id=key, reviewed=PLANNED, reason="Noch nichts da.", by=ki, now=AT
    )
    page = page_of(world, report)
    assert [item.number for item in page.revisions] == [1, 2]
    assert page.revisions[1].content.achieved == "Zwei Kurse, 31 Plätze."
    assert page.revisions[1].submitted_by == "vhs"
    assert [item.decision for item in page.reviews] == [Decision.RETURNED, Decision.ACCEPTED]
    assert (page.reviewed, page.reviewed_reason) == (PLANNED, "Noch nichts da.")
    assert (page.may_dissent, page.may_write, page.return_comment) == (True, False, "")


def test_a_submitted_report_can_be_withdrawn_until_the_round_closes(world: World) -> None:
    report = first_report(world)
    world.submit(report)
    assert page_of(world, report).may_withdraw
    round_ = rounds.load(world.session, round_id=report.round_id)
    rounds.close_round(world.session, round_=round_, by=world.coordination, now=AT)
    assert not page_of(world, report).may_withdraw
    rounds.grant_extension(
        world.session,
        round_=round_,
        institution_id=report.institution_id,
        report_id=None,
        until=date(2026, 10, 30),
        reason="Krankheit",
        by=world.coordination,
        now=AT,
    )
    page = page_of(world, report)
    assert (page.may_withdraw, page.due) == (True, date(2026, 10, 30))


def test_after_a_revoked_acceptance_nothing_can_be_withdrawn(world: World) -> None:
    report = first_report(world)
    world.submit(report)
    world.accept(report)
    review.revoke(
        world.session, report_id=report.id or 0, reason="Versehen", by=world.coordination, now=AT
    )
    page = page_of(world, report)
    assert (page.state, page.may_withdraw) == (ReportState.SUBMITTED, False)


def test_the_last_save_names_who_and_when(world: World) -> None:
    report = first_report(world)
    assert last_save(world.session, report_id=report.id or 0) is None
    for by in (world.representative, world.staff):
        reports.save_draft(
            world.session,
            report_id=report.id or 0,
            content=replace(RUNNING, achieved=by.name),
            expected_version=report.draft_version,
            by=by,
            now=AT,
        )
    saved = last_save(world.session, report_id=report.id or 0)
    assert saved is not None
    assert (saved.name, saved.at) == ("mitarbeit", AT)


def add_indicator(world: World, key: str, *, per_year: bool) -> None:
    world.session.add(
        Indicator(
            concept_id=world.concept_id,
            measure_id=world.measures[0].id or 0,
            key=key,
            name="Kurse",
            kind=IndicatorKind.TARGET,
            operator=">=",
            target=Decimal("4"),
            unit="Kurse",
            per_year=per_year,
        )
    )
    world.session.flush()


def test_a_kennzahl_per_year_is_summed_over_the_accepted_reports_of_the_calendar_year(
    world: World,
) -> None:
    for key in ("1.1-a", "1.1-b"):
        add_indicator(world, key, per_year=True)
    add_indicator(world, "1.1-level", per_year=False)
    for period, opened, value, accepted in (
        ("2025-Q4", "2026-01-02", "100", True),
        ("2026-Q1", "2026-04-01", "1.5", True),
        ("2026-Q2", "2026-07-01", "2", True),
        ("2026-Q3", "2026-10-01", "40", False),
    ):
        report = world.report(world.open_round(period, opened=f"{opened} 06:00"), world.measures[0])
        values = [IndicatorValue(key, Decimal(value)) for key in ("1.1-a", "1.1-level")]
        world.submit(report, replace(RUNNING, indicators=tuple(values)), at=f"{opened} 09:00")
        if accepted:
            world.accept(report, at=f"{opened} 10:00")
    # Nothing was ever reported for 1.1-b: it is unknown, not zero.
    assert page_of(world, report).year_sums == {"1.1-a": Decimal("3.5")}


@pytest.mark.parametrize(("per_year", "statements"), [(False, 5), (True, 6)])
def test_a_page_takes_five_statements_and_one_for_the_years_sums(
    world: World, engine: Engine, per_year: bool, statements: int
) -> None:
    report = first_report(world)
    add_indicator(world, "1.1-a", per_year=per_year)
    key = report.id or 0
    world.submit(report)
    world.session.flush()
    with StatementCounter(engine) as counter:
        page = report_page(world.session, report_id=key, by=world.representative, now=AT)
    assert [item.target for item in page.indicators] == [Decimal("4")]
    assert counter.count == statements
