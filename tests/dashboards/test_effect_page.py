"""Wirkung und Mittel says what the documents hold: every number against a plain recomputation."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go
import pytest

from tests.csv_text import csv_rows
from tests.dashboards.conftest import Visitor, found, texts

Json = dict[str, Any]
PAGE = "/dashboards/wirkung"
UNITS = {"persons": "Personen", "cases": "Fälle", "participations": "Teilnahmen"}


def german(value: Decimal | int | None, *, euro: bool = False) -> str:
    """A number as German readers write it, by another way than the page's."""
    if value is None:
        return "nicht bekannt"
    text = f"{Decimal(value):,.2f}" if euro else f"{Decimal(value).normalize():,f}"
    text = text.translate(str.maketrans(",.", ".,"))
    return f"{text}\N{NO-BREAK SPACE}€" if euro else text


def chosen(document: Json, keep: Callable[[Json], bool] = lambda _item: True) -> list[Json]:
    return [item for item in document["measures"] if item["reportable"] and keep(item)]


def told(measures: list[Json], key: str) -> tuple[Decimal | None, int]:
    """The sum of a quantity and how many measures reported it."""
    given = [
        Decimal(item["report"][key])
        for item in measures
        if item["report"] and item["report"][key] is not None
    ]
    return (sum(given, Decimal(0)) if given else None), len(given)


def people(measures: list[Json], unit: str) -> tuple[str, int]:
    lines = [
        (item["code"], line)
        for item in measures
        if item["report"]
        for line in item["report"]["participants"]
        if line["unit"] == unit
    ]
    if not lines:
        return "nicht bekannt", 0
    shown = [line["count"] for _, line in lines if not line["suppressed"]]
    hidden = len(lines) - len(shown)
    codes = len({code for code, _ in lines})
    if not shown:
        alone = "unter 5, nicht veröffentlicht"
        return (alone if hidden == 1 else f"{hidden} Gruppen {alone}"), codes
    return ("mindestens " if hidden else "") + german(sum(shown)), codes


def rows_of(page: Any, caption: str) -> dict[str, list[str]]:
    """The rows of a table by their first cell."""
    table = next(
        item
        for item in found(page.tree, "Table")
        if " ".join(texts(item["children"][0])) == caption
    )
    rows = list(found(table["children"][2], "Tr"))
    cells = [[" ".join(texts(cell)) for cell in row["children"]] for row in rows]
    return {first: others for first, *others in cells}


FILTERS: dict[str, tuple[str, Callable[[Json], bool]]] = {
    "all": ("", lambda _item: True),
    "a field": ("&feld=1", lambda item: item["field"] == "1"),
    "two goals": ("&ziel=2&ziel=5", lambda item: item["goal"] in {"2", "5"}),
    "critical ones": (
        "&verlauf=critical",
        lambda item: item["value"] is not None and item["value"]["course"] == "critical",
    ),
}


@pytest.mark.parametrize("period", ["2026-Q3", "2026-Q1", "2025-Q4"])
@pytest.mark.parametrize(("query", "keep"), FILTERS.values(), ids=FILTERS)
def test_every_figure_is_the_sum_over_the_selected_measures(
    reader: Visitor,
    four_rounds: list[Json],
    period: str,
    query: str,
    keep: Callable[[Json], bool],
) -> None:
    place = next(i for i, item in enumerate(four_rounds) if item["round"]["period"] == period)
    shown = four_rounds[place]
    selected = chosen(shown, keep)
    codes = {item["code"] for item in selected}
    year = [
        chosen(item, lambda line: line["code"] in codes)
        for item in four_rounds[: place + 1]
        if item["round"]["period"][:4] == period[:4]
    ]
    rows = rows_of(reader.content(PAGE, f"?runde={period}{query}"), "Wirkung und Mittel")
    total = len(selected)
    before = four_rounds[place - 1] if place else None

    def earlier(figure: Callable[[list[Json]], str]) -> list[str]:
        if before is None:
            return []
        return [figure(chosen(before, lambda line: line["code"] in codes))]

    for unit, word in UNITS.items():
        if f"Teilnehmende: {word}" not in rows:
            assert not any(people(items, unit)[1] for items in year)
            continue
        now, count = people(selected, unit)
        sums, _ = people([item for items in year for item in items], unit)
        reported = sum(people(items, unit)[1] > 0 for items in year)
        assert rows[f"Teilnehmende: {word}"] == [
            *earlier(lambda items, unit=unit: people(items, unit)[0]),  # type: ignore[misc]
            now,
            f"{count} von {total}",
            sums if reported else "–",
            f"{reported} von {len(year)}",
        ]
    for name, key, euro in (
        ("Veranstaltungen", "events", False),
        ("Kosten (Ist)", "cost_actual", True),
    ):
        value, count = told(selected, key)
        of_year = told([item for items in year for item in items], key)[0]
        assert rows[name] == [
            *earlier(lambda items, key=key, euro=euro: german(told(items, key)[0], euro=euro)),  # type: ignore[misc]
            german(value, euro=euro),
            f"{count} von {total}",
            "–" if of_year is None else german(of_year, euro=euro),
            f"{sum(told(items, key)[1] > 0 for items in year)} von {len(year)}",
        ]
    value, count = told(selected, "cost_planned")
    now = slice(1, 3) if before is not None else slice(2)
    assert rows["Kosten (Plan)"][now] == [german(value, euro=True), f"{count} von {total}"]
    assert rows["Kosten (Plan)"][-2:] == ["–", "nicht addiert"]
    paid = [item["ziff5"]["municipal_funding"] for item in selected]
    known = [Decimal(amount) for amount in paid if amount is not None]
    assert rows["Laufende städtische Förderung"][now] == [
        german(sum(known, Decimal(0)) if known else None, euro=True),
        f"{len(known)} von {total}",
    ]


def test_bars_and_tables_by_field_hold_the_same_numbers(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    page = reader.content(PAGE)
    latest = four_rounds[-1]
    names = {item["code"]: item["name"] for item in latest["fields"]}
    rows = rows_of(page, "Kosten je Handlungsfeld: Maßnahmen mit Plan und Ist")
    for position, name in names.items():
        both = [
            item["report"]
            for item in chosen(latest, lambda item: item["field"] == position)  # noqa: B023
            if item["report"]
            and item["report"]["cost_planned"] is not None
            and item["report"]["cost_actual"] is not None
        ]
        plan, spent = (
            german(sum(Decimal(item[key]) for item in both) if both else None, euro=True)
            for key in ("cost_planned", "cost_actual")
        )
        total = len(chosen(latest, lambda item: item["field"] == position))  # noqa: B023
        assert rows[name] == [plan, spent, f"{len(both)} von {total}"]
    drawn = [item for graph in page.all("Graph") for item in graph["figure"]["data"]]
    printed = [text for item in drawn for text, _href in item["customdata"]]
    for name, (plan, spent, _) in rows.items():
        expected = f"{name}: {spent} von {plan}" if spent != "nicht bekannt" else None
        assert expected is None or expected in printed


def test_every_chart_is_valid_and_has_a_name_a_sentence_and_a_table(reader: Visitor) -> None:
    page = reader.content(PAGE)
    figures = page.all("Figure")
    assert len(figures) == len(page.all("Graph")) >= 5
    for figure in figures:
        caption, picture, *_ = figure["children"]
        title, sentence = caption["props"]["children"]
        assert title["props"]["children"] in picture["props"]["aria-label"]
        assert sentence["props"]["children"].endswith("Stichtag 30.09.2026.")
        assert list(found(figure["children"], "Table"))
        assert "Wie kommt die Zahl zustande?" in " ".join(texts(figure["children"]))
    for graph in page.all("Graph"):
        go.Figure(graph["figure"])


def test_the_csv_files_hold_the_rows_of_the_page(reader: Visitor) -> None:
    page = reader.content(PAGE, "?feld=2")
    links = [link["href"] for link in page.all("A") if "/tabellen/" in link["href"]]
    assert len(links) == len(set(links)) >= 8
    for link in links:
        assert "feld=2" in link
        response = reader.client.get(link)
        assert response.status_code == 200, link
        head, *rows = csv_rows(response.get_data())
        assert head
        assert rows
    summary = next(link for link in links if "/wirkung.csv" in link)
    data = reader.client.get(summary).get_data()
    shown = rows_of(page, "Wirkung und Mittel")
    rows = {row[0]: row[1:] for row in csv_rows(data)}
    assert set(shown) < set(rows)
    for name, (before, now, known, year, of_rounds) in shown.items():
        unit, earlier, value, count, total, hidden, *others = rows[name]
        assert printed(value, unit) == now
        assert hidden == "0" or not value[0].isdigit()
        assert f"{count} von {total}" == known
        so_far, given = others
        assert (printed(earlier, unit), printed(so_far, unit) if so_far else "–") == (before, year)
        assert given == of_rounds


def printed(cell: str, unit: str) -> str:
    """A number of a file as the page prints it; where it is empty nothing is known."""
    if not cell[:1].isdigit() or " " in cell:
        return cell or "nicht bekannt"
    return german(Decimal(cell.replace(",", ".")), euro=unit == "Euro")


def test_every_bar_and_name_leads_to_exactly_the_measures_it_counts(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    page = reader.content(PAGE, "?runde=2026-Q2")
    shown = four_rounds[-2]
    by_field = {item["code"]: item["name"] for item in shown["fields"]}

    def listed(href: str) -> set[str]:
        path, _, query = href.partition("?")
        links = reader.content(path, f"?{query}").all("A")
        prefix = "/dashboards/massnahme/"
        return {
            link["href"].removeprefix(prefix).partition("?")[0]
            for link in links
            if link["href"].startswith(prefix)
        }

    expected = {
        "personen": lambda report: any(i["unit"] == "persons" for i in report["participants"]),
        "foerdermittel": lambda report: any(line["amount"] for line in report["funding"]),
        "kosten": lambda report: None not in (report["cost_planned"], report["cost_actual"]),
    }
    captions = {
        "Teilnehmende je Handlungsfeld: Personen": "personen",
        "Fördermittel je Handlungsfeld": "foerdermittel",
        "Kosten je Handlungsfeld: Maßnahmen mit Plan und Ist": "kosten",
    }
    seen = 0
    for table in page.all("Table"):
        kind = captions.get(" ".join(texts(table["children"][0])))
        if kind is None:
            continue
        for link in list(found(table["children"][2], "A"))[:3]:
            position = next(key for key, name in by_field.items() if name == link["children"])
            codes = {
                item["code"]
                for item in chosen(shown, lambda item: item["field"] == position)  # noqa: B023
                if item["report"] and expected[kind](item["report"])
            }
            assert listed(link["href"]) == codes, (kind, link["children"])
            seen += 1
    assert seen == 9
    summary = next(
        table
        for table in page.all("Table")
        if " ".join(texts(table["children"][0])) == "Wirkung und Mittel"
    )
    for row in found(summary["children"][2], "Tr"):
        (link,) = found(row["children"], "A")
        assert len(listed(link["href"])) == int(link["children"].split()[0]), link["href"]
    drawn = [
        href
        for graph in page.all("Graph")
        for trace in graph["figure"]["data"]
        for _, href in trace["customdata"]
        if href
    ]
    assert set(drawn) <= {link["href"] for link in page.all("A")}


def test_a_filter_by_what_was_named_shows_the_silent_ones_too(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    quantities = ("participants", "events", "staff", "cost_planned", "cost_actual", "funding")
    silent = [
        item["code"]
        for item in chosen(four_rounds[-1])
        if not item["report"] or all(item["report"][key] in (None, []) for key in quantities)
        if item["ziff5"]["municipal_funding"] is None
    ]
    text = reader.content("/dashboards/massnahmen", "?angabe=keine").text
    assert f"{len(silent)} von 57 Maßnahmen" in text
    page = reader.content(PAGE).text
    assert f"Zu {len(silent)} von 57 Maßnahmen liegt keine Angabe zu Wirkung oder Mitteln" in page
