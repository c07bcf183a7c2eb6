"""Signing in and out, throttling, cookies."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlmodel import Session, col, select

from tests.pages import PASSWORD, SETTINGS, Browser, Clock, SignIn
from tracker.accounts.actions import accounts as actions
from tracker.accounts.actions import passwords
from tracker.accounts.models import Account, LoginAttempt, LoginSession
from tracker.accounts.rules import throttle
from tracker.accounts.web.checking import REFUSED
from tracker.app import create_app
from tracker.concept.models import Institution
from tracker.core.models import AuditEvent
from tracker.core.permissions import Function, Role

EMAIL = "kim@stadt.example"
WRONG = {"email": EMAIL, "password": "falsch"}
RIGHT = {"email": EMAIL, "password": PASSWORD}


def cookie_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie("geraet")
    assert cookie is not None
    return cookie.value


def one_attempt_is_free(app: Flask) -> None:
    """So 4 failures are many for an account, and 20 for an address."""
    parts = app.extensions["tracker"]
    parts.settings = replace(parts.settings, login_attempts=1)


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


@pytest.fixture
def kim(session: Session, now: datetime) -> Account:
    found = actions.create(
        session,
        email=EMAIL,
        name="Kim",
        role=Role.COORDINATION,
        password=PASSWORD,
        by=None,
        now=now,
    )
    session.commit()
    return found


def test_the_right_password_signs_in(nobody: Browser, kim: Account, session: Session) -> None:
    response = nobody.send("/anmelden", {"email": " KIM@stadt.example", "password": PASSWORD})
    assert response.status_code == 302
    assert "Kim" in nobody.get("/konto").visible
    assert session.exec(select(AuditEvent.verb).order_by(col(AuditEvent.id))).all() == [
        "account.create",
        "account.sign_in",
    ]


@pytest.mark.parametrize("email", [EMAIL, "unbekannt@stadt.example"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    nobody: Browser, kim: Account, email: str
) -> None:
    page = nobody.post("/anmelden", {"email": email, "password": "falsch geraten"}, 401)
    assert REFUSED in page.visible
    assert email in page.text  # what was typed stays
    assert "falsch geraten" not in page.text


def test_missing_fields_are_named(nobody: Browser) -> None:
    page = nobody.post("/anmelden", {}, 422)
    assert "Bitte prüfen Sie 2 Angaben" in page.visible


def test_after_five_failures_even_the_right_password_waits_and_is_told_how_long(
    nobody: Browser, kim: Account, clock: Clock
) -> None:
    for _ in range(5):
        nobody.post("/anmelden", WRONG, 401)
    page = nobody.post("/anmelden", RIGHT, 429)
    assert "Bitte warten Sie" in page.visible
    assert "Bitte prüfen Sie eine Angabe" not in page.visible
    assert "Bitte warten Sie noch 30 Sekunden" in page.visible
    clock.forward(seconds=29)
    assert "noch 1 Sekunde" in nobody.post("/anmelden", RIGHT, 429).visible
    clock.forward(seconds=1)
    assert nobody.send("/anmelden", RIGHT).status_code == 302


def test_guessing_on_waits_ever_longer_up_to_a_quarter_of_an_hour(
    nobody: Browser, kim: Account, clock: Clock
) -> None:
    for _ in range(5):
        nobody.post("/anmelden", WRONG, 401)
    waits = []
    for _ in range(7):
        page = nobody.post("/anmelden", WRONG, 429)
        waits.append(page.visible.partition("warten Sie noch ")[2].partition(" und")[0])
        clock.forward(minutes=15)
        nobody.post("/anmelden", WRONG, 401)
    assert waits == ["30 Sekunden", *(f"{n} Minute{'n' * (n > 1)}" for n in (1, 2, 4, 8, 15, 15))]


def test_a_throttled_password_is_not_hashed(
    nobody: Browser, kim: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        nobody.post("/anmelden", WRONG, 401)
    monkeypatch.setattr(passwords, "matches", lambda *_: pytest.fail("hashed"))
    nobody.post("/anmelden", RIGHT, 429)


def test_whoever_guesses_at_another_address_does_not_lock_this_one(
    app: Flask, kim: Account
) -> None:
    for _ in range(6):
        Browser(app).send("/anmelden", WRONG, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert Browser(app).send("/anmelden", RIGHT).status_code == 302


def test_an_unknown_address_waits_like_a_known_one_and_is_hashed_as_often(
    nobody: Browser, kim: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[bool] = []
    monkeypatch.setattr(
        passwords, "matches", lambda of_account, _: hashed.append(of_account is None)
    )
    unknown = {"email": "unbekannt@stadt.example", "password": "falsch"}
    pages = {}
    for email, data in ((EMAIL, WRONG), ("unbekannt@stadt.example", unknown)):
        answers = [nobody.send("/anmelden", data) for _ in range(7)]
        pages[email] = [
            (answer.status_code, main_of(answer.get_data(as_text=True)).replace(email, ""))
            for answer in answers
        ]
    assert pages[EMAIL] == pages["unbekannt@stadt.example"]
    assert hashed == [False] * 5 + [True] * 5


def test_a_known_device_passes_whatever_others_do_at_its_address_and_elsewhere(
    app: Flask, kim: Account
) -> None:
    one_attempt_is_free(app)
    office = Browser(app)
    assert office.send("/anmelden", RIGHT).status_code == 302
    for number in range(30):
        place = {"REMOTE_ADDR": f"203.0.113.{number}"} if number % 2 else {}
        Browser(app).send("/anmelden", WRONG, environ_base=place)
    assert Browser(app).send("/anmelden", RIGHT).status_code == 429
    known = Browser(app)
    known.client.set_cookie("geraet", cookie_of(office))
    assert known.send("/anmelden", RIGHT).status_code == 302


def test_an_unknown_device_in_a_crowd_waits_from_its_own_question(
    app: Flask, kim: Account, clock: Clock
) -> None:
    """Two minutes at most, and nobody takes its turn by asking too."""
    one_attempt_is_free(app)
    for number in range(24):
        Browser(app).send("/anmelden", {"email": f"x{number}@x.example", "password": "falsch"})
    assert "noch 30 Sekunden" in Browser(app).post("/anmelden", RIGHT, 429).visible
    for number in range(30):
        clock.forward(seconds=1)
        Browser(app).send("/anmelden", {"email": f"x{number}@x.example", "password": "falsch"})
    assert Browser(app).send("/anmelden", RIGHT).status_code == 302


def test_a_stolen_device_gives_no_endless_guesses(app: Flask, kim: Account) -> None:
    own, thief = Browser(app), Browser(app)
    own.send("/anmelden", RIGHT)
    thief.client.set_cookie("geraet", cookie_of(own))
    for _ in range(5):
        thief.post("/anmelden", WRONG, 401)
    thief.post("/anmelden", RIGHT, 429)
    # Elsewhere, without it, one signs in as ever.
    assert Browser(app).send("/anmelden", RIGHT).status_code == 302


def test_a_device_is_forgotten_with_another_password(
    app: Flask, kim: Account, session: Session, now: datetime
) -> None:
    browser = Browser(app)
    browser.send("/anmelden", RIGHT)
    other = Browser(app)
    other.client.set_cookie("geraet", cookie_of(browser))
    new = "acht blaue Regenschirme"
    browser.send("/konto/kennwort", {"present_password": PASSWORD, "new_password": new})
    for number in range(21):
        place = {"REMOTE_ADDR": f"203.0.113.{number}"}
        Browser(app).send("/anmelden", WRONG, environ_base=place)
    data = {"email": EMAIL, "password": new}
    assert other.send("/anmelden", data).status_code == 429
    again = Browser(app)
    again.client.set_cookie("geraet", cookie_of(browser))
    assert again.send("/anmelden", data).status_code == 302


def test_guessing_in_an_open_session_is_slowed_down_there_and_locks_nothing_else(
    app: Flask, kim: Account
) -> None:
    browser = Browser(app)
    browser.send("/anmelden", RIGHT)
    guess = {"present_password": "falsch", "new_password": "acht blaue Regenschirme"}
    for _ in range(5):
        assert "Das stimmt nicht." in browser.post("/konto/kennwort", guess, 422).visible
    right = guess | {"present_password": PASSWORD}
    assert "noch 30 Sekunden" in browser.post("/konto/kennwort", right, 422).visible
    assert Browser(app).send("/anmelden", RIGHT).status_code == 302


def test_attempts_are_stored_without_address(
    nobody: Browser, kim: Account, session: Session
) -> None:
    nobody.post("/anmelden", WRONG, 401)
    row = session.exec(select(LoginAttempt)).one()
    assert (len(row.account_hash), len(row.place_hash)) == (64, 64)


def test_the_audit_has_the_1st_the_10th_and_the_100th_of_a_quarter_of_an_hour(
    app: Flask, kim: Account, session: Session, clock: Clock
) -> None:
    for number in range(12):
        place = {"REMOTE_ADDR": f"203.0.113.{number // 5}"}
        Browser(app).send("/anmelden", WRONG, environ_base=place)
    for _ in range(12):
        place = {"REMOTE_ADDR": "203.0.113.0"}
        Browser(app).send("/anmelden", WRONG, environ_base=place)
    Browser(app).send("/anmelden", {"email": "unbekannt@stadt.example", "password": "falsch"})
    clock.forward(minutes=15)
    Browser(app).send("/anmelden", WRONG, environ_base={"REMOTE_ADDR": "198.51.100.1"})
    events = [
        (event.verb, event.actor_id, event.entity_id, event.after)
        for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.id)))
        if event.verb.startswith("account.sign_in_")
    ]
    assert events == [
        (f"account.sign_in_{verb}", None, kim.id, {"attempts": count})
        for verb, count in (
            ("failed", 1),
            ("failed", 10),
            ("throttled", 1),
            ("throttled", 10),
            ("failed", 1),
        )
    ]


def test_ten_times_as_many_accounts_as_there_are_leave_no_more_rows(
    app: Flask, kim: Account, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "MOST_ACCOUNTS", 20)
    for number in range(50):
        Browser(app).send("/anmelden", {"email": f"x{number}@x.example", "password": "falsch"})
    assert len(session.exec(select(LoginAttempt.id)).all()) == 21
    assert Browser(app).send("/anmelden", RIGHT).status_code == 302


def test_signing_out_ends_the_session_on_the_server(coordination: Browser, app: Flask) -> None:
    with coordination.client.session_transaction() as cookie:
        stolen = dict(cookie)
    assert coordination.send("/abmelden").location == "/anmelden"
    thief = Browser(app)
    with thief.client.session_transaction() as cookie:
        cookie.update(stolen)
    assert thief.client.get("/konto").status_code == 302


def test_a_session_token_is_stored_as_a_hash(coordination: Browser, session: Session) -> None:
    with coordination.client.session_transaction() as cookie:
        token = cookie["_user_id"]
    assert token not in {row.token_hash for row in session.exec(select(LoginSession))}


def test_a_deactivated_account_is_signed_out_at_once(
    coordination: Browser, committee: Browser
) -> None:
    assert committee.actor is not None
    coordination.send(f"/konten/{committee.actor.account_id}/deaktivieren")
    assert committee.client.get("/konto").status_code == 302


@pytest.mark.parametrize(
    ("first", "last", "admitted"),
    [
        (date(2026, 10, 5), date(2026, 10, 5), True),
        (date(2026, 10, 6), None, False),
        (None, date(2026, 10, 4), False),
    ],
)
def test_a_representative_is_admitted_within_the_term_only(
    representative: Browser,
    session: Session,
    first: date | None,
    last: date | None,
    admitted: bool,
) -> None:
    assert representative.actor is not None
    account = session.get(Account, representative.actor.account_id)
    assert account is not None
    # The term of an account without a beginning began long ago.
    account.term_from = first or date(2020, 1, 1)
    account.term_to = last
    session.commit()
    assert (representative.client.get("/konto").status_code == 200) is admitted


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/konto", "/konto"),
        ("/konten?seite=2", "/konten?seite=2"),
        ("https://boese.example/", "/"),
        ("//boese.example/", "/"),
        ("/\\boese.example/", "/"),
        ("/\t/boese.example", "/"),
        ("javascript:alert(1)", "/"),
        ("konto", "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_site(
    nobody: Browser, kim: Account, target: str, leads_to: str
) -> None:
    data = {"email": EMAIL, "password": PASSWORD, "next": target}
    location = nobody.send("/anmelden", data).location
    assert location == leads_to or (leads_to == "/" and location in {"/", "/runden/"})


def test_the_sign_in_page_leads_on_whoever_is_signed_in(committee: Browser) -> None:
    assert committee.client.get("/anmelden?next=/konto").location == "/konto"
    assert committee.client.get("/anmelden?next=//x.example").location in {"/", "/dashboards/"}


def test_the_cookie_is_locked_up(connection: Connection) -> None:
    own = SETTINGS.__class__(secret_key=SETTINGS.secret_key, base_url="https://tracker.example")
    app = create_app(own, engine=connection)
    response = app.test_client().get("/anmelden", base_url="https://tracker.example")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sitzung=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Expires" not in cookie
    assert "max-age" in response.headers["Strict-Transport-Security"]


def test_a_session_begins_with_a_new_form_token(nobody: Browser, kim: Account) -> None:
    nobody.token()
    with nobody.client.session_transaction() as cookie:
        before = cookie["csrf_token"]
    nobody.send("/anmelden", {"email": EMAIL, "password": PASSWORD})
    nobody.get("/konto")
    with nobody.client.session_transaction() as cookie:
        assert cookie["csrf_token"] != before


def test_where_a_role_begins(
    nobody: Browser, sign_in: SignIn, institution: Institution, app: Flask
) -> None:
    known = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    for role, start in (
        (Role.COMMITTEE, "/dashboards/"),
        (Role.COORDINATION, "/runden/"),
        (Role.INSTITUTION, "/meldungen/"),
    ):
        at = (institution.id, Function.STAFF) if role is Role.INSTITUTION else (None, None)
        browser = sign_in(role, institution_id=at[0], function=at[1])
        expected = start if start in known else "/"
        assert browser.client.get("/anmelden").location == expected


def test_the_sign_in_page_says_whom_to_ask_for_a_link(app: Flask, nobody: Browser) -> None:
    page = nobody.get("/anmelden")
    asks = "Noch kein Konto oder Kennwort vergessen? Wenden Sie sich an das Integrationszentrum"
    link = "Sie erhalten dann einen Link, mit dem Sie ein Kennwort festlegen."
    assert f"{asks} ( ki@stadt.example ); {link}" in page.visible
    assert 'href="mailto:ki@stadt.example"' in page.text
    parts = app.extensions["tracker"]
    parts.settings = replace(parts.settings, contact_email="")
    assert f"{asks}; {link}" in nobody.get("/anmelden").visible
