"""German words of the audit log: what was done, to what, and which value changed."""

from __future__ import annotations

from typing import Any

from tracker import labels
from tracker.wording import REPORT_FIELD

VERBS = {
    "account.accept_invitation": "Einladung angenommen",
    "account.change_password": "Kennwort geändert",
    "account.create": "Konto angelegt",
    "account.deactivate": "Konto abgeschaltet",
    "account.invite": "Person eingeladen",
    "account.rename": "Namen geändert",
    "account.sign_in": "angemeldet",
    "account.sign_out": "abgemeldet",
    "barrier.report": "Barriere gemeldet",
    "concept.edit_goal": "Ziel bearbeitet",
    "concept.edit_institution": "Institution bearbeitet",
    "concept.edit_measure": "Maßnahme bearbeitet",
    "report.accept": "Meldung angenommen",
    "report.dissent": "abweichende Stellungnahme abgegeben",
    "report.return": "Meldung zurückgegeben",
    "report.revoke": "Annahme widerrufen",
    "report.save": "Entwurf gespeichert",
    "report.set_reviewed_value": "anderen Wert festgestellt",
    "report.submit": "Meldung abgegeben",
    "report.unwaive_draft": "Befreiung aufgehoben",
    "report.unwaive_expected": "Befreiung aufgehoben",
    "report.unwaive_returned": "Befreiung aufgehoben",
    "report.waive": "von der Meldung befreit",
    "report.withdraw": "Meldung zurückgezogen",
    "responsibility.assign": "Zuständigkeit eingetragen",
    "responsibility.end": "Zuständigkeit beendet",
    "round.cancel": "Runde abgesagt",
    "round.close": "Runde geschlossen",
    "round.correct": "Korrektur begonnen",
    "round.grant_extension": "Nachfrist gewährt",
    "round.open": "Runde eröffnet",
    "round.plan": "Runde geplant",
    "round.publish": "Runde veröffentlicht",
    "round.reopen": "Runde wieder geöffnet",
    "seed.change": "aus den Konzeptdateien geändert",
    "seed.create": "aus den Konzeptdateien angelegt",
    "snapshot.publish": "Momentaufnahme geschrieben",
}
ENTITIES = {
    "account": "Konto",
    "barrier": "Barriere",
    "concept": "Konzept",
    "edition": "Fassung",
    "editorial_note": "Hinweis der Redaktion",
    "extension": "Nachfrist",
    "field": "Handlungsfeld",
    "goal": "Ziel",
    "indicator": "Kennzahl",
    "institution": "Institution",
    "measure": "Maßnahme",
    "principle": "Grundsatz",
    "report": "Meldung",
    "responsibility": "Zuständigkeit",
    "round": "Runde",
    "snapshot": "Momentaufnahme",
}
_NAMES = REPORT_FIELD | {
    "code": "Nr.",
    "comment": "Kommentar",
    "competence": "Handlungskompetenz",
    "competence_reason": "Begründung der Handlungskompetenz",
    "concretisation": "Konkretisierung",
    "concretisation_office": "Fachverwaltung",
    "concretisation_on": "Stand der Konkretisierung",
    "dissent": "Stellungnahme",
    "display_text": "Anzeigetext",
    "due_on": "Abgabefrist",
    "email": "E-Mail-Adresse",
    "institution_id": "Institution",
    "is_active": "wirkt mit",
    "kind": "Art",
    "measure_id": "Maßnahme",
    "municipal_funding": "städtische Förderung",
    "municipal_funding_period": "Zeitraum der Förderung",
    "name": "Name",
    "period": "Zeitraum",
    "principles": "Grundsätze",
    "retired_on": "Beendet ab",
    "role": "Aufgabe",
    "sha256": "Prüfsumme",
    "short_name": "Kurzname",
    "short_term": "kurzfristig umsetzbar",
    "state": "Zustand",
    "text": "Wortlaut",
    "title": "Titel",
    "until": "Nachfrist bis",
    "valid_from": "Ab",
    "valid_to": "Bis",
    "version": "Fassung",
}
_LONG = 160


def verb(code: str) -> str:
    """Return what was done; an unknown code stands for itself."""
    return VERBS.get(code, code)


def entity(code: str) -> str:
    """Return what it was done to."""
    return ENTITIES.get(code, code)


def name(code: str) -> str:
    """Return which value changed."""
    return _NAMES.get(code, code)


def value(of_entity: str, of_name: str, given: Any) -> str:
    """Return a value in words, long texts cut; "–" for none."""
    if given is None or given in ("", []):
        return "–"
    if isinstance(given, bool):
        return "ja" if given else "nein"
    if isinstance(given, list):
        return _cut(", ".join(str(item) for item in given))
    known = _words(of_entity, of_name)
    return known.get(str(given)) or _cut(str(given))


def _words(of_entity: str, of_name: str) -> dict[str, str]:
    tables: dict[tuple[str, str], dict[Any, labels.Label]] = {
        ("round", "state"): labels.ROUND_STATE,
        ("report", "state"): labels.REPORT_STATE,
        ("report", "implementation"): labels.IMPLEMENTATION,
        ("report", "course"): labels.COURSE,
        ("responsibility", "role"): labels.RESPONSIBILITY,
        ("measure", "competence"): labels.COMPETENCE,
        ("measure", "short_term"): labels.SHORT_TERM,
        ("measure", "kind"): labels.MEASURE_KIND,
        ("institution", "kind"): labels.INSTITUTION_KIND,
        ("account", "role"): labels.ROLE,
    }
    found = tables.get((of_entity, of_name), {})
    return {str(key): label.text for key, label in found.items()}


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
