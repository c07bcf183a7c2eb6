"""Everything under /dashboards/ is guarded, and nothing that is sent can break it."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine
from sqlmodel import Session

from tests.concept_client import KEY
from tests.conftest import StatementCounter, one_database
from tests.dashboards.conftest import ROUTING, SETTINGS, SignIn, Visitor, routing
from tests.dashboards.published import publish
from tests.factories import World
from tests.factories_snapshot import document
from tracker.accounts.actions import sessions
from tracker.app import create_app
from tracker.core.permissions import Role


@pytest.mark.parametrize("role", [Role.COMMITTEE, Role.COORDINATION])
def test_published_rounds_are_for_every_role(
    sign_in: SignIn, session: Session, four_rounds: list[dict[str, Any]], role: Role
) -> None:
    visitor = sign_in(role)
    publish(session, four_rounds)
    session.commit()
    assert "Überblick: 3. Quartal 2026" in visitor.content().text


def test_the_page_comes_in_our_frame_with_a_token_and_without_another_host(
    reader: Visitor,
) -> None:
    response = reader.client.get("/dashboards/")
    text = response.get_data(as_text=True)
    assert "<title>Überblick – Integrationskonzept-Controlling</title>" in text
    assert text.count("<h1") == 1
    assert 'lang="de"' in text
    assert "plotly.min.js" not in text
    assert 'src="http' not in text
    assert 'href="http' not in text
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.count("'sha256-") >= 12


def test_a_signed_in_page_is_not_found_where_there_is_none(reader: Visitor) -> None:
    for path in ("/dashboards/gibt-es-nicht", "/dashboards/massnahme/x", "/dashboards/404"):
        assert reader.client.get(path).status_code == 404
        content = reader.content(path)
        assert "gibt es nicht" in content.text
    assert reader.client.get("/dashboards/massnahme/1.1").status_code == 200


def test_bundles_are_compressed_and_kept_by_browsers(reader: Visitor) -> None:
    text = reader.client.get("/dashboards/").get_data(as_text=True)
    path = text.split('src="/dashboards/_dash-component-suites/')[1].split('"')[0]
    response = reader.client.get(
        f"/dashboards/_dash-component-suites/{path}", headers={"Accept-Encoding": "gzip, br"}
    )
    assert response.headers["Content-Encoding"] == "br"
    assert "immutable" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["dash/unknown.js", "unknown/x.js", "dash/../../secret", "dash/%00"]
)
def test_an_unknown_bundle_is_not_found(reader: Visitor, path: str) -> None:
    assert reader.client.get(f"/dashboards/_dash-component-suites/{path}").status_code == 404


FORGED: dict[str, Any] = {
    "nothing": None,
    "a list": [],
    "a text": "x",
    "an unknown output": routing() | {"output": "geheim.children"},
    "no output": {},
    "an output that is no text": routing() | {"output": ["x"]},
    "other outputs": routing()
    | {"outputs": [{"id": "x", "property": "y"}, {"id": "_pages_store", "property": "data"}]},
    "no outputs": {"output": ROUTING, "inputs": routing()["inputs"]},
    "no inputs": routing() | {"inputs": []},
    "inputs of another kind": routing() | {"inputs": ["a", "b"]},
    "more state than asked": routing() | {"state": [{"id": "a", "property": "b", "value": 1}]},
    "a path that is a number": routing(7),
    "a path that is a list": routing(["/dashboards/"]),
    "no path": routing(None),
    "a foreign path": routing("/konten/"),
    "a search that is an object": routing("/dashboards/", {"runde": "x"}),
    "an endless search": routing("/dashboards/", "?runde=" + "9" * 5000),
}


@pytest.mark.parametrize("body", FORGED.values(), ids=FORGED.keys())
def test_a_forged_callback_is_refused_in_german(reader: Visitor, body: Any) -> None:
    reader.client.get("/dashboards/")
    response = reader.post(body)
    assert response.status_code == 400
    assert response.get_json()["message"].endswith(".")


def test_a_body_that_is_not_json_is_refused(reader: Visitor) -> None:
    reader.client.get("/dashboards/")
    cookie = reader.client.get_cookie("dashboards_csrf", path="/dashboards/")
    assert cookie
    response = reader.client.post(
        "/dashboards/_dash-update-component",
        data=b"\xff{",
        headers={"X-CSRFToken": cookie.value, "Content-Type": "application/json"},
    )
    assert response.status_code == 400


@pytest.mark.parametrize("token", ["", "falsch", "ä\N{EURO SIGN}".encode().decode("latin-1")])
def test_a_callback_without_the_pages_token_is_refused(reader: Visitor, token: str) -> None:
    reader.client.get("/dashboards/")
    response = reader.post(routing(), token=token)
    assert response.status_code == 400
    assert "laden Sie sie neu" in response.get_json()["message"]


STRANGE = {
    "an unknown round": ("/dashboards/", "?runde=2031-Q9", "ist nicht veröffentlicht"),
    "a round that is markup": ("/dashboards/", "?runde=<script>", "ist nicht veröffentlicht"),
    "two rounds": ("/dashboards/", "?runde=2026-Q3&runde=2026-Q2", "ist nicht veröffentlicht"),
    "an empty round": ("/dashboards/", "?runde=", "Überblick: 3.\u00a0Quartal 2026"),
    "an unknown parameter": (
        "/dashboards/",
        "?self=1&pathname_=2",
        "Überblick: 3.\u00a0Quartal 2026",
    ),
    "no query": ("/dashboards/", "runde", "Überblick: 3.\u00a0Quartal 2026"),
    "another code by query": ("/dashboards/massnahme/1.1", "?code=2.1", "Maßnahme 2.1"),
    "two codes by query": ("/dashboards/massnahme/1.1", "?code=1&code=2", "gibt es nicht"),
    "an unknown measure": ("/dashboards/massnahme/99.9", "", "keine Maßnahme „99.9“"),
    "a measure that is none": ("/dashboards/massnahme/../x", "", "gibt es nicht"),
    "a path with a line break": ("/dashboards/massnahme/\n", "", "gibt es nicht"),
    "an unknown round of a measure": (
        "/dashboards/massnahme/1.1",
        "?runde=1999-Q1",
        "ist nicht veröffentlicht",
    ),
    "an unknown round of the list": (
        "/dashboards/massnahmen",
        "?runde=1999-Q1",
        "ist nicht veröffentlicht",
    ),
}


@pytest.mark.parametrize(("path", "search", "said"), STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_address_gets_a_page_that_says_what_to_do(
    reader: Visitor, path: str, search: str, said: str
) -> None:
    reader.client.get("/dashboards/")
    response = reader.post(routing(path, search))
    assert response.status_code == 200
    assert said in json.dumps(response.get_json(), ensure_ascii=False)


def test_before_the_first_publication_the_pages_say_why_they_are_empty(
    committee: Visitor,
) -> None:
    for path in ("/dashboards/", "/dashboards/massnahmen", "/dashboards/massnahme/1.1"):
        assert "Noch keine Runde veröffentlicht" in committee.content(path).text


def test_a_new_publication_shows_at_once(committee: Visitor, session: Session) -> None:
    assert "Noch keine Runde veröffentlicht" in committee.content().text
    publish(session, [document()])
    session.commit()
    assert "Überblick: 3. Quartal 2026" in committee.content().text


def test_a_page_seen_before_costs_the_statement_of_the_guard_and_the_one_of_the_publications(
    reader: Visitor, published_engine: Engine
) -> None:
    for path in ("/dashboards/", "/dashboards/massnahme/1.1", "/dashboards/massnahmen"):
        reader.content(path)
        with StatementCounter(published_engine) as counter:
            assert reader.post(routing(path)).status_code == 200
        assert counter.count == 2, counter.statements


@one_database
def test_over_https_no_other_host_can_set_the_pages_token(
    connection: Connection, session: Session, now: datetime
) -> None:
    app = create_app(replace(SETTINGS, secure_cookies=True), engine=connection, clock=lambda: now)
    account = World(session).coordination
    with app.test_client() as client:
        token = sessions.sign_in(session, account_id=account.account_id, now=now)
        session.commit()
        with client.session_transaction(base_url="https://localhost") as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        path = f"/dashboards/konzepte/{KEY}/"
        page = client.get(path, base_url="https://localhost")
        name = "__Host-dashboards_csrf"
        [sent] = [line for line in page.headers.getlist("Set-Cookie") if line.startswith(name)]
        assert {"Secure", "Path=/", "SameSite=Strict"} <= set(sent.split("; "))
        assert f'"csrf_token_name":"{name}"' in page.text
        known = client.get_cookie(name)
        assert known is not None
        for header, status in ((known.value, 200), ("x", 400)):
            answer = client.post(
                "/dashboards/_dash-update-component",
                json=routing(path),
                base_url="https://localhost",
                headers={"X-CSRFToken": header},
            )
            assert answer.status_code == status
