"""A realistic published document without a database: the resolution's measures, invented reports.

document()                        one round, nothing before it
documents(4)                      four rounds in a row, each compared with the one before
build(facts(period="2026-Q3"))    for a test that changes a fact first
"""

import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache, lru_cache
from random import Random
from typing import Any

from seed.files import FieldEntry, GoalEntry, InstitutionEntry, MeasureEntry, SeedFiles, read_files
from tests.bielefeld import DISTRICTS
from tests.factories_reports import chance_of, noon, report_of
from tracker.concept.models import MeasureKind
from tracker.concept.rules.facts import (
    FieldFact,
    GoalFact,
    InstitutionFact,
    ZiffFiveFact,
)
from tracker.core.canonical import canonical_json, sha256_of
from tracker.core.periods import Period
from tracker.publication.definitions import definitions
from tracker.publication.rules.document import ConceptRecord, InstanceRecord
from tracker.publication.rules.facts import (
    EarlierFact,
    Facts,
    MeasureFact,
    RoundFact,
)
from tracker.publication.rules.snapshot import build

Json = dict[str, Any]
ChangeMeasure = Callable[[MeasureFact], MeasureFact]

LATEST = Period(2026, "Q", 3)
INSTANCE: InstanceRecord = {
    "name": "Integrationskonzept-Controlling",
    "city": "Stadt Bielefeld",
    "office": "Kommunales Integrationszentrum",
    "committee": "Haupt- und Beteiligungsausschuss",
    "committee_short": "HBA",
    "contact": "ki@bielefeld.example",
    "origin": {
        "publisher": "Stadt Bielefeld, Kommunales Integrationszentrum",
        "licence": "dl-by-de/2.0",
        "data_portal": "",
        "district_key": "05711",
        "centre": "8.53 52.02",
    },
}


def document(period: str = "2026-Q3", *, previous: Json | None = None, **changes: Any) -> Json:
    """One published round as a document; `changes` go to `facts`."""
    if previous is not None:
        return build(facts(period=period, previous=previous, **changes))
    return documents(1, until=Period.parse(period), **changes)[0]


def documents(count: int = 4, *, until: Period = LATEST, **changes: Any) -> list[Json]:
    """Consecutive published rounds, oldest first, each compared with the one before."""
    made: list[Json] = pickle.loads(_pickled(count, until, **changes))
    return made


@lru_cache(maxsize=64)
def _pickled(count: int, until: Period, **changes: Any) -> bytes:
    """Made once: a test that asks again gets a copy, in a thirtieth of the time."""
    periods = [until]
    while len(periods) < count:
        periods.insert(0, periods[0].previous())
    found: list[Json] = []
    for period in periods:
        found.append(build(facts(period=period.key, earlier=found, **changes)))
    return pickle.dumps(found)


def sha256(item: Json) -> str:
    return sha256_of(canonical_json(item))


def facts(
    *,
    period: str = "2026-Q3",
    previous: Json | None = None,
    earlier: Sequence[Json] = (),
    demonstration: bool = True,
    goals: int = 16,
    change: ChangeMeasure = lambda measure: measure,
) -> Facts:
    """The facts of a round with the first `goals` Oberziele; `change` edits any measure.

    `earlier` are documents of the rounds before, oldest first; `previous` is the only one.
    """
    before = [*earlier, *([previous] if previous is not None else [])]
    files = _files()
    shown = [
        replace(field, goals=tuple(goal for goal in field.goals if int(goal.code) <= goals))
        for field in files.fields
    ]
    shown = [field for field in shown if field.goals]
    quarter = Period.parse(period)
    institutions = tuple(_institution(item) for item in files.institutions)
    return Facts(
        demonstration=demonstration,
        instance=INSTANCE,
        concept=ConceptRecord(
            key=files.concept.key,
            title=files.concept.title,
            resolved_on=files.concept.resolved_on.isoformat(),
            source=files.concept.source,
            edition=files.concept.edition_number,
            edition_title=files.concept.edition_title,
            in_force_on=files.concept.resolved_on.isoformat(),
            as_of=quarter.end.isoformat(),
        ),
        round=round_fact(quarter),
        definitions=definitions(DISTRICTS),
        principles=files.concept.principles,
        institutions=institutions,
        fields=tuple(FieldFact(item.code, item.name, key=item.code) for item in shown),
        goals=tuple(_goal(goal, field) for field in shown for goal in field.goals),
        measures=tuple(
            change(_measure(entry, field, goal, institutions, quarter))
            for field in shown
            for goal in field.goals
            for entry in goal.measures
        ),
        earlier=tuple(earlier_fact(item) for item in reversed(before)),
    )


def earlier_fact(item: Json) -> EarlierFact:
    confirmed = [line["key"] for line in item["measures"] if line["unchanged_confirmed"]]
    return EarlierFact.of(
        item["round"], sha256(item), item["measures"], item["measures"], confirmed
    )


def round_fact(period: Period) -> RoundFact:
    due = period.default_due_on(15)
    return RoundFact(
        period=period,
        due_on=due,
        opened_at=noon(period.opens_on),
        closed_at=noon(due + timedelta(days=8)),
        published_at=noon(due + timedelta(days=18)),
        committee_on=due + timedelta(days=40),
        version=1,
    )


@cache
def _files() -> SeedFiles:
    return read_files()


@cache
def _institution(entry: InstitutionEntry) -> InstitutionFact:
    return InstitutionFact(entry.key, entry.name, entry.short_name, entry.kind.value)


def _goal(entry: GoalEntry, field: FieldEntry) -> GoalFact:
    return GoalFact(
        entry.code, field.code, entry.title, entry.title_annex2, entry.notes, key=entry.code
    )


def _measure(
    entry: MeasureEntry,
    field: FieldEntry,
    goal: GoalEntry,
    institutions: tuple[InstitutionFact, ...],
    period: Period,
) -> MeasureFact:
    chance = chance_of(entry.code)
    reportable = entry.kind is MeasureKind.MEASURE
    # One reportable measure has no lead yet.
    lead = chance.choice(institutions) if reportable and entry.code != "16.4" else None
    indicators = tuple(replace(item, kind=str(item.kind)) for item in entry.indicators)
    return MeasureFact(
        key=entry.code,
        code=entry.code,
        field=field.code,
        goal=goal.code,
        kind=entry.kind.value,
        reportable=reportable,
        text=entry.text,
        display_text=entry.display_text,
        notes=entry.notes,
        lead=lead,
        partners=tuple(chance.sample(institutions, chance.choice((0, 0, 1, 2)))) if lead else (),
        ziff5=_ziff5(chance),
        indicators=indicators,
        report=report_of(entry.code, lead, period, indicators) if lead is not None else None,
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
