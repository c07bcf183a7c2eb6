"""What a report is made from: the published documents, the same ones for ever.

Which version of another round a report looks at follows from the reported version alone: the one
that was in force when it was published. A correction of an earlier round therefore changes no
paper that was handed in before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from tracker.core.configured import known_at
from tracker.core.errors import NotFound
from tracker.core.text import is_key
from tracker.publication.queries import published
from tracker.publication.queries.published import Publication
from tracker.publication.queries.snapshots import required, show
from tracker.publication.rules.document import Document, OriginRecord, OverviewPart
from tracker.publication.rules.origin import Origin
from tracker.publication.rules.snapshot_parts import OVERVIEW

# Rounds beside the reported one; as many columns as a page can hold.
HISTORY = 7


@dataclass(frozen=True)
class Sources:
    """A publication with its document and canonical `text`, and the documents beside it.

    `compared` is None where none was asked for, `corrected` (the version before) where the first
    version is reported; `history` are earlier rounds, oldest first,
    `older` the index of the rounds before those.
    """

    publication: Publication
    document: Document
    text: str
    compared: Document | None
    corrected: Document | None
    history: tuple[Document, ...]
    older: tuple[OverviewPart, ...]
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
    versions = published.versions(session, concept_id=concept_id)
    known = [one for one in versions if one.published_at <= publication.published_at]
    compared = None if compare is None else _compared(session, compare, publication, versions)
    earlier = published.in_force(versions, publication)[::-1]
    corrected = _version_before(publication, known)
    older, history = earlier[:-HISTORY], earlier[-HISTORY:]
    document = _labelled(published.shown(text), publication, known)
    return Sources(
        publication=publication,
        document=document,
        text=text,
        compared=None if compared is None else _read(session, compared, known),
        corrected=None if corrected is None else _read(session, corrected, known),
        history=tuple(_read(session, one, known) for one in history),
        older=tuple(published.parts(session, older, OVERVIEW)),
        origin=_origin(session, publication, document["instance"]["origin"]),
    )


def _version_before(publication: Publication, known: Iterable[Publication]) -> Publication | None:
    wanted = (publication.period, publication.version - 1)
    return next((one for one in known if (one.period, one.version) == wanted), None)


def _read(session: Session, publication: Publication, known: Iterable[Publication]) -> Document:
    return _labelled(published.document(session, publication), publication, known)


def _labelled(
    document: Document, publication: Publication, known: Iterable[Publication]
) -> Document:
    """Return a document in which its round and the one before say their version.

    They say it where that is not the only one in `known`.
    """
    previous, label = document["previous"], published.label_among
    return document | {
        "round": document["round"]
        | {"label": label(known, publication.period, publication.version)},
        "previous": previous
        and previous | {"label": label(known, previous["period"], previous["version"])},
        "published_sha256": publication.sha256,
    }


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
    period, version = published.named(text)
    if "/" not in text:
        return period, None
    if not is_key(version):
        raise NotFound(
            f"„{text}“ nennt keine Fassung. Bitte schreiben Sie ihre Nummer hinter den "
            f"Schrägstrich, zum Beispiel {period}/1."
        )
    return period, int(version)


def _compared(
    session: Session, text: str, reported: Publication, known: Sequence[Publication]
) -> Publication:
    period, version = _named(text)
    if version is None:
        seen = published.seen_from(known, reported, period)
        version = None if seen is None else seen.version
    return required(session, concept_id=reported.concept_id, period=period, version=version)
