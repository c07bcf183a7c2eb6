"""Papers of exceptions only: what is counted and not listed is said to be so."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.factories_snapshot import document, documents
from tests.paper_text import headings, tables, text
from tracker.papers.documents import comparison
from tracker.papers.documents import report as papers
from tracker.publication.reading.content import report
from tracker.publication.reading.scope import Scope

Json = dict[str, Any]
EXCEPTIONS = Scope(exceptions_only=True)


@cache
def rounds() -> list[Json]:
    return documents(2)


def test_a_comparison_of_exceptions_counts_what_it_does_not_list() -> None:
    found = report(rounds()[1], scope=EXCEPTIONS)
    counts = {item.mark.label: item.count for item in found.summary.changes}
    listed = [line for line in found.changes if line.kind.code == "better"]
    assert 0 < len(listed) < counts["verbessert"]
    told = headings(comparison.paper(found), 2)
    assert f"Verbessert ({len(listed)} von {counts['verbessert']})" in told
    assert f"Verschlechtert ({counts['verschlechtert']})" in told


def test_without_listed_changes_a_comparison_says_whether_there_are_others() -> None:
    same = report(
        rounds()[1] | {"round": rounds()[1]["round"] | {"version": 2}}, compared=rounds()[1]
    )
    nothing = "Zwischen den beiden Runden hat sich bei keiner Maßnahme Stand oder Verlauf geändert."
    assert nothing in text(comparison.paper(same))
    moved = rounds()[1]["figures"] | {"changes": rounds()[1]["figures"]["changes"] | {"better": 3}}
    others = report(rounds()[1] | {"figures": moved, "changes": []}, scope=EXCEPTIONS)
    told = text(comparison.paper(others))
    assert "Keine der veränderten Maßnahmen ist eine Ausnahme." in told
    assert nothing not in told


def test_the_summary_of_exceptions_names_how_many_numbers_are_left_out() -> None:
    found = report(rounds()[1], scope=EXCEPTIONS)
    table = next(item for item in tables(papers.paper(found)) if "Anzahl und Nummern" in item.title)
    for row, item in zip(table.rows, found.summary.changes, strict=True):
        listed = [line.code for line in found.changes if line.kind == item.mark]
        left_out = item.count - len(listed)
        ending = f" und {left_out} nicht aufgeführte" if listed and left_out else ""
        assert row[1:] == (item.count, ", ".join(listed) + ending)
    assert any(str(row[2]).endswith("nicht aufgeführte") for row in table.rows)
    whole = report(rounds()[1])
    assert "nicht aufgeführte" not in text(papers.paper(whole))
    assert "nicht aufgeführte" not in text(papers.paper(report(document())))
