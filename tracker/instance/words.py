"""German words of the settings: what each is called, what it is for, what can be chosen."""

from __future__ import annotations

from tracker.core.german import day as written_day
from tracker.core.german import listed
from tracker.core.settings import SettingGroup, district_names
from tracker.core.switching import AREAS
from tracker.instance.rules.setting_values import ValueState
from tracker.publication.rules.origin import LICENCES
from tracker.reporting.words import CITYWIDE_NAME

SETTING_GROUP = {
    SettingGroup.OFFICE: "Kommune und Stelle",
    SettingGroup.COMMITTEE: "Ausschuss",
    SettingGroup.PUBLICATION: "Offene Daten",
    SettingGroup.ROUNDS: "Runden und Fristen",
    SettingGroup.MAILS: "Erinnerungen",
    SettingGroup.IMPRINT: "Impressum",
    SettingGroup.PRIVACY: "Datenschutz",
    SettingGroup.ACCESSIBILITY: "Erklärung zur Barrierefreiheit",
    SettingGroup.EASY_LANGUAGE: "Leichte Sprache",
    SettingGroup.LOGO: "Logo",
    SettingGroup.AREAS: "Bereiche",
}
# What the group is about, above its form.
SETTING_GROUP_PURPOSE = {
    SettingGroup.OFFICE: "Diese Namen stehen in der Kopf- und Fußzeile, in Mails und auf neuen "
    "Berichten.",
    SettingGroup.COMMITTEE: "So heißt der Ausschuss auf der Startseite und in neuen Berichten und "
    "Vorlagen.",
    SettingGroup.PUBLICATION: "Das steht in der Beschreibung der Daten für Datenportale. Für eine "
    "veröffentlichte Runde gilt, was bei ihrer Veröffentlichung festgelegt war.",
    SettingGroup.ROUNDS: "Das schlägt die Anwendung vor, wenn Sie Runden planen. Schon geplante "
    "Runden bleiben, wie sie sind.",
    SettingGroup.MAILS: "Danach richtet sich, wann Mails hinausgehen. Das gilt auch für Runden, "
    "die schon offen sind.",
    SettingGroup.IMPRINT: "Ist der Text leer, zeigt die Seite den eingebauten Text.",
    SettingGroup.PRIVACY: "Ist der Text leer, zeigt die Seite den eingebauten Text.",
    SettingGroup.ACCESSIBILITY: "Ist der Text leer, zeigt die Seite den eingebauten Text.",
    SettingGroup.EASY_LANGUAGE: "Eine Seite in Leichter Sprache gibt es, sobald hier ein Text "
    "steht.",
    SettingGroup.LOGO: "Das Bild steht in der Kopfzeile vor dem Namen der Anwendung. Berichte "
    "tragen es nicht; für Word gibt es die eigene Word-Vorlage.",
    SettingGroup.AREAS: "Was Sie nicht brauchen, können Sie abschalten: Seiten und Verweise "
    "verschwinden, nichts läuft mehr von selbst. Alle Angaben bleiben und sind wieder da, sobald "
    "Sie den Bereich einschalten.",
}
SETTING_NAME = {
    "instance_name": "Name der Anwendung",
    "city": "Kommune",
    "office_name": "Koordinierende Stelle",
    "office_short": "Kurzname der Stelle",
    "office_article": "Artikel des Kurznamens",
    "contact_email": "E-Mail-Adresse der Stelle",
    "districts": "Stadtbezirke",
    "committee_name": "Name des Ausschusses",
    "committee_short": "Kurzname des Ausschusses",
    "publisher": "Herausgeber",
    "licence": "Lizenz",
    "data_portal": "Kennung beim Datenportal",
    "district_key": "Kreisschlüssel",
    "centre": "Mittelpunkt der Kommune",
    "rhythm": "Zeiträume",
    "due_day": "Abgabefrist: Tag des Monats",
    "resubmit_days": "Tage nach einer Rückgabe",
    "region": "Feiertage",
    "reminder_days": "Tage der Erinnerungen",
    "escalation_days": "Hinweis an Sie: Tage nach der Frist",
    "mail_hour": "Uhrzeit der Mails",
    "digest_weekday": "Wochenüberblick",
    "imprint": "Impressum",
    "imprint_review_on": "Impressum: wieder prüfen am",
    "privacy": "Datenschutz",
    "privacy_authority": "Beschwerde bei",
    "privacy_review_on": "Datenschutz: wieder prüfen am",
    "accessibility": "Erklärung zur Barrierefreiheit",
    "accessibility_law": "Maßstab sind",
    "accessibility_ombuds": "Ombudsstelle",
    "accessibility_review_on": "Erklärung: wieder prüfen am",
    "easy_language": "Leichte Sprache",
    "easy_language_review_on": "Leichte Sprache: wieder prüfen am",
    "logo": "Logo",
    "areas_off": "Abgeschaltete Bereiche",
}
_AS_TEXT = (
    "Eine Leerzeile trennt Absätze. „## “ am Anfang einer Zeile macht eine Überschrift, „- “ einen "
    "Punkt einer Liste."
)
SETTING_HINT = {
    "city": "Mit der Art der Kommune, zum Beispiel „Stadt Musterstadt“.",
    "office_name": "Der volle Name, wie er unter Briefen steht.",
    "office_short": "Für Sätze: ein Hauptwort ohne Beiwort, zum Beispiel „Fachdienst“ oder "
    "„Stabsstelle“.",
    "contact_email": "Dorthin gehen Mails an die Stelle und Hinweise auf Barrieren. Leer: an alle "
    "Konten der Stelle.",
    "districts": f"In jeder Zeile ein Name. In der Meldung stehen sie in dieser Reihenfolge zur "
    f"Auswahl, davor „{CITYWIDE_NAME}“. Leer: nur dieses.",
    "publisher": "Leer: Kommune und koordinierende Stelle.",
    "licence": "Datenportale verlangen eine. Solange keine festgelegt ist, nennt die Beschreibung "
    "der Daten keine.",
    "data_portal": "Die Kennung, die GovData Datenbereitstellern gibt, zum Beispiel „openNI“. "
    "Leer: keine.",
    "district_key": "Fünf Ziffern. Leer: keiner.",
    "centre": "Länge und Breite in Grad, zum Beispiel 9.73 52.37. Leer: keiner.",
    "privacy_authority": "Steht im eingebauten Text nach „sich beschweren bei“, zum Beispiel „der "
    "Datenschutzaufsicht des Landes“.",
    "accessibility_law": "Steht im eingebauten Text nach „Maßstab sind“.",
    "accessibility_ombuds": "Steht im eingebauten Text nach „wenden Sie sich an“.",
    "rhythm": "Beim Planen können Sie immer noch anders wählen.",
    "due_day": "Im Monat nach dem Zeitraum. 31 heißt: der letzte Tag des Monats.",
    "resubmit_days": "So viele Tage hat eine Institution, wenn Sie eine Meldung zurückgeben.",
    "region": "Beim Planen sagt die Anwendung, wenn ein Tag dort Feiertag ist.",
    "reminder_days": "Vor der Frist mit Minus, danach ohne, durch Komma getrennt. 0 ist der Tag "
    "der Frist.",
    "escalation_days": "So viele Tage nach der Frist erfahren Sie, welche Meldungen fehlen.",
    "mail_hour": "Mails zu einer Runde gehen ab dieser Stunde hinaus, nie nachts.",
    "imprint": _AS_TEXT,
    "privacy": _AS_TEXT,
    "accessibility": f"{_AS_TEXT} Der Weg zum Formular „Barriere melden“ steht immer darunter.",
    "easy_language": f"{_AS_TEXT} Steht hier ein Text, führt die Fußzeile zu ihm.",
}
SETTING_CHOICE = {
    "office_article": {"das": "das", "die": "die", "der": "der"},
    "rhythm": {"quarter": "Quartale", "half": "Halbjahre"},
    "licence": {key: licence.name for key, licence in LICENCES.items()} | {"": "nicht festgelegt"},
    "region": {
        "": "nur bundesweite Feiertage",
        "BW": "Baden-Württemberg",
        "BY": "Bayern",
        "BE": "Berlin",
        "BB": "Brandenburg",
        "HB": "Bremen",
        "HH": "Hamburg",
        "HE": "Hessen",
        "MV": "Mecklenburg-Vorpommern",
        "NI": "Niedersachsen",
        "NW": "Nordrhein-Westfalen",
        "RP": "Rheinland-Pfalz",
        "SL": "Saarland",
        "SN": "Sachsen",
        "ST": "Sachsen-Anhalt",
        "SH": "Schleswig-Holstein",
        "TH": "Thüringen",
    },
    "mail_hour": {str(hour): f"{hour} Uhr" for hour in range(24)},
    "digest_weekday": {
        "1": "montags",
        "2": "dienstags",
        "3": "mittwochs",
        "4": "donnerstags",
        "5": "freitags",
        "6": "samstags",
        "7": "sonntags",
        "0": "keiner",
    },
}
VALUE_STATE = {
    ValueState.IN_FORCE: "gilt heute",
    ValueState.PLANNED: "geplant",
    ValueState.PAST: "galt bis zum nächsten",
    ValueState.REPLACED: "am selben Tag ersetzt",
    ValueState.TAKEN_BACK: "zurückgenommen",
    ValueState.TAKING_BACK: "Rücknahme",
}


_EMPTY = {
    "districts": "keine",
    "imprint": "eingebauter Text",
    "privacy": "eingebauter Text",
    "accessibility": "eingebauter Text",
    "easy_language": "kein Text",
    "logo": "kein Logo",
}


def readable(name: str, text: str) -> str:
    """Return a value as people read it: the word of a choice, a day, "leer"."""
    if name == "areas_off":
        return listed([AREAS[key].title for key in text.split(",") if key in AREAS]) or "keiner"
    if not text and name not in SETTING_CHOICE:
        return "kein Tag" if name.endswith("_review_on") else _EMPTY.get(name, "leer")
    if name == "logo":
        return "PNG-Bild"
    if name == "districts":
        return ", ".join(district_names(text))
    if name.endswith("_review_on"):
        return written_day(text)
    if name == "reminder_days":
        return text.replace(",", ", ").replace("-", "−")
    return SETTING_CHOICE.get(name, {}).get(text, text)
