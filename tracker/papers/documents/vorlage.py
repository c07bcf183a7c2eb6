"""The draft of the committee's paper (Vorlage) in the city's form, filled from a round.

The order is the form's (practice.md). Every sentence can stand as it is; what the system cannot
know is a blank that says "bitte eintragen", so that one search finds them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracker.core.german import shortened
from tracker.papers.blocks import (
    Block,
    Bullets,
    Column,
    Fill,
    Heading,
    Line,
    Notice,
    Pair,
    Pairs,
    Paper,
    Side,
    Table,
    Text,
    Tone,
)
from tracker.papers.documents import parts, tables
from tracker.papers.rules.exporting import VorlageKind
from tracker.papers.words import VORLAGE_KIND
from tracker.publication.reading import sentences
from tracker.publication.reading.model import Cover, Decision, MeasureSheet, Report
from tracker.publication.reading.table import Table as NotesTable
from tracker.publication.reading.words import INTEGRATION, written
from tracker.reporting.rules.status import Course

# The form asks for a short text: what is cut here stands in full in Anlage 1.
_SHORT = 90
# The resolution that the reasons quote, by its day; another council's says other things.
_QUOTED = "vom 23. September 2010"
_TROUBLED = (Course.CRITICAL, Course.AT_RISK)


def paper(report: Report, *, kind: VorlageKind) -> Paper:
    """Return the Vorlage about a published round, to take note of or to decide."""
    name = VORLAGE_KIND[kind].text
    made = parts.paper(
        report.cover,
        (*_form(report, kind), *_proposal(report, kind), *_reasons(report), *_end(report)),
        stem=name.lower(),
        title=f"{name} der Verwaltung",
        subtitle="",
        running_head="",
    )
    return replace(made, kicker="", before_title=tuple(_sender(report)))


def _blank(hint: str = "") -> Line:
    return Line(f"(bitte eintragen{hint})", tone=Tone.BLANK)


def _subject(report: Report) -> str:
    cover = report.cover
    return f"{cover.title} für das {cover.round} (Stichtag {written(cover.as_of)})"


def _sender(report: Report) -> Iterator[Block]:
    cover = report.cover
    yield from parts.notices(cover)
    sender = Pairs(
        (
            Pair("Amt:", f"{cover.city}, {cover.office}"),
            Pair("Datum:", _blank()),
            Pair("Telefon:", _blank()),
        )
    )
    number = Pairs((Pair("Drucksachen-Nr.:", _blank(", sobald vergeben")),))
    yield Side(parts=((sender,), (number,)), widths=(95, 0))


def _form(report: Report, kind: VorlageKind) -> Iterator[Block]:
    cover = report.cover
    yield Table(
        title="Beratungsfolge",
        columns=(Column("Gremium"), Column("Sitzung am", 50), Column("Beratung", 40)),
        rows=((cover.committee, cover.committee_on or _blank(), "öffentlich"),),
    )
    yield Heading(1, "Beratungsgegenstand")
    yield Text(_subject(report))
    yield Heading(1, "Betroffene Produktgruppe")
    yield _blank_text("Nummer und Name der Produktgruppe")
    yield Heading(1, "Auswirkungen auf Ergebnisplan, Finanzplan")
    if kind is VorlageKind.INFORMATION:
        yield Text("Die Kenntnisnahme wirkt sich nicht auf Ergebnisplan und Finanzplan aus.")
    else:
        yield Text("Die Auswirkungen hängen von den einzelnen Beschlusspunkten ab.")
        yield _blank_text("Aufwand und Deckung je Beschlusspunkt, oder „keine“")
    yield Heading(1, "Ggf. frühere Behandlung des Beratungsgegenstandes")
    yield Text(cover.concept)
    before = f" zum Bericht über {cover.previous}" if cover.previous else ""
    yield _blank_text(f"Gremium, Datum, TOP und Drucksachen-Nr.{before}, oder „keine“")


def _blank_text(hint: str) -> Text:
    return Text(_blank(f": {hint}").text, tone=Tone.BLANK)


def _proposal(report: Report, kind: VorlageKind) -> Iterator[Block]:
    yield Heading(1, "Beschlussvorschlag")
    noted = f"{_committee(report.cover.committee)} nimmt den {_subject(report)} zur Kenntnis"
    if kind is VorlageKind.INFORMATION:
        yield Text(f"{noted}.")
        return
    yield Text(f"{noted} und beschließt:")
    if not report.decisions:
        yield _blank_text("Beschlusspunkte; aus dieser Runde liegt kein Steuerungsvorschlag vor")
        return
    yield Bullets(tuple(_point(line) for line in report.decisions), numbered=True)
    yield _blank_text("die Vorschläge der Institutionen, hier im Wortlaut, als Beschlüsse gefasst")


def _committee(name: str) -> str:
    """Return the committee as the subject of a sentence; its name is a setting."""
    lower = name.lower()
    is_masculine = "ausschuss" in lower or lower.endswith(("rat", "kreis"))
    return f"Der {name}" if is_masculine else f"Das Gremium „{name}“"


def _point(line: Decision) -> str:
    title = shortened(line.display_text, _SHORT)
    return f"Maßnahme {line.code} ({title.rstrip('.')}): {' '.join(line.consequence.split())}"


def _resolution(cover: Cover) -> str:
    """Return what the council resolved: in its own words where it is that resolution (002)."""
    if cover.plan != INTEGRATION:
        return f"Der Rat hat „{cover.plan}“ beschlossen."
    if _QUOTED not in cover.concept:
        return f"Der Rat hat das {INTEGRATION} beschlossen."
    return (
        "Nach dem Beschluss des Rates ist das Integrationskonzept „verbindlicher Rahmen für "
        "kommunalpolitische Handlungsansätze, die in einem fortlaufenden Prozess von "
        "Zielformulierung, Maßnahmeplanung und Controlling erarbeitet und weiterentwickelt werden“."
    )


def _reasons(report: Report) -> Iterator[Block]:
    summary, cover = report.summary, report.cover
    yield Heading(1, "Begründung")
    yield Heading(2, "Zusammenfassung")
    if report.scope_note:
        yield Notice(report.scope_note)
    yield Text(
        f"{_resolution(cover)} Die Verwaltung berichtet mit Anlage 1 über "
        f"den Stand der Maßnahmen zum {written(cover.as_of)}. Über ihre Maßnahmen melden die "
        "federführenden Institutionen selbst; die Meldungen prüft die koordinierende Stelle "
        f"({cover.office})."
    )
    yield Text(summary.headline, tone=Tone.STRONG)
    yield Bullets(summary.attention)
    yield Heading(2, "Was sich verändert hat")
    yield Text(summary.changes_sentence)
    if report.changes:
        yield parts.changes_by_kind(summary.changes, report.changes)
    yield from _stuck(report)
    yield from _decisions(report)
    yield Heading(2, "Förderung und Wirkung")
    yield Bullets(report.effect.sentences)
    yield Heading(2, "Rücklauf")
    for sentence in report.returns.sentences:
        yield Text(sentence)
    yield from parts.what_changed(report, level=2)
    yield from _notes(report.data_notes)


def _stuck(report: Report) -> Iterator[Block]:
    sheets = [item for field in report.fields for item in field.sheets]
    found = [
        item
        for course in _TROUBLED
        for item in sheets
        if item.now.course is not None and item.now.course.code == course.value
    ]
    yield Heading(2, "Was stockt")
    spread = report.summary.spread
    of = sentences.of_reported(
        len(found), spread.reported, spread.total, among=report.summary.among
    )
    missing = sentences.without_proposal(report.summary.without_decision)
    yield Text(f"Als kritisch oder gefährdet gemeldet: {of}. {missing}".rstrip())
    if not found:
        return
    yield Table(
        title="Als kritisch oder gefährdet gemeldete Maßnahmen",
        columns=(
            Column("Nr.", 14),
            Column("Maßnahme"),
            Column("federführend", 38),
            Column("Stand", 34),
            Column("Verlauf", 28),
        ),
        rows=tuple(
            (
                item.code,
                shortened(item.display_text, _SHORT),
                item.lead_short,
                parts.standing_cell(item.now, *tables.dissenting(item)),
                parts.course_cell(item.now),
            )
            for item in found
        ),
    )


def _decisions(report: Report) -> Iterator[Block]:
    yield Heading(2, "Steuerungsvorschläge")
    if not report.decisions:
        yield Text(sentences.proposals(0, report.summary.without_decision))
        return
    yield Text(
        "Die Institutionen schlagen vor, wie gegengesteuert werden kann. Die Verwaltung gibt die "
        "Vorschläge mit ihrer Begründung wieder."
    )
    sheets = tables.by_code(report)
    lines = report.decisions
    yield Table(
        title="Steuerungsvorschläge mit Begründung",
        columns=(
            Column("Nr.", 14),
            Column("Maßnahme", 48),
            Column("Steuerungsvorschlag"),
            Column("Begründung"),
        ),
        rows=tuple(
            (
                line.code,
                shortened(line.display_text, _SHORT),
                _lines(line.consequence),
                (*_lines(line.reason), *_dissent(sheets.get(line.code))),
            )
            for line in lines
        ),
        may_split=any(len(line.reason) + len(line.consequence) > parts.LONG for line in lines),
    )


def _lines(text: str) -> tuple[Line, ...]:
    return tuple(Line(part) for part in text.splitlines() if part.strip()) or (Line("–"),)


def _dissent(sheet: MeasureSheet | None) -> tuple[Line, ...]:
    if sheet is None or not sheet.dissent:
        return ()
    return (Line("Abweichende Stellungnahme:", tone=Tone.STRONG), *_lines(sheet.dissent))


def _notes(notes: tuple[NotesTable, ...]) -> Iterator[Block]:
    yield Heading(2, "Hinweise zu den Daten")
    if not notes:
        yield Text("Zu den Daten dieser Runde ist nichts anzumerken.")
        return
    yield Text("Was beim Lesen der Zahlen zu beachten ist, steht ausführlich in Anlage 1:")
    yield Bullets(tuple(f"{item.title} ({len(item.rows)}): {item.sentence}" for item in notes))


def _end(report: Report) -> Iterator[Block]:
    cover = report.cover
    yield Side(parts=((Fill("Oberbürgermeister*in / Beigeordnete*r"),), ()), widths=(95, 0))
    yield Heading(1, "Anlagen")
    issued = f"Fassung {cover.version} vom {written(cover.published_on)}"
    yield Bullets((f"Anlage 1: {_subject(report)}, {issued}, Prüfsumme {cover.sha256[:12]}",))
