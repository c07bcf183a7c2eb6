"""Measures × rounds: what each published round knows of a measure, and what stood still."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from tracker.core.german import counted, every, listed, number, opening, plural
from tracker.core.periods import Period
from tracker.publication.reading.basis import Basis
from tracker.publication.reading.counts import spread
from tracker.publication.reading.model_sections import (
    Known,
    RoundCell,
    RoundLine,
    Rounds,
    Standstill,
)
from tracker.publication.reading.model_values import Count
from tracker.publication.reading.sentences import WHOLE, of_reported, some_measures
from tracker.publication.reading.table import Column, Kind, Row, Table, counts
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import AnyMeasure, Document, FieldName, OverviewPart
from tracker.publication.rules.snapshot_json import read_value
from tracker.publication.rules.standstill import LONG, silent_for, stuck_for, unchanged_for

Reported = dict[tuple[str, str | None], RoundCell]
# A count, of how many reported, of how many.
Counted = tuple[int, int, int]
RUNNING = "laufend oder erfüllt"
NOT_YET = "noch nicht im Konzept"
NOT_THERE = "nicht im Konzept"
_LAST = ", zuletzt "
# How is counted what does not move.
STUCK_RULE = (
    "Gezählt werden von der gezeigten Runde an rückwärts die Runden in Folge, in denen die "
    "Maßnahme gefährdet oder kritisch gemeldet ist und denselben Umsetzungsstand hat. Wird der "
    "Verlauf besser, beginnt die Folge neu; eine fehlende Meldung beendet sie."
)
UNCHANGED_RULE = (
    "Gezählt werden von der gezeigten Runde an rückwärts die Runden in Folge mit demselben "
    "Umsetzungsstand und demselben Verlauf. Eine fehlende Meldung beendet die Folge; was erfüllt, "
    "zurückgestellt oder nicht weiterverfolgt ist, zählt nicht mit."
)
SILENT_RULE = (
    "Gezählt werden von der gezeigten Runde an rückwärts die Runden in Folge ohne geprüfte Meldung."
)


def rounds(basis: Basis) -> Rounds:
    """Return the grid of the measures that are listed, oldest round first."""
    documents, shown, older = basis.rounds, basis.shown, basis.older
    words = [Words.of(document["definitions"]) for document in documents]
    labels = tuple(document["round"]["label"] for document in documents)
    return Rounds(
        sentence=_sentence(basis),
        labels=labels,
        lines=lines(
            (*older, *documents),
            # What the older rounds say is counted and not printed.
            [*(basis.words for _ in older), *words],
            [measure for measure in shown["measures"] if measure["code"] in basis.listed],
            shown["fields"],
            shown=len(documents),
        ),
        spreads=tuple(
            spread(label, basis.figures_of(document)["distribution"], vocabulary)
            for label, document, vocabulary in zip(labels, documents, words, strict=True)
        ),
    )


def lines(
    parts: Sequence[Document | OverviewPart],
    words: Sequence[Words],
    chosen: Iterable[AnyMeasure],
    fields: Iterable[FieldName],
    *,
    shown: int | None = None,
) -> tuple[RoundLine, ...]:
    """Return the chosen measures over these rounds, oldest first; `words` are each round's.

    So many of the last ones are `shown`, all where it is None.
    """
    known: list[dict[str, AnyMeasure]] = [
        {measure["key"]: measure for measure in part["measures"]} for part in parts
    ]
    names = {field["code"]: field["name"] for field in fields}
    # Most cells say one of a few values: each is made once for a round.
    reported: list[Reported] = [{} for _ in parts]
    first = 0 if shown is None else len(parts) - shown
    over_rounds = (
        (measure, _cells([measures.get(measure["key"]) for measures in known], words, reported))
        for measure in chosen
    )
    return tuple(
        RoundLine(
            code=measure["code"],
            display_text=measure["display_text"],
            field=names[measure["field"]],
            cells=cells[first:],
            earlier=cells[:first],
        )
        for measure, cells in over_rounds
    )


def _cells(
    measures: Sequence[AnyMeasure | None], words: Sequence[Words], reported: Sequence[Reported]
) -> tuple[RoundCell, ...]:
    cells: list[RoundCell] = []
    absent = NOT_YET
    for measure, vocabulary, made in zip(measures, words, reported, strict=True):
        if measure is None:
            cells.append(RoundCell(Known.ABSENT, absent, absent))
        else:
            absent = NOT_THERE
            cells.append(_cell(measure, vocabulary, made))
    return tuple(cells)


def _cell(measure: AnyMeasure, words: Words, reported: Reported) -> RoundCell:
    value, carried, nothing = measure["value"], measure["carried"], words.no_report.label
    if not measure["reportable"]:
        text = f"{words.choice('measure_kind', measure['kind'])}, ohne Meldung"
        return RoundCell(Known.REFERENCE, text, text)
    if value is not None:
        key = (value["implementation"], value["course"])
        if key not in reported:
            standing, text = words.standing(value), words.value(value)
            word = standing.implementation.label
            reported[key] = RoundCell(Known.REPORTED, text, word, standing, value=read_value(value))
        return reported[key]
    if carried is not None:
        label = carried["label"]
        text = f"{nothing}{_LAST}{label}: {words.value(carried)}"
        standing = words.standing(carried, note=f"aus {label}")
        return RoundCell(Known.CARRIED, text, nothing, standing, label)
    return RoundCell(Known.SILENT, nothing, nothing, words.standing(None))


# In a single round nothing can stand still yet.
_FEWEST = 2


def standstill(shown: Sequence[RoundLine], published: int) -> Standstill:
    """Return what has stood still; where few rounds are published, over all of them."""
    threshold = min(LONG, max(published, _FEWEST))
    asked = [(line, line.values) for line in shown if line.values]
    stuck, unchanged, silent = (
        tuple(sorted((pair for pair in pairs if pair[1] >= threshold), key=lambda pair: -pair[1]))
        for pairs in (
            [(line, count(values)) for line, values in asked]
            for count in (stuck_for, unchanged_for, silent_for)
        )
    )
    return Standstill(threshold, len(asked), stuck, unchanged, silent)


def gone(parts: Sequence[OverviewPart]) -> list[tuple[str, str]]:
    """Return what the last round no longer has: each code with the last round that had it."""
    last: dict[str, tuple[str, str]] = {}
    for part in parts:
        last |= {
            measure["key"]: (measure["code"], part["round"]["period"])
            for measure in part["measures"]
        }
    now = {measure["key"] for measure in parts[-1]["measures"]}
    return [place for key, place in last.items() if key not in now]


def skipped(periods: Sequence[str]) -> list[str]:
    """Return the labels of periods between those given (oldest first) that have no round."""
    missing_labels = []
    for before, after in pairwise(map(Period.parse, periods)):
        missing = before.next()
        # A change from quarters to half-years leaves no countable gap.
        while missing.kind == after.kind and missing < after:
            missing_labels.append(missing.label)
            missing = missing.next()
    return missing_labels


def table(shown: Rounds, key: str = "massnahmen-runden") -> Table:
    """Return measures × rounds; below, how many measures stood where in each round.

    A value carried from an earlier quarter has a column of its own and counts nowhere.
    """
    columns = [
        Column("Nr.", 7),
        Column("Maßnahme", 50),
        Column("Handlungsfeld", 24),
        Column("Runden unverändert", 14, Kind.WHOLE),
        Column("Runden gefährdet oder kritisch ohne Verbesserung", 18, Kind.WHOLE),
        Column("Runden ohne Meldung", 14, Kind.WHOLE),
    ]
    first = len(columns)
    for label in shown.labels:
        columns.append(Column(f"{label} Stand", 20))
        columns.append(Column(f"{label} Verlauf", 14))
        columns.append(Column(f"{label} zuletzt gemeldet", 24))
    stands, courses = range(first, len(columns), 3), range(first + 1, len(columns), 3)
    return Table(
        key,
        "Maßnahmen × Runden",
        "Maßnahmen über die Runden",
        shown.sentence,
        tuple(columns),
        tuple(_row(line) for line in shown.lines),
        totals=(
            *(counts(word, stands) for word in _labels(part.counts for part in shown.spreads)),
            *(counts(word, courses) for word in _labels(part.courses for part in shown.spreads)),
        ),
        frozen=2,
        label_at=1,
    )


def _row(line: RoundLine) -> Row:
    values = line.values
    still = (count(values) if values else None for count in (unchanged_for, stuck_for, silent_for))
    cells = (part for cell in line.cells for part in _cell_columns(cell))
    return (line.code, line.display_text, line.field, *still, *cells)


def _cell_columns(cell: RoundCell) -> tuple[str, str, str]:
    if cell.kind is Known.REPORTED and cell.standing is not None:
        course = cell.standing.course
        return cell.word, course.label if course is not None else "", ""
    # What is carried: "Q2/2026: in Umsetzung".
    return cell.word, "", cell.text.removeprefix(cell.word).removeprefix(_LAST)


def _labels(given: Iterable[Iterable[Count]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.mark.label for lines in given for line in lines))


def _sentence(basis: Basis) -> str:
    labels = [document["round"]["label"] for document in basis.rounds]
    if len(labels) == 1:
        sentences = [f"Dargestellt ist nur {labels[0]}."]
    else:
        sentences = [f"Dargestellt sind {len(labels)} Runden, {labels[0]} bis {labels[-1]}."]
    missing = skipped([document["round"]["period"] for document in basis.rounds])
    if missing:
        sentences.append(f"Ohne veröffentlichte Runde: {listed(missing)}.")
    return " ".join(sentences)


def stuck(count: int, total: int, rounds: int, *, troubled: str) -> str:
    """Return how many measures are in trouble and get no better; `troubled` are its words."""
    rest = f"seit mindestens {rounds} Runden {troubled} gemeldet und nicht besser geworden"
    if count == 0:
        return f"Keine Maßnahme ist {rest}."
    verb = plural(count, "ist", "sind")
    return f"{opening(some_measures(count, total))} {verb} {rest}."


def unchanged(count: int, total: int, rounds: int) -> str:
    """Return how many open measures were reported the same."""
    rest = (
        f"seit mindestens {rounds} Runden unverändert gemeldet: gleicher Umsetzungsstand, "
        "gleicher Verlauf"
    )
    if count == 0:
        return f"Keine offene Maßnahme ist {rest}."
    verb = plural(count, "ist", "sind")
    return f"{opening(some_measures(count, total))} {verb} {rest}."


def silent(count: int, total: int, rounds: int) -> str:
    """Return for how many measures nothing was reported."""
    if count == 0:
        return f"Zu keiner Maßnahme fehlt die Meldung seit mindestens {rounds} Runden."
    which = some_measures(count, total, dative=True)
    return f"Zu {which} liegt seit mindestens {rounds} Runden keine Meldung vor."


def no_better_for(count: int) -> str:
    """Return "seit 3 Runden ohne Verbesserung"."""
    return f"seit {counted(count, 'Runde', 'Runden')} ohne Verbesserung"


def published_later(labels: Sequence[str], here: str) -> str:
    """Return which rounds before this one count nowhere in it, because they came later."""
    rest = plural(
        len(labels),
        "wurde erst danach veröffentlicht; diese Runde zählt",
        "wurden erst danach veröffentlicht; diese Runden zählen",
    )
    return f"{listed(labels)} {rest} in {here} noch nicht mit."


def rounds_shown(shown: int, of: int, until: str) -> str:
    """Return which rounds a page over time shows, of all up to the round `until`."""
    if of == 1:
        return f"Gezeigt wird {until}; eine frühere veröffentlichte Runde gibt es nicht."
    if shown == 1:
        return f"Gezeigt wird {until}, die letzte von {of} veröffentlichten Runden."
    which = every(of) if shown == of else f"die letzten {shown} von {of}"
    return f"Gezeigt werden {which} veröffentlichten Runden bis {until}."


def cut(shown: int, of: int) -> str:
    """Return that a table of thousands is not shown to its end, and how to see the rest."""
    return (
        f"Gezeigt werden die ersten {number(shown)} von {number(of)} Maßnahmen. Unter „Filter“ "
        "grenzen Sie sie ein; die Tabelle als CSV enthält alle."
    )


def without_round(labels: Sequence[str]) -> str:
    """Return for which periods in between there is no round."""
    missing = plural(
        len(labels),
        "keine veröffentlichte Runde; sie fehlt",
        "keine veröffentlichten Runden; sie fehlen",
    )
    return f"Für {listed(labels)} gibt es {missing} in der Tabelle."


def counted_now(what: str, now: Counted, before: Counted, *, label: str, among: str = WHOLE) -> str:
    """Return the title that compares how many are reported `what` with the round `label`.

    Each count stands beside how many were reported, of how many.
    """
    here, there = of_reported(*now, among=among), of_reported(*before, among=among)
    return f"Als {what} gemeldet: {here}; in {label}: {there}"


def troubled_and_silent(
    troubled: tuple[int, int], silent: tuple[int, int], since: str, *, words: str, nothing: str
) -> str:
    """Return two counts, each now and in the earlier round; `words` are those of the Verlauf."""
    return (
        f"Als {words} gemeldet: {troubled[0]} (in {since}: {troubled[1]}). "
        f"{opening(nothing)}: {silent[0]} (in {since}: {silent[1]})."
    )


def only_round(label: str) -> str:
    """Return why there is no development to show yet."""
    return (
        f"Vor {label} ist keine Runde veröffentlicht. Wie sich die Zahlen entwickeln, steht bei "
        "späteren Runden."
    )
