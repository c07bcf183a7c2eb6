"""Published rounds for dashboards and exports: reads the snapshot tables and nothing else.

Snapshots never change, so what was read once is kept in memory under its SHA-256. The returned
dicts are shared between requests: read them, never write into them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from threading import Lock
from typing import Any

from cachetools import LRUCache
from sqlalchemy import Connection, func, select
from sqlmodel import Session, col

from tracker.core.columns import columns
from tracker.core.periods import Period, local_day
from tracker.core.signs import as_meant
from tracker.publication.models import Snapshot, SnapshotPart
from tracker.publication.rules.document import (
    Document,
    MeasurePart,
    MetaPart,
    OverviewPart,
    SectionRecord,
)
from tracker.publication.rules.formats import lift
from tracker.publication.rules.snapshot_parts import (
    MEASURE,
    META,
    OVERVIEW,
    SECTION,
    PartKind,
    PartT,
)
from tracker.reporting.models import Round

# As JSON: 31 rounds of 58 measures. In memory it takes some five times as much, long texts less.
_MOST_BYTES = 20_000_000
_LEAST = 5_000  # what a small part counts
_kept: LRUCache[tuple[str, str, str], tuple[int, Any]] = LRUCache(_MOST_BYTES, itemgetter(0))
_lock = Lock()


# Built once: every visit of a dashboard asks it.
_HOW_MANY = select(func.count()).select_from(Snapshot)


@dataclass(frozen=True)
class Publication:
    """One version of a published round, without its document."""

    snapshot_id: int
    concept_id: int
    round_id: int
    period: str
    version: int
    sha256: str
    reason: str
    published_at: datetime

    @property
    def label(self) -> str:
        """The quarter as in tables: Q3/2026."""
        return Period.parse(self.period).label

    @property
    def long_label(self) -> str:
        """The quarter as in texts: 3. Quartal 2026."""
        return Period.parse(self.period).long_label

    @property
    def as_of(self) -> date:
        return Period.parse(self.period).end

    @property
    def published_on(self) -> date:
        """The day of publication in Europe/Berlin."""
        return local_day(self.published_at)


def stamp(connection: Connection) -> int:
    """Return what changes with every publication: how many there are. None is ever taken away."""
    return connection.execute(_HOW_MANY).scalar_one()


def versions(session: Session, *, concept_id: int | None = None) -> tuple[Publication, ...]:
    """Return the publications of a concept, without one those of all.

    Newest round first, within a round the newest version first.
    """
    statement = select(
        *columns(Snapshot.id, Round.concept_id, Snapshot.round_id, Snapshot.period),
        col(Snapshot.version),
        *columns(Snapshot.sha256, Snapshot.reason, Snapshot.published_at),
    ).join(Round, col(Round.id) == col(Snapshot.round_id))
    if concept_id is not None:
        statement = statement.where(col(Round.concept_id) == concept_id)
    rows: Iterable[Any] = session.connection().execute(statement)
    return tuple(sorted((Publication(*row) for row in rows), key=_newest_first, reverse=True))


def current(session: Session, *, concept_id: int | None) -> tuple[Publication, ...]:
    """Return a concept's published rounds in their current version, newest first; one statement.

    There are none where there is no concept.
    """
    newest: dict[str, Publication] = {}
    for publication in versions(session, concept_id=concept_id) if concept_id else ():
        newest.setdefault(publication.period, publication)
    return tuple(newest.values())


def in_force(known: Sequence[Publication], at: Publication) -> tuple[Publication, ...]:
    """Return the rounds before that of `at`, in the versions in force when it was published.

    `known` are all versions as `versions` returns them; newest first.
    """
    newest: dict[str, Publication] = {}
    for publication in known:
        if publication.as_of < at.as_of and publication.published_at <= at.published_at:
            newest.setdefault(publication.period, publication)
    return tuple(newest.values())


def seen_from(known: Sequence[Publication], at: Publication, period: str) -> Publication | None:
    """Return the version of a round that a page or paper of `at` looks at; None for no such round.

    That is the one in force when `at` was published, of a round published later its first.
    """
    of_round = [publication for publication in known if publication.period == period]
    then = (one for one in of_round if one.published_at <= at.published_at)
    return next(then, of_round[-1] if of_round else None)


def label_among(
    known: Iterable[Publication], period: str, version: int, *, long: bool = False
) -> str:
    """Return a round's label, with the version where it is not the only one that is known."""
    label = Period.parse(period).long_label if long else Period.parse(period).label
    several = version > 1 or any(one.period == period and one.version > 1 for one in known)
    return f"{label}, Fassung {version}" if several else label


def named(text: str) -> tuple[str, str]:
    """Return period and version of "2026-Q2/2" as they are written; the version may be ""."""
    period, _, version = text.strip().partition("/")
    return period, version


def meta(session: Session, publication: Publication) -> MetaPart:
    """Return names, definitions and words in force at that publication."""
    return part(session, publication, META)


def overview(session: Session, publication: Publication) -> OverviewPart:
    """Return the Überblick's content; no statement when it was read before."""
    return part(session, publication, OVERVIEW)


def measure_history(
    session: Session, publications: Sequence[Publication], *, key: str
) -> list[MeasurePart | None]:
    """Return a measure in these publications, in their order; None where it was not in one.

    `key` names it in every Fassung.

    One statement for those not read before, however many they are.
    """
    return _read(session, publications, MEASURE, key)


def confirmed_unchanged(
    session: Session, publications: Sequence[Publication], *, keys: Collection[str]
) -> list[set[str]]:
    """Return which of these measures were confirmed unchanged in each publication, in their order.

    One statement, however many they are; none where no measure is asked for.
    """
    confirmed: dict[int, set[str]] = {one.snapshot_id: set() for one in publications}
    statement = select(
        *columns(SnapshotPart.snapshot_id, SnapshotPart.key, SnapshotPart.payload)
    ).where(
        col(SnapshotPart.snapshot_id).in_(confirmed),
        col(SnapshotPart.kind) == MEASURE,
        col(SnapshotPart.key).in_(keys),
    )
    for row in session.connection().execute(statement) if keys else ():
        if json.loads(row.payload)["measure"]["unchanged_confirmed"]:
            confirmed[row.snapshot_id].add(row.key)
    return [confirmed[publication.snapshot_id] for publication in publications]


def part(session: Session, publication: Publication, kind: PartKind[PartT]) -> PartT:
    """Return the one part of a kind, e.g. `EFFECT`; no statement when it was read before.

    Raises LookupError where the snapshot lacks it.
    """
    payload = _read(session, [publication], kind, "")[0]
    if payload is None:
        raise LookupError(f"snapshot {publication.sha256} lacks its part {kind}")
    return payload


def parts(
    session: Session, publications: Sequence[Publication], kind: PartKind[PartT]
) -> list[PartT]:
    """Return the one part of a kind of several publications, in their order; one statement."""
    return [payload for payload in _read(session, publications, kind, "") if payload is not None]


def section(session: Session, publication: Publication, name: str) -> SectionRecord | None:
    """Return what an area added to a publication; None where it added nothing."""
    return _read(session, [publication], SECTION, name)[0]


def document_text(session: Session, publication: Publication) -> str:
    """Return the canonical JSON exactly as published; its SHA-256 is the publication's."""
    statement = select(col(Snapshot.document)).where(col(Snapshot.id) == publication.snapshot_id)
    return session.connection().execute(statement).scalar_one()


def document(session: Session, publication: Publication) -> Document:
    """Return the whole document; not kept, because it is large and only exports ask for it."""
    return shown(document_text(session, publication))


def read(text: str) -> Document:
    """Read a stored document as format 2; raises UnknownFormatError for one of a later release."""
    return lift(json.loads(text))


def shown(text: str) -> Document:
    """Read a stored document for pages and papers: its signs as they are meant."""
    return lift(_meant(text))


def _meant(text: str) -> Any:
    # Not strict: what was a line separator is a line break now.
    return json.loads(as_meant(text), strict=False)


def _read(
    session: Session, publications: Sequence[Publication], kind: PartKind[PartT], key: str
) -> list[PartT | None]:
    # What this call needs must not be pushed out by what it keeps.
    with _lock:
        payloads: dict[str, Any] = {
            publication.sha256: _kept.get((publication.sha256, kind, key), (0, None))[1]
            for publication in publications
        }
    missing = {
        publication.snapshot_id: publication.sha256
        for publication in publications
        if payloads[publication.sha256] is None
    }
    if missing:
        statement = select(col(SnapshotPart.snapshot_id), col(SnapshotPart.payload)).where(
            col(SnapshotPart.snapshot_id).in_(missing),
            col(SnapshotPart.kind) == kind,
            col(SnapshotPart.key) == key,
        )
        for row in session.connection().execute(statement):
            sha256 = missing[row.snapshot_id]
            payloads[sha256] = _meant(row.payload)
            size = _LEAST + len(row.payload)
            if size <= _MOST_BYTES:
                with _lock:
                    _kept[sha256, kind, key] = (size, payloads[sha256])
    return [payloads[publication.sha256] for publication in publications]


def _newest_first(publication: Publication) -> tuple[date, date, int, int]:
    period = Period.parse(publication.period)
    return (period.end, period.start, -publication.concept_id, publication.version)
