"""The Erhebungsbogen as XLSX: the same values give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import zip_longest
from operator import attrgetter
from typing import TypeVar

from xlsxwriter.worksheet import Worksheet

from tracker.concept.words import target
from tracker.reporting.questionnaire.workbook import layout
from tracker.reporting.questionnaire.workbook.book import BLUE, Book, CellValue, Look, value_of
from tracker.reporting.questionnaire.workbook.canonical import canonical, digest
from tracker.reporting.questionnaire.workbook.layout import HEAD, Input, InputKind
from tracker.reporting.questionnaire.workbook.model import FORMAT, MeasureRow, Questionnaire
from tracker.reporting.readable import funding_words, milestone_words
from tracker.reporting.rules.content import (
    Funding,
    MilestoneLine,
    ParticipantUnit,
    ReportContent,
    StaffUnit,
)
from tracker.reporting.rules.status import Asked, Course, Implementation, course_asked
from tracker.reporting.words import (
    COURSE,
    IMPLEMENTATION,
    PARTICIPANT_UNIT,
    REPORT_STATE,
    STAFF_UNIT,
)

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SPARE_ROWS = 20
SPARE_ROWS_EACH = 2
_FIRST = HEAD + 1
_MEASURE_WIDTH = 44
_FACTS = ((layout.STATE, 16), (layout.QUESTION, 30), (layout.LAST_PERIOD, 14))
# Signs beside the code that fit across A4 at this scale.
_SCALE, _PAGE_WIDTH = 55, 187
_ROOM = 4  # lines to write into

Line = TypeVar("Line", Funding, MilestoneLine)


def write(questionnaire: Questionnaire) -> bytes:
    book = Book(questionnaire)
    write_guide(book)
    _reports(book)
    _participants(book)
    _indicators(book)
    _lines(book, layout.FUNDING, layout.FUNDING_INPUTS, attrgetter("funding"), funding_words)
    _lines(
        book, layout.MILESTONES, layout.MILESTONE_INPUTS, attrgetter("milestones"), milestone_words
    )
    _identity(book)
    return book.finished()


def shown(row: MeasureRow) -> ReportContent:
    keys = [indicator.key for indicator in row.indicators]
    return canonical(row.content, keys, row.districts)


def _earlier(row: MeasureRow) -> ReportContent:
    keys = [indicator.key for indicator in row.indicators]
    previous = row.previous or ReportContent()
    # Also those that are not offered any more, behind the others.
    return canonical(previous, keys, dict.fromkeys((*row.districts, *previous.districts)))


def _look(row: MeasureRow) -> Look:
    return Look.INPUT if row.may_write else Look.LOCKED


def _start(book: Book, name: str, sentence: str) -> Worksheet:
    about = book.questionnaire
    title = f"{name} – {about.period.long_label} – {about.institution}"
    sheet = book.sheet(name, title, sentence)
    book.head(sheet, 0, layout.CODE, 7)
    book.head(sheet, 1, layout.MEASURE, _MEASURE_WIDTH)
    sheet.freeze_panes(_FIRST, 2)
    sheet.repeat_rows(HEAD)
    return sheet


def _measure(book: Book, sheet: Worksheet, row: int, measure: MeasureRow) -> None:
    for column, text in enumerate((measure.code, measure.text)):
        book.put(sheet, row, column, text, look=Look.LOCKED, kind=InputKind.TEXT)


def _reports(book: Book) -> None:
    rows = book.questionnaire.rows
    sheet = _start(
        book,
        layout.REPORTS,
        "Eine Zeile je Maßnahme. Bitte nur die weißen Felder ausfüllen; links daneben steht grau "
        "die letzte Angabe. Am Spaltenkopf erklärt ein Kommentar, was gemeint ist.",
    )
    for column, (head, width) in enumerate(_FACTS, 2):
        book.head(sheet, column, head, width)
    first = 2 + len(_FACTS)
    places = book.questionnaire.districts
    inputs = layout.single(places.in_force)
    for index, about in enumerate(inputs):
        column = first + 2 * index
        book.head(sheet, column, about.last, about.width)
        book.head(sheet, column + 1, about.head, about.width, about.note)
        book.check(sheet, _FIRST, max(_FIRST, HEAD + len(rows)), column + 1, about)
    for row, measure in enumerate(rows, _FIRST):
        _measure(book, sheet, row, measure)
        period = measure.previous_period.label if measure.previous_period else None
        state = REPORT_STATE[measure.state].text + ("" if measure.may_write else " (gesperrt)")
        for column, text in enumerate((state, measure.question, period), 2):
            book.put(sheet, row, column, text, look=Look.LOCKED, kind=InputKind.TEXT)
        if measure.may_write:
            book.heights.at_least(sheet, row, _ROOM)
        content, earlier = shown(measure), _earlier(measure)
        for index, about in enumerate(inputs):
            column, kind = first + 2 * index, about.kind
            then, now = (value_of(said, about, places.known) for said in (earlier, content))
            book.put(sheet, row, column, then, look=Look.EARLIER, kind=kind)
            book.put(sheet, row, column + 1, now, look=_look(measure), kind=kind)
    _print_in_groups(sheet, first)
    last = (max(_FIRST, HEAD + len(rows)), first + 2 * len(layout.SINGLE) - 1)
    book.title_on_every_page(sheet, layout.REPORTS, last)


def _print_in_groups(sheet: Worksheet, first: int) -> None:
    """Break pages between questions, never between a value and the one before it."""
    sheet.set_print_scale(_SCALE)
    sheet.repeat_columns(0)
    breaks, used = [], sum((_MEASURE_WIDTH, *(width for _, width in _FACTS)))
    for index, about in enumerate(layout.SINGLE):
        if used + 2 * about.width > _PAGE_WIDTH:
            breaks.append(first + 2 * index)
            used = 0
        used += 2 * about.width
    sheet.set_v_pagebreaks(breaks)


def _participants(book: Book) -> None:
    sheet = _start(
        book,
        layout.PARTICIPANTS,
        "Nur Gesamtzahlen dieses Zeitraums. Leer heißt: keine Angabe; 0 heißt: niemand.",
    )
    book.head(sheet, 2, layout.UNIT, 16)
    about = layout.PARTICIPANTS_INPUT
    rows = []
    for row in book.questionnaire.rows:
        then = {line.unit: line.count for line in _earlier(row).participants}
        now = {line.unit: line.count for line in shown(row).participants}
        for unit in ParticipantUnit:
            word = PARTICIPANT_UNIT[unit].text
            rows.append((row, (word,), _number(then.get(unit)), _number(now.get(unit))))
    _valued(book, sheet, rows, about, 3)


def _indicators(book: Book) -> None:
    sheet = _start(
        book,
        layout.INDICATORS,
        "Der Wert dieses Zeitraums, neben dem Ziel oder der Bedingung des Beschlusses."
        if any(row.indicators for row in book.questionnaire.rows)
        else "Zu Ihren Maßnahmen gibt es keine Kennzahlen. Hier ist nichts einzutragen.",
    )
    heads = ((layout.INDICATOR, 40), (layout.TARGET, 34), (layout.INDICATOR_KEY, 18))
    for column, (head, width) in enumerate(heads, 2):
        book.head(sheet, column, head, width)
    rows = []
    for row in book.questionnaire.rows:
        then = {line.indicator: line.value for line in _earlier(row).indicators}
        now = {line.indicator: line.value for line in shown(row).indicators}
        for indicator in row.indicators:
            facts = (indicator.name, target(indicator), indicator.key)
            rows.append((row, facts, then.get(indicator.key), now.get(indicator.key)))
    _valued(book, sheet, rows, layout.INDICATOR_INPUT, 5)


def _valued(
    book: Book,
    sheet: Worksheet,
    rows: Sequence[tuple[MeasureRow, tuple[str, ...], CellValue, CellValue]],
    about: Input,
    first: int,
) -> None:
    book.head(sheet, first, about.last, about.width)
    book.head(sheet, first + 1, about.head, about.width, about.note)
    if rows:
        book.check(sheet, _FIRST, HEAD + len(rows), first + 1, about)
    for row, (measure, facts, then, now) in enumerate(rows, _FIRST):
        _measure(book, sheet, row, measure)
        for column, text in enumerate(facts, 2):
            book.put(sheet, row, column, text, look=Look.LOCKED, kind=InputKind.TEXT)
        book.put(sheet, row, first, then, look=Look.EARLIER, kind=about.kind)
        book.put(sheet, row, first + 1, now, look=_look(measure), kind=about.kind)
    sheet.fit_to_pages(1, 0)


def _lines(
    book: Book,
    name: str,
    inputs: Sequence[Input],
    lines_of: Callable[[ReportContent], Sequence[Line]],
    words: Callable[[Line], str],
) -> None:
    """Write a sheet with any number of lines for a measure, and empty ones to add."""
    sheet = _start(
        book,
        name,
        "Eine Zeile je Eintrag. Für weitere Einträge die leeren Zeilen am Ende benutzen und dort "
        "die Nr. der Maßnahme wählen. Eine geleerte Zeile entfällt.",
    )
    book.head(sheet, 2, layout.LAST, 34)
    for column, about in enumerate(inputs, 3):
        book.head(sheet, column, about.head, about.width, about.note)
    row = _FIRST
    for measure in book.questionnaire.rows:
        now, then = lines_of(shown(measure)), lines_of(_earlier(measure))
        for line, before in zip_longest(now, then):
            _measure(book, sheet, row, measure)
            earlier = words(before) if before else None
            book.put(sheet, row, 2, earlier, look=Look.EARLIER, kind=InputKind.TEXT)
            for column, about in enumerate(inputs, 3):
                value = getattr(line, about.name) if line else None
                book.put(sheet, row, column, value, look=_look(measure), kind=about.kind)
            row += 1
    last = row + SPARE_ROWS + SPARE_ROWS_EACH * len(book.questionnaire.rows) - 1
    _spare_rows(book, sheet, range(row, last + 1), inputs)
    for column, about in enumerate(inputs, 3):
        book.check(sheet, _FIRST, last, column, about)
    sheet.fit_to_pages(1, 0)


def _spare_rows(book: Book, sheet: Worksheet, rows: Iterable[int], inputs: Sequence[Input]) -> None:
    rows = list(rows)
    for row in rows:
        book.put(sheet, row, 0, None, look=Look.INPUT, kind=InputKind.TEXT)
        for column in (1, 2):
            book.put(sheet, row, column, None, look=Look.LOCKED, kind=InputKind.TEXT)
        for column, about in enumerate(inputs, 3):
            book.put(sheet, row, column, None, look=Look.INPUT, kind=about.kind)
    count = len(book.questionnaire.rows)
    if count:
        source = f"='{layout.REPORTS}'!$A${_FIRST + 1}:$A${HEAD + 1 + count}"
        choose = {
            "validate": "list",
            "source": source,
            "error_title": "Diese Nr. gibt es nicht",
            "error_message": "Bitte die Nr. einer Maßnahme aus dem Blatt Meldungen wählen.",
        }
        sheet.data_validation(rows[0], 0, rows[-1], 0, choose)


def _identity(book: Book) -> None:
    """Write what the file is for; nobody has to see it, nobody needs to change it."""
    about = book.questionnaire
    sheet = book.sheet(layout.IDENTITY, "Kennung", "Bitte nicht ändern.")
    facts = (
        str(FORMAT),
        about.period.key,
        str(about.edition),
        about.institution_key,
        about.institution,
    )
    for column, text in enumerate(facts):
        sheet.write_string(2, column, text)
    for row, measure in enumerate(about.rows, HEAD):
        cells = (str(measure.report_id), measure.code, str(measure.version), digest(shown(measure)))
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text)
    sheet.very_hidden()


def _number(value: int | None) -> CellValue:
    return None if value is None else Decimal(value)


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
        "Speichern Sie die Datei als .xlsx oder als .ods und laden Sie sie unter „Erhebungsbogen“ "
        "hoch. Kommentare und durchgestrichener Text werden nicht übernommen, nur genannt. Sie "
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
    for column, width in enumerate((30, 90, 30)):
        sheet.set_column(column, column, width)
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
    line(
        "Stadtbezirk", "Mehrere mit Komma trennen: " + ", ".join(about.districts.in_force.values())
    )
    sheet.fit_to_pages(1, 0)
