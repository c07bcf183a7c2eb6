"""German words of roles and functions."""

from __future__ import annotations

from tracker.core.labels import Label
from tracker.core.permissions import Function, Role

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
