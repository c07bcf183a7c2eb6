"""An area that is switched off has no page, no link and no job; its data stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from tests.conftest import one_database
from tests.factories import World
from tests.pages import SETTINGS, Browser, Clock, browser_of
from tracker.accounts.models import Account
from tracker.core import switching
from tracker.core.clock import Job, run_job
from tracker.core.models import AuditEvent
from tracker.core.switching import SwitchableArea
from tracker.reporting.models import Report, Round

LINK = 'href="/erhebungsbogen/"'
OFF = {"areas_off": "erhebungsbogen", "valid_from": "2026-10-05"}
ON = {"valid_from": "2026-10-05"}


@pytest.fixture
def library(session: Session, app: Flask, clock: Clock) -> Browser:
    """The representative of an institution with reports in an open round."""
    world = World(session)
    world.lead(world.library)
    world.open_round()
    session.commit()
    account = session.get_one(Account, world.representative.account_id)
    return browser_of(app, session, account, clock.now)


@pytest.fixture
def form(library: Browser, session: Session) -> str:
    """The address of the institution's form."""
    assert library.actor
    round_id = session.exec(select(Round.id)).one()
    return f"/erhebungsbogen/{round_id}/{library.actor.institution_id}"


@pytest.fixture
def area_of_tomorrow() -> Iterator[str]:
    """An area registered by this module."""
    area = SwitchableArea("morgen", "Bereich von morgen", "Ein Versuch.", __name__)
    switching.register(area)
    yield area.key
    del switching.AREAS[area.key]


def test_switched_off_it_answers_404_and_nothing_leads_there_and_back_again(
    coordination: Browser, library: Browser, form: str, session: Session
) -> None:
    assert LINK in library.get("/meldungen/").text
    library.get(form)
    before = session.exec(select(func.count()).select_from(Report)).one()
    assert coordination.send("/einstellungen/bereiche", OFF).status_code == 303
    for browser in (library, coordination):
        browser.get(form, 404)
        browser.get("/erhebungsbogen/", 404)
        assert browser.send(form, {}).status_code == 404
    assert LINK not in library.get("/meldungen/").text
    overview = coordination.get("/einstellungen/").visible
    assert "Abgeschaltete Bereiche Erhebungsbogen als Tabelle" in overview
    assert coordination.send("/einstellungen/bereiche", ON).status_code == 303
    assert LINK in library.get("/meldungen/").text
    library.get(form)
    assert session.exec(select(func.count()).select_from(Report)).one() == before


@one_database
def test_it_is_switched_off_from_a_day_on(
    coordination: Browser, library: Browser, form: str, clock: Clock, session: Session
) -> None:
    coordination.send("/einstellungen/bereiche", OFF | {"valid_from": "2026-10-06"})
    library.get(form)
    account = session.get_one(Account, library.actor.account_id if library.actor else 0)
    clock.forward(days=1)
    browser_of(library.app, session, account, clock.now).get(form, 404)


@one_database
def test_what_is_no_area_is_refused_and_only_the_ki_switches(
    coordination: Browser, library: Browser, form: str
) -> None:
    shown = coordination.post("/einstellungen/bereiche", OFF | {"schritt": "vorschau"})
    assert "Erhebungsbogen als Tabelle abgeschaltet" in shown.visible
    assert "Erhebungsbogen als Tabelle eingeschaltet" in (
        coordination.get("/einstellungen/bereiche").visible
    )
    page = coordination.post(
        "/einstellungen/bereiche", OFF | {"areas_off": "reporting"}, status=422
    )
    assert "reporting" not in switching.AREAS
    assert "Bitte" in page.visible
    assert library.send("/einstellungen/bereiche", OFF).status_code == 403
    library.get(form)


@one_database
def test_a_switch_is_in_the_log(coordination: Browser, session: Session) -> None:
    coordination.send("/einstellungen/bereiche", OFF)
    event = session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()[-1]
    assert "erhebungsbogen" in str(event.after)
    assert "Erhebungsbogen als Tabelle" in coordination.get("/einstellungen/bereiche").visible


@pytest.mark.parametrize(("setting", "ran"), [("", 1), ("morgen", 0), ("andere", 1)])
def test_its_jobs_do_not_run(
    engine: Engine, clock: Clock, area_of_tomorrow: str, setting: str, ran: int
) -> None:
    done = []

    def work(*_given: object) -> str:
        done.append(1)
        return "getan"

    job = Job("morgen", "Arbeit von morgen", timedelta(minutes=5), work)
    settings = switching.Settings(**{**vars(SETTINGS), "areas_off": setting})
    assert not run_job(job, engine, settings, now=clock.now).failed
    assert len(done) == ran


def test_its_modules_are_found_whole_and_no_others(area_of_tomorrow: str) -> None:
    assert switching.area_of(__name__) == area_of_tomorrow
    assert switching.area_of(f"{__name__}.web.views") == area_of_tomorrow
    assert switching.area_of(f"{__name__}2") is None
    assert switching.area_of("tracker.reporting.reports.web") is None
