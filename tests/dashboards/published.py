"""Published rounds in a database, straight from documents: dashboards read nothing else."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlmodel import Session

from tests.concept_client import KEY
from tests.factories_snapshot import sha256
from tracker.concept.models import Concept, Edition, EditionState
from tracker.core import audit
from tracker.core.canonical import canonical_json
from tracker.core.periods import Period
from tracker.publication.models import Snapshot, SnapshotPart
from tracker.publication.rules.formats import lift
from tracker.publication.rules.snapshot_parts import split
from tracker.reporting.models import Round
from tracker.reporting.rules.rounds import RoundState

Json = dict[str, Any]


def publish(session: Session, documents: Sequence[Json]) -> None:
    """Write documents as publications, each with the row of its round."""
    concept = Concept(key=KEY, title="Konzept", city="Bielefeld", resolved_on=date(2010, 9, 23))
    session.add(concept)
    session.flush()
    edition = Edition(
        concept_id=concept.id or 0,
        number=1,
        title="Fassung 2010",
        state=EditionState.ADOPTED,
        resolved_on=date(2010, 9, 23),
        valid_from=date(2010, 9, 23),
    )
    session.add(edition)
    session.flush()
    rounds: dict[str, Round] = {}
    for document in documents:
        period = document["round"]["period"]
        if period not in rounds:
            rounds[period] = _round(document, concept.id or 0, edition.id or 0)
            session.add(rounds[period])
            session.flush()
        add_snapshot(session, document, rounds[period].id or 0)


def add_snapshot(session: Session, document: Json, round_id: int) -> None:
    """Write one document and its parts."""
    snapshot = Snapshot(
        round_id=round_id,
        period=document["round"]["period"],
        version=document["round"]["version"],
        document=canonical_json(document),
        sha256=sha256(document),
        reason=document["round"]["reason"],
        published_at=_noon(document["round"]["published_on"]),
    )
    session.add(snapshot)
    session.flush()
    record_published(session, snapshot)
    for part in split(lift(document)):
        session.add(
            SnapshotPart(
                snapshot_id=snapshot.id or 0,
                kind=part.kind,
                key=part.key,
                payload=canonical_json(part.payload),
            )
        )
    session.flush()


def record_published(session: Session, snapshot: Snapshot) -> None:
    """Write what the audit trail says of a publication."""
    round_, at = session.get_one(Round, snapshot.round_id), snapshot.published_at
    audit.record_row(session, round_, "round.publish", by=None, now=at)
    said = {key: getattr(snapshot, key) for key in ("period", "version", "sha256")}
    audit.record_row(session, snapshot, "snapshot.publish", by=None, now=at, after=said)


def _round(document: Json, concept_id: int, edition_id: int) -> Round:
    facts = document["round"]
    period = Period.parse(facts["period"])
    return Round(
        concept_id=concept_id,
        edition_id=edition_id,
        period=period.key,
        period_start=period.start,
        period_end=period.end,
        state=RoundState.PUBLISHED,
        due_on=date.fromisoformat(facts["due_on"]),
        opened_at=_noon(facts["opened_on"]),
        closed_at=_noon(facts["closed_on"]),
        published_at=_noon(facts["published_on"]),
    )


def _noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(11), UTC)
