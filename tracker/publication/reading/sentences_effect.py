"""Sentences about Wirkung und Mittel, right for none, one and many.

They state what `tracker.publication.rules.effect` computed and compute nothing themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from tracker.core.german import (
    UNKNOWN,
    euro,
    listed,
    number,
    opening,
    plural,
    share,
    some,
    verb_for,
)
from tracker.publication.reading.measure import HIDDEN
from tracker.publication.reading.sentences import of_measures, some_measures
from tracker.publication.reading.words import Words
from tracker.publication.rules import effect
from tracker.publication.rules.document import EffectMeasure
from tracker.publication.rules.effect import Costs, Grants, Known
from tracker.publication.rules.privacy import PublishedTotal

_NO_VALUE = "Zum einzigen Zielwert liegt kein Wert vor."
NOTE = (
    "Wer in mehreren Maßnahmen oder Zeiträumen teilnahm, ist mehrfach gezählt. Gruppen unter 5 "
    "sind in keiner Summe enthalten. Personal in Vollzeitstellen und Förderungen gelten über den "
    "Zeitraum hinaus und werden darum nicht über Runden addiert. Geplante Kosten gelten je "
    "Zeitraum und werden nur mit den tatsächlichen Kosten desselben Zeitraums verglichen."
)

TARGET_READ = "Als erreicht gilt ein Zielwert ab der genannten Zahl; das ist unsere Lesart."


def people(total: PublishedTotal) -> str:
    """Return "48", "mindestens 48", or that the number is too small to be published."""
    if total.shown is None:
        if total.hidden < 2:
            return HIDDEN if total.hidden else UNKNOWN
        return f"{total.hidden} Gruppen {HIDDEN}"
    return f"{'mindestens ' if total.hidden else ''}{number(total.shown)}"


def people_of(unit: str, text: str, *, known: bool) -> str:
    """Return the title of a unit's chart: "Mindestens 48 Personen gemeldet"."""
    if not known:
        return f"{unit}: {text}"
    return f"{opening(text)} {unit} gemeldet"


def _in_unit(total: PublishedTotal, unit: str) -> str:
    text = people(total)
    return f"{unit}: {text}" if total.shown is None else f"{text} {unit}"


def left_out(hidden: int) -> str:
    """Return how many groups a sum does not contain; for none an empty text."""
    if hidden == 0:
        return ""
    verb = plural(hidden, "Gruppe unter 5 ist", "Gruppen unter 5 sind")
    return f" {hidden} {verb} darin nicht enthalten."


def named(count: int, total: int, what: str = "Angabe") -> str:
    """Return how many measures reported something: "23 von 57 Maßnahmen mit Angabe"."""
    if total == 0:
        return f"keine Maßnahme mit {what}"
    if total == 1:
        return f"{some_measures(count, total)} mit {what}"
    return f"{count} von {of_measures(total)} mit {what}"


def silent(count: int, total: int, label: str) -> str:
    """Return for how many measures nothing is known about effect and money."""
    if total == 0:
        return "Es gibt keine Maßnahme, über die berichtet wird."
    if count == total:
        return (
            f"In {label} hat {some_measures(0, total)} Teilnehmende, Veranstaltungen, Personal, "
            "Kosten oder Fördermittel gemeldet. Das heißt nicht, dass es keine gab."
        )
    if count == 0:
        return "Zu jeder Maßnahme liegt eine Angabe zu Wirkung oder Mitteln vor."
    return (
        f"Zu {some_measures(count, total, dative=True)} liegt keine Angabe zu Wirkung oder "
        "Mitteln vor; was fehlt, zählt nicht als 0."
    )


def over_plan(costs: Costs) -> str:
    """Return how many measures spent more than planned, of those that name both, as a title."""
    compared = len(costs.planned.codes)
    if compared == 0:
        return "Keine Maßnahme nennt Plan und Ist; die Kosten lassen sich nicht vergleichen"
    count = len(costs.over)
    who = f"{opening(some_measures(count, compared))} mit geplanten und tatsächlichen Kosten"
    verb = verb_for(count, "liegt", "liegen")
    return f"{who} {verb} über {'dem' if count else 'ihrem'} Plan"


def which_over_plan(costs: Costs) -> str:
    """Return the same with the numbers of the measures, as a sentence."""
    return f"{over_plan(costs)}{': ' if costs.over else ''}{', '.join(costs.over)}."


def costs(compared: Costs) -> str:
    """Return Plan and Ist of the measures that name both, and that the others do not count."""
    count = len(compared.planned.codes)
    if not count:
        return which_over_plan(compared)
    plan, spent = (euro(known.value or Decimal(0)) for known in (compared.planned, compared.actual))
    who = plural(count, "Diese Maßnahme plante", "Diese Maßnahmen planten")
    only = plural(count, "nur diese wird", "nur diese werden")
    return (
        f"{opening(_named(compared.planned))} zu Plan und Ist; {only} verglichen. {who} {plan} "
        f"und {plural(count, 'gab', 'gaben')} {spent} aus."
    )


def grants(funding: Grants, *, ended: int = 0) -> str:
    """Return how many Förderungen were reported and how many of them name no amount.

    `ended` ones are over since before the round began.
    """
    known, over = funding.known, ended_before(ended)
    if funding.lines == 0:
        return f"{opening(_named(known))} zu Fördermitteln.{over}"
    lines = f"{funding.lines} {plural(funding.lines, 'Förderung', 'Förderungen')}"
    with_amount = opening(named(len(known.codes), known.total, "Betrag"))
    if funding.unknown == 0:
        return f"{with_amount}: {lines}.{over}"
    which = "dabei" if funding.lines == 1 else f"bei {some(funding.unknown, '', 'einer')} davon"
    return f"{with_amount}: {lines}, {which} ist der Betrag {UNKNOWN}.{over}"


def ended_before(count: int) -> str:
    """Return how many Förderungen are in no sum because they have ended; "" for none."""
    if count == 0:
        return ""
    which = plural(count, "Förderung endete", "Förderungen endeten")
    counts = plural(count, "zählt", "zählen")
    return f" {count} {which} vor dem Zeitraum und {counts} nicht mit."


def largest(donors: Sequence[Grants]) -> str:
    """Return who gives most; the title of the chart of Geber."""
    known = [donor for donor in donors if donor.known.value is not None]
    if not known:
        return (
            "Zu keiner Förderung ist ein Betrag bekannt" if donors else "Keine Förderung gemeldet"
        )
    if len(known) == 1:
        return f"Bekannte Fördermittel kommen von einem Geber: {known[0].donor}"
    names = [donor.donor for donor in known if donor.known.value == known[0].known.value]
    return f"Am meisten {plural(len(names), 'fördert', 'fördern')}, soweit bekannt: {listed(names)}"


def municipal(known: Known) -> str:
    """Return for how many measures the laufende städtische Förderung is known."""
    if not known.codes:
        return "Zu keiner Maßnahme ist eine laufende städtische Förderung festgehalten."
    left = known.total - len(known.codes)
    others = plural(left, "der übrigen", "den übrigen")
    rest = f"; bei {others} ist der Umfang {UNKNOWN}" if left else ""
    return f"Laufende städtische Förderung: {_named(known)}{rest}."


def events(known: Known) -> str:
    """Return how many Veranstaltungen there were, as far as reported."""
    if known.value is None:
        return f"Veranstaltungen: {UNKNOWN}; {_named(known)}."
    word = plural(int(known.value), "Veranstaltung", "Veranstaltungen")
    return f"{number(known.value)} {word} gemeldet; {_named(known)}."


def year_so_far(year: int, value: str, rounds: Sequence[str], total: int) -> str:
    """Return the sum of the year; `rounds` are those with a report, of `total` published."""
    if not rounds:
        return ""
    published = share(len(rounds), total, "veröffentlichte Runde", "veröffentlichten Runden")
    return f"Im Jahr {year} bisher: {value} ({listed(rounds)}; {published})."


def targets(met: Sequence[bool | None]) -> str:
    """Return how many targets are met (None: nothing was reported), of those with a value."""
    total, known = len(met), [is_met for is_met in met if is_met is not None]
    if total == 0:
        return "Keine Kennzahl mit Zielwert gehört zu diesen Maßnahmen."
    reached = sum(known)
    if total == 1:
        only = f"ist {'' if reached else 'noch nicht '}erreicht"
        return f"Der einzige Zielwert {only}." if known else _NO_VALUE
    if not known:
        return f"Zu keinem von {total} Zielwerten liegt ein Wert vor."
    with_value = share(len(known), total, "Zielwert", "Zielwerten", whole="en")
    verb = verb_for(reached, "ist", "sind")
    of_them = f"{some(reached, 'keiner', 'einer')} davon" if len(known) > 1 else "er"
    is_missed = len(known) == 1 and not reached
    return (
        f"Zu {with_value} liegt ein Wert vor, {of_them} {verb} "
        f"{'noch nicht ' if is_missed else ''}erreicht."
    )


def effort_of_year(lines: Sequence[EffectMeasure], words: Words, *, year: int) -> str:
    """Return what one measure did and spent in the year so far.

    `lines` are the measure in each published round of the year (the snapshot's part `effect`);
    what was reported says for how many of these rounds.
    """
    total = len(lines)

    def part(text: str, has: Callable[[Sequence[EffectMeasure]], object]) -> str:
        return f"{text} ({sum(bool(has([line])) for line in lines)} von {total})"

    parts = [
        part(
            _in_unit(participation.people, words.choice("participant_unit", unit.value)),
            lambda alone, unit=unit: unit in effect.participants(alone),  # type: ignore[misc]
        )
        for unit, participation in effect.participants(lines).items()
    ]
    done, spent = effect.events(lines), effect.actual(lines)
    if done.value is not None:
        word = plural(int(done.value), "Veranstaltung", "Veranstaltungen")
        parts.append(part(f"{number(done.value)} {word}", lambda alone: effect.events(alone).codes))
    if spent.value is not None:
        label = words.field("cost_actual")
        parts.append(part(f"{euro(spent.value)} {label}", lambda alone: effect.actual(alone).codes))
    published = f"{total} veröffentlichte {plural(total, 'Runde', 'Runden')}"
    if not parts:
        return f"Im Jahr {year} ist dazu bisher nichts gemeldet ({published})."
    return (
        f"Im Jahr {year} bisher ({published}; in Klammern, in wie vielen davon gemeldet): "
        f"{listed(parts)}. Was fehlt, zählt nicht als 0."
    )


def _named(known: Known) -> str:
    return named(len(known.codes), known.total)
