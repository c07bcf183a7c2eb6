"""What the pages say is what the snapshots hold."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from tests.dashboards.conftest import Visitor, found, texts
from tests.dashboards.published import publish
from tests.factories_reports import report_content
from tests.factories_snapshot import document, facts
from tracker.publication.reading.words import current
from tracker.publication.rules.facts import MeasureFact, ReviewedFact
from tracker.publication.rules.snapshot import build
from tracker.reporting.rules.content import Funding, Participants, ParticipantUnit
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Course, Implementation

Json = dict[str, Any]


def measure_of(document: Json, code: str) -> Json:
    found: Json = next(item for item in document["measures"] if item["code"] == code)
    return found


def test_the_overview_opens_with_the_exceptions_in_words(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    text = reader.content().text
    latest, before = four_rounds[-1], four_rounds[-2]

    def course_in(document: Json, code: str) -> str | None:
        value = measure_of(document, code)["value"]
        return value["course"] if value else None

    for course, word in (("critical", "kritisch"), ("at_risk", "gefährdet")):
        now = [m["code"] for m in latest["measures"] if course_in(latest, m["code"]) == course]
        new = [code for code in now if course_in(before, code) != course]
        counted = rf"Als {word} gemeldet: (\d+) von \d+ gemeldeten Maßnahmen \(57 insgesamt\)"
        sentence = re.search(rf"{counted}, ([^.]*)\.", text)
        assert sentence, text[:500]
        assert int(sentence[1]) == len(now)
        if len(now) > 1 and 0 < len(new) < len(now):
            assert sentence[2].startswith(f"davon {len(new)} neu seit Q2/2026")
    assert text.index("Das braucht Aufmerksamkeit") < text.index("Zu entscheiden")
    assert text.index("Was sich verändert hat") < text.index("Wo die Maßnahmen stehen")


def test_the_tables_beside_the_charts_hold_the_counted_measures(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    content = reader.content()
    words = current()
    values = [m["value"] for m in four_rounds[-1]["measures"] if m["reportable"]]
    stands = Counter(value["implementation"] for value in values if value)
    courses = Counter(value["course"] for value in values if value)
    for code, word in words.implementation.items():
        assert f"{word.label} {stands[code]} {word.definition}" in content.text
    for code, word in words.course.items():
        assert f"{word.label} {courses[code]} {word.definition}" in content.text
    missing = sum(value is None for value in values)
    assert f"keine Meldung {missing} " in content.text
    assert f"{57 - missing} von 57 Maßnahmen gemeldet, Stichtag 30.09.2026." in content.text
    bars = content.all("Graph")[0]["figure"]["data"]
    assert {bar["name"]: bar["x"][0] for bar in bars} == {
        **{words.implementation[code].label: count for code, count in stands.items()},
        "keine Meldung": missing,
    }


def test_every_chart_has_a_name_a_sentence_and_a_table(reader: Visitor) -> None:
    content = reader.content()
    figures = content.all("Figure")
    assert len(figures) == len(content.all("Graph")) == 5
    for figure in figures:
        caption, picture, *others = figure["children"]
        title, sentence = caption["props"]["children"]
        assert picture["props"]["role"] == "img"
        assert title["props"]["children"] in picture["props"]["aria-label"]
        assert sentence["props"]["children"].endswith(".")
        assert "Wie kommt die Zahl zustande?" in " ".join(texts(others))
        assert len(list(found(others, "Table"))) == 1
        (csv,) = (link for link in found(others, "A") if "download" in link)
        assert csv["href"].startswith("/dashboards/tabellen/")
    for graph in content.all("Graph"):
        assert graph["config"]["displayModeBar"] is False


def test_each_figure_is_explained_with_the_numbers_that_give_it(reader: Visitor) -> None:
    content = reader.content()
    shown = [" ".join(texts(figure["children"])) for figure in content.all("Figure")]
    stand, course, _, trend, fields = (" ".join(text.split()) for text in shown)
    for text in (stand, course, trend):
        counted = int(re.match(r"Als [a-zäßü ]+ gemeldet: (\d+)", text)[1])  # type: ignore[index]
        sums = re.findall(r"((?:\d+ [A-Za-zäß ]+ \+ )+\d+ [A-Za-zäß ]+) = (\d+)", text)
        for addends, total in sums:
            assert sum(map(int, re.findall(r"\d+", addends))) == int(total)
        assert str(counted) in {total for _, total in sums} or f"Rechenweg: {counted} plan" in text
    assert "Maßnahmen mit einer in dieser Runde angenommenen Meldung" not in stand + course + fields
    assert "mindestens die Hälfte in Umsetzung, umgesetzt oder verstetigt ist: " in fields
    shares = re.findall(r" (\d+) von (\d+)[;.]", fields.partition("verstetigt ist: ")[2])
    ahead = sum(2 * int(count) >= int(total) for count, total in shares)
    assert len(shares) == 9
    assert fields.startswith(f"In {'allen 9' if ahead == 9 else f'{ahead} von 9'} Handlungsfeldern")


def test_changes_go_from_old_to_new_and_lead_to_the_measure(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    content = reader.content()
    words = current()
    links = {link["href"] for link in content.all("A")}
    for line in four_rounds[-1]["changes"]:
        assert f"/dashboards/massnahme/{line['code']}?runde=2026-Q3" in links
        assert words.change[line["kind"]].label in content.text
    told = " ".join(content.text.replace(",", "").split())
    worse = next(line for line in four_rounds[-1]["changes"] if line["kind"] == "worse")
    before = words.value(worse["before"]).replace(",", "")
    after = words.value(worse["after"]).replace(",", "")
    assert f"vorher {before} → jetzt {after}" in told


def test_decisions_stand_with_reason_and_proposal(reader: Visitor, four_rounds: list[Json]) -> None:
    text = reader.content().text
    decisions = four_rounds[-1]["decisions"]
    assert f"{len(decisions)} Steuerungsvorschläge liegen vor." in text
    for item in decisions:
        assert item["consequence"] in text
        assert item["reason"] in text


def test_the_keyboard_comes_through_the_filters_in_the_order_in_which_they_stand(
    reader: Visitor,
) -> None:
    (form,) = reader.content().all("Form")
    kinds = [part["type"] for part in form["children"]]
    # The style sheet shows the folded filters last; it does not move them.
    assert kinds.index("Button") < kinds.index("Details")
    sheet = Path("dashboards/assets/dashboards.css").read_text("utf-8")
    assert " order: 1;" not in sheet


def test_the_address_keeps_the_chosen_round(reader: Visitor) -> None:
    content = reader.content("/dashboards/", "?runde=2026-Q1")
    assert "Überblick: 1. Quartal 2026" in content.text
    (form,) = content.all("Form")
    assert (form["method"], form["action"]) == ("get", "/dashboards/")
    chosen = [option["value"] for option in content.all("Option") if option.get("selected")]
    assert chosen[:2] == ["2026-Q1", ""], "the round, and to be compared with the one before"
    assert not any(chosen[2:]), "no filter"
    assert [option["value"] for option in content.all("Option")][:4] == [
        "2026-Q3",
        "2026-Q2",
        "2026-Q1",
        "2025-Q4",
    ]
    assert "/ausgaben/bericht/2026-Q1.pdf" in {link["href"] for link in content.all("A")}


def test_the_first_round_says_that_there_is_nothing_to_compare(reader: Visitor) -> None:
    text = reader.content("/dashboards/", "?runde=2025-Q4").text
    assert "Eine frühere veröffentlichte Runde zum Vergleichen gab es nicht." in text
    assert "neu seit" not in text


def test_a_demonstration_says_so_on_every_page(reader: Visitor) -> None:
    for path in ("/dashboards/", "/dashboards/massnahmen", "/dashboards/massnahme/1.1"):
        assert "Alle Meldungen und Zahlen sind erfunden." in reader.content(path).text


def test_the_list_shows_every_measure_with_its_value(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    content = reader.content("/dashboards/massnahmen")
    words = current()
    for item in four_rounds[-1]["measures"]:
        assert item["display_text"] in content.text
        assert f"/dashboards/massnahme/{item['code']}?runde=2026-Q3" in {
            link["href"] for link in content.all("A")
        }
        if item["value"] is None and item["carried"] is not None:
            assert f"zuletzt {item['carried']['label']}:" in content.text
    assert words.choices["measure_kind"]["reference"] in content.text


@pytest.mark.parametrize("code", ["1.1", "6.4", "7.1", "16.4"])
def test_a_measure_opens_with_the_wording_of_the_council(
    reader: Visitor, four_rounds: list[Json], code: str
) -> None:
    content = reader.content(f"/dashboards/massnahme/{code}")
    measure = measure_of(four_rounds[-1], code)
    (quote,) = content.all("Blockquote")
    assert quote["children"]["props"]["children"] == measure["text"]
    assert content.title == f"Maßnahme {code} – Integrationskonzept-Controlling"
    for note in measure["notes"]:
        assert note in content.text
    assert (measure["lead"]["name"] if measure["lead"] else "nicht festgelegt") in content.text
    assert "Ziffer 5 des Ratsbeschlusses" in content.text


def test_all_rounds_of_a_measure_stand_side_by_side(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    content = reader.content("/dashboards/massnahme/1.1")
    assert "Angabe Q4/2025 Q1/2026 Q2/2026 Q3/2026" in content.text
    rounds = [cell["data-round"] for cell in content.all("Td") if "data-round" in cell]
    assert rounds[:4] == ["Q4/2025", "Q1/2026", "Q2/2026", "Q3/2026"]
    picture = next(item for item in content.all("Div") if item.get("className") == "strip")
    for document_ in four_rounds:
        label = document_["round"]["label"]
        value = measure_of(document_, "1.1")["value"]
        assert f"{label}: {current().value(value)}" in picture["aria-label"]


def test_neighbours_follow_the_concept(reader: Visitor) -> None:
    def neighbours(code: str) -> list[str]:
        links = reader.content(f"/dashboards/massnahme/{code}").all("A")
        return [link["children"] for link in links if "Maßnahme:" in str(link["children"])]

    assert neighbours("1.1") == ["Nächste Maßnahme: 1.2"]
    assert neighbours("9.1") == ["Vorige Maßnahme: 8.4", "Nächste Maßnahme: 10.1"]
    assert neighbours("16.4") == ["Vorige Maßnahme: 16.3"]


def one_measure(change: Any) -> Json:
    """A round in which 1.1 was changed."""
    return build(
        facts(change=lambda measure: change(measure) if measure.code == "1.1" else measure)
    )


def accepted(measure: MeasureFact, **changes: Any) -> MeasureFact:
    assert measure.report is not None
    report = replace(
        measure.report,
        state=ReportState.ACCEPTED,
        content=report_content(),
        reviewed=None,
        dissent=None,
        waived_reason=None,
    )
    return replace(measure, report=replace(report, **changes))


def page_of(committee: Visitor, session: Session, document_: Json) -> str:
    publish(session, [document_])
    session.commit()
    return committee.content("/dashboards/massnahme/1.1").text


def test_self_report_reason_and_dissent_stand_beside_the_reviewed_value(
    committee: Visitor, session: Session
) -> None:
    made = one_measure(
        lambda measure: accepted(
            measure,
            reviewed=ReviewedFact(
                Value(Implementation.PLANNED, Course.AT_RISK), "Es gibt nur Absprachen."
            ),
            dissent="Die Gruppe trifft sich längst.",
        )
    )
    text = page_of(committee, session, made)
    assert "in Planung gefährdet Selbsteinschätzung der Institution in Umsetzung" in text
    assert "Begründung der Stelle Es gibt nur Absprachen." in text
    assert "Abweichende Stellungnahme der Institution: Die Gruppe trifft sich längst." in text


def test_what_is_unknown_is_never_a_zero_and_a_zero_stays_one(
    committee: Visitor, session: Session
) -> None:
    content = report_content(
        participants=(Participants(ParticipantUnit.PERSONS, 3),),
        events=0,
        funding=(Funding("Land NRW", "KOMM-AN", None),),
    )
    text = page_of(committee, session, one_measure(lambda m: accepted(m, content=content)))
    assert "Teilnehmende (Personen) unter 5, nicht veröffentlicht" in text
    assert "Veranstaltungen 0" in text
    assert "Kosten (Ist) nicht bekannt" in text
    assert "Land NRW, KOMM-AN: nicht bekannt" in text


def test_a_measure_without_lead_and_report_says_so(committee: Visitor, session: Session) -> None:
    made = one_measure(lambda m: replace(m, lead=None, partners=(), report=None))
    text = page_of(committee, session, made)
    assert "keine Meldung erbeten, weil niemand federführend benannt ist" in text
    assert "federführend nicht festgelegt" in text


def test_a_correction_names_its_reason(committee: Visitor, session: Session) -> None:
    made = document()
    made["round"] |= {"version": 2, "reason": "Zahl in 3.2 berichtigt."}
    publish(session, [document(), made])
    session.commit()
    text = committee.content().text
    assert "Fassung 2." in text
    assert "Korrigierte Fassung. Grund: Zahl in 3.2 berichtigt." in text


def test_old_rounds_keep_the_words_they_were_published_with(
    committee: Visitor, session: Session
) -> None:
    made = one_measure(accepted)
    for entry in made["definitions"]["implementation"]:
        if entry["code"] == "in_progress":
            entry["label"] = "läuft schon"
    assert "läuft schon" in page_of(committee, session, made)
    assert "läuft schon" in committee.content().text


def test_a_link_to_evidence_is_only_a_link_when_it_is_a_web_address(
    committee: Visitor, session: Session
) -> None:
    content = report_content(evidence_url="javascript:alert(1)")
    publish(session, [one_measure(lambda m: accepted(m, content=content))])
    session.commit()
    page = committee.content("/dashboards/massnahme/1.1")
    assert "javascript:alert(1)" in page.text
    assert not any("javascript" in link["href"] for link in page.all("A"))
