"""An institution's quarter for its own board: its measures, its Rücklauf, what it asked for.

Boards of associations are volunteers: the paper speaks to them and explains its words.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracker.core.errors import NotFound
from tracker.core.german import counted, every, opening, plural, shortened
from tracker.papers.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Line,
    NewPage,
    Paper,
    Rule,
    Table,
    Text,
    Tone,
)
from tracker.papers.documents import parts, sheet, tables
from tracker.papers.documents.sections import ratio
from tracker.publication.reading.model import (
    Decision,
    Entry,
    InstitutionSection,
    MeasureSheet,
    Report,
    ReturnsRow,
)
from tracker.publication.reading.sentences import of_reported
from tracker.publication.reading.words import INTEGRATION
from tracker.reporting.rules.status import TROUBLED

_WORDS = (
    Entry("federführend", "Ihre Institution gibt die Meldung zu dieser Maßnahme ab."),
    Entry("beteiligt", "Ihre Institution wirkt mit; die Meldung gibt eine andere ab."),
    Entry("Meldung", "was Ihre Institution am Ende eines Zeitraums zu einer Maßnahme mitteilt"),
    Entry("befreit", "In dieser Runde war keine Meldung nötig."),
    Entry(
        "Steuerungsvorschlag",
        "was aus Ihrer Sicht getan oder entschieden werden sollte; er wird dem Ausschuss vorgelegt",
    ),
    Entry(
        "Handlungskompetenz",
        "wer entscheiden kann: die Stadt allein (eigene), die Stadt mit anderen (geteilte) oder "
        "andere (Dritte)",
    ),
    Entry("Konkretisierung", "was die Fachverwaltung zur Umsetzung genauer festgelegt hat"),
    Entry(
        "nach Prüfung festgestellt",
        "Die koordinierende Stelle hat nach der Prüfung einen anderen Wert "
        "eingetragen; der Grund steht dabei.",
    ),
)
# Rücklauf, angenommen and Termintreue in words for those who do not calculate with them.
_RATIOS = (
    "Meldungen, die mindestens einmal abgegeben wurden, von denen, um die gebeten war",
    "Meldungen, die geprüft und angenommen sind",
    "Meldungen, die zum ersten Mal bis zur Frist abgegeben wurden",
)


def paper(report: Report, key: str) -> Paper:
    """Return the quarter of an institution; raises NotFound where the round knows none."""
    section = next((item for item in report.institutions if item.key == key), None)
    if section is None:
        keys = ", ".join(sorted(item.key for item in report.institutions if item.leads))
        raise NotFound(
            f"In der Runde {report.cover.round} gibt es keine Institution „{key}“. Bitte wählen "
            f"Sie eine, die in dieser Runde federführend ist: {keys}."
        )
    return parts.paper(
        report.cover,
        _blocks(report, section),
        legends=report.legends,
        stem=f"institution-{key}",
        title=section.name,
        subtitle=f"{_yours_in(report.cover.plan)} · {parts.as_of(report.cover)}",
        running_head=f"{report.cover.plan}: Meldungen einer Institution",
    )


def _yours_in(plan: str) -> str:
    return f"Ihre Meldungen im {plan}" if plan == INTEGRATION else f"Ihre Meldungen: {plan}"


def _blocks(report: Report, section: InstitutionSection) -> Iterator[Block]:
    sheets = tables.by_code(report)
    led = tuple(sheets[code] for code in section.leads if code in sheets)
    taken = tuple(sheets[code] for code in section.takes_part if code in sheets)
    asked = tuple(line for line in report.decisions if line.code in section.leads)
    yield from parts.notices(report.cover)
    yield from parts.what_changed(report, {*section.leads, *section.takes_part})
    yield Text(
        f"Dieses Papier fasst zusammen, was zum {report.cover.round} veröffentlicht ist und Ihre "
        "Institution betrifft. Der ganze Bericht geht an den "
        f"{report.cover.committee}."
    )
    yield Heading(1, "Auf einen Blick")
    yield Bullets(tuple(_at_a_glance(led, taken, asked, section.returns)))
    if led:
        yield from _led(led)
    if section.returns is not None:
        yield from _returns(section.returns)
    if led:
        yield from _decisions(asked, sheets)
    if taken:
        yield from _taken(taken)
    if led:
        yield from _sheets(led)
    if led or taken:
        yield Heading(1, "Was die Wörter bedeuten")
        yield parts.entry_pairs(_WORDS)


def _at_a_glance(
    led: tuple[MeasureSheet, ...],
    taken: tuple[MeasureSheet, ...],
    asked: tuple[Decision, ...],
    returns: ReturnsRow | None,
) -> Iterator[str]:
    leads = counted(len(led), "Maßnahme", "Maßnahmen") if led else "keiner Maßnahme"
    yield f"Ihre Institution ist bei {leads} federführend."
    if taken:
        takes_part = counted(len(taken), "Maßnahme", "Maßnahmen")
        yield f"Sie wirkt an {takes_part} mit, für die eine andere federführend ist."
    elif not led:
        yield "Sie wirkt auch an keiner anderen Maßnahme mit."
    if returns is not None:
        yield _returned(returns)
    reported = {measure.code: measure.now.course for measure in led if measure.now.course}
    troubled = [code for code, course in reported.items() if course.code in TROUBLED]
    if troubled:
        total = sum(measure.reportable for measure in led)
        of = of_reported(len(troubled), len(reported), total, among="federführend")
        yield f"Als gefährdet oder kritisch gemeldet: {of}: {', '.join(troubled)}."
    if asked:
        proposals = counted(len(asked), "Steuerungsvorschlag", "Steuerungsvorschläge")
        verb = plural(len(asked), "liegt", "liegen")
        yield f"{proposals} Ihrer Institution {verb} dem Ausschuss vor."


def _returned(returns: ReturnsRow) -> str:
    """Return the Rücklauf in a sentence that blames nobody."""
    expected, count = returns.expected, returns.completeness.count
    if expected == 0:
        return "In dieser Runde war keine Meldung Ihrer Institution nötig."
    if count == expected:
        came = plural(
            expected, "Die erbetene Meldung ist", f"{every(expected)} erbetenen Meldungen sind"
        )
        return f"{opening(came)} eingegangen. Vielen Dank!"
    if expected == 1:
        return "Die erbetene Meldung ist nicht eingegangen."
    came = f"{plural(count, 'ist', 'sind')} {count}" if count else "ist keine"
    return f"Von {expected} erbetenen Meldungen {came} eingegangen."


def _led(led: tuple[MeasureSheet, ...]) -> Iterator[Block]:
    yield Heading(1, "Ihre Maßnahmen")
    yield Text(
        "Die Tabelle zeigt, wo Ihre Maßnahmen vorher standen und wo sie jetzt stehen. Was Sie im "
        "Einzelnen gemeldet haben, steht in den Maßnahmenblättern."
    )
    yield Table(
        title="Ihre Maßnahmen",
        columns=(
            Column("Nr.", 12),
            Column("Maßnahme"),
            Column("Stand vorher / jetzt", 38),
            Column("Verlauf", 28),
            Column("Nächster Schritt", 46),
        ),
        rows=tuple(
            (
                measure.code,
                shortened(measure.display_text, parts.CELL),
                tables.standings_cell(measure),
                parts.course_cell(measure.now),
                sheet.step(measure, length=parts.STEP),
            )
            for measure in led
        ),
    )


def _returns(returns: ReturnsRow) -> Iterator[Block]:
    yield Heading(1, "Ihr Rücklauf")
    yield Text(_returned(returns))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        ((Line(part.label), Line(said, tone=Tone.SOFT)), ratio(part))
        for part, said in zip(returns.ratios, _RATIOS, strict=True)
    )
    yield Table(
        title="Ihr Rücklauf",
        columns=(Column("Angabe"), Column("Meldungen", 30, numeric=True)),
        rows=(*rows, ("befreit", returns.waived)),
    )


def _decisions(asked: tuple[Decision, ...], sheets: dict[str, MeasureSheet]) -> Iterator[Block]:
    yield Heading(1, "Was Sie dem Ausschuss vorschlagen")
    if not asked:
        yield Text("In dieser Runde liegt kein Steuerungsvorschlag Ihrer Institution vor.")
    for line in asked:
        yield from tables.decision(line, sheets.get(line.code))


def _taken(taken: tuple[MeasureSheet, ...]) -> Iterator[Block]:
    yield Heading(1, "Maßnahmen, an denen Sie mitwirken")
    yield Text("Federführend ist jeweils eine andere Institution; sie gibt die Meldung ab.")
    yield tables.measures_table("Mit Ihrer Beteiligung", taken)


def _sheets(led: tuple[MeasureSheet, ...]) -> Iterator[Block]:
    yield NewPage()
    yield Heading(1, "Maßnahmenblätter")
    yield Text(
        "Links steht, wo die Maßnahme steht; rechts, wer zuständig ist. Darunter Ihre Texte."
    )
    for number, measure in enumerate(led):
        if number:
            yield Rule()
        yield from sheet.heading(measure, level=2)
        yield from sheet.body(measure)
