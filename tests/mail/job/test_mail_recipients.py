"""Who reads the mails of a round, and what the KI is told (domain.md 9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session

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
from tracker.accounts.actions import substitutions
from tracker.concept.models import Institution
from tracker.core.permissions import Function, Role
from tracker.mail.queries.mails import unreachable


@pytest.mark.parametrize(
    "values",
    [
        {"deactivated_at": berlin("2027-01-02 09:00")},
        {"term_to": date(2027, 1, 7)},
        {"term_from": date(2027, 1, 9)},
        {"represents_from": date(2027, 1, 9)},
    ],
)
def test_who_is_not_in_office_gets_no_mail_and_the_institution_is_named(
    world: MailWorld, values: dict[str, object]
) -> None:
    opened(world)
    set_account(world, LIBRARY, **values)
    world.clock("2027-01-08 06:00")
    assert (REMINDED, LIBRARY) not in world.sent()
    with Session(world.engine) as session:
        (item,) = unreachable(session, now=berlin("2027-01-08 06:00"))
    assert (item.institution, item.reports) == ("Volkshochschule", 4)


def test_once_somebody_is_there_the_reminder_is_caught_up(world: MailWorld) -> None:
    opened(world)
    set_account(world, LIBRARY, deactivated_at=berlin("2027-01-02 09:00"))
    world.clock("2027-01-08 06:00")
    with world.writing() as inner:
        inner.actor("neu@example.org", Role.INSTITUTION, inner.library, Function.REPRESENTATIVE)
    world.clock("2027-01-10 09:00")
    assert world.sent()[REMINDED, "neu@example.org"] == 1
    assert (REMINDED, LIBRARY) not in world.sent()


def test_a_deputy_gets_the_mails_too_and_staff_none(world: MailWorld) -> None:
    with world.writing() as inner:
        substitutions.appoint(
            inner.session,
            representative_id=inner.representative.account_id,
            deputy_id=inner.staff.account_id,
            valid_from=date(2027, 1, 7),
            valid_to=date(2027, 1, 14),
            by=inner.representative,
            now=berlin("2027-01-05 09:00"),
        )
    opened(world)
    staff = "mitarbeit@example.org"
    assert (INVITED, staff) not in world.sent()
    world.clock("2027-01-08 06:00")
    world.clock("2027-01-15 06:00")
    assert world.sent()[REMINDED, staff] == 1
    assert world.sent()[REMINDED, LIBRARY] == 2


def test_an_institution_that_leaves_mid_round_gets_no_mail_and_stands_in_the_escalation(
    world: MailWorld,
) -> None:
    opened(world)
    with world.writing() as inner:
        inner.session.get_one(Institution, inner.club.id).is_active = False
    for day in ("08", "15", "22"):
        world.clock(f"2027-01-{day} 06:00")
    assert (REMINDED, CLUB) not in world.sent()
    assert "- Begegnungszentrum: 2 Meldungen (wirkt nicht mehr mit)" in (
        last(world, "escalation", KI).body
    )


def test_the_digest_comes_on_mondays_when_something_is_up(world: MailWorld) -> None:
    world.clock("2026-11-16 09:00")
    assert not world.sent()
    assert set(world.runs("digest")) == {"2026-11-16"}
    opened(world)
    for moment in ("2027-01-04 05:00", "2027-01-04 06:00", "2027-01-04 09:00", "2027-01-05 06:00"):
        world.clock(moment)
    digests = [mail for mail in world.mails() if mail.kind == "digest"]
    assert [mail.created_at for mail in digests] == [
        berlin("2027-01-01 06:00"),  # the week's, caught up
        berlin("2027-01-04 06:00"),
    ]
    assert "Q4/2026 (offen, Abgabefrist 15.01.2027): keine von 6 Meldungen" in digests[-1].body
    world.settings = replace(world.settings, digest_weekday=0)
    world.clock("2027-01-11 06:00")
    assert len([mail for mail in world.mails() if mail.kind == "digest"]) == 2


def test_a_digest_from_before_the_clock_first_ran_is_not_made_up_for(world: MailWorld) -> None:
    opened(world)  # a Friday
    world.clock("2027-01-02 09:00")
    assert ("digest", KI) not in world.sent()
    world.clock("2027-01-04 06:00")
    assert world.sent()["digest", KI] == 1


def test_the_digest_names_who_cannot_be_reached_and_what_comes(world: MailWorld) -> None:
    opened(world)
    set_account(world, LIBRARY, deactivated_at=berlin("2027-01-02 09:00"))
    world.plan("2027-Q1", opens_on=date(2027, 4, 1))
    world.clock("2027-03-29 06:00")
    body = last(world, "digest", KI).body
    assert "Q4/2026: Bei Volkshochschule ist niemand zu erreichen (4 Meldungen offen)." in body
    assert "Q4/2026: 6 Meldungen von 2 Institutionen nach der Frist offen" in body
    assert "Q1/2027 wird am Donnerstag, 1. April 2027 eröffnet." in body


def test_nothing_is_claimed_while_nobody_in_the_ki_can_be_written_to(world: MailWorld) -> None:
    world.settings = replace(world.settings, contact_email="")
    for email in ("ki@example.org", "ki2@example.org"):
        set_account(world, email, deactivated_at=berlin("2027-01-01 01:00"))
    opened(world)
    world.clock("2027-01-22 06:00")
    assert world.runs("escalation") == world.runs("digest") == {}
    set_account(world, "ki@example.org", deactivated_at=None)
    world.clock("2027-01-23 09:00")
    assert world.sent()["escalation", "ki@example.org"] == 1
