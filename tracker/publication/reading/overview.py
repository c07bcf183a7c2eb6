"""The Überblick: what needs attention, what changed, and how many measures stand where.

Measures may be those of a document or of the index; `figures` are what is counted over them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.publication.reading import sentences
from tracker.publication.reading.counts import ratios, spread
from tracker.publication.reading.decisions import without_proposal
from tracker.publication.reading.model import ChangeLine, Count, Report, Spread, Summary
from tracker.publication.reading.model_values import Mark
from tracker.publication.reading.table import Column, Kind, Row, Table, counts, page_table, sums
from tracker.publication.reading.words import Words, plan_name
from tracker.publication.rules.document import (
    AnyMeasure,
    Document,
    FiguresRecord,
    RoundFiguresRecord,
)
from tracker.publication.rules.snapshot_figures import (
    is_newly_fulfilled,
    is_newly_troubled,
    reviewed_reason,
)
from tracker.publication.rules.snapshot_views import MeasureT
from tracker.reporting.rules.figures import Change
from tracker.reporting.rules.status import Course, Implementation

WORST_FIRST = (Course.CRITICAL, Course.AT_RISK)
# In the order in which changes are read.
MOVES = (Change.WORSE, Change.BETTER, Change.NEWLY_REPORTED, Change.NO_LONGER_REPORTED)
# What is read as an arrow.
ARROWS = (Change.WORSE, Change.BETTER)
FULFILLED, NO_REPORT = "fulfilled", "no_report"
STANDS, COURSES, FIELDS = "umsetzungsstand", "verlauf", "handlungsfelder"
# More are in the list that the explanation leads to.
_MOST_CODES = 60
_COUNTED = "Gezählt werden Maßnahmen, über die berichtet wird."


@dataclass(frozen=True)
class Attention:
    """One sentence of what needs attention, the measures it counts, and the rule they follow.

    `kind` is a Verlauf, FULFILLED or NO_REPORT; `mark` is the word whose mark it bears.
    """

    kind: str
    mark: Mark
    sentence: str
    rule: str
    codes: tuple[str, ...]


def attention(
    measures: Iterable[AnyMeasure],
    figures: RoundFiguresRecord,
    words: Words,
    *,
    since: str | None,
    later: bool = False,
    among: str = sentences.WHOLE,
) -> tuple[Attention, ...]:
    """Return what a sitting opens with: critical, at risk, newly fulfilled, nothing reported.

    `since` is the round compared with, `later` says that it is a later one; None: there is none,
    and nothing is new. `among` says of what the measures are all.
    """
    asked = [item for item in measures if item["reportable"]]
    found = [
        _troubled(asked, figures, words.course[course.value], since, later=later, among=among)
        for course in WORST_FIRST
    ]
    if since is not None:
        found.append(_fulfilled(asked, words, since, later=later))
    return (*found, _silent(asked, figures, words.no_report))


def _troubled(
    asked: Sequence[AnyMeasure],
    figures: RoundFiguresRecord,
    mark: Mark,
    since: str | None,
    *,
    later: bool,
    among: str,
) -> Attention:
    sentence = sentences.troubled(
        figures["distribution"],
        None if since is None else figures["newly_troubled"][mark.code],
        course=mark,
        since=since or "",
        later=later,
        among=among,
    )
    codes = tuple(
        item["code"] for item in asked if item["value"] and item["value"]["course"] == mark.code
    )
    new = [item["code"] for item in asked if item["code"] in codes and is_newly_troubled(item)]
    than = f"in {since} ohne Meldung, ohne Verlauf oder mit günstigerem Verlauf"
    rule = f"Verlauf „{mark.label}“{_of_them(f'neu ({than})', new)}"
    return Attention(mark.code, mark, sentence, rule, codes)


def _fulfilled(asked: Sequence[AnyMeasure], words: Words, since: str, *, later: bool) -> Attention:
    codes = tuple(item["code"] for item in asked if is_newly_fulfilled(item))
    sentence = sentences.newly_fulfilled(len(codes), since, words=words.fulfilled, later=later)
    rule = f"jetzt {words.fulfilled}, in {since} nicht oder ohne Meldung"
    mark = words.implementation[Implementation.COMPLETED.value]
    return Attention(FULFILLED, mark, sentence, rule, codes)


def _silent(asked: Sequence[AnyMeasure], figures: RoundFiguresRecord, mark: Mark) -> Attention:
    counted = figures["distribution"]
    sentence = sentences.missing(counted["no_report"], counted["total"], figures["carried"])
    codes = tuple(item["code"] for item in asked if item["value"] is None)
    carried = [item["code"] for item in asked if item["value"] is None and item["carried"]]
    rule = f"„{mark.label}“{_of_them('mit älterem Stand', carried)}"
    return Attention(NO_REPORT, mark, sentence, rule, codes)


def _of_them(what: str, codes: Sequence[str]) -> str:
    """Return which of the measures counted are new or carried; "" for none."""
    if not codes:
        return ""
    left = len(codes) - _MOST_CODES
    more = f" und {left} weitere" if left > 0 else ""
    return f"; davon {what}: {', '.join(codes[:_MOST_CODES])}{more}"


def established(measures: Iterable[AnyMeasure]) -> tuple[str, ...]:
    """Return the measures whose value is not the reported one, by their codes."""
    return tuple(item["code"] for item in measures if reviewed_reason(item))


def movements(figures: RoundFiguresRecord, words: Words) -> list[tuple[str, int]]:
    """Return how many measures moved how, in the order of the list of changes."""
    return [(words.change[kind.value].label, figures["changes"][kind.value]) for kind in MOVES]


def moved(measures: Iterable[MeasureT]) -> dict[str, list[MeasureT]]:
    """Return the measures that moved, by kind in the order they are read."""
    by_kind: dict[str, list[MeasureT]] = {kind.value: [] for kind in MOVES}
    for item in measures:
        if item["change"] in by_kind:
            by_kind[item["change"]].append(item)
    return {kind: items for kind, items in by_kind.items() if items}


def summary(document: Document, words: Words, *, among: str = sentences.WHOLE) -> Summary:
    """Return the page that stands alone, of a document as it is shown."""
    figures, previous = document["figures"], document["previous"]
    counted = figures["distribution"]
    since = None if previous is None else previous["label"]
    noticed = attention(
        document["measures"],
        figures,
        words,
        since=since,
        later=sentences.is_later(previous),
        among=among,
    )
    decided = {line["code"] for line in document["decisions"]}
    reviewed = established(document["measures"])
    without = without_proposal(document["measures"], decided)
    return Summary(
        headline=f"{sentences.running_or_fulfilled(counted, among=among)}.",
        attention=(
            *(item.sentence for item in noticed),
            sentences.proposals(figures["decisions"], without),
            *([sentences.established(len(reviewed))] if reviewed else ()),
        ),
        spread=spread(plan_name(document["concept"]["title"]), counted, words),
        returns=ratios(figures["returns"], words),
        waived=figures["returns"]["waived"],
        carried=figures["carried"],
        changes=()
        if previous is None
        else tuple(Count(mark, figures["changes"][mark.code]) for mark in words.change.values()),
        changes_sentence=sentences.moved(movements(figures, words), since),
        without_decision=without,
        among=among,
    )


def change_lines(
    document: Document, listed: frozenset[str], words: Words
) -> tuple[ChangeLine, ...]:
    """Return the measures of a document that changed, as far as they are listed."""
    names = {item["code"]: item["display_text"] for item in document["measures"]}
    return tuple(
        ChangeLine(
            kind=words.change[line["kind"]],
            code=line["code"],
            display_text=names[line["code"]],
            before=words.standing(line["before"]),
            after=words.standing(line["after"]),
        )
        for line in document["changes"]
        if line["code"] in listed
    )


# Tables


def stands_table(whole: Spread) -> Table:
    """Return the Umsetzungsstand as legend, definitions and numbers in one."""
    return _counts(STANDS, "Umsetzungsstand", whole.counts)


def courses_table(whole: Spread) -> Table:
    """Return the Verlauf as legend, definitions and numbers in one, keine Meldung last."""
    return _counts(COURSES, "Verlauf", (*whole.courses, whole.counts[-1]))


def _counts(key: str, name: str, lines: Iterable[Count]) -> Table:
    head = (Column(name), Column("Maßnahmen", kind=Kind.WHOLE), Column("Bedeutung", 60))
    rows = tuple((line.mark.label, line.count, line.mark.definition) for line in lines)
    return page_table(key, name, head, rows)


@dataclass(frozen=True)
class Place:
    """A row of a table of Handlungsfelder or Ziele: its names, its distribution, its arrows.

    `changes` counts measures by the kind of change; None where they are not counted.
    """

    names: Row
    spread: Spread
    worst: Mark | None
    changes: Mapping[str, int] | None = None


def place(names: Row, figures: FiguresRecord, words: Words) -> Place:
    """Return the row of a place over its figures; without a compared round nothing changed."""
    worst, changes = figures["worst_course"], figures.get("changes")
    return Place(
        names,
        spread("", figures["distribution"], words),
        None if worst is None else words.course[worst],
        changes if isinstance(changes, dict) and any(changes.values()) else None,
    )


def places_table(
    key: str,
    title: str,
    head: tuple[Column, ...],
    rows: Sequence[Place],
    *,
    whole: Spread,
    name: str = "",
    arrows: Sequence[Mark] = (),
    sum_label_at: int | None = None,
) -> Table:
    """Return the distributions of places, one per row; `whole` names the columns.

    `arrows` are the changes counted; with a label's column the sums stand below.
    """
    counted = (
        *(line.mark.label for line in (*whole.counts, *whole.courses)),
        "gemeldet",
        "Maßnahmen",
        *(mark.label for mark in arrows),
    )
    first, last = len(head), len(head) + len(counted)
    return Table(
        key,
        name or title,
        title,
        _COUNTED,
        (*head, *(Column(text, 12, Kind.WHOLE) for text in counted), Column("ernstester Verlauf")),
        tuple(_place_row(item, arrows) for item in rows),
        totals=() if sum_label_at is None else (sums("Summe", range(first, last)),),
        frozen=min(2, len(head)),
        label_at=sum_label_at or 0,
    )


def _place_row(item: Place, arrows: Sequence[Mark]) -> Row:
    return (
        *item.names,
        *(line.count for line in (*item.spread.counts, *item.spread.courses)),
        item.spread.reported,
        item.spread.total,
        *(None if item.changes is None else item.changes[mark.code] for mark in arrows),
        item.worst.label if item.worst else None,
    )


def fields_table(report: Report) -> Table:
    """Return the distribution of each Handlungsfeld; the sums are those of the whole."""
    return places_table(
        FIELDS,
        "Stand nach Handlungsfeldern",
        (Column("Nr.", 6, Kind.WHOLE), Column("Handlungsfeld", 34)),
        [Place((item.code, item.name), item.spread, item.worst) for item in report.fields],
        whole=report.summary.spread,
        name="Handlungsfelder",
        sum_label_at=1,
    )


def goals_table(report: Report) -> Table:
    """Return the distribution of each Oberziel; the sums are those of the whole."""
    rows = [
        Place((goal.code, goal.title, goal.title_annex2, field.name), goal.spread, goal.worst)
        for field in report.fields
        for goal in field.goals
    ]
    return places_table(
        "ziele",
        "Stand nach Oberzielen",
        (
            Column("Nr.", 6, Kind.WHOLE),
            Column("Oberziel (Anlage 3)", 50),
            Column("Oberziel (Anlage 2)", 50),
            Column("Handlungsfeld", 30),
        ),
        rows,
        whole=report.summary.spread,
        name="Ziele",
        sum_label_at=1,
    )


def figures_table(report: Report) -> Table:
    """Return the figures of the summary, one per row."""
    summary = report.summary
    total = summary.spread.total
    rows: list[Row] = [
        *_counted("Umsetzungsstand", summary.spread.counts, total),
        *_counted("Verlauf", summary.spread.courses[:-1], summary.spread.with_course),
        *_counted("ohne Verlauf", (summary.spread.courses[-1], summary.spread.counts[-1]), total),
        ("Meldungen", "gemeldet", summary.spread.reported, total, None),
        ("Meldungen", "Stand aus früherer Runde", summary.carried, total, None),
        *(
            ("Rücklauf", line.label, line.count, line.total, line.percent)
            for line in summary.returns
        ),
        ("Rücklauf", "befreit", summary.waived, None, None),
        *_counted("Veränderung", summary.changes, total),
        ("Beschlusspunkte", "Steuerungsvorschläge", len(report.decisions), None, None),
    ]
    return Table(
        "ueberblick",
        "Überblick",
        report.cover.title,
        " ".join((summary.headline, *summary.attention, summary.changes_sentence)),
        (
            Column("Frage", 20),
            Column("Wert", 34),
            Column("Anzahl", 10, Kind.WHOLE),
            Column("von", 10, Kind.WHOLE),
            Column("Prozent", 10, Kind.PERCENT),
        ),
        tuple(rows),
    )


def _counted(question: str, lines: Iterable[Count], total: int) -> tuple[Row, ...]:
    return tuple((question, line.mark.label, line.count, total, None) for line in lines)


def changes_table(report: Report) -> Table:
    kinds = dict.fromkeys(line.kind.label for line in report.changes)
    return Table(
        "veraenderungen",
        "Veränderungen",
        "Was sich verändert hat",
        report.summary.changes_sentence,
        (
            Column("Veränderung", 20),
            Column("Nr.", 7),
            Column("Maßnahme", 50),
            Column("Stand vorher", 20),
            Column("Verlauf vorher", 16),
            Column("Stand jetzt", 20),
            Column("Verlauf jetzt", 16),
        ),
        tuple(
            (line.kind.label, line.code, line.display_text, *line.before.labels, *line.after.labels)
            for line in report.changes
        ),
        totals=tuple(counts(kind, (0,)) for kind in kinds),
        label_at=2,
    )
