"""German sentences about the four lists of Ziff. 5, right for none, one and many."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.content import sentences


def determined(known: int, total: int, *, what: str) -> str:
    """Return for how many measures something is determined; `what` begins with "die"."""
    if total == 0:
        return "Die Auswahl enthält keine Maßnahme, über die berichtet wird."
    if known == 0:
        return f"Für keine von {_measures(total)} ist {what} festgelegt."
    if known == total:
        which = "die eine Maßnahme" if total == 1 else f"alle {total} Maßnahmen"
        return f"Für {which} ist {what} festgelegt."
    return f"Für {known} von {_measures(total)} ist {what} festgelegt, für {total - known} nicht."


def counts(entries: Sequence[tuple[str, int]]) -> str:
    """Return "10 eigene, 4 geteilte und 2 Dritte"; what has none is left out."""
    return sentences.listed([f"{count} {text}" for text, count in entries if count])


def short_term(yes: int, known: int, total: int) -> str:
    """Return how many measures can be carried out at short notice."""
    if total == 0:
        return "Die Auswahl enthält keine Maßnahme, über die berichtet wird."
    if known == 0:
        return f"Für keine von {_measures(total)} ist festgelegt, ob sie kurzfristig umsetzbar ist."
    verb = "ist" if yes < 2 else "sind"
    told = f"{yes or 'Keine'} von {_measures(total)} {verb} als kurzfristig umsetzbar festgelegt"
    left = total - known
    return f"{told}; für {left} ist nichts festgelegt." if left else f"{told}."


def concretised(measures: int, of: int, goals: int, of_goals: int) -> str:
    if of == of_goals == 0:
        return "Die Auswahl enthält keine Maßnahme und kein Ziel."
    told_measures = f"{measures or 'keiner'} von {_measures(of)}"
    told_goals = f"{goals or 'keinem'} von {of_goals} {'Ziel' if of_goals == 1 else 'Zielen'}"
    return f"Eine Konkretisierung liegt zu {told_measures} und zu {told_goals} vor."


def funding(known: int, total: int, *, amount: str | None, without: int) -> str:
    """Return the sum of the known amounts and on how many it rests; unknown is not zero."""
    if total == 0:
        return "Die Auswahl enthält keine Maßnahme, über die berichtet wird."
    if known == 0 or amount is None:
        return f"Für keine von {_measures(total)} ist eine laufende städtische Förderung bekannt."
    told = f"Zusammen {amount}, {known} von {_measures(total)} mit Angabe"
    if without:
        told += f", davon {without} ohne Förderung (0 €)".replace(" €", "\N{NO-BREAK SPACE}€")
    left = total - known
    if left == 0:
        return f"{told}."
    if left == 1:
        return f"{told}. Die übrige 1 ist nicht bekannt und zählt nicht als null."
    return f"{told}. Die übrigen {left} sind nicht bekannt und zählen nicht als null."


def _measures(total: int) -> str:
    return "1 Maßnahme" if total == 1 else f"{total} Maßnahmen"
