"""Addresses name the concept, old ones lead on, and the links of a concept's pages stay in it."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml.html import document_fromstring
from sqlmodel import Session

from dashboards.page_cache import CSRF_COOKIE
from tests.concept_client import KEY
from tests.conftest import one_database
from tests.coordination_world import Desk
from tests.dashboards.conftest import found, routing
from tests.pages import Clock
from tests.papers_world import ordered, published_desk
from tracker.concept.models import Concept, Edition, EditionState
from tracker.core.periods import Period
from tracker.outbox.models import OutboxMail, OutboxMailRound
from tracker.reporting.rounds.actions import rounds

ROOT = Path(__file__).resolve().parents[2]
OLD = [line.split() for line in (ROOT / "tests/old_addresses.txt").read_text("utf-8").splitlines()]
OTHER = "zwei"
OF_CONCEPT = (
    "runden/",
    "runden/planen",
    "runden/2026-Q4",
    "runden/2026-Q4/termine",
    "konzept/",
    "zustaendigkeiten/",
    "ausgaben/",
    "ausgaben/erstellen",
)
DASHBOARDS = ("", "massnahmen", "massnahme/1.1", "vergleich", "suche?q=sprache", "vorschau")
SPANNING = ("/", "/pruefung/", "/institutionen/", "/konten", "/protokoll/", "/mails/")
CHOOSER = "Konzept wählen"


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """Two published rounds and a running one."""
    desk = published_desk(session, app, clock)
    desk.opened("2026-Q4", opened="2026-11-03 06:00")
    return desk


@pytest.fixture
def client(desk: Desk) -> FlaskClient:
    """The KI's browser, with addresses as they are."""
    plain = FlaskClient(desk.app, desk.app.response_class)
    cookie = desk.ki.client.get_cookie("sitzung")
    assert cookie is not None
    plain.set_cookie("sitzung", cookie.value)
    return plain


@pytest.fixture
def second(desk: Desk) -> Concept:
    """A second concept with a planned round of the same period as the first one's."""
    session = desk.world.session
    concept = Concept(
        key=OTHER, title="Zweites Konzept", city="Bielefeld", resolved_on=date(2020, 1, 1)
    )
    session.add(concept)
    session.flush()
    day = {"resolved_on": date(2020, 1, 1), "valid_from": date(2020, 1, 1)}
    session.add(
        Edition(
            concept_id=concept.id or 0,
            number=1,
            title="Fassung 2020",
            state=EditionState.ADOPTED,
            **day,
        )
    )
    session.flush()
    rounds.plan(
        session,
        concept_id=concept.id or 0,
        period=Period.parse("2026-Q4"),
        due_on=date(2027, 1, 20),
        resubmit_days=7,
        by=desk.world.coordination,
        now=desk.clock.now,
    )
    session.commit()
    return concept


def endpoint(app: Flask, address: str, method: str = "GET") -> str:
    path = unquote(address.partition("?")[0].partition("#")[0])
    name, _values = app.url_map.bind("").match(path, method)
    # What Dash would answer below /dashboards/ without a concept is led on, too.
    return "moved" if name in {"/dashboards/", "/dashboards/<path:path>"} else name


def links(text: str) -> list[str]:
    """Where a page leads, apart from the choice of another concept."""
    tree = document_fromstring(text)
    for nav in tree.xpath(f"//nav[@aria-label='{CHOOSER}']"):
        nav.getparent().remove(nav)
    return [str(way) for way in tree.xpath("//a/@href") if way.startswith("/")]


def forms(text: str) -> list[tuple[str, str]]:
    """The addresses that a page's forms are sent to, with the method."""
    return [
        (form.get("action"), form.get("method", "get").upper())
        for form in document_fromstring(text).xpath("//form[@action]")
    ]


def content(client: FlaskClient, path: str) -> list[str]:
    """Where the content of a page of the dashboards leads."""
    cookie = client.get_cookie(CSRF_COOKIE, path="/dashboards/")
    assert cookie is not None
    answer = client.post(
        "/dashboards/_dash-update-component",
        json=routing(path.partition("?")[0], path[path.find("?") :] if "?" in path else ""),
        headers={"X-CSRFToken": cookie.value},
    )
    assert answer.status_code == 200, answer.text
    tree = json.loads(answer.data)["response"]["_pages_content"]["children"]
    ways = [way["href"] for way in found(tree, "A")] + [
        form["action"] for form in found(tree, "Form")
    ]
    return [way for way in ways if way.startswith("/")]


@one_database
def test_every_address_of_0_2_0_is_there_or_leads_on(app: Flask, client: FlaskClient) -> None:
    for method, address in OLD:
        if endpoint(app, address, method) != "moved":
            continue
        response = client.open(address, method=method)
        if method == "POST":  # the form's token is missing
            assert response.status_code == 400, address
            continue
        assert response.status_code == 308, address
        assert response.location.replace(f"/konzepte/{KEY}", "") == address
        assert endpoint(app, response.location, method) != "moved"
        assert client.get(response.location).status_code == 200, address


@one_database
def test_a_form_that_was_open_before_is_taken_with_what_was_typed(
    desk: Desk, client: FlaskClient
) -> None:
    data = {"csrf_token": desk.ki.token(), "due_on": "20.04.2027", "period": "2027-Q1"}
    with desk.ki.client.session_transaction() as known, client.session_transaction() as cookie:
        cookie["csrf_token"] = known["csrf_token"]
    response = client.post("/runden/", data=data)
    assert (response.status_code, response.location) == (308, f"/konzepte/{KEY}/runden/")
    done = client.post(response.location, data=data)
    assert (done.status_code, done.location) == (302, f"/konzepte/{KEY}/runden/2027-Q1")


@one_database
def test_a_query_stays_as_it_was_written(client: FlaskClient) -> None:
    for address in ("/konzept/massnahme/%C3%9C3?tag=2026-10-01&x=%C3%A4+b", "/dashboards/suche?q="):
        location = client.get(address).location
        assert location.replace(f"/konzepte/{KEY}", "") == address


@one_database
def test_an_unknown_concept_is_not_found(client: FlaskClient) -> None:
    for path in ("/konzepte/gibts-nicht/runden/", "/dashboards/konzepte/gibts-nicht/"):
        response = client.get(path)
        assert response.status_code == 404
        assert "Ein Konzept „gibts-nicht“ gibt es hier nicht" in response.text
        assert f"/konzepte/{KEY}/runden/" in response.text, "the navigation still leads on"
    client.get(f"/dashboards/konzepte/{KEY}/")
    cookie = client.get_cookie(CSRF_COOKIE, path="/dashboards/")
    assert cookie is not None
    answer = client.post(
        "/dashboards/_dash-update-component",
        json=routing("/dashboards/konzepte/gibts-nicht/"),
        headers={"X-CSRFToken": cookie.value},
    )
    assert answer.status_code == 404


@one_database
def test_no_page_offers_a_choice_while_there_is_one_concept(client: FlaskClient) -> None:
    pages = [f"/konzepte/{KEY}/{page}" for page in OF_CONCEPT]
    for address in (*pages, f"/dashboards/konzepte/{KEY}/", *SPANNING):
        response = client.get(address)
        assert response.status_code == 200, address
        assert CHOOSER not in response.text


@one_database
def test_no_link_goes_through_a_redirect(desk: Desk, client: FlaskClient) -> None:
    ordered(desk)
    waiting = ["/", *SPANNING, "/ausgaben/auftraege/1"]
    seen: set[str] = set()
    while waiting:
        address = waiting.pop().partition("#")[0]
        # A page is the same whatever is chosen on it.
        shape = re.sub(r"\d+", "0", re.sub(r"=[^&]*", "", address))
        if shape in seen:
            continue
        seen.add(shape)
        response = client.get(address)
        assert response.status_code in {200, 302}, address
        if response.mimetype != "text/html" or response.status_code == 302:
            continue
        for action, method in forms(response.text):
            assert endpoint(desk.app, action, method) != "moved", (address, action)
        ways = links(response.text)
        if address.startswith("/dashboards/"):
            ways += content(client, address)
        for way in ways:
            assert endpoint(desk.app, way) != "moved", (address, way)
        waiting += ways
    assert len(seen) > 60


@one_database
def test_links_of_a_concepts_pages_stay_in_it(client: FlaskClient, second: Concept) -> None:
    for key in (second.key, KEY):
        addresses = [f"/konzepte/{key}/{page}" for page in OF_CONCEPT]
        addresses += [f"/dashboards/konzepte/{key}/{page}" for page in DASHBOARDS]
        for address in addresses:
            response = client.get(address)
            assert response.status_code in {200, 404}, address
            ways = links(response.text) + [action for action, _ in forms(response.text)]
            if address.startswith("/dashboards/"):
                ways += content(client, address)
            for way in ways:
                named = re.match(r"(?:/dashboards)?/konzepte/([^/]+)/", way)
                assert named is None or named[1] == key, (address, way)


@one_database
@pytest.mark.parametrize(
    ("page", "there"),
    [
        ("/konzepte/{}/runden/", "/konzepte/{}/runden/"),
        ("/konzepte/{}/runden/planen", "/konzepte/{}/runden/planen"),
        ("/konzepte/{}/runden/2026-Q3", "/konzepte/{}/runden/"),
        ("/konzepte/{}/konzept/massnahme/1.1", "/konzepte/{}/konzept/"),
        ("/dashboards/konzepte/{}/", "/dashboards/konzepte/{}/"),
        ("/dashboards/konzepte/{}/ruecklauf", "/dashboards/konzepte/{}/ruecklauf"),
        ("/dashboards/konzepte/{}/massnahme/1.1", "/dashboards/konzepte/{}/"),
    ],
)
def test_of_two_concepts_the_page_says_which_and_leads_to_the_other(
    client: FlaskClient, second: Concept, page: str, there: str
) -> None:
    tree = document_fromstring(client.get(page.format(KEY)).text)
    (nav,) = tree.xpath(f"//nav[@aria-label='{CHOOSER}']")
    assert nav.xpath(".//*[@aria-current]/text()") == ["Probekonzept"]
    assert nav.xpath(".//a/text()") == [second.title]
    assert nav.xpath(".//a/@href") == [there.format(second.key)]
    assert client.get(there.format(second.key)).status_code == 200
    for address in SPANNING:
        assert CHOOSER not in client.get(address).text


@one_database
def test_the_log_and_the_mails_lead_to_the_concept_of_the_round(
    desk: Desk, client: FlaskClient, second: Concept
) -> None:
    session = desk.world.session
    round_ = rounds.find(session, concept_id=second.id or 0, period=Period.parse("2026-Q4"))
    assert round_ is not None
    mail = OutboxMail(
        key="x",
        kind="escalation",
        recipient="ki@example.org",
        subject="Q4/2026",
        body="-",
        created_at=desk.clock.now,
        next_attempt_at=desk.clock.now,
    )
    session.add(mail)
    session.flush()
    session.add(OutboxMailRound(mail_id=mail.id or 0, round_id=round_.id or 0))
    session.commit()
    for address in ("/protokoll/", "/mails/"):
        assert f"/konzepte/{OTHER}/runden/2026-Q4" in links(client.get(address).text), address


# An address at the beginning of a text that is not handed to what puts the concept in.
WRITTEN = re.compile(
    r"""(?<!in_concept\()(?<!in_concept\(f)(?<!of_concept\(concept, )(?<!of_concept\(concept, f)"""
    r"""["']"""
    r"/(runden|konzept|zustaendigkeiten|ausgaben|dashboards)/(?!auftraege|word-vorlage|snapshot-|_)"
)
ELSEWHERE = {
    "tracker/web/csp.py",  # where Dash is, whatever the concept
    "dashboards/paths.py",
    "dashboards/assets/charts.js",
    "tracker/audit/web/wording.py",  # put into the concept of the thing
    "tracker/cockpit/queries/findings.py",
}


def test_no_address_is_written_without_its_concept() -> None:
    files = [
        path
        for folder in ("tracker", "dashboards")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".js"} and "vendor" not in path.parts
    ]
    written = [
        f"{path.relative_to(ROOT)}: {line.strip()[:90]}"
        for path in files
        if str(path.relative_to(ROOT)) not in ELSEWHERE
        for line in path.read_text("utf-8").splitlines()
        if WRITTEN.search(line)
    ]
    assert written == []
