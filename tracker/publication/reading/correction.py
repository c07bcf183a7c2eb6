"""What a new version of a published round says otherwise: „Was Fassung 2 ändert“."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from tracker.core.german import day
from tracker.core.periods import Period
from tracker.publication.reading.measure import MeasureSheet, printed, sheet
from tracker.publication.reading.table import Row, Table, listing
from tracker.publication.reading.words import Words, written
from tracker.publication.rules.correction import differing, measures_said
from tracker.publication.rules.document import Document, MeasureRecord

KEY = "korrektur"
_NOT_THERE = "nicht im Konzept"
# What is changed as a whole and not shown value by value.
_WHOLE = {
    "instance": "Angaben zur Stelle",
    "concept": "Angaben zum Konzept",
    "institutions": "Namen der Institutionen",
    "principles": "Grundsätze",
    "definitions": "Begriffe und Erläuterungen",
    "formula_version": "Rechenregeln",
    "fields": "Handlungsfelder und Ziele",
    "sections": "Anhänge",
    "demonstration": "Vorführung",
}


def title(version: int) -> str:
    return f"Was Fassung {version} ändert"


def changes(before: Document, after: Document) -> Table:
    """Return what differs between two versions of a round; no rows where nothing does.

    Of a measure everything its sheet says, of the whole what is not a measure's.
    """
    there, here = before["round"]["version"], after["round"]["version"]
    keys = differing(before, after)
    return listing(
        title(here),
        f"Grund: {after['round']['reason']}",
        ("Nr.", "Angabe", f"Fassung {there}", f"Fassung {here}"),
        tuple(chain(_of_round(before, after, keys), _of_measures(before, after))),
        key=KEY,
    )


def _of_round(before: Document, after: Document, keys: tuple[str, ...]) -> Iterator[Row]:
    there, here = before["round"], after["round"]
    days = (
        ("Abgabefrist", there["due_on"], here["due_on"]),
        ("Sitzung des Ausschusses", there["committee_on"], here["committee_on"]),
    )
    for label, old, new in days:
        if old != new:
            yield None, label, old and day(old), new and day(new)
    if "previous" in keys:
        yield None, "Verglichen mit", _compared(before), _compared(after)
    for key in keys:
        if key in _WHOLE:
            yield None, _WHOLE[key], None, "geändert"


def _compared(document: Document) -> str | None:
    previous = document["previous"]
    if previous is None:
        return None
    return f"{Period.parse(previous['period']).label}, Fassung {previous['version']}"


def _of_measures(before: Document, after: Document) -> Iterator[Row]:
    said_before, said_after = measures_said(before, after), measures_said(after, before)
    there = {measure["key"]: measure for measure in before["measures"]}
    for measure in after["measures"]:
        key, code = measure["key"], measure["code"]
        old = there.pop(key, None)
        if old is None:
            yield code, "Maßnahme", _NOT_THERE, measure["display_text"]
        elif said_before[key] != said_after[key]:
            yield from _of_measure(_said(old, before), _said(measure, after), code)
    for gone in there.values():
        yield gone["code"], "Maßnahme", gone["display_text"], _NOT_THERE


def _of_measure(old: Mapping[str, str], new: Mapping[str, str], code: str) -> list[Row]:
    rows: list[Row] = [
        (code, label, old.get(label), new.get(label))
        for label in dict.fromkeys((*old, *new))
        if old.get(label) != new.get(label)
    ]
    return rows or [(code, "weitere Angaben", None, "geändert")]


def _said(measure: MeasureRecord, document: Document) -> dict[str, str]:
    """Return what the sheet of a measure says: texts by their labels."""
    shown = _sheet(measure, document)
    texts: dict[str, str] = {}
    for label, text in (
        ("Umsetzungsstand", shown.now.implementation.label),
        ("Verlauf", shown.now.course.label if shown.now.course else ""),
        ("Stand, Hinweis", shown.now.note),
        ("Stand vorher", " – ".join(filter(None, shown.before.labels))),
        ("Veränderung", shown.change.label if shown.change else ""),
        *((entry.label, printed(entry)) for entry in shown.responsibility),
        ("Abgabe", f"{measure['revision']}." if measure["revision"] else ""),
        ("Selbsteinschätzung", " – ".join(shown.self_report.labels) if shown.self_report else ""),
        ("Begründung der Stelle", shown.review_reason),
        ("Abweichende Stellungnahme", shown.dissent),
        ("Nächster Schritt", shown.next_step),
        ("Nächster Schritt bis", written(shown.next_step_on) if shown.next_step_on else ""),
        *((part.label, part.text) for part in shown.texts),
        *((entry.label, printed(entry)) for entry in (*shown.figures, *shown.ziff5)),
        ("Wortlaut", shown.text),
        ("Redaktionelle Anmerkungen", " ".join(shown.notes)),
    ):
        if text:
            texts[label] = f"{texts[label]}; {text}" if label in texts else text
    return texts


def _sheet(measure: MeasureRecord, document: Document) -> MeasureSheet:
    field = next(field for field in document["fields"] if field["code"] == measure["field"])
    goal = next(goal for goal in field["goals"] if goal["code"] == measure["goal"])
    words = Words.of(document["definitions"])
    return sheet(measure, field=field, goal=goal, document=document, words=words)
