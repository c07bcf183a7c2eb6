"""Rounds in which some, all or none stay silent, and what nothing published about them may say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from tests.factories_reports import report_content
from tests.factories_snapshot import documents
from tests.papers.odd_rounds import reporting
from tracker.core.periods import Period
from tracker.publication.rules.facts import MeasureFact, ReportFact
from tracker.reporting.rules.reports import ReportState

Json = dict[str, Any]
HALF_YEAR = Period(2026, "H", 1)


def _silent(measure: MeasureFact) -> MeasureFact:
    report = measure.report
    return replace(measure, report=report and ReportFact(report.institution, ReportState.EXPECTED))


def _reporting(measure: MeasureFact) -> MeasureFact:
    content = measure.report and measure.report.content
    return reporting(measure, content or report_content())


def _one_reports(measure: MeasureFact) -> MeasureFact:
    return _reporting(measure) if measure.code == "1.1" else _silent(measure)


def _one_silent(measure: MeasureFact) -> MeasureFact:
    return _silent(measure) if measure.code == "1.1" else _reporting(measure)


@cache
def _made(name: str) -> tuple[Json, ...]:
    return tuple(_WORLDS[name]())


_WORLDS: dict[str, Callable[[], Iterable[Json]]] = {
    "first round": lambda: documents(1),
    "second round": lambda: documents(2),
    "none silent who was asked": lambda: documents(2, change=_reporting),
    "one silent": lambda: documents(2, change=_one_silent),
    "all silent": lambda: documents(2, change=_silent),
    "one reports": lambda: documents(1, change=_one_reports),
    "half-years": lambda: documents(3, until=HALF_YEAR),
}
NAMES = tuple(_WORLDS)

# A count of what was reported always stands beside the silent.
_WHOLE = r"\(\d+ (?:insgesamt|in der Auswahl|im Auszug|im Handlungsfeld|zum Ziel|federführend)\)"
_COVERAGE = r"(?:\d+ von \d+ Maßnahmen|(?:keine|die eine) Maßnahme) gemeldet"
_REPORTED = rf"\((?:{_COVERAGE}|Hierüber wird nicht berichtet)\)"
_SILENT = r"Keine Meldung: \d+"
_BASIS = re.compile(rf"{_WHOLE}|{_REPORTED}|{_SILENT}")
_COUNTED = re.compile(
    r"Als (?:laufend|kritisch|gefährdet|planmäßig)[a-zäöüß ]* gemeldet: [^.;]*"
    rf"(?:\. {_SILENT})?"
)
FORBIDDEN = {
    "a process that is over": r"noch (?:nicht|keine)[^.;:]* (?:eingegangen|Meldung)|"
    r"in Klärung|Rückfrage|zurückgegeben|Frist läuft noch|(?:Meldung|Stand): (?:erwartet|Entwurf)|"
    r"^(?:erwartet|Entwurf|noch Zeit)$",
    "more than was reported": r"Maßnahmen? (?:laufen|läuft) oder|Alle Maßnahmen (?:laufen|mit)|"
    r"[Gg]efährdet oder kritisch (?:sind|ist)|\d+ von \d+: (?:Verlauf|jetzt)|"
    r"(?:sind|ist) (?:kritisch|gefährdet)(?! oder kritisch gemeldet| gemeldet|,)",
    "what is not so": r"erste veröffentlichte Runde|einzige veröffentlichte|wie schon in|"
    r"Zu jeder Maßnahme liegt aus",
}
IN_A_SELECTION = r"\binsgesamt\b|aller (?:Handlungsfelder|Maßnahmen)|(?<!Grundsätze )im Konzept\b"
IN_HALF_YEARS = r"Quartal"


def world(name: str) -> tuple[Json, ...]:
    """The rounds of a world, oldest first."""
    return _made(name)


def false_claims(lines: Iterable[str], *further: str) -> list[str]:
    """What must not be said in these lines, each with the rule it breaks."""
    rules = [*FORBIDDEN.items(), *((rule, rule) for rule in further)]
    found = []
    for line in lines:
        found += [f"{name}: „{line}“" for name, rule in rules if re.search(rule, line)]
        counted = _COUNTED.findall(line)
        found += [
            f"without the silent: „{part}“" for part in counted if not re.search(_BASIS, part)
        ]
    return found
