"""What happens without a session or permission; who may open what: tests/attack/test_rights.py."""

import pytest
from sqlalchemy import Connection

from tests.pages import SETTINGS, Browser, Clock
from tracker.app import create_app


def test_who_is_refused_reads_whom_to_ask(coordination: Browser, committee: Browser) -> None:
    assert "wenden Sie sich an die koordinierende Stelle" in committee.get("/konten", 403).visible
    page = coordination.get("/meldungen/", 403)  # it is the koordinierende Stelle itself
    assert "andere Person der koordinierenden Stelle" in page.visible


def test_a_view_without_a_mark_stays_closed(connection: Connection) -> None:
    app = create_app(SETTINGS, engine=connection)
    app.add_url_rule("/vergessen", "forgotten", lambda: "geheim")
    assert "geheim" not in Browser(app).get("/vergessen", 500).text


def test_an_unknown_address_says_where_to_begin(nobody: Browser) -> None:
    assert "Startseite" in nobody.get("/gibt-es-nicht", 404).visible


def test_a_wrong_method_says_where_to_begin(coordination: Browser) -> None:
    assert "Startseite" in coordination.get("/konten/1/deaktivieren", 405).visible


def test_an_idle_session_ends(coordination: Browser, clock: Clock) -> None:
    clock.forward(minutes=61)
    assert coordination.client.get("/konten").status_code == 302


def test_a_session_in_use_goes_on_but_not_for_ever(coordination: Browser, clock: Clock) -> None:
    for _ in range(14):
        clock.forward(minutes=50)
        coordination.get("/konten")
    clock.forward(minutes=50)
    assert coordination.client.get("/konten").status_code == 302


def test_extending_counts_as_use(coordination: Browser, clock: Clock) -> None:
    clock.forward(minutes=55)
    assert coordination.send("/konto/sitzung").status_code == 204
    clock.forward(minutes=55)
    coordination.get("/konten")


def test_a_script_learns_that_the_session_ended(coordination: Browser, clock: Clock) -> None:
    token = coordination.token()
    clock.forward(minutes=61)
    response = coordination.client.post(
        "/konto/sitzung", headers={"X-CSRFToken": token, "X-Requested-With": "fetch"}
    )
    assert response.status_code == 401
    assert response.get_json()["error"] == "signed_out"


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/konto/name", "/konto"),
        ("/konto/kennwort", "/konto"),
        ("/mails/1/erneut", "/mails/"),
        ("/pruefung/7/annehmen", "/pruefung/7"),
        ("/einstellungen/wert/3/zuruecknehmen", "/einstellungen/"),  # "wert" is no group of them
    ],
)
def test_an_address_of_a_form_leads_back_to_the_page_of_the_form(
    coordination: Browser, committee: Browser, path: str, page: str
) -> None:
    link = f'href="{page}">Zur Seite mit dem Formular'
    assert link in coordination.get(path, 405).text
    assert (link in committee.get(path, 405).text) is (page == "/konto")
