"""Two published rounds side by side: the same measures before and after, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.core.german import counted, listed, number, plural
from tracker.publication.reading.basis import Basis
from tracker.publication.reading.counts import spread
from tracker.publication.reading.model_sections import Compared
from tracker.publication.reading.model_values import Count, Spread
from tracker.publication.reading.table import Column, Kind, Table, page_table, sums
from tracker.publication.reading.words import Json, Words, day
from tracker.publication.rules.snapshot_figures import field_figures
from tracker.publication.rules.snapshot_views import compared_with
from tracker.reporting.rules.figures import Change

# Worse first, as in the document of a publication.
ORDER = (Change.WORSE, Change.BETTER, Change.NEWLY_REPORTED, Change.NO_LONGER_REPORTED)
_NOTHING: Json = {"report": {}, "next_step_on": None, "reviewed_reason": ""}


@dataclass(frozen=True)
class Side:
    """One of the two rounds: its key, its label, its words, and where the measures stood in it."""

    period: str
    label: str
    words: Words
    spread: Spread


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
    next_step_on: date | None


@dataclass(frozen=True)
class Comparison:
    """Everything about two rounds; `backwards` where `after` is the earlier one in time.

    Both sides count the same `measures`, those of `after`.
    """

    before: Side
    after: Side
    measures: tuple[Json, ...]
    differences: tuple[Difference, ...]
    only_before: tuple[Json, ...]
    only_after: tuple[Json, ...]
    backwards: bool

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.before, self.after

    @property
    def later(self) -> Side:
        """Return the side that is the later one in time: reasons and next steps are its."""
        return self.before if self.backwards else self.after

    def of(self, kind: Change) -> list[Difference]:
        return [item for item in self.differences if item.kind is kind]


def comparison(
    after: Json,
    before: Json,
    *,
    words: tuple[Words, Words],
    texts: Json,
    select: Callable[[Sequence[Json]], Sequence[Json]],
) -> Comparison:
    """Compare the Überblick's parts of two rounds over the measures that `select` leaves.

    `words` are those of `after` and `before`, `texts` the texts of the later round. A measure is
    selected by what `after` says of it, one that only `before` knows by what that says.
    """
    earlier = {item["code"]: item for item in before["measures"]}
    now = {item["code"] for item in after["measures"]}
    chosen = select(compared_with(after["measures"], before["measures"]))
    gone = [item for code, item in earlier.items() if code not in now]
    here, there = after["round"], before["round"]
    counts = field_figures(chosen)["distribution"]
    return Comparison(
        before=Side(
            there["period"],
            there["label"],
            words[1],
            _spread_before(there["label"], chosen, words[0]),
        ),
        after=Side(
            here["period"], here["label"], words[0], spread(here["label"], counts, words[0])
        ),
        measures=tuple(chosen),
        differences=tuple(_differences(chosen, earlier, texts)),
        only_before=tuple(select(compared_with(gone, None))),
        only_after=tuple(item for item in chosen if item["code"] not in earlier),
        backwards=there["as_of"] > here["as_of"],
    )


def compared(basis: Basis) -> Compared | None:
    """Return where the measures of this round stood in the compared one; None without one."""
    shown, words = basis.shown, basis.words
    if shown["previous"] is None:
        return None
    label, measures = shown["previous"]["label"], shown["measures"]
    return Compared(
        label=label,
        spread=_spread_before(label, measures, words),
        fields=tuple(
            _spread_before(
                field["name"],
                [item for item in measures if item["field"] == field["position"]],
                words,
            )
            for field in shown["fields"]
        ),
    )


def _spread_before(name: str, measures: Iterable[Json], words: Words) -> Spread:
    before = [
        item | {"value": item["previous_value"], "carried": None, "expected": None}
        for item in measures
    ]
    return spread(name, field_figures(before)["distribution"], words)


def _differences(
    chosen: Sequence[Json], earlier: Mapping[str, Json], texts: Json
) -> Iterable[Difference]:
    by_code: dict[str, Json] = {measure["code"]: measure for measure in texts["measures"]}
    for kind in ORDER:
        for item in chosen:
            if item["change"] == kind:
                code: str = item["code"]
                said: Json = by_code.get(code, _NOTHING)
                yield Difference(
                    item=item,
                    kind=kind,
                    known=item["code"] in earlier,
                    reason=said["report"].get("reason", ""),
                    reviewed_reason=said["reviewed_reason"],
                    next_step=said["report"].get("next_step", ""),
                    next_step_on=day(said["next_step_on"]),
                )


def courses(item: Spread) -> tuple[Count, ...]:
    """Return the Verlauf of all measures, "keine Meldung" last."""
    return (*item.courses, item.counts[-1])


def counts_table(
    name: str, before: Sequence[Count], after: Sequence[Count], labels: Sequence[str]
) -> Table:
    """Return the counts of both rounds beside each other; `labels` name the rounds."""
    return page_table(
        f"vergleich-{name.lower()}",
        f"{name} in beiden Runden",
        (
            Column(name, 34),
            *(Column(label, kind=Kind.WHOLE) for label in labels),
            Column("Unterschied"),
        ),
        tuple(
            (new.mark.label, old.count, new.count, difference(old.count, new.count))
            for old, new in zip(before, after, strict=True)
        ),
        totals=(sums("insgesamt", (1, 2)),),
    )


def counts_tables(found: Comparison) -> tuple[Table, Table]:
    """Return Umsetzungsstand and Verlauf of both rounds."""
    before, after = (side.spread for side in found.sides)
    labels = [side.label for side in found.sides]
    return (
        counts_table("Umsetzungsstand", before.counts, after.counts, labels),
        counts_table("Verlauf", courses(before), courses(after), labels),
    )


def differences_table(found: Comparison, fields: Iterable[Json]) -> Table:
    """Return every measure that differs, with both values and the reasons of the later round."""
    names = {item["position"]: item["name"] for item in fields}
    words = found.after.words
    return page_table(
        "vergleich-massnahmen",
        "Maßnahmen mit Unterschieden",
        (
            *(Column(head) for head in ("Nr.", "Maßnahme", "Handlungsfeld", "Veränderung")),
            *(Column(side.label) for side in found.sides),
            *(Column(head) for head in ("Begründung", "Nächster Schritt")),
            Column("Bis", kind=Kind.DAY),
        ),
        tuple(
            (
                line.item["code"],
                line.item["display_text"],
                names[line.item["field"]],
                words.change[line.kind.value].label,
                value_before(found, line),
                words.value(line.item["value"]),
                line.reviewed_reason or line.reason or None,
                line.next_step or None,
                line.next_step_on,
            )
            for line in found.differences
        ),
    )


def value_before(found: Comparison, line: Difference) -> str:
    """Return the value of the round compared with, in that round's words."""
    if not line.known:
        return "nicht im Konzept"
    return found.before.words.value(line.item["previous_value"])


def difference(before: int, after: int) -> str:
    """Return "2 mehr", "1 weniger", "gleich"."""
    if before == after:
        return "gleich"
    return f"{number(abs(after - before))} {'mehr' if after > before else 'weniger'}"


def differing(kinds: Sequence[tuple[str, int]], *, after: str, before: str) -> str:
    """Return what differs between two rounds: `kinds` pairs "verschlechtert" with its number."""
    parts = [f"{count} {word}" for word, count in kinds if count]
    if not parts:
        return f"Zwischen {before} und {after} unterscheidet sich keine Maßnahme."
    return f"{after} gegenüber {before}: {listed(parts)}."


def alike(unchanged: int, silent: int) -> str:
    """Return how many measures do not differ; for none an empty text."""
    parts = [
        f"{counted(count, 'Maßnahme', 'Maßnahmen')} {plural(count, 'ist', 'sind')} {rest}"
        for count, rest in (
            (unchanged, "unverändert"),
            (silent, "in keiner der beiden Runden gemeldet"),
        )
        if count
    ]
    return f"{'; '.join(parts)}." if parts else ""


def backwards(after: str, before: str) -> str:
    """Return that the round compared with is the later one."""
    return (
        f"{before} liegt nach {after}: Der Vergleich läuft rückwärts. „Verschlechtert“ heißt hier, "
        f"dass die Maßnahme in {after} schlechter stand als später in {before}."
    )


def said_in(label: str) -> str:
    """Return from which round's reports the reasons are."""
    return f"Begründungen und nächste Schritte stammen aus den Meldungen zu {label}."
