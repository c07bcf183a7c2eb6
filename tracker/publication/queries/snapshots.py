"""Snapshots as the command line lists, shows and verifies them."""

from __future__ import annotations

from collections.abc import Iterator
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

    period: str
    version: int
    sha256: str
    problems: tuple[str, ...]


def show(session: Session, *, period: str, version: int | None) -> tuple[Publication, str]:
    """Return a publication and its canonical JSON; the current version where none is named.

    Raises NotFound when the round is unknown or not published.
    """
    publication = published.find(session, period=period, version=version)
    if publication is None:
        raise NotFound(missing_message(session, period=period, version=version))
    return publication, published.document_text(session, publication)


def missing_message(session: Session, *, period: str, version: int | None) -> str:
    """Return the German sentence that says what is published instead."""
    known = published.versions(session)
    if not known:
        return "Es ist noch keine Runde veröffentlicht."
    of_round = [publication for publication in known if publication.period == period]
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
        publication.period, publication.version, publication.sha256, tuple(problems)
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
