"""A text is never lost: expired session, stale token, refusal, locked database."""

import html
import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from tests.pages import PASSWORD, Browser, Clock, Page, checked
from tracker.accounts.actions import accounts as actions
from tracker.core.permissions import Role

EMAIL = "kim@stadt.example"
LONG = "\n Zeile mit „Zeichen“ & <b>Klammern</b> 🧭 \u202bעברית\u202c\n" * 2300  # > 100,000


@pytest.fixture
def kim(app: Flask, session: Session, now: datetime) -> Browser:
    """A browser in which Kim is signed in, who has a password."""
    account = actions.create(
        session,
        email=EMAIL,
        name="Kim",
        role=Role.COORDINATION,
        password=PASSWORD,
        by=None,
        now=now,
    )
    session.commit()
    browser = Browser(app)
    browser.send("/anmelden", {"email": EMAIL, "password": PASSWORD})
    assert account.id
    return browser


def form_of(page: Page, action: str) -> dict[str, str]:
    """The fields a browser would send for the page's form with this action."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page.text, re.S)
    assert found, f"no form to {action}"
    inputs = re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', found[1])
    # A line break right behind <textarea> belongs to the page, not to the text.
    areas = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', found[1], re.S)
    return {name: html.unescape(value) for name, value in inputs + areas}


def sign_in_again(client: FlaskClient, page: Page, **changes: str) -> Page:
    data = form_of(page, "/anmelden") | {"email": EMAIL, "password": PASSWORD} | changes
    return checked(client.post("/anmelden", data=data), 200)


@pytest.mark.parametrize("text", ["Neuer Name", LONG], ids=["short", "100,000 characters"])
def test_a_text_sent_after_the_session_ended_arrives_after_signing_in(
    kim: Browser, clock: Clock, text: str
) -> None:
    token = kim.token()
    clock.forward(minutes=61)
    page = kim.post("/konto/name", {"csrf_token": token, "name": text}, 401)
    assert page.heading == "Bitte melden Sie sich an – Ihre Eingaben sind erhalten"
    assert "nicht mitgekommen" not in page.visible
    onward = sign_in_again(kim.client, page)
    again = form_of(onward, "/konto/name")
    assert again["name"] == text
    assert again["csrf_token"] != token
    response = kim.client.post("/konto/name", data=again)
    # The long one is refused by the form itself, and still there to be mended.
    if len(text) <= 200:
        assert response.status_code == 302
    else:
        said = r"Der Text hat 11\d\.\d{3} Zeichen, möglich sind 200\. Bitte kürzen Sie ihn\."
        assert re.search(said, checked(response, 422).visible)


def test_a_text_arrives_from_a_browser_that_was_closed_in_between(kim: Browser) -> None:
    assert kim.client.get_cookie("geraet") is not None
    kim.client.delete_cookie("sitzung")
    page = checked(kim.client.post("/konto/name", data={"name": "Neu"}), 400)
    onward = sign_in_again(kim.client, page, csrf_token=kim.token())
    assert form_of(onward, "/konto/name")["name"] == "Neu"
    kim.client.delete_cookie("sitzung")
    kim.client.delete_cookie("geraet")
    page = checked(kim.client.post("/konto/name", data={"name": "Neu"}), 400)
    assert "kept:name" not in page.text
    assert "was Sie geschrieben haben, ist nicht mitgekommen" in page.visible
    assert "„Text wiederherstellen“" in page.visible


def test_a_text_survives_a_mistyped_password(kim: Browser, clock: Clock) -> None:
    token = kim.token()
    clock.forward(minutes=61)
    page = kim.post("/konto/name", {"csrf_token": token, "name": "Neu"}, 401)
    data = form_of(page, "/anmelden") | {"email": EMAIL, "password": "vertippt"}
    page = checked(kim.client.post("/anmelden", data=data), 401)
    onward = sign_in_again(kim.client, page)
    assert form_of(onward, "/konto/name")["name"] == "Neu"


def test_a_text_survives_a_sign_in_page_that_was_open_for_too_long(
    kim: Browser, clock: Clock
) -> None:
    token = kim.token()
    clock.forward(minutes=61)
    page = kim.post("/konto/name", {"csrf_token": token, "name": "Neu"}, 401)
    page = checked(
        kim.client.post("/anmelden", data=form_of(page, "/anmelden") | {"csrf_token": "alt"}), 400
    )
    onward = sign_in_again(kim.client, page)
    assert form_of(onward, "/konto/name")["name"] == "Neu"


def test_without_a_token_a_form_is_refused_and_its_text_kept(kim: Browser) -> None:
    page = checked(kim.client.post("/konto/name", data={"name": "Neu"}), 400)
    assert "noch nichts gespeichert" in page.visible
    again = form_of(page, "/konto/name")
    assert again["name"] == "Neu"
    assert kim.client.post("/konto/name", data=again).status_code == 302


def test_what_a_form_notes_for_itself_is_carried_and_not_shown(kim: Browser) -> None:
    marks = "implementation:3b56 course:77aa " * 5
    data = {"name": "Ein Text.\nMit zwei Zeilen.", "begonnen": marks}
    page = checked(kim.client.post("/konto/name", data=data), 400)
    assert form_of(page, "/konto/name").items() >= {**data, "begonnen": marks}.items()
    assert "3b56" not in page.visible
    assert page.text.count("<textarea") == 1


def test_without_token_and_session_a_form_is_refused_and_its_text_kept(nobody: Browser) -> None:
    nobody.once_signed_in()
    page = checked(nobody.client.post("/konto/name", data={"name": "Neu"}), 400)
    assert form_of(page, "/anmelden")["kept:name"] == "Neu"


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "https://boese.example"}, False),
        ({"Origin": "null"}, False),
    ],
)
def test_what_a_foreign_site_posts_is_not_carried(
    nobody: Browser, headers: dict[str, str], kept: bool
) -> None:
    nobody.once_signed_in()
    response = nobody.client.post("/konto/name", data={"name": "untergeschoben"}, headers=headers)
    assert ("untergeschoben" in checked(response, 400).text) is kept


@pytest.mark.parametrize(
    "path",
    [
        "https://boese.example/",
        "//boese.example/konto/name",
        "/\\boese.example",
        "/anmelden",
        "/gibt-es-nicht",
        "/konten",  # takes no POST
    ],
)
def test_texts_are_carried_only_to_our_own_forms(kim: Browser, app: Flask, path: str) -> None:
    browser = Browser(app)
    data = {"email": EMAIL, "password": PASSWORD, "kept_path": path, "kept:name": "Neu"}
    response = browser.send("/anmelden", data)
    assert response.status_code == 302
    assert "boese" not in response.location


def test_passwords_are_not_carried(kim: Browser, clock: Clock) -> None:
    token = kim.token()
    clock.forward(minutes=61)
    data = {"csrf_token": token, "present_password": "altes Geheimnis", "new_password": "neues"}
    page = kim.post("/konto/kennwort", data, 401)
    assert "Geheimnis" not in page.text
    assert page.heading == "Bitte melden Sie sich an"


def test_the_target_checks_permission_as_always(
    kim: Browser, clock: Clock, app: Flask, session: Session, now: datetime
) -> None:
    actions.create(
        session,
        email="ausschuss@stadt.example",
        name="Alex",
        role=Role.COMMITTEE,
        password=PASSWORD,
        by=None,
        now=now,
    )
    session.commit()
    token = kim.token()
    clock.forward(minutes=61)
    page = kim.post("/konten/einladen", {"csrf_token": token, "name": "Wer auch immer"}, 401)
    onward = sign_in_again(kim.client, page, email="ausschuss@stadt.example")
    again = form_of(onward, "/konten/einladen")
    refused = checked(kim.client.post("/konten/einladen", data=again), 403)
    assert "Diese Seite gehört zu den Aufgaben einer anderen Rolle" in refused.visible


def test_a_refusal_shows_the_text_for_copying(committee: Browser) -> None:
    text = "Ein Text, der länger ist als eine Zeile und nicht verloren gehen darf, weil er zählt."
    page = committee.post("/konten/einladen", {"name": text}, 403)
    assert "Sie können sie hier kopieren" in page.visible
    assert text in page.text
