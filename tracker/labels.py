"""Every German word for an enum value, with icon and definition: one place (domain.md 4).

Icons are names of the marks in design.md; the SVG symbols are drawn by `tracker.marks`.
"""
# long-file: a dictionary; whoever looks for a word looks in one place.

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tracker.rules.content import District, ParticipantUnit, StaffUnit
from tracker.rules.contribution import ContributionState, Part
from tracker.rules.decisions import Outcome
from tracker.rules.differences import AnswerChange
from tracker.rules.figures import Change
from tracker.rules.mailing import MailKind, MailState
from tracker.rules.permissions import Function, Role
from tracker.rules.reports import Punctuality, ReportEvent, ReportState
from tracker.rules.rounds import RoundEvent, RoundState
from tracker.rules.status import Course, Implementation
from tracker.rules.substitution import SubstitutionState


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
REPORT_EVENT = {
    ReportEvent.SAVE: "Entwurf speichern",
    ReportEvent.SUBMIT: "Meldung absenden",
    ReportEvent.WITHDRAW: "Meldung zurückziehen",
    ReportEvent.ACCEPT: "Meldung annehmen",
    ReportEvent.RETURN: "Meldung zurückgeben",
    ReportEvent.REVOKE: "Annahme widerrufen",
    ReportEvent.WAIVE: "von der Meldung befreien",
    ReportEvent.UNWAIVE_EXPECTED: "Befreiung aufheben",
    ReportEvent.UNWAIVE_DRAFT: "Befreiung aufheben",
    ReportEvent.UNWAIVE_RETURNED: "Befreiung aufheben",
}
CONTRIBUTION_STATE = {
    ContributionState.WAITING: Label(
        "wartet", "circle-half", "liegt der federführenden Institution vor, noch nicht übernommen"
    ),
    ContributionState.TAKEN: Label(
        "übernommen", "check", "steht in der Meldung der federführenden Institution"
    ),
    ContributionState.CHANGED: Label(
        "danach geändert", "loop", "eine frühere Fassung steht in der Meldung, die neue noch nicht"
    ),
}
CONTRIBUTION_PART = {Part.TEXT: "Text", Part.PARTICIPANTS: "Teilnehmende", Part.COST: "Kosten"}
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
    Punctuality.LATE: Label("nach der Frist", "calendar", "erste Abgabe nach der Frist"),
    Punctuality.OVERDUE: Label(
        "Frist abgelaufen", "clock", "noch keine Abgabe, die Frist ist vorbei"
    ),
}
CHANGE = {
    Change.WORSE: Label("verschlechtert", "arrow-down", "Stand oder Verlauf schlechter als zuvor"),
    Change.BETTER: Label("verbessert", "arrow-up", "Stand oder Verlauf besser als zuvor"),
    Change.NEWLY_REPORTED: Label("neu gemeldet", "plus", "in der Vorrunde lag keine Meldung vor"),
    Change.NO_LONGER_REPORTED: Label(
        "nicht mehr gemeldet", "question", "in der Vorrunde lag eine Meldung vor"
    ),
    Change.UNCHANGED: Label(
        "unverändert", "equal", "in beiden Runden gemeldet, Stand und Verlauf wie zuvor"
    ),
    Change.NOT_REPORTED: Label(
        "weiterhin keine Meldung", "question", "in beiden Runden lag keine Meldung vor"
    ),
}
# An answer of a report beside the earlier report's.
ANSWER_CHANGE = {
    AnswerChange.CHANGED: Label("geändert", "diamond", "in beiden Meldungen beantwortet, anders"),
    AnswerChange.NEW: Label("neu", "plus", "in der früheren Meldung ohne Angabe"),
    AnswerChange.GONE: Label("entfallen", "cross", "nur in der früheren Meldung beantwortet"),
    AnswerChange.SAME: Label("unverändert", "equal", "in beiden Meldungen gleich"),
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
SUBSTITUTION_STATE = {
    SubstitutionState.PLANNED: Label(
        "eingetragen", "circle-empty", "beginnt an einem späteren Tag"
    ),
    SubstitutionState.RUNNING: Label("gilt zurzeit", "circle-half", "darf heute absenden"),
    SubstitutionState.OVER: Label("vorbei", "check", "galt bis zu ihrem letzten Tag"),
    SubstitutionState.TAKEN_BACK: Label(
        "zurückgenommen", "cross", "vor dem ersten Tag beendet, galt nie"
    ),
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
MAIL_KIND = {
    MailKind.INVITATION: Label(
        "Einladung zur Anwendung", "plus", "bringt einer Person den Link, mit dem sie anfängt"
    ),
    MailKind.PASSWORD_RESET: Label(
        "neues Kennwort", "loop", "bringt einer Person den Link für ein neues Kennwort"
    ),
    MailKind.BARRIER: Label(
        "Hinweis auf eine Barriere", "question", "gibt einen gemeldeten Hinweis an das KI weiter"
    ),
    MailKind.ROUND_INVITATION: Label(
        "Bitte um Meldung", "circle-half", "kündigt an, dass eine Runde eröffnet ist"
    ),
    MailKind.REMINDER: Label(
        "Erinnerung", "calendar", "erinnert an Meldungen, die noch nicht abgegeben sind"
    ),
    MailKind.RETURNED: Label(
        "Rückfrage", "loop", "sagt, dass Meldungen mit Rückfragen zurückgegeben sind"
    ),
    MailKind.ESCALATION: Label(
        "fehlende Meldungen", "clock", "nennt dem KI einmal je Runde, wer noch nicht gemeldet hat"
    ),
    MailKind.DIGEST: Label(
        "Wochenüberblick", "equal", "nennt dem KI einmal in der Woche, was ansteht"
    ),
    MailKind.OPENING_FAILED: Label(
        "Runde nicht eröffnet", "cross", "sagt dem KI, warum eine geplante Runde nicht aufging"
    ),
}
MAIL_STATE = {
    MailState.WAITING: Label("wartet", "clock", "wird noch versandt"),
    MailState.SENT: Label("versandt", "check", "der Mailserver hat die Mail angenommen"),
    MailState.FAILED: Label("unzustellbar", "cross", "aufgegeben; der Grund steht dabei"),
    MailState.SUPERSEDED: Label(
        "überholt", "dash", "nicht mehr nötig und darum nicht versandt; der Grund steht dabei"
    ),
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
OUTCOME = {
    Outcome.TROUBLED: Label(
        "gefährdet oder kritisch",
        "triangle",
        "in der gezeigten Runde gefährdet oder kritisch gemeldet, aber ohne Steuerungsvorschlag",
    ),
    Outcome.SILENT: Label(
        "keine Meldung", "question", "zur gezeigten Runde liegt keine geprüfte Meldung vor"
    ),
    Outcome.CALM: Label(
        "weder gefährdet noch kritisch",
        "circle-full",
        "in der gezeigten Runde gemeldet, weder gefährdet noch kritisch, noch nicht erfüllt",
    ),
    Outcome.HALTED: Label(
        "zurückgestellt oder nicht weiterverfolgt",
        "pause",
        "die Maßnahme ruht oder ist bewusst beendet",
    ),
    Outcome.FULFILLED: Label(
        "umgesetzt oder verstetigt", "check", "der Auftrag der Maßnahme ist erfüllt"
    ),
    Outcome.GONE: Label(
        "nicht mehr geführt", "dash", "die gezeigte Runde enthält die Maßnahme nicht"
    ),
}
DECISION = {
    "accepted": Label("angenommen", "check", "die Meldung gilt"),
    "returned": Label("zurückgegeben", "loop", "mit Rückfrage zurück"),
    "revoked": Label("Annahme widerrufen", "cross", "die Meldung wird erneut geprüft"),
}


def label_of(kind: dict[Any, Label], value: StrEnum | str | None) -> str:
    """Return the German word of a value, "nicht festgelegt" where there is none."""
    return NOT_DETERMINED if value is None else kind[value].text
