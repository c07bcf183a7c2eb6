"""Two rounds side by side: both distributions, the differences, what cannot be compared."""

from __future__ import annotations

from functools import cache

import pytest

from tests import paper_text as read
from tests.factories_snapshot import document, documents
from tracker.core.errors import NotFound
from tracker.papers.documents.comparison import paper
from tracker.publication.reading.comparison import difference
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Report
from tracker.publication.reading.scope import Scope


@cache
def values() -> Report:
    first, second, last = documents(3)
    return report(last, compared=first, history=(first, second))


def test_both_distributions_stand_beside_each_other_with_the_difference() -> None:
    first, _, last = documents(3)
    before, now = (item["figures"]["distribution"]["counts"] for item in (first, last))
    codes = {mark.label: mark.code for mark in values().legends[0].marks}
    rows = read.table(paper(values()), "Umsetzungsstand in beiden Runden")
    for label, old, new, changed in rows[:-1]:
        code = codes[label]
        assert (int(old), int(new)) == (before[code], now[code])
        assert changed == difference(before[code], now[code])
    assert [rows[-1][1], rows[-1][2]] == [
        str(item["figures"]["distribution"]["no_report"]) for item in (first, last)
    ]


def test_the_verlauf_adds_up_to_all_measures_in_both_rounds() -> None:
    rows = read.table(paper(values()), "Verlauf in beiden Runden")
    total = values().summary.spread.total
    assert [sum(int(row[column]) for row in rows) for column in (1, 2)] == [total, total]


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [(0, 0, "gleich"), (3, 5, "2 mehr"), (5, 3, "2 weniger"), (0, 1, "1 mehr")],
)
def test_a_difference_is_told_in_words(before: int, now: int, said: str) -> None:
    assert difference(before, now) == said


def test_every_field_is_counted_in_both_rounds() -> None:
    first, _, last = documents(3)
    rows = read.table(paper(values()), "Handlungsfelder in beiden Runden")
    for row, before, now in zip(rows, first["fields"], last["fields"], strict=True):
        old, new = (item["figures"]["distribution"] for item in (before, now))
        assert row[:4] == (
            now["name"],
            str(new["total"]),
            str(old["reported"]),
            str(new["reported"]),
        )
        assert row[4] == str(old["courses"]["at_risk"] + old["courses"]["critical"])


def test_every_measure_that_differs_is_listed_once_under_its_kind() -> None:
    shown = paper(values())
    for item in values().summary.changes:
        lines = [line for line in values().changes if line.kind == item.mark]
        if lines:
            rows = read.table(shown, f"Maßnahmen: {item.mark.label}")
            assert [row[0] for row in rows] == [line.code for line in lines]


def test_what_cannot_be_compared_is_told_apart() -> None:
    rows = read.table(paper(values()), "Vergleichbare und nicht vergleichbare Maßnahmen")
    comparable = {row[0] for row in rows if row[1] == "ja"}
    assert comparable == {"verschlechtert", "verbessert", "unverändert"}
    counted = sum(int(row[2]) for row in rows)
    assert counted == values().summary.spread.total
    for row in rows:
        assert len([code for code in row[3].split(", ") if code != "–"]) == int(row[2])
    both = sum(int(row[2]) for row in rows if row[1] == "ja")
    assert f"in beiden Runden gemeldet ist: {both} von {counted} Maßnahmen" in read.text(
        paper(values())
    )


def test_an_extract_says_so_and_names_no_more_than_it_lists() -> None:
    first, last = documents(2)
    some = report(last, compared=first, scope=Scope(exceptions_only=True))
    shown = paper(some)
    assert some.scope_note in read.text(shown)
    rows = read.table(shown, "Vergleichbare und nicht vergleichbare Maßnahmen")
    listed = {item.code for field in some.fields for item in field.sheets}
    for row in rows:
        named = row[3].removeprefix("unter anderem ").split(", ")
        assert {code for code in named if code != "–"} <= listed
        assert row[3].startswith("unter anderem") or len(named) >= int(row[2]) or row[3] == "–"


def test_the_later_round_can_be_compared_with_too() -> None:
    first, last = documents(2)
    shown = paper(report(first, compared=last))
    assert "gegenüber Q3/2026" in read.text(shown)


def test_the_first_round_has_nothing_to_compare_with() -> None:
    with pytest.raises(NotFound, match="keine frühere Runde"):
        paper(report(document()))
