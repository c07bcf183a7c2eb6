"""The first sheet of the Erhebungsbogen: how to fill it in, and what the words mean."""

from __future__ import annotations

from tracker.reporting.questionnaire.workbook import layout
from tracker.reporting.questionnaire.workbook.book import BLUE, Book, widths
from tracker.reporting.rules.content import ParticipantUnit, StaffUnit
from tracker.reporting.rules.status import Asked, Course, Implementation, course_asked
from tracker.reporting.words import COURSE, DISTRICT, IMPLEMENTATION, PARTICIPANT_UNIT, STAFF_UNIT

_STEPS = (
    (
        "Füllen Sie auf den Blättern „Meldungen“, „Teilnehmende“, „Kennzahlen“, „Fördermittel“ "
        "und „Meilensteine“ nur die weißen Felder aus. Graue Felder sind gesperrt; "
        "sie zeigen, was zuletzt angegeben wurde."
    ),
    (
        "Was sich nicht geändert hat, lassen Sie stehen. Eine Maßnahme, an der Sie nichts ändern, "
        "bleibt, wie sie ist."
    ),
    (
        "Zahlen: 1.250,50. Tage: 15.3.2027. Ein leeres Feld heißt „keine Angabe“, eine 0 heißt "
        "null. Bitte tragen Sie Werte ein, keine Formeln."
    ),
    "Bitte nennen Sie keine Namen und keine Einzelfälle.",
    "Bitte benennen Sie keine Blätter und Spalten um und löschen Sie keine.",
    (
        "Speichern Sie die Datei als XLSX und laden Sie sie unter „Erhebungsbogen“ hoch. Sie "
        "sehen zuerst, was sich ändert; erst danach wird es übernommen. Passt etwas nicht, sagt "
        "die Anwendung, in welchem Blatt, welcher Zeile und welcher Spalte, und übernimmt nichts."
    ),
    "Übernommenes steht als Entwurf in Ihren Meldungen. Absenden kann die benannte Vertretung.",
)
_COURSE = {
    Asked.REQUIRED: "Verlauf: nötig",
    Asked.OPTIONAL: "Verlauf: freiwillig",
    Asked.NOT_ASKED: "Verlauf: wird nicht gefragt",
}


def write_guide(book: Book) -> None:
    about = book.questionnaire
    day = f"{about.due.day:02d}.{about.due.month:02d}.{about.due.year}"
    sheet = book.sheet(
        layout.GUIDE,
        f"Erhebungsbogen {about.period.long_label}",
        f"{about.institution} · {about.edition_title} · Abgabefrist {day}",
    )
    widths(sheet, (30, 90, 30))
    row = 3
    heading, text, wrapped = book.text(bold=True, size=12, colour=BLUE), book.text(), book.wrapped()

    def section(title: str) -> None:
        nonlocal row
        sheet.write_string(row, 0, title, heading)
        row += 1

    def line(left: str, middle: str, right: str = "") -> None:
        nonlocal row
        sheet.write_string(row, 0, left, text)
        sheet.write_string(row, 1, middle, wrapped)
        sheet.set_row(row, 15 * (1 + len(middle) // 88))
        if right:
            sheet.write_string(row, 2, right, text)
        row += 1

    section("So füllen Sie den Bogen aus")
    for number, step in enumerate(_STEPS, 1):
        line(f"Schritt {number}", step)
    row += 1
    section("Umsetzungsstand")
    for state in Implementation:
        label = IMPLEMENTATION[state]
        line(label.text, label.definition, _COURSE[course_asked(state)])
    row += 1
    section("Verlauf")
    for course in Course:
        line(COURSE[course].text, COURSE[course].definition)
    line(
        "Begründung",
        "nötig bei gefährdet, kritisch, zurückgestellt, nicht weiterverfolgt und bei einem Schritt "
        "zurück",
    )
    line("Steuerungsvorschlag", "nötig bei gefährdet und kritisch")
    row += 1
    section("Einheiten")
    for unit in ParticipantUnit:
        line(PARTICIPANT_UNIT[unit].text, PARTICIPANT_UNIT[unit].definition)
    for staff in StaffUnit:
        line(STAFF_UNIT[staff].text, STAFF_UNIT[staff].definition)
    line("Stadtbezirk", "Mehrere mit Komma trennen: " + ", ".join(DISTRICT.values()))
    sheet.fit_to_pages(1, 0)
