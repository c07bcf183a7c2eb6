"""Invented reports as the rules accept them: the same for a measure and quarter every time."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.bielefeld import DISTRICTS
from tracker.concept.rules.facts import IndicatorFact, InstitutionFact
from tracker.core.periods import Period, end_of_day
from tracker.publication.rules.facts import ReportFact, ReviewedFact
from tracker.reporting.rules.content import (
    Funding,
    IndicatorValue,
    MilestoneLine,
    Participants,
    ParticipantUnit,
    ReportContent,
    StaffUnit,
)
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import Granted, ReportState
from tracker.reporting.rules.status import (
    HALTED,
    TROUBLED,
    Asked,
    Course,
    Implementation,
    course_asked,
)


def report_content(
    implementation: Implementation = Implementation.IN_PROGRESS,
    course: Course | None = Course.ON_TRACK,
    **changes: Any,
) -> ReportContent:
    """A filled report that the rules accept."""
    needs_reason = course in TROUBLED or implementation in HALTED
    filled = ReportContent(
        implementation=implementation,
        course=course,
        achieved="Zwei Gruppen haben begonnen, die Räume sind zugesagt.",
        next_step="Dritte Gruppe einrichten",
        next_step_on=date(2027, 2, 15),
        reason="Es fehlt eine Fachkraft; die Stelle ist ausgeschrieben." if needs_reason else "",
        consequence=(
            "Der Ausschuss entscheidet über eine befristete Stelle." if course in TROUBLED else ""
        ),
        target_group="Kinder im letzten Kindergartenjahr und ihre Eltern",
    )
    return replace(filled, **changes)


_STATES = (
    *[ReportState.ACCEPTED] * 16,
    ReportState.RETURNED,
    ReportState.WAIVED,
    ReportState.DRAFT,
    ReportState.EXPECTED,
)


def report_of(
    code: str,
    institution: InstitutionFact,
    period: Period,
    indicators: tuple[IndicatorFact, ...],
) -> ReportFact:
    chance = chance_of(f"{code} {period.key}")
    state = chance.choice(_STATES)
    due = period.default_due_on(15)
    sent = noon(due - timedelta(days=chance.choice((12, 8, 3, 1, 0, -2))))
    if state in {ReportState.DRAFT, ReportState.EXPECTED}:
        return ReportFact(institution, state)
    if state is ReportState.WAIVED:
        return ReportFact(institution, state, waived_reason="Träger wechselt")
    if state is ReportState.RETURNED:
        return ReportFact(institution, state, first_submitted_at=sent)
    content = _content(chance, code, period, indicators)
    differs = chance.random() < 0.06 and content.implementation is Implementation.IN_PROGRESS
    extended = (Granted(due + timedelta(days=7), noon(due - timedelta(days=4))),)
    return ReportFact(
        institution,
        state,
        first_submitted_at=sent,
        extensions=extended if chance.random() < 0.1 else (),
        on_behalf=chance.random() < 0.05,
        content=content,
        reviewed=(
            ReviewedFact(
                Value(Implementation.PLANNED, content.course),
                "Bisher liegen nur Absprachen vor, noch keine Aktivität vor Ort.",
            )
            if differs
            else None
        ),
        dissent="Die erste Gruppe trifft sich seit September." if differs else None,
        unchanged=chance.random() < 0.15,
        revision=chance.choice((1, 1, 1, 2)),
    )


def _content(
    chance: Random, code: str, period: Period, indicators: tuple[IndicatorFact, ...]
) -> ReportContent:
    # A measure advances slowly: its level is its own, plus the quarters that have passed.
    progress = chance_of(code).random() * 5 + (period.year - 2026) * 1.2 + period.number * 0.3
    ladder = list(Implementation)[:5]
    implementation = ladder[max(0, min(4, int(progress)))]
    if chance.random() < 0.05:
        implementation = chance.choice((Implementation.DEFERRED, Implementation.DROPPED))
    course = None
    if course_asked(implementation) is Asked.REQUIRED:
        course = chance.choice(
            (*[Course.ON_TRACK] * 7, Course.AT_RISK, Course.AT_RISK, Course.CRITICAL)
        )
    people = chance.choice((3, 12, 48, 120))
    return report_content(
        implementation,
        course,
        participants=(
            Participants(ParticipantUnit.PERSONS, people),
            Participants(ParticipantUnit.PARTICIPATIONS, people * 4),
        ),
        events=chance.choice((None, 0, 2, 6)),
        staff=chance.choice((None, Decimal("0.5"), Decimal("1.25"))),
        staff_unit=StaffUnit.FTE,
        cost_planned=chance.choice((None, Decimal("4000.00"))),
        cost_actual=chance.choice((None, Decimal("3750.50"))),
        funding=(
            Funding(
                "Land Nordrhein-Westfalen", "KOMM-AN NRW", chance.choice((None, Decimal(9000)))
            ),
        )
        if chance.random() < 0.4
        else (),
        districts=(chance.choice(list(DISTRICTS)),),
        indicators=tuple(
            IndicatorValue(item.key, Decimal(chance.randint(0, 3)))
            for item in indicators
            if item.kind == "target"
        ),
        milestones=(
            MilestoneLine("Auftakt", period.start, period.start + timedelta(days=10)),
            MilestoneLine("Zwischenstand im Beirat", period.next().start),
        ),
    )


def chance_of(name: str) -> Random:
    return Random(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]))


def noon(day: date) -> datetime:
    return min(datetime.combine(day, time(11), UTC), end_of_day(day))
