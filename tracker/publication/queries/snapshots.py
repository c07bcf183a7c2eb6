"""Snapshots as the command line lists, shows and verifies them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.core.canonical import canonical_json, sha256_of
from tracker.core.errors import NotFound
from tracker.publication.models import SnapshotPart
from tracker.publication.queries import published
from tracker.publication.queries.published import Publication
from tracker.publication.rules.recording import Recorded, disagreements, problems
from tracker.publication.rules.snapshot_parts import split


@dataclass(frozen=True)
class Verification:
    """What verifying one snapshot found; no problems means every hash and part is right."""

    concept_id: int
    period: str
    version: int
    sha256: str
    problems: tuple[str, ...]


def show(
    session: Session, *, concept_id: int, period: str, version: int | None
) -> tuple[Publication, str]:
    """Return a publication and its canonical JSON; raises what `required` raises."""
    publication = required(session, concept_id=concept_id, period=period, version=version)
    return publication, published.document_text(session, publication)


def required(session: Session, *, concept_id: int, period: str, version: int | None) -> Publication:
    """Return a publication, the current version where none is named.

    Raises NotFound, with what is published instead, when the round is unknown or not published.
    """
    known = published.versions(session, concept_id=concept_id)
    of_round = [publication for publication in known if publication.period == period]
    for publication in of_round:
        if version in (None, publication.version):
            return publication
    raise NotFound(_missing(known, of_round, version))


def _missing(
    known: Sequence[Publication], of_round: Sequence[Publication], version: int | None
) -> str:
    if not known:
        return "Es ist noch keine Runde veröffentlicht."
    if of_round:
        listed = ", ".join(str(publication.version) for publication in reversed(of_round))
        return (
            f"Die Runde {of_round[0].label} hat keine Fassung {version}. Bitte wählen Sie eine "
            f"von diesen: {listed}."
        )
    listed = ", ".join(dict.fromkeys(publication.label for publication in known))
    return (
        f"Diese Runde ist nicht veröffentlicht. Veröffentlicht sind: {listed}. "
        "Bitte wählen Sie eine davon."
    )


def verify(session: Session) -> tuple[Verification, ...]:
    """Check every snapshot: hash, canonical form, what is stored beside it, and its parts.

    Oldest first; each snapshot is read by itself, so that memory does not grow with rounds.
    """
    known = published.versions(session)
    hashes = {publication.sha256 for publication in known}
    return tuple(_verify(session, publication, hashes) for publication in reversed(known))


def _verify(session: Session, publication: Publication, known: set[str]) -> Verification:
    text = published.document_text(session, publication)
    problems = [*_document_problems(publication, text, known)]
    if not problems:
        problems += _part_problems(session, publication, text)
    return Verification(
        publication.concept_id,
        publication.period,
        publication.version,
        publication.sha256,
        tuple(problems),
    )


def _document_problems(publication: Publication, text: str, known: set[str]) -> Iterator[str]:
    yield from problems(Recorded(text, publication.sha256))
    if sha256_of(text) != publication.sha256:
        return
    document = published.read(text)
    beside = {
        "period": publication.period,
        "version": publication.version,
        "reason": publication.reason,
        "published_on": publication.published_on.isoformat(),
    }
    yield from disagreements(beside, document["round"])
    previous = document["previous"]
    if previous is not None and previous["sha256"] not in known:
        yield f"Die Fassung der Vorrunde {previous['period']}, mit der verglichen wurde, fehlt."


def _part_problems(session: Session, publication: Publication, text: str) -> Iterator[str]:
    derived: dict[tuple[str, str], str] = {
        (part.kind, part.key): canonical_json(part.payload) for part in split(published.read(text))
    }
    statement = select(
        col(SnapshotPart.kind), col(SnapshotPart.key), col(SnapshotPart.payload)
    ).where(col(SnapshotPart.snapshot_id) == publication.snapshot_id)
    stored = {(row.kind, row.key): row.payload for row in session.execute(statement)}
    for name in sorted(derived.keys() | stored.keys()):
        if derived.get(name) != stored.get(name):
            named = " ".join(name).strip()
            yield f"Der Teil „{named}“ stimmt nicht mit dem Dokument überein."
