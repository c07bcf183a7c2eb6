"""The one content model: a published document in, the Controllingbericht as values out.

Every writer (PDF, XLSX, later DOCX and CSV) prints this and computes nothing of its own; every
figure stands in the document already (domain.md 6 and 7).
"""

from __future__ import annotations

from datetime import date

from tracker.exports import sentences
from tracker.exports.lists import data_notes, editorial_notes, ziff5_lists
from tracker.exports.model import (
    ChangeLine,
    Count,
    Cover,
    DecisionLine,
    Entry,
    FieldSection,
    GoalSection,
    Legend,
    Mark,
    Ratio,
    Report,
    Spread,
    Summary,
)
from tracker.exports.sheets import sheet
from tracker.exports.words import Json, Words, day, decimal
from tracker.rules.canonical import canonical_json, sha256_of

TITLE = "Controllingbericht zum Integrationskonzept"
DEMONSTRATION = (
    "Demonstration: Alle Meldungen, Zuständigkeiten und Zahlen in diesem Bericht sind erfunden. "
    "Echt sind nur die Texte des Ratsbeschlusses."
)
_RETURNS = ("completeness", "acceptance", "timeliness")


def report(document: Json) -> Report:
    """Return the report of a published document (docs/snapshot-format.md)."""
    words = Words(document["definitions"])
    measures = {item["code"]: item for item in document["measures"]}
    return Report(
        cover=_cover(document),
        legends=_legends(words),
        formulas=tuple(Entry(item["label"], item["formula"]) for item in words.formulas.values()),
        summary=_summary(document, words),
        changes=tuple(
            ChangeLine(
                kind=words.mark("change", line["kind"]),
                code=line["code"],
                display_text=measures[line["code"]]["display_text"],
                before=words.standing(line["before"]),
                after=words.standing(line["after"]),
            )
            for line in document["changes"]
        ),
        decisions=tuple(
            DecisionLine(
                code=line["code"],
                display_text=measures[line["code"]]["display_text"],
                lead=(measures[line["code"]]["lead"] or {}).get("name", words.not_determined),
                standing=words.standing(line["value"]),
                reason=line["reason"],
                consequence=line["consequence"],
            )
            for line in document["decisions"]
        ),
        fields=tuple(_field(item, document, words, measures) for item in document["fields"]),
        ziff5=ziff5_lists(document, words),
        data_notes=data_notes(document, words),
        editorial=editorial_notes(document),
    )


def _cover(document: Json) -> Cover:
    its_round, instance, concept = document["round"], document["instance"], document["concept"]
    previous = document["previous"]
    return Cover(
        title=TITLE,
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
        previous=previous["label"] if previous is not None else "",
        sha256=sha256_of(canonical_json(document)),
        demonstration=DEMONSTRATION if document["demonstration"] else "",
    )


def _legends(words: Words) -> tuple[Legend, ...]:
    return (
        Legend("Umsetzungsstand", (*words.marks("implementation"), words.no_report)),
        Legend("Verlauf", (*words.marks("course"), words.course_not_asked)),
        Legend("Veränderung gegenüber der Vorrunde", words.marks("change")),
    )


def _summary(document: Json, words: Words) -> Summary:
    figures, previous = document["figures"], document["previous"]
    counts = figures["changes"]
    return Summary(
        headline=sentences.headline(figures),
        attention=(
            *sentences.attention(figures, previous, words),
            sentences.coverage(figures),
        ),
        spread=_spread("Integrationskonzept", figures["distribution"], words),
        returns=tuple(_ratio(key, figures["returns"][key], words) for key in _RETURNS),
        waived=figures["returns"]["waived"],
        carried=figures["carried"],
        changes=(
            tuple(Count(mark, counts[mark.code]) for mark in words.marks("change"))
            if previous is not None
            else ()
        ),
        changes_sentence=sentences.changes(figures, previous),
    )


def _ratio(key: str, figure: Json, words: Words) -> Ratio:
    described = words.formulas[key]
    return Ratio(
        label=described["label"],
        count=figure["count"],
        total=figure["total"],
        percent=decimal(figure["percent"]),
        formula=described["formula"],
    )


def _spread(name: str, item: Json, words: Words) -> Spread:
    stands = [Count(mark, item["counts"][mark.code]) for mark in words.marks("implementation")]
    courses = [Count(mark, item["courses"][mark.code]) for mark in words.marks("course")]
    return Spread(
        name=name,
        counts=(*stands, Count(words.no_report, item["no_report"])),
        courses=(*courses, Count(words.course_not_asked, item["course_not_asked"])),
        with_course=sum(line.count for line in courses),
        reported=item["reported"],
        total=item["total"],
    )


def _field(item: Json, document: Json, words: Words, measures: dict[str, Json]) -> FieldSection:
    goals = item["goals"]
    worst = item["figures"]["worst_course"]
    return FieldSection(
        position=item["position"],
        name=item["name"],
        sentence=sentences.field(item["figures"], words),
        spread=_spread(item["name"], item["figures"]["distribution"], words),
        worst=_course(worst, words),
        goals=tuple(
            GoalSection(
                number=goal["number"],
                title=goal["title"],
                title_annex2=goal["title_annex2"],
                spread=_spread(goal["title"], goal["figures"]["distribution"], words),
                notes=tuple(goal["notes"]),
            )
            for goal in goals
        ),
        sheets=tuple(
            sheet(measures[code], field=item, goal=goal, document=document, words=words)
            for goal in goals
            for code in goal["measures"]
        ),
    )


def _course(code: str | None, words: Words) -> Mark | None:
    return None if code is None else words.mark("course", code)
