"""No published page claims more than was reported, whoever was silent and whatever is filtered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session

from tests.claims import IN_A_SELECTION, IN_HALF_YEARS, NAMES, Json, false_claims, world
from tests.committing import own_sqlite
from tests.concept_client import ConceptClient
from tests.dashboards.conftest import SETTINGS, Visitor, found, routing, signed_in, text_lines
from tests.dashboards.every_page import PUBLIC
from tests.dashboards.published import publish
from tracker.app import create_app
from tracker.core.permissions import Role

NOW = datetime.fromisoformat("2026-11-05T09:00:00+00:00")
# Each with whether it asks for what only a report says.
FILTERS = {
    "?feld=1": False,
    "?verlauf=on_track": True,
    "?stand=keine_meldung": False,
    "?kompetenz=own": False,
    "?meldung=eingegangen": True,
    "?meldung=angenommen%2Bin_der_frist": True,
    "?meldung=offen": False,
    "?meldung=erwartet": False,
    "?angabe=funding": True,
    "?angabe=cost_planned%2Bcost_actual": True,
    "?angabe=keine": False,
    "?angabe=municipal_funding": False,
}
REPORTERS_ONLY = "Maßnahmen ohne Meldung gehören nicht zur Auswahl."
Reader = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A member of the committee in one of the worlds."""
    engines, visitors = [], {}

    def read(name: str) -> Visitor:
        if name not in visitors:
            engine = own_sqlite(tmp_path_factory.mktemp("claims"))
            engines.append(engine)
            with Session(engine) as session:
                publish(session, world(name))
                app = create_app(SETTINGS, engine=engine, clock=lambda: NOW)
                app.test_client_class = ConceptClient
                visitors[name] = signed_in(app, session, Role.COMMITTEE, NOW)
            visitors[name].client.get("/dashboards/")
        return visitors[name]

    yield read
    for engine in engines:
        engine.dispose()


def drawn(visitor: Visitor, path: str, query: str = "") -> Any:
    answer = visitor.post(routing(path, query))
    assert answer.status_code == 200, path
    return answer.get_json()["response"]["_pages_content"]["children"]


def lines(tree: Any) -> list[str]:
    """What a page says, its pictures too."""
    pictures = [item["aria-label"] for item in found(tree, "Div") if item.get("role") == "img"]
    return [*text_lines(tree), *pictures]


@pytest.mark.parametrize("name", NAMES)
def test_no_page_claims_more_than_was_reported(reader: Reader, name: str) -> None:
    further = [IN_HALF_YEARS] if name == "half-years" else []
    for address in PUBLIC:
        said = lines(drawn(reader(name), address.path))
        assert false_claims(said, *further) == [], address.path


@pytest.mark.parametrize("query", FILTERS)
def test_no_filtered_page_speaks_of_the_whole(reader: Reader, query: str) -> None:
    for address in PUBLIC:
        if query.lstrip("?").partition("=")[0] in address.page.facets:
            tree = drawn(reader("second round"), address.path, query)
            said = lines(tree)
            assert false_claims(said, IN_A_SELECTION) == [], address.path
            assert (REPORTERS_ONLY in " ".join(said)) == FILTERS[query], address.path


def test_a_page_of_the_first_of_several_rounds_says_what_was_before_it(reader: Reader) -> None:
    for address in PUBLIC:
        for query in ("?runde=2025-H1", "?runde=2025-H1&vergleich=2026-H1"):
            said = lines(drawn(reader("half-years"), address.path, query))
            assert false_claims(said, r"(?<!gegenüber )seit H1/2026", IN_HALF_YEARS) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("all silent", "Als laufend oder erfüllt gemeldet: keine (0 von 57 Maßnahmen gemeldet)"),
        ("one reports", "(57 insgesamt)"),
    ],
)
def test_the_headline_names_the_silent(reader: Reader, name: str, told: str) -> None:
    titles = [item["children"] for item in found(drawn(reader(name), "/dashboards/"), "H3")]
    assert any(told in title for title in titles if isinstance(title, str))


ROUNDS = ["H1/2025", "H2/2025", "H1/2026"]


def _round(cell: Json) -> str | None:
    text = " ".join(text_lines(cell["children"]))
    return next((label for label in ROUNDS if text in {label, f"eingegangen in {label}"}), None)


def test_all_rounds_stand_from_the_oldest_to_the_newest(reader: Reader) -> None:
    seen = 0
    for address in PUBLIC:
        for table in found(drawn(reader("half-years"), address.path), "Table"):
            cells_of = [row["children"] for row in found(table["children"], "Tr")]
            rows = [[*found(cells, "Th"), *found(cells, "Td")] for cells in cells_of]
            for cells in (*rows[:1], [row[0] for row in rows[1:] if row]):
                rounds = [label for cell in cells if (label := _round(cell))]
                assert rounds == sorted(rounds, key=ROUNDS.index), address.path
                seen += len(set(rounds)) > 1
    assert seen > 3
