"""German reading sentences, right for none, one and many.

They state numbers that `tracker.reporting.rules.figures` computed and compute none themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def measures(count: int) -> str:
    """Return "keine Maßnahme", "1 Maßnahme", "3 Maßnahmen"."""
    if count == 0:
        return "keine Maßnahme"
    return "1 Maßnahme" if count == 1 else f"{count} Maßnahmen"


def found(count: int, total: int, counts: Mapping[str, int]) -> str:
    listed_ = "Keine Maßnahme entspricht der Auswahl" if count == 0 else ""
    if not listed_:
        listed_ = f"{count} von {_of_measures(total)}"
    if counts["total"] == 0:
        return f"{listed_}."
    return f"{listed_}; {coverage(counts['reported'], counts['total'])}."


def troubled(count: int, new: int | None, *, word: str, since: str) -> str:
    """Return how many measures are critical (or at risk) and how many of them newly so.

    `new` is None where there is no earlier round to compare with.
    """
    if count == 0:
        return f"Keine Maßnahme ist {word}."
    if count == 1:
        newly = "" if new is None else f", neu seit {since}" if new else f", wie schon in {since}"
        return f"1 Maßnahme ist {word}{newly}."
    newly = "" if new is None else f", {_share(new, count)} neu seit {since}"
    return f"{count} Maßnahmen sind {word}{newly}."


def _share(part: int, total: int) -> str:
    if part == 0:
        return "keine davon"
    if part == total:
        return "beide" if total == 2 else "alle"
    return f"{part} davon"


def missing(count: int, total: int, carried: int) -> str:
    """Return for how many measures there is no report, and for how many an older value."""
    if total == 0:
        return "Es gibt keine Maßnahme, über die berichtet wird."
    if count == 0:
        return f"Zu {_all(total)} liegt eine geprüfte Meldung vor."
    start = (
        f"Zu keiner der {total} Maßnahmen liegt eine geprüfte Meldung vor"
        if count == total > 1
        else f"Zu {count} von {_of_measures(total)} liegt keine geprüfte Meldung vor"
    )
    if carried == 0:
        return f"{start}."
    if carried == count == 1:
        return f"{start}; ein älterer Stand ist bekannt."
    return f"{start}; zu {carried} davon ist ein älterer Stand bekannt."


def _of_measures(total: int) -> str:
    return "1 Maßnahme" if total == 1 else f"{total} Maßnahmen"


def _all(total: int) -> str:
    return "der einen Maßnahme" if total == 1 else f"allen {total} Maßnahmen"


def proposals(count: int) -> str:
    """Return how many Steuerungsvorschläge wait for a decision."""
    if count == 0:
        return "Kein Steuerungsvorschlag liegt vor."
    if count == 1:
        return "1 Steuerungsvorschlag liegt zur Entscheidung vor."
    return f"{count} Steuerungsvorschläge liegen zur Entscheidung vor."


def moved(counts: Sequence[tuple[str, int]], since: str | None) -> str:
    """Return what changed: `counts` pairs a word such as "verschlechtert" with its number."""
    if since is None:
        return "Dies ist die erste veröffentlichte Runde; ein Vergleich ist noch nicht möglich."
    told = [f"{count} {word}" for word, count in counts if count]
    if not told:
        return f"Seit {since} hat sich bei keiner Maßnahme etwas geändert."
    return f"Gegenüber {since}: {listed(told)}."


def listed(items: Sequence[str]) -> str:
    """Return "a", "a und b", "a, b und c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} und {items[-1]}"


def running_or_fulfilled(count: int, total: int) -> str:
    """Return the headline: how many measures run or are fulfilled."""
    if total == 0:
        return "Es gibt keine Maßnahme, über die berichtet wird"
    if count == 0:
        return f"Noch keine von {total} Maßnahmen läuft oder ist erfüllt"
    if count == total:
        return "Alle Maßnahmen laufen oder sind erfüllt"
    return (
        f"{count} von {total} Maßnahmen {'läuft oder ist' if count == 1 else 'laufen oder sind'} "
        "erfüllt"
    )


def as_planned(count: int, asked: int) -> str:
    """Return how many of the measures with a Verlauf run as planned."""
    if asked == 0:
        return "Zu keiner Maßnahme ist ein Verlauf angegeben"
    if count == 0:
        return f"Keine von {asked} Maßnahmen mit Angabe zum Verlauf läuft planmäßig"
    if count == asked:
        return "Alle Maßnahmen mit Angabe zum Verlauf laufen planmäßig"
    verb = "läuft" if count == 1 else "laufen"
    return f"{count} von {asked} Maßnahmen mit Angabe zum Verlauf {verb} planmäßig"


def reported(count: int, total: int, *, as_of: str) -> str:
    """Return the coverage a chart rests on, with the Stichtag."""
    return f"{coverage(count, total)}, Stichtag {as_of}."


def coverage(count: int, total: int) -> str:
    """Return "49 von 57 Maßnahmen gemeldet"."""
    return f"{count} von {_of_measures(total)} gemeldet"


def came_in(count: int, total: int) -> str:
    """Return the Rücklauf as the title of its chart."""
    if total == 0:
        return "In dieser Runde wurde keine Meldung erwartet"
    if count == 0:
        return f"Noch keine von {total} erwarteten Meldungen ist eingegangen"
    if count == total:
        return "Alle erwarteten Meldungen sind eingegangen"
    verb = "ist" if count == 1 else "sind"
    return f"{count} von {total} erwarteten Meldungen {verb} eingegangen"


def punctual(on_time: int, total: int, waived: int) -> str:
    released = "" if waived == 0 else f" {waivers(waived)}"
    if total == 0:
        return f"Ohne erwartete Meldungen gibt es keinen Rücklauf.{released}"
    if on_time == 0:
        return f"Keine von {total} Meldungen kam in der Frist.{released}"
    verb = "kam" if on_time == 1 else "kamen"
    return f"{on_time} von {total} Meldungen {verb} in der Frist.{released}"


def waivers(count: int) -> str:
    """Return on how many reports was waived; for none an empty text."""
    if count == 0:
        return ""
    return (
        "Auf 1 Meldung wurde verzichtet."
        if count == 1
        else f"Auf {count} Meldungen wurde verzichtet."
    )


def without_lead(count: int, expected: int) -> str:
    """Return why fewer reports are expected than there are measures; for none an empty text."""
    if count == 0:
        return ""
    verb = "hat" if count == 1 else "haben"
    reports = "wird 1 Meldung" if expected == 1 else f"werden {expected or 'keine'} Meldungen"
    return f" {measures(count)} {verb} keine federführende Institution, darum {reports} erwartet."


def fields_ahead(count: int, total: int) -> str:
    """Return in how many Handlungsfelder at least half the measures run or are fulfilled."""
    if total == 0:
        return "Es gibt kein Handlungsfeld"
    where = _in_fields(count, total)
    return f"{where} läuft mindestens die Hälfte der Maßnahmen oder ist erfüllt"


def _in_fields(count: int, total: int) -> str:
    if count == 0:
        return "In keinem Handlungsfeld"
    if count == total > 1:
        return "In jedem Handlungsfeld"
    return f"In {count} von {total} {'Handlungsfeld' if total == 1 else 'Handlungsfeldern'}"
