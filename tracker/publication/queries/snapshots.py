"""Snapshots as the command line lists, shows and verifies them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.core.canonical import canonical_json, sha256_of
from tracker.core.errors import NotFound
from tracker.publication.models import SnapshotPart
from tracker.publication.queries import published
from tracker.publication.queries.published import Publication
from tracker.publication.rules.snapshot_parts import split


@dataclass(frozen=True)
class Verification:
    """What verifying one snapshot found; no problems means every hash and part is right."""

    period: str
    version: int
    sha256: str
    problems: tuple[str, ...]

    @property
    def is_intact(self) -> bool:
        return not self.problems


def list_snapshots(session: Session) -> tuple[Publication, ...]:
    """Return every version of every published round, newest first."""
    return published.versions(session)


def show(session: Session, *, period: str, version: int | None) -> tuple[Publication, str]:
    """Return a publication and its canonical JSON; the current version where none is named.

    Raises NotFound when the round is unknown or not published.
    """
    found = published.find(session, period=period, version=version)
    if found is None:
        raise NotFound(missing_message(session, period=period, version=version))
    return found, published.document_text(session, found)


def missing_message(session: Session, *, period: str, version: int | None) -> str:
    """Return the German sentence that says what is published instead."""
    known = published.versions(session)
    if not known:
        return "Es ist noch keine Runde veröffentlicht."
    of_round = [item for item in known if item.period == period]
    if of_round:
        listed = ", ".join(str(item.version) for item in reversed(of_round))
        return (
            f"Die Runde {of_round[0].label} hat keine Fassung {version}. Bitte wählen Sie eine "
            f"von diesen: {listed}."
        )
    listed = ", ".join(dict.fromkeys(item.label for item in known))
    return (
        f"Diese Runde ist nicht veröffentlicht. Veröffentlicht sind: {listed}. "
        "Bitte wählen Sie eine davon."
    )


def verify(session: Session) -> tuple[Verification, ...]:
    """Check every snapshot: hash, canonical form, what is stored beside it, and its parts.

    Oldest first; each snapshot is read by itself, so that memory does not grow with rounds.
    """
    known = {item.sha256 for item in published.versions(session)}
    return tuple(_verify(session, item, known) for item in reversed(published.versions(session)))


def _verify(session: Session, item: Publication, known: set[str]) -> Verification:
    text = published.document_text(session, item)
    problems = [*_document_problems(item, text, known)]
    if not problems:
        problems += _part_problems(session, item, text)
    return Verification(item.period, item.version, item.sha256, tuple(problems))


def _document_problems(item: Publication, text: str, known: set[str]) -> Iterator[str]:
    found = sha256_of(text)
    if found != item.sha256:
        yield (
            f"Das Dokument hat die Prüfsumme {found}, festgestellt war {item.sha256}. "
            "Bitte stellen Sie die Datenbank aus einer Sicherung wieder her."
        )
        return
    document = json.loads(text)
    if canonical_json(document) != text:
        yield "Das Dokument steht nicht in der kanonischen Form."
    its_round = document["round"]
    for name, stored in (
        ("period", item.period),
        ("version", item.version),
        ("reason", item.reason),
        ("published_on", item.published_on.isoformat()),
    ):
        if its_round[name] != stored:
            yield (
                f"Neben dem Dokument steht für {name} „{stored}“, darin „{its_round[name]}“. "
                "Es gilt das Dokument."
            )
    previous = document["previous"]
    if previous is not None and previous["sha256"] not in known:
        yield f"Die Fassung der Vorrunde {previous['period']}, mit der verglichen wurde, fehlt."


def _part_problems(session: Session, item: Publication, text: str) -> Iterator[str]:
    derived = {
        (part.kind, part.key): canonical_json(part.payload) for part in split(json.loads(text))
    }
    statement = select(
        col(SnapshotPart.kind), col(SnapshotPart.key), col(SnapshotPart.payload)
    ).where(col(SnapshotPart.snapshot_id) == item.snapshot_id)
    stored = {(row.kind, row.key): row.payload for row in session.execute(statement)}
    for name in sorted(derived.keys() | stored.keys()):
        if derived.get(name) != stored.get(name):
            named = " ".join(name).strip()
            yield f"Der Teil „{named}“ stimmt nicht mit dem Dokument überein."
