"""Mails about a round that is cancelled, and about reports that are asked for later; each once."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, select

from tests.mail.job.mail_world import (
    CLUB,
    INVITED,
    KI,
    LIBRARY,
    REMINDED,
    MailWorld,
    berlin,
    last,
    opened,
    set_account,
)
from tracker.concept.models import Responsibility
from tracker.mail.queries.mail_preview import next_wave
from tracker.reporting.models import Report
from tracker.reporting.rounds.actions import joining, rounds

CANCELLED = "round_cancelled"


def cancel(world: MailWorld, round_id: int, at: str) -> None:
    with world.writing() as inner:
        round_ = rounds.load(inner.session, round_id=round_id)
        by, now = inner.coordination, berlin(at)
        rounds.cancel(inner.session, round_=round_, reason="Neuwahl im Januar", by=by, now=now)


def opened_without(world: MailWorld, *numbers: int) -> int:
    """Have a round opened while these measures (from 0) have no lead, who lead again after it."""
    with world.writing() as inner:
        keys = [inner.measures[number].id for number in numbers]
        rows = inner.session.exec(
            select(Responsibility).where(col(Responsibility.measure_id).in_(keys))
        ).all()
        for row in rows:
            row.valid_to = date(2026, 12, 31)
        leads = {row.measure_id: row.institution_id for row in rows}
    round_id = opened(world)
    with world.writing() as inner:
        for measure in inner.measures:
            if measure.id in leads:
                row = inner.session.exec(
                    select(Responsibility).where(Responsibility.measure_id == measure.id)
                ).one()
                row.valid_to = None
    return round_id


def join(world: MailWorld, round_id: int, number: int, *, at: str, due: date) -> int:
    with world.writing() as inner:
        report = joining.join(
            inner.session,
            round_=rounds.load(inner.session, round_id=round_id),
            measure_id=inner.measures[number].id or 0,
            due_on=due,
            reason="Erst jetzt federführend",
            by=inner.coordination,
            now=berlin(at),
        )
        return report.id or 0


def test_who_was_told_of_the_opening_is_told_of_the_cancelling_once(world: MailWorld) -> None:
    round_id = opened(world)
    world.clock("2027-01-08 06:00")
    with Session(world.engine) as session:
        before = next_wave(session, settings=world.settings, now=berlin("2027-01-09 09:00"))
    assert before is not None
    sent_mails(world)
    cancel(world, round_id, "2027-01-09 09:00")
    with Session(world.engine) as session:
        wave = next_wave(session, settings=world.settings, now=berlin("2027-01-09 09:00"))
    assert wave is not None
    assert {(mail.kind, mail.institution) for mail in wave.mails} == {
        (CANCELLED, "Volkshochschule"),
        (CANCELLED, "Begegnungszentrum"),
    }
    for moment in ("2027-01-09 09:05", "2027-01-13 06:00", "2027-01-15 06:00", "2027-01-22 06:00"):
        world.clock(moment)
    assert {key: count for key, count in world.sent().items() if key[0] == CANCELLED} == {
        (CANCELLED, LIBRARY): 1,
        (CANCELLED, CLUB): 1,
    }
    mail = last(world, CANCELLED)
    assert mail.subject == "Q4/2026: Die Berichtsrunde ist abgesagt"
    assert "Begründung: Neuwahl im Januar" in mail.body
    assert world.sent()[REMINDED, LIBRARY] == 1
    assert ("escalation", KI) not in world.sent()


def sent_mails(world: MailWorld) -> None:
    """Have the mail server take everything that waits."""
    with world.writing() as inner:
        from tracker.outbox.models import OutboxMail

        for mail in inner.session.exec(select(OutboxMail)):
            mail.sent_at, mail.next_attempt_at = mail.created_at, None


def test_who_was_not_told_yet_is_told_neither(world: MailWorld) -> None:
    round_id = opened(world)  # without a mail server: the invitations wait
    cancel(world, round_id, "2027-01-01 06:05")
    world.clock("2027-01-01 06:10")
    assert not [key for key in world.sent() if key[0] == CANCELLED]
    waiting = [mail for mail in world.mails() if mail.next_attempt_at is not None]
    assert not [mail for mail in waiting if mail.kind == INVITED]


def test_whoever_represents_the_institution_now_is_told(world: MailWorld) -> None:
    round_id = opened(world)
    sent_mails(world)
    set_account(world, LIBRARY, deactivated_at=berlin("2027-01-02 09:00"))
    cancel(world, round_id, "2027-01-09 09:00")
    world.clock("2027-01-09 09:05")
    assert {who for kind, who in world.sent() if kind == CANCELLED} == {CLUB}


def test_a_report_asked_for_later_is_announced_once_with_all_that_is_open(
    world: MailWorld,
) -> None:
    round_id = opened_without(world, 3)
    join(world, round_id, 3, at="2027-01-05 09:00", due=date(2027, 1, 29))
    for moment in ("2027-01-05 09:05", "2027-01-05 09:10", "2027-01-06 09:00"):
        world.clock(moment)
    assert world.sent()[INVITED, LIBRARY] == 2
    mail = last(world, INVITED)
    assert mail.subject == "Q4/2026: Nachträgliche Bitte um Meldung"
    assert "nachträglich um 1 Meldung." in mail.body
    assert "3 Meldungen bis Freitag, 15. Januar 2027\n  und 1 Meldung bis Freitag, 29." in mail.body
    assert world.sent()[INVITED, CLUB] == 1
    world.clock("2027-01-22 06:00")
    reminded = last(world, REMINDED)
    assert reminded.subject == "Q4/2026: Erinnerung, Abgabefrist 29.01.2027"
    assert "eigene Frist bis 29.01.2027" in last(world, "escalation", KI).body


def test_two_at_once_come_in_one_mail_and_a_third_in_another(world: MailWorld) -> None:
    round_id = opened_without(world, 1, 2, 3)
    for number in (1, 2):
        join(world, round_id, number, at="2027-01-05 09:00", due=date(2027, 1, 15))
    world.clock("2027-01-05 09:05")
    assert "nachträglich um 2 Meldungen." in last(world, INVITED).body
    join(world, round_id, 3, at="2027-01-06 09:00", due=date(2027, 1, 15))
    world.clock("2027-01-06 09:05")
    assert "nachträglich um 1 Meldung." in last(world, INVITED).body
    assert world.sent()[INVITED, LIBRARY] == 3


def test_whose_first_report_joins_gets_one_mail_and_no_other_invitation(world: MailWorld) -> None:
    round_id = opened_without(world, 4, 5)
    assert (INVITED, CLUB) not in world.sent()
    join(world, round_id, 5, at="2027-01-05 09:00", due=date(2027, 1, 29))
    for moment in ("2027-01-05 09:05", "2027-01-06 09:00"):
        world.clock(moment)
    assert world.sent()[INVITED, CLUB] == 1
    assert last(world, INVITED, CLUB).subject == "Q4/2026: Nachträgliche Bitte um Meldung"


def test_what_joins_before_the_invitation_goes_out_is_asked_for_with_it(world: MailWorld) -> None:
    with world.writing() as inner:
        inner.session.exec(
            select(Responsibility).where(Responsibility.measure_id == inner.measures[3].id)
        ).one().valid_from = date(2027, 1, 2)
    round_id = world.plan()
    world.clock("2027-01-01 00:01")
    join(world, round_id, 3, at="2027-01-02 05:00", due=date(2027, 1, 29))
    for moment in ("2027-01-02 06:00", "2027-01-03 09:00"):
        world.clock(moment)
    assert world.sent()[INVITED, LIBRARY] == 1
    mail = last(world, INVITED)
    assert mail.subject == "Q4/2026: Wir bitten um Ihre Meldung"
    assert "1 Meldung bis Freitag, 29. Januar" in mail.body


def test_a_report_returned_again_after_an_abandoned_correction_is_told_again(
    world: MailWorld,
) -> None:
    from tests.publication.publishing import close_and_publish
    from tracker.reporting.models import Round
    from tracker.reporting.review.actions import review

    round_id = opened(world)
    report, *_ = world.open_reports(round_id)
    world.submit(report, at="2027-01-05 09:00")
    with world.writing() as inner:
        by = inner.coordination
        inner.accept(inner.session.get_one(Report, report), at="2027-01-06 09:00")
        close_and_publish(inner, inner.session.get_one(Round, round_id), "2027-02-01 09:00")

    def return_in_a_correction(at: str) -> None:
        with world.writing() as inner:
            now = berlin(at)
            round_ = rounds.load(inner.session, round_id=round_id)
            rounds.correct(inner.session, round_=round_, reason="Dreher", by=by, now=now)
            rounds.grant_extension(
                inner.session,
                round_=round_,
                institution_id=inner.library.id,
                report_id=None,
                until=date(2027, 3, 1),
                reason="Korrektur",
                by=by,
                now=now,
            )
            review.revoke(inner.session, report_id=report, reason="Prüfen", by=by, now=now)
        world.send_back(report, at=at)

    return_in_a_correction("2027-02-02 09:00")
    world.clock("2027-02-02 09:15")
    with world.writing() as inner:
        round_ = rounds.load(inner.session, round_id=round_id)
        now = berlin("2027-02-03 09:00")
        rounds.abandon(inner.session, round_=round_, reason="Doch richtig", by=by, now=now)
    world.clock("2027-02-03 09:15")
    assert world.sent()["returned", LIBRARY] == 1
    return_in_a_correction("2027-02-04 09:00")
    world.clock("2027-02-04 09:15")
    assert world.sent()["returned", LIBRARY] == 2
