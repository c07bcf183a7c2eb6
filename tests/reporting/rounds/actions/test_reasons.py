"""What the KI writes beside a decision is kept as written or refused, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session

from tests.conftest import one_database
from tests.factories import World, moment
from tracker.core.errors import Invalid
from tracker.core.text import MAX_TEXT, checked_text
from tracker.reporting.models import Report, Round
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.rules.status import Course, Implementation

NOW = moment("2026-10-07 09:00")
Write = Callable[[World, Round, Report, str], object]


def _decide(action: Callable[..., Report], name: str, **more: object) -> Write:
    def write(world: World, round_: Round, report: Report, text: str) -> object:
        arguments = {name: text, "report_id": report.id, "by": world.coordination, "now": NOW}
        return action(world.session, **arguments | more)

    return write


def _revoke(world: World, round_: Round, report: Report, text: str) -> object:
    world.accept(report)
    return _decide(review.revoke, "reason")(world, round_, report, text)


def _move(action: Callable[..., None], state: RoundState) -> Write:
    def write(world: World, round_: Round, report: Report, text: str) -> object:
        round_.state = state
        return action(world.session, round_=round_, reason=text, by=world.coordination, now=NOW)

    return write


def _extend(world: World, round_: Round, report: Report, text: str) -> object:
    return rounds.grant_extension(
        world.session,
        round_=round_,
        institution_id=None,
        report_id=report.id,
        until=date(2026, 11, 1),
        reason=text,
        by=world.coordination,
        now=NOW,
    )


REVIEWED = Value(Implementation.PLANNED, Course.AT_RISK)
WRITES: dict[str, tuple[Write, str]] = {
    "accept": (_decide(review.accept, "reason", reviewed=None), "reason"),
    "accept otherwise": (_decide(review.accept, "reason", reviewed=REVIEWED), "reason"),
    "return": (_decide(review.return_report, "comment"), "comment"),
    "waive": (_decide(review.waive, "reason"), "reason"),
    "revoke": (_revoke, "reason"),
    "reopen": (_move(rounds.reopen, RoundState.CLOSED), "reason"),
    "correct": (_move(rounds.correct, RoundState.PUBLISHED), "reason"),
    "extend": (_extend, "reason"),
}


@one_database
@pytest.mark.parametrize(
    ("text", "code"),
    [("Grund\x00\x07\x1b", "control_characters"), ("x" * (MAX_TEXT + 1), "text_too_long")],
    ids=["control characters", "too long"],
)
@pytest.mark.parametrize(("write", "field"), WRITES.values(), ids=WRITES)
def test_a_text_that_cannot_be_kept_as_written_is_refused_at_its_field(
    session: Session, write: Write, field: str, text: str, code: str
) -> None:
    world = World(session)
    world.lead(world.library)
    round_ = world.open_round()
    report = world.submit(world.report(round_, world.measures[0]))
    with pytest.raises(Invalid) as refusal:
        write(world, round_, report, text)
    assert [(item.field, item.code) for item in refusal.value.problems] == [(field, code)]


def test_lines_and_the_longest_text_are_kept() -> None:
    assert checked_text(" eins\r\n\tzwei ", field="reason") == "eins\n\tzwei"
    assert len(checked_text("x" * MAX_TEXT, field="reason")) == MAX_TEXT
