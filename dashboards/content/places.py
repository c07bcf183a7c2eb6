"""Handlungsfelder and Ziele of a round with the measures selected, and what they say together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from tracker.publication.reading.words import Json
from tracker.publication.rules.snapshot_figures import running
from tracker.publication.rules.snapshot_views import figures
from tracker.reporting.rules.figures import Change
from tracker.reporting.rules.status import Course

# What is read as an arrow: the serious one first.
MOVES = (Change.WORSE, Change.BETTER)
# What is said where nothing moved, first that applies.
_STILL = (
    Change.UNCHANGED,
    Change.NEWLY_REPORTED,
    Change.NO_LONGER_REPORTED,
    Change.NOT_REPORTED,
)


class Place(Protocol):
    """A Handlungsfeld or a Ziel: `measures` are those selected, `figures` those over them."""

    @property
    def measures(self) -> tuple[Json, ...]:
        """Return the measures selected, in the order of the concept."""

    @property
    def figures(self) -> Json:
        """Return the figures over these measures (`tracker.publication.rules.snapshot_views`)."""


@dataclass(frozen=True)
class Goal:
    """An Oberziel with both wordings; `concretisation` is Ziff. 5 c."""

    number: int
    field: int
    title: str
    title_annex2: str
    notes: tuple[str, ...]
    concretisation: Json
    measures: tuple[Json, ...]
    figures: Json


@dataclass(frozen=True)
class Field:
    """A Handlungsfeld with its goals."""

    position: int
    name: str
    goals: tuple[Goal, ...]
    measures: tuple[Json, ...]
    figures: Json


def fields(part: Json, measures: Sequence[Json], *, decisions: Iterable[str]) -> tuple[Field, ...]:
    """Return all fields; `part` is the snapshot's `goals`, `measures` those selected.

    `decisions` are the codes of measures with a Steuerungsvorschlag.
    """
    asked = frozenset(decisions)
    return tuple(_field(item, measures, asked) for item in part["fields"])


def with_measures(found: Iterable[Field]) -> tuple[Field, ...]:
    return tuple(field for field in found if field.measures)


def moves(place: Place) -> list[tuple[str, int]]:
    """Return how many measures got worse and better; where none did, the one word that says so.

    Empty where there is no earlier round to compare with.
    """
    counts = place.figures["changes"]
    moved = [(kind.value, counts[kind.value]) for kind in MOVES if counts[kind.value]]
    if moved:
        return moved
    still = [(kind.value, counts[kind.value]) for kind in _STILL if counts[kind.value]]
    return still[:1]


def with_course(found: Iterable[Field], course: Course) -> list[tuple[Field, int]]:
    counted = [(item, item.figures["distribution"]["courses"][course.value]) for item in found]
    return [(item, count) for item, count in counted if count]


def with_change(found: Iterable[Field], kind: Change) -> list[tuple[Field, int]]:
    counted = [(item, item.figures["changes"][kind.value]) for item in found]
    return [(item, count) for item, count in counted if count]


def ahead(found: Iterable[Field]) -> int:
    """Return in how many fields at least half the measures run or are fulfilled."""
    counted = [field.figures["distribution"] for field in found]
    return sum(2 * running(counts) >= counts["total"] > 0 for counts in counted)


def asked(found: Iterable[Field]) -> list[Goal]:
    """Return the goals with a measure that could be reported."""
    goals = (goal for field in found for goal in field.goals)
    return [goal for goal in goals if goal.figures["distribution"]["total"]]


def silent(found: Iterable[Field]) -> list[Goal]:
    """Return the goals about which nothing was reported although it could have been."""
    return [goal for goal in asked(found) if not goal.figures["distribution"]["reported"]]


def _field(item: Json, measures: Sequence[Json], decisions: frozenset[str]) -> Field:
    own = tuple(measure for measure in measures if measure["field"] == item["position"])
    return Field(
        position=item["position"],
        name=item["name"],
        goals=tuple(_goal(goal, item["position"], own, decisions) for goal in item["goals"]),
        measures=own,
        figures=figures(own, decisions=decisions),
    )


def _goal(item: Json, field: int, measures: Sequence[Json], decisions: frozenset[str]) -> Goal:
    own = tuple(measure for measure in measures if measure["goal"] == item["number"])
    return Goal(
        number=item["number"],
        field=field,
        title=item["title"],
        title_annex2=item["title_annex2"],
        notes=tuple(item["notes"]),
        concretisation=item["concretisation"],
        measures=own,
        figures=figures(own, decisions=decisions),
    )
