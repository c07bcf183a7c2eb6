"""Published rounds for dashboards and exports: reads the snapshot tables and nothing else.

Snapshots never change, so what was read once is kept in memory under its SHA-256. The returned
dicts are shared between requests: read them, never write into them.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import Session, col

from tracker.core.canonical import Json
from tracker.core.periods import Period, local_day
from tracker.publication.models import Snapshot, SnapshotPart
from tracker.publication.rules.snapshot_parts import MEASURE, META, OVERVIEW

_KEPT = 2000
_kept: OrderedDict[tuple[str, str, str], Json] = OrderedDict()


@dataclass(frozen=True)
class Publication:
    """One version of a published round, without its document."""

    snapshot_id: int
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
    return connection.execute(select(func.count()).select_from(Snapshot)).scalar_one()


def versions(session: Session) -> tuple[Publication, ...]:
    """Return every publication: newest round first, within a round the newest version first."""
    statement = select(
        col(Snapshot.id),
        col(Snapshot.period),
        col(Snapshot.version),
        col(Snapshot.sha256),
        col(Snapshot.reason),
        col(Snapshot.published_at),
    )
    rows: Iterable[Any] = session.connection().execute(statement)
    found = [Publication(*row) for row in rows]
    return tuple(sorted(found, key=_newest_first, reverse=True))


def current(session: Session) -> tuple[Publication, ...]:
    """Return the published rounds in their current version, newest first; one statement."""
    found: dict[str, Publication] = {}
    for item in versions(session):
        found.setdefault(item.period, item)
    return tuple(found.values())


def find(session: Session, *, period: str, version: int | None) -> Publication | None:
    """Return a publication, the current version where none is named; None if there is none."""
    named = (item for item in versions(session) if item.period == period)
    return next((item for item in named if version in (None, item.version)), None)


def meta(session: Session, publication: Publication) -> Json:
    """Return names, definitions and words in force at that publication."""
    return _part(session, publication, META, "")


def overview(session: Session, publication: Publication) -> Json:
    """Return the Überblick's content; no statement when it was read before."""
    return _part(session, publication, OVERVIEW, "")


def measure(session: Session, publication: Publication, *, code: str) -> Json | None:
    """Return one measure of one publication; None where the round had no such measure."""
    return measure_history(session, [publication], code=code)[0]


def measure_history(
    session: Session, publications: Sequence[Publication], *, code: str
) -> list[Json | None]:
    """Return a measure in these publications, in their order; None where it was not in one.

    One statement for those not read before, however many they are.
    """
    return _parts(session, publications, MEASURE, code)


def metas(session: Session, publications: Sequence[Publication]) -> list[Json]:
    """Return names, definitions and words of several publications, in their order.

    One statement for those not read before, however many they are.
    """
    return [item for item in _parts(session, publications, META, "") if item is not None]


def overviews(session: Session, publications: Sequence[Publication]) -> list[Json]:
    """Return the Überblick of several publications, in their order; one statement at most."""
    return parts(session, publications, OVERVIEW)


def part(session: Session, publication: Publication, kind: str) -> Json:
    """Return the one part of a kind, e.g. `EFFECT`; no statement when it was read before."""
    return _part(session, publication, kind, "")


def parts(session: Session, publications: Sequence[Publication], kind: str) -> list[Json]:
    """Return the one part of a kind of several publications, in their order; one statement."""
    return [item for item in _parts(session, publications, kind, "") if item is not None]


def document_text(session: Session, publication: Publication) -> str:
    """Return the canonical JSON exactly as published; its SHA-256 is the publication's."""
    statement = select(col(Snapshot.document)).where(col(Snapshot.id) == publication.snapshot_id)
    return session.connection().execute(statement).scalar_one()


def document(session: Session, publication: Publication) -> Json:
    """Return the whole document; not kept, because it is large and only exports ask for it."""
    found: Json = json.loads(document_text(session, publication))
    return found


def _part(session: Session, publication: Publication, kind: str, key: str) -> Json:
    found = _parts(session, [publication], kind, key)[0]
    if found is None:
        raise LookupError(f"snapshot {publication.sha256} lacks its part {kind} {key}")
    return found


def _parts(
    session: Session, publications: Sequence[Publication], kind: str, key: str
) -> list[Json | None]:
    missing = {
        item.snapshot_id: item for item in publications if (item.sha256, kind, key) not in _kept
    }
    # What this call needs must not be pushed out by what it keeps.
    found = {item.sha256: _recall((item.sha256, kind, key)) for item in publications}
    if missing:
        statement = select(col(SnapshotPart.snapshot_id), col(SnapshotPart.payload)).where(
            col(SnapshotPart.snapshot_id).in_(missing),
            col(SnapshotPart.kind) == kind,
            col(SnapshotPart.key) == key,
        )
        for row in session.connection().execute(statement):
            sha256 = missing[row.snapshot_id].sha256
            found[sha256] = _keep((sha256, kind, key), json.loads(row.payload))
    return [found[item.sha256] for item in publications]


def _newest_first(item: Publication) -> tuple[date, date, int]:
    period = Period.parse(item.period)
    return (period.end, period.start, item.version)


def _recall(name: tuple[str, str, str]) -> Json | None:
    if name not in _kept:
        return None
    _kept.move_to_end(name)
    return _kept[name]


def _keep(name: tuple[str, str, str], value: Json) -> Json:
    _kept[name] = value
    while len(_kept) > _KEPT:
        _kept.popitem(last=False)
    return value
