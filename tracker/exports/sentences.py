"""Sentences that read the figures: right for none, one and many (design.md, Words)."""

from __future__ import annotations

from tracker.exports.words import Json, Words
from tracker.rules.status import FULFILLED, Implementation

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
    """Return how many measures the figures rest on."""
    spread = figures["distribution"]
    text = f"Gemeldet und angenommen: {spread['reported']} von {spread['total']} Maßnahmen."
    carried = figures["carried"]
    if not carried:
        return text
    return (
        f"{text} Zu {carried} der übrigen gibt es eine Angabe aus einer früheren Runde; "
        "sie zählt hier nicht mit."
    )


def attention(figures: Json, previous: Json | None, words: Words) -> tuple[str, ...]:
    """Return what needs attention, the most serious first."""
    found = []
    for course in ("critical", "at_risk"):
        count = figures["distribution"]["courses"][course]
        label = words.mark("course", course).label
        verb = "ist" if count in (0, 1) else "sind"
        sentence = f"{_opening(measures(count))} {verb} {label}"
        if previous is not None:
            sentence += _newly(count, figures["newly_troubled"][course], previous["label"])
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
    return f", neu seit {since}" if count == 1 else f", {new} davon neu seit {since}"


def changes(figures: Json, previous: Json | None) -> str:
    """Return what changed since the compared round."""
    if previous is None:
        return "Dies ist die erste veröffentlichte Runde; es gibt noch keinen Vergleich."
    counts = figures["changes"]
    moved = counts["worse"] + counts["better"]
    verb = "hat" if moved in (0, 1) else "haben"
    text = f"Seit {previous['label']} {verb} sich {measures(moved)} verändert"
    if moved:
        text += f": {counts['better']} verbessert, {counts['worse']} verschlechtert"
    return (
        f"{text}. Neu gemeldet: {counts['newly_reported']}, nicht mehr gemeldet: "
        f"{counts['no_longer_reported']}."
    )


def field(figures: Json, words: Words) -> str:
    """Return the sentence above a field's table."""
    spread = figures["distribution"]
    text = f"Gemeldet: {spread['reported']} von {spread['total']}."
    worst = figures["worst_course"]
    if worst not in ("critical", "at_risk"):
        return text
    count = spread["courses"][worst]
    verb = "ist" if count == 1 else "sind"
    return f"{measures(count)} {verb} {words.mark('course', worst).label}. {text}"


def _opening(text: str) -> str:
    return text[:1].upper() + text[1:]
