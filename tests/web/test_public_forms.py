"""Forms without a session: no cookie, tokens, traps, limits by sender, confirmed addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, update
from sqlmodel import Session, col, select

from tests.application import application
from tests.committing import own_sqlite
from tests.conftest import one_database
from tests.outbox.server import Mailbox, running
from tests.pages import SETTINGS, Browser, Clock, Page, public_token, signed_form_token
from tools.processes import free_port
from tracker.app import create_app
from tracker.contact.actions import confirmations
from tracker.contact.actions.receipts import MOST_PER_HOUR
from tracker.contact.models import Confirmation, FormReceipt
from tracker.core.permissions import Role
from tracker.core.settings import Settings
from tracker.outbox.delivery import REMOVED_BODY, deliver_due
from tracker.outbox.models import OutboxMail
from tracker.outbox.rules.mailing import MailKind
from tracker.pages.actions.accessibility_feedback import COLLECTED, SINGLY_PER_HOUR
from tracker.tidy import remove_expired
from tracker.web.access import allowed_roles
from tracker.web.csp import DASHBOARDS

FORM = "/barriere-melden"
TEXT = "Die Tabelle ist nicht zu lesen."
DATA = {"description": TEXT, "page": "Konzept"}
MAILING = replace(SETTINGS, smtp_host="127.0.0.1")
# Public views that take a POST without being a form of the kit, and why.
OTHER_POSTS = {
    "accounts.sign_in_submit": "a session begins here, and with it the cookie",
    "moved": "leads an old address on and does nothing itself",
}


@pytest.fixture
def mailing(connection: Connection, clock: Clock) -> Browser:
    """Nobody's browser, on an instance with a mail server."""
    return Browser(application(MAILING, connection, clock))


def mails(session: Session, kind: MailKind = MailKind.BARRIER) -> list[OutboxMail]:
    session.expire_all()
    of_kind = select(OutboxMail).where(OutboxMail.kind == kind).order_by(col(OutboxMail.id))
    return list(session.exec(of_kind))


def post_from(browser: Browser, address: str, status: int = 200, **data: str) -> Page:
    return browser.post(FORM, {**DATA, **data}, status, environ_base={"REMOTE_ADDR": address})


def public_addresses(app: Flask, method: str) -> dict[str, str]:
    """The endpoint and an address of each public view that takes a method."""
    return {
        rule.endpoint: re.sub("<[^>]+>", "x", rule.rule)
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or set())
        and not f"{rule.rule}/".startswith(DASHBOARDS)
        and rule.endpoint != "moved"
        and allowed_roles(app.view_functions[rule.endpoint]) is None
    }


@one_database
def test_no_public_page_sets_a_cookie_but_the_one_to_sign_in(app: Flask) -> None:
    addresses = public_addresses(app, "GET")
    assert len(addresses) > 10
    for endpoint, address in addresses.items():
        response = app.test_client().get(address)
        assert ("Set-Cookie" in response.headers) is (endpoint == "accounts.sign_in"), address


@one_database
def test_every_public_post_is_a_form_of_the_kit_or_has_a_reason(app: Flask) -> None:
    views = app.view_functions
    posts = {*public_addresses(app, "POST"), "moved"}
    others = {endpoint for endpoint in posts if not hasattr(views[endpoint], "public_form")}
    assert others == set(OTHER_POSTS)
    assert {views[endpoint].public_form.form_key for endpoint in posts - others} == {
        "barrier",
        "confirmation",
        "invitation",
    }


@one_database
def test_an_address_with_a_token_leaves_no_trace(app: Flask, monkeypatch: Any) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "token" in rule.arguments]
    assert {rule.rule for rule in rules} == {"/einladung/<token>", "/bestaetigen/<token>"}
    monkeypatch.setattr(app, "testing", False)  # a fault is answered, not raised
    for fault in (False, True):
        if fault:
            for module in ("tracker.accounts.web.views", "tracker.contact.web.views"):
                monkeypatch.setattr(f"{module}.session", lambda: 1 / 0)
        for rule in rules:
            response = app.test_client().get(rule.rule.replace("<token>", "geheim"))
            assert response.status_code == (500 if fault else 404)
            assert response.headers["Referrer-Policy"] == "no-referrer"
            assert response.headers["Cache-Control"] == "no-store"
            assert "geheim" not in response.text
            assert 'href="http' not in response.text


def foreign_tokens(app: Flask, now: datetime) -> dict[str, str]:
    moment = int(now.timestamp())
    return {
        "none": "",
        "forged": public_token(app, FORM)[:-1] + "?",
        "of a session": Browser(app).token(),
        "of another form": signed_form_token(app, "invitation", moment - 60, "k"),
        "of the day before": signed_form_token(app, "barrier", moment - 86_401, "k"),
        "of tomorrow": signed_form_token(app, "barrier", moment + 60, "k"),
    }


@one_database
def test_with_a_foreign_token_nothing_is_sent_and_nothing_typed_is_lost(
    app: Flask, nobody: Browser, session: Session, now: datetime, clock: Clock
) -> None:
    for case, token in foreign_tokens(app, now).items():
        page = nobody.post(FORM, {**DATA, "csrf_token": token}, 400)
        assert "zu lange offen" in page.visible, case
        assert TEXT in page.text
        assert page.token() != token
        assert "Set-Cookie" not in page.response.headers
    assert mails(session) == []
    clock.forward(seconds=3)
    nobody.post(FORM, {**DATA, "csrf_token": page.token()})
    assert TEXT in mails(session)[0].body


@one_database
def test_a_form_that_another_site_sends_is_shown_and_not_taken(
    nobody: Browser, session: Session
) -> None:
    for site, status in {"cross-site": 400, "same-site": 400, "same-origin": 200}.items():
        nobody.post(FORM, DATA, status, headers={"Sec-Fetch-Site": site})
    assert len(mails(session)) == 1


@one_database
def test_who_sends_faster_than_people_is_asked_to_send_again(
    nobody: Browser, session: Session, clock: Clock
) -> None:
    token = nobody.get(FORM).token()
    page = nobody.post(FORM, {**DATA, "csrf_token": token}, 400)
    assert "sehr schnell" in page.visible
    assert page.token() == token
    assert mails(session) == []
    clock.forward(seconds=2)
    nobody.post(FORM, {**DATA, "csrf_token": token})
    assert len(mails(session)) == 1


def test_the_same_form_sent_twice_is_one_report(
    app: Flask, nobody: Browser, session: Session
) -> None:
    data = {**DATA, "csrf_token": public_token(app, FORM)}
    pages = [nobody.post(FORM, data).text for _ in range(2)]
    assert pages[0] == pages[1]
    assert len(mails(session)) == len(session.exec(select(FormReceipt)).all()) == 1


@one_database
def test_who_goes_back_and_reports_another_barrier_is_heard(
    app: Flask, nobody: Browser, session: Session
) -> None:
    token = public_token(app, FORM)
    for description in ("Eins.", "Zwei.", "Zwei."):
        nobody.post(FORM, {"description": description, "csrf_token": token})
    assert ["Eins." in mail.body for mail in mails(session)] == [True, False]


@one_database
def test_a_machine_in_the_trap_is_thanked_and_nothing_is_kept(
    mailing: Browser, session: Session
) -> None:
    data = {**DATA, "reply_to": "wer@example.org"}
    trapped = mailing.post(FORM, {**data, "trap": "https://werbung.example"})
    for table in (OutboxMail, FormReceipt, Confirmation):
        assert session.exec(select(table)).all() == []
    assert trapped.text == mailing.post(FORM, data).text
    shown = mailing.get(FORM).text
    field = re.search('aria-hidden="true"><label for="trap">[^<]+</label><input ([^>]*)>', shown)
    assert field is not None
    assert 'tabindex="-1" autocomplete="off"' in field[1]


def test_one_sender_is_slowed_down_and_nobody_else(nobody: Browser, session: Session) -> None:
    for _ in range(MOST_PER_HOUR):
        post_from(nobody, "192.0.2.1")
        post_from(nobody, "2001:db8:1:2::1")
        post_from(nobody, "::ffff:198.51.100.1")  # IPv4 where the server listens at ::
    for address in (
        "192.0.2.1",
        "::ffff:192.0.2.1",
        "2001:db8:1:2:ffff::9",
        "::ffff:198.51.100.1",
        "198.51.100.1",
    ):
        page = post_from(nobody, address, 429)
        assert "in einer Stunde" in page.visible
        assert TEXT in page.text
    post_from(nobody, "192.0.2.2")
    post_from(nobody, "2001:db8:1:3::1")
    post_from(nobody, "::ffff:198.51.100.2")
    assert len(mails(session)) == 3 * MOST_PER_HOUR + 3
    assert not any("192.0.2" in receipt.sender for receipt in session.exec(select(FormReceipt)))


def test_a_sender_may_send_again_an_hour_later(nobody: Browser, clock: Clock) -> None:
    for _ in range(MOST_PER_HOUR):
        nobody.post(FORM, DATA)
    nobody.post(FORM, DATA, 429)
    clock.forward(hours=1)
    nobody.post(FORM, DATA)


def test_a_flood_from_many_senders_comes_in_one_mail_an_hour(
    nobody: Browser, session: Session, clock: Clock, now: datetime
) -> None:
    number = SINGLY_PER_HOUR + 10
    for sender in range(number):
        post_from(nobody, f"192.0.2.{sender}", description=f"Hinweis {sender}.")
    *singly, collected = mails(session)
    assert len(singly) == SINGLY_PER_HOUR
    assert [f"Hinweis {sender}." in collected.body for sender in range(number)] == [
        sender >= SINGLY_PER_HOUR for sender in range(number)
    ]
    assert collected.subject == COLLECTED
    full_hour = now + timedelta(hours=1)
    assert collected.next_attempt_at == full_hour
    clock.now = full_hour  # it is due, and what comes now waits for the next
    post_from(nobody, "192.0.2.250")
    assert len(mails(session)) == SINGLY_PER_HOUR + 2


def test_a_mail_in_hand_or_full_takes_no_more_reports(nobody: Browser, session: Session) -> None:
    for sender in range(SINGLY_PER_HOUR + 1):
        post_from(nobody, f"192.0.2.{sender}")
    collected = mails(session)[-1]
    for values in ({"attempts": 1}, {"attempts": 0, "body": "x" * 500_000}):
        for name, value in values.items():
            setattr(collected, name, value)
        session.commit()
        before = collected.body
        post_from(nobody, f"198.51.100.{len(before) % 200}")
        assert collected.body == before
        assert TEXT in mails(session)[-1].body
        session.delete(mails(session)[-1])
        session.commit()


ADDRESS = "Person@Example.org"


def test_nobody_learns_whether_an_address_is_known(
    mailing: Browser, session: Session, sign_in: Any
) -> None:
    sign_in(Role.COORDINATION, email="ki-person@stadt.example")
    pages = {
        mailing.post(FORM, {**DATA, "reply_to": reply_to}).text
        for reply_to in ("ki-person@stadt.example", ADDRESS, ADDRESS, "")
    }
    assert len(pages) == 1
    assert len(mails(session, MailKind.CONFIRMATION)) == 2


def test_an_address_that_is_none_is_to_be_mended(mailing: Browser, session: Session) -> None:
    for reply_to in ("niemand", "a@b@c", "a,b@example.org", "x <a@example.org>"):
        assert TEXT in mailing.post(FORM, {**DATA, "reply_to": reply_to}, 422).text
    assert mails(session) == []


def link_in(body: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/bestaetigen/\S+)", body)
    assert found
    return found[1]


def test_a_link_for_what_is_there_no_longer_is_void(mailing: Browser, session: Session) -> None:
    mailing.post(FORM, {**DATA, "reply_to": ADDRESS})
    link = link_in(mails(session, MailKind.CONFIRMATION)[0].body)
    assert mailing.get(link).visible
    session.execute(update(Confirmation).values(purpose="given_up"))
    session.commit()
    void = mailing.get(f"{link}x", 404)
    assert mailing.get(link, 404).visible == void.visible
    assert mailing.post(link, {"answer": "bestaetigen"}, 404).heading == void.heading


def test_nobody_is_mailed_more_often_than_they_answer(
    mailing: Browser, session: Session, clock: Clock
) -> None:
    def sent() -> list[OutboxMail]:
        post_from(mailing, f"192.0.2.{clock.now.hour}", reply_to=ADDRESS)
        return mails(session, MailKind.CONFIRMATION)

    assert [len(sent()) for _ in range(3)] == [1, 1, 1]
    for number in (2, 3, 3, 3):
        clock.forward(hours=1)
        assert len(sent()) == number
    link = link_in(sent()[0].body)
    page = mailing.get(link)
    assert "noch 7 weitere Male" in page.visible
    clock.forward(hours=1)
    mailing.post(link, {"answer": "bestaetigen"})
    passed_on = mails(session)[-1]
    assert "person@example.org" in passed_on.body
    assert passed_on.body.count(",") == 7
    assert len(sent()) == 4


def test_in_a_flood_of_forms_each_address_gets_its_one_mail_in_the_end(
    mailing: Browser, session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirmations, "MOST_PER_HOUR", 3)
    began, people = clock.now, [f"person-{number}@example.org" for number in range(8)]

    def all_send() -> list[OutboxMail]:
        for number, person in enumerate(people):
            post_from(mailing, f"192.0.2.{number}", reply_to=person)
        return mails(session, MailKind.CONFIRMATION)

    for _ in range(2):
        sent = all_send()
        assert [mail.recipient for mail in sent] == people
        hours = [(mail.next_attempt_at or began) - began for mail in sent]
        assert hours == [timedelta(hours=number // 3) for number in range(8)]
    clock.forward(days=7, minutes=119)
    mailing.get(link_in(sent[0].body), 404)
    mailing.post(link_in(sent[-1].body), {"answer": "bestaetigen"})


def test_an_address_can_be_removed_at_once(mailing: Browser, session: Session) -> None:
    mailing.post(FORM, {**DATA, "reply_to": ADDRESS})
    link = link_in(mails(session, MailKind.CONFIRMATION)[0].body)
    mailing.post(link, {"answer": "vielleicht"}, 422)
    assert mailing.post(link, {"answer": "loeschen"}).heading == "Ihre Adresse ist gelöscht"
    assert session.exec(select(Confirmation)).all() == []
    mailing.get(link, 404)
    mailing.post(link, {"answer": "bestaetigen"}, 404)
    assert len(mails(session)) == 1


def test_a_page_that_sends_no_referrer_can_be_answered_over_https(
    mailing: Browser, session: Session
) -> None:
    mailing.post(FORM, {**DATA, "reply_to": ADDRESS})
    link = link_in(mails(session, MailKind.CONFIRMATION)[0].body)
    mailing.post(link, {"answer": "bestaetigen"}, base_url="https://localhost")
    answer = mailing.send("/einladung/x", {"new_password": "x"}, base_url="https://localhost")
    assert answer.status_code == 404


def test_what_nobody_confirmed_is_forgotten(
    mailing: Browser, session: Session, clock: Clock
) -> None:
    mailing.post(FORM, {**DATA, "reply_to": ADDRESS})
    link = link_in(mails(session, MailKind.CONFIRMATION)[0].body)
    clock.forward(days=7, seconds=1)
    mailing.get(link, 404)
    removed = remove_expired(session, settings=MAILING, now=clock.now)
    session.commit()
    assert removed.summary == "entfernt: 1 Adresse aus Formularen"
    for table in (Confirmation, FormReceipt):
        assert session.exec(select(table)).all() == []
    kept = session.exec(select(OutboxMail)).all()
    assert [mail.kind for mail in kept] == [MailKind.BARRIER]
    assert "xample.org" not in kept[0].body


def test_an_address_that_is_not_confirmed_is_shown_to_nobody(
    mailing: Browser, coordination: Browser
) -> None:
    mailing.post(FORM, {**DATA, "reply_to": ADDRESS})
    page = coordination.get("/mails/")
    assert "Hinweis auf eine Barriere" in page.text
    assert "xample.org" not in page.text


@pytest.fixture
def own_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = own_sqlite(tmp_path)
    yield engine
    engine.dispose()


def delivered(engine: Engine, settings: Settings, now: datetime) -> dict[str, str]:
    """Deliver what waits to a real mail server; the texts by recipient."""
    mailbox = Mailbox()
    with running(mailbox, settings.smtp_port):
        deliver_due(engine, settings, now=now)
    return {message["To"]: message.get_content() for message in mailbox.messages}


def test_an_address_is_passed_on_once_its_owner_has_pressed_the_button(
    own_engine: Engine, clock: Clock, now: datetime
) -> None:
    settings = replace(MAILING, smtp_port=free_port())
    app = create_app(settings, engine=own_engine, clock=clock)
    Browser(app).post(FORM, {**DATA, "reply_to": ADDRESS})
    arrived = delivered(own_engine, settings, now)
    assert set(arrived) == {SETTINGS.contact_email, ADDRESS.lower()}
    assert "xample.org" not in arrived[SETTINGS.contact_email]
    assert TEXT not in arrived[ADDRESS.lower()]
    link = link_in(arrived[ADDRESS.lower()])

    scanner = Browser(app)
    for _ in range(2):
        assert scanner.get(link).heading == "Möchten Sie Ihre Adresse bestätigen?"
    assert delivered(own_engine, settings, now) == {}

    for _ in range(2):  # the second press changes nothing and says the same
        page = Browser(app).post(link, {"answer": "bestaetigen"})
        assert page.heading == "Ihre Adresse ist bestätigt"
        assert "Set-Cookie" not in page.response.headers
    passed_on = delivered(own_engine, settings, now)
    assert set(passed_on) == {SETTINGS.contact_email}
    reference = re.search("Kennzeichen: (.+)", arrived[SETTINGS.contact_email])
    assert reference is not None
    assert reference[0] in passed_on[SETTINGS.contact_email]
    assert "person@example.org" in passed_on[SETTINGS.contact_email]
    with Session(own_engine) as session:
        assert mails(session, MailKind.CONFIRMATION)[0].body == REMOVED_BODY
