"""German words of the concept: kinds, Ziff. 5, responsibility."""

from __future__ import annotations

from decimal import Decimal

from tracker.concept.rules.facts import IndicatorFact
from tracker.core.german import PERCENT, quantity
from tracker.core.labels import Label

# Enums of tracker.models, by their stored value: labels know only rules.
MEASURE_KIND = {
    "measure": Label("Maßnahme", "circle-full", "darüber wird berichtet"),
    "reference": Label("Querverweis", "dash", "verweist auf andere Handlungsfelder, ohne Meldung"),
}

COMPETENCE = {
    "own": Label("eigene", "circle-full", "die Stadt kann allein entscheiden und handeln"),
    "shared": Label("geteilte", "circle-half", "die Stadt handelt gemeinsam mit anderen"),
    "third_party": Label(
        "Dritte", "circle-empty", "andere entscheiden, die Stadt wirkt darauf hin"
    ),
}

SHORT_TERM = {
    "yes": Label("ja", "check", "kurzfristig umsetzbar"),
    "no": Label("nein", "cross", "nicht kurzfristig umsetzbar"),
}

INDICATOR_KIND = {
    "target": Label(
        "Zielwert",
        "circle-full",
        "soll erreicht werden; als erreicht gilt er ab dieser Zahl, so lesen wir den Beschluss",
    ),
    "condition": Label("Bedingung", "circle-half", "nennt, wann etwas gilt"),
}

OPERATOR = {">=": "mindestens", ">": "mehr als", "=": "genau"}

INSTITUTION_KIND = {
    "municipal": Label("Amt/Dienststelle", "circle-full", "Teil der Stadtverwaltung"),
    "subsidiary": Label("Tochtergesellschaft", "circle-half", "Gesellschaft der Stadt"),
    "federal": Label("Bundesbehörde/Jobcenter", "circle-empty", "Behörde außerhalb der Stadt"),
    "welfare": Label("Wohlfahrtsverband", "circle-full", "Verband der freien Wohlfahrtspflege"),
    "independent": Label("freier Träger", "circle-half", "gemeinnütziger oder privater Träger"),
    "migrant_organisation": Label(
        "Migrant*innenorganisation", "circle-full", "Selbstorganisation von Migrant*innen"
    ),
    "education": Label("Bildungsträger", "circle-half", "Einrichtung der Bildungsarbeit"),
}

ENTRY_KIND = {
    "display_text": "Anzeigetext",
    "prioritised": "Vorrangig (Ziff. 4)",
    "weight": "Gewicht",
    "competence": "Kommunale Handlungskompetenz",
    "short_term": "Kurzfristig umsetzbar",
    "concretisation": "Konkretisierung",
    "funding": "Städtische Förderung",
    "principles": "Grundsätze des Leitbilds",
    "target": "Zielwert",
    "name": "Name",
    "institution_kind": "Art",
    "is_active": "Mitwirkung",
}

RESPONSIBILITY = {
    "lead": Label("federführend", "circle-full", "gibt die Meldung ab"),
    "partner": Label("beteiligt", "circle-half", "wirkt mit"),
}


def unit_words(unit: str) -> tuple[str, ...]:
    """Return what may stand at a value of a Kennzahl; one without a unit can be a share."""
    return PERCENT if unit in ("", "%") else (unit,)


def target(indicator: IndicatorFact) -> str:
    """Return a Kennzahl's target with its kind: "Zielwert: 2 Tage je Jahr"."""
    words = target_in_words(
        indicator.kind,
        indicator.operator,
        indicator.target,
        indicator.unit,
        per_year=indicator.per_year,
    )
    return f"{INDICATOR_KIND[indicator.kind].text}: {words}"


def target_in_words(
    kind: str, operator: str, target: Decimal | str, unit: str, *, per_year: bool
) -> str:
    """Return a target or condition: "4 Tage je Jahr", "mindestens 30 %", "ab Jahrgang 8".

    A target names its number only: that it is reached from there on is our reading (002, 2.3, 3.3).
    """
    bound = f"{OPERATOR[operator]} "
    if operator == ">=" and kind == "target":
        bound = ""
    elif operator == ">=" and unit == "Jahrgang":
        bound = "ab "
    yearly = " je Jahr" if per_year else ""
    return f"{bound}{quantity(target, unit)}{yearly}"
