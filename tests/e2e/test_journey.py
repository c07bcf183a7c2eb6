"""One quarter of real controlling, from the council resolution to the committee's screen.

A production start without anything invented, three roles in Chromium, two rounds. Every page is
checked by axe, for messages in the console and for requests to other hosts (person.py).
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e import coordination as office
from tests.e2e import institution as house
from tests.e2e import totals
from tests.e2e.conftest import Come
from tests.e2e.instance import Instance
from tests.e2e.person import Person
from tracker.core.periods import Period, local_day

pytestmark = pytest.mark.browser

KI, COMMITTEE = "ki@stadt.example", "ausschuss@stadt.example"
VERTRETUNG, MITARBEIT = "vertretung@vhs.example", "mitarbeit@vhs.example"
FORMATS = {
    "pdf": "Controllingbericht als PDF",
    "xlsx": "Controllingbericht als Excel (XLSX)",
    "json": "Controllingbericht als Daten (JSON)",
}
OVERVIEW = "/dashboards/konzepte/integrationskonzept-2010/"
COURSES = "Zwölf Sprachkurse laufen in drei Stadtbezirken."
QUESTION = "Wie viele Gruppen haben Sie erreicht?"
ANSWER = "Zwei Gruppen, beide in Sennestadt."
FOUND = "Die Gruppen haben noch nicht begonnen; wir stellen in Planung fest."
DISSENT = "Aus unserer Sicht hat die Umsetzung mit der Werbung begonnen."
REMARK = "Nur für das KI: die Leitung wechselt im Sommer."
PROPOSAL = "Der Ausschuss möge eine zweite Kraft bewilligen."


def test_one_quarter_from_the_resolution_to_the_committee(instance: Instance, come: Come) -> None:
    today = local_day(datetime.now(UTC))
    second = Period.quarter_of(today)
    first = second.previous()
    instance.create_user(KI, "--role", "coordination")
    instance.create_user(COMMITTEE, "--role", "committee")
    instance.start()

    ki = come("ki")
    ki.sign_in(KI)
    links = prepare(ki, first, today=today)

    vertretung, mitarbeit = come("vertretung"), come("mitarbeit")
    house.accept_invitation(vertretung, links[VERTRETUNG], VERTRETUNG)
    house.accept_invitation(mitarbeit, links[MITARBEIT], MITARBEIT)
    first_round(ki, vertretung, mitarbeit, first)
    office.plan_and_open(
        ki, second, due_on=second.end + timedelta(days=20), committee_on=second.end
    )
    committee = come("ausschuss")
    committee.sign_in(COMMITTEE)
    nothing_unpublished(committee, first, second)
    second_round(ki, vertretung, second)

    overview(committee, first, second)
    both_quarters_side_by_side(committee, first, second)
    nothing_of_others(committee)
    documents = same_totals_everywhere(instance, committee, first, second)
    assert REMARK not in "".join(json.dumps(item, ensure_ascii=False) for item in documents)
    instance.tracker("snapshot", "verify")
    on_a_telephone(ki, vertretung, committee, first)


def prepare(ki: Person, period: Period, *, today: date) -> dict[str, str]:
    """Assign, invite, open: what stands before the first report; returns the links by e-mail."""
    office.assign_several_measures(ki)
    office.assign_one_measure_with_a_partner(ki, today=today)
    links = {
        VERTRETUNG: office.invite(
            ki, name="Vera Tretung", email=VERTRETUNG, function="benannte Vertretung"
        ),
        MITARBEIT: office.invite(ki, name="Mia Arbeit", email=MITARBEIT, function="Mitarbeitende"),
    }
    in_two_weeks = today + timedelta(days=14)
    office.plan_and_open(ki, period, due_on=in_two_weeks, committee_on=in_two_weeks)
    return links


def first_round(ki: Person, vertretung: Person, mitarbeit: Person, period: Period) -> None:
    """Draft, submit, return, resubmit, disagree; published with two of five measures missing."""
    house.begin(vertretung, "2.1")
    house.write(vertretung, implementation="planned", course=None, texts={"achieved": COURSES})
    house.wait_until_saved(vertretung)
    vertretung.open("/meldungen/")
    expect(house.row_of(vertretung, "2.1")).to_contain_text("Entwurf")
    house.submit_endangered(
        vertretung,
        "1.1",
        achieved=COURSES,
        texts={"reason": "Zwei Kursleitungen fehlen.", "consequence": PROPOSAL},
    )
    house.begin(vertretung, "1.2")
    started = {"achieved": "Die Gruppen sind beworben.", "next_step": "Erste Treffen"}
    house.write(vertretung, implementation="in_progress", course="on_track", texts=started)
    house.submit(vertretung, "1.2")
    house.draft_only(mitarbeit, "2.2", texts={"achieved": "Das Angebot läuft auf Dauer."})

    office.accept(ki, "1.1")
    office.give_back(ki, "1.2", QUESTION)
    vertretung.open("/meldungen/")
    vertretung.sees(QUESTION)
    house.begin(vertretung, "1.2")
    house.write(
        vertretung,
        implementation="in_progress",
        course="on_track",
        texts={"achieved": ANSWER},
    )
    house.submit(vertretung, "1.2")
    office.accept_with_another_value(
        ki, "1.2", implementation="in Planung", course="planmäßig", reason=FOUND
    )
    house.dissent(vertretung, "1.2", DISSENT)
    house.begin(vertretung, "2.2")
    expect(vertretung.page.locator("#achieved")).to_have_value("Das Angebot läuft auf Dauer.")
    house.submit(vertretung, "2.2")

    office.close(ki, period)
    office.cannot_publish_yet(ki, period, waiting="2.2")
    office.accept(ki, "2.2")
    office.publish(ki, period)
    ki.sees("Eine frühere veröffentlichte Runde zum Vergleichen gab es nicht.")


def second_round(ki: Person, vertretung: Person, period: Period) -> None:
    """Confirm in seconds, improve, report anew; what changed since the first round is shown."""
    vertretung.page.context.clear_cookies()
    vertretung.sign_in(VERTRETUNG)
    before = vertretung.presses()
    house.confirm_unchanged(vertretung, "2.2")
    assert vertretung.presses() - before <= 4

    house.begin(vertretung, "1.1")
    solved = {"reason": "", "consequence": "", "changed": "Beide Stellen sind besetzt."}
    house.write(vertretung, implementation="in_progress", course="on_track", texts=solved)
    house.submit(vertretung, "1.1")
    house.begin(vertretung, "2.1")
    told = {
        "achieved": COURSES,
        "reason": "Eine Stelle ist unbesetzt.",
        "consequence": PROPOSAL,
        "internal_remark": REMARK,
    }
    house.write(vertretung, implementation="in_progress", course="critical", texts=told)
    house.submit(vertretung, "2.1")
    office.accept(ki, "1.1", "2.1", "2.2")
    office.close(ki, period)
    office.publish(ki, period)
    ki.sees(f"Gegenüber {period.previous().label}: 1 verbessert")


def nothing_unpublished(committee: Person, first: Period, second: Period) -> None:
    """The committee lands on the published round and finds nothing of the open one."""
    assert committee.page.url.endswith(OVERVIEW)
    committee.sees(f"Überblick: {first.long_label}")
    committee.open(f"/dashboards/?runde={second.key}", status=404)
    committee.sees_not(f"Überblick: {second.long_label}")
    committee.sees(second.key)
    for ending in FORMATS:
        assert committee.status_of(f"/ausgaben/bericht/{second.key}.{ending}") == 404
    committee.open("/ausgaben/")
    committee.sees(first.long_label)
    committee.sees_not(second.long_label)


def overview(committee: Person, first: Period, second: Period) -> None:
    """Headline, Rücklauf, changes, decisions; another round by choice, kept by the address."""
    committee.open("/")
    committee.open("/dashboards/")
    committee.sees(f"Überblick: {second.long_label}")
    committee.sees("Als laufend oder erfüllt gemeldet: alle 3 gemeldeten Maßnahmen (57 insgesamt)")
    committee.sees("Als kritisch gemeldet: 1 von 3 gemeldeten Maßnahmen (57 insgesamt)")
    committee.sees("3 von 5 erwarteten Meldungen sind eingegangen")
    committee.sees(f"Gegenüber {first.label}: 1 verbessert, 1 neu gemeldet und 1 nicht mehr")
    committee.sees(PROPOSAL)
    committee.page.get_by_label("Berichtsrunde").select_option(first.key)
    committee.press("Anzeigen")
    chosen = re.compile(re.escape(f"{OVERVIEW}?runde={first.key}") + r"\b")
    committee.sees(f"Überblick: {first.long_label}")
    expect(committee.page).to_have_url(chosen)
    committee.reload()
    committee.sees(f"Überblick: {first.long_label}")
    expect(committee.page.get_by_label("Berichtsrunde")).to_have_value(first.key)
    committee.back()
    committee.sees(f"Überblick: {second.long_label}")


def both_quarters_side_by_side(committee: Person, first: Period, second: Period) -> None:
    """The measure that the KI saw differently: value, dissent, both rounds in one table."""
    committee.follow("Alle Maßnahmen nach Handlungsfeldern")
    committee.open(f"/dashboards/massnahme/1.2?runde={first.key}")
    table = committee.page.locator("table.history")
    heads = table.get_by_role("columnheader").all_inner_texts()
    assert heads[:3] == ["Angabe", first.label, second.label]
    standing = table.get_by_role("row").filter(has_text="Umsetzungsstand").first
    before, now = standing.get_by_role("cell").all_inner_texts()[-2:]
    assert "keine Meldung" in now
    assert f"zuletzt bekannt aus {first.label}" in now
    assert before.strip() == "in Planung"
    for text in ("in Umsetzung", FOUND, DISSENT, ANSWER):
        expect(table).to_contain_text(text)


def nothing_of_others(committee: Person) -> None:
    """What belongs to the KI or to institutions is refused, by address too."""
    committee.open("/runden/", status=403)
    paths = ("/pruefung/", "/pruefung/1", "/zustaendigkeiten/", "/konten", "/protokoll/")
    for path in (*paths, "/meldungen/", "/meldungen/1", "/meldungen/1/ansehen"):
        assert committee.status_of(path) == 403, path
    assert committee.status_of("/dashboards/massnahme/99") == 404


def same_totals_everywhere(
    instance: Instance, committee: Person, *periods: Period
) -> list[dict[str, object]]:
    """Page, PDF, workbook, JSON and command line agree; browser and command line to the byte."""
    documents = []
    for period in periods:
        shown = instance.tracker("snapshot", "show", "--round", period.key, "--format", "json")
        document = json.loads(shown)["document"]
        expected = totals.of_document(document)
        committee.open(f"/dashboards/?runde={period.key}")
        files = {ending: committee.download(link) for ending, link in FORMATS.items()}
        assert {
            "page": totals.of_page(committee),
            "pdf": totals.of_pdf(files["pdf"]),
            "xlsx": totals.of_workbook(files["xlsx"]),
            "json": totals.of_document(json.loads(files["json"])),
        } == dict.fromkeys(("page", "pdf", "xlsx", "json"), expected)
        documents.append(document)
    for ending, content in files.items():
        assert content == exported(instance, period, ending), ending
    assert expected.standing == dict.fromkeys(totals.WORDS, 0) | {
        "in Umsetzung": 2,
        "verstetigt": 1,
        "keine Meldung": 54,
    }
    assert (expected.returned, expected.expected) == (3, 5)
    assert (expected.changes, expected.decisions) == (3, 1)
    return documents


def exported(instance: Instance, period: Period, ending: str) -> bytes:
    """Return what the command line writes."""
    target: Path = instance.folder / f"{period.key}.{ending}"
    argv = ("--round", period.key, "--format", ending, "--output", str(target))
    instance.tracker("export", "report", *argv)
    return target.read_bytes()


def on_a_telephone(ki: Person, vertretung: Person, committee: Person, first: Period) -> None:
    """The main pages again at 390 pixels."""
    ki.look_narrow(
        "/runden/", f"/runden/{first.key}", "/pruefung/", "/pruefung/2", "/zustaendigkeiten/"
    )
    vertretung.look_narrow("/meldungen/", "/meldungen/2/ansehen")
    committee.look_narrow(
        "/dashboards/", "/dashboards/massnahmen", "/dashboards/massnahme/1.2", "/ausgaben/"
    )
