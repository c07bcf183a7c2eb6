"""Rücklauf: who could report, how much came in, how much in time; nobody is ranked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from tracker.core.german import counted, day, number, plural
from tracker.publication.reading.basis import Basis
from tracker.publication.reading.counts import RETURNS, ratios
from tracker.publication.reading.model_sections import InstitutionSection, Returns, ReturnsRow
from tracker.publication.reading.model_values import Ratio
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
from tracker.publication.reading.words import Json, Words
from tracker.publication.rules.institution_returns import alphabetical, by_institution
from tracker.publication.rules.snapshot_views import figures

FIRST_ROUND = "Dies ist die erste veröffentlichte Runde; ein Vergleich ist noch nicht möglich."


def returns(basis: Basis) -> Returns:
    """Return the section over the selected measures."""
    shown, words = basis.shown, basis.words
    whole = row("insgesamt", shown["figures"]["returns"], words)
    due = day(shown["round"]["due_on"])
    return Returns(
        sentences=sentences(whole, without=nobody_asked(basis.reportable), due=due),
        whole=whole,
        fields=tuple(
            row(item["name"], item["figures"]["returns"], words) for item in shown["fields"]
        ),
        rounds=tuple(
            row(
                item["round"]["label"],
                basis.figures_of(item)["returns"],
                Words.of(item["definitions"]),
            )
            for item in basis.rounds
        ),
        waivers=_waivers(shown),
    )


def institutions(basis: Basis) -> tuple[InstitutionSection, ...]:
    """Return the institutions, named and in the order as they were when it was published."""
    measures = basis.shown["measures"]
    returned = {item.key: item for item in of_institutions(measures, basis.words)}
    leads = [((item["lead"] or {}).get("key"), item) for item in measures]
    return tuple(
        InstitutionSection(
            key=item["key"],
            name=item["name"],
            short_name=item["short_name"],
            leads=tuple(measure["code"] for lead, measure in leads if lead == item["key"]),
            takes_part=tuple(
                measure["code"]
                for lead, measure in leads
                if lead != item["key"]
                and item["key"] in {partner["key"] for partner in measure["partners"]}
            ),
            returns=returned.get(item["key"]),
        )
        for item in basis.published["institutions"]
    )


def row(name: str, figures: Json, words: Words, *, key: str = "") -> ReturnsRow:
    """Return the Rücklauf of a document (`figures.returns`) under a name."""
    return ReturnsRow(name, ratios(figures, words), figures["waived"], key)


def labels_of(words: Words) -> list[str]:
    """Return the names of Rücklauf, angenommen and Termintreue."""
    return [words.formulas[key]["label"] for key in RETURNS]


def of_fields(fields: Iterable[Json], measures: Sequence[Json], words: Words) -> list[ReturnsRow]:
    """Return the Rücklauf of each Handlungsfeld of these measures, in the order of the concept."""
    by_field = (
        (item, [one for one in measures if one["field"] == item["position"]]) for item in fields
    )
    return [
        row(item["name"], figures(own)["returns"], words, key=str(item["position"]))
        for item, own in by_field
        if own
    ]


def of_institutions(measures: Iterable[Json], words: Words) -> list[ReturnsRow]:
    """Return the Rücklauf of each institution that was to report, by name."""
    return [row(item.name, item.returns, words, key=item.key) for item in by_institution(measures)]


def nobody_asked(measures: Iterable[Json]) -> int:
    """Return for how many measures nobody could be asked: none had a federführende Institution."""
    return sum(item["reportable"] and item["expected"] is None for item in measures)


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
        tuple(_cells(item, shares=shares) for item in rows),
        totals=(TotalRow(whole.label, (*whole.totals, *parts)),) if totals else (),
        frozen=1,
    )


def _cells(item: ReturnsRow, *, shares: bool) -> Row:
    counts = ((part.count, part.percent) if shares else (part.count,) for part in item.ratios)
    return (item.name, item.expected, *chain.from_iterable(counts), item.waived)


def tables(found: Returns) -> tuple[Table, Table]:
    """Return the Rücklauf of each Handlungsfeld, whose sums are those of the whole, and round."""
    labels = [ratio.label for ratio in found.whole.ratios]
    sentence = " ".join(found.sentences)
    return (
        table(
            found.fields,
            labels,
            key="ruecklauf",
            head="Handlungsfeld",
            sentence=sentence,
            totals=True,
        ),
        table(
            found.rounds,
            labels,
            key="ruecklauf-runden",
            head="Runde",
            name="Rücklauf je Runde",
            sentence=sentence,
        ),
    )


def history_table(key: str, labels: Sequence[str], rounds: Sequence[Sequence[ReturnsRow]]) -> Table:
    """Return "eingegangen von erwartet" per institution and round; None: nothing expected.

    `rounds` are the institutions of each round, as `labels` name them, the newest first; an
    institution goes by its newest name.
    """
    by_key = [{item.key: item for item in rows} for rows in rounds]
    names = {item.key: item.name for rows in reversed(rounds) for item in rows}
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


def sentences(whole: ReturnsRow, *, without: int = 0, due: str = "") -> tuple[str, ...]:
    """Return what came in, what in time, what was waived, what nobody could be asked for.

    `without` are the measures without lead, `due` is the day the reports were due.
    """
    until = f" (bis {due} oder zur Nachfrist)" if due and whole.expected else ""
    told = (
        f"{came_in(whole)}.",
        f"{in_time(whole)}{until}.",
        waived(whole.waived),
        without_lead(without),
    )
    return tuple(sentence for sentence in told if sentence)


def came_in(item: ReturnsRow) -> str:
    """Return how much came in, as a title."""
    count, total = item.completeness.count, item.expected
    if total == 0:
        return "In dieser Runde wurde keine Meldung erwartet"
    if total == 1:
        return f"Die eine erwartete Meldung ist {'' if count else 'noch nicht '}eingegangen"
    if count == 0:
        return f"Noch keine von {total} erwarteten Meldungen ist eingegangen"
    if count == total:
        return f"Alle {total} erwarteten Meldungen sind eingegangen"
    return f"{count} von {total} erwarteten Meldungen {plural(count, 'ist', 'sind')} eingegangen"


def in_time(item: ReturnsRow) -> str:
    """Return how much came by the day it was due, as a title."""
    count, total = item.timeliness.count, item.expected
    if total == 0:
        return "In dieser Runde gab es keine Frist zu wahren"
    if total == 1:
        return f"Die eine erwartete Meldung kam {'' if count else 'nicht '}in der Frist"
    if count == 0:
        return f"Keine von {total} erwarteten Meldungen kam in der Frist"
    if count == total:
        return f"Alle {total} erwarteten Meldungen kamen in der Frist"
    return f"{count} von {total} erwarteten Meldungen {plural(count, 'kam', 'kamen')} in der Frist"


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
    verb = plural(earlier.count, "war", "waren")
    return f"In {label} {verb} es {earlier.count or 'keine'} von {earlier.total}."


def basis(whole: ReturnsRow, *, without: int, as_of: str) -> str:
    """Return on what the numbers rest: expected, waived, without lead, and the Stichtag."""
    expected = whole.expected
    reports = counted(expected, "Meldung", "Meldungen")
    told = (
        f"Erwartet {plural(expected, 'wurde', 'wurden')} {reports}"
        if expected
        else "Es wurde keine Meldung erwartet"
    )
    parts = (f"{told}, Stichtag {as_of}.", waived(whole.waived), without_lead(without))
    return " ".join(filter(None, parts))


def selected(count: int, total: int) -> str:
    """Return that the numbers rest on measures selected, not on all."""
    if count == 0:
        return "In der gezeigten Runde entspricht keine Maßnahme der Auswahl."
    of = counted(total, "Maßnahme", "Maßnahmen")
    return f"Ausgewählt: {count} von {of}; alle Zahlen gelten nur für diese."


def complete_fields(fields: Iterable[ReturnsRow]) -> str:
    """Return in how many Handlungsfelder all expected reports came in."""
    asked = [item for item in fields if item.expected]
    total = len(asked)
    complete = sum(item.completeness.count == item.expected for item in asked)
    if total == 0:
        return "In keinem Handlungsfeld der Auswahl wurde eine Meldung erwartet."
    if total == 1:
        told = "alle" if complete else "noch nicht alle"
        return f"In dem einen Handlungsfeld sind {told} erwarteten Meldungen eingegangen."
    if complete == total:
        return f"In allen {total} Handlungsfeldern sind alle erwarteten Meldungen eingegangen."
    return (
        f"In {complete or 'keinem'} von {total} Handlungsfeldern sind alle erwarteten Meldungen "
        "eingegangen."
    )


def asked_institutions(rows: Sequence[ReturnsRow]) -> str:
    """Return how many reports were expected of how many institutions."""
    if not rows:
        return "In der Auswahl war von keiner Institution eine Meldung erwartet."
    expected = sum(item.expected for item in rows)
    whom = counted(len(rows), "Institution", "Institutionen")
    reports = f"{plural(expected, 'war', 'waren')} {counted(expected, 'Meldung', 'Meldungen')}"
    return f"Von {whom} {reports} erwartet. Die Reihenfolge ist alphabetisch."


def _waivers(document: Json) -> Table:
    rows = tuple(
        (
            item["code"],
            item["display_text"],
            item["expected"]["institution"]["name"],
            item["expected"]["waived_reason"],
        )
        for item in document["measures"]
        if item["expected"] is not None and item["expected"]["state"] == "waived"
    )
    sentence = waived(len(rows)) or "In dieser Runde wurde auf keine Meldung verzichtet."
    columns = ("Nr.", "Maßnahme", "Institution", "Grund")
    return listing("Befreite Meldungen", sentence, columns, rows)
