"""German sentences about the Rücklauf over the rounds, right for none, one and many."""

from __future__ import annotations

from dashboards.content import sentences


def in_time(count: int, total: int) -> str:
    """Return the Termintreue as the title of its chart."""
    if total == 0:
        return "In dieser Runde gab es keine Frist zu wahren"
    if count == 0:
        return f"Noch keine von {total} erwarteten Meldungen kam in der Frist"
    if count == total:
        return "Alle erwarteten Meldungen kamen in der Frist"
    verb = "kam" if count == 1 else "kamen"
    return f"{count} von {total} erwarteten Meldungen {verb} in der Frist"


def before(label: str | None, count: int, total: int) -> str:
    """Return what it was in the round before; `label` None: there is none."""
    if label is None:
        return "Dies ist die erste veröffentlichte Runde; ein Vergleich ist noch nicht möglich."
    if total == 0:
        return f"In {label} wurde keine Meldung erwartet."
    verb = "war" if count == 1 else "waren"
    number = "keine" if count == 0 else str(count)
    return f"In {label} {verb} es {number} von {total}."


def basis(*, expected: int, waived: int, without_lead: int, as_of: str) -> str:
    """Return on what the numbers rest: expected, waived, without lead, and the Stichtag."""
    if expected == 0:
        told = "Es wurde keine Meldung erwartet"
    else:
        verb = "wurde" if expected == 1 else "wurden"
        reports = "1 Meldung" if expected == 1 else f"{expected} Meldungen"
        told = f"Erwartet {verb} {reports}"
    parts = [f"{told}, Stichtag {as_of}.", sentences.waivers(waived), _without_lead(without_lead)]
    return " ".join(part for part in parts if part)


def selected(count: int, total: int) -> str:
    """Return that the numbers rest on measures selected, not on all."""
    if count == 0:
        return "In der gezeigten Runde entspricht keine Maßnahme der Auswahl."
    return f"Ausgewählt: {count} von {total} Maßnahmen; alle Zahlen gelten nur für diese."


def fields(complete: int, total: int) -> str:
    """Return in how many Handlungsfelder all expected reports came in."""
    if total == 0:
        return "In keinem Handlungsfeld der Auswahl wurde eine Meldung erwartet."
    if complete == total:
        where = "dem einen Handlungsfeld" if total == 1 else f"allen {total} Handlungsfeldern"
        return f"In {where} sind alle erwarteten Meldungen eingegangen."
    where = "keinem" if complete == 0 else str(complete)
    of = "dem einen Handlungsfeld" if total == 1 else f"{where} von {total} Handlungsfeldern"
    verb = "noch nicht alle" if total == 1 else "alle"
    return f"In {of} sind {verb} erwarteten Meldungen eingegangen."


def institutions(count: int, expected: int) -> str:
    if count == 0:
        return "In der Auswahl war von keiner Institution eine Meldung erwartet."
    whom = "1 Institution" if count == 1 else f"{count} Institutionen"
    verb = "war" if expected == 1 else "waren"
    reports = "1 Meldung" if expected == 1 else f"{expected or 'keine'} Meldungen"
    return f"Von {whom} {verb} {reports} erwartet. Die Reihenfolge ist alphabetisch."


def _without_lead(count: int) -> str:
    if count == 0:
        return ""
    verb = "hat" if count == 1 else "haben"
    return (
        f"{sentences.measures(count)} {verb} keine federführende Institution; dazu wurde keine "
        "Meldung erwartet."
    )
