"""What the KI asks when it returns a report: as a whole and at fields, on both databases."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from tests.factories import World, moment
from tests.reporting.review.actions.review_world import call
from tracker.core.errors import Invalid
from tracker.reporting.models import Report, Review
from tracker.reporting.review.actions import review
from tracker.reporting.rules.reports import ReportState


@pytest.fixture
def world(session: Session) -> World:
    """A concept of six measures, all led by the library."""
    world = World(session)
    world.lead(world.library)
    return world


@pytest.fixture
def report(world: World) -> Report:
    """The submitted report of measure 1.1."""
    return world.submit(world.report(world.open_round(), world.measures[0]))


def returned_with(world: World, report: Report, **given: object) -> Review:
    call(world, report, review.return_report, **given)
    return world.session.exec(select(Review).where(Review.report_id == report.id)).one()


def test_a_return_keeps_comments_at_fields_in_the_order_of_the_form(
    world: World, report: Report
) -> None:
    comments = {"participants": " Wie viele? ", "achieved": "Welche Kurse?", "reason": "  "}
    row = returned_with(world, report, comment="Zwei Fragen", field_comments=comments)
    assert row.comment == "Zwei Fragen"
    assert list((row.field_comments or {}).items()) == [
        ("achieved", "Welche Kurse?"),
        ("participants", "Wie viele?"),
    ]


def test_comments_at_fields_are_enough_and_the_whole_then_names_them(
    world: World, report: Report
) -> None:
    row = returned_with(world, report, comment="", field_comments={"achieved": "Welche?"})
    assert row.comment.endswith("Angaben an: Was wurde erreicht?")
    assert report.state is ReportState.RETURNED
    world.submit(report, at="2026-10-06 09:00")
    review.return_report(
        world.session,
        report_id=report.id or 0,
        comment="",
        field_comments={"course": "Warum?"},
        by=world.coordination,
        now=moment("2026-10-07 09:00"),
    )
    assert world.session.exec(
        select(Review).where(Review.comment.endswith("Angaben an: Verlauf."))  # type: ignore[attr-defined]
    ).one()


def test_a_return_without_comments_at_fields_keeps_none(world: World, report: Report) -> None:
    assert returned_with(world, report, field_comments={"achieved": " "}).field_comments is None


@pytest.mark.parametrize(
    ("comments", "field"),
    [
        ({"achieved": " "}, "comment"),
        ({"achieved": "Frage\x07"}, "comment_achieved"),
        ({"achieved": "x" * 20_001}, "comment_achieved"),
        ({"state": "Frage"}, None),
    ],
    ids=["only blanks", "control characters", "too long", "no such field"],
)
def test_a_comment_at_a_field_is_checked_like_any_other_text(
    world: World, report: Report, comments: dict[str, str], field: str | None
) -> None:
    with pytest.raises(Invalid) as refusal:
        call(world, report, review.return_report, comment="", field_comments=comments)
    assert [item.field for item in refusal.value.problems] == ([field] if field else [])
    assert report.state is ReportState.SUBMITTED
