"""German words of a published round."""

from __future__ import annotations

from tracker.core.labels import Label
from tracker.publication.rules.decisions import Outcome

OUTCOME = {
    Outcome.TROUBLED: Label(
        "gefährdet oder kritisch",
        "triangle",
        "in der gezeigten Runde gefährdet oder kritisch gemeldet, aber ohne Steuerungsvorschlag",
    ),
    Outcome.SILENT: Label(
        "keine Meldung", "question", "zur gezeigten Runde liegt keine geprüfte Meldung vor"
    ),
    Outcome.CALM: Label(
        "weder gefährdet noch kritisch",
        "circle-full",
        "in der gezeigten Runde gemeldet, weder gefährdet noch kritisch, noch nicht erfüllt",
    ),
    Outcome.HALTED: Label(
        "zurückgestellt oder nicht weiterverfolgt",
        "pause",
        "die Maßnahme ruht oder ist bewusst beendet",
    ),
    Outcome.FULFILLED: Label(
        "umgesetzt oder verstetigt", "check", "der Auftrag der Maßnahme ist erfüllt"
    ),
    Outcome.GONE: Label(
        "nicht mehr geführt", "dash", "die gezeigte Runde enthält die Maßnahme nicht"
    ),
}
