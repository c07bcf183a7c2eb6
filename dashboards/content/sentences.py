"""Sentences about the Rücklauf; the others are those of the reading."""

from __future__ import annotations

from tracker.core.german import listed
from tracker.publication.reading.sentences import coverage, found, measures

__all__ = ["came_in", "coverage", "found", "listed", "measures", "punctual"]


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
