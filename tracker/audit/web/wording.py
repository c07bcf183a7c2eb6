"""German words of the audit log: what was done, to what, and which value changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.accounts.words import TIE
from tracker.audit.queries.audit_log import AuditPage, AuditRow, pointed_at
from tracker.concept.web.current import in_concept
from tracker.concept.words import (
    COMPETENCE,
    INDICATOR_KIND,
    INSTITUTION_KIND,
    MEASURE_KIND,
    RESPONSIBILITY,
    SHORT_TERM,
)
from tracker.core.german import day, euro, number
from tracker.core.labels import Label
from tracker.core.periods import Period
from tracker.core.words import FUNCTION, REFUSAL, ROLE
from tracker.instance.words import SETTING_NAME
from tracker.instance.words import readable as readable_setting
from tracker.papers import words
from tracker.reporting.readable import readable
from tracker.reporting.reports.web.base import districts
from tracker.reporting.rules.content import from_dict
from tracker.reporting.rules.contribution import Part
from tracker.reporting.words import CONTRIBUTION_PART, REPORT_FIELD, REPORT_STATE, ROUND_STATE

VERBS = {
    "access.refused": "Zugriff abgelehnt",
    "account.accept_invitation": "Einladung angenommen",
    "account.begin_term": "als benannte Vertretung eingetragen",
    "account.change_email": "E-Mail-Adresse geändert",
    "account.change_password": "Kennwort geändert",
    "account.choose_concepts": "Konzepte des Kontos gewählt",
    "account.create": "Konto angelegt",
    "account.deactivate": "Konto abgeschaltet",
    "account.end_term": "Amtszeit beendet",
    "account.invite": "Person eingeladen",
    "account.invite_by_operator": "Einladungslink auf dem Server ausgegeben",
    "account.reactivate": "Konto wieder eingeschaltet",
    "account.rename": "Namen geändert",
    "account.sign_in": "angemeldet",
    "account.sign_in_failed": "Anmeldung oder Kennwortwechsel gescheitert",
    "account.sign_in_throttled": "Anmeldung oder Kennwortwechsel gebremst",
    "account.sign_out": "abgemeldet",
    "account.withdraw_invitation": "Einladungslink zurückgezogen",
    "barrier.confirm_reply": "Antwortadresse bestätigt",
    "barrier.flood": "viele Barrieren gemeldet",
    "barrier.report": "Barriere gemeldet",
    "concept.create_institution": "Institution angelegt",
    "concept.edit_goal": "Ziel bearbeitet",
    "concept.edit_institution": "Institution bearbeitet",
    "concept.edit_measure": "Maßnahme bearbeitet",
    "concept.edit_target": "Zielwert geändert",
    "contribution.save": "Beitrag gespeichert",
    "contribution.take_over": "Beitrag übernommen",
    "contribution.withdraw": "Beitrag zurückgezogen",
    "database.restored": "Sicherung zurückgespielt",
    "export.cancel": "Ausgabe abgebrochen",
    "export.made": "Ausgabe erstellt",
    "export.order": "Ausgabe in Auftrag gegeben",
    "export.repeat": "Ausgabe noch einmal in Auftrag gegeben",
    "mail.retry": "Mail noch einmal versucht",
    "questionnaire.apply": "Erhebungsbogen übernommen",
    "report.accept": "Meldung angenommen",
    "report.accept_tied": "angenommen mit Hinweis: Abgabe und Prüfung brauchen zwei Personen",
    "report.dissent": "abweichende Stellungnahme abgegeben",
    "report.join": "Meldung nachträglich angefordert",
    "report.put_back": "auf den veröffentlichten Stand zurückgesetzt",
    "report.return": "Meldung zurückgegeben",
    "report.revoke": "Annahme widerrufen",
    "record.publish": "Stand veröffentlicht",
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
    "round.abandon": "Korrektur verworfen",
    "round.cancel": "Runde abgesagt",
    "round.change_dates": "Termine der Runde geändert",
    "round.close": "Runde geschlossen",
    "round.correct": "Korrektur begonnen",
    "round.grant_extension": "Nachfrist gewährt",
    "round.open": "Runde eröffnet",
    "round.plan": "Runde geplant",
    "round.publish": "Runde veröffentlicht",
    "round.reopen": "Runde wieder geöffnet",
    "round.withdraw_extension": "Nachfrist zurückgenommen",
    "seed.change": "aus den Konzeptdateien geändert",
    "seed.create": "aus den Konzeptdateien angelegt",
    "setting.set": "Einstellung geändert",
    "setting.take_back": "geplante Einstellung zurückgenommen",
    "substitution.appoint": "Stellvertretung eingetragen",
    "substitution.end": "Stellvertretung beendet",
    "snapshot.publish": "Momentaufnahme geschrieben",
    "template.add": "Word-Vorlage eingesetzt",
    "template.retire": "Word-Vorlage nicht mehr verwendet",
}
ENTITIES = {
    "account": "Konto",
    "area_record": "Veröffentlichter Stand",
    "concept": "Konzept",
    "contribution": "Beitrag",
    "database": "Datenbank",
    "edition": "Fassung",
    "edition_field": "Handlungsfeld der Fassung",
    "edition_goal": "Ziel der Fassung",
    "edition_measure": "Maßnahme der Fassung",
    "editorialnote": "Redaktionelle Anmerkung",
    "export_order": "Ausgabe",
    "extension": "Nachfrist",
    "field": "Handlungsfeld",
    "goal": "Ziel",
    "indicator": "Kennzahl",
    "institution": "Institution",
    "measure": "Maßnahme",
    "office_template": "Word-Vorlage",
    "outbox_mail": "Mail",
    "principle": "Grundsatz",
    "report": "Meldung",
    "responsibility": "Zuständigkeit",
    "round": "Runde",
    "setting_value": "Einstellung",
    "snapshot": "Momentaufnahme",
    "substitution": "Stellvertretung",
}
_NAMES = REPORT_FIELD | {
    "address": "Seite",
    "area": "Bereich",
    "as_of": "Stand vom",
    "attempts": "Nummer des Versuchs in dieser Viertelstunde",
    "city": "Stadt",
    "closes_on": "Schluss",
    "code": "Nr.",
    "comment": "Kommentar",
    "committee_on": "Sitzung",
    "competence": "Handlungskompetenz",
    "competence_reason": "Begründung der Handlungskompetenz",
    "concept_id": "Konzept",
    "concepts": "Konzepte",
    "concretisation": "Konkretisierung",
    "concretisation_office": "Fachverwaltung",
    "concretisation_on": "Stand der Konkretisierung",
    "deputy_id": "Stellvertretung",
    "dissent": "Stellungnahme",
    "despatch_on": "Versand der Unterlagen",
    "display_text": "Anzeigetext",
    "due_on": "Abgabefrist",
    "edition_field_id": "Handlungsfeld",
    "edition_goal_id": "Ziel",
    "edition_id": "Fassung",
    "edition_measure_id": "Maßnahme",
    "email": "E-Mail-Adresse",
    "ended_on": "Beendet am",
    "field_id": "Handlungsfeld",
    "file_name": "Datei",
    "format": "Form",
    "function": "Funktion",
    "goal_id": "Ziel",
    "in_use": "Konto in Gebrauch",
    "institution_id": "Institution",
    "institution_kind": "Art",
    "is_active": "wirkt mit",
    "key": "Kennzeichen",
    "kind": "Art",
    "last_error": "Grund des Scheiterns",
    "links": "beendete Links",
    "mails": "angehaltene Mails",
    "measure_id": "Maßnahme",
    "municipal_funding": "städtische Förderung",
    "municipal_funding_period": "Zeitraum der Förderung",
    "name": "Name",
    "note": "Hinweis",
    "number": "Nummer",
    "opens_on": "Eröffnung",
    "operator": "Vergleich",
    "per_year": "je Jahr",
    "parts": "Teile",
    "period": "Zeitraum",
    "position": "Reihenfolge",
    "principles": "Grundsätze",
    "prioritised": "vorrangig",
    "representative_id": "benannte Vertretung",
    "refusal": "Warum",
    "reports": "Meldungen",
    "represents_from": "Benannt ab",
    "resolved_on": "Beschlossen am",
    "retired_on": "Beendet ab",
    "role": "Aufgabe",
    "sha256": "Prüfsumme",
    "short_name": "Kurzname",
    "sessions": "beendete Sitzungen",
    "shown": "Link angezeigt",
    "shown_on": "bearbeiteter Stand",
    "short_term": "kurzfristig umsetzbar",
    "source": "Quelle",
    "state": "Zustand",
    "taken_version": "übernommene Fassung",
    "target": "Zielwert",
    "term_to": "Tätig bis",
    "text": "Wortlaut",
    "tie": "Was am Konto der anderen Person geschah",
    "tied_on": "Geschehen am",
    "title": "Titel",
    "title_annex2": "Wortlaut in Anlage 2",
    "unit": "Einheit",
    "until": "Nachfrist bis",
    "valid_from": "Ab",
    "valid_to": "Bis",
    "version": "Fassung",
    "weight": "Gewicht",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class ChangedValue:
    """One changed value in words; `before` and `after` are "" where there was or is none."""

    label: str
    before: str
    after: str


def verb(code: str) -> str:
    return VERBS.get(code, code)


def entity(code: str) -> str:
    return ENTITIES.get(code, code)


def name(code: str, *, of_entity: str = "") -> str:
    if of_entity == "setting_value" and code in SETTING_NAME:
        return SETTING_NAME[code]
    if of_entity == "outbox_mail" and code == "attempts":
        return "Zustellversuche"
    return _NAMES.get(code, code)


def _without_subject(row: AuditRow) -> str:
    one_of_many = row.entity != "database"
    return f"{entity(row.entity)} Nr. {row.entity_id}" if one_of_many else entity(row.entity)


def about(row: AuditRow, page: AuditPage) -> str:
    """Return what an event is about, e.g. "Meldung zu 3.2, Q3/2026 (VHS)"."""
    subject = page.subjects.get((row.entity, row.entity_id))
    if subject is None:
        return _without_subject(row)
    period = Period.parse(subject.period).label if subject.period else ""
    match row.entity:
        case "account" if row.account_then:
            return f"Konto {of_then(row.account_then, subject.name)}"
        case "report":
            return f"Meldung zu {subject.code}, {period} ({subject.name})"
        case "contribution":
            return f"Beitrag zu {subject.code}, {period} ({subject.name})"
        case "extension":
            return f"Nachfrist für {subject.name or subject.code}, {period}"
        case "responsibility":
            return f"{subject.name}, Zuständigkeit für {subject.code}"
        case "snapshot":
            return f"Momentaufnahme {period}, Fassung {subject.name}"
        case "setting_value":
            return f"Einstellung „{name(subject.name, of_entity=row.entity)}“"
        case "editorialnote":
            return f"Redaktionelle Anmerkung zu {subject.code or f'Ziel {subject.goal}'}"
    return f"{entity(row.entity)} {subject.code or subject.goal or period or subject.name}"


def who(row: AuditRow) -> str:
    """Return who did it, with the name of then and of today."""
    return of_then(row.who_then, row.who) if row.who else "Anwendung"


def belongs(account_id: int | None, page: AuditPage) -> str:
    """Return the institution of an account or its role, "" for the system itself."""
    subject = page.subjects.get(("account", account_id or 0))
    if subject is None or subject.role is None:
        return ""
    return subject.institution or ROLE[subject.role].text


def of_then(then: str, today: str) -> str:
    return then if then == today else f"{then} (heute {today})"


def path(row: AuditRow, page: AuditPage) -> str:
    subject = page.subjects.get((row.entity, row.entity_id))
    if subject is None:
        return ""
    of_concept = {
        "round": f"/runden/{subject.period}",
        "measure": f"/konzept/massnahme/{subject.code}",
        "responsibility": f"/zustaendigkeiten/{subject.code}",
        "goal": f"/konzept/ziel/{subject.goal}",
    }
    if row.entity in of_concept:
        return in_concept(of_concept[row.entity], subject.concept_id)
    return {
        "report": f"/pruefung/{row.entity_id}",
        "institution": f"/institutionen/{row.entity_id}",
        "setting_value": "/einstellungen/",
    }.get(row.entity, "")


def lines(row: AuditRow, page: AuditPage) -> list[ChangedValue]:
    """Return what changed, as it reads; nothing of a draft's answers before it is handed in."""
    values = (
        ChangedValue(
            name(change.name, of_entity=row.entity),
            _value(row.entity, change.name, change.before, page),
            _value(row.entity, change.name, change.after, page),
        )
        for change in row.changes
        if row.verb != "report.save" or row.is_sent or change.name not in REPORT_FIELD
    )
    return [value for value in values if value.before != value.after]


def _value(of_entity: str, of_name: str, value: Any, page: AuditPage) -> str:
    if value is None or value in ("", []):
        return ""
    if of_entity == "contribution" and of_name == "parts":
        return ", ".join(CONTRIBUTION_PART[Part(part)] for part in value)
    if of_entity in {"report", "contribution"} and of_name in REPORT_FIELD:
        content = from_dict({of_name: value})
        return readable(content, districts=districts().known, names=page.names).get(of_name, "")
    key = pointed_at(of_name, value)
    if key is not None:
        subject = page.subjects.get(key)
        return (subject.code or subject.goal or subject.name) if subject else f"Nr. {value}"
    if of_entity == "setting_value" and of_name in SETTING_NAME:
        return str(value) if of_name == "logo" else readable_setting(of_name, str(value))
    if isinstance(value, list):
        return ", ".join(page.names.get(str(key_), str(key_)) for key_ in value)
    return _word(of_entity, of_name, value)


def _word(of_entity: str, of_name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    text = str(value)
    if of_name == "period":
        return Period.parse(text).label
    if of_name in {"municipal_funding", "target", "weight"}:
        amount = Decimal(text)
        return euro(amount) if of_name == "municipal_funding" else number(amount)
    if _DAY.fullmatch(text):
        return day(date.fromisoformat(text))
    labels = _TABLES.get((of_entity, of_name), {})
    return labels[text].text if text in labels else text


# Keys are compared as their stored values: these enums are strings.
_TABLES: dict[tuple[str, str], dict[Any, Label]] = {
    ("account", "function"): FUNCTION,
    ("account", "refusal"): REFUSAL,
    ("account", "role"): ROLE,
    ("indicator", "kind"): INDICATOR_KIND,
    ("institution", "kind"): INSTITUTION_KIND,
    ("institution", "institution_kind"): INSTITUTION_KIND,
    ("measure", "competence"): COMPETENCE,
    ("measure", "kind"): MEASURE_KIND,
    ("measure", "short_term"): SHORT_TERM,
    ("report", "state"): REPORT_STATE,
    ("report", "tie"): TIE,
    ("responsibility", "role"): RESPONSIBILITY,
    ("round", "state"): ROUND_STATE,
    ("export_order", "format"): words.EXPORT_FORMAT,
    ("export_order", "kind"): words.EXPORT_KIND,
    ("export_order", "state"): words.ORDER_STATE,
}
