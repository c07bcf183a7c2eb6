"""An empty Erhebungsbogen to be filled in by hand, for meetings of volunteers.

It asks what the report form asks, in the same words, and holds nothing that anybody reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tracker.core.german import shortened
from tracker.core.labels import NOT_DETERMINED
from tracker.papers.blocks import (
    Block,
    Cell,
    Column,
    Fill,
    Heading,
    Line,
    NewPage,
    Notice,
    Pair,
    Pairs,
    Paper,
    Side,
    Table,
    Text,
    Tone,
)
from tracker.papers.documents import by_hand
from tracker.papers.documents.parts import CELL
from tracker.publication.reading.model import Report
from tracker.reporting.rules.status import Asked, Implementation, course_asked
from tracker.reporting.words import (
    COURSE,
    DISTRICT,
    IMPLEMENTATION,
    PARTICIPANT_UNIT,
    REPORT_FIELD,
    REPORT_FIELD_HELP,
    STAFF_UNIT,
)

TITLE = "Erhebungsbogen zu einer Maßnahme"
_ROWS = 2


@dataclass(frozen=True)
class Subject:
    """What the sheet is about, printed where it is known: "" leaves a line to write on.

    `indicators` are the measure's Kennzahlen with their targets, without values. In a
    demonstration the institution is invented; then `is_demonstration` says so on the sheet.
    """

    code: str = ""
    display_text: str = ""
    institution: str = ""
    period: str = ""
    indicators: tuple[str, ...] = ()
    is_demonstration: bool = False


def subject(report: Report, code: str) -> Subject | None:
    """Return the measure of a published round as it is asked about; None for an unknown one.

    The quarter stays blank: the sheet is for one that is not reported yet.
    """
    for field in report.fields:
        for item in field.sheets:
            if item.code == code and item.reportable:
                named = tuple(
                    f"{row.name} ({row.goal})"
                    for row in report.effect.indicators
                    if row.code == code
                )
                return Subject(
                    code,
                    item.display_text,
                    "" if item.lead == NOT_DETERMINED else item.lead,
                    indicators=named,
                    is_demonstration=bool(report.cover.demonstration),
                )
    return None


def paper(*, city: str, office: str, made_on: date, about: Subject | None = None) -> Paper:
    """Return the empty sheet, for a measure or blank; `made_on` dates the file."""
    subject = about or Subject()
    return Paper(
        stem=f"erhebungsbogen-{subject.code or 'leer'}",
        title=TITLE,
        kicker=f"{city} · {office}",
        subtitle=subject.period or "Eine Maßnahme, ein Quartal, ein Bogen",
        author=office,
        description=f"{TITLE}, leer, zum Ausfüllen von Hand",
        running_head="Erhebungsbogen",
        asks_number=False,
        footer=_footer(office, subject),
        made_on=made_on,
        blocks=(
            *_head(subject),
            *_status(),
            *_further(),
            *_reach(),
            *_money(),
            *_measuring(subject),
        ),
    )


def _footer(office: str, subject: Subject) -> str:
    measure = f"Maßnahme {subject.code}" if subject.code else ""
    marked = "Demonstration" if subject.is_demonstration else ""
    return " · ".join(part for part in (office, measure, marked) if part)


def _head(subject: Subject) -> Iterator[Block]:
    yield Text(
        "Läuft alles planmäßig, genügt diese Seite. Geben Sie den Bogen der benannten Vertretung "
        "Ihrer Institution; sie überträgt ihn in die Anwendung."
    )
    invented = (
        "Demonstration: Die Zuständigkeit auf diesem Bogen ist erfunden. "
        if subject.is_demonstration
        else ""
    )
    yield Notice(
        f"{invented}Bitte keine Namen und keine einzelnen Fälle: Was veröffentlicht wird, lesen "
        "viele."
    )
    measure = f"{subject.code} {shortened(subject.display_text, CELL)}".strip()
    facts = (
        ("Maßnahme", measure),
        ("Institution", subject.institution),
        ("Quartal", subject.period),
    )
    known = tuple(Pair(label, value) for label, value in facts if value)
    if known:
        yield Pairs(known)
    blank = [Fill(label) for label, value in (*facts, ("Ausgefüllt am", "")) if not value]
    yield by_hand.beside(*((item,) for item in blank))


def _status() -> Iterator[Block]:
    yield Side(
        parts=(
            (
                *by_hand.asked("implementation"),
                by_hand.choices("implementation", IMPLEMENTATION.values()),
                by_hand.fill("achieved", 3),
            ),
            (
                *by_hand.asked("course"),
                by_hand.choices("course", COURSE.values()),
                Text(_when_asked(), tone=Tone.SOFT),
                by_hand.fill("next_step", 2),
                by_hand.fill("next_step_on"),
            ),
        ),
        widths=(88, 0),
    )


def _when_asked() -> str:
    """Return when a Verlauf is asked for, in the words of the Umsetzungsstand."""

    def named(asked: Asked) -> str:
        found = [
            IMPLEMENTATION[state].text for state in Implementation if course_asked(state) is asked
        ]
        return ", ".join(found)

    return (
        f"Bitte ankreuzen bei: {named(Asked.REQUIRED)}. Freiwillig bei: "
        f"{named(Asked.OPTIONAL)}. Sonst leer lassen."
    )


def _further() -> Iterator[Block]:
    yield NewPage()
    yield Heading(1, "Weitere Angaben")
    yield by_hand.row("reason", "consequence", lines=2)
    yield by_hand.row("changed", "obstacles", "target_group")
    yield by_hand.row("partners", "cooperation_wanted", "evidence_url", "internal_remark")


def _reach() -> Iterator[Block]:
    participants = Table(
        title=f"{REPORT_FIELD['participants']}: Zahl je Einheit",
        columns=(Column(REPORT_FIELD["participants"]), Column("Anzahl", 25)),
        rows=tuple(
            ((Line(label.text), Line(label.definition, tone=Tone.SOFT)), Line(by_hand.ROOM))
            for label in PARTICIPANT_UNIT.values()
        ),
    )
    yield by_hand.beside(
        (Text(REPORT_FIELD_HELP["participants"], tone=Tone.SOFT), participants),
        (Text(REPORT_FIELD_HELP["districts"], tone=Tone.SOFT), _districts()),
    )


def _districts() -> Table:
    """Return the Stadtbezirke to tick, two in a row: a list that is read line by line."""
    boxes = [Line(mark=by_hand.box(word)) for word in DISTRICT.values()]
    rows = [tuple(boxes[start : start + 2]) for start in range(0, len(boxes), 2)]
    return Table(
        title=f"{REPORT_FIELD['districts']}: zum Ankreuzen",
        columns=(Column(REPORT_FIELD["districts"]), Column("bitte ankreuzen")),
        rows=tuple((*row, *((Line(by_hand.ROOM),) * (2 - len(row)))) for row in rows),
    )


def _money() -> Iterator[Block]:
    units = Table(
        title=f"{REPORT_FIELD['staff_unit']}, zum Ankreuzen",
        columns=(Column(REPORT_FIELD["staff_unit"]),),
        rows=tuple((Line(mark=by_hand.box(label.text)),) for label in STAFF_UNIT.values()),
    )
    yield Side(
        parts=(
            (by_hand.fill("events"),),
            (by_hand.fill("staff"),),
            (units,),
            (by_hand.fill("cost_planned"),),
            (by_hand.fill("cost_actual"),),
        ),
        widths=(0, 0, 44, 0, 0),
    )
    yield Text(f"{REPORT_FIELD['funding']}: {REPORT_FIELD_HELP['funding']}", tone=Tone.SOFT)
    yield by_hand.lines_table(
        REPORT_FIELD["funding"],
        (
            ("Geber", 0),
            ("Programm", 0),
            ("Betrag in Euro", 28),
            ("Von (Tag)", 24),
            ("Bis (Tag)", 24),
        ),
        ((),) * _ROWS,
    )


def _measuring(subject: Subject) -> Iterator[Block]:
    milestones = (
        Text("Schritte mit geplantem Tag, und was erledigt ist.", tone=Tone.SOFT),
        by_hand.lines_table(
            REPORT_FIELD["milestones"],
            (("Meilenstein", 0), ("Geplant bis", 24), ("Erledigt am", 24)),
            ((),) * _ROWS,
        ),
    )
    if subject.code and not subject.indicators:
        yield from milestones
        return
    named: tuple[tuple[Cell, ...], ...] = tuple((name,) for name in subject.indicators)
    indicators = (
        Text(REPORT_FIELD_HELP["indicators"], tone=Tone.SOFT),
        by_hand.lines_table(
            REPORT_FIELD["indicators"],
            (("Kennzahl", 0), ("Wert", 24)),
            named or ((),) * _ROWS,
        ),
    )
    yield Side(parts=(indicators, milestones), widths=(68, 0))
