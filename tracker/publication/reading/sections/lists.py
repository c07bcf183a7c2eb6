"""The lists at the end of the report: Ziff. 5 of the resolution, data notes, editorial notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tracker.publication.reading import ziff5
from tracker.publication.reading.sections.selection import Selection
from tracker.publication.reading.table import Table, listing
from tracker.publication.reading.words import Json, Words, day, lead_of

_STREAK = 3


def ziff5_lists(selection: Selection) -> tuple[Table, ...]:
    """Return the four lists of 002, Ziff. 5; what is not determined is counted, not listed.

    What a scope leaves out is counted too.
    """
    shown = selection.shown
    said = {item["code"]: item["ziff5"] for item in shown["measures"]}
    found = ziff5.lists(shown["measures"], said, shown["fields"])
    listed = ziff5.tables(found, selection.words, only_known=True)
    return tuple(_only_listed(table, selection) for table in listed)


def _only_listed(table: Table, selection: Selection) -> Table:
    if not selection.scope.exceptions_only:
        return table
    rows = tuple(row for row in table.rows if row[0] in selection.listed)
    none = "Unter den Maßnahmen mit Angabe ist keine Ausnahme."
    shown = "Aufgeführt sind nur Ausnahmen." if rows else none
    sentence = f"{table.sentence} {shown}" if table.rows else table.sentence
    return replace(table, sentence=sentence, rows=rows)


def data_notes(document: Json, words: Words) -> tuple[Table, ...]:
    """Return what a reader must know about the data; lists without rows are left out."""
    measures = document["measures"]
    tables = (
        _without_report(measures, words),
        listing(
            "Stand aus einer früheren Runde",
            "Zu diesen Maßnahmen liegt für diese Runde keine angenommene Meldung vor. Der frühere "
            "Stand steht zur Kenntnis und zählt in keiner Summe mit.",
            ("Nr.", "Maßnahme", "aus", "damaliger Stand"),
            (
                (
                    item["code"],
                    item["display_text"],
                    item["carried"]["label"],
                    words.implementation[item["carried"]["implementation"]].label,
                )
                for item in measures
                if item["carried"]
            ),
        ),
        _reviewed(measures, words),
        listing(
            "Mehrmals unverändert bestätigt",
            f"Diese Meldungen wurden {_STREAK} Runden oder länger unverändert bestätigt.",
            ("Nr.", "Maßnahme", "Runden in Folge"),
            (
                (item["code"], item["display_text"], item["unchanged_streak"])
                for item in measures
                if item["unchanged_streak"] >= _STREAK
            ),
        ),
        listing(
            "Kleine Gruppen",
            "Gruppen unter 5 Personen werden zu ihrem Schutz nicht veröffentlicht.",
            ("Nr.", "Maßnahme"),
            (
                (item["code"], item["display_text"])
                for item in measures
                if any(
                    line["suppressed"] for line in (item["report"] or {}).get("participants", ())
                )
            ),
        ),
        listing(
            "Korrekturen dieser Runde",
            "Frühere Fassungen bleiben lesbar.",
            ("Fassung", "veröffentlicht am", "Begründung"),
            (
                (item["version"], day(item["published_on"]), item["reason"])
                for item in document["corrections"]
            ),
        ),
    )
    return tuple(table for table in tables if table.rows)


def in_one_only(selection: Selection) -> tuple[Table, ...]:
    """Return the measures that only one of the two compared rounds has; no list for none."""
    if selection.before is None:
        return ()
    here, there = selection.published, selection.before
    fields = {item["position"] for item in selection.shown["fields"]}
    rows = [
        (item["code"], item["display_text"], f"nur in {mine['round']['label']}")
        for mine, other in ((there, here), (here, there))
        for item in _missing(mine, other)
        if item["field"] in fields
    ]
    table = listing(
        "Nicht in beiden Runden",
        "Diese Maßnahmen gehören nur in einer der beiden verglichenen Runden zum Konzept.",
        ("Nr.", "Maßnahme", "Runde"),
        rows,
    )
    return (table,) if rows else ()


def _missing(document: Json, other: Json) -> list[Json]:
    known = {item["code"] for item in other["measures"]}
    return [item for item in document["measures"] if item["code"] not in known]


def _without_report(measures: Iterable[Json], words: Words) -> Table:
    return listing(
        "Keine Meldung",
        "„Keine Meldung“ ist kein Umsetzungsstand und wird nicht als „nicht begonnen“ gezählt.",
        ("Nr.", "Maßnahme", "federführend", "Grund"),
        (
            (
                item["code"],
                item["display_text"],
                lead_of(item, words),
                _why(item["expected"]),
            )
            for item in measures
            if item["reportable"] and item["value"] is None
        ),
    )


def _why(expected: Json | None) -> str:
    if expected is None:
        return "keine federführende Institution, als die Runde eröffnet wurde"
    if expected["state"] == "waived":
        return f"befreit: {expected['waived_reason']}"
    if expected["state"] == "returned":
        return "abgegeben, Rückfrage noch offen"
    return "noch keine Meldung eingegangen"


def _reviewed(measures: Iterable[Json], words: Words) -> Table:
    def said(value: Json) -> str:
        standing = words.standing(value)
        course = standing.course.label if standing.course else ""
        return f"{standing.implementation.label}, {course}"

    return listing(
        "Vom KI anders festgestellt",
        "Hier weicht der festgestellte Stand von der Meldung der Institution ab.",
        ("Nr.", "gemeldet", "festgestellt", "Begründung des KI", "abweichende Stellungnahme"),
        (
            (
                item["code"],
                said(item["self_report"]),
                said(item["value"]),
                item["reviewed"]["reason"],
                item["dissent"],
            )
            for item in measures
            if item["reviewed"]
        ),
    )


def editorial_notes(document: Json) -> Table:
    """Return the remarks of the editors on wordings of the resolution."""
    goals = [goal for field in document["fields"] for goal in field["goals"]]
    return listing(
        "Redaktionelle Anmerkungen",
        "Die Texte des Ratsbeschlusses stehen im Wortlaut. Seine Besonderheiten stehen hier.",
        ("zu", "Anmerkung"),
        (
            *((f"Ziel {goal['number']}", note) for goal in goals for note in goal["notes"]),
            *((item["code"], note) for item in document["measures"] for note in item["notes"]),
        ),
    )
