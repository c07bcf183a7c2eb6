"""A realistic published document without a database: the resolution's measures, invented reports.

document()                        one round, nothing before it
documents(4)                      four rounds in a row, each compared with the one before
build(facts(period="2026-Q3"))    for a test that changes a fact first
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from seed.files import FieldEntry, GoalEntry, InstitutionEntry, MeasureEntry, SeedFiles, read_files
from tracker.definitions import definitions
from tracker.models import MeasureKind
from tracker.rules.canonical import canonical_json, sha256_of
from tracker.rules.content import (
    District,
    Funding,
    IndicatorValue,
    MilestoneLine,
    Participants,
    ParticipantUnit,
    ReportContent,
    StaffUnit,
)
from tracker.rules.facts import (
    ConceptFact,
    Facts,
    FieldFact,
    GoalFact,
    IndicatorFact,
    InstanceFact,
    InstitutionFact,
    MeasureFact,
    PreviousFact,
    ReportFact,
    ReviewedFact,
    RoundFact,
    ZiffFiveFact,
)
from tracker.rules.figures import Value
from tracker.rules.periods import Period, end_of_day
from tracker.rules.reports import Granted, ReportState
from tracker.rules.snapshot import build
from tracker.rules.status import (
    HALTED,
    TROUBLED,
    Asked,
    Course,
    Implementation,
    course_asked,
)

Json = dict[str, Any]
ChangeMeasure = Callable[[MeasureFact], MeasureFact]

LATEST = Period(2026, "Q", 3)


def document(period: str = "2026-Q3", **changes: Any) -> Json:
    """One published round as a document; `changes` go to `facts`."""
    return build(facts(period=period, **changes))


def documents(count: int = 4, *, until: Period = LATEST, **changes: Any) -> list[Json]:
    """Consecutive published rounds, oldest first, each compared with the one before."""
    periods = [until]
    while len(periods) < count:
        periods.insert(0, periods[0].previous())
    found: list[Json] = []
    for period in periods:
        found.append(document(period.key, previous=found[-1] if found else None, **changes))
    return found


def sha256(item: Json) -> str:
    return sha256_of(canonical_json(item))


def facts(
    *,
    period: str = "2026-Q3",
    previous: Json | None = None,
    demonstration: bool = True,
    goals: int = 16,
    change: ChangeMeasure = lambda measure: measure,
) -> Facts:
    """The facts of a round with the first `goals` Oberziele; `change` edits any measure."""
    files = _files()
    shown = [
        replace(field, goals=tuple(goal for goal in field.goals if goal.number <= goals))
        for field in files.fields
    ]
    shown = [field for field in shown if field.goals]
    quarter = Period.parse(period)
    institutions = tuple(_institution(item) for item in files.institutions)
    return Facts(
        demonstration=demonstration,
        instance=InstanceFact(
            name="Integrationskonzept-Controlling",
            city="Stadt Bielefeld",
            office="Kommunales Integrationszentrum",
            committee="Haupt- und Beteiligungsausschuss",
            committee_short="HBA",
        ),
        concept=ConceptFact(
            key=files.concept.key,
            title=files.concept.title,
            resolved_on=files.concept.resolved_on,
            source=files.concept.source,
            edition=files.concept.edition_number,
            edition_title=files.concept.edition_title,
        ),
        round=round_fact(quarter),
        definitions=definitions(),
        principles=tuple((item.key, item.name) for item in files.concept.principles),
        institutions=institutions,
        fields=tuple(FieldFact(item.number, item.name) for item in shown),
        goals=tuple(_goal(goal, field) for field in shown for goal in field.goals),
        measures=tuple(
            change(_measure(entry, field, goal, institutions, quarter))
            for field in shown
            for goal in field.goals
            for entry in goal.measures
        ),
        previous=None if previous is None else PreviousFact(previous, sha256(previous)),
    )


def round_fact(period: Period) -> RoundFact:
    due = period.default_due_on(15)
    return RoundFact(
        period=period,
        due_on=due,
        opened_at=_noon(period.opens_on),
        closed_at=_noon(due + timedelta(days=8)),
        published_at=_noon(due + timedelta(days=18)),
        committee_on=due + timedelta(days=40),
        version=1,
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


@cache
def _files() -> SeedFiles:
    return read_files()


@cache
def _institution(entry: InstitutionEntry) -> InstitutionFact:
    return InstitutionFact(entry.key, entry.name, entry.short_name, entry.kind.value)


def _goal(entry: GoalEntry, field: FieldEntry) -> GoalFact:
    return GoalFact(entry.number, field.number, entry.title, entry.title_annex2, entry.notes)


def _measure(
    entry: MeasureEntry,
    field: FieldEntry,
    goal: GoalEntry,
    institutions: tuple[InstitutionFact, ...],
    period: Period,
) -> MeasureFact:
    chance = _random(entry.code)
    reportable = entry.kind is MeasureKind.MEASURE
    # One reportable measure has no lead yet.
    lead = chance.choice(institutions) if reportable and entry.code != "16.4" else None
    indicators = tuple(
        IndicatorFact(
            item.key,
            item.name,
            item.kind.value,
            item.operator.symbol,
            item.value,
            item.unit,
            item.per_year,
            item.note,
        )
        for item in entry.indicators
    )
    return MeasureFact(
        code=entry.code,
        field=field.number,
        goal=goal.number,
        kind=entry.kind.value,
        reportable=reportable,
        text=entry.text,
        display_text=entry.display_text,
        notes=entry.notes,
        lead=lead,
        partners=tuple(chance.sample(institutions, chance.choice((0, 0, 1, 2)))) if lead else (),
        ziff5=_ziff5(chance),
        indicators=indicators,
        report=_report(entry.code, lead, period, indicators) if lead is not None else None,
    )


def _ziff5(chance: Random) -> ZiffFiveFact:
    if chance.random() < 0.5:
        return ZiffFiveFact()
    amount = chance.choice((None, Decimal(0), Decimal("12500.00")))
    return ZiffFiveFact(
        competence=chance.choice(("own", "shared", "third_party")),
        competence_reason="Die Stadt ist Trägerin der Einrichtungen.",
        short_term=chance.choice(("yes", "no", None)),
        municipal_funding=amount,
        municipal_funding_period="Haushaltsjahr 2026" if amount else "",
    )


_STATES = (
    *[ReportState.ACCEPTED] * 16,
    ReportState.RETURNED,
    ReportState.WAIVED,
    ReportState.DRAFT,
    ReportState.EXPECTED,
)


def _report(
    code: str,
    institution: InstitutionFact,
    period: Period,
    indicators: tuple[IndicatorFact, ...],
) -> ReportFact:
    chance = _random(f"{code} {period.key}")
    state = chance.choice(_STATES)
    due = period.default_due_on(15)
    sent = _noon(due - timedelta(days=chance.choice((12, 8, 3, 1, 0, -2))))
    if state in {ReportState.DRAFT, ReportState.EXPECTED}:
        return ReportFact(institution, state)
    if state is ReportState.WAIVED:
        return ReportFact(institution, state, waived_reason="Träger wechselt in diesem Quartal")
    if state is ReportState.RETURNED:
        return ReportFact(institution, state, first_submitted_at=sent)
    content = _content(chance, code, period, indicators)
    differs = chance.random() < 0.06 and content.implementation is Implementation.IN_PROGRESS
    extended = (Granted(due + timedelta(days=7), _noon(due - timedelta(days=4))),)
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
        unchanged_streak=chance.choice((0, 0, 0, 1, 3)),
        revision=chance.choice((1, 1, 1, 2)),
    )


def _content(
    chance: Random, code: str, period: Period, indicators: tuple[IndicatorFact, ...]
) -> ReportContent:
    # A measure advances slowly: its level is its own, plus the quarters that have passed.
    progress = _random(code).random() * 5 + (period.year - 2026) * 1.2 + period.number * 0.3
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
        districts=(chance.choice(list(District)),),
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


def _random(name: str) -> Random:
    return Random(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]))


def _noon(day: date) -> datetime:
    return min(datetime.combine(day, time(11), UTC), end_of_day(day))
