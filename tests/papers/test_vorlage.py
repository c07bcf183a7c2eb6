"""The Vorlage: the order of Bielefeld's form, sentences from the round, blanks easy to find."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from tests.factories_snapshot import document, documents
from tests.papers.factories_papers import office_template
from tests.papers.office import converted
from tests.papers.test_pdf import NASTY, with_text
from tracker.papers.documents.vorlage import paper
from tracker.papers.rules.exporting import VorlageKind
from tracker.papers.writers.to_docx import to_docx
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Report
from tracker.publication.reading.scope import Scope

INFORMATION, RESOLUTION = VorlageKind.INFORMATION, VorlageKind.RESOLUTION


def vorlage(report_: Report, *, kind: VorlageKind, template: bytes | None = None) -> bytes:
    """The draft as it is written for the committee."""
    return to_docx(paper(report_, kind=kind), template=template)


@cache
def of_four_rounds() -> Report:
    return report(documents(4)[-1])


def lines(data: bytes) -> list[str]:
    """All paragraphs in the order of the file, those of tables too."""
    body = docx.Document(io.BytesIO(data)).element.body
    found = ("".join(item.text or "" for item in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))
    return [line.strip() for line in found if line.strip()]


def blanks(data: bytes) -> list[str]:
    body = docx.Document(io.BytesIO(data)).element.body
    return [
        "".join(item.text or "" for item in control.iter(qn("w:t")))
        for control in body.iter(qn("w:sdt"))
    ]


@pytest.mark.parametrize("kind", [INFORMATION, RESOLUTION])
def test_what_the_council_resolved_stands_in_its_own_words(kind: VorlageKind) -> None:
    """002, Ziff. 1: the Handlungsansätze are developed in a process, the concept is their frame."""
    quoted = (
        "verbindlicher Rahmen für kommunalpolitische Handlungsansätze, die in einem fortlaufenden "
        "Prozess von Zielformulierung, Maßnahmeplanung und Controlling erarbeitet und "
        "weiterentwickelt werden"
    )
    text = " ".join(lines(vorlage(of_four_rounds(), kind=kind)))
    assert f"ist das Integrationskonzept „{quoted}“." in text
    cover = replace(of_four_rounds().cover, concept="Integrationskonzept Süd. Beschluss 2021")
    elsewhere = replace(of_four_rounds(), cover=cover)
    text = " ".join(lines(vorlage(elsewhere, kind=kind)))
    assert "Der Rat hat das Integrationskonzept beschlossen." in text
    assert quoted not in text


def without_decisions() -> Report:
    return replace(of_four_rounds(), decisions=())


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (INFORMATION, "Informationsvorlage der Verwaltung"),
        (RESOLUTION, "Beschlussvorlage der Verwaltung"),
    ],
)
def test_the_order_is_that_of_the_form(kind: VorlageKind, title: str) -> None:
    found = lines(vorlage(of_four_rounds(), kind=kind))
    expected = [
        "Amt:",
        "Datum:",
        "Telefon:",
        "Drucksachen-Nr.:",
        title,
        "Gremium",
        "Sitzung am",
        "Beratung",
        "Haupt- und Beteiligungsausschuss",
        "Beratungsgegenstand",
        "Betroffene Produktgruppe",
        "Auswirkungen auf Ergebnisplan, Finanzplan",
        "Ggf. frühere Behandlung",
        "Beschlussvorschlag",
        "Begründung",
        "Oberbürgermeister*in",
        "Anlagen",
        "Anlage 1: Controllingbericht",
    ]
    places = [next(n for n, line in enumerate(found) if line.startswith(w)) for w in expected]
    assert places == sorted(places)


def test_an_information_takes_note() -> None:
    found = lines(vorlage(of_four_rounds(), kind=INFORMATION))
    proposal = found[found.index("Beschlussvorschlag") + 1]
    assert proposal == (
        "Der Haupt- und Beteiligungsausschuss nimmt den Controllingbericht zum "
        "Integrationskonzept für das 3. Quartal 2026 (Stichtag 30.09.2026) zur Kenntnis."
    )
    assert found[found.index("Beschlussvorschlag") + 2] == "Begründung"


def test_a_resolution_has_one_numbered_proposal_per_decision() -> None:
    made = of_four_rounds()
    body = docx.Document(io.BytesIO(vorlage(made, kind=RESOLUTION)))
    points = [item.text for item in body.paragraphs if item.style.name == "List Number"]
    assert len(points) == len(made.decisions) > 3
    for point, decision in zip(points, made.decisions, strict=True):
        assert point.startswith(f"Maßnahme {decision.code} (")
        assert point.endswith(decision.consequence)


def test_without_a_decision_a_resolution_leaves_room_for_the_proposals() -> None:
    data = vorlage(without_decisions(), kind=RESOLUTION)
    assert any(item.startswith("(bitte eintragen: Beschlusspunkte") for item in blanks(data))
    assert "Es liegt kein Steuerungsvorschlag vor." in lines(data)


def test_what_the_system_cannot_know_is_a_marked_blank_that_one_search_finds() -> None:
    data = vorlage(of_four_rounds(), kind=RESOLUTION)
    found = blanks(data)
    assert len(found) == 7
    assert sum("als Beschlüsse gefasst" in item for item in found) == 1
    assert all("bitte eintragen" in item for item in found)
    body = docx.Document(io.BytesIO(data)).element.body
    assert all(
        control.find(f".//{qn('w:highlight')}") is not None for control in body.iter(qn("w:sdt"))
    )
    everything = "\n".join(lines(data))
    assert everything.count("bitte eintragen") == len(found)


def test_the_reasons_say_what_the_report_says() -> None:
    made = of_four_rounds()
    found = lines(vorlage(made, kind=INFORMATION))
    sentences = (
        made.summary.headline,
        *made.summary.attention,
        made.summary.changes_sentence,
        *made.effect.sentences,
        *made.returns.sentences,
    )
    reasons = found[found.index("Begründung") :]
    assert [item for item in sentences if item not in reasons] == []
    for line in made.decisions:
        assert all(part in reasons for part in line.reason.splitlines())
        assert line.consequence in reasons
    assert all(any(item.title in line for line in reasons) for item in made.data_notes)


def test_a_dissent_stands_beside_what_the_ki_found() -> None:
    made = of_four_rounds()
    dissents = [
        sheet.dissent
        for field in made.fields
        for sheet in field.sheets
        if sheet.dissent and sheet.code in {line.code for line in made.decisions}
    ]
    found = lines(vorlage(made, kind=INFORMATION))
    assert dissents
    assert all(item in found for item in dissents)
    assert sum("bweichende" in line for line in found) > len(dissents)  # beside the value, too


def test_another_plan_is_called_by_its_title() -> None:
    found = documents(2)[-1]
    found["concept"] |= {"title": "Teilhabeplan Süd"}
    made = report(found)
    text = " ".join(lines(vorlage(made, kind=VorlageKind.INFORMATION)))
    assert made.cover.title == "Controllingbericht zu „Teilhabeplan Süd“"
    assert "Controllingbericht zu „Teilhabeplan Süd“ für das 3. Quartal 2026" in text
    assert "Der Rat hat „Teilhabeplan Süd“ beschlossen." in text
    assert "zum Integrationskonzept" not in text


def test_an_extract_says_what_is_left_out() -> None:
    made = report(documents(4)[-1], scope=Scope(fields=frozenset({"1"})))
    found = lines(vorlage(made, kind=INFORMATION))
    assert made.scope_note
    assert found.index(made.scope_note) > found.index("Begründung")


def test_a_demonstration_says_so_first() -> None:
    assert lines(vorlage(of_four_rounds(), kind=INFORMATION))[0].startswith("Vorführung:")


def test_a_committee_of_any_name_is_the_subject_of_a_right_sentence() -> None:
    made = of_four_rounds()
    for name, expected in (
        ("Integrationsrat", "Der Integrationsrat nimmt"),
        ("Ausschuss für Vielfalt", "Der Ausschuss für Vielfalt nimmt"),
        ("Ratskommission", "Das Gremium „Ratskommission“ nimmt"),
    ):
        renamed = replace(made, cover=replace(made.cover, committee=name, committee_on=None))
        data = vorlage(renamed, kind=INFORMATION)
        assert any(line.startswith(expected) for line in lines(data))
        assert len(blanks(data)) == 6  # the sitting, too, is still to be filled in


def test_a_first_round_with_one_measure_and_without_reports_makes_a_vorlage() -> None:
    empty: Any = document(goals=1, change=lambda measure: replace(measure, report=None))
    for kind in VorlageKind:
        assert "Begründung" in lines(vorlage(report(empty), kind=kind))


@pytest.mark.parametrize("words", NASTY.values(), ids=NASTY)
def test_whatever_is_written_the_vorlage_can_be_read(words: str) -> None:
    assert lines(vorlage(report(with_text(words)), kind=RESOLUTION))


def test_the_same_round_gives_the_same_bytes() -> None:
    template = office_template()
    for chosen in (None, template):
        made = vorlage(of_four_rounds(), kind=RESOLUTION, template=chosen)
        assert vorlage(of_four_rounds(), kind=RESOLUTION, template=chosen) == made


@pytest.mark.office
def test_libreoffice_reopens_it_with_all_lines(soffice_path: str, tmp_path: Path) -> None:
    files = {
        f"{kind.value}.docx": vorlage(of_four_rounds(), kind=kind, template=template)
        for kind, template in ((INFORMATION, None), (RESOLUTION, office_template()))
    }
    found = converted(soffice_path, files, to="docx", folder=tmp_path)
    for kind in VorlageKind:
        assert lines(found[kind.value]) == lines(files[f"{kind.value}.docx"])
