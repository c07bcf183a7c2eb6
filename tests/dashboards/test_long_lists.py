"""A concept of thousands of measures: lists end where nobody reads on, and lead to the rest."""

from __future__ import annotations

import json
from typing import Any

from dashboards.components.explain import explained
from dashboards.components.listed import MOST, changed, rest
from dashboards.content.words import current
from tests.dashboards.conftest import found, texts

Json = dict[str, Any]


def tree(component: Any) -> Any:
    return json.loads(json.dumps(component, default=lambda item: item.to_plotly_json()))


def test_a_list_says_how_many_more_there_are_and_where() -> None:
    assert rest(MOST, "/x") == []
    assert " ".join(texts(tree(rest(MOST + 3, "/x")))) == "und 3 weitere (alle als Liste)"
    assert rest(MOST + 1, None) == ["und 1 weitere"]


def test_many_changes_are_cut_and_lead_to_their_list(four_rounds: list[Json]) -> None:
    item = next(one for one in four_rounds[-1]["measures"] if one["change"] == "worse")
    many = [item | {"dissent": False}] * (MOST + 5)
    shown = tree(changed(many, current(), "2026-Q3", href=lambda kind: f"/liste?{kind}"))
    assert len(list(found(shown, "Li"))) == MOST + 1
    assert any(link["href"] == "/liste?worse" for link in found(shown, "A"))
    assert f"({MOST + 5})" in " ".join(" ".join(texts(shown)).split())


def test_an_explanation_names_at_most_a_hundred_measures(four_rounds: list[Json]) -> None:
    codes = [f"1.{number}" for number in range(1, 151)]
    made = explained(four_rounds[-1], "x", counted="150", codes=codes, period="2026-Q3")
    told = " ".join(texts(tree(made)))
    assert "1.100" in told
    assert "1.101" not in told
    assert "und 50 weitere" in told
