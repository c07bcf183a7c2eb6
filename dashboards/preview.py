"""The running round beside the published ones, for a preview: read from memory, never kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboards.shelf import Shelf
from tracker.publication.queries.preview import Preview
from tracker.publication.queries.published import Publication
from tracker.publication.reading.words import Json, Words
from tracker.publication.rules.snapshot_parts import META, split

# No row of the database has it.
_NO_SNAPSHOT = 0


@dataclass(frozen=True)
class PreviewShelf(Shelf):
    """The earlier published rounds with the previewed one in front of them."""

    previewed: Publication
    parts_of: dict[str, Json]

    def meta(self, publication: Publication) -> Json:
        return self.part(publication, META)

    def part(self, publication: Publication, kind: str) -> Json:
        if publication == self.previewed:
            return self.parts_of[kind]
        return super().part(publication, kind)

    def parts(self, publications: Sequence[Publication], kind: str) -> list[Json]:
        """Return a part of several rounds, in their order; one statement at most."""
        published = [item for item in publications if item != self.previewed]
        found = dict(zip(published, super().parts(published, kind), strict=True))
        return [
            self.parts_of[kind] if item == self.previewed else found[item] for item in publications
        ]

    def words(self, publication: Publication) -> Words:
        return Words.of(self.meta(publication)["definitions"])


def with_preview(shelf: Shelf, found: Preview, *, now: datetime) -> PreviewShelf:
    """Return the shelf as it would be if the round were published at `now`."""
    round_ = found.document["round"]
    previewed = Publication(
        snapshot_id=_NO_SNAPSHOT,
        period=found.period,
        version=round_["version"],
        sha256="",
        reason=round_["reason"],
        published_at=now,
    )
    earlier = [item for item in shelf.publications if item.as_of < previewed.as_of]
    return PreviewShelf(
        session=shelf.session,
        publications=(previewed, *earlier),
        previewed=previewed,
        parts_of={part.kind: part.payload for part in split(found.document) if not part.key},
    )
