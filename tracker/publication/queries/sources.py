"""What a report is made from: the published documents, the same ones for ever.

Which version of another round a report looks at follows from the reported version alone: the one
that was in force when it was published. A correction of an earlier round therefore changes no
paper that was handed in before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from tracker.core.configured import known_at
from tracker.core.errors import NotFound
from tracker.publication.queries import published
from tracker.publication.queries.published import Publication
from tracker.publication.queries.snapshots import show
from tracker.publication.rules.document import Document, OriginRecord
from tracker.publication.rules.origin import Origin

# Rounds beside the reported one; as many columns as a page can hold.
HISTORY = 7


@dataclass(frozen=True)
class Sources:
    """A publication with its document and canonical `text`, and the documents beside it.

    `compared` is None where none was asked for; `history` are earlier rounds, oldest first.
    """

    publication: Publication
    document: Document
    text: str
    compared: Document | None
    history: tuple[Document, ...]
    origin: Origin


def sources(
    session: Session,
    *,
    concept_id: int,
    period: str,
    version: int | None = None,
    compare: str | None = None,
) -> Sources:
    """Return what a report of a round is made from; version None is the current one.

    `period` and `compare` may name a version: "2026-Q2/2". Raises NotFound, with what is
    published, for a round or version that is not there.
    """
    named, in_name = _named(period)
    wanted = in_name if version is None else version
    publication, text = show(session, concept_id=concept_id, period=named, version=wanted)
    document = published.shown(text)
    known = published.versions(session, concept_id=concept_id)
    compared = None if compare is None else _compared(session, compare, publication, known)
    return Sources(
        publication=publication,
        document=document,
        text=text,
        compared=compared,
        history=tuple(
            published.document(session, earlier) for earlier in _history(publication, known)
        ),
        origin=_origin(session, publication, document["instance"]["origin"]),
    )


def _origin(session: Session, publication: Publication, said: OriginRecord | None) -> Origin:
    """Return what the settings said of open data when the round was published.

    Format 1 of the record does not hold it.
    """
    if said is not None:
        return Origin(**said)
    then = known_at(session.connection(), publication.published_at)
    return Origin(then.publisher, then.licence, then.data_portal, then.district_key, then.centre)


def _named(text: str) -> tuple[str, int | None]:
    """Return period and version of "2026-Q2/2"; without a version None for it."""
    period, slash, version = text.strip().partition("/")
    if not slash:
        return period, None
    if not (version.isascii() and version.isdecimal()):
        raise NotFound(
            f"„{text}“ nennt keine Fassung. Bitte schreiben Sie ihre Nummer hinter den "
            f"Schrägstrich, zum Beispiel {period}/1."
        )
    return period, int(version)


def _compared(
    session: Session, text: str, reported: Publication, known: Iterable[Publication]
) -> Document:
    period, version = _named(text)
    before = [
        publication.version
        for publication in known
        if publication.period == period and _was(publication, reported)
    ]
    # A round that was published later is compared as it was first published.
    version = max(before, default=1) if version is None else version
    _, document = show(session, concept_id=reported.concept_id, period=period, version=version)
    return published.shown(document)


def _was(publication: Publication, reported: Publication) -> bool:
    return publication.published_at <= reported.published_at


def _history(reported: Publication, known: Iterable[Publication]) -> list[Publication]:
    """Return the earlier rounds in the version then in force, oldest first."""
    in_force: dict[str, Publication] = {}
    for publication in sorted(known, key=lambda publication: publication.version):
        if publication.as_of < reported.as_of and _was(publication, reported):
            in_force[publication.period] = publication
    return sorted(in_force.values(), key=lambda publication: publication.as_of)[-HISTORY:]
