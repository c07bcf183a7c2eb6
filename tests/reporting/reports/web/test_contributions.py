"""The partner's page: writing, refusals, who may what; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session, select

from tests.conftest import one_database
from tests.factories import World, moment
from tests.factories_contributions import SAID, bring, contribute, joint_report
from tests.pages import Browser
from tests.report_world import Open, path
from tracker.concept.models import Responsibility
from tracker.core.permissions import Function, Role
from tracker.reporting.models import Contribution, Report, Round
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.contribution import content_from
from tracker.reporting.rules.reports import ReportState

TYPED = {
    "contribution_text": "Zwei Treffen mit 40 Eltern.",
    "participants_persons": "40",
    "participants_cases": "",
    "participants_participations": "",
    "cost_actual": "500,50",
}


@pytest.fixture
def report(world: World) -> Report:
    """The library's report of 1.1, with the club as partner."""
    return joint_report(world)


@pytest.fixture
def club(browse: Open, world: World, report: Report) -> Browser:
    """The partner's representative."""
    return browse(world.stranger)


def page_of(report: Report, step: str = "") -> str:
    return f"/beitraege/{report.id}{step}"


def only(session: Session) -> Contribution:
    return session.exec(select(Contribution)).one()


def test_a_partner_writes_changes_and_takes_back(
    club: Browser, report: Report, session: Session
) -> None:
    assert "Beitrag schreiben" in club.get("/meldungen/").visible
    page = club.get(page_of(report))
    assert "noch 10 Tage, bis 15.10.2026" in page.visible
    assert "federführend: Volkshochschule" in page.visible
    assert "Bitte nennen Sie keine Namen" in page.visible
    response = club.send(page_of(report), TYPED | {"version": "0"})
    assert (response.status_code, response.location) == (302, page_of(report))
    assert content_from(only(session).content) == SAID
    page = club.get(page_of(report))
    assert "Ihr Beitrag ist gespeichert" in page.visible
    assert 'value="500,50"' in page.text
    assert 'name="version" value="1"' in page.text
    assert "Beitrag ändern" in club.get("/meldungen/").visible
    assert club.send(page_of(report, "/zurueckziehen")).status_code == 302
    assert "Ihr Beitrag ist zurückgezogen" in club.get(page_of(report)).visible
    assert session.exec(select(Contribution)).all() == []


@one_database
@pytest.mark.parametrize(
    "case",
    [
        ("participants_persons", "12,5", "„12,5“ ist keine ganze Zahl"),
        ("participants_cases", "-1", "zwischen 0 und 10.000.000"),
        ("cost_actual", "12.5", "„12.5“ ist keine Zahl. Bitte schreiben Sie z. B. 1.250,50."),
        ("cost_actual", "0.500", "„0.500“ ist keine Zahl."),
        (
            "participants_persons",
            "3 Fälle",
            "„3 Fälle“: Was bei der Zahl steht, ist nicht die Einheit dieses",
        ),
        ("cost_actual", "-3", "zwischen 0 und 10.000.000"),
        ("cost_actual", "12,345", "Sind 12.345 Euro gemeint?"),
        ("contribution_text", "x" * 20_001, "Der Text hat 20.001 Zeichen"),
        ("contribution_text", "a\x00b", "1 unsichtbare Steuerzeichen"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_all_that_was_typed_stays(
    club: Browser, report: Report, session: Session, case: tuple[str, str, str]
) -> None:
    name, text, sentence = case
    page = club.post(page_of(report), TYPED | {"version": "0", name: text}, status=422)
    assert sentence in page.visible
    assert f'href="#{name}"' in page.text
    kept = TYPED | {name: text.replace("\x00", "")}
    for typed in (kept["contribution_text"], kept["participants_persons"], kept["cost_actual"]):
        assert typed in page.text
    assert session.exec(select(Contribution)).all() == []


def test_a_number_may_name_its_unit(club: Browser, report: Report, session: Session) -> None:
    typed = {"participants_persons": "40 Personen", "cost_actual": "500,50 Euro"}
    assert club.send(page_of(report), TYPED | {"version": "0"} | typed).status_code == 302
    assert content_from(only(session).content) == SAID


def test_an_empty_contribution_is_refused(club: Browser, report: Report) -> None:
    empty = dict.fromkeys(TYPED, "") | {"version": "0"}
    page = club.post(page_of(report), empty, status=422)
    assert "Bitte schreiben Sie einen Text, oder geben Sie Teilnehmende oder Kosten an" in (
        page.visible
    )


def test_two_people_see_both_texts_and_the_second_saving_is_a_decision(
    club: Browser, report: Report, world: World, session: Session
) -> None:
    staff = world.actor("ibz2@example.org", Role.INSTITUTION, world.club, Function.STAFF)
    contribute(world, report, by=staff, content=replace(SAID, text="Vom Team."))
    session.commit()
    page = club.post(page_of(report), TYPED | {"version": "0"}, status=409)
    assert "Vom Team." in page.visible
    assert TYPED["contribution_text"] in page.text
    assert "ibz2 hat am 05.10.2026, 11:00 Uhr das hier gespeichert" in page.visible
    assert content_from(only(session).content).text == "Vom Team."
    assert 'name="version" value="1"' in page.text
    assert club.send(page_of(report), TYPED | {"version": "1"}).status_code == 302
    session.expire_all()
    assert content_from(only(session).content) == SAID


def test_a_conflict_stays_one_while_something_else_is_mended(
    club: Browser, report: Report, world: World, session: Session
) -> None:
    contribute(world, report)
    session.commit()
    page = club.post(page_of(report), TYPED | {"version": "0", "cost_actual": "viel"}, status=422)
    assert 'name="version" value="0"' in page.text


def test_when_the_report_was_handed_in_meanwhile_the_text_stays_and_what_helps_is_named(
    club: Browser, report: Report, world: World, session: Session
) -> None:
    bring(world, report, ReportState.SUBMITTED)
    session.commit()
    for typed in (TYPED, TYPED | {"cost_actual": "viel"}):
        page = club.post(page_of(report), typed | {"version": "0"}, status=409)
        assert "Meldung der federführenden Institution ist abgegeben" in page.visible
        assert "federführende Institution bitten, die Meldung zurückzuziehen" in page.visible
        assert TYPED["contribution_text"] in page.text
    reading = club.get(page_of(report))
    assert "Beitrag speichern" not in reading.visible
    assert "die Meldung zurückzuziehen" in reading.visible


@pytest.mark.parametrize("state", [ReportState.SUBMITTED, ReportState.ACCEPTED, ReportState.WAIVED])
def test_once_the_report_is_handed_in_or_waived_the_partner_only_reads(
    club: Browser, report: Report, world: World, session: Session, state: ReportState
) -> None:
    contribute(world, report)
    bring(world, report, state)
    session.commit()
    page = club.get(page_of(report))
    assert SAID.text in page.visible
    assert "<form" not in page.text.split("<main")[1].split("</main")[0]
    assert "Beitrag ansehen" in club.get("/meldungen/").visible
    club.post(page_of(report, "/zurueckziehen"), status=409)


def test_once_the_round_is_closed_the_partner_only_reads(
    club: Browser, report: Report, world: World, session: Session
) -> None:
    contribute(world, report)
    round_ = session.get_one(Round, report.round_id)
    rounds.close_round(
        session, round_=round_, by=world.coordination, now=moment("2026-10-05 09:30")
    )
    session.commit()
    assert "Die Runde ist geschlossen" in club.get(page_of(report)).visible
    page = club.post(page_of(report), TYPED | {"version": "1", "cost_actual": "1"}, status=409)
    assert "um eine Nachfrist bitten" in page.visible


def test_who_takes_part_no_more_sees_nothing_and_the_lead_sees_the_contribution(
    club: Browser, browse: Open, report: Report, world: World, session: Session
) -> None:
    contribute(world, report)
    row = session.exec(
        select(Responsibility).where(Responsibility.institution_id == world.club.id)
    ).one()
    row.valid_to = date(2026, 10, 4)
    session.commit()
    club.get(page_of(report), status=404)
    club.post(page_of(report), TYPED | {"version": "1"}, status=404)
    club.post(page_of(report, "/zurueckziehen"), status=404)
    assert "Als beteiligte Institution" not in club.get("/meldungen/").visible
    assert SAID.text in browse(world.representative).get(path(report)).visible


def test_a_contribution_survives_signing_in_again(club: Browser, report: Report) -> None:
    club.client.delete_cookie("session")
    response = club.client.post(page_of(report), data=TYPED | {"version": "0"})
    text = response.get_data(as_text=True)
    assert TYPED["contribution_text"] in text


def test_a_name_in_a_contribution_is_asked_about_and_saved(
    club: Browser, report: Report, session: Session
) -> None:
    named = "Frau Muster leitet die Treffen."
    club.send(page_of(report), TYPED | {"contribution_text": named, "version": "0"})
    assert content_from(only(session).content).text == named
    page = club.get(page_of(report))
    assert "Ist hier eine Person zu erkennen? „Frau Muster“" in page.visible
