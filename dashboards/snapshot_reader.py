"""What a page reads in one request: the published rounds and the parts of their snapshots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from flask import current_app, g
from sqlmodel import Session

from dashboards import donors
from tracker.publication.queries import published
from tracker.publication.queries.published import Publication
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import MeasurePart, MetaPart, OverviewPart
from tracker.publication.rules.facts import Instance
from tracker.publication.rules.snapshot_parts import EFFECT, META, OVERVIEW, PartKind, PartT

EXTENSION = "dashboards"
_INTERNAL = "dashboards_internal"


@dataclass(frozen=True)
class Past:
    """A measure in one published round, with the words of that publication."""

    payload: MeasurePart
    words: Words

    @property
    def label(self) -> str:
        """Return the round's short form, e.g. "Q3/2026"."""
        return self.payload["round"]["label"]


@dataclass(frozen=True)
class SnapshotReader:
    """The published rounds in their current version, newest first, and how to read them.

    `donors` says that the measures of every Überblick name who funds them.
    """

    session: Session
    publications: tuple[Publication, ...]
    donors: bool = field(default=False, kw_only=True)

    def naming_donors(self) -> SnapshotReader:
        """Return the reader with who funds each measure; that is another part to read."""
        return replace(self, donors=True)

    def find(self, period: str | None) -> Publication | None:
        """Return the round asked for, the newest where none is; None if it is not published."""
        if period is None:
            return self.publications[0] if self.publications else None
        return next((known for known in self.publications if known.period == period), None)

    def overview(self, publication: Publication) -> OverviewPart:
        """Return the Überblick's part."""
        overview = self.part(publication, OVERVIEW)
        if not self.donors:
            return overview
        return donors.named(overview, self.part(publication, EFFECT)["measures"])

    def meta(self, publication: Publication) -> MetaPart:
        """Return names, definitions and words in force at that publication."""
        return published.meta(self.session, publication)

    def part(self, publication: Publication, kind: PartKind[PartT]) -> PartT:
        """Return a part of the publication, e.g. `snapshot_parts.EFFECT`."""
        return published.part(self.session, publication, kind)

    def parts(self, publications: Sequence[Publication], kind: PartKind[PartT]) -> list[PartT]:
        """Return a part of several publications, in their order; one statement at most."""
        return published.parts(self.session, publications, kind)

    def words(self, publication: Publication) -> Words:
        return Words.of(published.meta(self.session, publication)["definitions"])

    def overviews(self, publications: Sequence[Publication]) -> list[OverviewPart]:
        """Return the Überblick's part of several rounds, in their order; one statement at most."""
        overviews = self.parts(publications, OVERVIEW)
        if not self.donors:
            return overviews
        lines = [part["measures"] for part in self.parts(publications, EFFECT)]
        return [donors.named(*pair) for pair in zip(overviews, lines, strict=True)]

    def history(self, key: str) -> list[tuple[Publication, Past]]:
        """Return the measure in every round that knows it, newest first; two statements at most."""
        payloads = published.measure_history(self.session, self.publications, key=key)
        metas = published.parts(self.session, self.publications, META)
        return [
            (publication, Past(payload, Words.of(meta["definitions"])))
            for publication, payload, meta in zip(self.publications, payloads, metas, strict=True)
            if payload is not None
        ]


@dataclass(frozen=True)
class Mounted:
    """What the mounted dashboards keep in the application.

    `session` returns the request's database session, `concept` the concept it is about (None: there
    is none), `name` is the instance's; `only_coordination` raises for everybody but the KI;
    `instance` and `now` are what a preview is computed with; `is_on` says whether the area that
    a module lies in is on.
    """

    session: Callable[[], Session]
    concept: Callable[[], int | None]
    name: Callable[[], str]
    only_coordination: Callable[[], None]
    instance: Callable[[], Instance]
    now: Callable[[], datetime]
    is_on: Callable[[str], bool]

    def reader(self) -> SnapshotReader:
        """Return the concept's published rounds."""
        session = self.session()
        return SnapshotReader(session, published.current(session, concept_id=self.concept()))


def mounted() -> Mounted:
    """Return the dashboards of the application that handles this request."""
    return cast("Mounted", current_app.extensions[EXTENSION])


def internal() -> None:
    """Begin to answer with what only the KI may read: nobody else goes on, no answer is kept.

    Raises what the application refuses with.
    """
    setattr(g, _INTERNAL, True)
    mounted().only_coordination()


def is_internal() -> bool:
    """Return whether the answer to this request is only for the KI."""
    return bool(g.get(_INTERNAL, False))
