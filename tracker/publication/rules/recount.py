"""The figures of a published document counted again, by its formula version.

From its measures, and what it says of earlier rounds from their versions in force then.

A forged document whose hash was computed anew says one thing of its measures and counts another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal

from tracker.core.periods import Period
from tracker.publication.rules.document import (
    Document,
    FiguresRecord,
    IndicatorRecord,
    MeasureRecord,
    ValueRecord,
)
from tracker.publication.rules.earlier import (
    carried,
    confirmed_in_a_row,
    value_before,
    year_sum,
)
from tracker.publication.rules.facts import EarlierFact
from tracker.publication.rules.snapshot import changes_of, decisions_of
from tracker.publication.rules.snapshot_figures import field_figures, round_figures
from tracker.publication.rules.snapshot_json import code_of, read_value
from tracker.reporting.rules.figures import change

# Version 2 (releases 0.1.0 and 0.2.0) and 3 count what a document holds in the same way.
_KNOWN = frozenset({"2", "3"})
# Version 2 took what it said of earlier rounds from the document before, whatever was in force.
_BY_VERSIONS_IN_FORCE = "3"


def miscounts(document: Document) -> Iterator[str]:
    """Give in German what a document counts otherwise than its measures say."""
    version, measures = document["formula_version"], document["measures"]
    if version not in _KNOWN:
        yield (
            f"Die Rechenregeln „{version}“ kennt diese Version der Anwendung nicht; die Zahlen "
            "lassen sich nicht nachrechnen."
        )
        return
    yield from _miscounted_places(document)
    for measure in measures:
        if not _follows(measure, is_compared=document["previous"] is not None):
            yield f"Maßnahme {measure['code']}: Stand oder Veränderung folgt nicht aus der Meldung."
    decisions = decisions_of(measures)
    if document["decisions"] != decisions:
        yield "Die Beschlusspunkte folgen nicht aus den Meldungen."
    if document["changes"] != changes_of(measures):
        yield "Die Liste der Veränderungen folgt nicht aus den Maßnahmen."
    if document["figures"] != round_figures(measures, decisions=len(decisions)):
        yield "Die Zahlen der Runde folgen nicht aus den Maßnahmen."


def _miscounted_places(document: Document) -> Iterator[str]:
    measures = document["measures"]
    for field in document["fields"]:
        if field["figures"] != _of(measures, "field", field["code"]):
            yield f"Die Zahlen des Handlungsfelds {field['code']} folgen nicht aus den Maßnahmen."
        for goal in field["goals"]:
            if goal["figures"] != _of(measures, "goal", goal["code"]):
                yield f"Die Zahlen des Ziels {goal['code']} folgen nicht aus den Maßnahmen."


def _of(measures: list[MeasureRecord], place: Literal["field", "goal"], code: str) -> FiguresRecord:
    return field_figures([measure for measure in measures if measure[place] == code])


def _follows(measure: MeasureRecord, *, is_compared: bool) -> bool:
    """Return whether value and change of a measure follow from what else is said of it."""
    reviewed = measure["reviewed"]
    value: ValueRecord | None = measure["self_report"]
    if reviewed is not None:
        value = {"implementation": reviewed["implementation"], "course": reviewed["course"]}
    kind = None
    if is_compared and measure["reportable"]:
        before = read_value(measure["previous_value"])
        kind = code_of(change(before, read_value(measure["value"])))
    return measure["value"] == value and measure["change"] == kind


def disagrees_with_earlier(document: Document, earlier: Sequence[EarlierFact]) -> Iterator[str]:
    """Give in German what a document says otherwise of the rounds before than they say.

    `earlier` are their versions in force at its publication, the newest first.
    """
    if document["formula_version"] != _BY_VERSIONS_IN_FORCE:
        return
    previous = document["previous"]
    if (previous and previous["sha256"]) != (earlier[0].sha256 if earlier else None):
        yield "Verglichen ist mit einer anderen Fassung, als bei der Veröffentlichung galt."
    period = Period.parse(document["round"]["period"])
    for measure in document["measures"]:
        if not _follows_from_earlier(measure, earlier, period):
            yield (
                f"Maßnahme {measure['code']}: Jahressumme, Stand vorher, übernommener Stand oder "
                "Zahl der Bestätigungen folgt nicht aus den früheren Runden."
            )


def _follows_from_earlier(
    measure: MeasureRecord, earlier: Sequence[EarlierFact], period: Period
) -> bool:
    key, reportable = measure["key"], measure["reportable"]
    is_silent = reportable and measure["value"] is None
    return (
        measure["carried"] == (carried(key, earlier) if is_silent else None)
        and measure["previous_value"] == (value_before(key, earlier) if reportable else None)
        and measure["unchanged_streak"]
        == confirmed_in_a_row(key, earlier, confirmed=measure["unchanged_confirmed"])
        and all(
            indicator["year_sum"] == _year_sum(key, indicator, earlier, period)
            for indicator in measure["indicators"]
        )
    )


def _year_sum(
    measure: str, indicator: IndicatorRecord, earlier: Sequence[EarlierFact], period: Period
) -> str | None:
    if not indicator["per_year"]:
        return None
    value = None if indicator["value"] is None else Decimal(indicator["value"])
    return year_sum(measure, indicator["key"], earlier, period=period, value=value)
