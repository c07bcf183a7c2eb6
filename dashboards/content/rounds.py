"""The selection followed through the published rounds: the figures of each, the way to its list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboards.content.selection import Selection, selected
from tracker.publication.reading.words import Json
from tracker.publication.rules.snapshot_views import figures


@dataclass(frozen=True)
class Counted:
    """What a selection counts in one published round.

    `state` is the address of just these measures, `figures` what is said over them.
    """

    label: str
    period: str
    state: Selection
    measures: tuple[Json, ...]
    figures: Json

    @property
    def distribution(self) -> Json:
        """Return how many measures stand where."""
        found: Json = self.figures["distribution"]
        return found

    @property
    def returns(self) -> Json:
        found: Json = self.figures["returns"]
        return found


def counted(overview: Json, measures: Sequence[Json], state: Selection) -> Counted:
    """Return what a state counts in a round; `measures` are those it selects there.

    Without a selection the figures are those of the publication, whatever formula it had.
    """
    round_ = overview["round"]
    plain = not state.count and not state.compared
    decisions = [item["code"] for item in overview["decisions"]]
    return Counted(
        label=round_["label"],
        period=round_["period"],
        state=state,
        measures=tuple(measures),
        figures=overview["figures"] if plain else figures(measures, decisions=decisions),
    )


def at(overview: Json, state: Selection) -> Counted:
    """Return what the same selection counts in another round, compared with the one before it."""
    own = replace(state, round=overview["round"]["period"], compared=None)
    return counted(overview, selected(overview["measures"], own), own)
