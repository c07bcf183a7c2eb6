from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from tests.bielefeld import BIELEFELD
from tests.committing import emptied
from tests.outbox.server import Mailbox, running
from tools.processes import free_port
from tracker.core.db import transaction
from tracker.core.settings import Settings
from tracker.outbox import delivery
from tracker.outbox.delivery import BACK_OFF, REMOVED_BODY, deliver_due
from tracker.outbox.models import OutboxMail
from tracker.outbox.queue import enqueue
from tracker.outbox.wording import MailKind, account_link

LINK = "http://127.0.0.1:8000/einladung/abc"
PLAIN = replace(
    BIELEFELD,
    instance_name="Controlling Würzburg-Süd",
    mail_from="noreply@stadt.example",
    contact_email="ki@stadt.example",
)


@pytest.fixture
def engine(engine: Engine) -> Iterator[Engine]:
    with emptied(engine, OutboxMail) as committing:
        yield committing


@pytest.fixture
def settings() -> Settings:
    return replace(PLAIN, smtp_host="127.0.0.1", smtp_port=free_port())


def put(engine: Engine, now: datetime, *keys: str, recipient: str = "a@traeger.example") -> None:
    text = account_link(
        MailKind.INVITATION, name="Ayşe Öztürk", link=LINK, expires_at=now, settings=PLAIN
    )
    with Session(engine) as session, transaction(session):
        for key in keys:
            enqueue(session, key=key, recipient=recipient, text=text, now=now)


def mails(engine: Engine) -> list[OutboxMail]:
    with Session(engine) as session:
        return list(session.exec(select(OutboxMail).order_by(col(OutboxMail.id))))


def test_a_key_enters_the_outbox_once(engine: Engine, now: datetime) -> None:
    put(engine, now, "invitation:1", "invitation:1")
    put(engine, now + timedelta(days=1), "invitation:1")
    assert [mail.created_at for mail in mails(engine)] == [now]


def test_a_mail_is_delivered_once_with_its_headers(
    engine: Engine, now: datetime, settings: Settings
) -> None:
    put(engine, now, "invitation:1")
    mailbox = Mailbox()
    with running(mailbox, settings.smtp_port):
        assert deliver_due(engine, settings, now=now).sent == 1
        assert deliver_due(engine, settings, now=now + timedelta(days=9)).sent == 0
    (message,) = mailbox.messages
    assert message["To"] == "a@traeger.example"
    assert message["From"] == "Controlling Würzburg-Süd <noreply@stadt.example>"
    assert message["Reply-To"] == "ki@stadt.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@stadt.example>")
    assert message.get_content_type() == "text/plain"
    assert "Guten Tag Ayşe Öztürk" in message.get_content()
    assert LINK in message.get_content()
    (mail,) = mails(engine)
    assert (mail.sent_at, mail.next_attempt_at, mail.last_error) == (now, None, "")


def test_a_personal_link_does_not_stay_in_the_outbox_once_it_is_sent(
    engine: Engine, now: datetime, settings: Settings
) -> None:
    put(engine, now, "invitation:1")
    with running(Mailbox(), settings.smtp_port):
        deliver_due(engine, settings, now=now)
    assert mails(engine)[0].body == REMOVED_BODY


def test_the_message_id_follows_from_the_key(
    engine: Engine, now: datetime, settings: Settings
) -> None:
    put(engine, now, "invitation:1", "invitation:2")
    mailbox = Mailbox()
    with running(mailbox, settings.smtp_port):
        deliver_due(engine, settings, now=now)
        with Session(engine) as session, transaction(session):
            first = session.exec(select(OutboxMail).order_by(col(OutboxMail.id))).first()
            assert first is not None
            first.sent_at, first.next_attempt_at = None, now  # as after a crash before the record
        deliver_due(engine, settings, now=now)
    one, two, again = (message["Message-ID"] for message in mailbox.messages)
    assert one == again != two


def test_without_a_mail_server_nothing_pretends_to_be_sent(engine: Engine, now: datetime) -> None:
    put(engine, now, "invitation:1")
    assert deliver_due(engine, PLAIN, now=now) == delivery.Delivered()
    (mail,) = mails(engine)
    assert (mail.sent_at, mail.next_attempt_at, mail.attempts) == (None, now, 0)


def test_a_refused_recipient_is_given_up_visibly_and_does_not_hold_up_others(
    engine: Engine, now: datetime, settings: Settings
) -> None:
    put(engine, now, "invitation:1", recipient="weg@traeger.example")
    put(engine, now, "invitation:2")
    mailbox = Mailbox()
    mailbox.answers["weg@traeger.example"] = "550 no such user"
    with running(mailbox, settings.smtp_port):
        result = deliver_due(engine, settings, now=now)
    assert result.summary == "1 versandt, 1 unzustellbar"
    refused, sent = mails(engine)
    assert (refused.sent_at, refused.next_attempt_at) == (None, None)
    assert refused.last_error == "Mailserver antwortet 550: no such user"
    assert sent.sent_at == now


def test_a_delayed_mail_is_tried_again_after_the_back_off_and_given_up_after_the_last(
    engine: Engine, now: datetime, settings: Settings
) -> None:
    put(engine, now, "invitation:1")
    mailbox = Mailbox()
    mailbox.answers["a@traeger.example"] = "451 greylisted"
    with running(mailbox, settings.smtp_port):
        for wait in BACK_OFF:
            deliver_due(engine, settings, now=now)
            (mail,) = mails(engine)
            assert "451: greylisted" in mail.last_error
            early = now + wait - timedelta(seconds=1)
            assert deliver_due(engine, settings, now=early) == delivery.Delivered()
            now += wait
        assert deliver_due(engine, settings, now=now).failed == 1
    (mail,) = mails(engine)
    assert (mail.attempts, mail.next_attempt_at, mail.sent_at) == (len(BACK_OFF) + 1, None, None)


def test_a_server_that_was_down_gets_the_mails_once_it_is_up(
    engine: Engine, now: datetime, settings: Settings
) -> None:
    put(engine, now, "invitation:1", "invitation:2")
    for day in range(10):
        result = deliver_due(engine, settings, now=now + timedelta(days=day))
        assert "nicht erreichbar" in result.summary
    assert all("nicht erreichbar" in mail.last_error for mail in mails(engine))
    mailbox = Mailbox()
    with running(mailbox, settings.smtp_port):
        assert deliver_due(engine, settings, now=now + timedelta(days=10)).sent == 2
    assert len(mailbox.messages) == 2


def test_a_claimed_mail_is_not_sent_by_a_second_clock(
    engine: Engine, now: datetime, settings: Settings
) -> None:
    put(engine, now, "invitation:1")
    assert delivery._claim(engine, now) is not None  # the first clock dies here
    mailbox = Mailbox()
    with running(mailbox, settings.smtp_port):
        assert deliver_due(engine, settings, now=now).sent == 0
        assert deliver_due(engine, settings, now=now + BACK_OFF[0]).sent == 1


def test_a_subject_takes_no_second_header_from_a_name(now: datetime) -> None:
    settings = replace(PLAIN, instance_name="Controlling\nBcc: x@y.example")
    text = account_link(
        MailKind.PASSWORD_RESET, name="A", link=LINK, expires_at=now, settings=settings
    )
    assert text.subject == "Neues Kennwort: Controlling Bcc: x@y.example"


@pytest.mark.parametrize("kind", [MailKind.INVITATION, MailKind.PASSWORD_RESET])
def test_every_mail_with_a_personal_link_carries_it_and_its_deadline_in_local_time(
    kind: MailKind, now: datetime
) -> None:
    text = account_link(kind, name="A", link=LINK, expires_at=now, settings=PLAIN)
    assert LINK in text.body
    assert "05.10.2026, 11:00 Uhr" in text.body
    assert "$" not in text.subject + text.body
