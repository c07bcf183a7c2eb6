"""What is stored that a rule of today would not admit: kept as it is, for the KI to decide.

`tracker db upgrade --check` asks a rehearsed database, the KI's page the present one. A migration
that brings a stricter rule brings a function here; nothing is dropped or guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, combinations, groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, and_, cast, func, select, true
from sqlmodel import Session, col

from tracker.accounts.models import Account
from tracker.accounts.queries.representation import Term, term_of
from tracker.concept.models import (
    Concept,
    Edition,
    EditionField,
    EditionGoal,
    EditionMeasure,
    Entry,
    EntryKind,
    Institution,
    Measure,
)
from tracker.concept.queries.concept import newest, wording_in
from tracker.concept.queries.entries import short_name_on
from tracker.core.columns import columns
from tracker.core.german import counted, day, is_in_cents, listed, number, plural
from tracker.core.models import SeedRecord
from tracker.core.periods import Period
from tracker.core.permissions import Function
from tracker.core.text import alphabetical
from tracker.reporting.models import Contribution, Report, ReportRevision, Round
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.words import REPORT_FIELD

# Id and key of the concept, id and number of the Fassung, id of the measure, code, vorrangig: of
# every Fassung of a concept, in order.
Measures = Sequence[Row[*tuple[Any, ...]]]
# A list of codes is cut here: the page behind the link shows all measures.
MOST_CODES = 10


@dataclass(frozen=True)
class Finding:
    """What it is about, a German sentence with the remedy, and the page where the KI decides it.

    A page of a concept has its path without the concept, and `concept_id`.
    """

    subject: str
    sentence: str
    path: str
    concept_id: int | None = None


def findings(
    session: Session, *, today: date, concepts: Collection[int] | None = None
) -> tuple[Finding, ...]:
    """Return everything to decide, of these concepts only; empty once it is decided."""
    rows = _measures(session, concepts)
    by_concept = [list(of_one) for _, of_one in groupby(rows, attrgetter("concept_id"))]
    return (
        *two_representatives(session, today=today),
        *fine_amounts_of_measures(session, today=today, concepts=concepts),
        *fine_amounts_of_reports(session, concepts),
        *fine_amounts_of_contributions(session, today=today, concepts=concepts),
        *chain.from_iterable(prioritised_by_nobody(session, measures) for measures in by_concept),
        *chain.from_iterable(map(addresses_without_measure, by_concept)),
    )


def two_representatives(session: Session, *, today: date) -> Iterator[Finding]:
    """Institutions that have two benannte Vertretungen on a day to come; what is over may stay."""
    named = and_(
        col(Account.function) == Function.REPRESENTATIVE, col(Account.deactivated_at).is_(None)
    )
    several = select(col(Account.institution_id)).where(named).group_by(col(Account.institution_id))
    people = session.execute(
        select(Account, short_name_on(today))
        .join(Institution, col(Institution.id) == col(Account.institution_id))
        .where(named, col(Institution.id).in_(several.having(func.count() > 1)))
        .order_by(col(Account.id))
    ).all()
    terms: defaultdict[tuple[int | None, str], list[Term]] = defaultdict(list)
    for account, institution in sorted(
        people, key=lambda pair: (alphabetical(pair[1]), alphabetical(pair[0].name))
    ):
        terms[account.institution_id, institution].append(term_of(account))
    for (_, institution), of_institution in terms.items():
        for one, other in combinations(of_institution, 2):
            first = max(one.first, other.first, today)
            if not (one.over(first) or other.over(first)):
                yield Finding(
                    institution,
                    f"Ab {day(first)} gibt es zwei benannte Vertretungen zugleich, "
                    f"{one.name} und {other.name}. Bitte schalten Sie das Konto ab, das nicht mehr "
                    "gelten soll.",
                    "/konten",
                )


def _one_of(column: Any, concepts: Collection[int] | None) -> ColumnElement[bool]:
    return true() if concepts is None else col(column).in_(concepts)


def fine_amounts_of_measures(
    session: Session, *, today: date, concepts: Collection[int] | None
) -> Iterator[Finding]:
    entered = (
        select(*columns(Entry.measure_id, Entry.municipal_funding))
        .where(
            col(Entry.kind) == EntryKind.FUNDING,
            col(Entry.replaced_at).is_(None),
            col(Entry.valid_from) <= today,
        )
        .order_by(col(Entry.valid_from))
    )
    # Of the entries of a measure the last one holds.
    amounts = {row.measure_id: row.municipal_funding for row in session.execute(entered)}
    statement = (
        select(*columns(Measure.id, Measure.concept_id, EditionMeasure.code))
        .join(EditionMeasure, newest(EditionMeasure.measure_id, col(Measure.id), day=today))
        .where(_one_of(Measure.concept_id, concepts))
        .order_by(col(Measure.id))
    )
    for measure_id, concept_id, code in session.execute(statement):
        amount = amounts.get(measure_id)
        if amount is not None and not is_in_cents(Decimal(amount)):
            yield Finding(
                f"Maßnahme {code}",
                f"Die städtische Förderung von {number(amount)} Euro hat mehr "
                "als zwei Nachkommastellen. Bitte runden Sie sie.",
                f"/konzept/massnahme/{code}/bearbeiten",
                concept_id,
            )


def fine_amounts_of_reports(
    session: Session, concepts: Collection[int] | None
) -> Iterator[Finding]:
    """Amounts in drafts and last revisions of rounds that are not published (yet, or again)."""
    statement = (
        _reports(col(Report.draft), col(ReportRevision.content))
        .outerjoin(
            ReportRevision,
            and_(
                col(ReportRevision.report_id) == col(Report.id),
                col(ReportRevision.number) == col(Report.revision),
            ),
        )
        .where(_one_of(Round.concept_id, concepts))
        .order_by(col(Report.id))
    )
    for id_, period, code, draft, submitted in session.execute(statement):
        yield from _fine_amounts(draft or submitted or {}, id_, period, code, "Meldung")


def fine_amounts_of_contributions(
    session: Session, *, today: date, concepts: Collection[int] | None
) -> Iterator[Finding]:
    statement = (
        _reports(col(Contribution.content), short_name_on(today))
        .join(Contribution, col(Contribution.report_id) == col(Report.id))
        .join(Institution, col(Institution.id) == col(Contribution.institution_id))
        .where(_one_of(Round.concept_id, concepts))
        .order_by(col(Contribution.id))
    )
    for id_, period, code, content, partner in session.execute(statement):
        yield from _fine_amounts(content, id_, period, code, f"Beitrag von {partner}")


def _reports(*wanted: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns(Report.id, Round.period, EditionMeasure.code), *wanted)
        .join(Round, col(Round.id) == col(Report.round_id))
        .join(EditionMeasure, wording_in(col(Report.measure_id), col(Round.edition_id)))
        .where(col(Round.state).not_in([RoundState.PUBLISHED, RoundState.CANCELLED]))
    )


def _fine_amounts(
    content: Mapping[str, Any], report_id: int, period: str, code: str, where: str
) -> Iterator[Finding]:
    amounts = [(name, content.get(name)) for name in ("cost_planned", "cost_actual")]
    amounts += [("funding", line.get("amount")) for line in content.get("funding", ())]
    for name, amount in amounts:
        if amount is not None and not is_in_cents(Decimal(amount)):
            yield Finding(
                f"{Period.parse(period).label}, Maßnahme {code}, {where}",
                f"{REPORT_FIELD[name]}: {number(amount)} Euro, mehr als zwei Nachkommastellen. "
                "Bitte lassen Sie den Betrag berichtigen.",
                f"/pruefung/{report_id}",
            )


def prioritised_by_nobody(session: Session, measures: Measures) -> Iterator[Finding]:
    """Measures that are vorrangig by default: it is entered, never assumed (002, Ziff. 4)."""
    recorded = select(col(SeedRecord.key)).where(
        col(SeedRecord.entity) == "edition_measure",
        # As text: a database reads that faster than we every wording that was seeded.
        cast(col(SeedRecord.values), Text).contains('"prioritised"'),
    )
    seeded = set(session.execute(recorded).scalars())
    entries = select(*columns(Entry.edition_id, Entry.measure_id)).where(
        col(Entry.kind) == EntryKind.PRIORITISED
    )
    decided = {(row.edition_id, row.measure_id) for row in session.execute(entries)}
    codes = [
        row.code
        for row in measures
        if row.prioritised
        and f"{row.key}/{row.number}/{row.code}" not in seeded
        and (row.id, row.measure_id) not in decided
    ]
    if codes:
        yield Finding(
            counted(len(codes), "Maßnahme", "Maßnahmen"),
            f"{plural(len(codes), 'Gilt', 'Gelten')} als vorrangig, ohne dass es jemand "
            f"eingetragen hat: {_cut(codes)}. Für die Maßnahmen der Anlage 3 trägt "
            "es die Betriebsstelle mit „tracker seed“ ein (Ziff. 4 des Beschlusses); für andere "
            "wählen Sie bei der Maßnahme „ja“ oder „nein“.",
            "/konzept/",
            measures[0].concept_id,
        )


def addresses_without_measure(measures: Measures) -> Iterator[Finding]:
    """Codes of earlier Fassungen that name nothing now: addresses in mails and bookmarks do."""
    last = max(row.id for row in measures)
    known = {row.code for row in measures if row.id == last}
    codes = list(dict.fromkeys(row.code for row in measures if row.code not in known))
    if codes:
        yield Finding(
            counted(len(codes), "Adresse", "Adressen"),
            f"Zu {_cut(codes)} aus früheren Fassungen gibt es keine Maßnahme mehr: Lesezeichen und "
            "Links in Mails führen ins Leere. Bitte entscheiden Sie, was an ihre Stelle tritt.",
            "/konzept/",
            measures[0].concept_id,
        )


def _measures(session: Session, concepts: Collection[int] | None) -> Measures:
    statement = (
        select(*columns(Edition.concept_id, Concept.key, Edition.id, Edition.number))
        .add_columns(*columns(EditionMeasure.measure_id, EditionMeasure.code))
        .add_columns(col(EditionMeasure.prioritised))
        .select_from(Concept)
        .join(Edition, col(Edition.concept_id) == col(Concept.id))
        .join(EditionField, col(EditionField.edition_id) == col(Edition.id))
        .join(EditionGoal, col(EditionGoal.edition_field_id) == col(EditionField.id))
        .join(EditionMeasure, col(EditionMeasure.edition_goal_id) == col(EditionGoal.id))
        .where(_one_of(Edition.concept_id, concepts))
        .order_by(*columns(Edition.concept_id, Edition.id))
        .order_by(*columns(EditionField.position, EditionGoal.position, EditionMeasure.position))
    )
    return session.execute(statement).all()


def _cut(codes: Sequence[str]) -> str:
    more = len(codes) - MOST_CODES
    return listed([*codes[:MOST_CODES], *([f"{more} weitere"] if more > 0 else [])])
