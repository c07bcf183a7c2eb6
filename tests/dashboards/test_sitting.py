"""One Handlungsfeld per sitting, and a page per Ziel: whole, and as the document says it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session

from tests.csv_text import csv_rows
from tests.dashboards.conftest import Content, Visitor
from tests.dashboards.published import publish
from tests.dashboards.test_fields import bars_of, codes_listed, part, plain_counts, with_class
from tests.factories_snapshot import document
from tracker.core.german import day
from tracker.publication.reading import returns, sentences
from tracker.publication.reading.model_sections import ReturnsRow
from tracker.publication.reading.model_values import Mark, Ratio
from tracker.publication.reading.words import current

Json = dict[str, Any]


def of_field(document_: Json, number: int) -> list[Json]:
    return [item for item in document_["measures"] if item["field"] == str(number)]


def links(content: Content) -> set[str]:
    return {link["href"] for link in content.all("A")}


@pytest.mark.parametrize("number", [1, 7, 9])
def test_a_field_carries_the_whole_sitting_on_one_page(
    reader: Visitor, four_rounds: list[Json], number: int
) -> None:
    latest = four_rounds[-1]
    field = latest["fields"][number - 1]
    measures = of_field(latest, number)
    content = reader.content(f"/dashboards/feld/{number}")
    text = content.text
    assert f"Handlungsfeld {number}: {field['name']} – 3. Quartal 2026" in text
    for goal in field["goals"]:
        assert goal["title"] in text
        assert goal["title_annex2"] in text
    for item in measures:
        assert item["display_text"] in text
        report = item["report"] or {}
        for key in ("next_step", "reason"):
            assert (report.get(key) or "") in text
        if report.get("next_step_on"):
            assert f"bis {day(report['next_step_on'])}" in text
        assert (item["dissent"] or "") in text
        assert ((item["reviewed"] or {}).get("reason") or "") in text
    codes = {item["code"] for item in measures}
    for item in latest["decisions"]:
        if item["code"] in codes:
            assert item["consequence"] in part(content, "entscheidungen")
    counted = sum(item["code"] in codes for item in latest["decisions"])
    assert sentences.proposals(counted) in part(content, "entscheidungen")
    bar, *_ = with_class(content, "Div", "bar")
    assert {word: count for word, count, _ in bars_of(bar["children"])} == plain_counts(measures)


@pytest.mark.parametrize("number", [1, 9])
def test_what_needs_attention_in_a_field_is_counted_from_its_measures(
    reader: Visitor, four_rounds: list[Json], number: int
) -> None:
    latest = four_rounds[-1]
    told = part(reader.content(f"/dashboards/feld/{number}"), "aufmerksamkeit")
    own = [item for item in of_field(latest, number) if item["reportable"]]
    order = ["on_track", "at_risk", "critical"]

    def course(value: Json | None) -> int:
        return order.index(value["course"]) if value and value["course"] else 0

    for name, word in (("critical", "kritisch"), ("at_risk", "gefährdet")):
        now = [m for m in own if course(m["value"]) == order.index(name) and m["value"]]
        new = [m for m in now if course(m["previous_value"]) < course(m["value"])]
        counts: Any = {
            "reported": sum(bool(m["value"]) for m in own),
            "total": len(own),
            "courses": {name: len(now)},
        }
        sentence = sentences.troubled(
            counts,
            len(new),
            course=Mark(name, word, ""),
            since="Q2/2026",
            among="im Handlungsfeld",
        )
        assert sentence in told
    days = [(m["report"] or {}).get("next_step_on") for m in own]
    late = [on for on in days if on and on < latest["round"]["as_of"]]
    if late:
        assert f" {len(late)} vor dem Stichtag." in told


@pytest.mark.parametrize("number", [2, 9])
def test_the_ruecklauf_of_a_field_names_no_institution(
    reader: Visitor, four_rounds: list[Json], number: int
) -> None:
    content = reader.content(f"/dashboards/feld/{number}")
    told = part(content, "ruecklauf")
    expected = [m["expected"] for m in of_field(four_rounds[-1], number) if m["expected"]]
    asked = [item for item in expected if item["state"] != "waived"]
    came = [item for item in asked if item["first_submitted_on"]]
    ratio = Ratio("", len(came), len(asked), None, "")
    assert returns.came_in(ReturnsRow("", (ratio,) * 3, 0)) in told
    assert f"{len(came)} von {len(asked)} eingegangen" in told
    for item in four_rounds[-1]["institutions"]:
        assert item["name"] not in told


@pytest.mark.parametrize("path", ["feld/1", "ziel/2"])
def test_numbers_of_the_page_lead_to_the_measures_they_count(reader: Visitor, path: str) -> None:
    content = reader.content(f"/dashboards/{path}")
    shown = list(bars_of(with_class(content, "Div", "bar")[0]["children"]))
    for _word, count, href in shown:
        assert len(codes_listed(reader, href)) == count
    for item in with_class(content, "Ul", "place-facts")[-1]["children"]:
        link = item["props"]["children"]["props"]
        assert len(codes_listed(reader, link["href"])) == int(link["children"].split()[0])


@pytest.mark.parametrize("path", ["felder", "feld/9", "ziel/16"])
def test_every_rule_names_as_many_measures_as_its_list_has(reader: Visitor, path: str) -> None:
    content = reader.content(f"/dashboards/{path}")
    rules = [
        item["props"]["children"]
        for folded in with_class(content, "Details", "explain")
        for entries in Content(folded["children"], "").all("Ul")
        for item in entries["children"]
    ]
    listed = [(told, way) for told, *way in rules if way]
    assert len(listed) >= 3
    for told, (_dash, way) in listed:
        assert len(codes_listed(reader, way["props"]["href"])) == int(told.split()[0])


@pytest.mark.parametrize("number", [1, 7, 9, 13])
def test_a_goal_shows_both_wordings_and_where_they_stand(
    reader: Visitor, four_rounds: list[Json], number: int
) -> None:
    goals = [goal for field in four_rounds[-1]["fields"] for goal in field["goals"]]
    goal = next(item for item in goals if item["code"] == str(number))
    content = reader.content(f"/dashboards/ziel/{number}")
    quotes = [item["children"]["props"]["children"] for item in content.all("Blockquote")]
    assert quotes == [goal["title"], goal["title_annex2"]]
    assert content.text.index("Anlage 3 des Rats") < content.text.index("Anlage 2 des Rats")
    for note in goal["notes"]:
        assert note in content.text
    told = part(content, "konkretisierung")
    assert "Konkretisierung nicht festgelegt" in told
    assert "Stelle nicht festgelegt Datum nicht festgelegt" in told
    assert content.title == f"Ziel {number} – Integrationskonzept-Controlling"
    for code in goal["measures"]:
        assert f"/dashboards/massnahme/{code}?runde=2026-Q3" in links(content)


def test_a_konkretisierung_says_who_wrote_it_and_when(committee: Visitor, session: Session) -> None:
    made = document()
    made["fields"][0]["goals"][0]["concretisation"] = {
        "text": "Sprachförderung in allen Einrichtungen.",
        "office": "Amt für Jugend",
        "on": "2026-05-04",
    }
    publish(session, [made])
    session.commit()
    told = part(committee.content("/dashboards/ziel/1"), "konkretisierung")
    assert "Sprachförderung in allen Einrichtungen." in told
    assert "Stelle Amt für Jugend Datum 04.05.2026" in told
    sitting = committee.content("/dashboards/feld/1").text
    assert (
        "Konkretisierung: Sprachförderung in allen Einrichtungen. (Amt für Jugend, 04.05.2026)"
        in sitting
    )


def test_from_the_konzept_to_the_measure_and_on(reader: Visitor) -> None:
    measure = reader.content("/dashboards/massnahme/2.3", "?runde=2026-Q1")
    trail = with_class(measure, "Nav", "breadcrumb")[0]
    told = [link["href"] for link in Content(trail["children"], "").all("A")]
    assert told == [
        "/dashboards/felder?runde=2026-Q1",
        "/dashboards/feld/1?runde=2026-Q1",
        "/dashboards/ziel/2?runde=2026-Q1",
    ]
    goal = reader.content("/dashboards/ziel/4", "?runde=2026-Q1")
    assert {f"/dashboards/{place}?runde=2026-Q1" for place in ("ziel/3", "ziel/5")} <= links(goal)
    assert {f"/dashboards/{place}?runde=2026-Q1" for place in ("felder", "feld/2")} <= links(goal)
    for first_or_last, missing in (("ziel/1", "ziel/0"), ("ziel/16", "ziel/17")):
        assert f"/dashboards/{missing}" not in links(reader.content(f"/dashboards/{first_or_last}"))
    field = links(reader.content("/dashboards/feld/9"))
    assert "/dashboards/feld/8" in field
    assert "/dashboards/feld/10" not in field


def test_what_the_round_does_not_have_is_404_with_the_way_on(reader: Visitor) -> None:
    get = reader.client.get
    for kind, title, strange in (
        ("feld", "Dieses Handlungsfeld gibt es nicht", ("10", "0", "01", "²", "<script>")),
        ("ziel", "Dieses Ziel gibt es nicht", ("17", "-1", "1.1")),
    ):
        for number in strange:
            assert get(f"/dashboards/{kind}/{number}").status_code == 404, number
        content = reader.content(f"/dashboards/{kind}/{strange[0]}")
        assert title in content.text
        assert "Bitte wählen Sie aus der Liste" in content.text
        assert f"/dashboards/{kind}/1" in links(content)
        missing = get(f"/dashboards/tabellen/massnahmen.csv?seite={kind}/{strange[0]}")
        assert missing.status_code == 404
        assert get(f"/dashboards/{kind}/1").status_code == 200


@pytest.mark.parametrize("path", ["felder", "feld/1", "ziel/1"])
def test_the_first_round_has_no_arrows(reader: Visitor, path: str) -> None:
    text = reader.content(f"/dashboards/{path}", "?runde=2025-Q4").text
    assert "Eine frühere veröffentlichte Runde zum Vergleichen gab es nicht." in text
    assert "gegenüber" not in text
    assert "neu seit" not in text


@pytest.mark.parametrize("path", ["felder", "feld/1", "ziel/1"])
def test_a_filter_that_selects_nothing_says_so_and_leads_back(reader: Visitor, path: str) -> None:
    content = reader.content(f"/dashboards/{path}", "?institution=niemand")
    assert "Zur Auswahl gehört keine Maßnahme" in content.text
    assert f"/dashboards/{path}" in links(content)
    assert not with_class(content, "Div", "bar")


def test_a_filter_narrows_every_number_of_the_page(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    lead = next(m["lead"]["key"] for m in of_field(four_rounds[-1], 9) if m["lead"])
    own = [
        m
        for m in of_field(four_rounds[-1], 9)
        if lead in {(m["lead"] or {}).get("key"), *(p["key"] for p in m["partners"])}
    ]
    content = reader.content("/dashboards/feld/9", f"?institution={lead}")
    assert f"Auswahl: {len(own)} von 17 Maßnahmen" in content.text
    bar = with_class(content, "Div", "bar")[0]
    assert {word: count for word, count, _ in bars_of(bar["children"])} == plain_counts(own)
    assert all(f"institution={lead}" in href for _, _, href in bars_of(bar["children"]))


def test_any_earlier_round_can_be_compared_with(reader: Visitor, four_rounds: list[Json]) -> None:
    before = {m["code"]: m["value"] for m in four_rounds[0]["measures"]}
    told = reader.content("/dashboards/feld/1", "?vergleich=2025-Q4")
    gone = [
        m
        for m in of_field(four_rounds[-1], 1)
        if m["reportable"] and m["value"] is None and before[m["code"]]
    ]
    new = [
        m
        for m in of_field(four_rounds[-1], 1)
        if m["reportable"] and m["value"] and before[m["code"]] is None
    ]
    changes = part(told, "veraenderungen")
    assert "Gegenüber Q4/2025" in changes
    for found, word in ((gone, "nicht mehr gemeldet"), (new, "neu gemeldet")):
        assert (f"{len(found)} {word}" in changes) == bool(found)


def test_a_cross_reference_is_listed_but_not_counted(reader: Visitor) -> None:
    content = reader.content("/dashboards/ziel/7")
    assert "Über diesen Eintrag wird nicht berichtet, er zählt nicht mit." in content.text
    bar = with_class(content, "Div", "bar")[0]
    assert sum(count for _, count, _ in bars_of(bar["children"])) == 3


def test_a_round_without_any_report_is_no_standstill(committee: Visitor, session: Session) -> None:
    made = document()
    for item in made["measures"]:
        item |= {"value": None, "report": None, "carried": None, "change": None, "dissent": None}
        item |= {"reviewed": None, "self_report": None}
    made["decisions"] = made["changes"] = []
    publish(session, [made])
    session.commit()
    text = committee.content("/dashboards/felder").text
    assert "Zu keinem der 16 Ziele liegt eine geprüfte Meldung vor." in text
    told = "ist mindestens eine Maßnahme als kritisch gemeldet (0 von 57 Maßnahmen gemeldet)."
    assert f"In keinem Handlungsfeld {told}" in text
    assert "0 von 12 gemeldet" in text
    field = committee.content("/dashboards/feld/2").text
    assert "Zu keiner der 4 Maßnahmen liegt eine geprüfte Meldung vor" in field
    assert "Es liegt kein Steuerungsvorschlag vor." in field
    assert "0 von 4 Maßnahmen gemeldet" in field


def test_one_measure_is_a_round_too(committee: Visitor, session: Session) -> None:
    made = document(goals=1)
    publish(session, [made])
    session.commit()
    assert "Zu dem einen Ziel" in committee.content("/dashboards/felder").text
    text = committee.content("/dashboards/feld/1").text
    assert "Nächstes Handlungsfeld" not in text


def test_the_measures_of_a_field_as_csv(reader: Visitor, four_rounds: list[Json]) -> None:
    answer = reader.client.get("/dashboards/tabellen/massnahmen.csv?seite=feld/1")
    rows = csv_rows(answer.data)
    head, body = rows[0], rows[1:]
    words = current()
    for row, item in zip(body, of_field(four_rounds[-1], 1), strict=True):
        told = dict(zip(head, row, strict=True))
        assert told["Nr."] == item["code"]
        assert told["Stand Q2/2026"] == words.value(item["previous_value"])
        assert told["Stand Q3/2026"].startswith(words.value(item["value"]))
        due = (item["report"] or {}).get("next_step_on")
        assert told["bis"] == (day(due) if due else "")
    assert answer.headers["Content-Disposition"].endswith('"massnahmen-2026-Q3.csv"')
