"""What a reader must know about the data of a round, and remarks on wordings."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.core.periods import Period
from tracker.publication.reading.basis import Basis
from tracker.publication.reading.measure import NOT_ACCEPTED, NOT_RECEIVED
from tracker.publication.reading.model import Legend, Report
from tracker.publication.reading.table import Column, Kind, Table, joined, listing
from tracker.publication.reading.words import Words, day, lead_of
from tracker.publication.rules.document import Document, ExpectedRecord, MeasureRecord

_STREAK = 3


def data_notes(document: Document, words: Words) -> tuple[Table, ...]:
    """Return what a reader must know about the data; lists without rows are left out."""
    measures = document["measures"]
    tables = (
        _without_report(measures, words),
        listing(
            "Stand aus einer früheren Runde",
            "Für diese Runde liegt keine angenommene Meldung vor. Der frühere Stand steht zur "
            "Kenntnis und zählt in keiner Summe mit.",
            ("Nr.", "Maßnahme", "aus", "damaliger Stand"),
            (
                (
                    measure["code"],
                    measure["display_text"],
                    measure["carried"]["label"],
                    words.implementation[measure["carried"]["implementation"]].label,
                )
                for measure in measures
                if measure["carried"]
            ),
        ),
        _reviewed(measures, words),
        listing(
            "Mehrmals unverändert bestätigt",
            f"Seit {_STREAK} Runden oder länger unverändert bestätigt.",
            ("Nr.", "Maßnahme", "Runden in Folge"),
            (
                (measure["code"], measure["display_text"], measure["unchanged_streak"])
                for measure in measures
                if measure["unchanged_streak"] >= _STREAK
            ),
        ),
        listing(
            "Kleine Gruppen",
            "Gruppen unter 5 Personen werden zu ihrem Schutz nicht veröffentlicht.",
            ("Nr.", "Maßnahme"),
            (
                (measure["code"], measure["display_text"])
                for measure in measures
                if measure["report"] is not None
                and any(line["suppressed"] for line in measure["report"]["participants"])
            ),
        ),
        listing(
            "Korrekturen dieser Runde",
            "Frühere Fassungen bleiben lesbar.",
            ("Fassung", "veröffentlicht am", "Begründung"),
            (
                (correction["version"], day(correction["published_on"]), correction["reason"])
                for correction in document["corrections"]
            ),
        ),
    )
    return tuple(table for table in tables if table.rows)


def in_one_only(basis: Basis) -> tuple[Table, ...]:
    """Return the measures that only one of the two compared rounds has; no list for none."""
    if basis.before is None:
        return ()
    here, there = basis.published, basis.before
    fields = {field["code"] for field in basis.shown["fields"]}
    rows = [
        (measure["code"], measure["display_text"], f"nur in {mine['round']['label']}")
        for mine, other in ((there, here), (here, there))
        for measure in _missing(mine, other)
        if measure["field"] in fields
    ]
    table = listing(
        "Nicht in beiden Runden",
        "Was hier steht, gehört nur in einer der beiden verglichenen Runden zum Konzept.",
        ("Nr.", "Maßnahme", "Runde"),
        rows,
    )
    return (table,) if rows else ()


def _missing(document: Document, other: Document) -> list[MeasureRecord]:
    known = {measure["key"] for measure in other["measures"]}
    return [measure for measure in document["measures"] if measure["key"] not in known]


def _without_report(measures: Iterable[MeasureRecord], words: Words) -> Table:
    return listing(
        "Keine Meldung",
        "„Keine Meldung“ ist kein Umsetzungsstand und wird nicht als „nicht begonnen“ gezählt.",
        ("Nr.", "Maßnahme", "federführend", "Grund"),
        (
            (
                measure["code"],
                measure["display_text"],
                lead_of(measure, words),
                _why(measure["expected"]),
            )
            for measure in measures
            if measure["reportable"] and measure["value"] is None
        ),
    )


def _why(expected: ExpectedRecord | None) -> str:
    if expected is None:
        return "keine federführende Institution, als die Runde eröffnet wurde"
    if expected["state"] == "waived":
        return f"befreit: {expected['waived_reason']}"
    return NOT_ACCEPTED if expected["first_submitted_on"] else NOT_RECEIVED


def _reviewed(measures: Iterable[MeasureRecord], words: Words) -> Table:
    return listing(
        "Anders festgestellt als gemeldet",
        "Hier weicht der festgestellte Stand von der Meldung der Institution ab.",
        ("Nr.", "gemeldet", "festgestellt", "Begründung der Stelle", "abweichende Stellungnahme"),
        (
            (
                measure["code"],
                ", ".join(words.standing(measure["self_report"]).labels),
                ", ".join(words.standing(measure["value"]).labels),
                measure["reviewed"]["reason"],
                measure["dissent"],
            )
            for measure in measures
            if measure["reviewed"]
        ),
    )


def editorial_notes(document: Document) -> Table:
    """Return the remarks of the editors on wordings of the resolution."""
    goals = [goal for field in document["fields"] for goal in field["goals"]]
    return listing(
        "Redaktionelle Anmerkungen",
        "Überschriften und Listen zeigen die Texte des Ratsbeschlusses mit berichtigten "
        "Schreibversehen, die Maßnahmenblätter auch den Wortlaut. Seine Besonderheiten stehen "
        "hier.",
        ("zu", "Anmerkung"),
        (
            *((f"Ziel {goal['code']}", note) for goal in goals for note in goal["notes"]),
            *(
                (measure["code"], note)
                for measure in document["measures"]
                for note in measure["notes"]
            ),
        ),
    )


def corrections(basis: Basis) -> Table:
    """Return the corrections of this and earlier rounds with their reasons."""
    return Table(
        "korrekturen",
        "Korrekturen",
        "Korrekturen",
        "Frühere Fassungen bleiben lesbar.",
        (
            Column("Runde", 16),
            Column("Fassung", 10, Kind.WHOLE),
            Column("veröffentlicht am", 16, Kind.DAY),
            Column("Begründung", 80),
        ),
        tuple(
            (
                Period.parse(document["round"]["period"]).label,
                correction["version"],
                day(correction["published_on"]),
                correction["reason"],
            )
            for document in basis.rounds
            for correction in document["corrections"]
        ),
    )


def legends(words: Words, compared: str = "") -> tuple[Legend, ...]:
    """Return every mark with its word and definition.

    `compared` names a round compared with by choice, else it is "".
    """
    previous = f"{compared} („Vorrunde“)" if compared else "der Vorrunde"
    return (
        Legend("Umsetzungsstand", (*words.implementation.values(), words.no_report)),
        Legend("Verlauf", (*words.course.values(), words.course_not_asked)),
        Legend(f"Veränderung gegenüber {previous}", tuple(words.change.values())),
    )


def definitions_table(report: Report) -> Table:
    """Return marks, words and formulas as they were in force."""
    return Table(
        "begriffe",
        "Begriffe",
        "Zeichen, Begriffe und Formeln",
        "So galten sie am Tag der Veröffentlichung.",
        (Column("Gruppe", 34), Column("Begriff", 26), Column("Bedeutung", 100)),
        (
            *(
                (legend.title, mark.label, mark.definition)
                for legend in report.legends
                for mark in legend.marks
            ),
            *(("So wird gezählt", entry.label, entry.value) for entry in report.formulas),
        ),
    )


def notes_table(report: Report) -> Table:
    """Return what a reader must know about the data, and remarks on wordings."""
    columns, rows = joined(
        "Hinweis", (*report.data_notes, report.returns.waivers, report.editorial)
    )
    return Table(
        "hinweise",
        "Hinweise",
        "Hinweise zu den Daten und redaktionelle Anmerkungen",
        "Was nicht gemeldet, übernommen, anders festgestellt oder korrigiert wurde.",
        columns,
        rows,
    )
