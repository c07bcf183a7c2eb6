"""What no page of ours sends is refused at one gate; a text with such signs is offered back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from flask import Flask, Request
from sqlalchemy import Connection

from tests.dashboards.conftest import routing
from tests.pages import SETTINGS, Browser, checked
from tracker.app import create_app
from tracker.core.text import is_storable
from tracker.web.csp import DASHBOARDS
from tracker.web.gate import is_known

CALLBACK = f"{DASHBOARDS}_dash-update-component"
DEEP = 2_000
BODIES = {
    "nested deeply": "[" * DEEP + "]" * DEEP,
    "nested deeply in an object": '{"a":' * DEEP + "1" + "}" * DEEP,
    "NUL": json.dumps(routing("/dashboards/\0")),
    "a lone surrogate": json.dumps(routing("/dashboards/", "?x=\ud800")),
    "NUL in a name": json.dumps({**routing(), "\0": 1}),
    "a long number": json.dumps({**routing(), "changedPropIds": 1})[:-1] + "9" * 5000 + "}",
    "no JSON": "{",
    "no object": "5",
    "bytes": b"\xff\xfe\x00",
}


@pytest.mark.parametrize(
    ("text", "stored"),
    [("Ä\t\n\x07💥", True), ("a\0", False), ("\ud800", False)],
)
def test_only_what_both_databases_take_is_storable(text: str, stored: bool) -> None:
    assert is_storable(text) is stored


@pytest.mark.parametrize("address", ["/%00", "/logo/a%00.png", "/protokoll/?art=%00", "/?%00=1"])
def test_there_is_nothing_under_an_address_with_nul(coordination: Browser, address: str) -> None:
    assert coordination.get(address, 404).heading == "Seite nicht gefunden"


@pytest.mark.parametrize("body", BODIES)
def test_json_that_no_page_sends_is_refused(app: Flask, coordination: Browser, body: str) -> None:
    coordination.client.set_cookie("dashboards_csrf", "x", path=DASHBOARDS)
    answer = coordination.client.post(
        CALLBACK,
        data=BODIES[body],
        content_type="application/json",
        headers={"X-CSRFToken": "x"},
    )
    assert answer.status_code == 400
    assert answer.get_json()["error"] == "bad_request"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "field"), [("/barriere-melden", "description"), ("/konto/name", "name")]
)
def test_a_text_with_signs_that_nothing_stores_is_offered_back_without_them(
    coordination: Browser, path: str, field: str
) -> None:
    page = coordination.post(path, {field: "Frau\0 Ärmel"}, 422)
    assert "unsichtbare Steuerzeichen" in page.visible
    assert "Frau Ärmel" in page.text
    assert "\0" not in page.text


HOSTS: list[tuple[dict[str, str], str, bool]] = [
    ({}, "127.0.0.1", True),
    ({}, "localhost:8765", True),
    ({}, "[::1]:8765", True),
    ({}, "LOCALHOST", True),
    ({}, "stadt.example", False),
    ({}, "localhost.evil.example", False),
    ({}, "", False),
    ({}, 'a"><script>', False),
    ({"base_url": "https://ziele.stadt.example"}, "ziele.stadt.example", True),
    ({"base_url": "https://ziele.stadt.example"}, "127.0.0.1:8000", True),
    ({"base_url": "https://ziele.stadt.example", "host": "0.0.0.0"}, "127.0.0.1:8000", False),
    ({"base_url": "https://ziele.lübeck.example:8443/"}, "ziele.xn--lbeck-kva.example:8443", True),
    ({"base_url": "http://[2001:db8::1]:8000"}, "[2001:db8::1]:8000", True),
    ({"allowed_hosts": "a.example, .b.example"}, "a.example", True),
    ({"allowed_hosts": "a.example, .b.example"}, "x.b.example:443", True),
    ({"allowed_hosts": "a.example, .b.example"}, "b.example", False),
    ({"allowed_hosts": "a.example, .b.example"}, "127.0.0.1", False),
    ({"allowed_hosts": "a.example:8443, .B.example:443"}, "a.example", True),
    ({"allowed_hosts": "a.example:8443, .B.example:443"}, "x.b.example:8443", True),
    ({"allowed_hosts": "ziele.lübeck.example"}, "ziele.xn--lbeck-kva.example", True),
    ({"allowed_hosts": ".lübeck.example,"}, "ziele.xn--lbeck-kva.example:443", True),
    ({"allowed_hosts": "[2001:db8::1]:8000"}, "[2001:db8::1]", True),
    ({"allowed_hosts": "2001:db8::1"}, "[2001:db8::1]:8000", True),
    ({"allowed_hosts": "192.0.2.7:8000"}, "192.0.2.7", True),
]


@pytest.mark.parametrize(("settings", "host", "known"), HOSTS)
def test_the_application_answers_to_its_own_names(
    settings: dict[str, str], host: str, known: bool
) -> None:
    names = replace(SETTINGS, **settings).hosts
    asked = Request({"wsgi.url_scheme": "http", "HTTP_HOST": host})
    assert is_known(asked.host, names) is known


def test_under_another_name_there_is_only_a_page_that_says_so(connection: Connection) -> None:
    settings = replace(SETTINGS, allowed_hosts="ziele.stadt.example", trusted_proxies=1)
    client = create_app(settings, engine=connection).test_client()
    told = {"Host": "böse.example".encode("idna").decode()}
    answer = client.get("/protokoll/", headers=told)
    page = checked(answer, 400)
    assert "Unter diesem Namen" in page.heading
    assert "Location" not in answer.headers
    assert told["Host"] not in page.text
    assert client.post("/anmelden", headers=told).status_code == 400
    assert client.get("/gesund", headers={"Host": "10.0.0.7"}).status_code == 200
    through = {"Host": "127.0.0.1", "X-Forwarded-Host": "ziele.stadt.example"}
    assert client.get("/impressum", headers=through).status_code == 200
