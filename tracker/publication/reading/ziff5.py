"""The four lists that Ziff. 5 of the resolution asks for, over the measures chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tracker.core.german import (
    NO_BREAK,
    UNKNOWN,
    counted,
    euro,
    every,
    listed,
    opening,
    plural,
    share,
    some,
    verb_for,
)
from tracker.core.text import natural_order
from tracker.publication.reading.sentences import some_measures
from tracker.publication.reading.sentences_effect import named
from tracker.publication.reading.table import (
    Column,
    Kind,
    Row,
    Table,
    TotalRow,
    columns,
    joined,
    sums,
)
from tracker.publication.reading.words import Words, day, decimal, lead_of, money
from tracker.publication.rules import ziff5 as rules
from tracker.publication.rules.document import (
    AnyMeasure,
    ConcretisationRecord,
    FieldRecord,
    GoalRecord,
    Ziff5Record,
)
from tracker.publication.rules.ziff5 import Funding
from tracker.reporting.rules.figures import Ratio

COMPETENCE, SHORT_TERM, CONCRETISATION, FUNDING = (
    "ziffer5-handlungskompetenz",
    "ziffer5-kurzfristig",
    "ziffer5-konkretisierung",
    "ziffer5-foerderung",
)
_NOTHING = "Es gibt hier keine Maßnahme, über die berichtet wird."
_MEASURE = (Column("Nr.", 7), Column("Maßnahme", 50))


@dataclass(frozen=True)
class Ziff5Line:
    """A measure, of the index or of a document, with what is said of it as Ziff. 5 asks."""

    measure: AnyMeasure
    said: Ziff5Record

    @property
    def code(self) -> str:
        """Return the measure's number, e.g. "3.2"."""
        return self.measure["code"]


@dataclass(frozen=True)
class Lists:
    """All four lists; `entries` are the measures that are reported on, `goals` those shown.

    A reference (7.1) has no own entry in (a), (b) and (d); in (c) everything may be concretised.
    """

    entries: tuple[Ziff5Line, ...]
    all: tuple[Ziff5Line, ...]
    goals: tuple[GoalRecord, ...]
    competences: Mapping[str, int]
    competence: Ratio
    short_terms: Mapping[str, int]
    short_term: Ratio
    concretised: Ratio
    concretised_goals: Ratio
    funding: Funding

    def by(self, key: Literal["competence", "short_term"], value: str | None) -> list[Ziff5Line]:
        """Return the measures whose competence or short_term has this value."""
        return [entry for entry in self.entries if entry.said[key] == value]


def lists(
    chosen: Iterable[AnyMeasure], said: Mapping[str, Ziff5Record], fields: Iterable[FieldRecord]
) -> Lists:
    """Return the lists for the measures chosen; `said` is the `ziff5` of each by its code.

    A goal of `fields` is shown when one of its measures is chosen.
    """
    everything = tuple(Ziff5Line(measure, said[measure["code"]]) for measure in chosen)
    entries = tuple(entry for entry in everything if entry.measure["reportable"])
    shown = {entry.measure["goal"] for entry in everything}
    goals = tuple(goal for field in fields for goal in field["goals"] if goal["code"] in shown)
    competences, competence = rules.counted(entry.said["competence"] for entry in entries)
    short_terms, short_term = rules.counted(entry.said["short_term"] for entry in entries)
    amounts = (
        (decimal(entry.said["municipal_funding"]), entry.said["municipal_funding_period"])
        for entry in entries
    )
    return Lists(
        entries=entries,
        all=everything,
        goals=goals,
        competences=competences,
        competence=competence,
        short_terms=short_terms,
        short_term=short_term,
        concretised=rules.determined(entry.said["concretisation"]["text"] for entry in everything),
        concretised_goals=rules.determined(goal["concretisation"]["text"] for goal in goals),
        funding=rules.funding(amounts),
    )


def tables(found: Lists, words: Words, *, only_known: bool) -> tuple[Table, ...]:
    """Return the four lists: every measure, or `only_known` those with an entry."""

    def rows(
        key: Literal["competence", "short_term", "municipal_funding"],
        row: Callable[[Ziff5Line], Row],
    ) -> tuple[Row, ...]:
        return tuple(
            (entry.code, entry.measure["display_text"], *row(entry))
            for entry in found.entries
            if not only_known or entry.said[key] is not None
        )

    return (
        _table(
            COMPETENCE,
            "a) Kommunale Handlungskompetenz",
            _competences_told(found, words),
            (*_MEASURE, Column("Handlungskompetenz", 20), Column("Begründung", 50)),
            rows("competence", lambda entry: _competence(entry, words)),
        ),
        _table(
            SHORT_TERM,
            "b) Kurzfristig umsetzbare Maßnahmen",
            short_term(
                found.short_terms.get("yes", 0), found.short_term.count, found.short_term.total
            ),
            (*_MEASURE, Column("kurzfristig umsetzbar", 20), Column("federführend", 30)),
            rows("short_term", lambda entry: _short_term(entry, words)),
        ),
        _table(
            CONCRETISATION,
            "c) Konkretisierung aus Sicht der Fachverwaltung",
            concretised(
                found.concretised.count,
                found.concretised.total,
                found.concretised_goals.count,
                found.concretised_goals.total,
                references=len(found.all) - len(found.entries),
            ),
            (
                Column("Nr.", 7),
                Column("Ziel oder Maßnahme", 50),
                Column("Konkretisierung", 50),
                Column("Stelle", 30),
                Column("Stand", kind=Kind.DAY),
            ),
            tuple(_concretisations(found, only_known=only_known)),
        ),
        _table(
            FUNDING,
            "d) Laufende städtische Förderung",
            funding(found.funding),
            (*_MEASURE, Column("Betrag", 16, Kind.MONEY), *columns("Zeitraum")),
            rows("municipal_funding", _funding),
            totals=() if len(found.funding.periods) > 1 else (sums("Summe", [2]),),
        ),
    )


def _table(
    key: str,
    title: str,
    sentence: str,
    head: tuple[Column, ...],
    rows: tuple[Row, ...],
    *,
    totals: tuple[TotalRow, ...] = (),
) -> Table:
    return Table(key, title[:31], title, sentence, head, rows, totals)


def _competence(entry: Ziff5Line, words: Words) -> Row:
    return words.choice("competence", entry.said["competence"]), entry.said["competence_reason"]


def _short_term(entry: Ziff5Line, words: Words) -> Row:
    return words.choice("short_term", entry.said["short_term"]), lead_of(entry.measure, words)


def _funding(entry: Ziff5Line) -> Row:
    amount = money(entry.said["municipal_funding"])
    return UNKNOWN if amount is None else amount, entry.said["municipal_funding_period"]


def _concretisations(found: Lists, *, only_known: bool) -> Iterable[Row]:
    """Give goals and measures in the order of the concept, each goal before its measures."""
    subjects: list[tuple[str, str, str, ConcretisationRecord]] = [
        (goal["code"], f"Ziel {goal['code']}", goal["title"], goal["concretisation"])
        for goal in found.goals
    ]
    subjects += [
        (
            entry.code,
            entry.code,
            entry.measure["display_text"],
            entry.said["concretisation"],
        )
        for entry in found.all
    ]
    for _, number, text, said in sorted(subjects, key=lambda subject: natural_order(subject[0])):
        if said["text"].strip() or not only_known:
            yield number, text, said["text"], said["office"], day(said["on"])


def joined_table(lists_: Sequence[Table]) -> Table:
    """Return the four lists in one with the sum of the laufende städtische Förderung."""
    head, rows = joined("Liste", lists_)
    amounts = [at for at, column in enumerate(head) if column.kind is Kind.MONEY]
    return Table(
        "ziffer-5",
        "Ziffer 5",
        "Angaben nach Ziffer 5 des Ratsbeschlusses",
        " ".join(f"{item.title}: {item.sentence}" for item in lists_),
        head,
        rows,
        totals=(sums("Summe", amounts),) if amounts and lists_[-1].totals else (),
        frozen=2,
    )


# Sentences


def _competences_told(found: Lists, words: Words) -> str:
    known, kinds = found.competence, words.choices["competence"].items()
    told = determined(known.count, known.total, what="die kommunale Handlungskompetenz")
    if not known.count:
        return told
    counts = [
        f"{text} {found.competences[code]}" for code, text in kinds if code in found.competences
    ]
    return f"{told} Handlungskompetenz: {listed(counts)}."


def determined(known: int, total: int, *, what: str) -> str:
    """Return for how many measures something is determined; `what` begins with "die"."""
    if total == 0:
        return _NOTHING
    if known == total > 1:
        return f"Für {every(total)} Maßnahmen ist {what} festgelegt."
    told = f"Für {some_measures(known, total)} ist {what} festgelegt"
    left = total - known if known else 0
    return f"{told}, für {some(left, '', 'eine')} nicht." if left else f"{told}."


def short_term(yes: int, known: int, total: int) -> str:
    """Return how many measures can be carried out at short notice."""
    if total == 0:
        return _NOTHING
    if known == 0:
        whom = some_measures(0, total)
        return f"Für {whom} ist festgelegt, ob sie kurzfristig umsetzbar ist."
    verb = verb_for(yes, "ist", "sind")
    told = f"{opening(some_measures(yes, total))} {verb} als kurzfristig umsetzbar festgelegt"
    left = total - known
    return f"{told}; für {some(left, '', 'eine')} ist nichts festgelegt." if left else f"{told}."


def concretised(measures: int, of: int, goals: int, of_goals: int, *, references: int = 0) -> str:
    """Return what is concretised; `references` are those of the measures not reported on."""
    if of == of_goals == 0:
        return "Es gibt hier keine Maßnahme und kein Ziel."
    told_measures = some_measures(measures, of, dative=True)
    told_goals = share(
        goals, of_goals, "Ziel", "Zielen", none="keinem", only="dem einen", whole="en"
    )
    with_them = (
        f" Hier {plural(references, 'zählt', 'zählen')} auch "
        f"{counted(references, 'Querverweis', 'Querverweise')}, {plural(references, 'den', 'die')} "
        "die anderen Listen nicht führen."
        if references
        else ""
    )
    return f"Eine Konkretisierung liegt zu {told_measures} und zu {told_goals} vor.{with_them}"


def funding(municipal: Funding) -> str:
    """Return the sum of the known amounts and on how many it rests; unknown is not zero."""
    known, total = municipal.known, municipal.known.total
    if total == 0:
        return _NOTHING
    if not known.count:
        return f"Für {some_measures(0, total)} ist eine laufende städtische Förderung bekannt."
    sentence = f"{_amounts(municipal)}, {named(known.count, total)}{_period(municipal)}"
    if municipal.without:
        sentence += f", davon {some(municipal.without, '', 'eine')} ohne Förderung (0{NO_BREAK}€)"
    left = total - known.count
    if left == 0:
        return f"{sentence}."
    rest = plural(left, "der übrigen", f"den übrigen {left}")
    return f"{sentence}. Bei {rest} ist der Betrag nicht bekannt; er zählt nicht als null."


def _amounts(municipal: Funding) -> str:
    """Return the sum, or one for each Zeitraum: they are not added."""
    if municipal.total is not None:
        return f"Zusammen {euro(municipal.total)}"
    sums_ = [
        f"{euro(one.amount)} {f'für „{one.period}“' if one.period else 'ohne Zeitraum'}"
        for one in municipal.periods
    ]
    return f"{listed(sums_)} (verschiedene Zeiträume, nicht addiert)"


def _period(municipal: Funding) -> str:
    periods = [one.period for one in municipal.periods if one.period]
    return f" für „{periods[0]}“" if len(periods) == 1 and municipal.total is not None else ""
