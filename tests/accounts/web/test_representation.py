"""The page "Vertretung": who represents an institution, Stellvertretung, change of the person."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlmodel import Session, select

from tests.conftest import one_database
from tests.pages import PASSWORD, Browser, Clock, SignIn
from tracker.accounts.models import Account, Substitution
from tracker.concept.models import Institution, InstitutionKind
from tracker.core.german import OutOfRangeError, UnreadableError, read_day
from tracker.core.permissions import Function, Role


@dataclass
class House:
    """An institution with its people at their browsers."""

    session: Session
    institution: Institution
    representative: Browser
    staff: Browser


@pytest.fixture
def house(
    session: Session, institution: Institution, representative: Browser, staff: Browser
) -> House:
    """An institution with a benannte Vertretung and Mitarbeitende."""
    return House(session, institution, representative, staff)


def fields(representative: Browser, staff: Browser, **changes: str) -> dict[str, str]:
    """What the form for a Stellvertretung posts."""
    assert representative.actor
    assert staff.actor
    return {
        "representative_id": str(representative.actor.account_id),
        "deputy_id": str(staff.actor.account_id),
        "valid_from": "5.10.2026",
        "valid_to": "9.10.2026",
    } | changes


def path(institution: Institution, step: str = "") -> str:
    return f"/vertretung/{institution.id}{step}"


def test_the_representative_enters_a_deputy_and_the_deputys_pages_say_so(
    representative: Browser, staff: Browser, institution: Institution
) -> None:
    assert path(institution) in representative.get("/konto").text
    assert "keine Stellvertretung" in representative.get(path(institution)).visible
    answer = representative.send(path(institution), fields(representative, staff))
    assert answer.location == path(institution)
    page = representative.get(path(institution))
    assert "05.10.2026 09.10.2026 gilt zurzeit" in page.visible
    assert '<ol>\n<li><a class="kern-link" href="/">Startseite</a></li>' in page.text
    assert "in Vertretung für Person institution" in staff.get("/meldungen/").visible
    assert "Stellvertretung eintragen" not in staff.get(path(institution)).visible


def kept(typed: str) -> str:
    """How a day stands in its field again: as a date input has it, unreadable ones as typed."""
    try:
        return read_day(typed).isoformat()
    except (UnreadableError, OutOfRangeError):
        return typed


@one_database
@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"deputy_id": ""}, 422, "Bitte wählen Sie, wer vertritt"),
        ({"deputy_id": "x"}, 422, "Bitte wählen Sie, wer vertritt"),
        ({"valid_from": "bald"}, 422, "„bald“ ist kein Tag"),
        ({"valid_from": "31.2.2027"}, 422, "„31.2.2027“ ist kein Tag"),
        ({"valid_to": "1.1.1999"}, 422, "zwischen 1.1.2000 und 31.12.2100"),
        ({"valid_to": ""}, 422, "Bitte geben Sie den letzten Tag an"),
        ({"valid_to": "4.10.2026"}, 422, "letzte Tag liegt vor dem ersten"),
        ({"valid_from": "4.10.2026"}, 422, "Der erste Tag ist vorbei"),
        ({"valid_to": "9.10.2028"}, 422, "höchstens ein Jahr"),
    ],
)
def test_bad_input_says_what_is_wrong_and_keeps_what_was_typed(
    house: House, changes: dict[str, str], status: int, says: str
) -> None:
    representative, staff, institution = house.representative, house.staff, house.institution
    data = fields(representative, staff, **changes)
    page = representative.post(path(institution), data, status)
    assert says in page.visible
    for name in ("valid_from", "valid_to"):
        assert f'value="{kept(data[name])}"' in page.text
    if data["deputy_id"].isdigit():
        assert f'value="{data["deputy_id"]}" selected' in page.text
    assert house.session.exec(select(Substitution)).all() == []


def test_a_second_deputy_for_the_same_days_is_a_conflict(
    representative: Browser, staff: Browser, institution: Institution
) -> None:
    representative.send(path(institution), fields(representative, staff))
    page = representative.post(path(institution), fields(representative, staff), 409)
    assert "Vom 05.10.2026 bis 09.10.2026 ist schon" in page.visible


def test_ending_takes_the_right_away_at_once(
    representative: Browser, staff: Browser, institution: Institution, session: Session
) -> None:
    representative.send(path(institution), fields(representative, staff))
    found = session.exec(select(Substitution)).one()
    staff.post(path(institution, f"/{found.id}/beenden"), status=403)
    answer = representative.send(path(institution, f"/{found.id}/beenden"))
    assert answer.location == path(institution)
    assert "beendet am 05.10.2026" in representative.get(path(institution)).visible
    assert "in Vertretung für" not in staff.get("/meldungen/").visible
    representative.post(path(institution, f"/{found.id}/beenden"), status=409)


def test_mitarbeitende_and_other_institutions_enter_nothing(
    representative: Browser,
    staff: Browser,
    institution: Institution,
    session: Session,
    sign_in: SignIn,
) -> None:
    other = Institution(
        key="amt", name="Amt", short_name="Amt", kind=InstitutionKind.MUNICIPAL, source="Probe"
    )
    session.add(other)
    session.commit()
    stranger = sign_in(Role.INSTITUTION, institution_id=other.id, function=Function.REPRESENTATIVE)
    data = fields(representative, staff)
    staff.post(path(institution), data, 403)
    stranger.post(path(institution), data, 404)
    stranger.post(path(other), data, 404)
    stranger.get(path(institution), 404)
    stranger.get("/vertretung/999999", 404)
    assert session.exec(select(Substitution)).all() == []


def test_the_ki_changes_the_representative_to_a_colleague(
    coordination: Browser,
    representative: Browser,
    staff: Browser,
    institution: Institution,
    clock: Clock,
) -> None:
    assert representative.actor
    assert staff.actor
    assert path(institution) in coordination.get("/konten").text
    assert "Vertretung wechseln" in coordination.get(path(institution)).visible
    change = path(institution, "/wechseln")
    assert "optional" not in coordination.get(change).text.partition("<main")[2]
    assert "Bisher: Person institution" in coordination.get(change).visible
    data = {
        "account_id": str(representative.actor.account_id),
        "successor": str(staff.actor.account_id),
        "last_day": "5.10.2026",
    }
    assert coordination.send(change, data).location == path(institution)
    assert "· Mitarbeitende" in staff.get("/konto").visible
    assert "benannte Vertretung ab 06.10.2026" in coordination.get("/konten").visible
    clock.forward(days=1)
    assert representative.client.get("/konto").status_code == 302


def test_the_ki_names_somebody_new_who_gets_a_link(
    coordination: Browser,
    representative: Browser,
    institution: Institution,
    nobody: Browser,
    clock: Clock,
) -> None:
    assert representative.actor
    data = {
        "account_id": str(representative.actor.account_id),
        "successor": "neu",
        "name": "Nele Neu",
        "email": "neu@verein.example",
        "last_day": "5.10.2026",
    }
    page = coordination.post(path(institution, "/wechseln"), data)
    link = re.search(r'value="http://127\.0\.0\.1:8000(/einladung/[^"]+)"', page.text)
    assert link
    nobody.send(link[1], {"new_password": PASSWORD})
    clock.forward(days=1)
    nobody.send("/anmelden", {"email": "neu@verein.example", "password": PASSWORD})
    assert "· benannte Vertretung" in nobody.get("/konto").visible
    history = nobody.get(path(institution)).visible
    assert "Person institution 05.10.2026 05.10.2026" in history
    assert "Nele Neu 06.10.2026 ohne Ende" in history


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"successor": ""}, 422, "Bitte wählen Sie, wer folgt"),
        ({"successor": "x"}, 404, "gibt es nicht"),
        ({"successor": "999999"}, 404, "gibt es nicht"),
        ({"account_id": "999999"}, 404, "gibt es nicht"),
        ({"last_day": "gestern"}, 422, "„gestern“ ist kein Tag"),
        ({"last_day": "4.10.2026"}, 422, "seit 05.10.2026"),
        ({"email": "keine"}, 422, "der neuen Person: „keine“ ist keine E-Mail-Adresse"),
        ({"name": " "}, 422, "Bitte geben Sie den Namen der neuen Person an"),
        ({"email": ""}, 422, "Bitte geben Sie die E-Mail-Adresse der neuen Person an"),
    ],
)
def test_a_change_that_cannot_be_leaves_everything_and_what_was_typed(
    house: House, coordination: Browser, changes: dict[str, str], status: int, says: str
) -> None:
    representative, institution = house.representative, house.institution
    assert representative.actor
    data = {
        "account_id": str(representative.actor.account_id),
        "successor": "neu",
        "name": "Nele Neu",
        "email": "neu@verein.example",
        "last_day": "9.10.2026",
    } | changes
    page = coordination.post(path(institution, "/wechseln"), data, status)
    assert says in page.visible
    if status == 422:
        assert kept(data["last_day"]) in page.text
        assert data["email"] in page.text
    account = house.session.get_one(Account, representative.actor.account_id)
    assert account.term_to is None
    assert len(house.session.exec(select(Account)).all()) == 3


def test_the_log_names_both(
    coordination: Browser, representative: Browser, staff: Browser, institution: Institution
) -> None:
    coordination.send(path(institution), fields(representative, staff))
    page = coordination.get("/protokoll/")
    assert "Stellvertretung eingetragen" in page.visible
    assert "benannte Vertretung: Person institution" in page.visible


def test_an_institution_without_a_representative_says_what_then(
    coordination: Browser, institution: Institution, app: Flask
) -> None:
    assert "keine benannte Vertretung" in coordination.get(path(institution)).visible
    assert "keine benannte Vertretung" in coordination.get(path(institution, "/wechseln")).visible
