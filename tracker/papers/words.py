"""German words for papers: what can be made, in which form, where an order stands."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.core.errors import Problem
from tracker.core.labels import Label
from tracker.papers.rules.exporting import ExportFormat, ExportKind, OrderState, VorlageKind

EXPORT_KIND = {
    ExportKind.REPORT: Label(
        "Controllingbericht", "page", "der Bericht über eine Runde, Anlage 1 der Vorlage"
    ),
    ExportKind.VORLAGE: Label(
        "Vorlage für den Ausschuss",
        "page",
        "der Entwurf der Drucksache in Word, aus der Runde gefüllt; Sie schreiben ihn fertig",
    ),
    ExportKind.COMPARISON: Label(
        "Vergleich zweier Runden", "equal", "was sich zwischen zwei Runden verändert hat"
    ),
    ExportKind.MEASURE: Label(
        "Maßnahmenblatt", "page", "eine Maßnahme für sich: Wortlaut, Stand, Meldung"
    ),
    ExportKind.INSTITUTION: Label(
        "Meldungen einer Institution",
        "page",
        "was eine Institution gemeldet hat, etwa für ihren Vorstand",
    ),
    ExportKind.BUNDLE: Label(
        "Mappe zur Runde",
        "folder",
        "alles zu einer Runde in einer Datei: Bericht, Vorlage, Tabellen, offene Daten",
    ),
}
EXPORT_FORMAT = {
    ExportFormat.PDF: Label("PDF (barrierefrei)", "page", "zum Lesen, Drucken und Einreichen"),
    ExportFormat.DOCX: Label("Word (DOCX)", "page", "zum Weiterschreiben"),
    ExportFormat.XLSX: Label("Excel (XLSX)", "grid", "Tabellen zum Rechnen"),
    ExportFormat.CSV: Label("CSV-Tabellen (ZIP)", "grid", "je Tabelle eine Datei, zum Einlesen"),
    ExportFormat.JSON: Label(
        "JSON (offene Daten)", "page", "genau die veröffentlichten Daten, mit Prüfsumme"
    ),
    ExportFormat.JSONLD: Label(
        "DCAT-AP.de (JSON-LD)", "page", "die Beschreibung der offenen Daten für Datenportale"
    ),
    ExportFormat.ZIP: Label("ZIP", "folder", "eine Datei, die mehrere enthält"),
}
VORLAGE_KIND = {
    VorlageKind.INFORMATION: Label(
        "Informationsvorlage", "page", "der Ausschuss nimmt den Bericht zur Kenntnis"
    ),
    VorlageKind.RESOLUTION: Label(
        "Beschlussvorlage", "page", "der Ausschuss beschließt über die Steuerungsvorschläge"
    ),
}
ORDER_STATE = {
    OrderState.WAITING: Label("wartet", "clock", "beginnt gleich"),
    OrderState.RUNNING: Label("in Arbeit", "circle-half", "wird gerade erstellt"),
    OrderState.DONE: Label("fertig", "check", "kann heruntergeladen werden"),
    OrderState.FAILED: Label("nicht gelungen", "cross", "der Grund steht dabei"),
    OrderState.CANCELLED: Label("abgebrochen", "pause", "wurde angehalten; nichts ist entstanden"),
}
REQUEST_PROBLEM = {
    "format_unknown": "In dieser Form gibt es das nicht. Bitte wählen Sie eine andere Form.",
    "format_is_whole": (
        "Diese Form enthält immer die ganze Runde. Bitte nehmen Sie die Auswahl zurück oder wählen "
        "Sie PDF, Word, Excel oder CSV."
    ),
    "measure_required": "Bitte wählen Sie eine Maßnahme.",
    "institution_required": "Bitte wählen Sie eine Institution.",
    "compare_required": "Bitte wählen Sie die Runde, mit der verglichen wird.",
    "compare_unreadable": (
        "Das ist keine Runde. Erwartet wird z. B. 2026-Q1, oder 2026-Q1/2 für die Fassung 2."
    ),
    "compare_is_same": "Das ist dieselbe Runde. Bitte wählen Sie eine andere.",
}


def request_problems(problems: Iterable[Problem]) -> str:
    return " ".join(REQUEST_PROBLEM[problem.code] for problem in problems)


# What the Mappe of a round holds, for those who are about to order one.
BUNDLE_CONTENTS = (
    ("Vorlage (Word)", "der Entwurf der Drucksache"),
    ("Controllingbericht (PDF)", "barrierefrei, Anlage 1 der Vorlage"),
    ("Controllingbericht (Word)", "derselbe Bericht zum Weiterschreiben"),
    ("Tabellen (Excel)", "alle Tabellen in einer Arbeitsmappe"),
    ("Offene Daten", "CSV je Tabelle, JSON mit Schema, Beschreibung nach DCAT-AP.de"),
    ("LIESMICH und Prüfsummen", "was enthalten ist und ob es unverändert ist"),
)
