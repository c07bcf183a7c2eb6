"""Rounds that must not upset an export: empty ones, tiny ones, texts nobody expects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from tests.factories_reports import report_content
from tests.factories_snapshot import facts
from tracker.publication.rules.facts import Facts, MeasureFact, ReportFact, VersionFact
from tracker.publication.rules.snapshot import build
from tracker.reporting.rules.content import Funding, ReportContent
from tracker.reporting.rules.reports import ReportState

LONG = ("Ein Satz, der sich wiederholt, damit der Text lang wird. " * 360)[:20_000]
WORD = "Kindertageseinrichtungsfachberatungsstellenleitungskonferenzprotokollverantwortung"
ASTRAL = "Danke \N{GRINNING FACE} \N{WAVING HAND SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-5} 漢字"
RIGHT_TO_LEFT = "مرحبا بالعالم שלום 123 (ab) Ende"
MARKUP = "#import <b>fett</b> & *stark* _kursiv_ $x$ \\n {\\rtf} ]]> \"Zitat\" 'Zitat'"
FORMULA = "=cmd()"
LINES = "- erster Punkt\n- zweiter Punkt\n\nNeuer Absatz;mit Semikolon\tund Tabulator"
TEXTS = {
    "20,000 characters": LONG,
    "a word of 80 letters": WORD,
    "emoji": ASTRAL,
    "right to left": RIGHT_TO_LEFT,
    "markup of every kind": MARKUP,
    "a formula": FORMULA,
    "several lines": LINES,
}


@dataclass(frozen=True)
class OddRound:
    """A name for the test and the facts of the round."""

    name: str
    facts: Callable[[], Facts]

    def document(self) -> dict[str, Any]:
        return build(self.facts())


def with_text(text: str) -> Facts:
    """Every text that people write is this text; titles too."""
    names = ("achieved", "next_step", "reason", "consequence", "changed", "obstacles")
    names += ("partners", "cooperation_wanted", "target_group", "evidence_url")
    content = replace(report_content(funding=(Funding(text, text),)), **dict.fromkeys(names, text))
    changed = facts(goals=1, change=lambda item: reporting(item, content, display_text=text))
    return replace(changed, goals=tuple(replace(goal, title=text) for goal in changed.goals))


def reporting(measure: MeasureFact, content: ReportContent, **changes: Any) -> MeasureFact:
    """The measure with an accepted report of this content; needs a lead."""
    if measure.lead is None:
        return replace(measure, **changes)
    report = ReportFact(
        measure.lead,
        ReportState.ACCEPTED,
        first_submitted_at=measure.report.first_submitted_at if measure.report else None,
        content=content,
        revision=1,
    )
    return replace(measure, report=report, **changes)


def _silent(measure: MeasureFact) -> MeasureFact:
    report = measure.report
    return replace(measure, report=report and ReportFact(report.institution, ReportState.EXPECTED))


def _orphan(measure: MeasureFact) -> MeasureFact:
    return replace(measure, lead=None, partners=(), report=None)


def _one_measure() -> Facts:
    found = facts(goals=1)
    return replace(found, measures=found.measures[:1])


def _corrected() -> Facts:
    found = facts(goals=2)
    earlier = (VersionFact(1, "", found.round.published_at - timedelta(days=9)),)
    return replace(
        found,
        round=replace(found.round, version=2, reason="Zahl war falsch", earlier=earlier),
    )


ODD_ROUNDS = (
    OddRound("no measure at all", lambda: facts(goals=0)),
    OddRound("one measure", _one_measure),
    OddRound("no report came in", lambda: facts(goals=2, change=_silent)),
    OddRound("nobody leads", lambda: facts(goals=2, change=_orphan)),
    OddRound("a correction", _corrected),
    OddRound("no demonstration", lambda: facts(goals=2, demonstration=False)),
    *(OddRound(name, lambda text=text: with_text(text)) for name, text in TEXTS.items()),  # type: ignore[misc]
)
