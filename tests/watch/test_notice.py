"""What the KI reads on its first pages while something is out of order, else nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import Session

from tests.coordination_world import desk as make_desk
from tests.pages import Browser, Clock
from tracker.core.instance import CLOCK_BEAT
from tracker.core.models import InstanceValue
from tracker.watch.queries import condition

TITLE = "Die Anwendung läuft nicht, wie sie soll"
REMEDY = "Bitte geben Sie das an die Betriebsstelle weiter."


def clock_beat(session: Session, moment: datetime) -> None:
    session.merge(InstanceValue(key=CLOCK_BEAT, value=moment.isoformat()))
    session.commit()


@pytest.fixture
def ki(session: Session, app: Flask, clock: Clock) -> Browser:
    return make_desk(session, app, clock).ki


@pytest.mark.parametrize("path", ["/", "/runden/"])
def test_the_ki_is_told_of_each_fault_and_of_nothing_while_all_is_well(
    ki: Browser, session: Session, clock: Clock, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_beat(session, clock.now)
    assert TITLE not in ki.get(path).visible
    clock_beat(session, clock.now - timedelta(minutes=16))
    page = ki.get(path).visible
    assert "Die Uhr hat sich seit mehr als 15 Minuten nicht gemeldet" in page
    assert REMEDY in page
    clock_beat(session, clock.now)
    monkeypatch.setattr(condition, "free_bytes", lambda _url: 0)
    page = ki.get(path).visible
    assert "Der Speicherplatz ist fast aufgebraucht" in page
    assert "Die Uhr" not in page


def test_nobody_else_is_told(committee: Browser, representative: Browser, nobody: Browser) -> None:
    for browser in (committee, representative, nobody):
        assert TITLE not in browser.get("/").visible
