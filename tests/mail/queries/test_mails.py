"""Outbox, history and the next wave as the KI sees them; retrying is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlmodel import Session, col, select

from tests.bielefeld import BIELEFELD
from tests.conftest import StatementCounter
from tests.factories import World, moment
from tracker.core.errors import IllegalTransition, NotFound
from tracker.core.models import AuditEvent
from tracker.core.periods import Period, local_day
from tracker.mail.actions import mails as actions
from tracker.mail.queries.mail_preview import next_wave
from tracker.mail.queries.mails import counts, history, outbox
from tracker.outbox.delivery import REMOVED_BODY
from tracker.outbox.models import OutboxMail
from tracker.outbox.queue import SUPERSEDED, enqueue, supersede
from tracker.outbox.rules.mailing import MailKind, MailState
from tracker.outbox.wording import MailText
from tracker.reporting.rounds.actions import rounds

SETTINGS = replace(BIELEFELD, contact_email="ki@stadt.example")
REASON = "Mailserver antwortet 550: no such user"


@pytest.fixture
def world(session: Session) -> World:
    world = World(session)
    world.lead(world.library)
    return world


def put(session: Session, now: datetime, **values: object) -> int:
    key = f"k{len(session.exec(select(OutboxMail)).all())}"
    text = MailText(MailKind.REMINDER, f"Betreff {key}", "Text")
    enqueue(session, key=key, recipient="a@b.example", text=text, now=now)
    mail = session.exec(select(OutboxMail).where(OutboxMail.key == key)).one()
    for name, value in values.items():
        setattr(mail, name, value)
    session.flush()
    return mail.id or 0


def test_the_outbox_shows_every_mail_with_its_state_newest_first(
    session: Session, now: datetime
) -> None:
    waiting = put(session, now)
    sent = put(session, now, sent_at=now, next_attempt_at=None)
    failed = put(session, now, next_attempt_at=None, last_error=REASON)
    outdated = put(session, now)
    supersede(session, mail_ids=[outdated, sent], reason="Es ist nichts mehr offen.")
    session.expire_all()
    assert [(row.id, row.state) for row in outbox(session, today=local_day(now))] == [
        (outdated, MailState.SUPERSEDED),
        (failed, MailState.FAILED),
        (sent, MailState.SENT),
        (waiting, MailState.WAITING),
    ]
    assert counts(session) == dict.fromkeys(MailState, 1)
    for state in MailState:
        assert [row.state for row in outbox(session, today=local_day(now), state=state)] == [state]
    assert [
        row.reason for row in outbox(session, today=local_day(now), state=MailState.FAILED)
    ] == [REASON]
    assert len(outbox(session, today=local_day(now), limit=2)) == 2


@pytest.mark.parametrize(
    ("values", "may"),
    [
        ({"next_attempt_at": None, "last_error": REASON}, True),
        ({"last_error": "Mailserver antwortet 451: später"}, True),
        ({}, False),
        ({"next_attempt_at": None, "sent_at": moment("2026-10-01 06:00")}, False),
        ({"next_attempt_at": None, "last_error": SUPERSEDED + "x"}, False),
        ({"next_attempt_at": None, "last_error": REASON, "body": REMOVED_BODY}, None),
    ],
)
def test_a_mail_is_tried_again_where_that_can_help(
    session: Session, now: datetime, values: dict[str, object], may: bool | None
) -> None:
    mail_id = put(session, now, attempts=7, **values)
    if may is not None:
        assert [row.may_be_retried for row in outbox(session, today=local_day(now))] == [may]
    if not may:
        with pytest.raises(IllegalTransition, match="Mail"):
            actions.retry(session, mail_id=mail_id, by=None, now=now)
        return
    actions.retry(session, mail_id=mail_id, by=None, now=now)
    (row,) = outbox(session, today=local_day(now))
    assert (row.state, row.attempts, row.next_attempt_at) == (MailState.WAITING, 0, now)
    event = session.exec(select(AuditEvent).where(AuditEvent.verb == "mail.retry")).one()
    assert (event.entity_id, event.before) == (
        mail_id,
        {"attempts": 7, "last_error": row.reason},
    )


def test_all_failed_mails_are_tried_again_together(session: Session, now: datetime) -> None:
    for _ in range(2):
        put(session, now, next_attempt_at=None, last_error=REASON)
    put(session, now, next_attempt_at=None, last_error=SUPERSEDED + "x")
    assert actions.retry_failed(session, by=None, now=now) == 2
    assert counts(session)[MailState.WAITING] == 2


def test_an_unknown_mail_cannot_be_tried_again(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        actions.retry(session, mail_id=2_000_000_000, by=None, now=now)


def plan(world: World, opens_on: date | None = date(2027, 1, 1)) -> None:
    rounds.plan(
        world.session,
        concept_id=world.concept_id,
        period=Period.parse("2026-Q4"),
        due_on=date(2027, 1, 15),
        opens_on=opens_on,
        resubmit_days=7,
        by=world.coordination,
        now=moment("2026-12-01 09:00"),
    )


def test_the_next_wave_of_a_planned_round_is_its_invitation(world: World) -> None:
    plan(world)
    wave = next_wave(world.session, settings=SETTINGS, now=moment("2026-12-15 09:00"))
    assert wave is not None
    assert (wave.at, wave.is_due) == (moment("2027-01-01 05:00"), False)
    (mail,) = wave.mails
    assert (mail.kind, mail.institution, mail.reports) == (
        MailKind.ROUND_INVITATION,
        "Volkshochschule",
        6,
    )
    assert [person.email for person in mail.recipients] == ["vhs@example.org"]
    assert "6 Meldungen bis Freitag, 15. Januar 2027" in mail.text.body


@pytest.mark.parametrize(
    ("now", "at", "kinds"),
    [
        # Nothing was claimed in this world, so the invitation is due at every moment by day.
        ("2027-01-01 04:00", "2027-01-01 05:00", [MailKind.ROUND_INVITATION]),
        ("2027-01-03 12:00", "2027-01-03 12:00", [MailKind.ROUND_INVITATION]),
        (
            "2027-01-23 12:00",
            "2027-01-23 12:00",
            [MailKind.ROUND_INVITATION, MailKind.ESCALATION],
        ),
    ],
)
def test_the_next_wave_is_what_the_clock_would_send(
    world: World, now: str, at: str, kinds: list[MailKind]
) -> None:
    world.open_round("2026-Q4", opened="2026-12-31 23:10")
    wave = next_wave(world.session, settings=SETTINGS, now=moment(now))
    assert wave is not None
    assert wave.at == moment(at)
    assert wave.is_due == (now == at)
    assert [mail.kind for mail in wave.mails] == kinds


def test_without_a_running_or_planned_round_there_is_no_next_wave(world: World) -> None:
    plan(world, opens_on=None)
    now = moment("2026-12-15 09:00")
    assert next_wave(world.session, settings=SETTINGS, now=now) is None


def test_looking_ahead_writes_nothing(world: World) -> None:
    plan(world)
    world.session.flush()
    connection = world.session.connection()
    with StatementCounter(connection.engine) as counter:
        next_wave(world.session, settings=SETTINGS, now=moment("2026-12-15 09:00"))
    assert counter.count > 0
    assert {statement.split()[0] for statement in counter.statements} <= {"SELECT", "WITH"}


def test_an_institution_without_mails_has_an_empty_history(world: World, now: datetime) -> None:
    put(world.session, now)
    assert history(world.session, institution_id=world.library.id or 0, today=local_day(now)) == ()
    mail = world.session.exec(select(OutboxMail).order_by(col(OutboxMail.id))).one()
    mail.institution_id = world.library.id
    world.session.flush()
    (row,) = history(world.session, institution_id=world.library.id or 0, today=local_day(now))
    assert row.institution == "Volkshochschule"
