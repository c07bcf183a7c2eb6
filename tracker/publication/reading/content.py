"""The one content model: a published document in, the Controllingbericht as values out.

Every writer (PDF, XLSX, later DOCX and CSV) prints this and computes nothing of its own; every
figure stands in the document already (domain.md 6 and 7).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tracker.core.periods import Period
from tracker.publication.reading import sentences, ziff5
from tracker.publication.reading.basis import Basis, scope_note, select
from tracker.publication.reading.chapters import chapters
from tracker.publication.reading.comparison import compared as compared_round
from tracker.publication.reading.correction import changes
from tracker.publication.reading.counts import spread
from tracker.publication.reading.decisions import decisions_of
from tracker.publication.reading.effect import Effect, Reported
from tracker.publication.reading.measure import sheet
from tracker.publication.reading.model import Cover, Entry, FieldSection, GoalSection, Mark, Report
from tracker.publication.reading.notes import (
    corrections,
    data_notes,
    editorial_notes,
    in_one_only,
    legends,
)
from tracker.publication.reading.overview import change_lines, summary
from tracker.publication.reading.returns import institutions, returns
from tracker.publication.reading.rounds import rounds
from tracker.publication.reading.scope import EVERYTHING, Scope
from tracker.publication.reading.table import Table
from tracker.publication.reading.words import INTEGRATION, Words, day, plan_name
from tracker.publication.rules.document import (
    Document,
    EffectMeasure,
    FieldRecord,
    MeasureRecord,
    OverviewPart,
)
from tracker.publication.rules.formats import published_sha256
from tracker.publication.rules.snapshot_parts import effect_line

DEMONSTRATION = (
    "Vorführung: Alle Meldungen, Zuständigkeiten und Zahlen sind erfunden. Echt sind nur die "
    "Texte des Ratsbeschlusses und die Namen der Institutionen."
)


def report(
    document: Document,
    *,
    compared: Document | None = None,
    corrected: Document | None = None,
    scope: Scope = EVERYTHING,
    history: tuple[Document, ...] = (),
    older: tuple[OverviewPart, ...] = (),
) -> Report:
    """Return the report of a published document (docs/snapshot-format.md).

    `compared` takes the place of the document's own previous round, `corrected` is the version
    before, `history` are documents of earlier rounds, oldest first, `older` the rounds before
    those. Raises Invalid for a field that the document does not have.
    """
    basis = select(document, compared=compared, scope=scope, history=history, older=older)
    shown, words = basis.shown, basis.words
    measures = {item["code"]: item for item in shown["measures"]}
    return Report(
        scope=scope,
        scope_note=scope_note(basis),
        since=sentences.since(shown["previous"]),
        cover=_cover(document, basis.previous),
        legends=legends(words, "" if compared is None else basis.previous),
        formulas=tuple(Entry(item["label"], item["formula"]) for item in words.formulas.values()),
        summary=summary(
            shown, words, among=sentences.EXTRACT if basis.is_extract else sentences.WHOLE
        ),
        changes=change_lines(shown, basis.listed, words),
        decisions=decisions_of(shown, words),
        fields=tuple(_field(item, basis, measures) for item in shown["fields"]),
        ziff5=_ziff5(basis),
        effect=Effect(_reported(basis)),
        returns=returns(basis),
        rounds=rounds(basis),
        compared=compared_round(basis),
        institutions=institutions(basis),
        changed=_changed(corrected, document, basis),
        corrections=corrections(basis),
        data_notes=(*data_notes(shown, words), *in_one_only(basis)),
        editorial=editorial_notes(shown),
        # They tell of the whole concept: an extract does without.
        chapters=() if basis.is_extract else chapters(shown["sections"], words),
    )


def _changed(corrected: Document | None, document: Document, basis: Basis) -> Table | None:
    """Return what this version changed of what is shown; None for the first version."""
    if corrected is None:
        return None
    table, shown = changes(corrected, document), {item["code"] for item in basis.shown["measures"]}
    left_out = {item["code"] for item in basis.published["measures"]} - shown
    return replace(table, rows=tuple(row for row in table.rows if row[0] not in left_out))


def _reported(basis: Basis) -> Reported:
    """Return the lines of the selected measures that are reported on."""
    keys = {item["key"] for item in basis.reportable}
    shown, before = basis.shown, basis.before

    def lines(document: Document) -> list[EffectMeasure]:
        start = document["round"]["start"]
        return [effect_line(item, start) for item in document["measures"] if item["key"] in keys]

    return Reported(
        words=basis.words,
        label=shown["round"]["label"],
        year=Period.parse(shown["round"]["period"]).year,
        fields=shown["fields"],
        measures=basis.reportable,
        now=lines(shown),
        compared=None if before is None else (basis.previous, lines(before)),
        rounds=[(item["round"]["label"], lines(item)) for item in basis.year()],
    )


def _title(plan: str) -> str:
    return f"Controllingbericht {f'zum {plan}' if plan == INTEGRATION else f'zu „{plan}“'}"


def _cover(document: Document, previous: str) -> Cover:
    its_round, instance, concept = document["round"], document["instance"], document["concept"]
    plan = plan_name(concept["title"])
    return Cover(
        title=_title(plan),
        plan=plan,
        city=instance["city"],
        office=instance["office"],
        committee=instance["committee"],
        concept=f"{concept['title']} ({concept['edition_title']}). {concept['source']}",
        round=its_round["long_label"],
        as_of=date.fromisoformat(its_round["as_of"]),
        due_on=date.fromisoformat(its_round["due_on"]),
        published_on=date.fromisoformat(its_round["published_on"]),
        committee_on=day(its_round["committee_on"]),
        version=its_round["version"],
        reason=its_round["reason"],
        previous=previous,
        sha256=published_sha256(document),
        demonstration=DEMONSTRATION if document["demonstration"] else "",
    )


def _field(item: FieldRecord, basis: Basis, measures: dict[str, MeasureRecord]) -> FieldSection:
    words = basis.words
    goals = item["goals"]
    worst = item["figures"]["worst_course"]
    return FieldSection(
        code=item["code"],
        name=item["name"],
        sentence=sentences.field(item["figures"]["distribution"], words),
        spread=spread(item["name"], item["figures"]["distribution"], words),
        worst=_course(worst, words),
        goals=tuple(
            GoalSection(
                code=goal["code"],
                title=goal["title"],
                title_annex2=goal["title_annex2"],
                spread=spread(goal["title"], goal["figures"]["distribution"], words),
                worst=_course(goal["figures"]["worst_course"], words),
                notes=tuple(goal["notes"]),
            )
            for goal in goals
        ),
        sheets=tuple(
            sheet(measures[code], field=item, goal=goal, document=basis.shown, words=words)
            for goal in goals
            for code in goal["measures"]
            if code in basis.listed
        ),
        listed=_listed(item, basis),
    )


def _listed(field: FieldRecord, basis: Basis) -> str:
    if not basis.scope.exceptions_only:
        return ""
    codes = {code for goal in field["goals"] for code in goal["measures"]}
    total = field["figures"]["distribution"]["total"]
    return sentences.exceptions_of_field(len(codes & basis.listed), total)


def _course(code: str | None, words: Words) -> Mark | None:
    return None if code is None else words.course[code]


def _ziff5(basis: Basis) -> tuple[Table, ...]:
    """Return the four lists of 002, Ziff. 5; what is not determined is counted, not listed.

    What a scope leaves out is counted too.
    """
    shown = basis.shown
    said = {item["code"]: item["ziff5"] for item in shown["measures"]}
    found = ziff5.lists(shown["measures"], said, shown["fields"])
    listed = ziff5.tables(found, basis.words, only_known=True)
    return tuple(_only_listed(table, basis) for table in listed)


def _only_listed(table: Table, basis: Basis) -> Table:
    if not basis.scope.exceptions_only:
        return table
    rows = tuple(row for row in table.rows if row[0] in basis.listed)
    none = "Unter den Maßnahmen mit Angabe ist keine Ausnahme."
    shown = "Aufgeführt sind nur Ausnahmen." if rows else none
    sentence = f"{table.sentence} {shown}" if table.rows else table.sentence
    return replace(table, sentence=sentence, rows=rows)
