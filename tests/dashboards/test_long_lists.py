"""A concept of thousands of measures: lists end where nobody reads on, and lead to the rest."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
from sqlmodel import Session

from dashboards.components.explain import explained
from dashboards.components.listed import MOST, changed, rest
from tests.csv_text import csv_rows
from tests.dashboards.conftest import Visitor, found, texts
from tests.dashboards.published import publish
from tests.factories_snapshot import documents
from tracker.publication.reading.words import current

Json = dict[str, Any]


def tree(component: Any) -> Any:
    return json.loads(json.dumps(component, default=lambda item: item.to_plotly_json()))


def test_a_list_says_how_many_more_there_are_and_where() -> None:
    assert rest(MOST, "/x") == []
    assert " ".join(texts(tree(rest(MOST + 3, "/x")))) == "und 3 weitere (alle als Liste)"
    assert rest(MOST + 1, None) == ["und 1 weitere"]


@pytest.mark.usefixtures("drawn_alone")
def test_many_changes_are_cut_and_lead_to_their_list(four_rounds: list[Json]) -> None:
    item = next(one for one in four_rounds[-1]["measures"] if one["change"] == "worse")
    many = [item | {"dissent": False}] * (MOST + 5)
    shown = tree(changed(many, current(), "2026-Q3", href=lambda kind: f"/liste?{kind}"))
    assert len(list(found(shown, "Li"))) == MOST + 1
    assert any(link["href"] == "/liste?worse" for link in found(shown, "A"))
    assert f"({MOST + 5})" in " ".join(" ".join(texts(shown)).split())


@pytest.mark.usefixtures("drawn_alone")
def test_an_explanation_names_at_most_a_hundred_measures(four_rounds: list[Json]) -> None:
    codes = [f"1.{number}" for number in range(1, 151)]
    made = explained(four_rounds[-1], "x", counted="150", codes=codes, period="2026-Q3")
    told = " ".join(texts(tree(made)))
    assert "1.100" in told
    assert "1.101" not in told
    assert "und 50 weitere" in told


def test_a_grid_of_thousands_ends_and_says_how_to_see_the_rest(
    committee: Visitor, session: Session
) -> None:
    (only,) = documents(1)
    whole = copy.deepcopy(only)
    first = whole["measures"][0]
    whole["measures"] += [
        first | {"key": f"1.{number}", "code": f"1.{number}"} for number in range(100, 500)
    ]
    publish(session, [whole])
    page = committee.content("/dashboards/verlauf")
    count = len(whole["measures"])
    assert f"Gezeigt werden die ersten 400 von {count} Maßnahmen." in page.text
    heads = [item for item in page.all("Th") if item.get("scope") == "row"]
    assert sum("className" not in item and len(item["children"]) == 2 for item in heads) == 400
    link = next(item["href"] for item in page.all("A") if "/verlauf.csv" in item["href"])
    rows = csv_rows(committee.client.get(link).get_data())
    assert sum(re.fullmatch(r"\d+\.\d+", row[0]) is not None for row in rows) == count


def test_beschlusspunkte_of_thousands_end_and_say_where_the_rest_is(
    committee: Visitor, session: Session
) -> None:
    (only,) = documents(1)
    whole = copy.deepcopy(only)
    asking = next(
        item for item in whole["measures"] if item["code"] == whole["decisions"][0]["code"]
    )
    added = [f"1.{number}" for number in range(100, 200)]
    whole["measures"] += [asking | {"key": code, "code": code} for code in added]
    whole["decisions"] += [whole["decisions"][0] | {"code": code} for code in added]
    publish(session, [whole])
    page = committee.content("/dashboards/beschluesse")
    listed = next(item for item in page.all("Ul") if item.get("className") == "rows decisions")
    assert len(listed["children"]) == MOST + 1
    more = len(whole["decisions"]) - MOST
    assert f"und {more} weitere (alle in der Tabelle als CSV)" in page.text


def test_a_comparison_of_thousands_leads_to_the_list_of_what_is_not_shown(
    committee: Visitor, session: Session
) -> None:
    before, after = (copy.deepcopy(item) for item in documents(2))
    worse = next(item for item in after["measures"] if item["change"] == "worse")
    earlier = next(item for item in before["measures"] if item["code"] == worse["code"])
    for number in range(100, 200):
        before["measures"].append(earlier | {"key": f"1.{number}", "code": f"1.{number}"})
        after["measures"].append(worse | {"key": f"1.{number}", "code": f"1.{number}"})
    publish(session, [before, after])
    page = committee.content("/dashboards/vergleich")
    count = sum(item["change"] == "worse" for item in after["measures"])
    more = next(
        link
        for link in page.all("A")
        if link["children"] == f"und {count - MOST} weitere (alle als Liste)"
    )
    path, _, query = more["href"].partition("?")
    assert (
        f"{count} von {sum(item['reportable'] for item in after['measures'])} Maßnahmen"
        in committee.content(path, f"?{query}").text
    )
