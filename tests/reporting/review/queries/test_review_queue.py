"""What waits for review, in which order, and what comes next, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.conftest import StatementCounter
from tests.factories import CRITICAL, RUNNING, World, moment
from tracker.core.periods import local_day
from tracker.reporting.models import Report
from tracker.reporting.reports.actions import reports
from tracker.reporting.reports.queries.report_page import report_page
from tracker.reporting.review.actions import review
from tracker.reporting.review.queries.review_queue import (
    Following,
    QueueRow,
    QueueSelection,
    following,
    queue,
    selected,
    submission,
)
from tracker.reporting.rules.content import ReportContent
from tracker.reporting.rules.rounds import RoundState

LATER = moment("2026-10-07 09:00")


@pytest.fixture
def world(session: Session) -> World:
    """A concept of six measures in two fields; the library leads five, the club the last."""
    world = World(session)
    world.lead(world.library, *world.measures[:5])
    world.lead(world.club, world.measures[5])
    return world


def hand_in(world: World, report: Report, at: str, content: ReportContent = RUNNING) -> None:
    """Submit a report as the KI on the institution's behalf."""
    reports.submit(
        world.session,
        report_id=report.id or 0,
        content=content,
        expected_version=0,
        by=world.coordination,
        now=moment(at),
    )


@pytest.fixture
def waiting(world: World) -> dict[str, int]:
    """Four waiting reports by code; 1.3 and 2.3 were submitted by the KI, 2.1 is unchanged."""
    round_ = world.open_round()
    found = {
        wording.code: world.report(round_, measure)
        for wording, measure in zip(world.wordings, world.measures, strict=True)
    }
    hand_in(world, found["1.3"], "2026-10-05 07:00")
    world.submit(found["2.1"], replace(RUNNING, changed="Alles beim Alten"), at="2026-10-05 08:00")
    found["2.1"].unchanged = True
    world.submit(found["1.1"], CRITICAL, at="2026-10-05 09:00")
    hand_in(world, found["2.3"], "2026-10-05 10:00")
    world.session.flush()
    return {code: report.id or 0 for code, report in found.items()}


def rows(world: World) -> tuple[QueueRow, ...]:
    return queue(world.session, account_id=world.coordination.account_id, today=local_day(LATER))


def test_the_queue_begins_with_the_longest_waiting_and_knows_who_may_not_decide(
    world: World, waiting: dict[str, int]
) -> None:
    assert [(item.code, item.may_decide, item.remark) for item in rows(world)] == [
        ("1.3", False, ""),
        ("2.1", True, "Alles beim Alten"),
        ("1.1", True, ""),
        ("2.3", False, ""),
    ]
    assert {
        item.may_decide for item in queue(world.session, account_id=0, today=local_day(LATER))
    } == {True}


def test_reports_of_a_published_round_do_not_wait(world: World) -> None:
    round_ = world.open_round()
    report = world.submit(world.report(round_, world.measures[0]))
    round_.closed_at = round_.published_at = LATER
    round_.state = RoundState.PUBLISHED
    world.session.flush()
    assert rows(world) == ()
    found = queue(world.session, account_id=0, today=local_day(LATER), including=[report.id or 0])
    assert [item.report_id for item in found] == [report.id]


@pytest.mark.parametrize(
    ("selection", "codes"),
    [
        (QueueSelection(), ["1.3", "2.1", "1.1", "2.3"]),
        (QueueSelection(by_measure=True), ["1.1", "1.3", "2.1", "2.3"]),
        (QueueSelection(field=1), ["1.3", "1.1"]),
        (QueueSelection(field=2, by_measure=True), ["2.1", "2.3"]),
        (QueueSelection(unchanged=True), ["2.1"]),
        (QueueSelection(field=1, unchanged=True), []),
        (QueueSelection(institution_id=-1), []),
    ],
    ids=str,
)
def test_a_selection_leaves_out_and_orders(
    world: World, waiting: dict[str, int], selection: QueueSelection, codes: list[str]
) -> None:
    assert [item.code for item in selected(rows(world), selection)] == codes


def test_a_selection_of_an_institution(world: World, waiting: dict[str, int]) -> None:
    found = selected(rows(world), QueueSelection(institution_id=world.club.id))
    assert [item.code for item in found] == ["2.3"]


@pytest.mark.parametrize(
    ("after", "expected", "skipped"),
    [("1.3", "2.1", 0), ("2.1", "1.1", 0), ("1.1", "2.1", 2), ("1.2", "2.1", 1)],
)
def test_the_next_in_order_follows_without_own_submissions_and_then_the_first(
    world: World, waiting: dict[str, int], after: str, expected: str, skipped: int
) -> None:
    found = following(rows(world), after=waiting[after])
    assert found == Following(waiting[expected], skipped)


def test_after_a_decision_the_place_in_the_order_is_kept(
    world: World, waiting: dict[str, int]
) -> None:
    decided = waiting["2.1"]
    review.accept(
        world.session,
        report_id=decided,
        reviewed=None,
        reason="",
        by=world.coordination,
        now=LATER,
    )
    world.session.flush()
    me = world.coordination.account_id
    left = queue(world.session, account_id=me, today=local_day(LATER), including=[decided])
    assert following(left, after=decided) == Following(waiting["1.1"], 0)


def test_nothing_follows_when_only_own_submissions_are_left(
    world: World, waiting: dict[str, int]
) -> None:
    own = [item for item in rows(world) if not item.may_decide]
    assert following(own, after=waiting["1.3"]) == Following(None, 1)
    assert following((), after=1) == Following(None, 0)


def test_the_statements_do_not_grow_with_what_waits(
    world: World, waiting: dict[str, int], engine: Engine
) -> None:
    with StatementCounter(engine) as counter:
        assert len(rows(world)) == 4
        submission(world.session, report_id=waiting["1.1"])
    assert counter.count == 2


def test_comments_at_fields_are_for_the_institution_while_the_report_is_returned(
    world: World, waiting: dict[str, int]
) -> None:
    asked = {"achieved": "Welche Kurse?"}
    review.return_report(
        world.session,
        report_id=waiting["1.1"],
        comment="",
        field_comments=asked,
        by=world.coordination,
        now=LATER,
    )
    world.session.flush()

    def page() -> dict[str, str]:
        found = report_page(
            world.session, report_id=waiting["1.1"], by=world.representative, now=LATER
        )
        assert found.reviews[-1].field_comments == asked
        return dict(found.field_comments)

    assert page() == asked
    report = world.session.get_one(Report, waiting["1.1"])
    world.submit(report)
    world.session.flush()
    assert page() == {}
