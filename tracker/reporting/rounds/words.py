"""German words for planning rounds: patterns, the days of a round, what to look at twice."""

from __future__ import annotations

from tracker.core.german import day
from tracker.core.labels import Label
from tracker.reporting.rules.planning import Concern, DayConcern, Pattern

ROUND_PATTERN = {
    Pattern.QUARTER: Label("Quartale", "calendar", "vier Runden im Jahr"),
    Pattern.HALF: Label("Halbjahre", "calendar", "zwei Runden im Jahr"),
}
ROUND_DATE = {
    "opens_on": Label("Eröffnung", "circle-half", "an diesem Tag eröffnet die Uhr die Runde"),
    "due_on": Label("Abgabefrist", "calendar", "dieser Tag zählt noch dazu"),
    "closes_on": Label("Schluss", "pause", "nach diesem Tag schließt die Uhr die Runde"),
    "despatch_on": Label(
        "Versand", "calendar", "an diesem Tag gehen die Unterlagen für die Sitzung hinaus"
    ),
    "committee_on": Label("Sitzung", "calendar", "an diesem Tag berät der Ausschuss"),
}
DAY_CONCERN = {
    DayConcern.SATURDAY: Label("Samstag", "calendar", "der Tag ist kein Werktag"),
    DayConcern.SUNDAY: Label("Sonntag", "calendar", "der Tag ist kein Werktag"),
    DayConcern.HOLIDAY: Label("Feiertag in NRW", "calendar", "der Tag ist kein Werktag"),
    DayConcern.NOT_BEFORE_DESPATCH: Label(
        "liegt nicht vor dem Versandtag",
        "triangle",
        "für Prüfung und Bericht bleibt vor dem Versand der Unterlagen keine Zeit",
    ),
    DayConcern.WITHIN_PERIOD: Label(
        "liegt vor dem Ende des Zeitraums", "triangle", "gemeldet wird der Stand zum Stichtag"
    ),
    DayConcern.PAST: Label("liegt in der Vergangenheit", "clock", "der Tag ist schon vorbei"),
    DayConcern.FAR: Label(
        "liegt mehr als fünf Monate nach dem Zeitraum", "question", "stimmt das Jahr?"
    ),
}


def concern_text(concern: Concern) -> str:
    """Return a concern in words, e.g. "Samstag, nächster Werktag: 17.05.2027"."""
    text = DAY_CONCERN[concern.kind].text
    if concern.holiday:
        text = f"{concern.holiday} ({text})"
    return f"{text}, nächster Werktag: {day(concern.instead)}" if concern.instead else text
