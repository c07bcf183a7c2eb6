"""Benachrichtigungen: what the KI sees of the outbox, on both databases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine
from sqlmodel import Session, select

from tests.conftest import StatementCounter
from tests.coordination_world import Desk
from tests.coordination_world import desk as make_desk
from tests.factories import moment
from tests.pages import SETTINGS, Clock
from tracker.app import create_app
from tracker.concept.models import Institution
from tracker.core.models import AuditEvent, JobRun
from tracker.core.periods import Period
from tracker.outbox.delivery import REMOVED_BODY
from tracker.outbox.models import OutboxMail
from tracker.outbox.queue import SUPERSEDED
from tracker.outbox.rules.mailing import MailKind
from tracker.reporting.rounds.actions import rounds

NO_SERVER = "Es ist kein Mailserver eingerichtet"
SECRET = "https://controlling.example/einladung/geheim"


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """The KI at work, without a mail server."""
    return make_desk(session, app, clock)


@dataclass
class Put:
    """Puts mails into the outbox, each in one state."""

    desk: Desk

    def __call__(
        self,
        key: str,
        *,
        kind: MailKind = MailKind.REMINDER,
        body: str = "Bitte melden Sie.",
        sent_at: datetime | None = None,
        waits: bool = False,
        reason: str = "",
        institution: Institution | None = None,
    ) -> int:
        session, now = self.desk.world.session, self.desk.clock.now
        mail = OutboxMail(
            key=key,
            kind=kind.value,
            recipient=f"{key}@traeger.example",
            subject=f"Betreff {key}",
            body=body,
            institution_id=institution.id if institution else None,
            created_at=now,
            attempts=1 if reason else 0,
            next_attempt_at=now + timedelta(minutes=5) if waits else None,
            sent_at=sent_at,
            last_error=reason,
        )
        session.add(mail)
        session.commit()
        return mail.id or 0


@pytest.fixture
def put(desk: Desk) -> Put:
    return Put(desk)


def mail(desk: Desk, mail_id: int) -> OutboxMail:
    desk.world.session.expire_all()
    return desk.world.session.get_one(OutboxMail, mail_id)


def test_an_empty_outbox_says_so_and_that_nothing_is_sent_without_a_server(desk: Desk) -> None:
    page = desk.ki.get("/mails/")
    assert NO_SERVER in page.visible
    assert "Es wird nichts versandt" in page.visible
    assert "Keine Mail ist unzustellbar. Keine Mail wartet, keine ist versandt." in page.visible
    assert "keine Mail zu einer Runde absehbar" in page.visible


def test_with_a_server_nothing_is_said_of_one_that_is_missing(
    session: Session, connection: Connection, clock: Clock
) -> None:
    settings = replace(SETTINGS, smtp_host="127.0.0.1")
    app = create_app(settings, engine=connection, clock=clock)
    desk = make_desk(session, app, clock)
    mail_id = Put(desk)("a", reason="550 Kein Postfach")
    assert NO_SERVER not in desk.ki.get("/mails/").visible
    desk.ki.send(f"/mails/{mail_id}/erneut")
    assert "mit dem nächsten Durchgang der Uhr" in desk.ki.get("/mails/").visible


def test_each_mail_stands_with_its_state_and_reason_and_counts_are_right(
    desk: Desk, put: Put
) -> None:
    put("weg", reason="550 Dieses Postfach gibt es nicht")
    put("wartet", waits=True, reason="451 Bitte später")
    put("neu", waits=True)
    put("da", sent_at=desk.clock.now)
    put("alt", reason=SUPERSEDED + "eine neuere Erinnerung ist unterwegs")
    page = desk.ki.get("/mails/")
    assert "1 Mail ist unzustellbar. 2 Mails warten, 1 ist versandt." in page.visible
    assert "550 Dieses Postfach gibt es nicht" in page.visible
    assert "1 Versuch, nächster" in page.visible
    assert "451 Bitte später" in page.visible
    assert "1 überholte Mail" in page.visible
    for key in ("weg", "wartet", "neu", "da", "alt"):
        assert f"Betreff {key}" in page.visible
    # Only what was given up or met an obstacle can be sent again.
    assert page.text.count('/erneut" class') == 2


def test_the_text_of_a_waiting_mail_can_be_read(desk: Desk, put: Put) -> None:
    library = desk.world.library
    put("neu", waits=True, body="Bitte melden Sie bald.", institution=library)
    for path in ("/mails/", f"/mails/institution/{library.id}"):
        assert "Bitte melden Sie bald." in desk.ki.get(path).visible


@pytest.mark.parametrize("kind", [MailKind.INVITATION, MailKind.PASSWORD_RESET])
def test_a_personal_link_is_never_shown(desk: Desk, put: Put, kind: MailKind) -> None:
    library = desk.world.library
    for number, state in enumerate(
        ({"waits": True}, {"reason": "550"}, {"sent_at": moment("2026-10-01 08:00")})
    ):
        put(f"{number}", kind=kind, body=f"Ihr Link: {SECRET}", institution=library, **state)  # type: ignore[arg-type]
    for path in ("/mails/", f"/mails/institution/{library.id}"):
        page = desk.ki.get(path)
        assert "Betreff 0" in page.visible
        assert SECRET not in page.text
        assert "Ihr Link" not in page.text


def test_one_mail_is_tried_again_and_that_is_recorded(desk: Desk, put: Put) -> None:
    mail_id = put("weg", reason="550 Kein Postfach", institution=desk.world.library)
    response = desk.ki.send(f"/mails/{mail_id}/erneut")
    assert response.location == "/mails/"
    found = mail(desk, mail_id)
    assert (found.attempts, found.next_attempt_at) == (0, desk.clock.now)
    assert "erst, wenn ein Mailserver eingerichtet ist" in desk.ki.get("/mails/").visible
    verbs = desk.world.session.exec(select(AuditEvent.verb)).all()
    assert verbs.count("mail.retry") == 1
    trail = desk.ki.get("/protokoll/").visible
    assert "Zustellversuche" in trail
    assert "Grund des Scheiterns: 550 Kein Postfach" in trail
    fields = {"institution": str(desk.world.library.id)}
    response = desk.ki.send(f"/mails/{mail_id}/erneut", fields)
    assert response.location == f"/mails/institution/{desk.world.library.id}"


def test_what_cannot_be_sent_again_is_refused_with_the_reason(desk: Desk, put: Put) -> None:
    for mail_id, said in (
        (put("da", sent_at=desk.clock.now), "schon versandt"),
        (put("alt", reason=SUPERSEDED + "neuere"), "nicht mehr nötig"),
        (put("link", kind=MailKind.INVITATION, body=REMOVED_BODY, reason="550"), "neu ein"),
        (put("neu", waits=True), "wartet noch"),
    ):
        assert said in desk.ki.post(f"/mails/{mail_id}/erneut", {}, status=409).visible
    desk.ki.post("/mails/999999/erneut", {}, status=404)


def test_all_that_failed_is_tried_again_at_once(desk: Desk, put: Put) -> None:
    failed = [put(key, reason="550") for key in ("eins", "zwei")]
    sent = put("da", sent_at=desk.clock.now)
    assert "Alle unzustellbaren erneut senden" in desk.ki.get("/mails/").visible
    assert desk.ki.send("/mails/erneut").location == "/mails/"
    assert all(mail(desk, number).next_attempt_at == desk.clock.now for number in failed)
    assert mail(desk, sent).next_attempt_at is None
    assert "2 Mails werden noch einmal versucht" in desk.ki.get("/mails/").visible
    desk.ki.send("/mails/erneut")
    assert "keine unzustellbare Mail" in desk.ki.get("/mails/").visible


def test_an_invitation_whose_link_is_gone_does_not_keep_the_others_back(
    desk: Desk, put: Put
) -> None:
    gone = put("link", kind=MailKind.INVITATION, body=REMOVED_BODY, reason="550")
    other = put("weg", reason="550")
    page = desk.ki.get("/mails/")
    assert f"/mails/{other}/erneut" in page.text
    assert f"/mails/{gone}/erneut" not in page.text
    assert "laden Sie die Person neu ein" in page.visible
    assert desk.ki.send("/mails/erneut").location == "/mails/"
    assert mail(desk, other).next_attempt_at == desk.clock.now
    assert mail(desk, gone).next_attempt_at is None


def test_the_next_wave_is_shown_with_its_text_and_nothing_is_written(desk: Desk) -> None:
    rounds.plan(
        desk.world.session,
        concept_id=desk.world.concept_id,
        period=Period.parse("2026-Q4"),
        due_on=date(2027, 1, 15),
        opens_on=date(2027, 1, 1),
        resubmit_days=7,
        by=desk.world.coordination,
        now=desk.clock.now,
    )
    desk.world.session.commit()
    page = desk.ki.get("/mails/")
    assert "Am 01.01.2027" in page.visible
    assert "vhs@example.org" in page.visible
    assert "Q4/2026, an 1 Institution" in page.visible
    assert "(5 Meldungen)" in page.visible
    assert "Text ansehen" in page.visible
    assert desk.world.session.exec(select(OutboxMail)).all() == []
    assert desk.world.session.exec(select(JobRun)).all() == []


def test_an_institutions_mails_are_linked_from_its_page_and_the_rounds(
    desk: Desk, put: Put
) -> None:
    library, club = desk.world.library, desk.world.club
    desk.opened()
    assert f"/mails/institution/{library.id}" in desk.ki.get("/runden/2026-Q3").text
    put("weg", reason="550 Kein Postfach", institution=library)
    put("fremd", institution=club)
    assert f"/mails/institution/{library.id}" in desk.ki.get(f"/institutionen/{library.id}").text
    page = desk.ki.get(f"/mails/institution/{library.id}")
    assert page.heading == "Mails an Volkshochschule"
    assert "550 Kein Postfach" in page.visible
    assert "Betreff fremd" not in page.visible
    assert "unzustellbar" in page.visible
    desk.ki.get("/mails/institution/999999", 404)
    empty = desk.world.institution("leer", "Leeres Haus")
    desk.world.session.commit()
    page = desk.ki.get(f"/mails/institution/{empty.id}")
    assert "noch keine Mail" in page.visible


def test_the_outbox_costs_a_fixed_number_of_statements(
    desk: Desk, put: Put, engine: Engine
) -> None:
    put("erste", reason="550", institution=desk.world.library)
    desk.ki.get("/mails/")  # the first request of a process asks some things once
    counts = []
    for number in range(2):
        put(f"weitere{number}", waits=True, institution=desk.world.club)
        with StatementCounter(engine) as counter:
            desk.ki.get("/mails/")
        counts.append(counter.count)
    assert counts[0] == counts[1]
