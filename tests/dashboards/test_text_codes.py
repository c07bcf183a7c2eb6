"""Codes need not be numbers: pages, search, files and papers take "A.1", "Ü3" and "IV.2.b".

Nor need those of Handlungsfelder ("II") and goals ("C").
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest
from sqlmodel import Session

from tests.csv_text import csv_rows
from tests.dashboards.conftest import SignIn, found
from tests.dashboards.published import publish
from tests.factories_snapshot import earlier_fact, facts
from tracker.core.permissions import Role
from tracker.publication.rules.facts import Facts, MeasureFact
from tracker.publication.rules.snapshot import build

GOALS = {"1": "C", "2": "C-2"}
CODES = {"1.1": "A.1", "1.2": "IV.2.b", "1.3": "Ü3"}


@pytest.fixture
def published(session: Session) -> None:
    """Two rounds, so that there is something to compare."""

    def renamed(measure: MeasureFact) -> MeasureFact:
        return replace(
            measure,
            code=CODES.get(measure.code, measure.code),
            field=measure.field.replace("1", "II"),
            goal=GOALS.get(measure.goal, measure.goal),
        )

    def of(period: str) -> Facts:
        made = facts(period=period, change=renamed)
        return replace(
            made,
            fields=tuple(
                replace(field, code=field.code.replace("1", "II")) for field in made.fields
            ),
            goals=tuple(
                replace(
                    goal,
                    code=GOALS.get(goal.code, goal.code),
                    field=goal.field.replace("1", "II"),
                )
                for goal in made.goals
            ),
        )

    first, second = build(of("2026-Q2")), of("2026-Q3")
    publish(session, [first, build(replace(second, earlier=(earlier_fact(first),)))])
    session.commit()


@pytest.mark.parametrize("code", CODES.values())
def test_a_measure_has_its_page_its_neighbours_its_paper_and_its_place_in_the_search(
    published: None, sign_in: SignIn, code: str
) -> None:
    committee = sign_in(Role.COMMITTEE)
    # What the browser shows in its address bar, and what Dash sends: encoded.
    path = f"/dashboards/massnahme/{quote(code, safe='')}"
    assert committee.client.get(path).status_code == 200
    page = committee.content(path)
    assert f"Maßnahme {code}" in page.text
    hrefs = [link["href"] for link in found(page.tree, "A") if "href" in link]
    [paper] = [href for href in hrefs if href.startswith("/ausgaben/massnahme/")]
    answer = committee.client.get(paper)
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
    place = list(CODES.values()).index(code)
    for neighbour in list(CODES.values())[max(place - 1, 0) : place + 2]:
        if neighbour != code:
            assert any(f"/massnahme/{quote(neighbour, safe='')}" in href for href in hrefs)
    result = committee.content("/dashboards/suche", f"?q={quote(code.lower())}")
    first = next(link for link in found(result.tree, "A") if "massnahme/" in link.get("href", ""))
    assert f"massnahme/{quote(code, safe='')}" in first["href"]


@pytest.mark.parametrize("page", ["", "felder", "verlauf", "vergleich", "massnahmen", "ziffer5"])
def test_lists_show_them_and_lead_to_their_pages(
    published: None, sign_in: SignIn, page: str
) -> None:
    committee = sign_in(Role.COMMITTEE)
    content = committee.content(f"/dashboards/{page}")
    for link in found(content.tree, "A"):
        if "/massnahme/" in link.get("href", ""):
            assert committee.client.get(link["href"]).status_code == 200, link["href"]


def test_a_table_names_them_in_the_order_of_the_fassung(published: None, sign_in: SignIn) -> None:
    committee = sign_in(Role.COMMITTEE)
    answer = committee.client.get("/dashboards/tabellen/massnahmen.csv?seite=ziel/C")
    assert answer.status_code == 200
    rows = csv_rows(answer.data)
    listed = [cell for row in rows for cell in row[:2] if cell in CODES.values()]
    assert listed == list(CODES.values())


@pytest.mark.parametrize(
    ("path", "heading"),
    [("feld/II", "Handlungsfeld II: Elementarbereich"), ("ziel/C-2", "Ziel C-2 – ")],
)
def test_a_field_and_a_goal_have_their_pages_their_filter_and_their_extract(
    published: None, sign_in: SignIn, path: str, heading: str
) -> None:
    committee = sign_in(Role.COMMITTEE)
    page = committee.content(f"/dashboards/{path}")
    assert heading in f"{page.text} {page.title}"
    kind, code = path.split("/")
    chosen = committee.content("/dashboards/massnahmen", f"?{kind}={code}").text
    assert {"feld": "12 von 57", "ziel": "4 von 57"}[kind] in chosen
    ki = sign_in(Role.COORDINATION)
    address = "/ausgaben/vorschau/bericht?runde=2026-Q3/1&feld=II"
    assert "Handlungsfeld II" in ki.client.get(address).get_data(as_text=True)
