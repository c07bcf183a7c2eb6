"""The addresses of the dashboards; nothing else writes them down."""

from __future__ import annotations

PREFIX = "/dashboards/"
MEASURES = f"{PREFIX}massnahmen"
MEASURE = f"{PREFIX}massnahme"
MARKS = f"{PREFIX}_marks.svg"
CALLBACKS = f"{PREFIX}_dash-update-component"
REPORT = "/ausgaben/bericht"
TABLES = f"{PREFIX}tabellen"
