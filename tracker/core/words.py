"""German words of roles and functions."""

from __future__ import annotations

from tracker.core.labels import Label
from tracker.core.permissions import Function, Role
from tracker.core.refusals import Refusal

ROLE = {
    Role.COORDINATION: Label(
        "koordinierende Stelle", "circle-full", "führt Runden, prüft, veröffentlicht"
    ),
    Role.INSTITUTION: Label("Institution", "circle-half", "meldet zu den eigenen Maßnahmen"),
    Role.COMMITTEE: Label("Ausschuss", "circle-empty", "liest veröffentlichte Runden"),
}
FUNCTION = {
    Function.REPRESENTATIVE: Label(
        "benannte Vertretung", "circle-full", "gibt Meldungen der Institution ab"
    ),
    Function.STAFF: Label("Mitarbeitende", "circle-half", "bereiten Meldungen vor"),
}
REFUSAL = {
    Refusal.OTHER_TASK: Label(
        "gehört zu einer anderen Aufgabe", "cross", "das Konto darf das nach seiner Aufgabe nicht"
    ),
    Refusal.OTHERS: Label(
        "gibt es nicht oder gehört anderen",
        "question",
        "eine andere Institution oder ein anderes Konzept, oder eine Adresse, die es nicht gibt",
    ),
    Refusal.STALE_FORM: Label(
        "Formular nicht bestätigt",
        "loop",
        "das Formular war zu alt oder kam nicht von einer Seite der Anwendung",
    ),
}
