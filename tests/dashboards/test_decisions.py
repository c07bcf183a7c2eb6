"""Beschlusspunkte: every entry against a plain walk through the documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from tests.csv_text import csv_dicts
from tests.dashboards.conftest import Content, Visitor, found, texts
from tests.dashboards.published import publish
from tests.factories_snapshot import document
from tracker.publication.reading import decisions, overview
from tracker.publication.reading.words import current
from tracker.publication.rules.decisions import Outcome, Since
from tracker.publication.rules.snapshot_parts import OVERVIEW, split
from tracker.publication.words import OUTCOME

Json = dict[str, Any]

PATH = "/dashboards/beschluesse"
CSV = "/dashboards/tabellen"


def text_of(node: Any) -> str:
    return " ".join(" ".join(texts(node)).split())


def entries(content: Content, part: str) -> list[tuple[str, str]]:
    """Code and text of each entry in a part of the page, in order."""
    section = next(item for item in content.all("Section") if item["id"] == part)
    lists = [item for item in found(section["children"], "Ul") if "rows" in item["className"]]
    listed = [entry for item in lists for entry in found(item["children"], "Li")]
    return [
        (text_of(entry["children"]).split(" ")[0], text_of(entry["children"])) for entry in listed
    ]


def rows_of(reader: Visitor, key: str, query: str = "") -> list[dict[str, str]]:
    response = reader.client.get(f"{CSV}/{key}.csv?seite=beschluesse{query}")
    assert response.status_code == 200
    return csv_dicts(response.data)


def asked(document_: Json) -> set[str]:
    return {item["code"] for item in document_["decisions"]}


def since(documents: list[Json], code: str) -> tuple[str, int]:
    """The first round of the row that ends in the newest document, and its length."""
    place = len(documents) - 1
    while place > 0 and code in asked(documents[place - 1]):
        place -= 1
    return documents[place]["round"]["label"], len(documents) - place


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_every_decision_stands_with_the_round_it_began_in(
    reader: Visitor, four_rounds: list[Json], count: int
) -> None:
    past = four_rounds[:count]
    newest = past[-1]
    period = newest["round"]["period"]
    content = reader.content(PATH, f"?runde={period}")
    listed = entries(content, "zu-entscheiden")
    assert [code for code, _ in listed] == [item["code"] for item in newest["decisions"]]
    for (_, told), item in zip(listed, newest["decisions"], strict=True):
        label, row = since(past, item["code"])
        expected = (
            f"neu in {label}"
            if row == 1
            else f"Vorschlag zur Maßnahme seit {label} ({row}. Runde in Folge)"
        )
        assert expected in told
        assert " ".join(item["consequence"].split()) in told
        assert " ".join(item["reason"].split()) in told
        assert current().implementation[item["value"]["implementation"]].label in told
    longer = [item for item in newest["decisions"] if since(past, item["code"])[1] > 1]
    if count > 1 and 1 < len(longer) < len(listed):
        assert f"Bei {len(longer)} davon lag zur Maßnahme schon vor dieser Runde" in content.text
    if count == 1:
        assert "frühere Beschlusspunkte gibt es nicht" in content.text


def test_the_serious_ones_stand_first(reader: Visitor) -> None:
    order = {"critical": 0, "at_risk": 1, "on_track": 2}
    told = [text for _, text in entries(reader.content(PATH), "zu-entscheiden")]
    words = current().course
    places = [
        next((order[code] for code, word in words.items() if f" {word.label} " in text), 3)
        for text in told
    ]
    assert places == sorted(places)


def test_earlier_ones_are_those_asked_once_and_not_now_with_both_values(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    newest = four_rounds[-1]
    now = {item["code"]: item["value"] for item in newest["measures"]}
    last: dict[str, Json] = {}
    label: dict[str, str] = {}
    for past in four_rounds[:-1]:
        for item in past["decisions"]:
            last[item["code"]], label[item["code"]] = item, past["round"]["label"]
    expected = {code for code in last if code not in asked(newest)}
    assert expected
    listed = dict(entries(reader.content(PATH), "frueher"))
    assert set(listed) == expected
    words = current()
    for code in expected:
        told = listed[code].replace(",", "")
        before = words.value(last[code]["value"]).replace(",", "")
        after = words.value(now[code]).replace(",", "")
        assert f"{label[code]}: {before} → Q3/2026: {after}" in told
        assert last[code]["consequence"].replace(",", "") in told
    rows = {row["Nr."]: row for row in rows_of(reader, decisions.BEFORE)}
    assert set(rows) == expected
    for code, row in rows.items():
        assert row["zuletzt in"] == label[code]
        assert row["Stand damals"] == words.value(last[code]["value"])
        assert row["Stand Q3/2026"] == words.value(now[code])


def test_the_page_claims_no_decision_that_nobody_recorded(reader: Visitor) -> None:
    text = reader.content(PATH).text
    assert decisions.NOT_RECORDED in text
    for claim in ("erledigt", "beschlossen wurde am", "wurde umgesetzt"):
        assert claim not in text


def test_each_outcome_is_named_with_mark_and_meaning(reader: Visitor) -> None:
    content = reader.content(PATH)
    section = next(item for item in content.all("Section") if item["id"] == "frueher")
    shown = list(found(section["children"], "Details"))
    assert shown
    for item in shown:
        summary, meaning, _ = item["children"]
        label = next(
            label for label in OUTCOME.values() if f"jetzt {label.text} (" in text_of(summary)
        )
        assert label.definition in text_of(meaning)
        assert list(found(summary, "Img"))


def test_grouped_by_handlungsfeld_the_same_entries_stand_under_their_field(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    plain = {code for code, _ in entries(reader.content(PATH), "zu-entscheiden")}
    content = reader.content(PATH, "?gruppe=feld")
    assert {code for code, _ in entries(content, "zu-entscheiden")} == plain
    section = next(item for item in content.all("Section") if item["id"] == "zu-entscheiden")
    heads = [text_of(item["children"]) for item in found(section["children"], "H3")]
    fields = {item["code"]: item["name"] for item in four_rounds[-1]["fields"]}
    by_code = {item["code"]: item["field"] for item in four_rounds[-1]["measures"]}
    counts = [
        (name, sum(by_code[code] == position for code in plain))
        for position, name in fields.items()
    ]
    assert heads == [f"{name} ({count})" for name, count in counts if count]
    strange = reader.content(PATH, "?gruppe=alles")
    assert entries(strange, "zu-entscheiden") == entries(reader.content(PATH), "zu-entscheiden")


def test_filters_narrow_both_lists_and_the_sentence_says_of_how_many(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    newest = four_rounds[-1]
    codes = {
        item["code"]
        for item in newest["measures"]
        if item["value"] and item["value"]["course"] == "critical"
    }
    content = reader.content(PATH, "?verlauf=critical")
    expected = [item["code"] for item in newest["decisions"] if item["code"] in codes]
    assert [code for code, _ in entries(content, "zu-entscheiden")] == expected
    assert decisions.asked(len(expected), len(newest["decisions"])) in content.text
    assert {code for code, _ in entries(content, "frueher")} <= codes
    assert [row["Nr."] for row in rows_of(reader, decisions.NOW, "&verlauf=critical")] == expected
    nothing = reader.content(PATH, "?feld=1&ziel=16")
    assert entries(nothing, "zu-entscheiden") == []
    assert "keiner der Auswahl" in nothing.text


def test_a_round_without_proposals_says_so(committee: Visitor, session: Session) -> None:
    made = document()
    made["decisions"] = []
    publish(session, [made])
    session.commit()
    text = committee.content(PATH).text
    assert "Es liegt kein Steuerungsvorschlag vor." in text
    assert "frühere Beschlusspunkte gibt es nicht" in text


def test_a_measure_that_got_another_number_is_still_the_same(four_rounds: list[Json]) -> None:
    """Since when something is asked for crosses Fassungen: by the key, not by the number."""
    parts = [part_of(document, OVERVIEW) for document in four_rounds]
    asked = [line["code"] for line in parts[-1]["decisions"]]
    labels = [part["round"]["label"] for part in parts]
    told = decisions.over_rounds(parts, labels, parts[-1]["measures"], current(), selected=False)
    renumbered = [renamed(part, lambda code: f"B.{code}") for part in parts[:-1]]
    again = decisions.over_rounds(
        [*renumbered, parts[-1]], labels, parts[-1]["measures"], current(), selected=False
    )
    assert [point.since for point in again.points] == [point.since for point in told.points]
    assert [past.outcome for past in again.past] == [past.outcome for past in told.past]
    assert [past.asked.code for past in again.past] == [f"B.{p.asked.code}" for p in told.past]
    assert any(point.since.rounds > 1 for point in told.points if point.since), asked


def part_of(document: Json, kind: str) -> Json:
    return next(part.payload for part in split(document) if part.kind == kind)


def renamed(part: Json, number: Callable[[str], str]) -> Json:
    return part | {
        name: [item | {"code": number(item["code"])} for item in part[name]]
        for name in ("measures", "decisions")
    }


BEFORE = "schon vor dieser Runde ohne Unterbrechung ein Vorschlag vor, zuerst in Q1/2026."


@pytest.mark.parametrize(
    ("count", "of", "longer", "told"),
    [
        (0, 0, 0, "Es liegt kein Steuerungsvorschlag vor. "),
        (1, 1, 0, "1 Steuerungsvorschlag liegt vor. Er ist neu in dieser Runde."),
        (1, 1, 1, f"1 Steuerungsvorschlag liegt vor. Zur Maßnahme lag {BEFORE}"),
        (
            3,
            3,
            1,
            f"3 Steuerungsvorschläge liegen vor. Bei einem davon lag zur Maßnahme {BEFORE}",
        ),
        (
            3,
            3,
            3,
            f"3 Steuerungsvorschläge liegen vor. Bei allen 3 lag zur Maßnahme {BEFORE}",
        ),
        (
            2,
            3,
            0,
            (
                "Von 3 Steuerungsvorschlägen dieser Runde entsprechen 2 der Auswahl. "
                "Beide sind neu in dieser Runde."
            ),
        ),
        (0, 1, 0, "Der eine Steuerungsvorschlag dieser Runde entspricht nicht der Auswahl. "),
    ],
)
def test_the_sentences_are_right_for_none_one_and_many(
    count: int, of: int, longer: int, told: str
) -> None:
    asked_for = decisions.asked(count, of)
    standing = decisions.longer(longer, count, oldest="Q1/2026", first_round=False)
    assert f"{asked_for} {standing}" == told


@pytest.mark.parametrize(
    ("count", "rounds", "selected", "told"),
    [
        (0, 0, False, "frühere Beschlusspunkte gibt es nicht"),
        (0, 1, True, "Es gibt keine Maßnahme der Auswahl, zu der in der früheren Runde"),
        (1, 1, False, "Zu 1 Maßnahme lag in der früheren Runde ein"),
        (2, 3, False, "Zu 2 Maßnahmen lag in mindestens einer der 3 früheren Runden ein"),
    ],
)
def test_the_sentence_on_earlier_ones(count: int, rounds: int, selected: bool, told: str) -> None:
    assert told in decisions.earlier(count, rounds, selected=selected)


def test_a_gap_is_named() -> None:
    told = decisions.since_when(Since("Q3/2026", 1, "Q1/2026"), "Q3/2026")
    assert told == "neu in Q3/2026; zuvor schon einmal, zuletzt in Q1/2026"


def test_every_outcome_has_a_label() -> None:
    assert set(OUTCOME) == set(Outcome)


def test_where_another_value_was_established_both_reasons_stand_and_the_codes_are_named(
    committee: Visitor, session: Session
) -> None:
    shown = document()
    [established] = [measure for measure in shown["measures"] if measure["reviewed"]]
    code, reason = established["code"], established["reviewed"]["reason"]
    assert code in asked(shown)
    publish(session, [shown])
    session.commit()
    [told] = [
        text
        for listed, text in entries(committee.content(PATH), "zu-entscheiden")
        if listed == code
    ]
    own = next(line["reason"] for line in shown["decisions"] if line["code"] == code)
    assert f"Nach Prüfung festgestellt: {reason}" in told
    assert f"Aus der Meldung: {own}" in told
    named = "Bei einer Maßnahme zählt der Wert, der nach Prüfung festgestellt ist."
    field = established["field"]
    for path in ("/dashboards/", f"/dashboards/feld/{field}"):
        assert f"{named} {code}" in committee.content(path).text
    words = current()
    assert named in overview.summary(shown, words).attention
    for measure in shown["measures"]:
        measure["reviewed"] = None
    assert not any("nach Prüfung" in text for text in overview.summary(shown, words).attention)
