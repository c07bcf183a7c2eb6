"""German sentences about Handlungsfelder and Ziele, right for none, one and many."""

from __future__ import annotations


def fields_with_course(count: int, total: int, *, word: str) -> str:
    """Return in how many Handlungsfelder a measure is critical (or at risk)."""
    return f"{_in_fields(count, total)} ist mindestens eine Maßnahme {word}."


def fields_with_change(count: int, total: int, *, word: str, since: str | None) -> str:
    """Return in how many Handlungsfelder a measure got worse; `since` None: nothing to compare."""
    if since is None:
        return "Dies ist die erste veröffentlichte Runde; ein Vergleich ist noch nicht möglich."
    where = _in_fields(count, total)
    return f"{where} hat sich gegenüber {since} mindestens eine Maßnahme {word}."


def silent_goals(count: int, total: int) -> str:
    """Return about how many goals nothing was reported."""
    if total == 0:
        return "Es gibt hier kein Ziel, zu dem berichtet wird."
    if count == 0:
        whom = "dem einen Ziel" if total == 1 else f"jedem der {total} Ziele"
        return f"Zu {whom} liegt mindestens eine geprüfte Meldung vor."
    if count == total > 1:
        return f"Zu keinem der {total} Ziele liegt eine geprüfte Meldung vor."
    whom = "Ziel" if total == 1 else "Zielen"
    return f"Zu {count} von {total} {whom} liegt keine geprüfte Meldung vor."


def overdue(count: int, planned: int) -> str:
    """Return how many next steps should have been done by the Stichtag."""
    if planned == 0:
        return "Für keine Maßnahme ist ein Termin des nächsten Schritts angegeben."
    steps = "1 Termin" if planned == 1 else f"{planned} Terminen"
    if count == 0:
        return f"Von {steps} für nächste Schritte liegt keiner vor dem Stichtag."
    verb = "liegt" if count == 1 else "liegen"
    return f"Von {steps} für nächste Schritte {verb} {count} vor dem Stichtag."


def distributed() -> str:
    """Return how the bars of the goals of one Handlungsfeld are read."""
    return "Ein Balken je Ziel, im Maßstab des Handlungsfelds darüber."


def rule_of_course(count: int, total: int, *, word: str) -> str:
    return f"{count} von {total}: Maßnahmen, deren Verlauf in dieser Runde „{word}“ ist."


def rule_of_silence(count: int, total: int) -> str:
    """Return how measures without a report are counted."""
    return f"{count} von {total}: Maßnahmen ohne angenommene Meldung in dieser Runde."


def rule_of_overdue(count: int, planned: int) -> str:
    """Return how passed next steps are counted."""
    return (
        f"{count} von {planned}: gemeldete nächste Schritte mit Termin, deren Termin vor dem "
        "Stichtag liegt."
    )


def scale() -> str:
    """Return how the bars of fields and goals are read."""
    return (
        "Ein Balken je Handlungsfeld und Ziel, alle im selben Maßstab: gleich lang heißt gleich "
        "viele Maßnahmen."
    )


def selected(count: int, total: int) -> str:
    """Return how many measures of a place are shown while a filter is set."""
    verb = "entspricht" if count == 1 else "entsprechen"
    of = "1 Maßnahme" if total == 1 else f"{total} Maßnahmen"
    if count == 0:
        return f"Keine von {of} entspricht der Auswahl."
    return f"Auswahl: {count} von {of} {verb} den gesetzten Filtern. Alle Zahlen gelten dafür."


def coverage(reported: int, total: int, carried: int) -> str:
    """Return "10 von 12 gemeldet, zu 1 älterer Stand bekannt"; for none that nothing is asked."""
    if total == 0:
        return "hierüber wird nicht berichtet"
    older = f", zu {carried} ein älterer Stand" if carried else ""
    return f"{reported} von {total} gemeldet{older}"


def _in_fields(count: int, total: int) -> str:
    if count == 0:
        return "In keinem Handlungsfeld"
    if count == total > 1:
        return f"In allen {total} Handlungsfeldern"
    return f"In {count} von {total} {'Handlungsfeld' if total == 1 else 'Handlungsfeldern'}"
