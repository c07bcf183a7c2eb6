"""An empty Erhebungsbogen to be filled in by hand, for meetings of volunteers.

It asks what the report form asks, in the same words, and holds nothing that anybody reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tracker.core.german import shortened
from tracker.core.labels import NOT_DETERMINED, Label
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
from tracker.papers.documents.parts import CELL
from tracker.publication.reading.model import Mark, Report
from tracker.reporting.rules.status import Asked, Implementation, course_asked
from tracker.reporting.words import (
    COURSE,
    IMPLEMENTATION,
    PARTICIPANT_UNIT,
    REPORT_FIELD,
    REPORT_FIELD_HELP,
    STAFF_UNIT,
)

TITLE = "Erhebungsbogen zu einer Maßnahme"
_ROWS = 2
# A line without words still has its height.
_ROOM = "\u00a0"
_BLANK = (Line(_ROOM), Line(_ROOM))


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


def paper(
    *,
    city: str,
    office: str,
    districts: Iterable[str],
    made_on: date,
    about: Subject | None = None,
) -> Paper:
    """Return the empty sheet, for a measure or blank; `made_on` dates the file.

    `districts` are the names to tick.
    """
    subject = about or Subject()
    return Paper(
        stem=f"erhebungsbogen-{subject.code or 'leer'}",
        title=TITLE,
        kicker=f"{city} · {office}",
        subtitle=subject.period or "Eine Maßnahme, ein Zeitraum, ein Bogen",
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
            *_reach(districts),
            *_money(),
            *_measuring(subject),
        ),
    )


def _footer(office: str, subject: Subject) -> str:
    measure = f"Maßnahme {subject.code}" if subject.code else ""
    marked = "Vorführung" if subject.is_demonstration else ""
    return " · ".join(part for part in (office, measure, marked) if part)


def _head(subject: Subject) -> Iterator[Block]:
    yield Text(
        "Läuft alles planmäßig, genügt diese Seite. Geben Sie den Bogen der benannten Vertretung "
        "Ihrer Institution; sie überträgt ihn in die Anwendung."
    )
    invented = (
        "Vorführung: Die Zuständigkeit auf diesem Bogen ist erfunden. "
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
        ("Zeitraum", subject.period),
    )
    known = tuple(Pair(label, value) for label, value in facts if value)
    if known:
        yield Pairs(known)
    blank = [Fill(label) for label, value in (*facts, ("Ausgefüllt am", "")) if not value]
    yield _beside(*((item,) for item in blank))


def _status() -> Iterator[Block]:
    yield Side(
        parts=(
            (
                *_asked("implementation"),
                _choices("implementation", IMPLEMENTATION.values()),
                _fill("achieved", 3),
            ),
            (
                *_asked("course"),
                _choices("course", COURSE.values()),
                Text(_when_asked(), tone=Tone.SOFT),
                _fill("next_step", 2),
                _fill("next_step_on"),
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
    yield _row("reason", "consequence", lines=2)
    yield _row("changed", "obstacles", "target_group")
    yield _row("partners", "cooperation_wanted", "evidence_url", "internal_remark")


def _reach(districts: Iterable[str]) -> Iterator[Block]:
    participants = Table(
        title=f"{REPORT_FIELD['participants']}: Zahl je Einheit",
        columns=(Column(REPORT_FIELD["participants"]), Column("Anzahl", 25)),
        rows=tuple(
            ((Line(label.text), Line(label.definition, tone=Tone.SOFT)), Line(_ROOM))
            for label in PARTICIPANT_UNIT.values()
        ),
    )
    yield _beside(
        (Text(REPORT_FIELD_HELP["participants"], tone=Tone.SOFT), participants),
        (Text(REPORT_FIELD_HELP["districts"], tone=Tone.SOFT), _districts(districts)),
    )


def _districts(names: Iterable[str]) -> Table:
    """Return the Stadtbezirke to tick, two in a row: a list that is read line by line."""
    boxes = [Line(mark=_box(word)) for word in names]
    rows = [tuple(boxes[start : start + 2]) for start in range(0, len(boxes), 2)]
    return Table(
        title=f"{REPORT_FIELD['districts']}: zum Ankreuzen",
        columns=(Column(REPORT_FIELD["districts"]), Column("bitte ankreuzen")),
        rows=tuple((*row, *((Line(_ROOM),) * (2 - len(row)))) for row in rows),
    )


def _money() -> Iterator[Block]:
    units = Table(
        title=f"{REPORT_FIELD['staff_unit']}, zum Ankreuzen",
        columns=(Column(REPORT_FIELD["staff_unit"]),),
        rows=tuple((Line(mark=_box(label.text)),) for label in STAFF_UNIT.values()),
    )
    yield Side(
        parts=(
            (_fill("events"),),
            (_fill("staff"),),
            (units,),
            (_fill("cost_planned"),),
            (_fill("cost_actual"),),
        ),
        widths=(0, 0, 44, 0, 0),
    )
    yield Text(f"{REPORT_FIELD['funding']}: {REPORT_FIELD_HELP['funding']}", tone=Tone.SOFT)
    yield _lines_table(
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
        _lines_table(
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
        _lines_table(
            REPORT_FIELD["indicators"], (("Kennzahl", 0), ("Wert", 24)), named or ((),) * _ROWS
        ),
    )
    yield Side(parts=(indicators, milestones), widths=(68, 0))


def _asked(name: str) -> tuple[Block, ...]:
    return (Heading(1, REPORT_FIELD[name]), Text(REPORT_FIELD_HELP[name]))


def _choices(name: str, labels: Iterable[Label]) -> Table:
    """Return the values of a field to tick one of, each with its definition."""
    return Table(
        title=f"{REPORT_FIELD[name]}: zum Ankreuzen",
        columns=(Column("Bitte ein Kreuz"),),
        rows=tuple((_defined(label),) for label in labels),
    )


def _defined(label: Label) -> tuple[Line, Line]:
    return (Line(mark=_box(label.text)), Line(label.definition, tone=Tone.SOFT))


def _box(word: str) -> Mark:
    return Mark(code="", label=word, icon="box")


def _fill(name: str, lines: int = 1) -> Fill:
    return Fill(REPORT_FIELD[name], lines, REPORT_FIELD_HELP.get(name, ""))


def _beside(*parts: tuple[Block, ...]) -> Side:
    return Side(parts=parts, widths=(0,) * len(parts))


def _row(*names: str, lines: int = 1) -> Side:
    return _beside(*((_fill(name, lines),) for name in names))


def _lines_table(
    title: str, columns: Iterable[tuple[str, int]], rows: Iterable[tuple[Cell, ...]]
) -> Table:
    """Return a table to write in; what its rows do not name stays blank."""
    heads = tuple(Column(name, width) for name, width in columns)
    return Table(
        title=f"{title}: zum Ausfüllen",
        columns=heads,
        rows=tuple((*cells, *((_BLANK,) * (len(heads) - len(cells)))) for cells in rows),
    )
