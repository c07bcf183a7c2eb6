"""What a signed-in person is refused stands in the audit trail, once, and without the address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from tests.coordination_world import Desk
from tests.coordination_world import desk as make_desk
from tests.pages import SETTINGS, Browser, Clock
from tracker.core import audit
from tracker.core.models import AuditEvent
from tracker.core.refusals import MOST, VERB, Refusal, record_refusal
from tracker.tidy import remove_expired


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    return make_desk(session, app, clock)


def refused(session: Session) -> list[dict[str, str]]:
    session.commit()
    events = session.exec(select(AuditEvent).where(AuditEvent.verb == VERB).order_by("id")).all()
    return [event.after or {} for event in events]


Attempt = Callable[[Desk, Browser], object]
ATTEMPTS: dict[str, tuple[Attempt, str, Refusal]] = {
    "another role's page": (
        lambda desk, theirs: theirs.get("/konten", 403),
        "/konten",
        Refusal.OTHER_TASK,
    ),
    "another institution's report": (
        lambda desk, theirs: theirs.get(f"/meldungen/{desk.submitted(desk.opened(), 0).id}", 404),
        "/meldungen/…",
        Refusal.OTHERS,
    ),
    "a form without its token": (
        lambda desk, theirs: theirs.post("/konto/name", {"csrf_token": "x", "name": "Y"}, 400),
        "/konto/name",
        Refusal.STALE_FORM,
    ),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_refusal_is_recorded(desk: Desk, attempt: str) -> None:
    make, address, refusal = ATTEMPTS[attempt]
    make(desk, desk.browser(desk.world.stranger))
    assert refused(desk.world.session) == [{"address": address, "refusal": refusal}]
    page = desk.ki.get("/protokoll/?art=sicherheit")
    assert f"Zugriff abgelehnt Konto {desk.world.stranger.name}" in page.visible
    assert f"Seite: {address}" in page.visible
    assert "angemeldet" in page.visible
    assert "Runde eröffnet" not in page.visible


def test_what_nobody_has_is_no_refusal_to_whoever_sees_everything(desk: Desk) -> None:
    desk.ki.get("/pruefung/99999", 404)
    desk.ki.get("/gibt-es-nicht", 404)
    Browser(desk.app).get("/konten", 200, follow_redirects=True)
    assert refused(desk.world.session) == []


def test_nobody_floods_the_trail(desk: Desk) -> None:
    theirs = desk.browser(desk.world.stranger)
    for _ in range(3):
        theirs.get("/konten", 403)
    assert len(refused(desk.world.session)) == 1
    desk.clock.now += timedelta(minutes=16)
    theirs.get("/konten", 403)
    assert len(refused(desk.world.session)) == 2
    for number in range(2 * MOST):
        record_refusal(
            desk.world.session,
            by=desk.world.stranger,
            address=f"/{number}",
            refusal=Refusal.OTHERS,
            now=desk.clock.now,
        )
    desk.world.session.commit()
    assert len(refused(desk.world.session)) == 1 + MOST


def test_what_was_tried_is_removed_as_promised_and_nothing_else(desk: Desk) -> None:
    session, clock = desk.world.session, desk.clock
    desk.browser(desk.world.stranger).get("/konten", 403)
    session.commit()
    before = len(session.exec(select(AuditEvent)).all())
    promised = f"{audit.KEEP_TRIED.days} Tage"
    assert promised in desk.ki.get("/datenschutz").visible
    assert promised in desk.ki.get("/protokoll/").visible
    removed = remove_expired(session, settings=SETTINGS, now=clock.now + audit.KEEP_TRIED)
    assert removed.tried == 0
    later = clock.now + audit.KEEP_TRIED + timedelta(seconds=1)
    assert remove_expired(session, settings=SETTINGS, now=later).tried == 1
    session.commit()
    assert refused(session) == []
    assert len(session.exec(select(AuditEvent)).all()) == before - 1
