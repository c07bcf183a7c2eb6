"""Addresses stay short enough to be sent, and who funds is a filter of them like any other."""

from __future__ import annotations

import copy
from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlmodel import Session

from dashboards import donors
from tests.dashboards.conftest import Content, Visitor, found, texts
from tests.dashboards.published import publish

Json = dict[str, Any]
WORK = "/dashboards/wirkung"
LIST = "/dashboards/massnahmen"
MEASURE = "/dashboards/massnahme/"


@pytest.mark.parametrize(
    ("query", "shorter"),
    [
        (
            "?runde=2026-Q2&vergleich=&feld=2&ziel=&verlauf=critical",
            "?runde=2026-Q2&feld=2&verlauf=critical",
        ),
        ("?vergleich=&feld=&ziel=", ""),
        ("?feld=&feld=3", "?feld=3"),
        ("?institution=&q=%C3%B6ffnung+f%C3%BCr", "?q=%C3%B6ffnung+f%C3%BCr"),
    ],
)
def test_what_a_form_sends_for_all_does_not_stay_in_the_address(
    reader: Visitor, query: str, shorter: str
) -> None:
    response = reader.client.get(LIST + query)
    assert response.status_code == 302
    assert response.headers["Location"] == LIST + shorter
    assert reader.client.get(LIST + shorter).status_code == 200


def codes_on(page: Content) -> set[str]:
    """The measures that a list links."""
    links = (link["href"] for link in page.all("A") if link["href"].startswith(MEASURE))
    return {href.removeprefix(MEASURE).partition("?")[0].partition("#")[0] for href in links}


NAMES = ("Land Nordrhein-Westfalen", "Erasmus+", "Stiftung Öffnung & Mut", "ERASMUS+ ")


def by_donor(document: Json) -> dict[str, set[str]]:
    """The measures of each Geber, straight from a publication; Erasmus+ is written twice."""
    told: dict[str, set[str]] = defaultdict(set)
    for item in document["measures"]:
        for line in (item["report"] or {}).get("funding", ()):
            told[line["donor"].strip().replace("ERASMUS", "Erasmus")].add(item["code"])
    return told


@pytest.fixture
def funded(session: Session, four_rounds: list[Json]) -> list[Json]:
    """Four published rounds with several Geber."""
    rounds = copy.deepcopy(four_rounds)
    for turn, document in enumerate(rounds):
        for number, item in enumerate(document["measures"]):
            for line in (item["report"] or {}).get("funding", ()):
                line["donor"] = NAMES[(number + turn) % len(NAMES)]
    publish(session, rounds)
    return rounds


def test_every_geber_leads_to_exactly_its_measures(committee: Visitor, funded: list[Json]) -> None:
    told = by_donor(funded[-1])
    page = committee.content(WORK)
    table = next(
        item
        for item in page.all("Table")
        if " ".join(texts(item["children"][0])) == "Fördermittel nach Geber"
    )
    names = {}
    for row in found(table["children"][2], "Tr"):
        link = next(iter(found(row["children"][0], "A")))
        names[link["children"]] = link["href"]
    assert set(names) == set(told)
    assert len(told) == 3
    drawn = {
        href
        for graph in page.all("Graph")
        for trace in graph["figure"]["data"]
        for _, href in trace["customdata"]
    }
    for name, href in names.items():
        assert href in drawn, name
        path, _, query = href.partition("?")
        listed = committee.content(path, f"?{query}")
        assert codes_on(listed) == told[name]
        assert f"Fördermittel von: {name}" in listed.text


def test_earlier_rounds_are_filtered_by_their_own_geber(
    committee: Visitor, funded: list[Json]
) -> None:
    name, codes = next(iter(by_donor(funded[-1]).items()))
    page = committee.content("/dashboards/", f"?{urlencode({'geber': donors.key(name)})}")
    table = next(item for item in page.all("Table") if "numbers trend" in item.get("className", ""))
    rows = [
        [" ".join(texts(cell)) for cell in row["children"]]
        for row in found(table["children"], "Tr")
    ][1:]
    expected = [len(by_donor(document)[name]) for document in funded]
    assert [int(row[-1]) for row in rows] == expected
    assert expected[-1] == len(codes)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Land  Nordrhein-Westfalen ", "land Nordrhein-Westfalen"),
        ("Erasmus+", "ERASMUS+"),
    ],
)
def test_names_that_count_as_one_geber_have_one_key_without_a_plus(one: str, other: str) -> None:
    assert donors.key(one) == donors.key(other)
    assert "+" not in donors.key(one)


@pytest.mark.parametrize("path", ["ziffer5", "ruecklauf"])
def test_a_page_that_compares_nothing_says_so_by_silence_and_keeps_the_choice(
    reader: Visitor, path: str
) -> None:
    page = reader.content(f"/dashboards/{path}", "?vergleich=2025-Q4")
    assert "Vergleich mit" not in page.text
    assert "Verglichen mit" not in page.text
    (kept,) = (item for item in page.all("Select") if item.get("name") == "vergleich")
    assert [option["value"] for option in found(kept["children"], "Option")] == ["2025-Q4"]
    ways = [
        link["href"] for link in page.all("A") if link["href"].startswith("/dashboards/verlauf")
    ]
    assert ways == ["/dashboards/verlauf?vergleich=2025-Q4"]


@pytest.mark.parametrize(
    ("path", "section"),
    [("feld/3", "felder"), ("ziel/3", "felder"), ("massnahme/1.1", "massnahmen")],
)
def test_the_navigation_says_in_which_part_a_page_is(
    reader: Visitor, path: str, section: str
) -> None:
    page = reader.content(f"/dashboards/{path}")
    nav = next(item for item in page.all("Nav") if item.get("className") == "pages")
    marked = [link["href"] for link in found(nav["children"], "A") if "aria-current" in link]
    assert marked == [f"/dashboards/{section}"]
