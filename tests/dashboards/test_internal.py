"""What only the KI may read: refused to every other role on every way, and kept for nobody."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlmodel import Session

from dashboards.pages import returns_institutions, routes
from tests.dashboards.conftest import Visitor, make_app, routing, signed_in
from tracker.accounts.actions import accounts, sessions
from tracker.concept.models import Institution, InstitutionKind
from tracker.core.periods import Period
from tracker.core.permissions import Function, Role
from tracker.reporting.models import Round
from tracker.reporting.rules.rounds import RoundState

INTERNAL = [page.path for page in routes.PAGES if page.internal]
# Ways of writing a path that Dash, Werkzeug or a browser may take for the same page.
SPELLINGS = ("/dashboards/{}", "/dashboards/{}/", "/dashboards//{}", "/dashboards/./{}")
SEARCHES = ("", "?runde=2026-Q3", "?runde=2031-Q9", "?feld=1", "?self=1&nummer=1")


class World:
    """One application with four published rounds, and a person of each role."""

    def __init__(self, app: Flask, session: Session, now: datetime) -> None:
        self.app = app
        _open_round(session, now)
        self.coordination = signed_in(app, session, Role.COORDINATION, now)
        self.others = {
            "committee": signed_in(app, session, Role.COMMITTEE, now),
            "representative": _of_institution(app, session, Function.REPRESENTATIVE, now),
            "staff": _of_institution(app, session, Function.STAFF, now),
        }


def _open_round(session: Session, now: datetime) -> None:
    """A round to be previewed, of the concept that the published ones belong to."""
    known = session.execute(select(Round)).scalars().first()
    assert known
    quarter = Period(2026, "Q", 4)
    session.add(
        Round(
            concept_id=known.concept_id,
            edition_id=known.edition_id,
            period=quarter.key,
            period_start=quarter.start,
            period_end=quarter.end,
            state=RoundState.OPEN,
            due_on=quarter.default_due_on(15),
            opened_at=now,
        )
    )
    session.commit()


def _of_institution(app: Flask, session: Session, function: Function, now: datetime) -> Visitor:
    institution = Institution(
        key=f"i-{function}", name=f"Amt {function}", short_name="", kind=InstitutionKind.MUNICIPAL
    )
    session.add(institution)
    session.flush()
    account = accounts.create(
        session,
        email=f"{function}@stadt.example",
        name=f"Person {function}",
        role=Role.INSTITUTION,
        institution_id=institution.id,
        function=function,
        by=None,
        now=now,
    )
    token = sessions.sign_in(session, account_id=account.id or 0, now=now)
    session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return Visitor(client)


@pytest.fixture
def world(published_engine: Engine, now: datetime) -> Iterator[World]:
    """On the database with four published rounds."""
    with published_engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield World(make_app(connection, now), session, now)
        outer.rollback()


def test_there_are_internal_pages() -> None:
    assert set(INTERNAL) == {"vorschau", "ruecklauf-institutionen"}


@pytest.mark.parametrize("path", INTERNAL)
@pytest.mark.parametrize("search", SEARCHES)
def test_the_page_is_refused_to_every_other_role_with_a_designed_message(
    world: World, path: str, search: str
) -> None:
    for who, visitor in world.others.items():
        response = visitor.client.get(f"/dashboards/{path}{search}")
        assert response.status_code == 403, who
        text = response.get_data(as_text=True)
        assert "gehört zu den Aufgaben einer anderen Rolle" in text
        assert "react-entry-point" not in text


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("path", INTERNAL)
def test_its_content_is_refused_and_never_kept_for_others(
    world: World, path: str, spelling: str
) -> None:
    """Asked for before, between and after the KI, which has just been given it."""
    address = spelling.format(path)
    ki = world.coordination
    ki.client.get("/dashboards/")
    for visitor in world.others.values():
        visitor.client.get("/dashboards/")
    for search in SEARCHES:
        _refused(world, routing(address, search))
        given = ki.post(routing(address, search))
        assert given.status_code == 200
        assert "einer anderen Rolle" not in given.get_data(as_text=True)
        _refused(world, routing(address, search))
        again = ki.post(routing(address, search))
        assert again.status_code == 200


def _refused(world: World, body: Any) -> None:
    for who, visitor in world.others.items():
        response = visitor.post(body)
        text = json.dumps(response.get_json(), ensure_ascii=False)
        unknown = response.status_code == 200 and "Diese Seite gibt es nicht" in text
        assert response.status_code == 403 or unknown, (who, body)
        assert "Nur für die koordinierende" not in text
        if response.status_code == 403:
            assert response.get_json()["message"].endswith("Rolle.")


FORGED: dict[str, Callable[[str], Any]] = {
    "the page named in the search of another": lambda path: routing(
        "/dashboards/", f"?path={path}&pathname=/dashboards/{path}&page={path}"
    ),
    "an address as value of a filter": lambda path: routing(
        "/dashboards/ruecklauf", f"?institution={path}&gruppe={path}"
    ),
    "more inputs": lambda path: (
        routing(f"/dashboards/{path}")
        | {"inputs": [*routing(f"/dashboards/{path}")["inputs"], {"id": "x", "property": "y"}]}
    ),
    "state beside the inputs": lambda path: (
        routing(f"/dashboards/{path}") | {"state": [{"id": "a", "property": "b", "value": 1}]}
    ),
    "other outputs": lambda path: (
        routing(f"/dashboards/{path}") | {"outputs": [{"id": "_pages_store", "property": "data"}]}
    ),
}


@pytest.mark.parametrize("path", INTERNAL)
@pytest.mark.parametrize("body", FORGED.values(), ids=FORGED.keys())
def test_no_forged_callback_brings_it_out(
    world: World, path: str, body: Callable[[str], Any]
) -> None:
    world.coordination.content(f"/dashboards/{path}")
    for visitor in world.others.values():
        visitor.client.get("/dashboards/")
        response = visitor.post(body(path))
        assert "Nur für die koordinierende" not in response.get_data(as_text=True)
        assert response.status_code in {200, 400}


@pytest.mark.parametrize("key", [returns_institutions.INSTITUTIONS, returns_institutions.HISTORY])
def test_its_csv_is_for_the_ki_only(world: World, key: str) -> None:
    address = f"/dashboards/tabellen/{key}.csv?seite=ruecklauf-institutionen"
    given = world.coordination.client.get(address)
    assert given.status_code == 200
    assert given.mimetype == "text/csv"
    for visitor in world.others.values():
        assert visitor.client.get(address).status_code == 403
        other = address.replace("seite=ruecklauf-institutionen", "seite=ruecklauf")
        assert visitor.client.get(other).status_code == 404
        slashed = address.replace("seite=ruecklauf", "seite=/ruecklauf")
        assert visitor.client.get(slashed).status_code in {403, 404}


def test_there_is_no_csv_of_a_preview(world: World) -> None:
    for key in ("handlungsfelder", "umsetzungsstand", "ruecklauf-runden"):
        response = world.coordination.client.get(f"/dashboards/tabellen/{key}.csv?seite=vorschau")
        assert response.status_code == 404


def test_only_the_ki_is_shown_the_way(world: World) -> None:
    ways = [f'href="/dashboards/{path}"' for path in INTERNAL]
    shown = world.coordination.client.get("/dashboards/").get_data(as_text=True)
    assert all(way in shown for way in ways)
    for visitor in world.others.values():
        text = visitor.client.get("/dashboards/").get_data(as_text=True)
        assert not any(way in text for way in ways)
    for path in ("/dashboards/", "/dashboards/ruecklauf"):
        links = [link["href"] for link in world.others["committee"].content(path).all("A")]
        assert not any(way in link for way in INTERNAL for link in links)


def test_a_page_that_becomes_internal_is_guarded_by_that_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tuple(
        replace(page, internal=True) if page.path == "massnahmen" else page for page in routes.PAGES
    )
    monkeypatch.setattr(routes, "PAGES", closed)
    committee = world.others["committee"]
    assert committee.client.get("/dashboards/massnahmen").status_code == 403
    assert world.coordination.client.get("/dashboards/massnahmen").status_code == 200
