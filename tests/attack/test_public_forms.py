"""Public forms under attack: clicks at the same moment, and a flood from many senders at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from tests.committing import emptied
from tests.moments import at_once
from tests.pages import SETTINGS, public_token
from tracker.app import create_app
from tracker.contact.models import Confirmation, FormReceipt
from tracker.core.models import AuditEvent
from tracker.outbox.models import OutboxMail
from tracker.outbox.rules.mailing import MailKind
from tracker.pages.actions.accessibility_feedback import COLLECTED, SINGLY_PER_HOUR

FORM = "/barriere-melden"
AT_ONCE = 4
CLICKS = 6


@pytest.fixture
def engine(engine: Engine) -> Iterator[Engine]:
    """Each of the two databases, which really commits."""
    with emptied(engine, OutboxMail, Confirmation, FormReceipt, AuditEvent) as committing:
        yield committing


@pytest.fixture
def served(engine: Engine, now: datetime) -> Flask:
    settings = replace(SETTINGS, smtp_host="127.0.0.1")
    return create_app(settings, engine=engine, clock=lambda: now)


def mails(engine: Engine, kind: MailKind = MailKind.BARRIER) -> list[OutboxMail]:
    with Session(engine) as session:
        of_kind = select(OutboxMail).where(OutboxMail.kind == kind).order_by(col(OutboxMail.id))
        return list(session.exec(of_kind))


def test_clicks_at_the_same_moment_are_one_report_and_one_confirmation(
    served: Flask, engine: Engine
) -> None:
    data = {"description": "Eine.", "reply_to": "person@example.org"}
    same = data | {"csrf_token": public_token(served, FORM)}

    def report(form: dict[str, str]) -> int:
        return served.test_client().post(FORM, data=form).status_code

    assert at_once(*[partial(report, same)] * CLICKS) == [200] * CLICKS
    assert len(mails(engine)) == 1
    (asked,) = mails(engine, MailKind.CONFIRMATION)

    report(data | {"csrf_token": public_token(served, FORM)})  # waits for the same link
    link = re.search("/bestaetigen/[^\n]+", asked.body)
    assert link is not None

    def confirm(path: str) -> int:
        form = {"csrf_token": public_token(served, path), "answer": "bestaetigen"}
        return served.test_client().post(path, data=form).status_code

    assert at_once(*[partial(confirm, link[0])] * CLICKS) == [200] * CLICKS
    passed_on = [mail for mail in mails(engine) if "Antwort an: person" in mail.body]
    assert len(passed_on) == 1


@pytest.mark.attack
def test_a_flood_from_many_senders_loses_nothing_and_floods_nobody(
    served: Flask, engine: Engine
) -> None:
    number = 1_000

    def report(sender: int) -> int:
        form = {
            "csrf_token": public_token(served, FORM),
            "description": f"Hinweis {sender}. {'x' * 4_900}",
            "reply_to": f"person-{sender}@example.org",
        }
        address = f"198.51.{sender // 200}.{sender % 200}"
        client = served.test_client()
        for _ in range(5):
            answer = client.post(FORM, data=form, environ_base={"REMOTE_ADDR": address})
            if answer.status_code != 503:  # SQLite is busy: the page asks to send it once more
                break
        return answer.status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert Counter(pool.map(report, range(number))) == {200: number}
    arrived = Counter(
        int(found)
        for mail in mails(engine)
        for found in re.findall(r"Hinweis (\d+)\. x", mail.body)
    )
    assert arrived == dict.fromkeys(range(number), 1)
    subjects = Counter(mail.subject == COLLECTED for mail in mails(engine))
    # On PostgreSQL those who report at one moment do not see each other.
    assert subjects[False] <= SINGLY_PER_HOUR + AT_ONCE
    assert subjects[True] <= 15
    asked = mails(engine, MailKind.CONFIRMATION)
    assert len({mail.recipient for mail in asked}) == len(asked) == number
    hours = Counter(mail.next_attempt_at for mail in asked)
    assert max(hours.values()) <= 60 + AT_ONCE
    with Session(engine) as session:
        assert len(session.exec(select(AuditEvent)).all()) == len(mails(engine))
