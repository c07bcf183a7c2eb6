"""The Rücklauf of each institution adds up to the whole and is never ranked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories_snapshot import documents
from tracker.core.text import alphabetical
from tracker.publication.reading.returns import of_institutions
from tracker.publication.reading.words import Words

Json = dict[str, Any]


@pytest.mark.parametrize("document", documents(3), ids=lambda item: item["round"]["label"])
def test_institutions_add_up_to_the_figures_of_the_publication(document: Json) -> None:
    found = of_institutions(document["measures"], Words.of(document["definitions"]))
    whole = document["figures"]["returns"]
    for at, key in enumerate(("completeness", "acceptance", "timeliness")):
        assert sum(item.ratios[at].count for item in found) == whole[key]["count"]
        assert sum(item.ratios[at].total for item in found) == whole[key]["total"]
    assert sum(item.waived for item in found) == whole["waived"]
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
