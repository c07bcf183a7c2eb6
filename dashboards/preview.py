"""The running round beside the published ones, for a preview: read from memory, never kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from dashboards.shelf import Shelf
from tracker.publication.queries.preview import Preview
from tracker.publication.queries.published import Publication
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import MetaPart
from tracker.publication.rules.snapshot_parts import META, PartKind, PartT, split

# No row of the database has it.
_NO_SNAPSHOT = 0


@dataclass(frozen=True)
class PreviewShelf(Shelf):
    """The earlier published rounds with the previewed one in front of them."""

    previewed: Publication
    parts_of: Mapping[str, Any]

    def meta(self, publication: Publication) -> MetaPart:
        return self.part(publication, META)

    def part(self, publication: Publication, kind: PartKind[PartT]) -> PartT:
        if publication == self.previewed:
            return cast("PartT", self.parts_of[kind])
        return super().part(publication, kind)

    def parts(self, publications: Sequence[Publication], kind: PartKind[PartT]) -> list[PartT]:
        """Return a part of several rounds, in their order; one statement at most."""
        published = [known for known in publications if known != self.previewed]
        payloads = dict(zip(published, super().parts(published, kind), strict=True))
        if self.previewed in publications:
            payloads[self.previewed] = self.parts_of[kind]
        return [payloads[publication] for publication in publications]

    def words(self, publication: Publication) -> Words:
        return Words.of(self.meta(publication)["definitions"])


def with_preview(shelf: Shelf, preview: Preview, *, now: datetime) -> PreviewShelf:
    """Return the shelf as it would be if the round were published at `now`."""
    round_ = preview.document["round"]
    previewed = Publication(
        snapshot_id=_NO_SNAPSHOT,
        period=preview.period,
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
        parts_of={part.kind: part.payload for part in split(preview.document) if not part.key},
    )
