"""What may be wrong with an Erhebungsbogen, a row or a value: sentences with remedies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.core.errors import Problem
from tracker.core.german import listed, number, shortened
from tracker.core.problems import AMOUNT_TOO_FINE
from tracker.reporting.questionnaire.workbook.model import SheetProblem

# What Excel writes above a comment that is a conversation, for older programs.
_CONVERSATION = re.compile(r"^\[.*?\n(?:Kommentar|Comment):\s*", re.DOTALL)
MAX_NOTE = 200  # signs of a text that is only named
FRESH = "Bitte laden Sie den Bogen neu herunter und tragen Sie Ihre Angaben dort ein."
NOT_OURS = SheetProblem(
    "Das ist kein Erhebungsbogen dieser Anwendung, oder seine Kennung wurde geändert.", FRESH
)

# Codes of tracker.reporting.rules.submission, for somebody who sits before a table.
_STORABLE = {
    "text_too_long": (
        "Der Text hat {length} Zeichen, möglich sind {limit}.",
        "Bitte kürzen Sie ihn oder verlinken Sie ein Dokument als Beleg.",
    ),
    "control_characters": (
        "Der Text enthält {count} unsichtbare Steuerzeichen.",
        "Bitte tippen Sie die Stelle neu oder fügen Sie sie als reinen Text ein.",
    ),
    "url_invalid": (
        "Das ist keine Internetadresse.",
        "Bitte geben Sie sie so an: https://www.beispiel.de/seite.",
    ),
    "number_out_of_range": (
        "Die Zahl ist kleiner als 0 oder größer als {limit}.",
        "Bitte prüfen Sie die Zahl; Beträge in Euro, nicht in Cent.",
    ),
    "amount_too_fine": (
        AMOUNT_TOO_FINE,
        "Bitte schreiben Sie zum Beispiel: 1.250,50.",
    ),
    "staff_unit_required": (
        "Zum Personal fehlt die Einheit.",
        "Bitte wählen Sie, ob Vollzeitstellen oder Stunden gemeint sind.",
    ),
    "donor_required": ("Es fehlt, wer fördert.", "Bitte nennen Sie den Geber."),
    "period_reversed": ("Das Ende liegt vor dem Anfang.", "Bitte prüfen Sie den Zeitraum."),
    "milestone_title_required": ("Es fehlt, was der Meilenstein ist.", "Bitte benennen Sie ihn."),
    "too_many_lines": (
        "Zu dieser Maßnahme gibt es mehr als {limit} Zeilen.",
        "Bitte fassen Sie zusammen.",
    ),
    "unit_twice": ("Die Einheit steht zweimal da.", "Bitte jede Einheit nur einmal angeben."),
}


def storable(problem: Problem, *, sheet: str, row: int, column: str) -> SheetProblem:
    values = {name: number(value) for name, value in problem.values}
    wrong, remedy = (text.format(**values) for text in _STORABLE[problem.code])
    return SheetProblem(wrong, remedy, sheet, row, column)


def other_format(present: str) -> SheetProblem:
    return SheetProblem(
        f"Der Bogen hat das Format {present}; die Anwendung benutzt inzwischen ein anderes.", FRESH
    )


def other_round(present: str, expected: str) -> SheetProblem:
    return SheetProblem(
        f"Der Bogen gehört zum {present}, erwartet wird einer zum {expected}.",
        f"Bitte benutzen Sie den Bogen zum {expected}, oder wählen Sie die andere Runde.",
    )


def other_institution(present: str, expected: str) -> SheetProblem:
    return SheetProblem(
        f"Der Bogen gehört zu einer anderen Institution ({present}), nicht zu {expected}.",
        "Bitte wählen Sie den Bogen dieser Institution.",
    )


def other_edition(present: str, expected: str) -> SheetProblem:
    return SheetProblem(
        f"Der Bogen gehört zur Fassung {present} des Konzepts, die Runde zur Fassung {expected}.",
        FRESH,
    )


def foreign_report(code: str) -> SheetProblem:
    return SheetProblem(
        f"Die Maßnahme {code} des Bogens gehört nicht zu dieser Runde und Institution.", FRESH
    )


def unknown_code(code: str) -> tuple[str, str]:
    if not code:
        return "In dieser Zeile fehlt die Nr. der Maßnahme.", "Bitte wählen Sie die Nr. aus."
    return (
        f"Eine Maßnahme „{code}“ gibt es in diesem Bogen nicht.",
        "Bitte wählen Sie eine Nr. aus dem Blatt Meldungen.",
    )


def ambiguous_code(number_: str, codes: Sequence[str]) -> tuple[str, str]:
    return (
        f"Zur Zahl {number_} gibt es in diesem Bogen {listed(codes)}.",
        "Bitte tragen Sie die Nr. der Maßnahme als Text ein, oder wählen Sie sie aus der Liste.",
    )


def merged(first: str, last: str) -> tuple[str, str]:
    return (
        f"Die Zellen {first} bis {last} sind verbunden.",
        "Bitte heben Sie die Verbindung auf und tragen Sie in jede Zelle ein, was für sie gilt.",
    )


def comment(sheet: str, cell: str, text: str) -> str:
    return _not_taken("Kommentar", sheet, cell, _CONVERSATION.sub("", text.strip()))


def struck(sheet: str, cell: str, text: str) -> str:
    return _not_taken("Durchgestrichener Text", sheet, cell, text)


def outside(sheet: str, cell: str, text: str) -> str:
    return _not_taken("Text außerhalb der Tabelle", sheet, cell, text)


def _not_taken(what: str, sheet: str, cell: str, text: str) -> str:
    shown = shortened(text, MAX_NOTE)
    return f"{what} in Zelle {cell} (Blatt {sheet}) wird nicht übernommen: „{shown}“"


ROW_TWICE = ("Diese Zeile steht zweimal da.", "Bitte löschen Sie eine der beiden.")
UNKNOWN_ROW = ("Diese Zeile gehört nicht zum Bogen.", FRESH)
LOCKED = (
    (
        "Diese Meldung ist {state} und lässt sich jetzt nicht ändern, der Bogen enthält aber "
        "andere Angaben."
    ),
    (
        "Bitte stellen Sie die Angaben zu dieser Maßnahme wieder her (auch in den anderen "
        "Blättern), oder ziehen Sie die Meldung zuerst zurück, wenn das noch geht."
    ),
)
ROUND_CLOSED = (
    "Die Runde nimmt zu dieser Maßnahme keine Meldung mehr an.",
    (
        "Bitten Sie die koordinierende Stelle um eine Nachfrist und laden Sie den Bogen "
        "dann noch einmal hoch."
    ),
)
SAVED_MEANWHILE = (
    "Diese Meldung wurde im Formular gespeichert, nachdem der Bogen heruntergeladen wurde.",
    (
        "Bitte laden Sie den Bogen neu herunter und tragen Sie Ihre Änderungen zu dieser Maßnahme "
        "dort ein. So geht keine der beiden Fassungen verloren."
    ),
)
TOO_LONG_FOR_CELL = (
    (
        "Ein Text dieser Maßnahme ist zu lang für eine Zelle; ihre Zeilen lassen sich hier nicht "
        "ändern."
    ),
    "Bitte ändern Sie diese Zeilen im Formular.",
)


def missing_row(code: str, sheet: str, column: str) -> SheetProblem:
    return SheetProblem(f"Die Zeile zur Maßnahme {code} fehlt.", FRESH, sheet, None, column)
