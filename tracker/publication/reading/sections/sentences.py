"""Sentences that read the figures: right for none, one and many (design.md, Words)."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.publication.reading.words import Json, Words
from tracker.reporting.rules.status import FULFILLED, Implementation

_RUNNING = (Implementation.IN_PROGRESS, *sorted(FULFILLED))


def measures(count: int) -> str:
    """Return "keine Maßnahme", "1 Maßnahme", "5 Maßnahmen"."""
    if count == 0:
        return "keine Maßnahme"
    return "1 Maßnahme" if count == 1 else f"{count} Maßnahmen"


def headline(figures: Json) -> str:
    """Return the answer to "where do we stand?" in the words of the dashboards' headline."""
    spread = figures["distribution"]
    total = spread["total"]
    count = sum(spread["counts"][state.value] for state in _RUNNING)
    if total == 0:
        return "Es gibt keine Maßnahme, über die berichtet wird."
    if count == 0:
        return f"Noch keine von {total} Maßnahmen läuft oder ist erfüllt."
    if count == total:
        return "Alle Maßnahmen laufen oder sind erfüllt."
    verb = "läuft oder ist" if count == 1 else "laufen oder sind"
    return f"{count} von {total} Maßnahmen {verb} erfüllt."


def coverage(figures: Json) -> str:
    spread = figures["distribution"]
    text = f"Gemeldet und angenommen: {spread['reported']} von {spread['total']} Maßnahmen."
    carried = figures["carried"]
    if not carried:
        return text
    number = "einer" if carried == 1 else str(carried)
    return (
        f"{text} Zu {number} der übrigen gibt es eine Angabe aus einer früheren Runde; "
        "sie zählt hier nicht mit."
    )


def attention(figures: Json, previous: Json | None, words: Words) -> tuple[str, ...]:
    """Return what needs attention, the most serious first."""
    found = []
    for course in ("critical", "at_risk"):
        count = figures["distribution"]["courses"][course]
        label = words.course[course].label
        verb = "ist" if count in (0, 1) else "sind"
        sentence = f"{_opening(measures(count))} {verb} {label}"
        if previous is not None:
            sentence += _newly(count, figures["newly_troubled"][course], since(previous))
        found.append(f"{sentence}.")
    decisions = figures["decisions"]
    if decisions == 0:
        found.append("Es liegt kein Steuerungsvorschlag vor.")
    else:
        noun = (
            "1 Steuerungsvorschlag liegt"
            if decisions == 1
            else (f"{decisions} Steuerungsvorschläge liegen")
        )
        found.append(f"{noun} vor.")
    return tuple(found)


def _newly(count: int, new: int, since: str) -> str:
    if new == 0:
        return ""
    return f", neu {since}" if count == 1 else f", {new} davon neu {since}"


def changes(figures: Json, previous: Json | None) -> str:
    """Return what changed since the compared round."""
    if previous is None:
        return "Dies ist die erste veröffentlichte Runde; es gibt noch keinen Vergleich."
    counts = figures["changes"]
    moved = counts["worse"] + counts["better"]
    verb = "hat" if moved in (0, 1) else "haben"
    text = f"{_opening(since(previous))} {verb} sich {measures(moved)} verändert"
    if moved:
        text += f": {counts['better']} verbessert, {counts['worse']} verschlechtert"
    return (
        f"{text}. Neu gemeldet: {counts['newly_reported']}, nicht mehr gemeldet: "
        f"{counts['no_longer_reported']}."
    )


def field(figures: Json, words: Words) -> str:
    """Return the sentence above a field's table."""
    spread = figures["distribution"]
    troubled = names(
        [
            f"{spread['courses'][course]} {words.course[course].label}"
            for course in ("critical", "at_risk")
            if spread["courses"][course]
        ]
    )
    text = f"Gemeldet: {spread['reported']} von {spread['total']}"
    return f"{text}, davon {troubled}." if troubled else f"{text}."


def since(previous: Json | None) -> str:
    """Return "seit Q2/2026", "gegenüber Q4/2026" for a later round, "" for none."""
    if previous is None:
        return ""
    return f"{'gegenüber' if previous.get('later') else 'seit'} {previous['label']}"


def extract(names: Sequence[str], total: int) -> str:
    """Return which of all Handlungsfelder a report is about."""
    if len(names) == 1:
        return f"Auszug: nur das Handlungsfeld {names[0]}. Alle Zahlen gelten nur dafür."
    return (
        f"Auszug: {len(names)} von {total} Handlungsfeldern ({'; '.join(names)}). Alle Zahlen "
        "gelten nur für diese."
    )


def exceptions(count: int, total: int) -> str:
    """Return how many measures are listed as exceptions, and what the figures are about."""
    if count == 0:
        return "Nur Ausnahmen: Es gibt keine; die Zahlen zählen alle Maßnahmen."
    verb = "ist" if count == 1 else "sind"
    return (
        f"Nur Ausnahmen: {count} von {_of(total)} {verb} einzeln aufgeführt; die Zahlen zählen "
        "auch die übrigen."
    )


def what_an_exception_is(words: Words, previous: Json | None) -> str:
    """Return the definition of an exception (tracker.publication.rules.exceptions)."""
    troubled = " oder ".join(words.course[code].label for code in ("at_risk", "critical"))
    worse = words.change["worse"].label
    became = f", die sich {since(previous)} {worse} hat" if previous is not None else ""
    return (
        f"Eine Ausnahme ist eine Maßnahme, deren Verlauf {troubled} ist{became}, zu der ein "
        f"{words.field('consequence')} oder {words.no_report.label} vorliegt oder deren Stand das "
        "KI anders festgestellt hat als gemeldet."
    )


def listed(count: int, total: int) -> str:
    """Return how many measures of a Handlungsfeld are listed as exceptions."""
    if count == 0:
        return "In diesem Handlungsfeld gibt es keine Ausnahme."
    return f"Aufgeführt: {count} von {_of(total)}."


def names(items: Sequence[str]) -> str:
    """Return "a", "a und b", "a, b und c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} und {items[-1]}"


def _of(total: int) -> str:
    return "1 Maßnahme" if total == 1 else f"{total} Maßnahmen"


def _opening(text: str) -> str:
    return text[:1].upper() + text[1:]
