"""The Rücklauf of each institution adds up to the whole and is never ranked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories_snapshot import documents
from tracker.publication.rules.institution_returns import alphabetical, by_institution

Json = dict[str, Any]


@pytest.mark.parametrize("document", documents(3), ids=lambda item: item["round"]["label"])
def test_institutions_add_up_to_the_figures_of_the_publication(document: Json) -> None:
    found = by_institution(document["measures"])
    whole = document["figures"]["returns"]
    for key in ("completeness", "timeliness", "acceptance"):
        for part in ("count", "total"):
            assert sum(item.returns[key][part] for item in found) == whole[key][part]
    assert sum(item.returns["waived"] for item in found) == whole["waived"]
    asked = [item for item in document["measures"] if item["expected"]]
    assert sorted(code for item in found for code in item.codes) == sorted(
        item["code"] for item in asked
    )
    assert {item.key for item in found} == {
        item["expected"]["institution"]["key"] for item in asked
    }
    assert found == sorted(found, key=lambda item: (alphabetical(item.name), item.key))


def test_the_order_is_that_of_german_lists() -> None:
    names = ["Öffentliches Amt", "jobcenter", "Ostwestfalen", "Zebra", "Ämter", "Straße", "Strasse"]
    assert sorted(names, key=alphabetical) == [
        "Ämter",
        "jobcenter",
        "Öffentliches Amt",
        "Ostwestfalen",
        "Straße",
        "Strasse",
        "Zebra",
    ]
