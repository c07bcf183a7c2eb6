"""`tracker mail preview|list|retry` and the pass of the clock that sends what they show."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from tests.commands import Tracker
from tracker.accounts.actions import accounts
from tracker.concept.actions import responsibilities
from tracker.concept.models import Concept, EditionMeasure, Institution, ResponsibilityRole
from tracker.core.db import make_engine, transaction
from tracker.core.models import AuditEvent, JobRun
from tracker.core.periods import Period
from tracker.core.permissions import Function, Role
from tracker.outbox.models import OutboxMail
from tracker.reporting.rounds.actions import rounds

pytestmark = pytest.mark.usefixtures("only_what_the_test_sets")


@pytest.fixture
def led(seeded: str, tracker: Tracker) -> str:
    """A seeded database in which the Volkshochschule leads a measure and a round is open."""
    now = datetime(2026, 12, 31, 23, 10, tzinfo=UTC)
    with Session(make_engine(seeded)) as session, transaction(session):
        institution = session.exec(select(Institution).order_by(Institution.key)).first()
        concept = session.exec(select(Concept)).one()
        measure = session.exec(select(EditionMeasure).where(EditionMeasure.code == "1.1")).one()
        assert institution is not None
        accounts.create(
            session,
            email="vertretung@traeger.example",
            name="V",
            role=Role.INSTITUTION,
            institution_id=institution.id,
            function=Function.REPRESENTATIVE,
            by=None,
            now=now,
        )
        by = accounts.themselves(
            accounts.create(
                session,
                email="ki@stadt.example",
                name="K",
                role=Role.COORDINATION,
                by=None,
                now=now,
            )
        )
        responsibilities.assign(
            session,
            measure_ids=[measure.measure_id],
            institution_id=institution.id or 0,
            role=ResponsibilityRole.LEAD,
            valid_from=date(2026, 10, 1),
            valid_to=None,
            by=by,
            now=now,
        )
        rounds.plan(
            session,
            concept_id=concept.id or 0,
            period=Period.parse("2026-Q4"),
            due_on=date(2027, 1, 15),
            opens_on=date(2027, 1, 1),
            resubmit_days=7,
            by=by,
            now=now,
        )
    return seeded


def test_the_preview_shows_the_next_wave_and_writes_nothing(led: str, tracker: Tracker) -> None:
    run = tracker("mail", "preview", "--now", "2026-12-20T09:00")
    assert run.code == 0
    assert run.out.startswith("Nächster Versand: 01.01.2027, 06:00 Uhr\n")
    assert "(vertretung@traeger.example)" in run.out
    assert "Betreff: Q4/2026: Wir bitten um Ihre Meldung" in run.out
    assert "Guten Tag" not in run.out
    assert "| Guten Tag," in tracker("mail", "preview", "--text", "--now", "2026-12-20T09:00").out
    found = json.loads(
        tracker("mail", "preview", "--format", "json", "--now", "2026-12-20T09:00").out
    )
    assert (found["at"], found["is_due"]) == ("2027-01-01T05:00:00+00:00", False)
    assert [mail["recipients"] for mail in found["mails"]] == [["vertretung@traeger.example"]]
    with Session(make_engine(led)) as session:
        assert session.exec(select(OutboxMail)).all() == []
        assert session.exec(select(JobRun)).all() == []


def test_nothing_ahead_and_an_empty_outbox_are_said(seeded: str, tracker: Tracker) -> None:
    assert tracker("mail", "preview").out == "Zurzeit ist keine Mail zu einer Runde absehbar.\n"
    assert tracker("mail", "preview", "--format", "json").out == "null\n"
    assert tracker("mail", "list").out == "Keine Mails.\n"
    assert tracker("mail", "list", "--format", "json").out == "[]\n"


def test_one_pass_says_what_it_did_and_that_nothing_is_sent_without_a_server(
    led: str, tracker: Tracker
) -> None:
    run = tracker("clock", "--once", "--now", "2027-01-01T06:00")
    assert run.code == 0
    assert "Runden eröffnen: Q4/2026 eröffnet (1 Meldung)" in run.out
    assert "Mails zu den Runden: Bitte um Meldung: 1" in run.out
    assert "Im Postausgang wartet 1 Mail: Ohne Mailserver (SMTP_HOST) wird nichts" in run.out
    again = tracker("clock", "--once", "--now", "2027-01-08T06:00")
    assert "Mails zu den Runden: Erinnerung: 1" in again.out
    listed = json.loads(tracker("mail", "list", "--format", "json").out)
    assert [(mail["kind"], mail["state"]) for mail in listed] == [
        ("digest", "waiting"),
        ("reminder", "waiting"),
        ("round_invitation", "superseded"),
    ]
    assert "überholt" in tracker("mail", "list", "--state", "superseded").out


def test_a_failed_mail_is_tried_again_by_its_number_or_with_all(led: str, tracker: Tracker) -> None:
    tracker("clock", "--once", "--now", "2026-12-28T06:00")
    tracker("clock", "--once", "--now", "2027-01-01T06:00")
    assert tracker("mail", "retry", "--failed").code == 1
    with Session(make_engine(led)) as session, transaction(session):
        for mail in session.exec(select(OutboxMail)):
            mail.next_attempt_at, mail.last_error = None, "Mailserver antwortet 550: nein"
    assert "Mailserver antwortet 550: nein" in tracker("mail", "list", "--state", "failed").out
    one = tracker("mail", "retry", "1")
    assert one.out == "1 Mail wird mit dem nächsten Durchgang der Uhr noch einmal versucht.\n"
    rest = tracker("mail", "retry", "--failed")
    assert (rest.code, rest.out.split()[0]) == (0, "1")
    unknown = tracker("mail", "retry", "99")
    assert (unknown.code, unknown.err[:32]) == (1, "Fehler: Diese Mail gibt es nicht")
    with Session(make_engine(led)) as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.verb == "mail.retry")).all()
        assert [event.actor_id for event in events] == [None, None]
