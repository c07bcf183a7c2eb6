"""Charts by hand: bars of amounts begin at 0, captions of segments do not touch."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from tracker.papers.charts import Amount, amount_bars, amounts_in_words, stacked_bars
from tracker.papers.writers.text_metrics import text_width
from tracker.publication.reading.model import Count, Mark, Spread

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*amounts: Amount) -> ET.Element:
    return ET.fromstring(amount_bars(amounts))


def widths(*amounts: Amount) -> list[float]:
    return [float(bar.attrib["width"]) for bar in drawn(*amounts).iter(f"{SVG}rect")]


def words(*amounts: Amount) -> str:
    return " ".join(item.text or "" for item in drawn(*amounts).iter(f"{SVG}text"))


def test_bars_have_one_scale_that_begins_at_0() -> None:
    long, half = widths(Amount("Land", Decimal(2000)), Amount("Bund", Decimal(1000)))
    assert round(long / half, 2) == 2


def test_unknown_is_a_word_and_a_known_0_is_a_0() -> None:
    unknown, nothing = Amount("Land", None), Amount("Bund", Decimal(0))
    assert widths(unknown, nothing) == []
    assert words(unknown) == "Land nicht bekannt"
    assert words(nothing) == "Bund 0,00\N{NO-BREAK SPACE}€"


def test_the_words_tell_the_same() -> None:
    amounts = (Amount("Land", Decimal("1250.5")), Amount("Bund", None))
    assert amounts_in_words(amounts) == "Land: 1.250,50\N{NO-BREAK SPACE}€; Bund: nicht bekannt"


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(categories=["L", "N", "P", "S", "Z"]), max_size=200),
            st.none() | st.decimals(0, 10**9, places=2),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_whatever_a_geber_is_called_the_drawing_is_well_formed_and_fits(
    rows: list[tuple[str, Decimal | None]],
) -> None:
    amounts = [Amount(name, value) for name, value in rows]
    picture = drawn(*amounts)
    right = float(picture.attrib["width"])
    for bar in picture.iter(f"{SVG}rect"):
        assert float(bar.attrib["x"]) + float(bar.attrib["width"]) <= right - 100
    for written in picture.iter(f"{SVG}text"):
        size = float(written.attrib.get("font-size", picture.attrib["font-size"]))
        assert float(written.attrib["x"]) + text_width(written.text or "") * size <= right


def test_every_segment_of_a_bar_has_its_mark_and_number_and_none_touch() -> None:
    sizes = {"in_progress": 40, "dropped": 1, "no_report": 16}
    counts = tuple(Count(Mark(code, code, "circle-half"), number) for code, number in sizes.items())
    drawing = stacked_bars([Spread("alle", counts, (), 0, 41, 57)], names=False)
    marks = [float(x) for x in re.findall(r"translate\(([\d.]+) ", drawing)]
    numbers = re.findall(r'<text x="([\d.]+)" y="\d+">(\d+)</text>', drawing)
    assert [number for _, number in numbers] == ["40", "1", "16"]
    ends = [float(x) + text_width(number) * 12 for x, number in numbers]
    assert all(end < mark for end, mark in zip(ends, marks[1:], strict=False))
