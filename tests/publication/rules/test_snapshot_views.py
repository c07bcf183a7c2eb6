"""A document compared with another round, or cut to some fields: figures as at publication."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import pytest

from tests.factories_snapshot import documents
from tracker.core.errors import Invalid
from tracker.publication.rules.snapshot_views import compare, figures, narrow

Json = dict[str, Any]


@cache
def rounds() -> list[Json]:
    return documents(4)


@pytest.mark.parametrize("place", [1, 2, 3])
def test_compared_with_its_own_previous_round_a_document_says_the_same(place: int) -> None:
    assert compare(rounds()[place], rounds()[place - 1]) == rounds()[place]


def test_compared_with_another_round_all_that_compares_is_computed_anew() -> None:
    newest, oldest = rounds()[3], rounds()[0]
    found = compare(newest, oldest)
    assert found["previous"] | {"sha256": ""} == {
        "period": "2025-Q4",
        "label": "Q4/2025",
        "version": 1,
        "sha256": "",
    }
    before = {item["code"]: item["value"] for item in oldest["measures"]}
    for item in found["measures"]:
        assert item["previous_value"] == (before[item["code"]] if item["reportable"] else None)
    moved = [item["code"] for item in found["measures"] if item["change"] in MOVES]
    assert sorted(line["code"] for line in found["changes"]) == sorted(moved)
    assert sum(found["figures"]["changes"].values()) == newest["figures"]["distribution"]["total"]
    same = ("distribution", "carried", "worst_course", "returns", "decisions")
    for key in same:
        assert found["figures"][key] == newest["figures"][key]


MOVES = {"worse", "better", "newly_reported", "no_longer_reported"}


def test_comparing_backwards_says_that_the_other_round_is_later() -> None:
    assert compare(rounds()[0], rounds()[3])["previous"]["later"] is True
    assert "later" not in compare(rounds()[3], rounds()[0])["previous"]


def test_a_correction_is_compared_with_the_version_it_corrects() -> None:
    first = rounds()[3]
    second = first | {"round": first["round"] | {"version": 2, "reason": "Eine Zahl"}}
    found = compare(second, first)
    assert found["previous"]["label"] == "Q3/2026, Fassung 1"
    assert found["figures"]["changes"]["worse"] == 0


def test_what_cannot_be_compared_is_refused_with_a_reason() -> None:
    with pytest.raises(Invalid, match="nicht mit sich selbst"):
        compare(rounds()[3], rounds()[3])


@pytest.mark.parametrize("place", [0, 3])
def test_all_fields_together_are_the_document(place: int) -> None:
    document = rounds()[place]
    assert narrow(document, [item["code"] for item in document["fields"]]) == document


def test_fields_one_by_one_add_up_to_the_document() -> None:
    document = rounds()[3]
    parts = [narrow(document, [item["code"]]) for item in document["fields"]]
    assert [item for part in parts for item in part["measures"]] == document["measures"]
    for kind, count in document["figures"]["changes"].items():
        assert sum(part["figures"]["changes"][kind] for part in parts) == count
    assert sum(part["figures"]["decisions"] for part in parts) == len(document["decisions"])
    assert sum(len(part["changes"]) for part in parts) == len(document["changes"])


def test_a_field_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(Invalid, match=r"Handlungsfeld 12 gibt es in Q3/2026 nicht.*2 Schule"):
        narrow(rounds()[3], {"1", "12"})


def test_the_published_document_stays_as_it_is() -> None:
    newest, oldest = rounds()[3], rounds()[0]
    before = copy.deepcopy((newest, oldest))
    narrow(compare(newest, oldest), {"1"})
    assert (newest, oldest) == before


def test_figures_over_no_measure_count_nothing() -> None:
    found = figures([])
    assert found["distribution"]["total"] == found["decisions"] == 0
    assert found["returns"]["completeness"]["percent"] is None
