"""Two published rounds side by side: the same measures before and after, and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.content.selection import Selection, selected
from dashboards.content.sentences_course import difference
from dashboards.content.tables import Table
from tracker.core.german import day
from tracker.publication.reading.words import Json, Words
from tracker.publication.rules.snapshot_figures import field_figures
from tracker.publication.rules.snapshot_views import compared_with
from tracker.reporting.rules.figures import Change

# Worse first, as in the document of a publication.
ORDER = (Change.WORSE, Change.BETTER, Change.NEWLY_REPORTED, Change.NO_LONGER_REPORTED)


_NOTHING: Json = {"report": {}, "next_step_on": None, "reviewed_reason": ""}


@dataclass(frozen=True)
class Side:
    """One of the two rounds: its label, its words, its selected measures and their counts."""

    period: str
    label: str
    words: Words
    measures: tuple[Json, ...]
    counts: Json

    @property
    def codes(self) -> frozenset[str]:
        """Return the codes of the measures selected in this round."""
        return frozenset(item["code"] for item in self.measures)


@dataclass(frozen=True)
class Difference:
    """A measure that differs: its item in the index, and the reasons the later round gives.

    `known` says whether the measure was in the concept of the round compared with.
    """

    item: Json
    kind: Change
    known: bool
    reason: str
    reviewed_reason: str
    next_step: str
    next_step_on: str | None


@dataclass(frozen=True)
class Comparison:
    """Everything about two rounds; `backwards` where `after` is the earlier one in time."""

    before: Side
    after: Side
    differences: tuple[Difference, ...]
    only_before: tuple[Json, ...]
    only_after: tuple[Json, ...]
    backwards: bool

    @property
    def same(self) -> bool:
        return self.before.period == self.after.period

    @property
    def later(self) -> Side:
        """Return the side that is the later one in time: reasons and next steps are its."""
        return self.before if self.backwards else self.after

    def of(self, kind: Change) -> list[Difference]:
        return [item for item in self.differences if item.kind is kind]


def comparison(
    after: Json,
    before: Json,
    state: Selection,
    *,
    words: tuple[Words, Words],
    texts: Json,
) -> Comparison:
    """Compare the Überblick's parts of two rounds over the measures that `state` selects.

    `words` are those of `after` and `before`, `texts` the texts of the later round. A measure is
    selected by what `after` says of it, one that only `before` knows by what that says.
    """
    earlier = {item["code"]: item for item in before["measures"]}
    now = {item["code"] for item in after["measures"]}
    chosen = selected(compared_with(after["measures"], before["measures"]), state)
    only_before = selected(
        compared_with([item for code, item in earlier.items() if code not in now], None), state
    )
    same = [earlier[item["code"]] for item in chosen if item["code"] in earlier]
    said = {item["code"]: item for item in texts["measures"]}
    return Comparison(
        before=_side(before, words[1], [*same, *only_before]),
        after=_side(after, words[0], chosen),
        differences=tuple(_differences(chosen, earlier, said)),
        only_before=tuple(only_before),
        only_after=tuple(item for item in chosen if item["code"] not in earlier),
        backwards=before["round"]["as_of"] > after["round"]["as_of"],
    )


def rows(counts: Comparison, entries: Sequence[tuple[str, str]], kind: str) -> Table:
    """Return the counts of both rounds; `entries` pair a code with its word."""
    before, after = (_counted(side.counts, kind) for side in (counts.before, counts.after))
    found = [
        (text, before[code], after[code], difference(before[code], after[code]))
        for code, text in entries
    ]
    totals = [side.counts["total"] for side in (counts.before, counts.after)]
    name = "Umsetzungsstand" if kind == "counts" else "Verlauf"
    return Table(
        key=f"vergleich-{name.lower()}",
        caption=f"{name} in beiden Runden",
        head=(name, counts.before.label, counts.after.label, "Unterschied"),
        rows=(*found, ("insgesamt", totals[0], totals[1], difference(*totals))),
        numeric=frozenset({1, 2}),
    )


def listed(found: Comparison, fields: Mapping[int, str]) -> Table:
    """Return every measure that differs, with both values and the reasons of the later round."""
    words = found.after.words
    return Table(
        key="vergleich-massnahmen",
        caption="Maßnahmen mit Unterschieden",
        head=(
            "Nr.",
            "Maßnahme",
            "Handlungsfeld",
            "Veränderung",
            found.before.label,
            found.after.label,
            "Begründung",
            "Nächster Schritt",
            "Bis",
        ),
        rows=tuple(
            (
                line.item["code"],
                line.item["display_text"],
                fields[line.item["field"]],
                words.change[line.kind.value].label,
                value_before(found, line),
                words.value(line.item["value"]),
                line.reviewed_reason or line.reason or None,
                line.next_step or None,
                day(line.next_step_on) if line.next_step_on else None,
            )
            for line in found.differences
        ),
    )


def value_before(found: Comparison, line: Difference) -> str:
    """Return the value of the round compared with, in that round's words."""
    if not line.known:
        return "nicht im Konzept"
    return found.before.words.value(line.item["previous_value"])


def _side(part: Json, words: Words, measures: Sequence[Json]) -> Side:
    round_ = part["round"]
    counts = field_figures(measures)["distribution"]
    return Side(round_["period"], round_["label"], words, tuple(measures), counts)


def _differences(
    chosen: Sequence[Json], earlier: Mapping[str, Json], said: Mapping[str, Json]
) -> list[Difference]:
    found = []
    for kind in ORDER:
        for item in chosen:
            if item["change"] == kind:
                texts = said.get(item["code"], _NOTHING)
                found.append(
                    Difference(
                        item=item,
                        kind=kind,
                        known=item["code"] in earlier,
                        reason=texts["report"].get("reason", ""),
                        reviewed_reason=texts["reviewed_reason"],
                        next_step=texts["report"].get("next_step", ""),
                        next_step_on=texts["next_step_on"],
                    )
                )
    return found


def _counted(counts: Json, kind: str) -> Mapping[str, int]:
    more = {"no_report": counts["no_report"], "course_not_asked": counts["course_not_asked"]}
    return {**counts[kind], **more}
