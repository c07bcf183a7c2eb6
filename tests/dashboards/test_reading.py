"""What readers of the Überblick and of a measure asked for."""

from __future__ import annotations

from typing import Any

import pytest

from dashboards.figures.stacked import Row, Segment
from dashboards.theme import IMPLEMENTATION_STYLE
from tests.dashboards.conftest import Visitor, texts
from tracker.publication.reading import returns
from tracker.publication.reading.words import current

Json = dict[str, Any]


def test_every_number_of_a_bar_stands_under_it_with_its_mark(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    counts = four_rounds[-1]["figures"]["distribution"]
    stands, courses = (
        item for item in reader.content().all("Ul") if item.get("className") == "tally"
    )
    words = current().implementation
    told = [" ".join(texts(item)) for item in stands["children"]]
    expected = [f"{words[code].label} {n}" for code, n in counts["counts"].items() if n]
    assert told[: len(expected)] == expected
    for tally in (stands, courses):
        numbers = [int(" ".join(texts(item)).split()[-1]) for item in tally["children"]]
        assert sum(numbers) == counts["total"]


def test_a_bar_of_a_field_tells_its_numbers_in_words() -> None:
    style = IMPLEMENTATION_STYLE["in_progress"]
    row = Row(
        "Schule",
        (Segment("nicht begonnen", 1, style), Segment("x", 0, style), Segment("läuft", 12, style)),
    )
    assert row.tally == [
        "1\N{NO-BREAK SPACE}nicht\N{NO-BREAK SPACE}begonnen, 12\N{NO-BREAK SPACE}läuft"
    ]


def test_the_fields_add_up_and_earlier_rounds_have_their_percentage(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    text = reader.content().text
    total = four_rounds[-1]["figures"]["distribution"]
    numbers = [*total["counts"].values(), total["no_report"], *total["courses"].values()]
    numbers += [total["course_not_asked"], total["reported"], total["total"]]
    assert f"Summe {' '.join(map(str, numbers))}" in text
    ratio = four_rounds[-2]["figures"]["returns"]["completeness"]
    percent = ratio["percent"].replace(".", ",")
    assert f"eingegangen in Q2/2026 {ratio['count']} von {ratio['total']} {percent} %" in text


def test_a_dissent_is_named_in_the_lists_and_leads_to_its_measure(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    latest = four_rounds[-1]
    codes = {item["code"] for item in latest["measures"] if item["dissent"]}
    assert codes

    def marked(path: str) -> list[str]:
        links = reader.content(path).all("A")
        return [a["href"] for a in links if "abweichende Stellungnahme" in texts(a["children"])]

    def address(code: str) -> str:
        return f"/dashboards/massnahme/{code}?runde=2026-Q3#jetzt"

    assert set(marked("/dashboards/massnahmen")) == {address(code) for code in codes}
    listed = [item["code"] for item in (*latest["decisions"], *latest["changes"])]
    told = sorted(address(code) for code in listed if code in codes)
    assert sorted(marked("/dashboards/")) == told


def test_the_overview_says_why_reports_are_not_expected(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    latest = four_rounds[-1]
    nobody = sum(item["reportable"] and item["expected"] is None for item in latest["measures"])
    assert nobody
    assert returns.without_lead(nobody) in reader.content().text


def test_the_strip_says_each_round_in_words_newest_last(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    content = reader.content("/dashboards/massnahme/1.1")
    strip = next(item for item in content.all("Div") if item.get("className") == "strip")
    cells = [" ".join(texts(cell)) for cell in strip["children"]]
    for cell, document in zip(cells, four_rounds, strict=True):
        (measure,) = (item for item in document["measures"] if item["code"] == "1.1")
        words = current().value(measure["value"]).replace(",", "")
        assert " ".join(cell.split()).startswith(words)
        assert document["round"]["label"] in cell


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/dashboards/", 200),
        ("/dashboards/?runde=", 302),
        ("/dashboards/?runde=2026-Q1", 200),
        ("/dashboards/?runde=2031-Q1", 404),
        ("/dashboards/massnahmen?runde=x", 404),
        ("/dashboards/massnahme/1.1?runde=2026-Q1", 200),
        ("/dashboards/massnahme/1.1?runde=2031-Q1", 404),
        ("/dashboards/massnahme/99.9", 404),
    ],
)
def test_what_is_not_published_is_not_found(reader: Visitor, address: str, status: int) -> None:
    assert reader.client.get(address).status_code == status
