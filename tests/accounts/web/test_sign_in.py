"""Signing in and out, throttling, cookies."""

from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlmodel import Session, col, select

from tests.pages import PASSWORD, SETTINGS, Browser, Clock, SignIn
from tracker.accounts.actions import accounts as actions
from tracker.accounts.actions import sessions
from tracker.accounts.models import Account, LoginAttempt, LoginSession
from tracker.accounts.web.views import REFUSED, THROTTLED
from tracker.app import create_app
from tracker.concept.models import Institution
from tracker.core.models import AuditEvent
from tracker.core.permissions import Function, Role

EMAIL = "kim@stadt.example"


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


def test_after_five_failures_even_the_right_password_waits_a_quarter_of_an_hour(
    nobody: Browser, kim: Account, clock: Clock, session: Session
) -> None:
    wrong = {"email": EMAIL, "password": "falsch"}
    right = {"email": EMAIL, "password": PASSWORD}
    for _ in range(5):
        nobody.post("/anmelden", wrong, 401)
    assert THROTTLED in nobody.post("/anmelden", right, 429).visible
    clock.forward(minutes=16)
    assert nobody.send("/anmelden", right).status_code == 302
    assert session.exec(select(LoginAttempt)).all() == []


def test_attempts_are_stored_without_address(
    nobody: Browser, kim: Account, session: Session
) -> None:
    nobody.post("/anmelden", {"email": EMAIL, "password": "falsch"}, 401)
    subjects = [row.subject_hash for row in session.exec(select(LoginAttempt))]
    assert [len(subject) for subject in subjects] == [64, 64]


def test_many_accounts_tried_from_one_address_are_slowed_down(
    session: Session, now: datetime
) -> None:
    outcomes = [
        sessions.attempt(
            session,
            right=False,
            subjects=sessions.Subjects(f"account-{number}", "one address"),
            attempts=1,
            now=now,
        )
        for number in range(sessions.ATTEMPTS_PER_ADDRESS + 1)
    ]
    assert outcomes[-2:] == [sessions.Attempt.WRONG, sessions.Attempt.THROTTLED]


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
    app = create_app(SETTINGS.__class__(secret_key=SETTINGS.secret_key), engine=connection)
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
