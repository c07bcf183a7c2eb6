"""Everything a publication records about a round, read with a fixed number of statements.

The names of institutions as of its Stichtag and the labels of today are read here once; from then
on the snapshot has them (domain.md 7).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session, col

from tracker.concept.queries.concept import read_concept
from tracker.concept.rules.facts import ConceptMeasure, EditionHead, InstitutionFact
from tracker.core.instance import instance_value
from tracker.core.periods import Period
from tracker.core.settings import Settings
from tracker.publication.definitions import definitions
from tracker.publication.models import Snapshot
from tracker.publication.queries import published
from tracker.publication.queries.sections import sections
from tracker.publication.rules.document import ConceptRecord, InstanceRecord
from tracker.publication.rules.facts import (
    EarlierFact,
    Facts,
    Instance,
    MeasureFact,
    ReportFact,
    ReviewedFact,
    RoundFact,
    VersionFact,
)
from tracker.publication.rules.snapshot_parts import EFFECT, OVERVIEW
from tracker.reporting.models import Report, ReportRevision, Round
from tracker.reporting.rounds.queries.round_list import granted_in
from tracker.reporting.rules.content import from_dict
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import Granted, ReportState
from tracker.reporting.words import districts_of

DEMONSTRATION = "demonstration"


def instance_of(settings: Settings) -> Instance:
    record: InstanceRecord = {
        "name": settings.instance_name,
        "city": settings.city,
        "office": settings.office_name,
        "committee": settings.committee_name,
        "committee_short": settings.committee_short,
        "contact": settings.contact_email,
        "origin": {
            "publisher": settings.publisher,
            "licence": settings.licence,
            "data_portal": settings.data_portal,
            "district_key": settings.district_key,
            "centre": settings.centre,
        },
    }
    return Instance(record, districts_of(settings))


def publication_facts(
    session: Session, *, round_: Round, instance: Instance, reason: str, now: datetime
) -> Facts:
    """Return what a publication of this round at `now` records: the concept as of its Stichtag.

    Who leads is who was asked when the round was opened.

    The number of statements is fixed: it grows neither with measures nor with rounds.
    """
    earlier = _earlier_versions(session, round_)
    opened_at, closed_at = round_.opened_at or now, round_.closed_at or now
    concept = read_concept(session, edition_id=round_.edition_id, day=round_.period_end)
    reports = _reports(session, round_, concept.institutions)
    return Facts(
        demonstration=instance_value(session, key=DEMONSTRATION) is not None,
        instance=instance.record,
        concept=_concept(concept.edition, as_of=round_.period_end),
        round=RoundFact(
            period=Period.parse(round_.period),
            due_on=round_.due_on,
            opened_at=opened_at,
            closed_at=closed_at,
            published_at=now,
            committee_on=round_.committee_on,
            version=len(earlier) + 1,
            reason=reason,
            earlier=earlier,
        ),
        definitions=definitions(
            instance.districts.offered(
                key
                for report in reports.values()
                if report.content
                for key in report.content.districts
            )
        ),
        principles=tuple((principle.key, principle.name) for principle in concept.principles),
        institutions=concept.active_institutions,
        fields=concept.fields,
        goals=concept.goals,
        measures=tuple(
            _measure(measure, reports.get(measure.id), round_.period_end)
            for measure in concept.measures
            if measure.id in reports or not measure.is_retired_on(round_.period_end)
        ),
        earlier=_rounds_before(
            session,
            round_,
            [
                measure.key
                for measure in concept.measures
                if measure.id in reports and reports[measure.id].unchanged
            ],
        ),
        sections=sections(session, round_=round_, now=now),
    )


def _concept(edition: EditionHead, *, as_of: date) -> ConceptRecord:
    return {
        "key": edition.key,
        "title": edition.title,
        "resolved_on": edition.resolved_on.isoformat(),
        "source": edition.source,
        "edition": edition.number,
        "edition_title": edition.edition_title,
        "in_force_on": edition.valid_from.isoformat(),
        "as_of": as_of.isoformat(),
    }


def _earlier_versions(session: Session, round_: Round) -> tuple[VersionFact, ...]:
    statement = (
        select(col(Snapshot.version), col(Snapshot.reason), col(Snapshot.published_at))
        .where(col(Snapshot.round_id) == round_.id)
        .order_by(col(Snapshot.version))
    )
    return tuple(VersionFact(*row) for row in session.execute(statement))


def _rounds_before(
    session: Session, round_: Round, confirmed: Collection[str]
) -> tuple[EarlierFact, ...]:
    """Return the earlier rounds of the concept in the versions in force, the newest first.

    Of the measures `confirmed` unchanged in this round they say whether they were then. Read from
    their parts: four statements at most, however many rounds there are.
    """
    earlier = [
        publication
        for publication in published.current(session, concept_id=round_.concept_id)
        if publication.as_of < round_.period_end
    ]
    parts = zip(
        earlier,
        published.parts(session, earlier, OVERVIEW),
        published.parts(session, earlier, EFFECT),
        published.confirmed_unchanged(session, earlier, keys=confirmed),
        strict=True,
    )
    return tuple(
        EarlierFact.of(
            overview["round"], publication.sha256, overview["measures"], effect["measures"], keys
        )
        for publication, overview, effect, keys in parts
    )


def _measure(measure: ConceptMeasure, report: ReportFact | None, day: date) -> MeasureFact:
    lead = measure.lead_on(day)
    partners = [part.institution for part in measure.partners_on(day)]
    return MeasureFact(
        **{field.name: getattr(measure, field.name) for field in fields(measure)},
        lead=report.institution if report else lead.institution if lead else None,
        partners=tuple(sorted(partners, key=lambda institution: institution.key)),
        report=report,
    )


def _reports(
    session: Session, round_: Round, institutions: Mapping[int, InstitutionFact]
) -> dict[int, ReportFact]:
    granted = granted_in(session, [round_.id or 0])
    statement = (
        select(
            *Report.__table__.columns,  # type: ignore[attr-defined]
            col(ReportRevision.content).label("content"),
        )
        .outerjoin(
            ReportRevision,
            (col(ReportRevision.report_id) == col(Report.id))
            & (col(ReportRevision.number) == col(Report.revision)),
        )
        .where(col(Report.round_id) == round_.id)
    )
    return {
        row.measure_id: _report(
            row,
            institutions[row.institution_id],
            granted.of(row.round_id, row.id, row.institution_id),
        )
        for row in session.execute(statement)
    }


def _report(
    row: Row[Any], institution: InstitutionFact, extensions: Sequence[Granted]
) -> ReportFact:
    accepted = row.state is ReportState.ACCEPTED
    reviewed = None
    if row.reviewed_implementation is not None:
        value = Value(row.reviewed_implementation, row.reviewed_course)
        reviewed = ReviewedFact(value, row.reviewed_reason)
    return ReportFact(
        institution=institution,
        state=row.state,
        first_submitted_at=row.first_submitted_at,
        extensions=tuple(extensions),
        on_behalf=row.on_behalf,
        waived_reason=row.waived_reason,
        content=from_dict(row.content) if accepted else None,
        reviewed=reviewed if accepted else None,
        dissent=row.dissent if accepted else None,
        unchanged=row.unchanged,
        revision=row.revision,
    )
