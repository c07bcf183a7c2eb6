"""Ziffer 5: the four lists against the documents; unknown is never zero."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session

from tests.csv_text import csv_dicts
from tests.dashboards.conftest import Content, Visitor, found, texts
from tests.dashboards.published import publish
from tests.factories_snapshot import document, documents
from tracker.core.german import UNKNOWN, day, euro
from tracker.publication.reading import ziff5
from tracker.publication.reading.words import current
from tracker.publication.rules.ziff5 import Funding
from tracker.reporting.rules.figures import Ratio

Json = dict[str, Any]

PATH = "/dashboards/ziffer5"


def text_of(node: Any) -> str:
    return " ".join(" ".join(texts(node)).split())


def plain(text: str) -> str:
    """The text as `Content.text` and the CSV have it: every space the same."""
    return " ".join(text.split())


def part(content: Content, key: str) -> Any:
    return next(item["children"] for item in content.all("Section") if item["id"] == key)


def rows_of(visitor: Visitor, key: str, query: str = "") -> list[Json]:
    response = visitor.client.get(f"/dashboards/tabellen/{key}.csv?seite=ziffer5{query}")
    assert response.status_code == 200
    return csv_dicts(response.data)


def reportable(document_: Json) -> list[Json]:
    return [item for item in document_["measures"] if item["reportable"]]


def test_the_page_asks_no_more_than_the_resolution(reader: Visitor) -> None:
    """002, Ziff. 5: none of the four is asked for every measure."""
    content = reader.content(PATH)
    for asked in (
        "a) die kommunale Handlungskompetenz bei den priorisierten Maßnahmen",
        "b) die Benennung kurzfristig umsetzbarer Maßnahmen",
        "c) die Konkretisierung von Zielsetzung und Oberzielen",
        "d) eine Übersicht über Maßnahmen und/oder Projekte mit städtischer Förderung",
    ):
        assert asked in content.text
    assert "zu jeder Maßnahme" not in content.text


SELECTED = {
    "everything": ("", lambda item: True),
    "at short notice": ("&kurzfristig=yes", lambda item: item["ziff5"]["short_term"] == "yes"),
    "not determined": ("&kompetenz=offen", lambda item: item["ziff5"]["competence"] is None),
    "a field": ("&feld=1", lambda item: item["field"] == "1"),
    "the reference alone": ("&feld=6&ziel=7", lambda item: item["goal"] == "7"),
    "nothing": ("&feld=1&ziel=16", lambda item: False),
}


@pytest.mark.parametrize(("query", "fits"), SELECTED.values(), ids=SELECTED.keys())
def test_the_tables_are_those_of_the_document(
    reader: Visitor, four_rounds: list[Json], query: str, fits: Any
) -> None:
    newest, words = four_rounds[-1], current()
    if "ziel=7" in query:
        query = "&ziel=7"
    chosen = [item for item in newest["measures"] if fits(item)]
    asked = [item for item in chosen if item["reportable"]]
    assert [
        (row["Nr."], row["Handlungskompetenz"], row["Begründung"])
        for row in rows_of(reader, ziff5.COMPETENCE, query)
    ] == [
        (
            item["code"],
            words.choice("competence", item["ziff5"]["competence"]),
            item["ziff5"]["competence_reason"],
        )
        for item in asked
    ]
    assert [
        (row["Nr."], row["kurzfristig umsetzbar"])
        for row in rows_of(reader, ziff5.SHORT_TERM, query)
    ] == [(item["code"], words.choice("short_term", item["ziff5"]["short_term"])) for item in asked]
    listed = rows_of(reader, ziff5.FUNDING, query)
    amounts = [item["ziff5"]["municipal_funding"] for item in asked]
    assert [(row["Nr."], row["Betrag in Euro"]) for row in listed] == [
        (
            item["code"],
            UNKNOWN if amount is None else f"{Decimal(amount):.2f}".replace(".", ","),
        )
        for item, amount in zip(asked, amounts, strict=True)
    ]
    known = [Decimal(amount) for amount in amounts if amount is not None]
    expected = plain(euro(format(sum(known, Decimal(0)), "f")))
    content = reader.content(PATH, query.replace("&", "?", 1))
    section = text_of(part(content, ziff5.FUNDING))
    if known:
        assert f"Zusammen {expected}, {len(known)} von" in section
        assert f"({len(known)} von {len(asked)} mit Angabe)" in section


def test_counts_are_printed_with_mark_and_lead_to_their_measures(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    newest, words = four_rounds[-1], current()
    content = reader.content(PATH)
    for key, name, facet, kind in (
        (ziff5.COMPETENCE, "competence", "kompetenz", "competence"),
        (ziff5.SHORT_TERM, "short_term", "kurzfristig", "short_term"),
    ):
        counts = Counter(item["ziff5"][name] for item in reportable(newest))
        table = next(
            item for item in found(part(content, key), "Table") if "counted" in item["className"]
        )
        told = {
            text_of(row["children"][0]): row["children"][1]["props"]["children"]
            for row in found(table["children"], "Tr")
        }
        for code, count in counts.items():
            cell = told[words.choice(kind, code)]
            assert int(text_of(cell)) == count
            if code is not None:
                href = cell["props"]["href"]
                assert f"{facet}={code}" in href
                path, _, query = href.partition("?")
                listed = {
                    link["href"].partition("?")[0].rpartition("/")[2]
                    for link in reader.content(path, f"?{query}").all("A")
                    if "/massnahme/" in link["href"]
                }
                assert listed == {
                    item["code"] for item in reportable(newest) if item["ziff5"][name] == code
                }
        marks = [list(found(row["children"][0], "Img")) for row in found(table["children"], "Tr")]
        assert sum(map(len, marks)) == len(words.choices[kind]) + 1


def test_the_reference_is_in_no_count(reader: Visitor, four_rounds: list[Json]) -> None:
    assert len(four_rounds[-1]["measures"]) == 58
    for key in (ziff5.COMPETENCE, ziff5.SHORT_TERM, ziff5.FUNDING):
        codes = [row["Nr."] for row in rows_of(reader, key)]
        assert "7.1" not in codes
        assert len(codes) == 57


def test_a_concretisation_says_text_office_and_day_for_goals_too(
    committee: Visitor, session: Session
) -> None:
    made = document()
    said = {"text": "Umsetzbar ab 2027.", "office": "Amt für Schule", "on": "2026-07-01"}
    made["fields"][0]["goals"][0]["concretisation"] = said
    made["measures"][0]["ziff5"]["concretisation"] = said | {"text": "Ab Herbst.", "on": None}
    made["measures"][1]["ziff5"]["concretisation"] = said | {"text": "  "}
    publish(session, [made])
    session.commit()
    section = text_of(part(committee.content(PATH), ziff5.CONCRETISATION))
    assert "Eine Konkretisierung liegt zu 1 von 58 Maßnahmen und zu 1 von 16 Zielen vor." in section
    assert "Hier zählt auch 1 Querverweis, den die anderen Listen nicht führen." in section
    assert f"Umsetzbar ab 2027. Amt für Schule, {day('2026-07-01')}" in section
    assert "Ab Herbst. Amt für Schule" in section
    rows = rows_of(committee, ziff5.CONCRETISATION)
    assert [row["Nr."] for row in rows[:3]] == ["Ziel 1", "1.1", "1.2"]
    assert rows[0]["Konkretisierung"] == "Umsetzbar ab 2027."
    assert len(rows) == 58 + 16


def test_nothing_determined_is_said_and_never_a_zero(committee: Visitor, session: Session) -> None:
    made = document()
    for item in made["measures"]:
        item["ziff5"] |= {
            "competence": None,
            "competence_reason": "",
            "short_term": None,
            "municipal_funding": None,
            "municipal_funding_period": "",
        }
    publish(session, [made])
    session.commit()
    text = committee.content(PATH).text
    assert "Für keine von 57 Maßnahmen ist eine laufende städtische Förderung bekannt." in text
    assert "Für keine von 57 Maßnahmen ist die kommunale Handlungskompetenz festgelegt." in text
    assert "0,00" not in text
    assert rows_of(committee, ziff5.FUNDING)[-1]["Betrag in Euro"] == "nicht bekannt"


def test_the_lists_are_those_of_the_round_shown(reader: Visitor) -> None:
    for made in documents(2):
        counts = Counter(item["ziff5"]["short_term"] for item in reportable(made))
        period = made["round"]["period"]
        rows = rows_of(reader, ziff5.SHORT_TERM, f"&runde={period}")
        assert Counter(row["kurzfristig umsetzbar"] for row in rows)["ja"] == counts["yes"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            ziff5.determined(0, 0, what="x"),
            "Es gibt hier keine Maßnahme, über die berichtet wird.",
        ),
        (ziff5.determined(1, 1, what="x"), "Für die eine Maßnahme ist x festgelegt."),
        (ziff5.determined(3, 3, what="x"), "Für alle 3 Maßnahmen ist x festgelegt."),
        (
            ziff5.determined(1, 3, what="x"),
            "Für 1 von 3 Maßnahmen ist x festgelegt, für 2 nicht.",
        ),
        (
            ziff5.short_term(0, 2, 3),
            (
                "Keine von 3 Maßnahmen ist als kurzfristig umsetzbar festgelegt; für eine ist "
                "nichts festgelegt."
            ),
        ),
        (
            ziff5.short_term(1, 3, 3),
            "1 von 3 Maßnahmen ist als kurzfristig umsetzbar festgelegt.",
        ),
        (
            ziff5.funding(Funding(Ratio(3, 3), Decimal(5), 0)),
            "Zusammen 5,00\N{NO-BREAK SPACE}€, 3 von 3 Maßnahmen mit Angabe.",
        ),
        (
            ziff5.funding(Funding(Ratio(2, 3), Decimal(5), 1)),
            (
                "Zusammen 5,00\N{NO-BREAK SPACE}€, 2 von 3 Maßnahmen mit Angabe, davon eine ohne "
                "Förderung (0\N{NO-BREAK SPACE}€). Bei der übrigen ist der Betrag nicht "
                "bekannt; er zählt nicht als null."
            ),
        ),
        (
            ziff5.funding(Funding(Ratio(1, 4), Decimal(5), 0)),
            (
                "Zusammen 5,00\N{NO-BREAK SPACE}€, 1 von 4 Maßnahmen mit Angabe. Bei den "
                "übrigen 3 ist der Betrag nicht bekannt; er zählt nicht als null."
            ),
        ),
        (
            ziff5.concretised(0, 58, 0, 16),
            (
                "Eine Konkretisierung liegt zu keiner von 58 Maßnahmen und zu keinem von 16 Zielen "
                "vor."
            ),
        ),
    ],
)
def test_the_sentences_are_right_for_none_one_and_many(told: str, expected: str) -> None:
    assert told == expected


def test_each_explanation_is_about_its_own_number(committee: Visitor, session: Session) -> None:
    made = document()
    said = {item["code"]: item["ziff5"] for item in made["measures"]}
    for line in said.values():
        line |= {"municipal_funding": None, "municipal_funding_period": "", "short_term": None}
    for code, amount, period in (
        ("1.1", "36000.00", "2025 bis 2027"),
        ("1.2", "5000.00", "je Jahr"),
        ("2.1", "7000.00", "je Jahr"),
    ):
        said[code] |= {"municipal_funding": amount, "municipal_funding_period": period}
    for code, answer in (("1.1", "yes"), ("1.2", "no"), ("2.1", "no")):
        said[code]["short_term"] = answer
    publish(session, [made])
    session.commit()
    page = committee.content(PATH)
    funding = text_of(part(page, ziff5.FUNDING))
    assert "der bekannten Beträge (1 von 3 mit Angabe) 36.000,00" in plain(funding)
    assert "der bekannten Beträge (2 von 3 mit Angabe) 12.000,00" in plain(funding)
    short_term = text_of(part(page, ziff5.SHORT_TERM))
    assert "nur „ja“; eine Angabe gibt es zu 3 von 57 Maßnahmen. Gezählt: 1.1 " in short_term
    effect = committee.content("/dashboards/wirkung").text
    assert "je Zeitraum, nicht addiert" in effect
    assert "Beträge für verschiedene Zeiträume werden nicht addiert; was fehlt" in effect
    assert "dazu Förderungen, Betrag nicht bekannt" in effect
