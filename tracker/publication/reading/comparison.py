"""Two published rounds side by side: the same measures before and after, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.core.german import counted, number, plural
from tracker.publication.reading.basis import Basis
from tracker.publication.reading.counts import spread
from tracker.publication.reading.model_sections import Compared
from tracker.publication.reading.model_values import Count, Spread
from tracker.publication.reading.overview import MOVES
from tracker.publication.reading.table import Column, Kind, Table, page_table, sums
from tracker.publication.reading.words import Words, day
from tracker.publication.rules.document import FieldName, OverviewMeasure, OverviewPart, TextsPart
from tracker.publication.rules.snapshot_figures import field_figures
from tracker.publication.rules.snapshot_views import MeasureT, compared_with
from tracker.reporting.rules.figures import Change


@dataclass(frozen=True)
class Side:
    """One of the two rounds: its name in addresses, its label, where the measures stood in it."""

    name: str
    label: str
    words: Words
    spread: Spread


@dataclass(frozen=True)
class Difference:
    """A measure that differs: its entry in the index, and the reasons the later round gives.

    `known` says whether the measure was in the concept of the round compared with.
    """

    measure: OverviewMeasure
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
    measures: tuple[OverviewMeasure, ...]
    differences: tuple[Difference, ...]
    only_before: tuple[OverviewMeasure, ...]
    only_after: tuple[OverviewMeasure, ...]
    backwards: bool

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.before, self.after

    @property
    def later(self) -> Side:
        """Return the side that is the later one in time: reasons and next steps are its."""
        return self.before if self.backwards else self.after

    def of(self, kind: Change) -> list[Difference]:
        return [difference for difference in self.differences if difference.kind is kind]


def comparison(
    after: OverviewPart,
    before: OverviewPart,
    *,
    names: tuple[str, str],
    labels: tuple[str, str],
    words: tuple[Words, Words],
    texts: TextsPart,
    backwards: bool,
    select: Callable[[Sequence[OverviewMeasure]], Sequence[OverviewMeasure]],
) -> Comparison:
    """Compare the Überblick's parts of two rounds over the measures that `select` leaves.

    `names` in addresses, `labels` and `words` are those of `after` and `before`, `texts` the texts
    of the later round; `backwards` says that this is `before`. A measure is selected by what
    `after` says of it, one that only `before` knows by what that says.
    """
    earlier = {measure["key"]: measure for measure in before["measures"]}
    now = {measure["key"] for measure in after["measures"]}
    chosen = select(compared_with(after["measures"], before["measures"]))
    gone = [measure for key, measure in earlier.items() if key not in now]
    counts = field_figures(chosen)["distribution"]
    return Comparison(
        before=Side(names[1], labels[1], words[1], _spread_before(labels[1], chosen, words[0])),
        after=Side(names[0], labels[0], words[0], spread(labels[0], counts, words[0])),
        measures=tuple(chosen),
        differences=tuple(_differences(chosen, earlier, texts)),
        only_before=tuple(select(compared_with(gone, None))),
        only_after=tuple(measure for measure in chosen if measure["key"] not in earlier),
        backwards=backwards,
    )


def compared(basis: Basis) -> Compared | None:
    """Return where the measures of this round stood in the compared one; None without one."""
    if not basis.previous:
        return None
    label, words = basis.previous, basis.words
    shown, measures = basis.shown, basis.shown["measures"]
    return Compared(
        label=label,
        spread=_spread_before(label, measures, words),
        fields=tuple(
            _spread_before(
                field["name"],
                [measure for measure in measures if measure["field"] == field["code"]],
                words,
            )
            for field in shown["fields"]
        ),
    )


def _spread_before(name: str, measures: Sequence[MeasureT], words: Words) -> Spread:
    before = [
        measure | {"value": measure["previous_value"], "carried": None, "expected": None}
        for measure in measures
    ]
    return spread(name, field_figures(before)["distribution"], words)


def _differences(
    chosen: Sequence[OverviewMeasure], earlier: Mapping[str, OverviewMeasure], texts: TextsPart
) -> Iterable[Difference]:
    by_code = {measure["code"]: measure for measure in texts["measures"]}
    for kind in MOVES:
        for measure in chosen:
            if measure["change"] == kind:
                said = by_code.get(measure["code"])
                report = said["report"] if said else {}
                yield Difference(
                    measure=measure,
                    kind=kind,
                    known=measure["key"] in earlier,
                    reason=report.get("reason", ""),
                    reviewed_reason=said["reviewed_reason"] if said else "",
                    next_step=report.get("next_step", ""),
                    next_step_on=day(said["next_step_on"]) if said else None,
                )


def courses(figures: Spread) -> tuple[Count, ...]:
    """Return the Verlauf of all measures, "keine Meldung" last."""
    return (*figures.courses, figures.counts[-1])


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
        totals=(sums("Summe", (1, 2)),),
    )


def counts_tables(pair: Comparison) -> tuple[Table, Table]:
    """Return Umsetzungsstand and Verlauf of both rounds."""
    before, after = (side.spread for side in pair.sides)
    labels = [side.label for side in pair.sides]
    return (
        counts_table("Umsetzungsstand", before.counts, after.counts, labels),
        counts_table("Verlauf", courses(before), courses(after), labels),
    )


def differences_table(pair: Comparison, fields: Iterable[FieldName]) -> Table:
    """Return every measure that differs, with both values and the reasons of the later round."""
    names = {field["code"]: field["name"] for field in fields}
    words = pair.after.words
    return page_table(
        "vergleich-massnahmen",
        "Maßnahmen mit Unterschieden",
        (
            *(Column(head) for head in ("Nr.", "Maßnahme", "Handlungsfeld", "Veränderung")),
            *(Column(side.label) for side in pair.sides),
            *(Column(head) for head in ("Begründung", "Nächster Schritt")),
            Column("Bis", kind=Kind.DAY),
        ),
        tuple(
            (
                line.measure["code"],
                line.measure["display_text"],
                names[line.measure["field"]],
                words.change[line.kind.value].label,
                value_before(pair, line),
                words.value(line.measure["value"]),
                line.reviewed_reason or line.reason or None,
                line.next_step or None,
                line.next_step_on,
            )
            for line in pair.differences
        ),
    )


def value_before(pair: Comparison, line: Difference) -> str:
    """Return the value of the round compared with, in that round's words."""
    if not line.known:
        return "nicht im Konzept"
    return pair.before.words.value(line.measure["previous_value"])


def difference(before: int, after: int) -> str:
    """Return "2 mehr", "1 weniger", "gleich"."""
    if before == after:
        return "gleich"
    return f"{number(abs(after - before))} {'mehr' if after > before else 'weniger'}"


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
