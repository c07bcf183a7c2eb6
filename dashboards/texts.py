"""The texts of a published round made ready for the search, kept for the rounds asked for last.

Publications never change, so what was folded once is kept under its SHA-256; a round of 5,800
measures takes some 25 MB, hence only a few.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping

from dashboards.content.search import Entry, Passage
from dashboards.shelf import Shelf
from tracker.publication.queries.published import Publication
from tracker.publication.reading.words import Json, Words
from tracker.publication.rules.snapshot_parts import TEXTS

WORDING, TODAY = "Wortlaut", "Wortlaut in heutiger Schreibweise"
_MOST = 4
_kept: OrderedDict[str, Mapping[str, Entry]] = OrderedDict()


def entries(shelf: Shelf, publication: Publication) -> Mapping[str, Entry]:
    """Return the measures of a round with their texts, by code, in the order of the concept."""
    found = _kept.get(publication.sha256)
    if found is None:
        found = read(
            shelf.overview(publication), shelf.part(publication, TEXTS), shelf.words(publication)
        )
        _kept[publication.sha256] = found
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    _kept.move_to_end(publication.sha256)
    return found


def read(overview: Json, texts: Json, words: Words) -> dict[str, Entry]:
    """Return the entries of a round from its parts, in the words of its publication."""
    leads = {item["code"]: item["lead"] or "" for item in overview["measures"]}
    return {
        item["code"]: Entry(item["code"], tuple(_passages(item, leads[item["code"]], words)))
        for item in texts["measures"]
    }


def _passages(item: Json, lead: str, words: Words) -> Iterator[Passage]:
    yield Passage(WORDING, item["text"])
    if item["display_text"] != item["text"]:
        yield Passage(TODAY, item["display_text"])
    for note in item["notes"]:
        yield Passage("Anmerkung", note)
    for name, label in words.report_fields.items():
        if name in item["report"]:
            yield Passage(label, item["report"][name])
    if item["reviewed_reason"]:
        yield Passage("Begründung der Feststellung", item["reviewed_reason"])
    if item["dissent"]:
        yield Passage("Abweichende Stellungnahme", item["dissent"])
    if lead:
        yield Passage("Federführend", lead)
    for partner in item["partners"]:
        yield Passage("Beteiligt", partner)
