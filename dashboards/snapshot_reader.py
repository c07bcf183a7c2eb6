"""What a page reads in one request: the published rounds and the parts of their snapshots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import cast

from flask import current_app, g
from sqlmodel import Session

from dashboards import donors
from tracker.publication.queries import published
from tracker.publication.queries.published import Publication
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import (
    Document,
    MeasurePart,
    MetaPart,
    OverviewPart,
    PreviousRecord,
)
from tracker.publication.rules.facts import Instance
from tracker.publication.rules.snapshot_parts import EFFECT, META, OVERVIEW, PartKind, PartT

EXTENSION = "dashboards"
_INTERNAL = "dashboards_internal"


@dataclass(frozen=True)
class Past:
    """A measure in one published round, with the words of that publication.

    `label` is the round's ("Q3/2026"), `since` that of the one it is compared with; None: no such.
    """

    payload: MeasurePart
    words: Words
    label: str
    since: str | None


@dataclass(frozen=True)
class SnapshotReader:
    """The published rounds in all their versions, newest first, and how to read them.

    `donors` says that the measures of every Überblick name who funds them.
    """

    session: Session
    versions: tuple[Publication, ...]
    donors: bool = field(default=False, kw_only=True)

    @cached_property
    def publications(self) -> tuple[Publication, ...]:
        """Return the rounds in their current version, newest first."""
        newest: dict[str, Publication] = {}
        for publication in self.versions:
            newest.setdefault(publication.period, publication)
        return tuple(newest.values())

    def naming_donors(self) -> SnapshotReader:
        """Return the reader with who funds each measure; that is another part to read."""
        return replace(self, donors=True)

    def find(self, named: str | None) -> Publication | None:
        """Return what an address names: "2026-Q2" in its current version, "2026-Q2/1", the newest.

        None if it is not published.
        """
        if named is None:
            return self.publications[0] if self.publications else None
        if "/" not in named:
            return next((known for known in self.publications if known.period == named), None)
        return self.version(*published.named(named))

    def compared(self, named: str, shown: Publication) -> Publication | None:
        """Return the round that an address compares `shown` with; None if it is not published.

        Where no version is named, it is the one that `shown` looks at.
        """
        if "/" in named:
            return self.version(*published.named(named))
        return published.seen_from(self.versions, shown, named)

    def previous(self, shown: Publication) -> Publication | None:
        """Return the publication that the record of `shown` compares with."""
        previous = self.part(shown, OVERVIEW)["previous"]
        return previous and self.version(previous["period"], previous["version"])

    def since(self, previous: PreviousRecord | None) -> str | None:
        """Return the label of the round that a record compares with; None: there is none."""
        return previous and published.label_among(
            self.versions, previous["period"], previous["version"]
        )

    def past(self, shown: Publication) -> tuple[Publication, ...]:
        """Return the rounds that `shown` looks back at, newest first."""
        return published.in_force(self.versions, shown)

    def name(self, publication: Publication) -> str:
        """Return how an address names a publication as a round."""
        if publication in self.publications:
            return publication.period
        return f"{publication.period}/{publication.version}"

    def name_compared(self, publication: Publication, shown: Publication) -> str:
        """Return how an address names a publication that `shown` is compared with."""
        if publication == published.seen_from(self.versions, shown, publication.period):
            return publication.period
        return f"{publication.period}/{publication.version}"

    def label(self, publication: Publication, *, long: bool = False) -> str:
        """Return "Q3/2026", with the version where it is not the only one."""
        period, version = publication.period, publication.version
        return published.label_among(self.versions, period, version, long=long)

    def version(self, period: str, version: int | str) -> Publication | None:
        of_round = (one for one in self.versions if one.period == period)
        return next((one for one in of_round if str(one.version) == str(version)), None)

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

    def corrected(self, shown: Publication) -> tuple[Document, Document] | None:
        """Return the version before and the one shown as they are; None for the first version.

        Whole documents are large: only a corrected round asks for them.
        """
        before = self.version(shown.period, shown.version - 1)
        if before is None:
            return None
        return (
            published.document(self.session, before),
            published.document(self.session, shown),
        )

    def history(self, key: str, shown: Publication) -> list[tuple[Publication, Past]]:
        """Return the measure in every round that knows it, newest first; two statements at most.

        Earlier rounds are those that `shown` looks back at, later ones as they are now.
        """
        then = {one.period: one for one in (shown, *self.past(shown))}
        rounds = [then.get(known.period, known) for known in self.publications]
        payloads = published.measure_history(self.session, rounds, key=key)
        metas = published.parts(self.session, rounds, META)
        return [
            (publication, self._past(publication, payload, meta))
            for publication, payload, meta in zip(rounds, payloads, metas, strict=True)
            if payload is not None
        ]

    def _past(self, publication: Publication, payload: MeasurePart, meta: MetaPart) -> Past:
        words, since = Words.of(meta["definitions"]), self.since(payload["previous"])
        return Past(payload, words, self.label(publication), since)


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
        session, concept_id = self.session(), self.concept()
        versions = published.versions(session, concept_id=concept_id) if concept_id else ()
        return SnapshotReader(session, versions)


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
