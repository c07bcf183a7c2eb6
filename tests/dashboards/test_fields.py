"""Handlungsfelder and Ziele: every number against a plain recount of the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dashboards
from dashboards import theme
from dashboards.components.bars import widths
from tests.csv_text import csv_rows
from tests.dashboards.conftest import Content, Visitor, found, texts
from tests.factories_snapshot import document
from tracker.publication.reading import places, sentences
from tracker.publication.reading.overview import ARROWS
from tracker.publication.reading.words import current
from tracker.publication.rules.snapshot_parts import GOALS, split
from tracker.reporting.rules.figures import Change, Ratio, overdue
from tracker.reporting.rules.status import Course, Implementation

Json = dict[str, Any]

PERIODS = ("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")
NUMBERS = st.integers(0, 1000)


def text_of(node: Any) -> str:
    return " ".join(" ".join(texts(node)).split())


def with_class(content: Content | Any, kind: str, name: str) -> list[Json]:
    tree = content.tree if isinstance(content, Content) else content
    return [item for item in found(tree, kind) if name in str(item.get("className", "")).split()]


def part(content: Content, name: str) -> str:
    """The text of a part of the page."""
    section = next(item for item in content.all("Section") if item["id"] == name)
    return text_of(section["children"])


def bars_of(node: Any) -> Iterator[tuple[str, int, str]]:
    """Word, count and address of every part of the bars in a tree."""
    for tally in with_class(node, "Ul", "bar__tally"):
        for link in found(tally["children"], "A"):
            count, *word = text_of(link["children"]).split(" ")
            yield " ".join(word), int(count), link["href"]


def plain_counts(measures: list[Json]) -> Counter[str]:
    """How many of the measures stand where, counted by hand."""
    words = current()
    values = [item["value"] for item in measures if item["reportable"]]
    return Counter(
        words.implementation[value["implementation"]].label if value else "keine Meldung"
        for value in values
    )


def codes_listed(reader: Visitor, href: str) -> list[str]:
    """The measures that an address lists."""
    address = urlsplit(href)
    content = reader.content(address.path, f"?{address.query}" if address.query else "")
    rows = [link["href"] for link in content.all("A") if "/massnahme/" in link["href"]]
    codes = [urlsplit(item).path.rpartition("/")[2] for item in rows if "#" not in item]
    return list(dict.fromkeys(codes))


@pytest.mark.parametrize("period", [PERIODS[0], PERIODS[-1]])
def test_every_bar_counts_what_a_plain_recount_of_the_document_counts(
    reader: Visitor, four_rounds: list[Json], period: str
) -> None:
    document_ = four_rounds[PERIODS.index(period)]
    content = reader.content("/dashboards/felder", f"?runde={period}")
    places_ = with_class(content, "Li", "place")
    assert len(places_) == len(document_["fields"]) == 9
    for place, field in zip(places_, document_["fields"], strict=True):
        own = [m for m in document_["measures"] if m["field"] == field["code"]]
        _head, bar, goals = place["children"]
        assert {word: count for word, count, _ in bars_of(bar)} == plain_counts(own)
        for item, goal in zip(goals["props"]["children"], field["goals"], strict=True):
            assert goal["title"] in text_of(item)
            if len(field["goals"]) > 1:
                of_goal = [m for m in own if m["goal"] == goal["code"]]
                counted = {word: count for word, count, _ in bars_of(item)}
                assert counted == plain_counts(of_goal)


def test_a_part_of_a_bar_leads_to_exactly_the_measures_it_counts(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    content = reader.content("/dashboards/felder")
    words = {item.label: code for code, item in current().implementation.items()}
    for place, field in zip(with_class(content, "Li", "place"), "123456789", strict=True):
        for word, count, href in list(bars_of(place["children"][1]))[:2]:
            expected = [
                m["code"]
                for m in four_rounds[-1]["measures"]
                if m["field"] == field
                and m["reportable"]
                and (m["value"] or {}).get("implementation") == words.get(word)
            ]
            assert codes_listed(reader, href) == expected
            assert len(expected) == count


def test_worst_verlauf_coverage_and_arrows_follow_from_the_measures(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    content, words = reader.content("/dashboards/felder"), current()
    order = list(Course)
    for place, field in zip(with_class(content, "Li", "place"), "123456789", strict=True):
        own = [m for m in four_rounds[-1]["measures"] if m["field"] == field and m["reportable"]]
        (facts,) = with_class(place["children"][0], "Ul", "place-facts")
        told = text_of(facts["children"])
        courses = [m["value"]["course"] for m in own if m["value"] and m["value"]["course"]]
        worst = max(courses, key=order.index)
        assert f"ernstester Verlauf: {words.course[worst].label} {courses.count(worst)}" in told
        reported = sum(m["value"] is not None for m in own)
        assert f"{reported} von {len(own)} gemeldet" in told
        for kind in (Change.WORSE, Change.BETTER):
            count = sum(m["change"] == kind for m in own)
            word = f"{words.change[kind].label} {count}"
            assert (f"gegenüber Q2/2026: {word}" in told) == bool(count)


def critical_in(count: int, fields: int, *, reported: int = 30) -> str:
    basis = sentences.coverage(reported, 57)
    return places.fields_with_course(count, fields, word="kritisch", basis=basis)


def test_the_page_opens_with_the_fields_that_need_attention(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    told = part(reader.content("/dashboards/felder"), "aufmerksamkeit")
    measures = four_rounds[-1]["measures"]
    values = [m["value"] for m in measures if m["reportable"]]
    critical = {m["field"] for m in measures if (m["value"] or {}).get("course") == "critical"}
    worse = {m["field"] for m in measures if m["change"] == "worse"}
    assert critical_in(len(critical), 9, reported=sum(map(bool, values))) in told
    assert places.fields_with_change(len(worse), 9, word="verschlechtert", since="Q2/2026") in told


def test_the_table_as_csv_holds_the_same_numbers(reader: Visitor, four_rounds: list[Json]) -> None:
    answer = reader.client.get("/dashboards/tabellen/handlungsfelder.csv?seite=felder")
    assert answer.status_code == 200
    rows = csv_rows(answer.data)
    head = rows[0]
    by_name = {row[0]: row for row in rows if row}
    for field in four_rounds[-1]["fields"]:
        own = [m for m in four_rounds[-1]["measures"] if m["field"] == field["code"]]
        row = by_name[f"Handlungsfeld {field['code']}: {field['name']}"]
        counts = plain_counts(own)
        for word, cell in zip(head, row, strict=True):
            if word in counts:
                assert cell == str(counts[word])
        assert row[head.index("Maßnahmen")] == str(sum(m["reportable"] for m in own))
        assert row[head.index("verbessert")] == str(sum(m["change"] == "better" for m in own))
    assert sum(row[0].startswith("Ziel ") for row in rows if row) == 16


@st.composite
def measures_of(draw: st.DrawFn) -> list[Json]:
    """The index of a round with any values, compared with any values."""
    value = st.one_of(
        st.none(),
        st.builds(
            lambda stand, course: {"implementation": stand.value, "course": course},
            st.sampled_from(Implementation),
            st.sampled_from([None, *(item.value for item in Course)]),
        ),
    )
    change = st.sampled_from([None, *(item.value for item in Change)])
    index = _BASE["measures"]
    return [
        item
        | {"value": draw(value), "previous_value": draw(value), "carried": None}
        | {"change": draw(change) if item["reportable"] else None}
        for item in index
    ]


_PARTS = {item.kind: item.payload for item in split(document()) if not item.key}
_BASE: Mapping[str, Any] = _PARTS["overview"]


@settings(deadline=None, max_examples=25)
@given(measures_of(), st.sets(st.integers(0, 57)))
def test_figures_of_fields_and_goals_equal_a_plain_recount(
    measures: list[Json], kept: set[int]
) -> None:
    chosen = [measures[index] for index in sorted(kept)]
    shown = places.fields(_PARTS[GOALS], chosen, decisions=())
    everything = [*shown, *(goal for field in shown for goal in field.goals)]
    for place in everything:
        own = [
            m
            for m in chosen
            if (
                m["field"] == place.code
                if isinstance(place, places.Field)
                else m["goal"] == place.code
            )
        ]
        leaves = [m for m in own if m["reportable"]]
        assert list(place.measures) == own
        counts = place.figures["distribution"]
        for state in Implementation:
            stands = [m for m in leaves if m["value"] and m["value"]["implementation"] == state]
            assert counts["counts"][state.value] == len(stands)
        assert counts["no_report"] == sum(m["value"] is None for m in leaves)
        assert counts["total"] == len(leaves)
        for kind in Change:
            assert place.figures["changes"][kind.value] == sum(m["change"] == kind for m in own)
        moved = dict(places.moves(place))
        if any(m["change"] in ARROWS for m in own):
            assert set(moved) <= {"worse", "better"}
            assert sum(moved.values()) == sum(m["change"] in ARROWS for m in own)
        elif not any(m["change"] for m in own):
            assert moved == {}


@given(st.lists(st.integers(0, 40), max_size=8), st.integers(0, 200))
def test_parts_of_a_bar_are_as_wide_as_their_share_of_the_scale(
    counts: list[int], more: int
) -> None:
    largest = sum(counts) + more
    found_ = widths(counts, largest)
    assert sum(found_) == round(100 * sum(counts) / max(largest, 1))
    for count, width in zip(counts, found_, strict=True):
        assert abs(width - 100 * count / max(largest, 1)) <= 1


@given(st.lists(st.one_of(st.none(), st.dates()), max_size=20), st.dates())
def test_overdue_counts_named_days_before_the_stichtag(
    days: list[date | None], as_of: date
) -> None:
    named = [day for day in days if day]
    assert overdue(days, as_of=as_of) == Ratio(len([d for d in named if d < as_of]), len(named))


def test_bars_have_the_colours_of_the_charts_and_a_class_for_every_width() -> None:
    sheet = (Path(dashboards.__file__).parent / "assets" / "fields.css").read_text("utf-8")
    for code, style in theme.IMPLEMENTATION_STYLE.items():
        rule = re.search(rf"\.bar__part--{code} {{ ([^}}]*)}}", sheet)
        assert rule, code
        assert style.colour.replace("#ffffff", "#fff") in rule[1]
        assert ("repeating" in rule[1]) == style.hatched
        assert ("dashed" in rule[1]) == style.dashed
        ink = re.search(r"[; ]color: (#\w+)", rule[1])
        assert ink
        full = "#" + "".join(2 * c for c in ink[1][1:]) if len(ink[1]) == 4 else ink[1]
        assert theme.contrast(style.colour, full) >= 4.5
        if style.hatched:
            assert style.hatch in rule[1]
    for width in range(1, 101):
        assert f".w{width} {{ width: {width}%; }}" in sheet


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            places.fields_with_course(0, 9, word="kritisch", basis="B"),
            "In keinem Handlungsfeld ist",
        ),
        (
            places.fields_with_course(1, 1, word="kritisch", basis="B"),
            "In dem einen Handlungsfeld ist",
        ),
        (
            places.fields_with_course(9, 9, word="kritisch", basis="B"),
            "In allen 9 Handlungsfeldern ist",
        ),
        (
            places.fields_with_change(2, 9, word="verschlechtert", since="Q2/2026"),
            "In 2 von 9 Handlungsfeldern hat sich gegenüber Q2/2026 mindestens eine",
        ),
        (
            places.fields_with_change(0, 9, word="verschlechtert", since=None),
            "Eine frühere veröffentlichte Runde zum Vergleichen gab es nicht.",
        ),
        (places.silent_goals(0, 0), "Es gibt hier kein Ziel, zu dem berichtet wird."),
        (places.silent_goals(0, 1), "Zu dem einen Ziel liegt mindestens"),
        (places.silent_goals(0, 16), "Zu jedem der 16 Ziele liegt mindestens"),
        (places.silent_goals(1, 1), "Zu dem einen Ziel liegt keine"),
        (places.silent_goals(2, 16), "Zu 2 von 16 Zielen liegt keine"),
        (places.silent_goals(16, 16), "Zu keinem der 16 Ziele liegt eine"),
        (places.overdue(0, 0), "Für keine Maßnahme ist ein Termin"),
        (places.overdue(0, 1), "Der eine Termin für einen nächsten Schritt liegt nicht"),
        (places.overdue(1, 3), "Von 3 Terminen für nächste Schritte liegt einer vor"),
        (places.overdue(2, 3), "Von 3 Terminen für nächste Schritte liegen 2 vor"),
        (sentences.selection(0, 4), "Zur Auswahl gehört keine Maßnahme, über die"),
        (sentences.selection(1, 4), "Auswahl: 1 von 4 Maßnahmen. Alle Zahlen"),
        (sentences.selection(1, 1), "Auswahl: die eine Maßnahme. Alle Zahlen"),
        (places.coverage(3, 4, 0), "3 von 4 gemeldet"),
        (places.coverage(3, 4, 1), "3 von 4 gemeldet, zu einer ein älterer Stand"),
        (places.coverage(0, 0, 0), "hierüber wird nicht berichtet"),
    ],
)
def test_sentences_are_right_for_none_one_and_many(told: str, expected: str) -> None:
    assert told.startswith(expected)
