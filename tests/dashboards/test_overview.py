"""Überblick: every number leads to exactly the measures it counts, in every state of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from json import loads
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder
from sqlalchemy import Connection
from sqlmodel import Session

from dashboards.pages import measures, overview
from dashboards.pages.view import View, view_of
from dashboards.selection import Selection
from dashboards.snapshot_reader import SnapshotReader
from tests.committing import own_sqlite
from tests.concept_client import short
from tests.dashboards.conftest import Visitor, found, texts
from tests.dashboards.published import publish
from tests.factories_snapshot import document, documents
from tracker.concept.queries.concepts import the_concept
from tracker.publication.queries import published
from tracker.publication.reading import rounds, sentences
from tracker.publication.reading.words import current
from tracker.publication.rules.facts import MeasureFact

Json = dict[str, Any]
FULFILLED = {"completed", "established"}
RUNNING = {"in_progress", *FULFILLED}
TROUBLED = {"at_risk", "critical"}
STATES = st.fixed_dictionaries(
    {},
    optional={
        "runde": st.sampled_from(["2026-Q1", "2026-Q2", "2026-Q3"]),
        "feld": st.sampled_from(["1", "5", "9"]),
        "stand": st.sampled_from(["in_progress", "completed", "keine_meldung", ["planned", "x"]]),
        "verlauf": st.sampled_from(["critical", "on_track", ["at_risk", "critical"]]),
        "meldung": st.sampled_from(["angenommen", "in_der_frist", ["offen", "angenommen"]]),
        "neu": st.sampled_from(["critical", "erfuellt"]),
        "aenderung": st.sampled_from(["better", "worse"]),
    },
)
slow = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A database without any round."""
    engine = own_sqlite(tmp_path_factory.mktemp("overview"))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def generated(seed: int) -> list[Json]:
    """Three rounds in which some measures, other ones each time, have no report."""
    chance = Random(seed)
    share = chance.choice([0.0, 0.2, 0.6, 1.0])

    def silenced(measure: MeasureFact) -> MeasureFact:
        return replace(measure, report=None) if chance.random() < share else measure

    return documents(3, change=silenced, goals=chance.choice([1, 4, 16]))


def shown(reader: SnapshotReader, state: Selection, path: str = "") -> View:
    """The page in a state, as the address gives it."""
    publication = reader.find(state.round)
    assert publication is not None
    return view_of(reader, publication, state=state, path=path, place={})


def listed(reader: SnapshotReader, href: str) -> list[str]:
    """The codes in the list at an address, read from the address alone."""
    place = urlsplit(href)
    assert place.path == "/dashboards/massnahmen"
    query = {key: v[0] if len(v) == 1 else v for key, v in parse_qs(place.query).items()}
    view = shown(reader, Selection.read(query), measures.PAGE.path)
    return [item["code"] for item in view.chosen]


def jsoned(components: Any) -> Any:
    """Components as the browser gets them."""
    return loads(short(PlotlyJSONEncoder().encode(components)))


def points(figure: Json) -> Iterator[tuple[int, str]]:
    """Every length of a bar or place of a dot with the address it leads to."""
    for trace in figure["data"]:
        lengths = trace["x"] if trace.get("orientation") == "h" else trace["y"]
        lengths = trace["x"] if trace["type"] == "scatter" else lengths
        for length, data in zip(lengths, trace["customdata"], strict=True):
            address = data[-1] if isinstance(data, list) else data
            assert (address is None) == (not length)
            if address is not None:
                yield length, address


def reader_of(session: Session) -> SnapshotReader:
    rounds = published.current(session, concept_id=the_concept(session))
    return SnapshotReader(session, rounds)


@slow
@pytest.mark.usefixtures("drawn_alone")
@given(seed=st.integers(0, 10_000), query=STATES)
def test_the_list_behind_every_number_of_every_chart_holds_just_as_many_measures(
    empty: Connection, seed: int, query: Json
) -> None:
    with Session(empty) as session:
        publish(session, generated(seed))
        reader = reader_of(session)
        tree = jsoned(overview.content(shown(reader, Selection.read(query))))
        for graph in found(tree, "Graph"):
            for count, address in points(graph["figure"]):
                assert len(listed(reader, address)) == count, address
        for link in found(tree, "A"):
            told = [text for text in texts(link["children"]) if text[0].isdigit()]
            if told and link["href"].startswith("/dashboards/massnahmen?"):
                assert len(listed(reader, link["href"])) == int(told[-1].split()[0]), link["href"]
        session.rollback()


@slow
@pytest.mark.usefixtures("drawn_alone")
@given(seed=st.integers(0, 10_000), field=st.sampled_from(["", "1", "2"]))
def test_the_charts_count_what_a_plain_recount_of_the_documents_counts(
    empty: Connection, seed: int, field: str
) -> None:
    made = generated(seed)
    own = [
        [item for item in document["measures"] if not field or item["field"] == field]
        for document in made
    ]
    with Session(empty) as session:
        publish(session, made)
        reader = reader_of(session)
        view = shown(reader, Selection.read({"feld": field}))
        tables = overview.PAGE.tables(view) if view.chosen else {}
        session.rollback()
    if not own[-1]:
        assert not tables
        return
    words = current()
    latest = [item for item in own[-1] if item["reportable"]]
    stands = {row[0]: row[1] for row in tables["umsetzungsstand"].rows}
    for code, word in words.implementation.items():
        assert stands[word.label] == sum(
            item["value"] is not None and item["value"]["implementation"] == code for item in latest
        )
    assert stands["keine Meldung"] == sum(item["value"] is None for item in latest)
    for row, items in zip(tables["runden"].rows, own, strict=True):
        asked = [item["value"] for item in items if item["reportable"]]
        said = [value for value in asked if value is not None]
        assert row[1:] == (
            sum(value["implementation"] in RUNNING for value in said),
            sum(value["course"] in TROUBLED for value in said),
            asked.count(None),
            len(asked),
        )
    expected = [item["expected"] for item in own[-1] if item["expected"]]
    counted = [item for item in expected if item["state"] != "waived"]
    came = sum(item["first_submitted_on"] is not None for item in counted)
    assert tables["ruecklauf"].rows[-3][1] == f"{came} von {len(counted)}"


def test_what_is_newly_fulfilled_is_a_sentence_with_its_measures(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    before, after = ({m["code"]: m for m in doc["measures"]} for doc in four_rounds[-2:])

    def fulfilled(measure: Json) -> bool:
        return bool(measure["value"]) and measure["value"]["implementation"] in FULFILLED

    codes = [code for code, m in after.items() if fulfilled(m) and not fulfilled(before[code])]
    assert codes
    told = f"Seit Q2/2026 neu als umgesetzt oder verstetigt gemeldet: {len(codes)} Maßnahmen."
    assert told in reader.content().text
    listed_ = reader.content("/dashboards/massnahmen", "?neu=erfuellt")
    links = {link["href"].split("?")[0] for link in listed_.all("A")}
    assert {href for href in links if "/massnahme/" in href} == {
        f"/dashboards/massnahme/{code}" for code in codes
    }


@pytest.mark.parametrize(
    ("count", "earlier", "told"),
    [
        (0, 0, "keine (3 von 9 Maßnahmen gemeldet); in Q1: keine (4 von 9 Maßnahmen gemeldet)"),
        (1, 1, "1 von 3 gemeldeten Maßnahmen (9 insgesamt); in Q1: 1 von 4 gemeldeten Maßnahmen"),
        (3, 4, "alle 3 gemeldeten Maßnahmen (9 insgesamt); in Q1: alle 4 gemeldeten Maßnahmen"),
    ],
)
def test_the_rounds_are_told_for_none_one_and_many(count: int, earlier: int, told: str) -> None:
    title = rounds.counted_now("kritisch", (count, 3, 9), (earlier, 4, 9), label="Q1")
    assert title.startswith(f"Als kritisch gemeldet: {told}")


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "Seit Q1/2026 neu als umgesetzt gemeldet: keine Maßnahme."),
        (1, "Seit Q1/2026 neu als umgesetzt gemeldet: 1 Maßnahme."),
        (2, "Seit Q1/2026 neu als umgesetzt gemeldet: 2 Maßnahmen."),
    ],
)
def test_the_newly_fulfilled_are_told_for_none_one_and_many(count: int, told: str) -> None:
    assert sentences.newly_fulfilled(count, "Q1/2026", words="umgesetzt") == told


def test_a_selection_is_named_and_all_figures_are_of_it(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    chosen = [m for m in four_rounds[-1]["measures"] if m["field"] == "9" and m["reportable"]]
    content = reader.content("/dashboards/", "?feld=9")
    assert f"Auswahl: {len(chosen)} von 57 Maßnahmen." in content.text
    running = sum(bool(m["value"]) and m["value"]["implementation"] in RUNNING for m in chosen)
    reported = sum(bool(m["value"]) for m in chosen)
    told = sentences.of_reported(running, reported, len(chosen), among="in der Auswahl")
    assert f"Als laufend oder erfüllt gemeldet: {told}" in content.text
    assert "insgesamt" not in content.text
    decisions = [
        line for line in four_rounds[-1]["decisions"] if line["code"] in {m["code"] for m in chosen}
    ]
    assert len(decisions) < len(four_rounds[-1]["decisions"])
    (told,) = [item for item in content.all("Ul") if "decisions" in item.get("className", "")]
    assert len(told["children"]) == len(decisions)


def test_the_compared_round_of_the_address_decides_what_changed(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    content = reader.content("/dashboards/", "?vergleich=2025-Q4")
    before, after = ({m["code"]: m["value"] for m in four_rounds[i]["measures"]} for i in (0, -1))
    new = sum(value is not None and before[code] is None for code, value in after.items())
    assert "Verglichen mit Q4/2025." in content.text
    assert f"{new} neu gemeldet" in content.text


@pytest.mark.parametrize("path", ["", "feld/1", "ziel/1", "felder"])
def test_nothing_is_new_since_a_later_round(reader: Visitor, path: str) -> None:
    text = reader.content(f"/dashboards/{path}", "?runde=2025-Q4&vergleich=2026-Q3").text
    assert "seit Q3/2026" not in text
    assert "gegenüber Q3/2026" in text


def test_no_mark_alarms_where_there_is_nothing(committee: Visitor, session: Session) -> None:
    publish(session, [document(change=lambda measure: replace(measure, report=None))])
    session.commit()
    for path in ("", "felder", "feld/1", "ziel/1"):
        content = committee.content(f"/dashboards/{path}")
        for entry in (item for item in content.all("Li") if item.get("children")):
            shown = jsoned(entry["children"])
            told = " ".join(texts(shown))
            if isinstance(shown, list) and told.startswith(("Als kritisch", "Als gefährdet")):
                (icon,) = found(shown, "Img")
                assert icon["src"].endswith("#dash-plain"), told


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?runde=2025-Q4", "Vor Q4/2025 ist keine Runde veröffentlicht."),
        ("?feld=99", "Zur Auswahl gehört keine Maßnahme, über die berichtet wird."),
        ("?feld=99", "Alle Filter entfernen"),
        ("?ziel=9", "Auswahl: 1 von 57 Maßnahmen."),
        ("?runde=2031-Q1", "Diese Runde ist nicht veröffentlicht"),
        ("?stand=keine_meldung", "liegt eine geprüfte Meldung vor"),
    ],
)
def test_every_state_says_what_it_is(reader: Visitor, query: str, told: str) -> None:
    assert told in reader.content("/dashboards/", query).text


@pytest.mark.parametrize(
    ("chosen", "values", "expected"),
    [
        ((), ("a", "b"), ("a", "b")),
        (("a", "b"), ("a",), ("a",)),
        (("a",), ("a", "b"), ("a",)),
        (("a",), ("b",), ("a+b",)),
        (("a+b",), ("b",), ("a+b",)),
        (("a", "c"), ("a", "b"), ("a", "c+b")),
    ],
)
def test_a_state_narrowed_holds_where_both_do(
    chosen: tuple[str, ...], values: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    state = Selection(facets={"meldung": chosen} if chosen else {})
    assert state.with_(meldung=values).chosen("meldung") == expected


@pytest.mark.parametrize("path", ["", "felder"])
def test_how_a_change_is_counted_names_the_round_compared_with(reader: Visitor, path: str) -> None:
    for query, since in (("", "Q2/2026"), ("?runde=2026-Q1&vergleich=2026-Q3", "Q3/2026")):
        text = reader.content(f"/dashboards/{path}", query).text
        assert f"Vergleich mit {since};" in text
        assert "zuletzt davor" not in text


def test_a_change_to_a_later_round_is_explained_by_that_round(reader: Visitor) -> None:
    text = reader.content("/dashboards/vergleich", "?runde=2026-Q1&vergleich=2026-Q3").text
    assert "Stand oder Verlauf schlechter als in Q3/2026" in text
    assert "Vorrunde" not in text


def test_what_needs_attention_names_which_are_new_and_which_have_an_older_value(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    before, after = ({m["code"]: m for m in doc["measures"]} for doc in four_rounds[-2:])
    order = {None: 0, "on_track": 1, "at_risk": 2, "critical": 3}

    def course(measure: Json) -> str | None:
        return measure["value"] and measure["value"]["course"]

    text = reader.content().text
    new = [
        code
        for code, measure in after.items()
        if course(measure) == "critical" and order[course(before[code])] < order["critical"]
    ]
    carried = [code for code, m in after.items() if m["reportable"] and m["carried"]]
    assert new
    assert carried
    than = "in Q2/2026 ohne Meldung, ohne Verlauf oder mit günstigerem Verlauf"
    assert f"Verlauf „kritisch“; davon neu ({than}): {', '.join(new)} –" in text
    assert f"„keine Meldung“; davon mit älterem Stand: {', '.join(carried)} –" in text
