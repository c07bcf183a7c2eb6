"""Publishing a round: the snapshot is written and never changed again (domain.md 5 and 7)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.concept.models import EditionGoal, EditionMeasure
from tracker.concept.queries.concept import wording_in
from tracker.core import audit
from tracker.core.canonical import canonical_json
from tracker.core.columns import columns
from tracker.core.errors import Forbidden, IllegalTransition
from tracker.core.german import plural
from tracker.core.permissions import Actor, require_concept
from tracker.publication.models import Snapshot, SnapshotPart
from tracker.publication.queries import published
from tracker.publication.queries.publication_facts import publication_facts
from tracker.publication.rules.correction import differing
from tracker.publication.rules.document import Document
from tracker.publication.rules.facts import Instance
from tracker.publication.rules.recording import recorded
from tracker.publication.rules.snapshot import build
from tracker.publication.rules.snapshot_parts import split
from tracker.reporting.models import Report, Round
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.rounds import RoundEvent, RoundState
from tracker.reporting.words import ROUND_EVENT

_NAMED = 8


class UnchangedCorrection(IllegalTransition):
    """A correction says nothing else than the version published last."""

    def __init__(self, version: int) -> None:
        self.what = f"Diese Korrektur ändert nichts an Fassung {version}."
        super().__init__(
            f"{self.what} Bitte berichtigen Sie zuerst, was falsch war, oder verwerfen Sie die "
            "Korrektur.",
            possible=(ROUND_EVENT[RoundEvent.ABANDON].text,),
        )


def publish(
    session: Session, *, round_: Round, by: Actor | None, now: datetime, instance: Instance
) -> Snapshot:
    """Publish a closed round and return its snapshot: version 1, or n+1 after a correction.

    A correction's reason is the one with which it was begun (`rounds.correct`). Raises Forbidden
    for anybody but the KI, and IllegalTransition when the round is not closed, a report still
    waits for its review; UnchangedCorrection when a correction changes nothing.
    """
    if by is not None and not by.is_coordination:
        raise Forbidden("Veröffentlichen kann nur die koordinierende Stelle.")
    require_concept(by, round_.concept_id)
    if round_.state is RoundState.CLOSED:
        _refuse_unreviewed(session, round_=round_)
    rounds.advance(session, round_=round_, event=RoundEvent.PUBLISH, by=by, now=now)
    can_be_abandoned = round_.before_correction is not None
    round_.published_at, round_.before_correction = now, None
    session.flush()
    reason = round_.correction_reason
    document = build(
        publication_facts(session, round_=round_, instance=instance, reason=reason, now=now)
    )
    if can_be_abandoned:
        require_changed(before(session, round_=round_), document)
    snapshot = _record(session, round_, document, by=by, now=now)
    if snapshot.version > 1:
        rounds.renew_previous(session, round_=round_)
    return snapshot


def _record(
    session: Session, round_: Round, document: Document, *, by: Actor | None, now: datetime
) -> Snapshot:
    """Write the snapshot, its parts and the entry in the audit trail."""
    text, sha256 = recorded(document)
    snapshot = Snapshot(
        round_id=_key(round_.id),
        period=round_.period,
        version=document["round"]["version"],
        document=text,
        sha256=sha256,
        reason=document["round"]["reason"],
        published_at=now,
        published_by_id=by.account_id if by is not None else None,
    )
    session.add(snapshot)
    session.flush()
    session.add_all(
        SnapshotPart(
            snapshot_id=_key(snapshot.id),
            kind=part.kind,
            key=part.key,
            payload=canonical_json(part.payload),
        )
        for part in split(document)
    )
    audit.record_row(
        session,
        snapshot,
        "snapshot.publish",
        by=by,
        now=now,
        after={"period": snapshot.period, "version": snapshot.version, "sha256": snapshot.sha256},
    )
    session.flush()
    return snapshot


def before(session: Session, *, round_: Round) -> Document | None:
    """Return the newest published version of a round; None where there is none."""
    known = published.versions(session, concept_id=round_.concept_id)
    newest = next((one for one in known if one.period == round_.period), None)
    return None if newest is None else published.read(published.document_text(session, newest))


def require_changed(before: Document | None, after: Document) -> None:
    """Raise UnchangedCorrection where a new version of a round corrects nothing."""
    if before is not None and not differing(before, after):
        raise UnchangedCorrection(before["round"]["version"])


def _refuse_unreviewed(session: Session, *, round_: Round) -> None:
    waiting = session.execute(
        select(col(EditionMeasure.code))
        .join(Report, wording_in(col(Report.measure_id), col(EditionMeasure.edition_id)))
        .join(EditionGoal, col(EditionGoal.id) == col(EditionMeasure.edition_goal_id))
        .where(
            col(EditionMeasure.edition_id) == round_.edition_id,
            col(Report.round_id) == round_.id,
            col(Report.state) == ReportState.SUBMITTED,
        )
        .order_by(*columns(EditionGoal.position, EditionMeasure.position))
    ).scalars()
    codes = list(waiting)
    if not codes:
        return
    named = ", ".join(codes[:_NAMED]) + (" und weitere" if len(codes) > _NAMED else "")
    what = plural(len(codes), "Eine Meldung ist", f"{len(codes)} Meldungen sind")
    raise IllegalTransition(
        f"{what} abgegeben, aber noch nicht geprüft (Maßnahme {named}). Bitte nehmen "
        "Sie sie an oder geben Sie sie zurück; dann können Sie die Runde veröffentlichen.",
        possible=("Meldungen prüfen",),
    )


def _key(value: int | None) -> int:
    assert value is not None  # noqa: S101 - flushed rows have a key; tells the type checker
    return value
