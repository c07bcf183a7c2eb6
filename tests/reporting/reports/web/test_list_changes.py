""" "Meine Maßnahmen" is never stale and never another person's."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, update
from sqlmodel import Session, SQLModel

from tests.concept_client import ConceptClient
from tests.factories import World
from tests.pages import SETTINGS, Browser, Clock, browser_of
from tests.report_world import Open, earlier_round, path
from tracker.accounts.models import Account
from tracker.app import create_app
from tracker.concept.models import EditionMeasure, Institution
from tracker.reporting.models import Round

LIST = "/meldungen/"


def as_in(app: Flask, browser: Browser) -> Browser:
    """The same person, with the same cookie, before another application."""
    cookie = browser.client.get_cookie("sitzung")
    assert cookie is not None
    other = Browser(app, browser.actor)
    other.client.set_cookie("sitzung", cookie.value)
    return other


@pytest.mark.parametrize("query", ["", "?alle=1"])
def test_the_list_is_the_same_with_each_visit_and_in_each_application(
    world: World, library: Browser, connection: Connection, clock: Clock, query: str
) -> None:
    earlier_round(world)
    world.open_round()
    world.session.commit()
    first = library.get(LIST + query)
    again = library.get(LIST + query)
    other = create_app(SETTINGS, engine=connection, clock=clock)
    other.test_client_class = ConceptClient
    anew = as_in(other, library).get(LIST + query)
    assert "Unverändert bestätigen" in first.visible
    assert first.text == again.text == anew.text
    numbers = {page.response.headers.pop("X-Request-ID") for page in (again, anew)}
    assert len(numbers) == 2
    assert sorted(again.response.headers) == sorted(anew.response.headers)


def test_everybody_sees_the_own_name_and_gets_the_own_token(
    world: World, library: Browser, browse: Open, session: Session, clock: Clock
) -> None:
    world.open_round()
    account = session.get_one(Account, world.representative.account_id)
    elsewhere = browser_of(library.app, session, account, clock.now)
    pages = [library.get(LIST), browse(world.staff).get(LIST), elsewhere.get(LIST)]
    names = [world.representative.name, world.staff.name, world.representative.name]
    for page, name in zip(pages, names, strict=True):
        assert f"Angemeldet als {name}" in page.visible
        assert page.text.count(page.token()) == page.text.count("csrf_token") + 1
        assert "\x00" not in page.text
    assert len({page.token() for page in pages}) == 3


CHANGES: dict[str, tuple[type[SQLModel], dict[str, Any], str]] = {
    "the person's name": (Account, {"name": "Neuer Name"}, "Angemeldet als Neuer Name"),
    "the institution's": (Institution, {"short_name": "Haus"}, "Haus · benannte Vertretung"),
    "the measure's text": (EditionMeasure, {"display_text": "Neuer Wortlaut"}, "Neuer Wortlaut"),
    "the due day": (Round, {"due_on": date(2026, 10, 30)}, "Abgabefrist: 30.10.2026"),
}


@pytest.mark.parametrize("changed", CHANGES)
def test_what_changes_behind_the_application_is_seen_at_once(
    open_round: Round, library: Browser, session: Session, changed: str
) -> None:
    table, values, expected = CHANGES[changed]
    assert expected not in library.get(LIST).visible
    session.execute(update(table).values(**values))
    session.commit()
    assert expected in library.get(LIST).visible


def test_the_day_changes_the_list(
    open_round: Round, library: Browser, session: Session, clock: Clock
) -> None:
    assert "noch 10 Tage" in library.get(LIST).visible
    clock.forward(minutes=50)
    assert "noch 10 Tage" in library.get(LIST).visible
    account = session.get_one(Account, library.actor.account_id if library.actor else 0)
    clock.forward(days=1)
    tomorrow = browser_of(library.app, session, account, clock.now)
    assert "noch 9 Tage" in tomorrow.get(LIST).visible


def test_what_an_action_has_to_say_is_said_once(
    world: World, library: Browser, session: Session
) -> None:
    earlier_round(world)
    report = world.report(world.open_round(), world.measures[0])
    session.commit()
    quiet = library.get(LIST)
    assert 'class="kern-alert' not in quiet.text
    library.send(path(report, "/bestaetigen"))
    said = library.get(LIST)
    assert 'class="kern-alert kern-alert--success"' in said.text
    assert "unverändert bestätigt" in said.visible
    assert 'class="kern-alert' not in library.get(LIST).text


def test_two_applications_in_one_process_keep_their_own_lists(
    world: World, open_round: Round, library: Browser, connection: Connection, clock: Clock
) -> None:
    settings = replace(SETTINGS, office_name="Stabsstelle Nebenan")
    other = as_in(create_app(settings, engine=connection, clock=clock), library)
    assert SETTINGS.office_name in library.get(LIST).visible
    assert "Stabsstelle Nebenan" in other.get(LIST).visible
    assert "Stabsstelle Nebenan" not in library.get(LIST).visible
