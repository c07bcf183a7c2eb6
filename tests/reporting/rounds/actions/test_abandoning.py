"""An abandoned correction: rows, next prefill and record say the same, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session, col, select

from tests.factories import CRITICAL, RUNNING, World, moment
from tests.publication.publishing import INSTANCE, close_and_publish, correct_sitting, shown
from tracker.core.errors import IllegalTransition, Invalid
from tracker.core.models import AuditEvent
from tracker.publication.queries.publication_facts import publication_facts
from tracker.publication.rules.snapshot import build
from tracker.reporting.models import Extension, Report, Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.reports.actions.report_steps import previous_of
from tracker.reporting.reports.queries.my_measures import my_measures
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.rules.status import Course, Implementation

LATER = moment("2026-11-10 09:00")
OTHER = Value(Implementation.IN_PROGRESS, Course.CRITICAL)


@pytest.fixture
def world(session: Session) -> World:
    """A published round: accepted, accepted with another value and dissent, returned, waived."""
    world = World(session)
    world.lead(world.library)
    return world


def published(world: World) -> Round:
    round_ = world.open_round()
    own, other, returned, waived, *_ = (world.report(round_, item) for item in world.measures)
    for report in (own, other, returned):
        world.submit(report)
    world.accept(own)
    at = moment("2026-10-06 09:00")
    key = {"report_id": other.id or 0, "by": world.coordination, "now": at}
    review.accept(world.session, reviewed=OTHER, reason="Es stockt", **key)
    reports.dissent(
        world.session, report_id=other.id or 0, text="Nein.", by=world.representative, now=at
    )
    send_back(world, returned)
    review.waive(
        world.session, report_id=waived.id or 0, reason="Umbau", by=world.coordination, now=at
    )
    close_and_publish(world, round_)
    return round_


def send_back(world: World, report: Report) -> None:
    by, key = world.coordination, report.id or 0
    review.return_report(world.session, report_id=key, comment="Wie viele?", by=by, now=LATER)


def revoke(world: World, report: Report) -> None:
    by, key = world.coordination, report.id or 0
    review.revoke(world.session, report_id=key, reason="Prüfen", by=by, now=LATER)


def correct(world: World, round_: Round) -> None:
    by = world.coordination
    rounds.correct(world.session, round_=round_, reason="Dreher", by=by, now=LATER)


def abandon(world: World, round_: Round, reason: str = "Doch richtig") -> None:
    by, now = world.coordination, moment("2026-11-12 09:00")
    rounds.abandon(world.session, round_=round_, reason=reason, by=by, now=now)


def rows(world: World, round_: Round) -> list[dict[str, object]]:
    """What the reports of a round say, but for the text that is worked on."""
    world.session.flush()
    world.session.expire_all()
    statement = select(Report).where(Report.round_id == round_.id).order_by(col(Report.id))
    return [
        report.model_dump(exclude={"draft", "draft_version"})
        for report in world.session.exec(statement)
    ]


def said_now(world: World, round_: Round) -> object:
    """What a publication would record of the measures now."""
    reason, now = round_.correction_reason, moment("2026-10-20 09:00")
    facts = publication_facts(
        world.session, round_=round_, instance=INSTANCE, reason=reason, now=now
    )
    return build(facts)["measures"]


def nothing(world: World, round_: Round) -> None:
    """Begin a correction and find nothing wrong."""


def revoked(world: World, round_: Round) -> None:
    for measure in world.measures[:2]:
        revoke(world, world.report(round_, measure))


def returned(world: World, round_: Round) -> None:
    revoked(world, round_)
    for measure in world.measures[:2]:
        send_back(world, world.report(round_, measure))


def accepted_otherwise(world: World, round_: Round) -> None:
    revoke(world, world.report(round_, world.measures[0]))
    review.accept(
        world.session,
        report_id=world.report(round_, world.measures[0]).id or 0,
        reviewed=OTHER,
        reason="Es stockt auch hier",
        by=world.coordination,
        now=LATER,
    )


def waived_and_not(world: World, round_: Round) -> None:
    by, now = world.coordination, LATER
    third, fourth, fifth = (world.report(round_, item) for item in world.measures[2:5])
    review.waive(world.session, report_id=third.id or 0, reason="Umbau", by=by, now=now)
    review.unwaive(world.session, report_id=fourth.id or 0, by=by, now=now)
    review.waive(world.session, report_id=fifth.id or 0, reason="Umbau", by=by, now=now)


def granted_and_begun(world: World, round_: Round) -> None:
    """Return one with more time; the institution begins to write, and begins a missing one."""
    returned(world, round_)
    rounds.grant_extension(
        world.session,
        round_=round_,
        institution_id=world.library.id,
        report_id=None,
        until=date(2026, 12, 1),
        reason="Korrektur",
        by=world.coordination,
        now=LATER,
    )
    for measure in (world.measures[0], world.measures[4]):
        report = world.report(round_, measure)
        reports.save_draft(
            world.session,
            report_id=report.id or 0,
            content=CRITICAL,
            expected_version=report.draft_version,
            by=world.representative,
            now=LATER,
        )


def reopened(world: World, round_: Round) -> None:
    """Open it again with another day, and close it again."""
    by = world.coordination
    rounds.reopen(world.session, round_=round_, reason="Alle", by=by, now=LATER)
    dates = rounds.dates_of(round_)
    later = replace(dates, due_on=date(2026, 11, 20), committee_on=date(2026, 12, 3))
    rounds.change_dates(world.session, round_=round_, dates=later, by=by, now=LATER)
    rounds.close_round(world.session, round_=round_, by=by, now=LATER)


@pytest.mark.parametrize(
    "done",
    [nothing, revoked, returned, accepted_otherwise, waived_and_not, granted_and_begun, reopened],
    ids=lambda done: done.__name__,
)
def test_abandoning_leaves_everything_as_it_was_published(
    world: World, done: Callable[[World, Round], None]
) -> None:
    round_ = published(world)
    before, record = (
        rows(world, round_),
        shown(world, version=1),
    )
    measures, days = said_now(world, round_), round_.model_dump()
    correct(world, round_)
    done(world, round_)
    abandon(world, round_)
    now_found = rows(world, round_)
    for old, new in zip(before, now_found, strict=True):
        begun = (old["state"], new["state"]) == (ReportState.EXPECTED, ReportState.DRAFT)
        assert new == (old | {"state": new["state"]} if begun else old)
    assert said_now(world, round_) == measures
    assert round_.model_dump() == days
    assert round_.state is RoundState.PUBLISHED
    assert shown(world, version=None) == record
    assert not world.session.exec(select(Extension)).all()


def test_a_text_begun_in_the_correction_is_kept(world: World) -> None:
    round_ = published(world)
    correct(world, round_)
    granted_and_begun(world, round_)
    abandon(world, round_)
    for measure in (world.measures[0], world.measures[4]):
        report = world.report(round_, measure)
        assert report.draft is not None
        assert report.draft["implementation"] == CRITICAL.implementation


def test_what_was_handed_in_anew_is_never_thrown_away(world: World) -> None:
    round_ = published(world)
    correct(world, round_)
    granted_and_begun(world, round_)
    report = world.report(round_, world.measures[0])
    world.submit(report, at="2026-11-11 09:00")
    before = rows(world, round_)
    with (
        pytest.raises(
            IllegalTransition, match=r"Eine Meldung ist .* neu abgegeben \(Maßnahme 1\.1"
        ),
        world.session.begin_nested(),
    ):
        abandon(world, round_)
    assert rows(world, round_) == before
    assert round_.state is RoundState.CLOSED
    world.accept(world.report(round_, world.measures[0]), at="2026-11-12 09:00")
    with pytest.raises(IllegalTransition, match="als neue Fassung"), world.session.begin_nested():
        abandon(world, round_)


def test_a_correction_begun_by_an_earlier_version_can_only_be_published(world: World) -> None:
    round_ = published(world)
    correct(world, round_)
    round_.before_correction = None
    with pytest.raises(IllegalTransition, match="früheren Version"), world.session.begin_nested():
        abandon(world, round_)


def test_abandoning_needs_a_reason_and_says_at_each_report_what_happened(world: World) -> None:
    round_ = published(world)
    correct(world, round_)
    returned(world, round_)
    with pytest.raises(Invalid), world.session.begin_nested():
        abandon(world, round_, reason=" ")
    abandon(world, round_)
    verbs = world.session.exec(select(AuditEvent.verb).order_by(col(AuditEvent.id))).all()
    assert verbs.count("report.put_back") == 2
    assert verbs.count("round.abandon") == 1


def test_days_that_were_moved_are_moved_back_in_the_audit_log_too(world: World) -> None:
    round_ = published(world)
    correct(world, round_)
    reopened(world, round_)
    abandon(world, round_)
    moved = world.session.exec(
        select(AuditEvent)
        .where(AuditEvent.verb == "round.change_dates")
        .order_by(col(AuditEvent.id).desc())
    ).first()
    assert moved is not None
    assert moved.before == {"due_on": "2026-11-20", "committee_on": "2026-12-03"}
    assert moved.after == {"due_on": "2026-10-15", "committee_on": None}


def test_the_next_correction_counts_on_from_the_version_in_force(world: World) -> None:
    round_ = published(world)
    correct(world, round_)
    returned(world, round_)
    abandon(world, round_)
    correct(world, round_)
    returned(world, round_)
    world.session.flush()
    mine = my_measures(world.session.connection(), institution_id=world.library.id or 0, now=LATER)
    codes = [measure.code for measure in mine.rounds[0].measures]
    assert sorted(codes) == ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3"]
    abandon(world, round_)
    correct(world, round_)
    correct_sitting(round_)
    second = close_and_publish(world, round_, "2026-11-20 09:00")
    assert (second.version, second.reason) == (2, "Dreher")
    assert round_.before_correction is None


def test_a_round_opened_meanwhile_is_prefilled_from_what_is_published(world: World) -> None:
    round_ = published(world)
    correct(world, round_)
    revoke(world, world.report(round_, world.measures[0]))
    following = world.open_round("2026-Q4", opened="2027-01-02 06:00")
    first, second = (world.report(following, item) for item in world.measures[:2])
    assert first.previous_report_id == world.report(round_, world.measures[0]).id
    abandon(world, round_)
    assert first.previous_report_id == world.report(round_, world.measures[0]).id
    for report, value in ((first, Value(RUNNING.implementation, RUNNING.course)), (second, OTHER)):
        previous = previous_of(world.session, report=report)
        assert previous is not None
        assert previous.value == value
