"""What no page of ours sends is refused at one gate; a text with such signs is offered back."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from tests.dashboards.conftest import routing
from tests.pages import Browser
from tracker.core.text import is_storable
from tracker.web.csp import DASHBOARDS

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
