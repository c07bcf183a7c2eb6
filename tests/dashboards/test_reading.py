"""What readers of the Überblick and of a measure asked for."""

from __future__ import annotations

from typing import Any

from dashboards.content.words import current
from dashboards.figures.stacked import Row, Segment
from dashboards.theme import IMPLEMENTATION_STYLE
from tests.dashboards.conftest import Visitor, texts

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
    expected = [f"{words[code].text} {n}" for code, n in counts["counts"].items() if n]
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
    numbers = [*total["counts"].values(), total["no_report"], total["total"]]
    assert f"insgesamt {' '.join(map(str, numbers))}" in text
    ratio = four_rounds[-2]["figures"]["returns"]["completeness"]
    percent = ratio["percent"].replace(".", ",")
    assert f"eingegangen in Q2/2026 {ratio['count']} von {ratio['total']} {percent} %" in text
