"""A sentence with its remedy for each problem of what was typed."""

from __future__ import annotations

from tracker.core.errors import Problem
from tracker.core.german import OtherUnitError, OutOfRangeError, UnclearAmountError, number, quoted

AMOUNT_TOO_FINE = "Ein Betrag in Euro hat höchstens zwei Stellen nach dem Komma."
UNIT_OTHER = "„{text}“: Was bei der Zahl steht, ist nicht die Einheit dieses Feldes."
PROBLEMS = {
    "implementation_required": "Bitte wählen Sie den Umsetzungsstand.",
    "course_required": "Bitte wählen Sie den Verlauf; er wird hier gebraucht.",
    "reason_required": "Bitte begründen Sie: Bei gefährdet, kritisch, zurückgestellt, nicht "
    "weiterverfolgt und bei einem Schritt zurück ist eine Begründung nötig.",
    "consequence_required": "Bitte schlagen Sie vor, was getan oder entschieden werden sollte; "
    "das ist bei gefährdet und kritisch nötig.",
    "text_required": "Bitte füllen Sie dieses Feld aus.",
    "text_too_long": "Der Text hat {length} Zeichen, möglich sind {limit}. Bitte kürzen Sie ihn "
    "oder verlinken Sie ein Dokument als Beleg; Ihr Text ist unten erhalten.",
    "text_over_limit": "Der Text hat {length} Zeichen, möglich sind {limit}. Bitte kürzen Sie ihn.",
    "control_characters": "Der Text enthielt {count} unsichtbare Steuerzeichen. Sie werden "
    "nicht gespeichert; bitte prüfen Sie den Text.",
    "url_invalid": "Das ist keine Adresse. Bitte geben Sie sie so an: https://www.beispiel.de/seite",
    "number_out_of_range": "Bitte geben Sie eine Zahl zwischen 0 und {limit} an.",
    "number_invalid": "„{text}“ ist keine Zahl. Bitte schreiben Sie z. B. 1.250,50.",
    "count_invalid": "„{text}“ ist keine ganze Zahl. Bitte eine ganze Zahl, z. B. 12.",
    "date_out_of_range": "Bitte einen Tag zwischen 1.1.2000 und 31.12.2100.",
    "date_in_future": "Der {day} liegt in der Zukunft. Bitte wählen Sie heute oder einen früheren "
    "Tag.",
    "date_before_round": "Der Tag liegt vor dem {day}, dem Anfang des zuletzt eröffneten "
    "Berichtszeitraums. Bitte wählen Sie diesen Tag oder einen späteren.",
    "date_before_edition": "Vor dem {day} gilt noch keine Fassung, die das nennt. Bitte wählen Sie "
    "diesen Tag oder einen späteren.",
    "weight_out_of_range": "Bitte geben Sie eine Zahl über 0 und bis {limit} an.",
    "amount_too_fine": f"{AMOUNT_TOO_FINE} Bitte schreiben Sie zum Beispiel: 1.250,50.",
    "unit_other": UNIT_OTHER + " Bitte nur die Zahl, z. B. 12.",
    "amount_unclear": "Sind {whole} Euro gemeint? "
    + AMOUNT_TOO_FINE
    + " Bitte schreiben Sie es so.",
    "date_invalid": "„{text}“ ist kein Tag. Bitte schreiben Sie z. B. 15.3.2027.",
    "staff_unit_required": "Bitte wählen Sie, ob Vollzeitstellen oder Stunden gemeint sind.",
    "donor_required": "Bitte nennen Sie, wer fördert (Geber).",
    "period_reversed": "Das Ende liegt vor dem Anfang. Bitte prüfen Sie den Zeitraum.",
    "milestone_title_required": "Bitte benennen Sie den Meilenstein.",
    "too_many_lines": "Mehr als {limit} Zeilen sind nicht möglich. Bitte fassen Sie zusammen.",
    "unit_twice": "Jede Einheit bitte nur einmal angeben.",
    "due_before_period_end": "Bitte wählen Sie einen Tag nach dem Stichtag.",
    "opens_after_due": "Die Runde würde erst nach der Abgabefrist eröffnet. Bitte wählen Sie einen "
    "früheren Tag.",
    "closes_before_due": "Die Runde würde vor der Abgabefrist geschlossen. Bitte wählen Sie den "
    "Tag der Abgabefrist oder einen späteren.",
    "despatch_after_committee": "Der Versand liegt nach der Sitzung. Bitte wählen Sie einen Tag "
    "vor der Sitzung.",
    "opens_on_passed": "Die Runde ist schon eröffnet; dieser Tag lässt sich nicht mehr ändern.",
    "due_moved_to_past": "In einer offenen Runde lässt sich die Abgabefrist nicht auf einen "
    "vergangenen Tag legen. Bitte wählen Sie heute oder einen späteren Tag.",
    "reason_missing": "Bitte geben Sie eine Begründung an.",
    "comment_missing": "Bitte schreiben Sie, was zu klären ist.",
    "course_not_asked": "Bitte leeren Sie das Feld Verlauf; hier wird er nicht erhoben.",
    "measure_required": "Bitte wählen Sie mindestens eine Maßnahme aus.",
    "reference_without_lead": "Ein Querverweis braucht keine Zuständigkeit.",
    "key_invalid": "Möglich sind kleine Buchstaben von a bis z, Ziffern und Bindestriche, "
    "höchstens {limit} Zeichen, zum Beispiel „verein-fuer-begegnung“.",
    "key_taken": "Das Kennzeichen „{key}“ hat schon {name}: Ist es eine andere Institution, geben "
    "Sie bitte ein eigenes Kennzeichen an.",
    "contribution_empty": "Bitte schreiben Sie einen Text, oder geben Sie Teilnehmende oder Kosten "
    "an. Wollen Sie nichts mehr beitragen, ziehen Sie den Beitrag zurück.",
    "part_required": "Bitte kreuzen Sie an, was Sie übernehmen wollen.",
    "below_taken": "Der Beitrag ist kleiner geworden, und in Ihrer Meldung steht weniger, als Sie "
    "daraus übernommen hatten. Bitte berichtigen Sie die Zahl in der Meldung von Hand.",
    "email_invalid": "„{text}“ ist keine E-Mail-Adresse. Bitte schreiben Sie z. B. name@stelle.de.",
    "setting_invalid": "{text}",
    "data_portal_invalid": "Bitte schreiben Sie nur Buchstaben, Ziffern und Bindestriche.",
    "district_key_invalid": "Ein Kreisschlüssel hat fünf Ziffern, zum Beispiel 03241.",
    "district_too_long": "„{name}“: Ein Name hat höchstens {limit} Zeichen. Bitte kürzen Sie ihn.",
    "district_invalid": "„{name}“: Bitte schreiben Sie einen Namen mit Buchstaben oder Ziffern, "
    "ohne Komma und Semikolon.",
    "district_twice": "„{name}“ ist von „{other}“ nicht zu unterscheiden, das schon zur Auswahl "
    "steht. Bitte streichen Sie die Zeile oder ändern Sie den Namen.",
    "centre_invalid": "Bitte schreiben Sie Länge und Breite mit Punkt, zum Beispiel 9.73 52.37.",
    "logo_invalid": "Das ist kein vollständiges PNG-Bild. Bitte speichern Sie Ihr Logo als PNG.",
    "logo_too_large": "Die Datei ist größer als {limit} kB. Bitte verkleinern Sie das Bild.",
    "logo_too_wide": "Das Bild hat mehr als {limit} Punkte je Seite. Bitte verkleinern Sie es.",
    "choice_invalid": "„{text}“ steht nicht zur Auswahl. Bitte wählen Sie neu.",
}


def unreadable(field: str, text: str, error: ValueError, code: str) -> Problem:
    """Return what is wrong with a typed number, day or choice; `code` where nothing is known."""
    if isinstance(error, OutOfRangeError):
        return Problem(field, "date_out_of_range")
    if isinstance(error, UnclearAmountError):
        return Problem(field, "amount_unclear", (("whole", error.whole),))
    code = "unit_other" if isinstance(error, OtherUnitError) else code
    return Problem(field, code, (("text", quoted(text)),))


def problem_text(problem: Problem) -> str:
    values = {name: _written(value) for name, value in problem.values}
    return PROBLEMS[problem.code].format(**values)


def _written(value: object) -> str:
    return number(value) if isinstance(value, int) else str(value)


def with_label(label: str, text: str) -> str:
    """Return "Feld: Text"; a label that is a question keeps its own mark."""
    return f"{label} {text}" if label.endswith(("?", ".", "!")) else f"{label}: {text}"
