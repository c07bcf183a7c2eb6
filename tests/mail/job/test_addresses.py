"""Mails that reached nobody: a new address, a new representative, and what the KI is told."""

from __future__ import annotations

from datetime import date

import pytest

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
from tracker.accounts.actions import accounts
from tracker.core.errors import IllegalTransition
from tracker.core.permissions import Function, Role
from tracker.mail.actions import mails
from tracker.outbox.models import OutboxMail
from tracker.outbox.rules.mailing import MailKind

NEW = "neu@example.org"
REASON = "Mailserver antwortet 550: no such user"


def refuse(world: MailWorld, recipient: str = LIBRARY) -> None:
    """Have the mail server refuse what waits for somebody."""
    with world.writing() as inner:
        for mail in world.mails():
            if mail.recipient == recipient and mail.next_attempt_at is not None:
                found = inner.session.get_one(OutboxMail, mail.id)
                found.next_attempt_at, found.last_error = None, REASON


def move(world: MailWorld, at: str = "2027-01-03 10:00") -> None:
    """Give the library's representative another address."""
    with world.writing() as inner:
        accounts.change_email(
            inner.session,
            account_id=inner.representative.account_id,
            email=NEW,
            by=inner.coordination,
            now=berlin(at),
        )


def retry(world: MailWorld, at: str = "2027-01-03 11:00") -> None:
    """Send the library's latest mail again."""
    with world.writing() as inner:
        number = [mail.id or 0 for mail in world.mails() if mail.last_error == REASON][-1]
        mails.retry(inner.session, mail_id=number, by=inner.coordination, now=berlin(at))


def successor(world: MailWorld) -> None:
    """Let somebody else represent the library from 3 January on."""
    set_account(world, LIBRARY, term_to=date(2027, 1, 2))
    with world.writing() as inner:
        inner.actor(NEW, Role.INSTITUTION, inner.library, Function.REPRESENTATIVE)


def test_a_refused_mail_is_sent_again_to_the_present_address_of_its_account(
    world: MailWorld,
) -> None:
    opened(world)
    refuse(world)
    move(world)
    retry(world)
    world.clock("2027-01-03 12:00")
    assert world.sent()[INVITED, NEW] == 1
    assert world.sent()[INVITED, LIBRARY] == 0
    assert last(world, INVITED, NEW).next_attempt_at == berlin("2027-01-03 11:00")


def test_what_waits_goes_to_the_new_address(world: MailWorld) -> None:
    opened(world)
    move(world)
    world.clock("2027-01-03 12:00")
    mail = last(world, INVITED, NEW)
    assert (mail.last_error, world.sent()[INVITED, LIBRARY]) == ("", 0)


def test_to_who_represents_no_more_nothing_is_sent_again_and_it_is_said(world: MailWorld) -> None:
    opened(world)
    refuse(world)
    successor(world)
    with pytest.raises(IllegalTransition, match="vertritt die Institution nicht mehr"):
        retry(world)
    with world.writing() as inner:
        at = berlin("2027-01-03 11:00")
        assert mails.retry_failed(inner.session, by=inner.coordination, now=at) == 0


def test_a_successor_is_invited_once_where_no_mail_of_the_round_arrived(world: MailWorld) -> None:
    opened(world)
    refuse(world)
    world.clock("2027-01-03 09:00")
    assert world.sent()[INVITED, LIBRARY] == 1
    successor(world)
    for moment in ("2027-01-03 10:00", "2027-01-03 11:00", "2027-01-04 09:00"):
        world.clock(moment)
    assert world.sent()[INVITED, NEW] == 1
    refuse(world, NEW)
    world.clock("2027-01-05 09:00")
    assert world.sent()[INVITED, NEW] == 1
    world.clock("2027-01-08 06:00")
    assert world.sent()[REMINDED, NEW] == 1


def test_a_successor_is_not_invited_again_where_the_invitation_arrived(world: MailWorld) -> None:
    opened(world)
    with world.writing() as inner:
        for mail in world.mails():
            found = inner.session.get_one(OutboxMail, mail.id)
            found.next_attempt_at, found.sent_at = None, berlin("2027-01-01 06:00")
    successor(world)
    world.clock("2027-01-03 10:00")
    assert world.sent()[INVITED, NEW] == 0


def test_the_escalation_says_where_mails_did_not_arrive(world: MailWorld) -> None:
    opened(world)
    for day in ("08", "15"):
        refuse(world)
        world.clock(f"2027-01-{day} 06:00")
    refuse(world)
    world.clock("2027-01-22 06:00")
    body = last(world, "escalation", KI).body
    assert "- Volkshochschule: 4 Meldungen (Mail unzustellbar)\n" in body
    assert "- Begegnungszentrum: 2 Meldungen\n" in body
    assert (REMINDED, CLUB) in world.sent()


def test_a_report_of_a_barrier_keeps_its_address_whatever_number_its_key_ends_with(
    world: MailWorld,
) -> None:
    opened(world)
    with world.writing() as inner:
        inner.session.add(
            OutboxMail(
                key=f"barrier:abc:{inner.representative.account_id}",
                kind=MailKind.BARRIER,
                recipient="kontakt@stadt.example",
                subject="Hinweis auf eine Barriere",
                body="Der Kontrast reicht nicht.",
                created_at=berlin("2027-01-02 10:00"),
                next_attempt_at=None,
                last_error=REASON,
            )
        )
    retry(world)
    assert [mail.recipient for mail in world.mails() if mail.kind == MailKind.BARRIER] == [
        "kontakt@stadt.example"
    ]
