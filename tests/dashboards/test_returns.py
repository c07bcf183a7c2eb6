"""Rücklauf: every number against a plain recount; no institution is named to the committee."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go
import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from dashboards.pages import returns as page
from dashboards.pages import returns_institutions
from tests.dashboards.conftest import Content, Visitor, found, make_app, signed_in, texts
from tests.dashboards.published import publish
from tests.factories_snapshot import document
from tracker.core.permissions import Role
from tracker.core.text import alphabetical
from tracker.publication.reading import returns
from tracker.publication.reading.model_sections import ReturnsRow
from tracker.publication.reading.model_values import Ratio

Json = dict[str, Any]

PATH = "/dashboards/ruecklauf"
NUMBERS = ("erwartet (ohne befreite)", "Rücklauf", "Termintreue", "angenommen", "befreit")


@pytest.fixture
def coordination(published_engine: Engine, now: datetime) -> Iterator[Visitor]:
    """Somebody of the KI with four published rounds."""
    with published_engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield signed_in(make_app(connection, now), session, Role.COORDINATION, now)
        outer.rollback()


def text_of(node: Any) -> str:
    return " ".join(" ".join(texts(node)).split())


def plain(measures: list[Json]) -> tuple[int, ...]:
    """Erwartet, eingegangen, in der Frist, angenommen, befreit: counted by hand."""
    reports = [item["expected"] for item in measures if item["expected"]]
    kept = [item for item in reports if item["state"] != "waived"]
    return (
        len(kept),
        sum(item["first_submitted_on"] is not None for item in kept),
        sum(item["punctuality"] == "on_time" for item in kept),
        sum(item["state"] == "accepted" for item in kept),
        len(reports) - len(kept),
    )


def rows_of(visitor: Visitor, key: str, query: str = "", page: str = "ruecklauf") -> list[Json]:
    response = visitor.client.get(f"/dashboards/tabellen/{key}.csv?seite={page}{query}")
    assert response.status_code == 200
    text = response.data.decode("utf-8-sig").split("\r\n\r\n")[0]
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def numbers(row: Json) -> tuple[int, ...]:
    return tuple(int(row[name]) for name in NUMBERS)


SELECTED = {
    "everything": ("", lambda item: True),
    "a field": ("&feld=5", lambda item: item["field"] == "5"),
    "two goals": ("&ziel=1&ziel=6", lambda item: item["goal"] in {"1", "6"}),
    "a competence": ("&kompetenz=own", lambda item: item["ziff5"]["competence"] == "own"),
    "at short notice": ("&kurzfristig=yes", lambda item: item["ziff5"]["short_term"] == "yes"),
    "nothing": ("&feld=1&ziel=16", lambda item: False),
    "a forged field": ("&feld=%01", lambda item: False),
    "an institution has no effect": ("&institution=vhs", lambda item: True),
}


@pytest.mark.parametrize(("query", "fits"), SELECTED.values(), ids=SELECTED.keys())
def test_the_rounds_are_those_of_a_plain_recount(
    reader: Visitor, four_rounds: list[Json], query: str, fits: Any
) -> None:
    rows = rows_of(reader, page.ROUNDS, query)
    assert [row["Runde"] for row in rows] == [item["round"]["label"] for item in four_rounds]
    for row, document_ in zip(rows, four_rounds, strict=True):
        expected = plain([item for item in document_["measures"] if fits(item)])
        assert numbers(row) == expected
        share = f"{100 * expected[1] / expected[0]:.1f}".replace(".", ",") if expected[0] else ""
        assert row["Rücklauf in Prozent"] == share
    content = reader.content(PATH, query.replace("&", "?", 1))
    graphs = content.all("Graph")
    assert len(graphs) == 2
    for graph, place in zip(graphs, (1, 2), strict=True):
        go.Figure(graph["figure"])
        (line,) = graph["figure"]["data"]
        recount = [plain([item for item in d["measures"] if fits(item)]) for d in four_rounds]
        assert list(line["x"]) == [counts[place] if counts[0] else None for counts in recount]
        printed = [note["text"] for note in graph["figure"]["layout"]["annotations"]]
        assert printed == [
            f"{counts[place]} von {counts[0]}" if counts[0] else "keine erwartet"
            for counts in recount
        ]


def test_every_dot_leads_to_exactly_the_measures_it_counts(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    graphs = reader.content(PATH).all("Graph")
    wanted = (
        lambda item: item["first_submitted_on"] is not None,
        lambda item: item["punctuality"] == "on_time",
    )
    for graph, counts in zip(graphs, wanted, strict=True):
        (line,) = graph["figure"]["data"]
        for document_, (_, href) in zip(four_rounds, line["customdata"], strict=True):
            path, _, query = href.partition("?")
            listed = {
                link["href"].partition("?")[0].rpartition("/")[2]
                for link in reader.content(path, f"?{query}").all("A")
                if "/massnahme/" in link["href"]
            }
            assert listed == {
                item["code"]
                for item in document_["measures"]
                if item["expected"]
                and item["expected"]["state"] != "waived"
                and counts(item["expected"])
            }


@pytest.mark.parametrize("query", ["", "?runde=2026-Q1", "?kompetenz=own"])
def test_the_fields_add_up_and_follow_the_concept(
    reader: Visitor, four_rounds: list[Json], query: str
) -> None:
    newest = four_rounds[1] if "Q1" in query else four_rounds[-1]
    own = "kompetenz" in query
    chosen = [
        item for item in newest["measures"] if not own or item["ziff5"]["competence"] == "own"
    ]
    rows = rows_of(reader, page.FIELDS, query.replace("?", "&"))
    names = {item["code"]: item["name"] for item in newest["fields"]}
    by_field: defaultdict[int, list[Json]] = defaultdict(list)
    for item in chosen:
        by_field[item["field"]].append(item)
    assert {row["Handlungsfeld"]: numbers(row) for row in rows} == {
        names[position]: plain(items) for position, items in by_field.items()
    }
    assert [row["Handlungsfeld"] for row in rows] == [
        name for position, name in names.items() if by_field[position]
    ]
    bars = reader.content(PATH, query).all("Progress")
    shown = [
        (counts[place], counts[0])
        for position in names
        if by_field[position] and (counts := plain(by_field[position]))[0]
        for place in (1, 2)
    ]
    assert [(int(bar["value"]), int(bar["max"])) for bar in bars] == shown


def institutions(document_: Json) -> set[str]:
    return {
        item["expected"]["institution"]["name"]
        for item in document_["measures"]
        if item["expected"]
    }


@pytest.mark.parametrize("query", ["", "?runde=2026-Q1", "?institution=stadt", "?meldung=offen"])
def test_the_committee_is_told_no_institution(
    reader: Visitor, four_rounds: list[Json], query: str
) -> None:
    content = reader.content(PATH, query)
    names = set().union(*map(institutions, four_rounds))
    assert not [name for name in names if name in content.text]
    for key in (page.ROUNDS, page.FIELDS):
        text = str(rows_of(reader, key, query.replace("?", "&")))
        assert not [name for name in names if name in text]
    if "institution" in query:
        assert "Filter „Institution“ wirkt auf dieser Seite nicht" in content.text


def test_the_ki_sees_each_institution_in_alphabetical_order(
    coordination: Visitor, four_rounds: list[Json]
) -> None:
    newest = four_rounds[-1]
    rows = rows_of(coordination, returns_institutions.INSTITUTIONS, page="ruecklauf-institutionen")
    by_name: defaultdict[str, list[Json]] = defaultdict(list)
    for item in newest["measures"]:
        if item["expected"]:
            by_name[item["expected"]["institution"]["name"]].append(item)
    assert {row["Institution"]: numbers(row) for row in rows} == {
        name: plain(items) for name, items in by_name.items()
    }
    names = [row["Institution"] for row in rows]
    assert names == sorted(names, key=alphabetical)
    text = coordination.content("/dashboards/ruecklauf-institutionen").text
    assert all(name in text for name in by_name)
    missing = [
        item["code"]
        for item in newest["measures"]
        if item["expected"]
        and item["expected"]["state"] != "waived"
        and not item["expected"]["first_submitted_on"]
    ]
    assert missing
    told = text.partition("Nicht eingegangen: ")[2].partition(" ). Institution")[0]
    assert sorted(re.findall(r"\b\d+\.\d+\b", told)) == sorted(missing)
    history = rows_of(coordination, returns_institutions.HISTORY, page="ruecklauf-institutionen")
    for row in history:
        for document_ in four_rounds:
            counts = plain(
                [
                    item
                    for item in document_["measures"]
                    if item["expected"]
                    and item["expected"]["institution"]["name"] == row["Institution"]
                ]
            )
            expected = f"{counts[1]} von {counts[0]}" if counts[0] else ""
            assert row[document_["round"]["label"]] == expected


def test_the_first_round_and_a_round_without_leads_are_designed(
    committee: Visitor, session: Session
) -> None:
    made = document()
    for item in made["measures"]:
        item["expected"] = None
    zero = {"count": 0, "total": 0, "percent": None}
    made["figures"]["returns"] = {
        "completeness": zero,
        "acceptance": zero,
        "timeliness": zero,
        "waived": 0,
    }
    publish(session, [made])
    session.commit()
    text = committee.content(PATH).text
    assert "In dieser Runde wurde keine Meldung erwartet" in text
    assert "Eine frühere veröffentlichte Runde zum Vergleichen gab es nicht." in text
    assert "57 Maßnahmen hatten keine federführende Institution" in text
    assert "0 %" not in text
    assert "100" not in text


def test_with_every_field_chosen_the_published_figures_are_shown(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    """The figures of the publication, and the same functions over all measures, are the same."""
    every = "".join(f"&feld={item['code']}" for item in four_rounds[-1]["fields"])
    published, counted = (rows_of(reader, page.ROUNDS, query) for query in ("", every))
    assert published == counted
    for row, document_ in zip(published, four_rounds, strict=True):
        returned = document_["figures"]["returns"]
        keys = ("completeness", "timeliness", "acceptance")
        expected = (returned["completeness"]["total"], *(returned[key]["count"] for key in keys))
        assert numbers(row) == (*expected, returned["waived"])


def test_a_look_back_over_many_rounds_is_offered(
    reader: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "_SHOWN", 2)
    content = reader.content(PATH)
    assert len(content.all("Graph")[0]["figure"]["data"][0]["x"]) == 2
    links = {text_of(link["children"]): link["href"] for link in content.all("A")}
    href = links["Alle 4 Runden zeigen (jetzt 2)"]
    content = reader.content(PATH, href.removeprefix(PATH))
    assert len(content.all("Graph")[0]["figure"]["data"][0]["x"]) == 4


def row(count: int, total: int, waived: int = 0) -> ReturnsRow:
    percent = Decimal(100 * count) / total if total else None
    return ReturnsRow("", (Ratio("", count, total, percent, ""),) * 3, waived)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (returns.in_time(row(0, 0)), "In dieser Runde gab es keine Frist zu wahren"),
        (returns.in_time(row(0, 1)), "Die eine erwartete Meldung kam nicht in der Frist"),
        (returns.in_time(row(1, 1)), "Die eine erwartete Meldung kam in der Frist"),
        (returns.in_time(row(0, 3)), "Keine von 3 erwarteten Meldungen kam in der Frist"),
        (returns.in_time(row(1, 3)), "1 von 3 erwarteten Meldungen kam in der Frist"),
        (returns.in_time(row(2, 3)), "2 von 3 erwarteten Meldungen kamen in der Frist"),
        (returns.in_time(row(3, 3)), "Alle 3 erwarteten Meldungen kamen in der Frist"),
        (
            returns.before(row(0, 0).timeliness, "Q1/2026"),
            "In Q1/2026 wurde keine Meldung erwartet.",
        ),
        (returns.before(row(0, 3).timeliness, "Q1/2026"), "In Q1/2026 waren es keine von 3."),
        (returns.before(row(1, 3).timeliness, "Q1/2026"), "In Q1/2026 war es 1 von 3."),
        (returns.before(row(2, 3).timeliness, "Q1/2026"), "In Q1/2026 waren es 2 von 3."),
        (returns.joined_later(0), ""),
        (
            returns.joined_later(1),
            "1 Meldung davon wurde erst nach der Eröffnung angefordert, mit eigener Frist.",
        ),
        (
            returns.joined_later(2),
            "2 Meldungen davon wurden erst nach der Eröffnung angefordert, mit eigener Frist.",
        ),
        (
            returns.basis(row(1, 1, waived=1), joined=0, without=1, as_of="30.09.2026"),
            (
                "Erwartet wurde 1 Meldung, Stichtag 30.09.2026. Auf 1 Meldung wurde verzichtet; "
                "sie zählt nicht als erwartet. 1 Maßnahme hatte keine federführende Institution, "
                "als die Runde eröffnet wurde; dazu wurde keine Meldung erwartet."
            ),
        ),
        (
            returns.complete_fields([row(0, 0)]),
            "In keinem Handlungsfeld der Auswahl wurde eine Meldung erwartet.",
        ),
        (
            returns.complete_fields([row(0, 1)]),
            "In dem einen Handlungsfeld sind nicht alle erwarteten Meldungen eingegangen.",
        ),
        (
            returns.complete_fields([row(1, 1)]),
            "In dem einen Handlungsfeld sind alle erwarteten Meldungen eingegangen.",
        ),
        (
            returns.complete_fields([row(1, 2)] * 9),
            "In keinem von 9 Handlungsfeldern sind alle erwarteten Meldungen eingegangen.",
        ),
        (
            returns.complete_fields([row(2, 2)] * 9),
            "In allen 9 Handlungsfeldern sind alle erwarteten Meldungen eingegangen.",
        ),
        (
            returns.complete_fields([row(1, 2), row(2, 2)]),
            "In 1 von 2 Handlungsfeldern sind alle erwarteten Meldungen eingegangen.",
        ),
        (
            returns.asked_institutions([row(0, 1)]),
            "Von 1 Institution war 1 Meldung erwartet. Die Reihenfolge ist alphabetisch.",
        ),
        (
            returns.asked_institutions([row(0, 0), row(1, 1), row(1, 2)]),
            "Von 2 Institutionen waren 3 Meldungen erwartet. Die Reihenfolge ist alphabetisch.",
        ),
    ],
)
def test_the_sentences_are_right_for_none_one_and_many(told: str, expected: str) -> None:
    assert told == expected


def test_each_figure_says_how_it_comes_about(reader: Visitor, four_rounds: list[Json]) -> None:
    content: Content = reader.content(PATH)
    told = [text_of(item["children"]) for item in content.all("Details")]
    formulas = {item["key"]: item["formula"] for item in four_rounds[-1]["definitions"]["figures"]}
    for key in ("completeness", "timeliness"):
        assert any(formulas[key] in text and "Q3/2026" in text for text in told)
    assert list(found(content.tree, "Progress"))
