"""What asks for a decision in a round, since when, and where earlier ones stand today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.content import sentences_decisions
from dashboards.content.tables import Cell, Table
from tracker.publication.reading.words import Json, Words
from tracker.publication.rules import decisions as rules
from tracker.publication.rules.decisions import Asking, Outcome, Standing
from tracker.publication.rules.snapshot_json import read_value
from tracker.publication.words import OUTCOME

NOW, BEFORE = "beschlusspunkte", "fruehere-beschlusspunkte"


@dataclass(frozen=True)
class Point:
    """A decision asked for in the round shown: `item` as in the Überblick's part."""

    item: Json
    standing: Standing


@dataclass(frozen=True)
class Past:
    """A decision asked for earlier and no longer: `item` of the round `label`, the value `now`."""

    item: Json
    label: str
    now: Json | None
    outcome: Outcome


@dataclass(frozen=True)
class Decisions:
    """The decisions of a selection; `rounds` is how many earlier rounds were looked through."""

    points: tuple[Point, ...]
    past: tuple[Past, ...]
    rounds: int
    total: int
    here: str

    @property
    def longer(self) -> list[Point]:
        """Return what was asked for before the round shown too."""
        return [item for item in self.points if item.standing.rounds > 1]


def comparable(overviews: Sequence[Json]) -> Sequence[Json]:
    """Return the last rounds of one Fassung: codes of another one name other measures.

    `overviews` are oldest first; a round compared with none is the first of its Fassung.
    """
    first = 0
    for place, item in enumerate(overviews):
        if item["previous"] is None:
            first = place
    return overviews[first:]


def read(overviews: Sequence[Json], chosen: Sequence[Json], *, selected: bool) -> Decisions:
    """Return the decisions for the measures chosen; the last of `overviews` is the round shown.

    `selected` says whether filters narrow the measures; a measure that the round no longer has
    is in no selection.
    """
    past = comparable(overviews)
    newest = past[-1]
    rounds = [_asking(item) for item in past]
    codes = {item["code"] for item in chosen}
    values = {item["code"]: item["value"] for item in newest["measures"]}
    points = [
        Point(item, rules.standing(rounds, item["code"]))
        for item in newest["decisions"]
        if item["code"] in codes
    ]
    found = [
        Past(
            item=next(line for line in past[item.round]["decisions"] if line["code"] == item.code),
            label=rounds[item.round].label,
            now=values.get(item.code),
            outcome=item.outcome,
        )
        for item in rules.earlier(rounds)
        if item.code in codes or not (selected or item.code in values)
    ]
    return Decisions(
        points=tuple(points),
        past=tuple(found),
        rounds=len(past) - 1,
        total=len(newest["decisions"]),
        here=newest["round"]["label"],
    )


def table_of_points(found: Decisions, words: Words, fields: dict[int, str]) -> Table:
    return Table(
        NOW,
        f"Beschlusspunkte in {found.here}",
        (
            "Nr.",
            "Maßnahme",
            "Handlungsfeld",
            "Federführend",
            "Stand",
            "Steht an seit",
            "Runden in Folge",
            "Grund",
            "Steuerungsvorschlag",
        ),
        tuple(_row(point, words, fields) for point in found.points),
        frozenset({6}),
    )


def table_of_past(found: Decisions, words: Words, fields: dict[int, str]) -> Table:
    return Table(
        BEFORE,
        f"Frühere Beschlusspunkte, Stand {found.here}",
        (
            "Nr.",
            "Maßnahme",
            "Handlungsfeld",
            "Zuletzt in",
            "Steuerungsvorschlag",
            "Stand damals",
            f"Stand {found.here}",
            "Heute",
        ),
        tuple(
            (
                past.item["code"],
                past.item["display_text"],
                fields.get(past.item["field"]),
                past.label,
                past.item["consequence"],
                words.value(past.item["value"]),
                None if past.outcome is Outcome.GONE else words.value(past.now),
                OUTCOME[past.outcome].text,
            )
            for past in found.past
        ),
    )


def since(point: Point, here: str) -> str:
    """Return since when a decision is asked for, in words."""
    return sentences_decisions.standing(point.standing, here)


def _row(point: Point, words: Words, fields: dict[int, str]) -> tuple[Cell, ...]:
    item = point.item
    return (
        item["code"],
        item["display_text"],
        fields.get(item["field"]),
        item["lead"] or words.not_determined,
        words.value(item["value"]),
        point.standing.since,
        point.standing.rounds,
        item["reason"] or None,
        item["consequence"],
    )


def _asking(overview: Json) -> Asking:
    return Asking(
        label=overview["round"]["label"],
        asked=frozenset(item["code"] for item in overview["decisions"]),
        values={item["code"]: read_value(item["value"]) for item in overview["measures"]},
    )
