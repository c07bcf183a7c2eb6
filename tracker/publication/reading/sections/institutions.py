"""What a round says of each institution: what it leads, where it takes part, its own Rücklauf."""

from __future__ import annotations

from tracker.publication.reading.counts import ratios
from tracker.publication.reading.model import InstitutionSection, ReturnsRow
from tracker.publication.reading.sections.selection import Selection
from tracker.publication.reading.words import Json, Words
from tracker.publication.rules.institution_returns import by_institution


def institutions(selection: Selection) -> tuple[InstitutionSection, ...]:
    """Return the institutions, named and in the order as they were when it was published."""
    measures = selection.shown["measures"]
    returned = {item.key: item.returns for item in by_institution(measures)}
    return tuple(
        InstitutionSection(
            key=item["key"],
            name=item["name"],
            short_name=item["short_name"],
            leads=tuple(
                found["code"]
                for found in measures
                if found["lead"] is not None and found["lead"]["key"] == item["key"]
            ),
            takes_part=tuple(
                found["code"]
                for found in measures
                if item["key"] in {partner["key"] for partner in found["partners"]}
                and item["key"] != (found["lead"] or {}).get("key")
            ),
            returns=_returns(item["name"], returned.get(item["key"]), selection.words),
        )
        for item in selection.published["institutions"]
    )


def _returns(name: str, figures: Json | None, words: Words) -> ReturnsRow | None:
    if figures is None:
        return None
    return ReturnsRow(
        name=name,
        expected=figures["completeness"]["total"],
        ratios=ratios(figures, words),
        waived=figures["waived"],
    )
