"""Invitations, one's own account, and the KI's list of accounts."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from tests.conftest import one_database
from tests.pages import PASSWORD, SETTINGS, Browser, Clock, browser_of
from tracker.accounts.actions import accounts as actions
from tracker.accounts.models import Account, AccountLink
from tracker.concept.models import Institution
from tracker.core.permissions import Function, Role
from tracker.outbox.models import OutboxMail
from tracker.outbox.queue import state_of
from tracker.outbox.rules.mailing import MailState
from tracker.web.runtime import EXTENSION

NEW = {
    "name": "Vera Vertretung",
    "email": "Vera@verein.example",
    "invited_as": "representative",
}


def invited(coordination: Browser, institution: Institution, **changes: str) -> str:
    """Invite somebody in the web; returns the path of the link that is shown once."""
    data = NEW | {"institution_id": str(institution.id)} | changes
    page = coordination.post("/konten/einladen", data)
    assert page.response.headers["Cache-Control"] == "no-store"
    found = re.search(r'value="http://127\.0\.0\.1:8000(/einladung/[^"]+)"', page.text)
    assert found
    return found[1]


def test_an_invited_representative_sets_a_password_and_signs_in(
    coordination: Browser, nobody: Browser, institution: Institution, session: Session
) -> None:
    link = invited(coordination, institution)
    assert "Willkommen, Vera Vertretung" in nobody.get(link).visible
    assert nobody.send(link, {"new_password": PASSWORD}).location == "/anmelden"
    nobody.send("/anmelden", {"email": "vera@verein.example", "password": PASSWORD})
    assert "Verein · benannte Vertretung" in nobody.get("/konto").visible
    account = session.exec(select(Account).where(Account.email == "vera@verein.example")).one()
    assert (account.role, account.function) == (Role.INSTITUTION, Function.REPRESENTATIVE)


def test_an_invitation_works_once(
    coordination: Browser, nobody: Browser, institution: Institution
) -> None:
    link = invited(coordination, institution)
    nobody.send(link, {"new_password": PASSWORD})
    nobody.get(link, 404)
    page = nobody.post(link, {"new_password": "noch ein anderes Kennwort"}, 404)
    assert "gilt nicht mehr" in page.heading


def test_a_link_that_was_withdrawn_is_void_and_its_mail_is_not_sent(
    coordination: Browser,
    nobody: Browser,
    institution: Institution,
    session: Session,
) -> None:
    coordination.app.extensions[EXTENSION].settings = replace(SETTINGS, smtp_host="127.0.0.1")
    coordination.send("/konten/einladen", NEW | {"institution_id": str(institution.id)})
    [(_, _, body)] = mails(session)
    link = mailed_link(body)
    account = session.exec(select(Account).where(Account.email == "vera@verein.example")).one()
    assert "Link zurückziehen" in coordination.get("/konten").visible
    coordination.send(f"/konten/{account.id}/einladung-zurueckziehen")
    assert "Link zurückziehen" not in coordination.get("/konten").visible
    assert "keine offene Einladung" in coordination.get("/konten").visible
    nobody.get(link, 404)
    session.expire_all()
    (mail,) = session.exec(select(OutboxMail)).all()
    assert state_of(mail) is MailState.SUPERSEDED


def test_an_invitation_expires(
    coordination: Browser, nobody: Browser, institution: Institution, clock: Clock
) -> None:
    link = invited(coordination, institution)
    clock.forward(days=14, seconds=-1)
    nobody.get(link)
    clock.forward(seconds=1)
    nobody.get(link, 404)


def test_a_new_invitation_voids_the_earlier_one(
    coordination: Browser, nobody: Browser, institution: Institution, session: Session
) -> None:
    link = invited(coordination, institution)
    account = session.exec(select(Account).where(Account.name == NEW["name"])).one()
    coordination.post(f"/konten/{account.id}/neu-einladen")
    nobody.get(link, 404)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", "Bitte wählen Sie ein Kennwort"),
        ("kurz", "4 Zeichen, nötig sind mindestens 12"),
        ("Passwort2026!!", "leicht zu erraten"),
        ("vera.vertretung99", "leicht zu erraten"),
        ("begegnung!2026", "leicht zu erraten"),
        ("Bielefeld-2026", "leicht zu erraten"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays_good(
    coordination: Browser, nobody: Browser, institution: Institution, password: str, says: str
) -> None:
    link = invited(coordination, institution)
    assert says in nobody.post(link, {"new_password": password}, 422).visible
    assert nobody.send(link, {"new_password": PASSWORD}).status_code == 302


@one_database
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "Bitte geben Sie den Namen der Person an"),
        ({"name": " \u202e "}, "Name: Bitte geben Sie einen Namen mit 1 bis 200 Zeichen an"),
        ({"email": "keine Adresse"}, "Dienstliche E-Mail-Adresse: „keine adresse“ ist keine"),
        ({"invited_as": ""}, "welche Aufgabe die Person hat"),
        ({"institution_id": ""}, "Institution: Bitte wählen Sie die Institution."),
        ({"institution_id": "999999"}, "Diese Institution gibt es nicht"),
        ({"term_from": "2026-12-01", "term_to": "2026-11-01"}, "Tätig bis: Das Ende der Amtszeit"),
    ],
)
def test_an_incomplete_invitation_says_what_is_missing_and_keeps_the_rest(
    coordination: Browser,
    institution: Institution,
    session: Session,
    changes: dict[str, str],
    says: str,
) -> None:
    data = NEW | {"institution_id": str(institution.id)} | changes
    page = coordination.post("/konten/einladen", data, 422)
    assert says in page.visible
    kept = [value for key, value in data.items() if key not in changes]
    assert all(value in page.text for value in kept)
    assert len(session.exec(select(Account)).all()) == 1


def test_an_address_has_one_account(coordination: Browser, institution: Institution) -> None:
    invited(coordination, institution)
    data = NEW | {"institution_id": str(institution.id)}
    page = coordination.post("/konten/einladen", data, 422)
    assert "Adresse: Für vera@verein.example gibt es schon ein Konto. Suchen" in page.visible


def test_a_second_representative_is_refused_where_the_task_is_chosen(
    coordination: Browser, institution: Institution
) -> None:
    invited(coordination, institution)
    data = NEW | {"institution_id": str(institution.id), "email": "zweite@verein.example"}
    page = coordination.post("/konten/einladen", data, 422)
    assert "Aufgabe: Vera Vertretung ist schon benannte Vertretung" in page.visible


def test_committee_and_coordination_have_no_institution(
    coordination: Browser, institution: Institution, session: Session
) -> None:
    invited(coordination, institution, invited_as="committee")
    account = session.exec(select(Account).where(Account.name == NEW["name"])).one()
    assert (account.role, account.institution_id) == (Role.COMMITTEE, None)


def test_the_list_says_who_can_sign_in(
    coordination: Browser, institution: Institution, clock: Clock
) -> None:
    invited(coordination, institution)
    page = coordination.get("/konten")
    assert "Vera Vertretung" in page.visible
    assert "eingeladen bis 19.10.2026" in page.visible
    assert "2 aktive Konten, 1 Einladung ist offen." in page.visible


def test_actions_look_alike_addresses_break_at_the_sign_and_nothing_open_is_said(
    coordination: Browser, session: Session
) -> None:
    for account in session.exec(select(Account)):
        account.password_hash = "known"
    session.commit()
    page = coordination.get("/konten")
    cells = re.findall(r"stacked__actions.*?</td>", page.text, re.DOTALL)
    kinds = set(re.findall(r'<(?:a|button) class="([^"]+)"', "".join(cells)))
    assert kinds == {"kern-btn kern-btn--tertiary kern-btn--x-small"}
    assert "@<wbr>" in page.text
    assert "1 aktives Konto, keine Einladung ist offen" in page.visible


def test_nobody_switches_the_own_account_off(coordination: Browser) -> None:
    assert coordination.actor is not None
    own = coordination.actor.account_id
    assert "Ihr eigenes Konto" in coordination.post(f"/konten/{own}/deaktivieren", status=409).text


def test_a_deactivated_account_cannot_be_invited_or_signed_in(
    coordination: Browser, nobody: Browser, institution: Institution, session: Session
) -> None:
    link = invited(coordination, institution)
    account = session.exec(select(Account).where(Account.name == NEW["name"])).one()
    coordination.send(f"/konten/{account.id}/deaktivieren")
    assert "abgeschaltet am 05.10.2026" in coordination.get("/konten").visible
    nobody.get(link, 404)
    coordination.post(f"/konten/{account.id}/neu-einladen", status=409)


def test_an_account_that_is_switched_on_again_needs_a_new_link(
    coordination: Browser, nobody: Browser, institution: Institution, session: Session
) -> None:
    nobody.send(invited(coordination, institution), {"new_password": PASSWORD})
    signs_in = {"email": "vera@verein.example", "password": PASSWORD}
    nobody.send("/anmelden", signs_in)
    vera = session.exec(select(Account).where(Account.name == NEW["name"])).one()
    coordination.send(f"/konten/{vera.id}/deaktivieren")
    data = NEW | {"institution_id": str(institution.id)}
    page = coordination.post("/konten/einladen", data | {"invited_as": "staff"}, 422)
    assert "ein Konto, es ist abgeschaltet. Schalten Sie es in der Liste" in page.visible
    assert "Wieder einschalten" in coordination.get("/konten").visible
    coordination.send(f"/konten/{vera.id}/wieder-einschalten")
    assert "keine offene Einladung" in coordination.get("/konten").visible
    assert nobody.client.get("/konto").status_code == 302
    nobody.post("/anmelden", signs_in, 401)
    assert "Konto wieder eingeschaltet" in coordination.get("/protokoll/").visible
    coordination.post(f"/konten/{vera.id}/wieder-einschalten", status=409)
    coordination.send(f"/konten/{vera.id}/deaktivieren")
    invited(coordination, institution, name="Folge", email="folge@verein.example")
    page = coordination.post(f"/konten/{vera.id}/wieder-einschalten", status=409)
    assert "Folge ist schon benannte Vertretung" in page.visible


@pytest.mark.parametrize("account_id", ["999999", "99999999999999999999"])
def test_an_unknown_account_is_not_found(coordination: Browser, account_id: str) -> None:
    coordination.post(f"/konten/{account_id}/neu-einladen", status=404)
    coordination.post(f"/konten/{account_id}/deaktivieren", status=404)


def test_without_a_mail_server_no_link_lies_about(
    coordination: Browser, institution: Institution, session: Session
) -> None:
    invited(coordination, institution)
    assert session.exec(select(OutboxMail)).all() == []


def test_one_changes_the_own_name(committee: Browser) -> None:
    assert committee.send("/konto/name", {"name": "  Neuer Name "}).location == "/konto"
    assert "Neuer Name" in committee.get("/konto").visible
    committee.post("/konto/name", {"name": ""}, 422)
    page = committee.post("/konto/name", {"name": "   "}, 422)
    assert "Bitte geben Sie einen Namen mit 1 bis 200 Zeichen an." in page.visible
    assert 'action="/konto/name"' in page.text


def test_signs_that_turn_a_name_round_are_not_kept(
    committee: Browser, coordination: Browser, institution: Institution, session: Session
) -> None:
    committee.send("/konto/name", {"name": "Kim\u202eremmoK\u2028Neu"})
    assert "KimremmoK Neu" in committee.get("/konto").text
    invited(coordination, institution, name="Vera\u2066 Vertretung\u2069")
    assert session.exec(select(Account).where(Account.name == NEW["name"])).one()
    fields = {"name": "Haus\u202e der Vielfalt", "short_name": "Ha\u2067us", "kind": "independent"}
    coordination.send("/institutionen/neu", fields)
    page = coordination.get("/institutionen/")
    assert "Haus der Vielfalt" in page.visible
    assert "\u202e" not in page.text


def test_a_new_password_needs_the_present_one_and_ends_other_sessions(
    app: Flask, session: Session, now: datetime
) -> None:
    account = actions.create(
        session,
        email="kim@stadt.example",
        name="Kim",
        role=Role.COMMITTEE,
        password=PASSWORD,
        by=None,
        now=now,
    )
    here, elsewhere = (browser_of(app, session, account, now) for _ in range(2))
    new = {"new_password": "acht blaue Regenschirme"}
    page = here.post("/konto/kennwort", new | {"present_password": "falsch geraten"}, 422)
    assert "Das stimmt nicht" in page.visible
    page = here.post(
        "/konto/kennwort", {"new_password": "zu kurz", "present_password": PASSWORD}, 422
    )
    assert "mindestens 12" in page.visible
    assert here.send("/konto/kennwort", new | {"present_password": PASSWORD}).status_code == 302
    assert here.client.get("/konto").status_code == 200
    assert elsewhere.client.get("/konto").status_code == 302
    response = Browser(app).send(
        "/anmelden", {"email": "kim@stadt.example", "password": new["new_password"]}
    )
    assert response.status_code == 302


def test_the_ki_changes_an_address_and_the_person_stays_signed_in(
    coordination: Browser, representative: Browser, session: Session
) -> None:
    assert representative.actor is not None
    number = representative.actor.account_id
    way = f"/konten/{number}/adresse"
    assert way in coordination.get("/konten").text
    page = coordination.get(way)
    assert f'value="{session.get_one(Account, number).email}"' in page.text
    assert coordination.send(way, {"email": " Neu@Verein.Example "}).location == "/konten"
    session.expire_all()
    assert session.get_one(Account, number).email == "neu@verein.example"
    assert "neu@verein.example" in representative.get("/konto").visible
    assert "E-Mail-Adresse geändert" in coordination.get("/protokoll/").visible
    assert coordination.get("/konten/99999999/adresse", 404)


@pytest.mark.parametrize(
    ("email", "says"),
    [
        ("", "Bitte geben Sie die E-Mail-Adresse an"),
        ("keine Adresse", "ist keine E-Mail-Adresse"),
        ("a@b@c.example", "ist keine E-Mail-Adresse"),
        ("a\tb@c.example", "ist keine E-Mail-Adresse"),
        (
            "VERA@verein.example",
            "gibt es schon ein Konto. Bitte prüfen Sie die Adresse: Jede gehört zu nur einem Konto",
        ),
    ],
)
def test_an_address_that_will_not_do_is_refused_and_changes_nothing(
    coordination: Browser, institution: Institution, session: Session, email: str, says: str
) -> None:
    invited(coordination, institution)
    assert coordination.actor is not None
    number = coordination.actor.account_id
    before = session.get_one(Account, number).email
    page = coordination.post(f"/konten/{number}/adresse", {"email": email}, 422)
    assert says in page.visible
    session.expire_all()
    assert session.get_one(Account, number).email == before


def test_with_a_new_address_the_link_sent_to_the_earlier_one_is_void(
    coordination: Browser, nobody: Browser, institution: Institution, session: Session
) -> None:
    link = invited(coordination, institution)
    account = session.exec(select(Account).where(Account.name == NEW["name"])).one()
    coordination.send(f"/konten/{account.id}/adresse", {"email": "vera@neu.example"})
    nobody.get(link, 404)


def test_the_ki_sees_who_is_being_guessed_at(
    app: Flask, coordination: Browser, committee: Browser, session: Session
) -> None:
    assert "Fehlversuch" not in coordination.get("/konten").visible
    Browser(app).send("/anmelden", {"email": "niemand@x.example", "password": "x"})
    assert "Fehlversuch" not in coordination.get("/konten").visible
    assert committee.actor is not None
    email = session.get_one(Account, committee.actor.account_id).email
    for number in range(7):
        place = {"REMOTE_ADDR": f"203.0.113.{number // 6}"}
        Browser(app).send("/anmelden", {"email": email, "password": "x"}, environ_base=place)
    Browser(app).send("/anmelden", {"email": "niemand@x.example", "password": "x"})
    seen = coordination.get("/konten").visible
    assert "7 Fehlversuche in 24 Stunden, zuletzt 05.10.2026, 11:00 Uhr, zurzeit gebremst" in seen
    assert (
        "In den letzten 24 Stunden 9 Fehlversuche bei 1 Konto von 3 Anschlüssen oder Geräten. 2 "
        "davon galten Adressen, zu denen es kein Konto gibt. Einer davon wurde gebremst; dabei "
        "wurde das Kennwort nicht geprüft."
    ) in seen
    assert "203.0.113" not in seen
    assert "Fehlversuche bei Anmeldung und Kennwortwechsel" in seen
    trail = coordination.get("/protokoll/").visible
    assert "Anmeldung oder Kennwortwechsel gescheitert" in trail
    assert "Nummer des Versuchs in dieser Viertelstunde: 1" in trail
    assert "Fehlversuche in dieser Viertelstunde" not in trail


def test_the_ki_sees_that_the_proxy_does_not_fit_the_setting(coordination: Browser) -> None:
    assert "TRUSTED_PROXIES" not in coordination.get("/konten").visible
    page = coordination.get("/konten", headers={"X-Forwarded-For": "203.0.113.9"})
    assert "Setzen Sie TRUSTED_PROXIES auf die Zahl der Proxys" in page.visible


@pytest.fixture
def mailing(app: Flask) -> None:
    app.extensions["tracker"].settings = replace(SETTINGS, smtp_host="mail.example")


@pytest.fixture
def robin(session: Session, now: datetime) -> Account:
    """A colleague whose account is in use."""
    found = actions.create(
        session,
        email="robin@stadt.example",
        name="Robin",
        role=Role.COORDINATION,
        password=PASSWORD,
        by=None,
        now=now,
    )
    session.commit()
    return found


def mails(session: Session) -> list[tuple[str, str, str]]:
    rows = session.exec(select(OutboxMail).order_by(col(OutboxMail.id)))
    return [(row.recipient, row.kind, row.body) for row in rows]


def mailed_link(body: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/einladung/\S+)", body)
    assert found
    return found[1]


def test_with_a_mail_server_the_link_goes_by_mail_and_nobody_else_sees_it(
    mailing: None, coordination: Browser, institution: Institution, session: Session
) -> None:
    fields = NEW | {"institution_id": str(institution.id)}
    assert coordination.send("/konten/einladen", fields).location == "/konten"
    account = session.exec(select(Account).where(Account.name == NEW["name"])).one()
    assert coordination.send(f"/konten/{account.id}/neu-einladen").location == "/konten"
    sent = mails(session)
    assert [mail[:2] for mail in sent] == [("vera@verein.example", "invitation")] * 2
    page = coordination.get("/konten")
    assert "geht an vera@verein.example. Den Link sieht nur die Person selbst." in page.visible
    shown = page.text + coordination.get("/mails/").text + coordination.get("/protokoll/").text
    assert not [body for _, _, body in sent if mailed_link(body) in shown]


def test_a_colleague_gets_a_link_by_mail_only_and_is_told_who_asked_and_what_followed(
    mailing: None, coordination: Browser, nobody: Browser, robin: Account, session: Session
) -> None:
    response = coordination.send(f"/konten/{robin.id}/neu-einladen")
    assert response.location == "/konten"
    [(recipient, kind, body)] = mails(session)
    assert (recipient, kind) == ("robin@stadt.example", "password_reset")
    assert "hat Person coordination ein neues Kennwort angefordert" in body
    path = mailed_link(body)
    shown = "".join(coordination.get(page).text for page in ("/konten", "/mails/", "/protokoll/"))
    assert "eine Mail mit dem Link" in shown.replace("Eine", "eine")
    assert path not in shown
    nobody.send(path, {"new_password": "acht blaue Regenschirme"})
    recipient, kind, body = mails(session)[-1]
    assert (recipient, kind) == ("robin@stadt.example", "account_notice")
    assert "wurde ein Kennwort festgelegt:\n05.10.2026, 11:00 Uhr." in body


def test_without_a_mail_server_nobody_gets_the_link_of_a_colleague(
    coordination: Browser, robin: Account, session: Session
) -> None:
    response = coordination.send(f"/konten/{robin.id}/neu-einladen")
    assert response.location == "/konten"
    page = coordination.get("/konten")
    assert "Ein Link für ein neues geht nur per Mail an die Person selbst" in page.visible
    assert "Bitten Sie die Betriebsstelle, einen Link auszugeben" in page.visible
    assert "tracker user" not in page.visible
    assert "/einladung/" not in page.text
    assert session.exec(select(AccountLink)).all() == []


def test_a_new_address_is_told_to_the_old_and_the_new_one(
    mailing: None, coordination: Browser, robin: Account, session: Session
) -> None:
    page = coordination.get(f"/konten/{robin.id}/adresse")
    assert "Robin erhält darüber eine Mail an die bisherige und eine an die neue" in page.visible
    coordination.send(f"/konten/{robin.id}/adresse", {"email": "robin@neu.example"})
    told = mails(session)
    assert [mail[:2] for mail in told] == [
        ("robin@stadt.example", "account_notice"),
        ("robin@neu.example", "account_notice"),
    ]
    assert "Person coordination hat die E-Mail-Adresse Ihres Kontos" in told[0][2]
    # Another change leaves on its way what is meant for an earlier address.
    coordination.send(f"/konten/{robin.id}/adresse", {"email": "robin@dritte.example"})
    assert [mail[0] for mail in mails(session)[:2]] == [mail[0] for mail in told]


def test_without_a_mail_server_the_page_says_beforehand_that_nobody_is_told(
    coordination: Browser, robin: Account, institution: Institution, session: Session
) -> None:
    page = coordination.get(f"/konten/{robin.id}/adresse")
    assert "Robin erfährt von der Änderung nur, wenn Sie selbst Bescheid geben" in page.visible
    invited(coordination, institution)
    vera = session.exec(select(Account).where(Account.name == NEW["name"])).one()
    page = coordination.get(f"/konten/{vera.id}/adresse")
    assert "hat das Konto noch nicht benutzt und erhält über die Änderung keine" in page.visible


def test_who_changes_the_own_password_is_told(
    mailing: None, app: Flask, robin: Account, session: Session, now: datetime
) -> None:
    browser = browser_of(app, session, robin, now)
    new = {"present_password": PASSWORD, "new_password": "acht blaue Regenschirme"}
    browser.send("/konto/kennwort", new)
    assert [mail[:2] for mail in mails(session)] == [("robin@stadt.example", "account_notice")]
