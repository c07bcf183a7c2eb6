"""Published rounds of none, one, two and some measures, for what is said of so few."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.factories_reports import report_content
from tests.factories_snapshot import facts
from tests.papers.odd_rounds import reporting
from tracker.concept.rules.facts import ZiffFiveFact
from tracker.publication.rules.facts import Facts, MeasureFact, ReportFact
from tracker.publication.rules.snapshot import build
from tracker.reporting.rules.content import Funding, Participants, ParticipantUnit, ReportContent
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Course, Implementation

Json = dict[str, Any]
Told = Callable[[MeasureFact], MeasureFact]


def _full(course: Course = Course.CRITICAL, **changes: Any) -> ReportContent:
    """One of everything that is counted."""
    filled: dict[str, Any] = {
        "participants": (Participants(ParticipantUnit.PERSONS, 3),),
        "events": 1,
        "cost_planned": Decimal(100),
        "cost_actual": Decimal(150),
        "funding": (Funding("ESF", "", None),),
    }
    return report_content(Implementation.IN_PROGRESS, course, **filled | changes)


def troubled(measure: MeasureFact) -> MeasureFact:
    known = ZiffFiveFact(
        competence="own",
        short_term="yes",
        municipal_funding=Decimal(0),
        competence_reason="",
    )
    return reporting(measure, _full(), ziff5=known)


def planned(measure: MeasureFact) -> MeasureFact:
    content = _full(
        Course.ON_TRACK,
        events=0,
        cost_actual=Decimal(50),
        funding=(Funding("ESF", "", Decimal(10)), Funding("Land", "", Decimal(10))),
        participants=(Participants(ParticipantUnit.PERSONS, 48),),
    )
    return reporting(measure, content, ziff5=ZiffFiveFact(competence="own"))


def fulfilled(measure: MeasureFact) -> MeasureFact:
    content = report_content(Implementation.COMPLETED, None, participants=())
    return reporting(measure, content, ziff5=ZiffFiveFact())


def silent(measure: MeasureFact) -> MeasureFact:
    lead = measure.lead
    report = ReportFact(lead, ReportState.EXPECTED) if lead else None
    return replace(measure, report=report, ziff5=ZiffFiveFact())


def waived(measure: MeasureFact) -> MeasureFact:
    report = measure.report and replace(
        ReportFact(measure.report.institution, ReportState.WAIVED), waived_reason="Ruht."
    )
    return replace(measure, report=report)


def without_lead(measure: MeasureFact) -> MeasureFact:
    return replace(measure, lead=None, partners=(), report=None)


def round_of(*told: Told, period: str = "2026-Q3", earlier: tuple[Json, ...] = ()) -> Json:
    """A round with one measure for each of `told`, which says what is known of it."""
    found: Facts = facts(period=period, earlier=earlier, goals=16)
    chosen = [item for item in found.measures if item.reportable and item.lead][: len(told)]
    measures = tuple(say(item) for say, item in zip(told, chosen, strict=True))
    goals = {item.goal for item in measures}
    fields = {item.field for item in measures}
    return build(
        replace(
            found,
            measures=measures,
            goals=tuple(item for item in found.goals if item.code in goals),
            fields=tuple(item for item in found.fields if item.code in fields),
        )
    )


def rounds_of(before: tuple[Told, ...], now: tuple[Told, ...]) -> tuple[Json, ...]:
    """Two rounds, the older one first."""
    older = round_of(*before, period="2026-Q2")
    return older, round_of(*now, earlier=(older,))


# What is known in one round, or in the round before and in this one.
WORLDS: dict[str, Callable[[], tuple[Json, ...]]] = {
    "no measure": lambda: (round_of(),),
    "one, troubled": lambda: (round_of(troubled),),
    "one, silent": lambda: (round_of(silent),),
    "one, waived": lambda: (round_of(waived),),
    "one, without lead": lambda: (round_of(without_lead),),
    "one, worse": lambda: rounds_of((planned,), (troubled,)),
    "one, fulfilled": lambda: rounds_of((troubled,), (fulfilled,)),
    "one, silent again": lambda: rounds_of((silent,), (silent,)),
    "one, then two": lambda: rounds_of((troubled,), (troubled, planned)),
    "two, the same": lambda: rounds_of((troubled, troubled), (troubled, troubled)),
    "two, both planned": lambda: rounds_of((silent, silent), (planned, planned)),
    "two, one silent": lambda: rounds_of((troubled, planned), (troubled, silent)),
    "two, silent": lambda: rounds_of((troubled, planned), (silent, waived)),
    "some": lambda: rounds_of(
        (troubled, planned, silent, waived, without_lead, planned),
        (planned, troubled, fulfilled, silent, without_lead, planned),
    ),
}
