"""German words of rounds, reports and review; a report's fields and their help (domain.md 4, 8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from tracker.core.german import day
from tracker.core.labels import Label
from tracker.core.settings import Settings, district_names
from tracker.core.text import derived_key
from tracker.reporting.rules.content import ParticipantUnit, StaffUnit
from tracker.reporting.rules.contribution import ContributionState, Part
from tracker.reporting.rules.differences import AnswerChange
from tracker.reporting.rules.districts import CITYWIDE, Districts
from tracker.reporting.rules.figures import Change
from tracker.reporting.rules.planning import Concern, DayConcern, Pattern
from tracker.reporting.rules.reports import Punctuality, ReportEvent, ReportState
from tracker.reporting.rules.rounds import RoundEvent, RoundState
from tracker.reporting.rules.status import Course, Implementation

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
        "in Umsetzung", "circle-half", "Aktivitäten laufen, der Auftrag ist noch nicht erfüllt"
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
    "zu dieser Maßnahme liegt für diese Runde keine geprüfte Meldung vor; das ist kein "
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
    "nicht gefragt",
    "dash",
    "ohne Verlauf: bei „nicht begonnen“ ist die Angabe freiwillig, bei „umgesetzt“, "
    "„zurückgestellt“ und „nicht weiterverfolgt“ wird nicht danach gefragt",
)

REPORT_STATE = {
    ReportState.EXPECTED: Label("erwartet", "circle-empty", "noch nicht angefangen"),
    ReportState.DRAFT: Label("Entwurf", "circle-quarter", "angefangen, noch nicht abgegeben"),
    ReportState.SUBMITTED: Label("abgegeben", "circle-half", "liegt zur Prüfung vor"),
    ReportState.ACCEPTED: Label("angenommen", "check", "geprüft und angenommen"),
    ReportState.RETURNED: Label("zurückgegeben", "loop", "mit Rückfrage an die Institution zurück"),
    ReportState.WAIVED: Label("befreit", "dash", "in dieser Runde ist keine Meldung nötig"),
}

# In a published round nothing is awaited any more.
REPORT_STATE_AFTERWARDS = REPORT_STATE | {
    ReportState.EXPECTED: Label("nicht eingegangen", "question", "keine Meldung abgegeben"),
    ReportState.DRAFT: Label("nicht eingegangen", "question", "angefangen, nicht abgegeben"),
    ReportState.RETURNED: Label("nicht angenommen", "loop", "eingegangen, nicht angenommen"),
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
    RoundEvent.CANCEL: Label(
        "Runde absagen", "cross", "die Runde findet nicht statt, solange nichts abgegeben ist"
    ),
    RoundEvent.REOPEN: Label(
        "Runde wieder öffnen", "loop", "Institutionen können wieder melden, mit Begründung"
    ),
    RoundEvent.CORRECT: Label(
        "Korrektur beginnen",
        "loop",
        "die veröffentlichte Fassung bleibt, eine neue Fassung wird vorbereitet",
    ),
    RoundEvent.ABANDON: Label(
        "Korrektur verwerfen",
        "cross",
        "die veröffentlichte Fassung gilt weiter, eine neue gibt es nicht",
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
        "nicht mehr gemeldet",
        "question",
        "in der Vorrunde lag eine Meldung vor, jetzt keine: nicht eingegangen, nicht angenommen "
        "oder befreit",
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

PARTICIPANT_UNIT = {
    ParticipantUnit.PERSONS: Label("Personen", "circle-full", "jede Person einmal gezählt"),
    ParticipantUnit.CASES: Label("Fälle", "circle-half", "z. B. Beratungsfälle"),
    ParticipantUnit.PARTICIPATIONS: Label(
        "Teilnahmen", "circle-empty", "wer dreimal kommt, zählt dreimal"
    ),
}

STAFF_UNIT = {
    StaffUnit.FTE: Label("Vollzeitstellen (VZÄ)", "circle-full", "rechnerische volle Stellen"),
    StaffUnit.HOURS: Label("Stunden im Zeitraum", "circle-half", "geleistete Stunden"),
}

# What people write behind a number; a beginning is understood too ("Person", "Fortbildungstag").
EVENT_WORDS = ("Veranstaltungen",)
PARTICIPANT_WORDS = {
    ParticipantUnit.PERSONS: ("Personen", "Teilnehmende", "Teilnehmer*innen"),
    ParticipantUnit.CASES: ("Fälle", "Fall", "Beratungsfälle"),
    ParticipantUnit.PARTICIPATIONS: ("Teilnahmen",),
}
_STAFF_WORDS = {
    StaffUnit.FTE: ("VZÄ", "Stellen", "Vollzeitstellen", "Vollzeitäquivalente"),
    StaffUnit.HOURS: ("Stunden", "Std", "h"),
}


def staff_words(unit: StaffUnit | None) -> tuple[str, ...]:
    """Return what may stand behind a number of Personal; the unit that was chosen decides."""
    return _STAFF_WORDS[unit] if unit else sum(_STAFF_WORDS.values(), ())


CITYWIDE_NAME = "gesamtes Stadtgebiet"

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
    "internal_remark": "Interner Hinweis an die koordinierende Stelle",
}

REPORT_FIELD_HELP = {
    "implementation": "Wo steht die Maßnahme am Ende des Zeitraums?",
    "course": "Läuft sie wie geplant?",
    "achieved": "Ein bis drei Sätze genügen.",
    "next_step": "Was geschieht als Nächstes?",
    "next_step_on": "Tag, z. B. 15.3.2027",
    "reason": "Warum ist das so? Nötig bei gefährdet, kritisch, zurückgestellt, nicht "
    "weiterverfolgt und bei einem Schritt zurück.",
    "consequence": "Was sollte getan oder entschieden werden? Nötig bei gefährdet und kritisch.",
    "changed": "Was ist anders als im letzten Zeitraum?",
    "obstacles": "Was hält auf?",
    "participants": "Nur Gesamtzahlen. Gruppen unter 5 werden nicht veröffentlicht.",
    "events": "Anzahl in diesem Zeitraum.",
    "staff": "Eingesetztes Personal in diesem Zeitraum.",
    "cost_planned": "Für diesen Zeitraum geplante Kosten in Euro.",
    "cost_actual": "Tatsächliche Kosten dieses Zeitraums in Euro.",
    "funding": "Wer fördert, mit welchem Programm, welchem Betrag, für welchen Zeitraum? "
    "Unbekannter Betrag: leer lassen.",
    "partners": "Mit wem arbeiten Sie zusammen? Nennen Sie Einrichtungen, keine Personen.",
    "cooperation_wanted": "Wen suchen Sie noch?",
    "target_group": "An wen richtet sich die Maßnahme?",
    "districts": "Wo findet sie statt?",
    "indicators": "Wert dieses Zeitraums.",
    "milestones": "Schritte mit geplantem Tag. Kreuzen Sie an, was erledigt ist: Ohne Tag gilt "
    "heute. Doch nicht erledigt: Kreuz und Tag entfernen.",
    "evidence_url": "Öffentliche Adresse, die mit https:// beginnt.",
    "internal_remark": "Liest nur die koordinierende Stelle. Wird nie veröffentlicht.",
}

# Field names of a contribution are parts of it (rules/contribution.py) or of a report.
CONTRIBUTION_FIELD = {
    "text": "Ihr Beitrag",
    "participants": REPORT_FIELD["participants"],
    "cost_actual": REPORT_FIELD["cost_actual"],
}

CONTRIBUTION_FIELD_HELP = {
    "text": "Was hat Ihre Institution in diesem Zeitraum zur Maßnahme beigetragen? Ein bis drei "
    "Sätze genügen.",
    "participants": "Nur Gesamtzahlen, und nur die Ihrer eigenen Angebote. Gruppen unter 5 werden "
    "nicht veröffentlicht.",
    "cost_actual": "Tatsächliche Kosten Ihrer Institution in diesem Zeitraum in Euro.",
}


def contribution_heading(partner: str) -> str:
    return f"Beitrag von {partner}:"


def abandoned_comment(reason: str) -> str:
    """Return what stands at a report that an abandoned correction left as it was published."""
    return f"Korrektur verworfen: {reason}"


def comments_at(names: Iterable[str]) -> str:
    """Return the sentence that leads to the KI's comments at these fields of a report."""
    fields = " · ".join(REPORT_FIELD[name] for name in names)
    sentence = f"Bitte sehen Sie sich die Rückfragen zu diesen Angaben an: {fields}"
    return sentence if sentence.endswith("?") else f"{sentence}."


ROUND_PATTERN = {
    Pattern.QUARTER: Label("Quartale", "calendar", "vier Runden im Jahr"),
    Pattern.HALF: Label("Halbjahre", "calendar", "zwei Runden im Jahr"),
}
ROUND_DATE = {
    "opens_on": Label("Eröffnung", "circle-half", "an diesem Tag eröffnet die Uhr die Runde"),
    "due_on": Label("Abgabefrist", "calendar", "dieser Tag zählt noch dazu"),
    "closes_on": Label("Schluss", "pause", "nach diesem Tag schließt die Uhr die Runde"),
    "despatch_on": Label(
        "Versand", "calendar", "an diesem Tag gehen die Unterlagen für die Sitzung hinaus"
    ),
    "committee_on": Label("Sitzung", "calendar", "an diesem Tag berät der Ausschuss"),
}
DAY_CONCERN = {
    DayConcern.SATURDAY: Label("Samstag", "calendar", "der Tag ist kein Werktag"),
    DayConcern.SUNDAY: Label("Sonntag", "calendar", "der Tag ist kein Werktag"),
    DayConcern.HOLIDAY: Label("Feiertag", "calendar", "der Tag ist kein Werktag"),
    DayConcern.NOT_BEFORE_DESPATCH: Label(
        "liegt nicht vor dem Versandtag",
        "triangle",
        "für Prüfung und Bericht bleibt vor dem Versand der Unterlagen keine Zeit",
    ),
    DayConcern.WITHIN_PERIOD: Label(
        "liegt vor dem Ende des Zeitraums", "triangle", "gemeldet wird der Stand zum Stichtag"
    ),
    DayConcern.PAST: Label("liegt in der Vergangenheit", "clock", "der Tag ist schon vorbei"),
    DayConcern.FAR: Label(
        "liegt mehr als fünf Monate nach dem Zeitraum", "question", "stimmt das Jahr?"
    ),
}


def concern_text(concern: Concern) -> str:
    """Return a concern in words, e.g. "Samstag, nächster Werktag: 17.05.2027"."""
    text = DAY_CONCERN[concern.kind].text
    if concern.holiday:
        text = f"{concern.holiday} ({text})"
    return f"{text}, nächster Werktag: {day(concern.instead)}" if concern.instead else text


def districts_of(settings: Settings) -> Districts:
    """Return the districts in force, after the whole city, and those that ever were."""
    return Districts(_by_key(settings.districts), _by_key(settings.every_district))


# Those in force, those that ever were, and what somebody tries in the preview of the settings.
@lru_cache(maxsize=8)
def _by_key(text: str) -> Mapping[str, str]:
    return {CITYWIDE: CITYWIDE_NAME} | {derived_key(name): name for name in district_names(text)}


def as_found(period: str, finding: str) -> str:
    """Return the reason of a value that a confirmation takes over from the KI."""
    return f"Wie in {period} festgestellt: {finding}"
