"""Rücklauf: who could report, how much came in, how much in time; nobody is ranked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from tracker.core.german import counted, day, every, number, opening, plural, share
from tracker.core.text import alphabetical
from tracker.publication.reading.basis import Basis
from tracker.publication.reading.counts import RETURNS, ratios
from tracker.publication.reading.model_sections import InstitutionSection, Returns, ReturnsRow
from tracker.publication.reading.model_values import Ratio
from tracker.publication.reading.sentences import some_measures
from tracker.publication.reading.table import (
    Column,
    Function,
    Kind,
    Row,
    Table,
    Total,
    TotalRow,
    listing,
    page_table,
    sums,
)
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import AnyMeasure, Document, FieldName, ReturnsRecord
from tracker.publication.rules.snapshot_figures import field_figures


def returns(basis: Basis) -> Returns:
    """Return the section over the selected measures."""
    shown, words = basis.shown, basis.words
    whole = row("Summe", shown["figures"]["returns"], words)
    due = day(shown["round"]["due_on"])
    return Returns(
        sentences=sentences(
            whole,
            joined=joined(basis.reportable),
            without=nobody_asked(basis.reportable),
            due=due,
        ),
        whole=whole,
        fields=tuple(
            row(field["name"], field["figures"]["returns"], words) for field in shown["fields"]
        ),
        rounds=tuple(
            row(
                document["round"]["label"],
                basis.figures_of(document)["returns"],
                Words.of(document["definitions"]),
            )
            for document in basis.rounds
        ),
        waivers=_waivers(shown),
    )


def institutions(basis: Basis) -> tuple[InstitutionSection, ...]:
    """Return the institutions, named as they were when it was published."""
    measures = basis.shown["measures"]
    returned = {line.key: line for line in of_institutions(measures, basis.words)}
    leads = [(measure["lead"]["key"] if measure["lead"] else None, measure) for measure in measures]
    return tuple(
        InstitutionSection(
            key=institution["key"],
            name=institution["name"],
            short_name=institution["short_name"],
            leads=tuple(measure["code"] for lead, measure in leads if lead == institution["key"]),
            takes_part=tuple(
                measure["code"]
                for lead, measure in leads
                if lead != institution["key"]
                and institution["key"] in {partner["key"] for partner in measure["partners"]}
            ),
            returns=returned.get(institution["key"]),
        )
        for institution in sorted(
            basis.published["institutions"], key=lambda known: alphabetical(known["name"])
        )
    )


def row(name: str, figures: ReturnsRecord, words: Words, *, key: str = "") -> ReturnsRow:
    """Return the Rücklauf of a document (`figures.returns`) under a name."""
    return ReturnsRow(name, ratios(figures, words), figures["waived"], key)


def labels_of(words: Words) -> list[str]:
    """Return the names of Rücklauf, angenommen and Termintreue."""
    return [words.formulas[key]["label"] for key in RETURNS]


def of_fields(
    fields: Iterable[FieldName], measures: Sequence[AnyMeasure], words: Words
) -> list[ReturnsRow]:
    """Return the Rücklauf of each Handlungsfeld of these measures, in the order of the concept."""
    by_field = (
        (field, [one for one in measures if one["field"] == field["code"]]) for field in fields
    )
    return [
        row(field["name"], field_figures(own)["returns"], words, key=str(field["code"]))
        for field, own in by_field
        if own
    ]


def of_institutions(measures: Iterable[AnyMeasure], words: Words) -> list[ReturnsRow]:
    """Return the institutions of the frozen expected set with their Rücklauf, by name.

    For the KI and for their own papers: alphabetical, never ranked.
    """
    owed: dict[str, list[AnyMeasure]] = {}
    names: dict[str, str] = {}
    for measure in measures:
        if measure["expected"] is not None:
            institution = measure["expected"]["institution"]
            names[institution["key"]] = institution["name"]
            owed.setdefault(institution["key"], []).append(measure)
    rows = []
    for key, own in owed.items():
        figures = field_figures(own)["returns"]
        codes = tuple(measure["code"] for measure in own)
        rows.append(ReturnsRow(names[key], ratios(figures, words), figures["waived"], key, codes))
    return sorted(rows, key=lambda line: (alphabetical(line.name), line.key))


def nobody_asked(measures: Iterable[AnyMeasure]) -> int:
    """Return for how many measures nobody could be asked: none had a federführende Institution."""
    return sum(measure["reportable"] and measure["expected"] is None for measure in measures)


def joined(measures: Iterable[AnyMeasure]) -> int:
    """Return how many reports were asked for only after the opening of the round."""
    reports = (measure["expected"] for measure in measures)
    return sum(
        report is not None and report["joined_on"] is not None and report["state"] != "waived"
        for report in reports
    )


def table(
    rows: Iterable[ReturnsRow],
    labels: Sequence[str],
    *,
    key: str,
    head: str,
    name: str = "Rücklauf",
    sentence: str = "",
    shares: bool = True,
    totals: bool = False,
) -> Table:
    """Return the Rücklauf of each row; `labels` are the names of its ratios."""
    columns = [Column(head, 40), Column("erwartet (ohne befreite)", 14, Kind.WHOLE)]
    for label in labels:
        columns.append(Column(label, 14, Kind.WHOLE))
        if shares:
            columns.append(Column(f"{label} in Prozent", 14, Kind.PERCENT))
    columns.append(Column("befreit", 10, Kind.WHOLE))
    places = range(1, len(columns))
    whole = sums("Summe", (at for at in places if columns[at].kind is Kind.WHOLE))
    parts = (
        Total(at, Function.SHARE, of=(at - 1, 1))
        for at in places
        if columns[at].kind is Kind.PERCENT
    )
    return Table(
        key,
        name,
        f"Rücklauf je {head}",
        sentence,
        tuple(columns),
        tuple(_cells(line, shares=shares) for line in rows),
        totals=(TotalRow(whole.label, (*whole.totals, *parts)),) if totals else (),
        frozen=1,
    )


def _cells(line: ReturnsRow, *, shares: bool) -> Row:
    counts = ((part.count, part.percent) if shares else (part.count,) for part in line.ratios)
    return (line.name, line.expected, *chain.from_iterable(counts), line.waived)


def tables(shown: Returns) -> tuple[Table, Table]:
    """Return the Rücklauf of each Handlungsfeld, whose sums are those of the whole, and round."""
    labels = [ratio.label for ratio in shown.whole.ratios]
    sentence = " ".join(shown.sentences)
    return (
        table(
            shown.fields,
            labels,
            key="ruecklauf",
            head="Handlungsfeld",
            sentence=sentence,
            totals=True,
        ),
        table(
            shown.rounds,
            labels,
            key="ruecklauf-runden",
            head="Runde",
            name="Rücklauf je Runde",
            sentence=sentence,
        ),
    )


def history_table(key: str, labels: Sequence[str], rounds: Sequence[Sequence[ReturnsRow]]) -> Table:
    """Return "eingegangen von erwartet" per institution and round; None: nothing expected.

    `rounds` are the institutions of each round, as `labels` name them, oldest first; an
    institution goes by its newest name.
    """
    by_key = [{line.key: line for line in rows} for rows in rounds]
    names = {line.key: line.name for rows in rounds for line in rows}
    return page_table(
        key,
        "Eingegangen von erwartet, je Institution und Runde",
        tuple(map(Column, ("Institution", *labels))),
        tuple(
            (
                names[key],
                *(of_total(rows[key].completeness) if key in rows else None for rows in by_key),
            )
            for key in sorted(names, key=lambda key: (alphabetical(names[key]), key))
        ),
    )


def of_total(ratio: Ratio) -> str | None:
    """Return "49 von 55"; None where nothing was expected."""
    return f"{number(ratio.count)} von {number(ratio.total)}" if ratio.total else None


def sentences(
    whole: ReturnsRow, *, joined: int = 0, without: int = 0, due: str = ""
) -> tuple[str, ...]:
    """Return what came in, what in time, what joined, was waived, could be asked of nobody.

    `joined` are the reports asked for later, `without` the measures without lead, `due` is the
    day the reports were due.
    """
    until = f" (bis {due} oder zur Nachfrist)" if due and whole.expected else ""
    parts = (
        f"{came_in(whole)}.",
        f"{in_time(whole)}{until}.",
        joined_later(joined),
        waived(whole.waived),
        without_lead(without),
    )
    return tuple(sentence for sentence in parts if sentence)


def came_in(line: ReturnsRow) -> str:
    """Return how much came in, as a title."""
    count, total = line.completeness.count, line.expected
    if total == 0:
        return "In dieser Runde wurde keine Meldung erwartet"
    if total == 1:
        return f"Die eine erwartete Meldung ist {'' if count else 'nicht '}eingegangen"
    if count == 0:
        return f"Keine von {total} erwarteten Meldungen ist eingegangen"
    if count == total:
        return f"{opening(every(total))} erwarteten Meldungen sind eingegangen"
    return f"{count} von {total} erwarteten Meldungen {plural(count, 'ist', 'sind')} eingegangen"


def of_expected(line: ReturnsRow) -> str:
    """Return "49 von 55 erwarteten Meldungen" have come in."""
    names = ("erwartete Meldung", "erwarteten Meldungen")
    return share(line.completeness.count, line.expected, *names, whole="e")


def in_time(line: ReturnsRow) -> str:
    """Return how much came by the day it was due, as a title."""
    count, total = line.timeliness.count, line.expected
    if total == 0:
        return "In dieser Runde gab es keine Frist zu wahren"
    if line.timeliness.percent is None:
        if total == 1:
            return "Für die eine erwartete Meldung lief die Frist noch"
        return f"In der Frist eingegangen: {count} von {total}; für andere lief sie noch"
    if total == 1:
        return f"Die eine erwartete Meldung kam {'' if count else 'nicht '}in der Frist"
    if count == 0:
        return f"Keine von {total} erwarteten Meldungen kam in der Frist"
    if count == total:
        return f"{opening(every(total))} erwarteten Meldungen kamen in der Frist"
    return f"{count} von {total} erwarteten Meldungen {plural(count, 'kam', 'kamen')} in der Frist"


def joined_later(count: int) -> str:
    """Return how many reports were asked for only after the opening; "" for none."""
    if count == 0:
        return ""
    return (
        f"{counted(count, 'Meldung', 'Meldungen')} davon {plural(count, 'wurde', 'wurden')} erst "
        f"nach der Eröffnung angefordert, mit eigener Frist."
    )


def waived(count: int) -> str:
    """Return on how many reports was waived; "" for none."""
    if count == 0:
        return ""
    verb = plural(count, "sie zählt", "sie zählen")
    return (
        f"Auf {counted(count, 'Meldung', 'Meldungen')} wurde verzichtet; {verb} nicht als erwartet."
    )


def without_lead(count: int) -> str:
    """Return for how many measures nobody could be asked; "" for none."""
    if count == 0:
        return ""
    return (
        f"{counted(count, 'Maßnahme', 'Maßnahmen')} {plural(count, 'hatte', 'hatten')} keine "
        "federführende Institution, als die Runde eröffnet wurde; dazu wurde keine Meldung "
        "erwartet."
    )


def before(earlier: Ratio, label: str) -> str:
    """Return what it was in the round before."""
    if earlier.total == 0:
        return f"In {label} wurde keine Meldung erwartet."
    if earlier.total == 1:
        of_one = "die eine erwartete" if earlier.count else "keine, erwartet war eine"
        return f"In {label} war es {of_one}."
    verb = plural(earlier.count, "war", "waren")
    return f"In {label} {verb} es {earlier.count or 'keine'} von {earlier.total}."


def basis(whole: ReturnsRow, *, joined: int, without: int, as_of: str) -> str:
    """Return on what the numbers rest: expected, waived, without lead, and the Stichtag."""
    expected = whole.expected
    reports = counted(expected, "Meldung", "Meldungen")
    asked = (
        f"Erwartet {plural(expected, 'wurde', 'wurden')} {reports}"
        if expected
        else "Es wurde keine Meldung erwartet"
    )
    parts = (
        f"{asked}, Stichtag {as_of}.",
        joined_later(joined),
        waived(whole.waived),
        without_lead(without),
    )
    return " ".join(filter(None, parts))


def selected(count: int, total: int) -> str:
    """Return that the numbers rest on measures selected, not on all."""
    if count == 0:
        return "In der gezeigten Runde entspricht keine Maßnahme der Auswahl."
    of = some_measures(count, total)
    return f"Ausgewählt: {of}; alle Zahlen gelten nur für diese."


def complete_fields(fields: Iterable[ReturnsRow]) -> str:
    """Return in how many Handlungsfelder all expected reports came in."""
    asked = [field for field in fields if field.expected]
    total = len(asked)
    complete = sum(field.completeness.count == field.expected for field in asked)
    if total == 0:
        return "In keinem Handlungsfeld der Auswahl wurde eine Meldung erwartet."
    if total == 1:
        how_many = "alle" if complete else "nicht alle"
        return f"In dem einen Handlungsfeld sind {how_many} erwarteten Meldungen eingegangen."
    if complete == total:
        where = f"{every(total, 'en')} Handlungsfeldern"
    else:
        where = f"{complete or 'keinem'} von {total} Handlungsfeldern"
    return f"In {where} sind alle erwarteten Meldungen eingegangen."


def asked_institutions(rows: Sequence[ReturnsRow]) -> str:
    """Return how many reports were expected of how many institutions."""
    expected = sum(line.expected for line in rows)
    if expected == 0:
        return "In der Auswahl war von keiner Institution eine Meldung erwartet."
    whom = counted(sum(line.expected > 0 for line in rows), "Institution", "Institutionen")
    reports = f"{plural(expected, 'war', 'waren')} {counted(expected, 'Meldung', 'Meldungen')}"
    return f"Von {whom} {reports} erwartet. Die Reihenfolge ist alphabetisch."


def _waivers(document: Document) -> Table:
    rows = tuple(
        (
            measure["code"],
            measure["display_text"],
            measure["expected"]["institution"]["name"],
            measure["expected"]["waived_reason"],
        )
        for measure in document["measures"]
        if measure["expected"] is not None and measure["expected"]["state"] == "waived"
    )
    sentence = waived(len(rows)) or "In dieser Runde wurde auf keine Meldung verzichtet."
    columns = ("Nr.", "Maßnahme", "Institution", "Grund")
    return listing("Befreite Meldungen", sentence, columns, rows)
