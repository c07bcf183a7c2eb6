"""German sentences about Wirkung und Mittel, right for none, one and many.

They state numbers that `tracker.publication.rules.effect` computed and compute none themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from tracker.core.german import UNKNOWN, euro, listed, number
from tracker.publication.reading.words import Json
from tracker.publication.rules import effect
from tracker.publication.rules.effect import Grants, Known
from tracker.publication.rules.privacy import PublishedTotal

HIDDEN = "unter 5, nicht veröffentlicht"


def people(total: PublishedTotal) -> str:
    """Return "48", "mindestens 48", or that the number is too small to be published."""
    if total.shown is None:
        return hidden_groups(total.hidden) if total.hidden else UNKNOWN
    return (
        f"mindestens {number(total.shown, UNKNOWN)}"
        if total.hidden
        else number(total.shown, UNKNOWN)
    )


def hidden_groups(count: int) -> str:
    """Return "unter 5, nicht veröffentlicht", for several groups with their number."""
    return HIDDEN if count == 1 else f"{count} Gruppen {HIDDEN}"


def people_of(unit: str, total: PublishedTotal) -> str:
    """Return the title of a unit's chart: "Mindestens 48 Personen gemeldet"."""
    if total.shown is None:
        return f"{unit}: {people(total)}"
    told = f"{people(total)} {unit} gemeldet"
    return told[0].upper() + told[1:]


def left_out(hidden: int) -> str:
    """Return how many groups a sum does not contain; for none an empty text."""
    if hidden == 0:
        return ""
    verb = "Gruppe unter 5 ist" if hidden == 1 else "Gruppen unter 5 sind"
    return f" {hidden} {verb} darin nicht enthalten."


def named(count: int, total: int) -> str:
    """Return how many measures reported something: "23 von 57 Maßnahmen mit Angabe"."""
    measures = "1 Maßnahme" if total == 1 else f"{total} Maßnahmen"
    return f"{count} von {measures} mit Angabe"


def silent(count: int, total: int) -> str:
    """Return for how many measures nothing is known about effect and money."""
    if total == 0:
        return "Es gibt keine Maßnahme, über die berichtet wird."
    if count == 0:
        return "Zu jeder Maßnahme liegt eine Angabe zu Wirkung oder Mitteln vor."
    measures = "1 Maßnahme" if total == 1 else f"{total} Maßnahmen"
    return (
        f"Zu {count} von {measures} liegt keine Angabe zu Wirkung oder Mitteln vor; "
        "was fehlt, zählt nicht als 0."
    )


def money(known: Known, *, what: str) -> str:
    """Return a title about money: "Ist-Kosten: 12.500,00 €"."""
    return f"{what}: {amount(known.value)}"


def amount(value: Decimal | None) -> str:
    """Return "12.500,00 €", "nicht bekannt" for None."""
    return euro(None if value is None else format(value, "f"), UNKNOWN)


def quantity(value: Decimal | None) -> str:
    """Return "1.250,5", "nicht bekannt" for None."""
    return number(None if value is None else format(value, "f"), UNKNOWN)


def over_plan(count: int, compared: int) -> str:
    """Return how many measures spent more than planned, of those that name both."""
    if compared == 0:
        return "Keine Maßnahme nennt Plan und Ist; die Kosten lassen sich nicht vergleichen"
    if count == 0:
        return f"Keine von {_compared(compared)} liegt über ihrem Plan"
    verb = "liegt" if count == 1 else "liegen"
    return f"{count} von {_compared(compared)} {verb} über dem Plan"


def _compared(count: int) -> str:
    measures = "Maßnahme" if count == 1 else "Maßnahmen"
    return f"{count} {measures} mit geplanten und tatsächlichen Kosten"


def planned_and_spent(planned: Known, actual: Known) -> str:
    """Return Plan and Ist of the measures that name both, and that the others do not count."""
    told = named(len(planned.codes), planned.total)
    if not planned.codes:
        return f"{told} zu Plan und Ist."
    return (
        f"Diese Maßnahmen planten {amount(planned.value)} und gaben {amount(actual.value)} aus. "
        f"{told} zu Plan und Ist; nur diese werden verglichen."
    )


def grants(found: Grants) -> str:
    """Return how many funding lines there are and how many of them name no amount."""
    told = named(len(found.known.codes), found.known.total)
    if found.lines == 0:
        return f"{told} zu Fördermitteln."
    unknown = "" if found.unknown == 0 else f", bei {found.unknown} davon ist der Betrag {UNKNOWN}"
    lines = "1 Förderung" if found.lines == 1 else f"{found.lines} Förderungen"
    return f"{told}: {lines}{unknown}."


def largest(found: Sequence[Grants]) -> str:
    """Return who gives most; the title of the chart of Geber."""
    known = [item for item in found if item.known.value is not None]
    if not known:
        return "Zu keiner Förderung ist ein Betrag bekannt" if found else "Keine Förderung gemeldet"
    if len(known) == 1:
        return f"Bekannte Fördermittel kommen von einem Geber: {known[0].donor}"
    return f"Die höchsten Fördermittel nennt: {known[0].donor}"


def year_so_far(year: int, value: str, rounds: Sequence[str], total: int) -> str:
    """Return the sum of the year; `rounds` are those with a report, of `total` published."""
    if not rounds:
        return ""
    published = "1 veröffentlichten Runde" if total == 1 else f"{total} veröffentlichten Runden"
    return f"Im Jahr {year} bisher: {value} ({listed(rounds)}; {len(rounds)} von {published})."


def targets(met: int, reported: int, total: int) -> str:
    if total == 0:
        return "Keine Kennzahl mit Zielwert gehört zu diesen Maßnahmen."
    targets_ = "1 Zielwert" if total == 1 else f"{total} Zielwerten"
    if reported == 0:
        return (
            f"Zu keinem von {targets_} liegt ein Wert vor."
            if total > 1
            else ("Zum einzigen Zielwert liegt kein Wert vor.")
        )
    reached = "keiner" if met == 0 else str(met)
    verb = "ist" if met < 2 else "sind"
    return f"Zu {reported} von {targets_} liegt ein Wert vor, {reached} davon {verb} erreicht."


def nothing_reported(label: str) -> str:
    """Return why a round has no effect to show."""
    return (
        f"In {label} hat keine der ausgewählten Maßnahmen Teilnehmende, Veranstaltungen, Personal, "
        "Kosten oder Fördermittel gemeldet. Das heißt nicht, dass es keine gab."
    )


def events(known: Known) -> str:
    """Return how many Veranstaltungen there were, as far as reported."""
    told = named(len(known.codes), known.total)
    if known.value is None:
        return f"Veranstaltungen: {UNKNOWN}; {told}."
    word = "Veranstaltung" if known.value == 1 else "Veranstaltungen"
    return f"{quantity(known.value)} {word} gemeldet; {told}."


def municipal(known: Known) -> str:
    """Return for how many measures the running municipal funding is known."""
    if not known.codes:
        return "Zu keiner Maßnahme ist eine laufende städtische Förderung festgehalten."
    return (
        f"{named(len(known.codes), known.total)}; bei den übrigen ist der Umfang {UNKNOWN}."
        if len(known.codes) < known.total
        else f"{named(len(known.codes), known.total)}."
    )


def effort_of_year(lines: Sequence[Json], units: Mapping[str, str], *, year: int) -> str:
    """Return what one measure did and spent in the year so far.

    `lines` are the measure in each published round of the year (the snapshot's part `effect`);
    what was reported says for how many of these rounds.
    """
    total = len(lines)

    def rounds(told: Callable[[Sequence[Json]], bool]) -> str:
        return f" ({sum(told([line]) for line in lines)} von {total})"

    parts = []
    for unit, found in effect.participants(lines).items():
        with_unit = sum(unit in effect.participants([line]) for line in lines)
        told = f"{people(found.people)} {units[unit.value]}"
        parts.append(f"{told} ({with_unit} von {total})")
    done, spent = effect.events(lines), effect.actual(lines)
    if done.codes:
        word = "Veranstaltung" if done.value == 1 else "Veranstaltungen"
        told = f"{quantity(done.value)} {word}"
        parts.append(told + rounds(lambda line: bool(effect.events(line).codes)))
    if spent.codes:
        told = f"{amount(spent.value)} Kosten (Ist)"
        parts.append(told + rounds(lambda line: bool(effect.actual(line).codes)))
    published = "1 veröffentlichte Runde" if total == 1 else f"{total} veröffentlichte Runden"
    if not parts:
        return f"Im Jahr {year} ist dazu bisher nichts gemeldet ({published})."
    return (
        f"Im Jahr {year} bisher ({published}; in Klammern, in wie vielen davon gemeldet): "
        f"{listed(parts)}. Was fehlt, zählt nicht als 0."
    )
