"""Charts: valid for plotly, and equal to what a plain recount of their input gives."""

import ast
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dashboards
from dashboards import theme
from dashboards.components.chart import chart
from dashboards.components.table import table
from dashboards.figures.returns import Returned, dots, height_of_dots
from dashboards.figures.stacked import (
    Row,
    Segment,
    bars_per_row,
    course_segments,
    height_of_rows,
    implementation_segments,
    single_bar,
)
from dashboards.figures.trend import Series, height_of, rows
from tracker.publication.reading.words import current
from tracker.reporting.palette import COURSE_COLOUR, HATCHED, IMPLEMENTATION_COLOUR

Json = dict[str, Any]
COUNT = st.integers(0, 60)
# plotly takes its time to validate a figure.
validated = settings(deadline=None)


@st.composite
def distributions(draw: st.DrawFn) -> Json:
    """The figures of a field as a snapshot holds them."""
    return {
        "counts": {code: draw(COUNT) for code in theme.IMPLEMENTATION_ORDER[:-1]},
        "courses": {code: draw(COUNT) for code in theme.COURSE_ORDER[:-2]},
        "course_not_asked": draw(COUNT),
        "no_report": draw(COUNT),
    }


def drawn(figure: Json, row: int = 0) -> dict[str, int]:
    """How long each value's bar is."""
    return {trace["name"]: trace["x"][row] for trace in figure["data"] if trace["x"][row]}


@validated
@given(distributions())
def test_one_bar_shows_every_count_in_the_fixed_order(counts: Json) -> None:
    words = current()
    figure = single_bar(implementation_segments(counts, words))
    go.Figure(figure)
    expected = {words.implementation[code].label: count for code, count in counts["counts"].items()}
    expected |= {"keine Meldung": counts["no_report"]}
    assert drawn(figure) == {name: count for name, count in expected.items() if count}
    order = [*expected]
    names = [trace["name"] for trace in figure["data"]]
    assert names == sorted(names, key=order.index)
    assert figure["layout"]["xaxis"]["range"][1] == max(1, sum(expected.values()))


@validated
@given(distributions())
def test_the_verlauf_has_the_same_total_as_the_umsetzungsstand(counts: Json) -> None:
    figure = single_bar(course_segments(counts, current()))
    go.Figure(figure)
    total = sum(counts["courses"].values()) + counts["course_not_asked"] + counts["no_report"]
    assert sum(drawn(figure).values()) == total


@validated
@given(distributions())
def test_what_was_not_reported_is_an_empty_place_with_a_dashed_outline(counts: Json) -> None:
    figure = single_bar(implementation_segments(counts, current()))
    shapes = figure["layout"]["shapes"]
    if counts["no_report"] == 0:
        assert shapes == []
        return
    (shape,) = shapes
    assert shape["x1"] - shape["x0"] == counts["no_report"]
    assert shape["x0"] == sum(counts["counts"].values())
    assert shape["line"]["dash"] == "4px,3px"
    bar = next(trace for trace in figure["data"] if trace["name"] == "keine Meldung")
    assert bar["marker"]["color"] == "#ffffff"


@validated
@given(st.lists(distributions(), max_size=9))
def test_bars_per_field_share_one_scale_of_counts(fields: list[Json]) -> None:
    words = current()
    rows = [
        Row(f"Handlungsfeld {number}", implementation_segments(counts, words))
        for number, counts in enumerate(fields)
    ]
    figure = bars_per_row(rows)
    go.Figure(figure)
    totals = [sum(segment.count for segment in row.segments) for row in rows]
    assert figure["layout"]["xaxis"]["range"] == [0, max([1, *totals])]
    for number, total in enumerate(totals):
        assert sum(trace["x"][number] for trace in figure["data"]) == total
    tops = [note["y"] for note in figure["layout"]["annotations"]]
    assert tops == sorted(tops)
    assert height_of_rows(rows) > max([0, *tops])


def test_what_all_bars_share_is_said_once() -> None:
    counts = dict.fromkeys(theme.IMPLEMENTATION_ORDER[:-1], 2)
    segments = implementation_segments({"counts": counts, "no_report": 1}, current())
    figure = bars_per_row([Row("Schule", segments), Row("Ausbildung", segments)])
    (shared,) = figure["layout"]["template"]["data"]["bar"]
    assert {"texttemplate", "hovertemplate", "textposition"} <= shared.keys()
    for trace in figure["data"]:
        assert {key for key in trace if key in shared} == {"insidetextfont", "marker"}
        assert trace["customdata"] == [[15, None], [15, None]]


def test_a_long_name_takes_a_second_line_and_markup_in_it_stays_text() -> None:
    segments = (Segment("in Umsetzung", 1, theme.IMPLEMENTATION_STYLE["in_progress"]),)
    row = Row("Gesundheit, Selbsthilfe und <b>Versorgung</b> im ganzen Stadtgebiet", segments)
    text = bars_per_row([row])["layout"]["annotations"][0]["text"]
    assert "<br>" in text
    assert "&lt;b&gt;" in text
    assert row.height > Row("Schule", segments).height


@validated
@given(st.lists(st.tuples(COUNT, COUNT), max_size=8))
def test_a_dot_stands_at_what_came_in_on_a_line_to_what_was_expected(
    ratios: list[tuple[int, int]],
) -> None:
    rounds = [Returned(f"Q{index}", min(pair), max(pair)) for index, pair in enumerate(ratios)]
    figure = dots(rounds)
    go.Figure(figure)
    # A round in which nothing was expected has no place on the scale: 0 of 0 is not 0.
    assert figure["data"][0]["x"] == [item.count if item.total else None for item in rounds]
    assert [shape["x1"] for shape in figure["layout"]["shapes"]] == [item.total for item in rounds]
    told = [note["text"] for note in figure["layout"]["annotations"]]
    assert told == [
        f"{item.count} von {item.total}" if item.total else "keine erwartet" for item in rounds
    ]
    assert height_of_dots(len(rounds)) >= 40 * len(rounds)


@pytest.mark.parametrize(
    "style", {**theme.IMPLEMENTATION_STYLE, **theme.COURSE_STYLE}.values(), ids=str
)
def test_numbers_in_bars_are_readable(style: theme.Style) -> None:
    assert theme.contrast(style.colour, style.ink) >= 4.5


def test_bars_have_the_colours_and_hatching_of_the_marks() -> None:
    for value, colour in IMPLEMENTATION_COLOUR.items():
        style = theme.IMPLEMENTATION_STYLE[value.value]
        assert (style.colour, style.hatched) == (colour, value in HATCHED)
    for course, colour in COURSE_COLOUR.items():
        assert theme.COURSE_STYLE[course.value].colour == colour


def test_contrast_is_that_of_wcag() -> None:
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def test_a_chart_has_a_name_a_sentence_a_table_and_no_buttons() -> None:
    made = chart(
        title="3 von 4 Maßnahmen laufen",
        sentence="Stichtag 30.09.2026.",
        figure=single_bar([]),
        height=64,
        table=table("Zahlen", ["Stand", "Maßnahmen"], [["läuft", 3]]),
    ).to_plotly_json()
    caption, picture, numbers = made["props"]["children"]
    assert caption.children[0].children == "3 von 4 Maßnahmen laufen"
    shown = picture.to_plotly_json()["props"]
    assert shown["role"] == "img"
    assert shown["aria-label"] == "3 von 4 Maßnahmen laufen. Stichtag 30.09.2026."
    assert shown["children"].config["displayModeBar"] is False
    assert shown["children"].figure["layout"]["separators"] == ",."
    assert numbers.children[0].children == "Zahlen"


def test_only_the_chart_factory_makes_graphs() -> None:
    folder = Path(dashboards.__file__).parent
    makers = {
        path.name
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "Graph"
    }
    assert makers == {"chart.py"}


def test_the_name_of_a_row_over_the_rounds_stands_nearer_to_its_bars_than_to_those_above() -> None:
    style = theme.COURSE_STYLE["critical"]
    series = [
        Series(name, counts, style, (None, None))
        for name, counts in (("laufen", (38, 41)), ("kritisch", (7, 10)), ("keine", (2, 0)))
    ]
    figure = rows(["Q1/2026", "Q2/2026"], series)
    go.Figure(figure)
    layout = figure["layout"]
    height = height_of(series) - layout["margin"]["b"]
    axes = [layout[name] for name in ("yaxis", "yaxis2", "yaxis3")]
    for index in (1, 2):
        name, (start, end) = layout["annotations"][index]["y"], axes[index]["domain"]
        own = start + (end - start) * max(series[index].counts) / axes[index]["range"][1]
        # A line of the name and the number of the bar lie between; nothing but air above.
        assert (name - own) * height < 50
        assert (axes[index - 1]["domain"][0] - name) * height >= 15
    pixels = [(axis["domain"][1] - axis["domain"][0]) / axis["range"][1] for axis in axes]
    assert max(pixels) == pytest.approx(min(pixels), rel=0.01), "all rows are on one scale"
