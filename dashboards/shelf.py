"""What a page reads in one request: the published rounds and the parts of their snapshots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import current_app
from sqlmodel import Session

from dashboards.content.words import Json, Words
from tracker.queries import published
from tracker.queries.published import Publication

EXTENSION = "dashboards"


@dataclass(frozen=True)
class Shelf:
    """The published rounds in their current version, newest first, and how to read them."""

    session: Session
    publications: tuple[Publication, ...]

    def find(self, period: str | None) -> Publication | None:
        """Return the round asked for, the newest where none is; None if it is not published."""
        if period is None:
            return self.publications[0] if self.publications else None
        return next((item for item in self.publications if item.period == period), None)

    def overview(self, publication: Publication) -> Json:
        """Return the Überblick's part."""
        return published.overview(self.session, publication)

    def words(self, publication: Publication) -> Words:
        """Return the words the round was published with."""
        return Words.of(published.meta(self.session, publication)["definitions"])

    def history(self, code: str) -> list[tuple[Publication, Json]]:
        """Return the measure in every round that knows it, newest first."""
        found = published.measure_history(self.session, self.publications, code=code)
        return [
            (publication, payload)
            for publication, payload in zip(self.publications, found, strict=True)
            if payload is not None
        ]


@dataclass(frozen=True)
class Mounted:
    """What the mounted dashboards keep in the application.

    `session` returns the request's database session, `name` is the instance's.
    """

    session: Callable[[], Session]
    name: str

    def shelf(self) -> Shelf:
        """Return the published rounds; one statement."""
        session = self.session()
        return Shelf(session, published.current(session))


def mounted() -> Mounted:
    """Return the dashboards of the application that handles this request."""
    return cast("Mounted", current_app.extensions[EXTENSION])
