"""The lists at the end of the report: Ziff. 5 of the resolution, data notes, editorial notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from tracker.publication.reading.model import ListTable, Value
from tracker.publication.reading.sections.selection import Selection
from tracker.publication.reading.sections.sheets import concretisation
from tracker.publication.reading.words import Json, Words, day, money

_STREAK = 3


def ziff5_lists(selection: Selection) -> tuple[ListTable, ...]:
    """Return the four lists of 002, Ziff. 5; what is not determined is counted, not listed.

    What a scope leaves out is counted too.
    """
    words, measures = selection.words, selection.reportable

    def table(
        title: str,
        columns: tuple[str, ...],
        known: Callable[[Json], bool],
        row: Callable[[Json, Json], tuple[Value, ...]],
    ) -> ListTable:
        found = [item for item in measures if known(item["ziff5"])]
        return ListTable(
            title=title,
            sentence=_determined(len(found), len(measures)),
            columns=("Nr.", "Maßnahme", *columns),
            rows=tuple(
                (item["code"], item["display_text"], *row(item["ziff5"], item)) for item in found
            ),
        )

    tables = (
        table(
            "a) Kommunale Handlungskompetenz",
            ("Kompetenz", "Begründung"),
            lambda item: item["competence"] is not None,
            lambda item, _: (
                words.choice("competence", item["competence"]),
                item["competence_reason"],
            ),
        ),
        table(
            "b) Kurzfristig umsetzbare Maßnahmen",
            ("kurzfristig umsetzbar", "federführend"),
            lambda item: item["short_term"] is not None,
            lambda item, measure: (
                words.choice("short_term", item["short_term"]),
                measure["lead"]["name"] if measure["lead"] else words.not_determined,
            ),
        ),
        _concretisations(selection.shown, words),
        table(
            "d) Laufende städtische Förderung",
            ("Betrag", "Zeitraum"),
            lambda item: item["municipal_funding"] is not None,
            lambda item, _: (
                money(item["municipal_funding"]),
                item["municipal_funding_period"],
            ),
        ),
    )
    return tuple(_only_listed(table, selection) for table in tables)


def _only_listed(table: ListTable, selection: Selection) -> ListTable:
    if not selection.scope.exceptions_only:
        return table
    rows = tuple(row for row in table.rows if row[0] in selection.listed)
    none = "Unter den Maßnahmen mit Angabe ist keine Ausnahme."
    shown = "Aufgeführt sind nur Ausnahmen." if rows else none
    sentence = f"{table.sentence} {shown}" if table.rows else table.sentence
    return replace(table, sentence=sentence, rows=rows)


def _concretisations(document: Json, words: Words) -> ListTable:
    goals = [goal for field in document["fields"] for goal in field["goals"]]
    subjects = [
        *((f"Ziel {goal['number']}", goal["title"], goal["concretisation"]) for goal in goals),
        *(
            (item["code"], item["display_text"], item["ziff5"]["concretisation"])
            for item in document["measures"]
        ),
    ]
    rows = tuple(
        (number, title, concretisation(item, words))
        for number, title, item in subjects
        if item["text"]
    )
    return ListTable(
        title="c) Konkretisierung aus Sicht der Fachverwaltung",
        sentence=_determined(len(rows), len(subjects), "Zielen und Maßnahmen"),
        columns=("Nr.", "Ziel oder Maßnahme", "Konkretisierung"),
        rows=rows,
    )


def _determined(known: int, total: int, of: str = "Maßnahmen") -> str:
    if total == 0:
        return "Es gibt keine Maßnahme, über die berichtet wird."
    if total == 1:
        of = "Maßnahme"
    if known == 0:
        return f"Zu {total} {of} liegt noch keine Angabe vor."
    text = f"Angaben liegen zu {known} von {total} {of} vor."
    return text if known == total else f"{text} Zu den übrigen ist noch nichts festgelegt."


def data_notes(document: Json, words: Words) -> tuple[ListTable, ...]:
    """Return what a reader must know about the data; lists without rows are left out."""
    measures = document["measures"]
    tables = (
        _without_report(measures, words),
        _table(
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
        _table(
            "Mehrmals unverändert bestätigt",
            f"Diese Meldungen wurden {_STREAK} Runden oder länger unverändert bestätigt.",
            ("Nr.", "Maßnahme", "Runden in Folge"),
            (
                (item["code"], item["display_text"], item["unchanged_streak"])
                for item in measures
                if item["unchanged_streak"] >= _STREAK
            ),
        ),
        _table(
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
        _table(
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


def in_one_only(selection: Selection) -> tuple[ListTable, ...]:
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
    table = _table(
        "Nicht in beiden Runden",
        "Diese Maßnahmen gehören nur in einer der beiden verglichenen Runden zum Konzept.",
        ("Nr.", "Maßnahme", "Runde"),
        rows,
    )
    return (table,) if rows else ()


def _missing(document: Json, other: Json) -> list[Json]:
    known = {item["code"] for item in other["measures"]}
    return [item for item in document["measures"] if item["code"] not in known]


def _without_report(measures: Iterable[Json], words: Words) -> ListTable:
    return _table(
        "Keine Meldung",
        "„Keine Meldung“ ist kein Umsetzungsstand und wird nicht als „nicht begonnen“ gezählt.",
        ("Nr.", "Maßnahme", "federführend", "Grund"),
        (
            (
                item["code"],
                item["display_text"],
                item["lead"]["name"] if item["lead"] else words.not_determined,
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


def _reviewed(measures: Iterable[Json], words: Words) -> ListTable:
    def said(value: Json) -> str:
        standing = words.standing(value)
        course = standing.course.label if standing.course else ""
        return f"{standing.implementation.label}, {course}"

    return _table(
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


def editorial_notes(document: Json) -> ListTable:
    """Return the remarks of the editors on wordings of the resolution."""
    goals = [goal for field in document["fields"] for goal in field["goals"]]
    return _table(
        "Redaktionelle Anmerkungen",
        "Die Texte des Ratsbeschlusses stehen im Wortlaut. Seine Besonderheiten stehen hier.",
        ("zu", "Anmerkung"),
        (
            *((f"Ziel {goal['number']}", note) for goal in goals for note in goal["notes"]),
            *((item["code"], note) for item in document["measures"] for note in item["notes"]),
        ),
    )


def _table(
    title: str,
    sentence: str,
    columns: tuple[str, ...],
    rows: Iterable[tuple[Value, ...]],
) -> ListTable:
    return ListTable(title, sentence, columns, tuple(rows))
