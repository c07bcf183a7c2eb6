"""What a page shows: the round, the round compared with, and which measures, as the address says.

The address holds the whole state. Reading it trusts nothing: an unknown value simply selects no
measure, so that a link from elsewhere never fails and never shows what it does not name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from tracker.publication.reading import overview
from tracker.publication.rules.document import OverviewMeasure
from tracker.publication.rules.snapshot_figures import is_newly_fulfilled, is_newly_troubled
from tracker.reporting.rules.figures import Change

# Between values that a measure must have together, e.g. "eingegangen+in_der_frist".
AND = "+"
NOT_REPORTED = "keine_meldung"
NOT_ASKED = "nicht_gefragt"
NOT_DETERMINED = "offen"
FULFILLED = "erfuellt"
NOTHING_NAMED = "keine"
ROUND, COMPARED, SPAN, LOOKED_FOR = "runde", "vergleich", "zeitraum", "q"
GROUPED = "gruppe"

# The names stand in addresses that people send each other: they never change.
FACETS = (
    "feld",
    "ziel",
    "stand",
    "verlauf",
    "aenderung",
    "neu",
    "institution",
    "grundsatz",
    "kurzfristig",
    "kompetenz",
    "meldung",
    "angabe",
)
# No control of its own: who funds is written freely. Bars and names lead here, chips take it back.
DONOR = "geber"
ALL_FACETS = (*FACETS, DONOR)
# What the facets about reports may select without one.
_OF_REPORTS = ("stand", "verlauf", "aenderung", "neu", "meldung", "angabe", DONOR)
_OF_SILENT = {
    NOT_REPORTED,
    *(Change.NO_LONGER_REPORTED.value, Change.NOT_REPORTED.value),
    *("erwartet", "offen", "befreit", "nicht_erwartet"),
    *(NOTHING_NAMED, "municipal_funding"),
}


@dataclass(frozen=True)
class Selection:
    """The state of a page: keys of rounds, and the values chosen of each facet.

    `span` is how many rounds a page over time shows ("12", "alle"); None: the page's own number.
    `looked_for` are the words of a full-text search as they were typed, `grouped` says by what a
    list is grouped ("feld"); None: as the page lists by itself.
    """

    round: str | None = None
    compared: str | None = None
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    span: str | None = None
    looked_for: str | None = None
    grouped: str | None = None

    @classmethod
    def read(cls, query: Mapping[str, object]) -> Selection:
        """Read what Dash read from the address: a text, several, or nothing for each name."""
        facets = {name: _texts(query.get(name)) for name in ALL_FACETS}
        return cls(
            round=_one(query.get(ROUND)),
            compared=_one(query.get(COMPARED)),
            facets={name: values for name, values in facets.items() if values},
            span=_one(query.get(SPAN)),
            looked_for=_one(query.get(LOOKED_FOR)),
            grouped=_one(query.get(GROUPED)),
        )

    @property
    def count(self) -> int:
        """Return how many facets narrow the measures."""
        return len(self.facets)

    @property
    def selects_reporters(self) -> bool:
        """Return whether a filter asks for what only a report says: the silent are left out."""
        return any(
            values and not any(_OF_SILENT.issuperset(value.split(AND)) for value in values)
            for values in map(self.chosen, _OF_REPORTS)
        )

    def chosen(self, facet: str) -> tuple[str, ...]:
        """Return the values chosen of a facet; none means all."""
        return self.facets.get(facet, ())

    def with_(self, **facets: str | Iterable[str]) -> Selection:
        """Return the state narrowed further: of what it selects, what has one of these values."""
        given = {
            key: (value,) if isinstance(value, str) else tuple(value)
            for key, value in facets.items()
        }
        narrowed = {key: _both(self.chosen(key), values) for key, values in given.items()}
        return replace(self, facets={**self.facets, **narrowed})

    def of_kind(self, kind: str) -> Selection:
        """Return the state narrowed to what needs attention of a kind (`overview.Attention`)."""
        if kind == overview.FULFILLED:
            return self.with_(neu=FULFILLED)
        if kind == overview.NO_REPORT:
            return self.with_(stand=NOT_REPORTED)
        return self.with_(verlauf=kind)

    def without(self, *names: str) -> Selection:
        """Return the state without these facets; without any: no facet, nothing looked for."""
        kept = {key: value for key, value in self.facets.items() if names and key not in names}
        return replace(self, facets=kept, looked_for=self.looked_for if names else None)

    def query(self) -> str:
        """Return the address's query with its "?", in a fixed order; empty for the plain page."""
        pairs = [(ROUND, self.round), (COMPARED, self.compared), (SPAN, self.span)]
        pairs += [(LOOKED_FOR, self.looked_for), (GROUPED, self.grouped)]
        given = [(name, value) for name, value in pairs if value]
        given += [(name, value) for name in ALL_FACETS for value in self.chosen(name)]
        return f"?{urlencode(given)}" if given else ""


def selected(measures: Iterable[OverviewMeasure], state: Selection) -> list[OverviewMeasure]:
    return [measure for measure in measures if _fits(measure, state)]


def _fits(measure: OverviewMeasure, state: Selection) -> bool:
    return all(_has(_READ[name](measure), values) for name, values in state.facets.items())


def _has(own: set[str], values: Iterable[str]) -> bool:
    return any(own.issuperset(value.split(AND)) for value in values)


def _both(chosen: tuple[str, ...], values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the values that hold where one of each holds; where nothing is chosen, all do."""
    if not chosen or set(values) <= set(chosen):
        return values
    pairs = ((*one.split(AND), *other.split(AND)) for one in chosen for other in values)
    joined = {frozenset(pair): AND.join(dict.fromkeys(pair)) for pair in pairs}
    # What asks for more than another value beside it adds nothing.
    return tuple(text for own, text in joined.items() if not any(less < own for less in joined))


def _stand(measure: OverviewMeasure) -> set[str]:
    if not measure["reportable"]:
        return set()
    return {measure["value"]["implementation"] if measure["value"] else NOT_REPORTED}


def _verlauf(measure: OverviewMeasure) -> set[str]:
    if not measure["reportable"]:
        return set()
    return {(measure["value"]["course"] or NOT_ASKED) if measure["value"] else NOT_REPORTED}


def _news(measure: OverviewMeasure) -> set[str]:
    """Return what a measure became since the compared round: a troubled Verlauf, fulfilled."""
    news = {FULFILLED} if is_newly_fulfilled(measure) else set()
    if is_newly_troubled(measure) and measure["value"] and measure["value"]["course"]:
        news.add(measure["value"]["course"])
    return news


def _returned(measure: OverviewMeasure) -> set[str]:
    """Return as what a measure counts in the Rücklauf."""
    expected = measure["expected"]
    if expected is None:
        return {"nicht_erwartet"}
    if expected["state"] == "waived":
        return {"befreit"}
    states = {"erwartet", "eingegangen" if expected["first_submitted_on"] else "offen"}
    if expected["state"] == "accepted":
        states.add("angenommen")
    if expected["punctuality"] == "on_time":
        states.add("in_der_frist")
    return states


def _named(measure: OverviewMeasure) -> set[str]:
    """Return what is known of a measure; the city's own funding is known too."""
    if not measure["reportable"]:
        return set()
    return set(measure["named"]) or {NOTHING_NAMED}


_READ: Mapping[str, Callable[[OverviewMeasure], set[str]]] = {
    "feld": lambda measure: {measure["field"]},
    "ziel": lambda measure: {measure["goal"]},
    "stand": _stand,
    "verlauf": _verlauf,
    "aenderung": lambda measure: {measure["change"]} if measure["change"] else set(),
    "neu": _news,
    "institution": lambda measure: {
        measure["lead_key"] or NOT_DETERMINED,
        *measure["partner_keys"],
    },
    "grundsatz": lambda measure: set(measure["principles"]),
    "kurzfristig": lambda measure: {measure["short_term"] or NOT_DETERMINED},
    "kompetenz": lambda measure: {measure["competence"] or NOT_DETERMINED},
    "meldung": _returned,
    "angabe": _named,
    # Only where the reader was asked for them (`SnapshotReader.naming_donors`).
    DONOR: lambda measure: set(measure.get("donors", ())),
}


def _one(value: object) -> str | None:
    """Return a name's only value; several are a state that no page has."""
    return value if isinstance(value, str) and value else None


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(item for item in values if isinstance(item, str) and item))
