"""Every German word for an enum value, with icon and definition: one place (domain.md 4).

Icons are names of the marks in design.md; the SVG symbols are drawn by `tracker.marks`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tracker.rules.content import District, ParticipantUnit, StaffUnit
from tracker.rules.figures import Change
from tracker.rules.permissions import Function, Role
from tracker.rules.reports import Punctuality, ReportState
from tracker.rules.rounds import RoundEvent, RoundState
from tracker.rules.status import Course, Implementation
from tracker.rules.submission import Problem


@dataclass(frozen=True)
class Label:
    """The German word, the mark's name and the definition printed beside it."""

    text: str
    icon: str
    definition: str


IMPLEMENTATION = {
    Implementation.NOT_STARTED: Label(
        "nicht begonnen", "circle-empty", "beschlossen, aber noch nicht angegangen"
    ),
    Implementation.PLANNED: Label(
        "in Planung",
        "circle-quarter",
        "Zuständigkeit und Vorgehen werden geklärt, es gibt noch keine Aktivität vor Ort",
    ),
    Implementation.IN_PROGRESS: Label(
        "in Umsetzung",
        "circle-half",
        "Aktivitäten laufen, der Auftrag ist noch nicht erfüllt",
    ),
    Implementation.COMPLETED: Label(
        "umgesetzt", "check", "der Auftrag ist erfüllt und abgeschlossen"
    ),
    Implementation.ESTABLISHED: Label(
        "verstetigt", "loop", "der Auftrag ist erfüllt und läuft als Daueraufgabe weiter"
    ),
    Implementation.DEFERRED: Label("zurückgestellt", "pause", "bewusst verschoben, mit Begründung"),
    Implementation.DROPPED: Label(
        "nicht weiterverfolgt", "cross", "bewusst beendet, mit Begründung"
    ),
}
NO_REPORT = Label(
    "keine Meldung",
    "question",
    "zu dieser Maßnahme liegt für dieses Quartal keine geprüfte Meldung vor; das ist kein "
    "Umsetzungsstand",
)
COURSE = {
    Course.ON_TRACK: Label("planmäßig", "circle-full", "läuft wie geplant"),
    Course.AT_RISK: Label(
        "gefährdet", "triangle", "der Plan ist ohne Gegensteuern nicht zu halten"
    ),
    Course.CRITICAL: Label(
        "kritisch", "diamond", "der Plan ist nicht mehr zu halten, eine Entscheidung ist nötig"
    ),
}
COURSE_NOT_ASKED = Label(
    "nicht gefragt", "dash", "bei diesem Umsetzungsstand wird kein Verlauf erhoben"
)

REPORT_STATE = {
    ReportState.EXPECTED: Label("erwartet", "circle-empty", "noch nicht angefangen"),
    ReportState.DRAFT: Label("Entwurf", "circle-quarter", "angefangen, noch nicht abgegeben"),
    ReportState.SUBMITTED: Label("abgegeben", "circle-half", "liegt dem KI zur Prüfung vor"),
    ReportState.ACCEPTED: Label("angenommen", "check", "vom KI geprüft und angenommen"),
    ReportState.RETURNED: Label("zurückgegeben", "loop", "mit Rückfrage an die Institution zurück"),
    ReportState.WAIVED: Label("befreit", "dash", "in dieser Runde ist keine Meldung nötig"),
}
ROUND_STATE = {
    RoundState.PLANNED: Label("geplant", "circle-empty", "noch nicht eröffnet"),
    RoundState.OPEN: Label("offen", "circle-half", "Institutionen können melden"),
    RoundState.CLOSED: Label("geschlossen", "pause", "Institutionen melden nur noch mit Nachfrist"),
    RoundState.PUBLISHED: Label("veröffentlicht", "check", "festgestellt und unveränderlich"),
    RoundState.CANCELLED: Label("abgesagt", "cross", "findet nicht statt"),
}
ROUND_EVENT = {
    RoundEvent.OPEN: Label("Runde eröffnen", "circle-half", "Meldungen werden angefordert"),
    RoundEvent.CLOSE: Label("Runde schließen", "pause", "Institutionen melden nicht mehr"),
    RoundEvent.PUBLISH: Label(
        "Runde veröffentlichen", "check", "der Stand wird festgestellt und ist unveränderlich"
    ),
    RoundEvent.CANCEL: Label("Runde absagen", "cross", "die geplante Runde findet nicht statt"),
    RoundEvent.REOPEN: Label(
        "Runde wieder öffnen", "loop", "Institutionen können wieder melden, mit Begründung"
    ),
    RoundEvent.CORRECT: Label(
        "Korrektur beginnen",
        "loop",
        "die veröffentlichte Fassung bleibt, eine neue Fassung wird vorbereitet",
    ),
}
PUNCTUALITY = {
    Punctuality.PENDING: Label("noch Zeit", "circle-empty", "die Frist läuft noch"),
    Punctuality.ON_TIME: Label("pünktlich", "check", "erste Abgabe bis zur Frist"),
    Punctuality.LATE: Label("nach der Frist", "triangle", "erste Abgabe nach der Frist"),
    Punctuality.OVERDUE: Label(
        "Frist abgelaufen", "diamond", "noch keine Abgabe, die Frist ist vorbei"
    ),
}
CHANGE = {
    Change.WORSE: Label("verschlechtert", "arrow-down", "Stand oder Verlauf schlechter als zuvor"),
    Change.BETTER: Label("verbessert", "arrow-up", "Stand oder Verlauf besser als zuvor"),
    Change.NEWLY_REPORTED: Label("neu gemeldet", "plus", "in der Vorrunde lag keine Meldung vor"),
    Change.NO_LONGER_REPORTED: Label(
        "nicht mehr gemeldet", "question", "in der Vorrunde lag eine Meldung vor"
    ),
    Change.UNCHANGED: Label("unverändert", "equal", "Stand und Verlauf wie zuvor"),
}
ROLE = {
    Role.COORDINATION: Label(
        "Kommunales Integrationszentrum", "circle-full", "führt Runden, prüft, veröffentlicht"
    ),
    Role.INSTITUTION: Label("Institution", "circle-half", "meldet zu den eigenen Maßnahmen"),
    Role.COMMITTEE: Label("Ausschuss", "circle-empty", "liest veröffentlichte Runden"),
}
FUNCTION = {
    Function.REPRESENTATIVE: Label(
        "benannte Vertretung", "circle-full", "gibt Meldungen der Institution ab"
    ),
    Function.STAFF: Label("Mitarbeitende", "circle-half", "bereiten Meldungen vor"),
}
PARTICIPANT_UNIT = {
    ParticipantUnit.PERSONS: Label("Personen", "circle-full", "jede Person einmal gezählt"),
    ParticipantUnit.CASES: Label("Fälle", "circle-half", "z. B. Beratungsfälle"),
    ParticipantUnit.PARTICIPATIONS: Label(
        "Teilnahmen", "circle-empty", "wer dreimal kommt, zählt dreimal"
    ),
}
STAFF_UNIT = {
    StaffUnit.FTE: Label("Vollzeitstellen (VZÄ)", "circle-full", "rechnerische volle Stellen"),
    StaffUnit.HOURS: Label("Stunden im Quartal", "circle-half", "geleistete Stunden"),
}
DISTRICT = {
    District.CITYWIDE: "gesamtes Stadtgebiet",
    District.MITTE: "Mitte",
    District.SCHILDESCHE: "Schildesche",
    District.GADDERBAUM: "Gadderbaum",
    District.BRACKWEDE: "Brackwede",
    District.DORNBERG: "Dornberg",
    District.JOELLENBECK: "Jöllenbeck",
    District.HEEPEN: "Heepen",
    District.STIEGHORST: "Stieghorst",
    District.SENNESTADT: "Sennestadt",
    District.SENNE: "Senne",
}
NOT_DETERMINED = "nicht festgelegt"
# Enums of tracker.models, by their stored value: labels know only rules.
MEASURE_KIND = {
    "measure": Label("Maßnahme", "circle-full", "darüber wird berichtet"),
    "reference": Label("Querverweis", "dash", "verweist auf andere Handlungsfelder, ohne Meldung"),
}
COMPETENCE = {
    "own": Label("eigene", "circle-full", "die Stadt kann allein entscheiden und handeln"),
    "shared": Label("geteilte", "circle-half", "die Stadt handelt gemeinsam mit anderen"),
    "third_party": Label(
        "Dritte", "circle-empty", "andere entscheiden, die Stadt wirkt darauf hin"
    ),
}
SHORT_TERM = {
    "yes": Label("ja", "check", "kurzfristig umsetzbar"),
    "no": Label("nein", "cross", "nicht kurzfristig umsetzbar"),
}
INDICATOR_KIND = {
    "target": Label("Zielwert", "circle-full", "soll erreicht werden"),
    "condition": Label("Bedingung", "circle-half", "nennt, wann etwas gilt"),
}
INSTITUTION_KIND = {
    "municipal": Label("Amt/Dienststelle", "circle-full", "Teil der Stadtverwaltung"),
    "subsidiary": Label("Tochtergesellschaft", "circle-half", "Gesellschaft der Stadt"),
    "federal": Label("Bundesbehörde/Jobcenter", "circle-empty", "Behörde außerhalb der Stadt"),
    "welfare": Label("Wohlfahrtsverband", "circle-full", "Verband der freien Wohlfahrtspflege"),
    "independent": Label("freier Träger", "circle-half", "gemeinnütziger oder privater Träger"),
    "migrant_organisation": Label(
        "Migrant*innenorganisation", "circle-full", "Selbstorganisation von Migrant*innen"
    ),
    "education": Label("Bildungsträger", "circle-half", "Einrichtung der Bildungsarbeit"),
}
RESPONSIBILITY = {
    "lead": Label("federführend", "circle-full", "gibt die Meldung ab"),
    "partner": Label("beteiligt", "circle-half", "wirkt mit"),
}
DECISION = {
    "accepted": Label("angenommen", "check", "die Meldung gilt"),
    "returned": Label("zurückgegeben", "loop", "mit Rückfrage zurück"),
    "revoked": Label("Annahme widerrufen", "cross", "die Meldung wird erneut geprüft"),
}

REPORT_FIELD = {
    "implementation": "Umsetzungsstand",
    "course": "Verlauf",
    "achieved": "Was wurde erreicht?",
    "next_step": "Nächster Schritt",
    "next_step_on": "Nächster Schritt bis",
    "reason": "Begründung",
    "consequence": "Steuerungsvorschlag",
    "changed": "Was hat sich geändert?",
    "obstacles": "Hindernisse",
    "participants": "Teilnehmende",
    "events": "Veranstaltungen",
    "staff": "Personal",
    "staff_unit": "Personal: Einheit",
    "cost_planned": "Kosten (Plan)",
    "cost_actual": "Kosten (Ist)",
    "funding": "Fördermittel",
    "partners": "Kooperationspartner*innen",
    "cooperation_wanted": "Kooperation gesucht",
    "target_group": "Zielgruppe",
    "districts": "Stadtbezirk",
    "indicators": "Kennzahlen",
    "milestones": "Meilensteine",
    "evidence_url": "Beleg (Link)",
    "internal_remark": "Interner Hinweis an das KI",
}
REPORT_FIELD_HELP = {
    "implementation": "Wo steht die Maßnahme am Ende des Quartals?",
    "course": "Läuft sie wie geplant?",
    "achieved": "Ein bis drei Sätze genügen.",
    "next_step": "Was geschieht als Nächstes?",
    "next_step_on": "Tag, z. B. 15.3.2027",
    "reason": "Warum ist das so? Nötig bei gefährdet, kritisch, zurückgestellt, nicht "
    "weiterverfolgt und bei einem Schritt zurück.",
    "consequence": "Was sollte getan oder entschieden werden? Nötig bei gefährdet und kritisch.",
    "changed": "Was ist anders als im letzten Quartal?",
    "obstacles": "Was hält auf?",
    "participants": "Nur Gesamtzahlen. Gruppen unter 5 werden nicht veröffentlicht.",
    "events": "Anzahl in diesem Quartal.",
    "staff": "Eingesetztes Personal in diesem Quartal.",
    "cost_planned": "Geplante Kosten in Euro.",
    "cost_actual": "Tatsächliche Kosten dieses Quartals in Euro.",
    "funding": "Wer fördert, mit welchem Programm, welchem Betrag, für welchen Zeitraum? "
    "Unbekannter Betrag: leer lassen.",
    "partners": "Mit wem arbeiten Sie zusammen? Nennen Sie Einrichtungen, keine Personen.",
    "cooperation_wanted": "Wen suchen Sie noch?",
    "target_group": "An wen richtet sich die Maßnahme?",
    "districts": "Wo findet sie statt?",
    "indicators": "Wert dieses Quartals.",
    "milestones": "Schritte mit geplantem Tag; Tag der Erledigung, wenn erledigt.",
    "evidence_url": "Öffentliche Adresse, die mit https:// beginnt.",
    "internal_remark": "Liest nur das KI. Wird nie veröffentlicht.",
}

PROBLEMS = {
    "implementation_required": "Bitte wählen Sie den Umsetzungsstand.",
    "course_required": "Bitte wählen Sie den Verlauf; er wird hier gebraucht.",
    "reason_required": "Bitte begründen Sie: Bei gefährdet, kritisch, zurückgestellt, nicht "
    "weiterverfolgt und bei einem Schritt zurück ist eine Begründung nötig.",
    "consequence_required": "Bitte schlagen Sie vor, was getan oder entschieden werden sollte; "
    "das ist bei gefährdet und kritisch nötig.",
    "text_too_long": "Der Text hat {length} Zeichen, möglich sind {limit}. Bitte kürzen Sie ihn "
    "oder verlinken Sie ein Dokument als Beleg; Ihr Text ist unten erhalten.",
    "control_characters": "Der Text enthielt {count} unsichtbare Steuerzeichen. Sie sind unten "
    "entfernt; bitte prüfen Sie den Text und speichern Sie noch einmal.",
    "url_invalid": "Das ist keine Adresse. Bitte geben Sie sie so an: https://www.beispiel.de/seite",
    "number_out_of_range": "Bitte geben Sie eine Zahl zwischen 0 und {limit} an.",
    "number_invalid": "„{text}“ ist keine Zahl. Bitte schreiben Sie z. B. 1.250,50.",
    "date_invalid": "„{text}“ ist kein Tag. Bitte schreiben Sie z. B. 15.3.2027.",
    "staff_unit_required": "Bitte wählen Sie, ob Vollzeitstellen oder Stunden gemeint sind.",
    "donor_required": "Bitte nennen Sie, wer fördert (Geber).",
    "period_reversed": "Das Ende liegt vor dem Anfang. Bitte prüfen Sie den Zeitraum.",
    "milestone_title_required": "Bitte benennen Sie den Meilenstein.",
    "too_many_lines": "Mehr als {limit} Zeilen sind nicht möglich. Bitte fassen Sie zusammen.",
    "unit_twice": "Jede Einheit bitte nur einmal angeben.",
    "choice_invalid": "„{text}“ steht nicht zur Auswahl. Bitte wählen Sie neu.",
}


def problem_text(problem: Problem) -> str:
    """Return the German sentence of a problem with its numbers filled in."""
    return PROBLEMS[problem.code].format(**dict(problem.values))


def label_of(kind: dict[Any, Label], value: StrEnum | str | None) -> str:
    """Return the German word of a value, "nicht festgelegt" where there is none."""
    return NOT_DETERMINED if value is None else kind[value].text
