"""Sentences about Wirkung und Mittel: right for none, one and many, as on the dashboards."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tracker.publication.reading.model import Money
from tracker.publication.reading.sentences import measures
from tracker.publication.reading.words import written
from tracker.publication.rules.effect import Costs, Grants, Known
from tracker.publication.rules.privacy import PublishedTotal

UNKNOWN = "nicht bekannt"
_HIDDEN = "unter 5, nicht veröffentlicht"


def people(total: PublishedTotal) -> str:
    """Return "48", "mindestens 48", or that the number is too small to be published."""
    if total.shown is None:
        if total.hidden == 0:
            return UNKNOWN
        return _HIDDEN if total.hidden == 1 else f"{total.hidden} Gruppen {_HIDDEN}"
    return f"mindestens {written(total.shown)}" if total.hidden else written(total.shown)


def silent(count: int, total: int, label: str) -> str:
    """Return for how many measures nothing is known about effect and money."""
    if total == 0:
        return "Es gibt keine Maßnahme, über die berichtet wird."
    if count == total:
        return (
            f"In {label} hat keine Maßnahme Teilnehmende, Veranstaltungen, Personal, Kosten oder "
            "Fördermittel gemeldet. Das heißt nicht, dass es keine gab."
        )
    if count == 0:
        return "Zu jeder Maßnahme liegt eine Angabe zu Wirkung oder Mitteln vor."
    return (
        f"Zu {count} von {measures(total)} liegt keine Angabe zu Wirkung oder Mitteln vor; "
        "was fehlt, zählt nicht als 0."
    )


def over_plan(costs: Costs) -> str:
    """Return how many measures spent more than planned, of those that name both."""
    compared = len(costs.planned.codes)
    if compared == 0:
        return "Keine Maßnahme nennt Plan und Ist; die Kosten lassen sich nicht vergleichen."
    of = f"{measures(compared)} mit geplanten und tatsächlichen Kosten"
    if not costs.over:
        return f"Keine von {of} liegt über ihrem Plan."
    verb = "liegt" if len(costs.over) == 1 else "liegen"
    return f"{len(costs.over)} von {of} {verb} über dem Plan: {', '.join(costs.over)}."


def costs(found: Costs) -> str:
    """Return Plan and Ist of the measures that name both, and that the others do not count."""
    if not found.planned.codes:
        return over_plan(found)
    plan, spent = found.planned.value or Decimal(0), found.actual.value or Decimal(0)
    told = f"{written(Money(plan))} und {{}} {written(Money(spent))} aus."
    who = (
        f"Diese Maßnahme plante {told.format('gab')}"
        if len(found.planned.codes) == 1
        else f"Diese Maßnahmen planten {told.format('gaben')}"
    )
    return f"{_named(found.planned)} zu Plan und Ist; nur diese werden verglichen. {who}"


def grants(found: Grants) -> str:
    """Return how many Förderungen were reported and how many of them name no amount."""
    told = _named(found.known)
    if found.lines == 0:
        return f"{told} zu Fördermitteln."
    lines = "1 Förderung" if found.lines == 1 else f"{found.lines} Förderungen"
    unknown = "" if found.unknown == 0 else f", bei {found.unknown} davon ist der Betrag {UNKNOWN}"
    return f"{told}: {lines}{unknown}."


def municipal(known: Known) -> str:
    """Return for how many measures the laufende städtische Förderung is known."""
    if not known.codes:
        return "Zu keiner Maßnahme ist eine laufende städtische Förderung festgehalten."
    rest = "" if len(known.codes) == known.total else f"; bei den übrigen ist der Umfang {UNKNOWN}"
    return f"{_named(known)}{rest}."


def targets(met: Sequence[bool | None]) -> str:
    """Return how many targets are met (None: nothing was reported), of those with a value."""
    total, told = len(met), [item for item in met if item is not None]
    if total == 0:
        return "Keine Kennzahl mit Zielwert gehört zu diesen Maßnahmen."
    if not told:
        return (
            "Zum einzigen Zielwert liegt kein Wert vor."
            if total == 1
            else f"Zu keinem von {total} Zielwerten liegt ein Wert vor."
        )
    reached = "keiner" if sum(told) == 0 else str(sum(told))
    verb = "ist" if sum(told) < 2 else "sind"
    of = "1 Zielwert" if total == 1 else f"{total} Zielwerten"
    return f"Zu {len(told)} von {of} liegt ein Wert vor, {reached} davon {verb} erreicht."


def _named(known: Known) -> str:
    return f"{len(known.codes)} von {measures(known.total)} mit Angabe"
