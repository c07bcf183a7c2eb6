"""What holds for every page of the dashboards, in every state that an address can ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import plotly.graph_objects as go
import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from dashboards.selection import COMPARED, FACETS, LOOKED_FOR, ROUND, SPAN
from tests.concept_client import ConceptClient
from tests.csv_text import csv_rows
from tests.dashboards.conftest import (
    SETTINGS,
    Content,
    Visitor,
    found,
    routing,
    signed_in,
    text_lines,
    texts,
)
from tests.dashboards.every_page import ALL, INTERNAL, PUBLIC, STATES, Address
from tests.german_grammar import all_faults
from tracker.app import create_app
from tracker.core.permissions import Role

Json = dict[str, Any]

MEASURES = "/dashboards/massnahmen"
READERS = (Role.COORDINATION, Role.COMMITTEE)
# Every kind of nonsense for a parameter: as many values as Dash would make a list of.
FORGED: dict[str, list[str]] = {
    "a number": ["7"],
    "a list": ["critical", "1", "x"],
    "an empty list": ["", ""],
    "markup": ["<script>alert(1)</script>"],
    "SQL": ["' OR 1=1 --"],
    "a null": ["\x00"],
    "no Unicode": ["\ud800"],
    "a path": ["../../etc/passwd"],
    "5,000 characters": ["ä" * 5000],
}
REFUSED = {400, 404, 414}
PARAMETERS = (ROUND, COMPARED, SPAN, LOOKED_FOR, *FACETS)


def named(addresses: list[Address]) -> list[Any]:
    return [pytest.param(item, id=item.path) for item in addresses]


@dataclass
class Pages:
    """A person of the KI, a member of the committee, and four published rounds.

    What was opened once is not asked again.
    """

    visitor: Visitor
    member: Visitor
    _opened: dict[tuple[str, str], Content] = field(default_factory=dict)

    def content(self, path: str, query: str) -> Content:
        """What is on a page."""
        if (path, query) not in self._opened:
            answer = self.visitor.post(routing(path, query))
            assert answer.status_code == 200, (path, query)
            told = answer.get_json()["response"]
            tree, store = told["_pages_content"]["children"], told["_pages_store"]["data"]
            self._opened[path, query] = Content(tree, store["title"])
        return self._opened[path, query]

    def states(self, address: Address) -> Iterator[tuple[str, Content]]:
        """The page as it is and in every state."""
        for name, query in {"plain": "", **STATES}.items():
            yield name, self.content(address.path, query)


@pytest.fixture(scope="module")
def pages(published_engine: Engine) -> Iterator[Pages]:
    """All pages as the KI reads them: nothing here writes."""
    now = datetime.fromisoformat("2026-11-05T09:00:00+00:00")
    with published_engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            # Its own: the process's application is lent to other tests while this one lives.
            app = create_app(SETTINGS, engine=connection, clock=lambda: now)
            app.test_client_class = ConceptClient
            app.testing = True
            reader, member = (signed_in(app, session, role, now) for role in READERS)
            made = Pages(reader, member)
            for visitor in (made.visitor, made.member):
                visitor.client.get("/dashboards/")  # sets the token that callbacks send back
            yield made
        outer.rollback()


@pytest.mark.parametrize("address", named(ALL))
def test_every_page_stands_with_one_heading_in_every_state(pages: Pages, address: Address) -> None:
    for name, content in pages.states(address):
        assert len(content.all("H1")) == 1, name
        ids = [item["id"] for kind in KINDS for item in content.all(kind) if "id" in item]
        assert len(ids) == len(set(ids)), name
        if name == "plain":
            assert pages.visitor.client.get(address.path).status_code == 200
            assert address.words in content.text
            assert content.title.endswith("Integrationskonzept-Controlling")


KINDS = ("Section", "H1", "H2", "H3", "Select", "Div", "Table", "Details", "Figure", "Li", "Span")


@pytest.mark.parametrize("address", named(ALL))
def test_every_page_counts_in_right_german(pages: Pages, address: Address) -> None:
    for name, content in pages.states(address):
        assert all_faults(text_lines(content.tree)) == [], name


@pytest.mark.parametrize("address", named(INTERNAL))
def test_what_is_for_the_ki_is_refused_to_the_committee(pages: Pages, address: Address) -> None:
    assert pages.member.client.get(address.path).status_code == 403
    assert pages.member.post(routing(address.path)).status_code == 403


@pytest.mark.parametrize("address", named(ALL))
def test_every_chart_is_a_plotly_figure_with_name_sentence_and_table(
    pages: Pages, address: Address
) -> None:
    for name, content in pages.states(address):
        sections = content.all("Section")
        figures = [item for item in content.all("Figure") if list(found(item["children"], "Graph"))]
        assert len(figures) == len(content.all("Graph")), name
        assert not figures or address.page.charts, "say charts=True, so that plotly.js comes first"
        for figure in figures:
            (graph,) = found(figure["children"], "Graph")
            go.Figure(graph["figure"])
            assert graph["config"]["displayModeBar"] is False
            caption, picture, *_ = figure["children"]
            title, sentence = (" ".join(texts(item)) for item in caption["props"]["children"])
            assert title
            assert sentence.endswith("."), sentence
            assert picture["props"]["role"] == "img"
            assert title in picture["props"]["aria-label"]
            assert sentence in picture["props"]["aria-label"]
            around = [
                figure,
                *(item for item in sections if graph in found(item["children"], "Graph")),
            ]
            assert any(list(found(item["children"], "Table")) for item in around), title


@pytest.mark.parametrize("address", named(ALL))
def test_every_table_has_a_caption_heads_and_rows_of_equal_length(
    pages: Pages, address: Address
) -> None:
    for name, content in pages.states(address):
        for table in content.all("Table"):
            assert [
                " ".join(texts(item["children"])) for item in found(table["children"], "Caption")
            ], name
        for link in content.all("A"):
            assert str(link["href"]).startswith(("/", "#", "https://", "http://")), link


@pytest.mark.parametrize("address", named(ALL))
def test_every_table_to_download_is_a_csv_file_of_the_same_state(
    pages: Pages, address: Address
) -> None:
    for name, content in pages.states(address):
        links = [link["href"] for link in content.all("A") if ".csv" in link["href"]]
        assert len(links) == len(set(links)), name
        for link in links:
            response = pages.visitor.client.get(link)
            assert response.status_code == 200, link
            assert response.mimetype == "text/csv"
            assert csv_rows(response.get_data()), link


def lists_of(content: Content) -> Iterator[tuple[str, int]]:
    """Links to lists of measures with the number they print, and points of charts with theirs."""
    for link in content.all("A"):
        numbers = [int(text) for text in texts(link["children"]) if re.fullmatch(r"\d+", text)]
        if link["href"].startswith(MEASURES) and len(numbers) == 1:
            yield link["href"], numbers[0]
    for graph in content.all("Graph"):
        for trace in graph["figure"]["data"]:
            values = trace["x"] if trace.get("orientation") == "h" else trace["y"]
            for value, data in zip(values, trace.get("customdata", ()), strict=False):
                way = data[-1] if isinstance(data, list) else data
                # Money leads to the measures it was spent on: only counts are numbers of measures.
                if isinstance(way, str) and way.startswith(MEASURES) and isinstance(value, int):
                    yield way, value


@pytest.mark.parametrize("address", named(PUBLIC))
def test_a_number_leads_to_exactly_the_measures_it_counts(pages: Pages, address: Address) -> None:
    asked: dict[str, set[int]] = {}
    for query in ("", "?feld=3", "?runde=2026-Q2&vergleich=2025-Q4"):
        for href, number in lists_of(pages.content(address.path, query)):
            asked.setdefault(href, set()).add(number)
    for href, numbers in asked.items():
        path, _, query = href.partition("?")
        content = pages.content(path, f"?{query}")
        listed = [
            row
            for table in content.all("Table")
            if "measures" in table.get("className", "")
            for body in found(table["children"], "Tbody")
            for row in found(body["children"], "Tr")
        ]
        assert numbers == {len(listed)}, href


# Of a callback: a page, or what it was not read for (413: longer than any page sends).
ANSWERED = {200, 400, 413}


def forged(name: str, values: list[str]) -> str:
    return urlencode([(name, value) for value in values], errors="surrogatepass")


@pytest.mark.parametrize("address", named(ALL))
def test_no_forged_parameter_breaks_a_page(pages: Pages, address: Address) -> None:
    visitor = pages.visitor
    turn = ALL.index(address)
    for number, (name, values) in enumerate(FORGED.items()):
        query = "&".join(forged(parameter, values) for parameter in PARAMETERS)
        assert visitor.post(routing(address.path, f"?{query}")).status_code in ANSWERED, name
        if (number + turn) % 3:
            continue
        # The frame and the tables read the address alike for all pages: each takes its turn.
        answer = visitor.client.get(f"{address.path}?{query}")
        # Empty values are left out of the address, the rest is answered.
        assert answer.status_code in (REFUSED | {200} if any(values) else {302}), name
        page = quote(address.path.removeprefix("/dashboards/"))
        table = visitor.client.get(f"/dashboards/tabellen/x.csv?seite={page}&{query}")
        assert table.status_code in REFUSED, name
    kinds = list(FORGED.values())
    for number, parameter in enumerate(PARAMETERS):
        # Alone, so that no other parameter is refused before this one is read; in turns with
        # other pages, and with another kind on each of them.
        if (number + turn) % 3 == 0:
            query = forged(parameter, kinds[(number + turn // 3) % len(kinds)])
            assert visitor.post(routing(address.path, f"?{query}")).status_code in ANSWERED, query


PLACES_UNKNOWN = ("feld/0", "feld/99", "feld/x", "ziel/-1", "ziel/ä", "massnahme/1", "feld/1/2")


@pytest.mark.parametrize("place", [*PLACES_UNKNOWN, "feld/" + "9" * 5000])
def test_a_place_that_is_not_there_is_not_found(pages: Pages, place: str) -> None:
    response = pages.visitor.client.get(f"/dashboards/{quote(place)}")
    assert response.status_code in REFUSED
    assert pages.visitor.post(routing(f"/dashboards/{place}")).status_code in ANSWERED
