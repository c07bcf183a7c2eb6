"""Wirkung und Mittel says what the documents hold: every number against a plain recomputation."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go
import pytest
from sqlmodel import Session

from tests.dashboards.conftest import Visitor, found, texts
from tests.dashboards.published import publish
from tests.dashboards.test_pages import accepted, one_measure
from tests.factories_reports import report_content
from tests.factories_snapshot import document, documents, facts
from tracker.rules.content import Funding, Participants, ParticipantUnit, ReportContent
from tracker.rules.facts import MeasureFact
from tracker.rules.snapshot import build

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
    "a field": ("&feld=1", lambda item: item["field"] == 1),
    "two goals": ("&ziel=2&ziel=5", lambda item: item["goal"] in {2, 5}),
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
            now,
            f"{count} von {total}",
            *earlier(lambda items, unit=unit: people(items, unit)[0]),  # type: ignore[misc]
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
            german(value, euro=euro),
            f"{count} von {total}",
            *earlier(lambda items, key=key, euro=euro: german(told(items, key)[0], euro=euro)),  # type: ignore[misc]
            "–" if of_year is None else german(of_year, euro=euro),
            f"{sum(told(items, key)[1] > 0 for items in year)} von {len(year)}",
        ]
    value, count = told(selected, "cost_planned")
    assert rows["Kosten (Plan)"][:2] == [german(value, euro=True), f"{count} von {total}"]
    assert rows["Kosten (Plan)"][-2:] == ["–", "nicht addiert"]
    paid = [item["ziff5"]["municipal_funding"] for item in selected]
    known = [Decimal(amount) for amount in paid if amount is not None]
    assert rows["Laufende städtische Förderung"][:2] == [
        german(sum(known, Decimal(0)) if known else None, euro=True),
        f"{len(known)} von {total}",
    ]


def test_bars_and_tables_by_field_hold_the_same_numbers(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    page = reader.content(PAGE)
    latest = four_rounds[-1]
    names = {item["position"]: item["name"] for item in latest["fields"]}
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
        head, *rows = csv.reader(
            io.StringIO(response.get_data().decode("utf-8-sig")), delimiter=";"
        )
        assert head
        assert rows
    summary = next(link for link in links if "/wirkung.csv" in link)
    text = reader.client.get(summary).get_data().decode("utf-8-sig")
    shown = rows_of(page, "Wirkung und Mittel")
    for row in csv.reader(io.StringIO(text), delimiter=";"):
        if row and row[0] in shown:
            assert row[1:] == [" ".join(cell.split()) for cell in shown[row[0]]]


def people_of(*counts: int) -> ReportContent:
    lines = tuple(Participants(ParticipantUnit.PERSONS, count) for count in counts)
    return report_content(participants=lines)


def with_people(first: int, second: int, third: int) -> Json:
    """A round in which three measures reported Personen, and nobody else anything."""
    counts = {"1.1": first, "1.2": second, "2.1": third}

    def change(measure: MeasureFact) -> MeasureFact:
        if measure.code in counts:
            return accepted(measure, content=people_of(counts[measure.code]))
        return replace(measure, report=None)

    return build(facts(change=change))


def test_a_hidden_count_is_in_no_total_and_changes_nothing_on_the_page() -> None:
    """What the page reads is the same for every hidden count, so it cannot tell them apart."""
    one = with_people(3, 40, 2)
    assert all(with_people(first, 40, third) == one for first in (1, 4) for third in (1, 3))


@pytest.mark.parametrize(
    ("counts", "query", "printed"),
    [
        ((3, 40, 12), "", "mindestens 52"),
        ((3, 40, 12), "&feld=1&ziel=1", "mindestens 40"),
        ((3, 40, 12), "&ziel=2", "12"),
        ((3, 4, 12), "&ziel=1", "2 Gruppen unter 5, nicht veröffentlicht"),
        ((3, 0, 12), "&ziel=1", "mindestens 0"),
        ((9, 40, 12), "", "61"),
    ],
)
def test_totals_leave_small_groups_out_under_every_filter(
    committee: Visitor,
    session: Session,
    counts: tuple[int, int, int],
    query: str,
    printed: str,
) -> None:
    publish(session, [with_people(*counts)])
    session.commit()
    rows = rows_of(committee.content(PAGE, f"?runde=2026-Q3{query}"), "Wirkung und Mittel")
    assert rows["Teilnehmende: Personen"][0] == printed


def test_units_are_never_added(committee: Visitor, session: Session) -> None:
    content = report_content(
        participants=(
            Participants(ParticipantUnit.PERSONS, 10),
            Participants(ParticipantUnit.CASES, 200),
        )
    )
    publish(session, [one_measure(lambda m: accepted(m, content=content))])
    session.commit()
    page = committee.content(PAGE, "?ziel=1&runde=2026-Q3")
    rows = rows_of(page, "Wirkung und Mittel")
    assert "210" not in page.text
    assert len([name for name in rows if name.startswith("Teilnehmende")]) >= 2


def test_unknown_amounts_are_named_and_not_zero(committee: Visitor, session: Session) -> None:
    content = report_content(
        cost_actual=Decimal(0),
        funding=(Funding("Land NRW", "KOMM-AN", None), Funding("Stiftung", "", Decimal(500))),
    )
    made = one_measure(lambda m: accepted(m, content=content))
    for item in made["measures"]:
        if item["code"] != "1.1":
            item["report"] = None
    publish(session, [made])
    session.commit()
    page = committee.content(PAGE)
    rows = rows_of(page, "Fördermittel nach Geber")
    assert rows["Stiftung"][:3] == ["500,00\N{NO-BREAK SPACE}€", "1", "0"]
    assert rows["Land NRW"][:3] == ["nicht bekannt", "1", "1"]
    assert "2 Förderungen, bei 1 davon ist der Betrag nicht bekannt." in page.text
    summary = rows_of(page, "Wirkung und Mittel")
    assert summary["Kosten (Ist)"][0] == "0,00\N{NO-BREAK SPACE}€"
    assert summary["Kosten (Plan)"][0] == "nicht bekannt"
    assert "Zu 56 von 57 Maßnahmen liegt keine Angabe zu Wirkung oder Mitteln vor" in page.text


STATES = {
    "a filter that selects nothing": ("?feld=99", "Zu dieser Auswahl gehört keine Maßnahme"),
    "the reference alone": ("?stand=keine_meldung&ziel=7&feld=99", "gehört keine Maßnahme"),
    "one measure without a report": ("?institution=offen&ziel=16", "von 1 Maßnahme"),
    "a forged filter": ("?feld=<script>&ziel=%00", "gehört keine Maßnahme"),
    "the first round": ("?runde=2025-Q4", "Jahr 2025 bisher"),
    "another round to compare": ("?runde=2026-Q3&vergleich=2025-Q4", "Q4/2025"),
    "an unknown round": ("?runde=2031-Q1", "ist nicht veröffentlicht"),
}


@pytest.mark.parametrize(("query", "said"), STATES.values(), ids=STATES)
def test_every_state_says_what_is_the_matter(reader: Visitor, query: str, said: str) -> None:
    assert said in reader.content(PAGE, query).text


def test_a_round_without_any_report_is_said_to_know_nothing(
    committee: Visitor, session: Session
) -> None:
    made = build(facts(change=lambda measure: replace(measure, report=None)))
    publish(session, [made])
    session.commit()
    page = committee.content(PAGE)
    assert "Das heißt nicht, dass es keine gab." in page.text
    assert "In Q3/2026 hat keine Maßnahme Teilnehmende gemeldet." in page.text
    rows = rows_of(page, "Wirkung und Mittel")
    for name in ("Veranstaltungen", "Kosten (Plan)", "Kosten (Ist)", "Fördermittel"):
        assert rows[name][:2] == ["nicht bekannt", "0 von 57"]


def test_a_missing_round_is_missing_in_the_year_too(committee: Visitor, session: Session) -> None:
    first, _second, third = documents(3)
    publish(session, [first, third])
    session.commit()
    rows = rows_of(committee.content(PAGE), "Wirkung und Mittel")
    both = [*chosen(first), *chosen(third)]
    assert rows["Veranstaltungen"][-2:] == [german(told(both, "events")[0]), "2 von 2"]


def test_a_measure_over_its_plan_is_named_first(committee: Visitor, session: Session) -> None:
    content = report_content(cost_planned=Decimal(100), cost_actual=Decimal("100.01"))
    publish(session, [one_measure(lambda m: accepted(m, content=content)), document("2026-Q2")][:1])
    session.commit()
    page = committee.content(PAGE, "?ziel=1")
    first = page.text[page.text.index("Das Wichtigste") :][:120]
    assert "über dem Plan: " in first
    assert "1.1" in first


def test_every_bar_and_name_leads_to_exactly_the_measures_it_counts(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    page = reader.content(PAGE, "?runde=2026-Q2")
    shown = four_rounds[-2]
    by_field = {item["position"]: item["name"] for item in shown["fields"]}

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
        "foerdermittel": lambda report: bool(report["funding"]),
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
    ]
    text = reader.content("/dashboards/massnahmen", "?angabe=keine").text
    assert f"{len(silent)} von 58 Maßnahmen" in text
    page = reader.content(PAGE).text
    assert f"Zu {len(silent)} von 57 Maßnahmen liegt keine Angabe zu Wirkung oder Mitteln" in page
