"""German words of what runs: its parts, and a sentence for each way they may be."""

from __future__ import annotations

from collections.abc import Collection

from tracker.core.labels import Label
from tracker.core.settings import Settings
from tracker.watch.rules.condition import Condition, Part

PART = {
    Part.WEB: Label("Webdienst", "circle-full", "gibt die Seiten aus"),
    Part.DATABASE: Label("Datenbank", "circle-full", "enthält alles, was gespeichert ist"),
    Part.SCHEMA: Label("Tabellen", "equal", "passen zur Fassung des Programms"),
    Part.CLOCK: Label("Uhr", "clock", "eröffnet und schließt Runden und versendet Mails"),
    Part.MAIL: Label("Mails", "plus", "gehen hinaus, sobald sie fällig sind"),
    Part.DISK: Label("Speicherplatz", "circle-half", "reicht für Daten und Ausgaben"),
}
CONDITION = {
    Condition.FINE: Label("in Ordnung", "check", "nichts zu tun"),
    Condition.FAULT: Label("gestört", "cross", "die Betriebsstelle muss etwas tun"),
    Condition.UNKNOWN: Label("unbekannt", "question", "nicht festzustellen"),
}
IN_ORDER = {
    Part.WEB: "Der Webdienst antwortet.",
    Part.DATABASE: "Die Datenbank antwortet.",
    Part.SCHEMA: "Die Datenbank passt zum Programm.",
    Part.CLOCK: "Die Uhr läuft.",
    Part.MAIL: "Keine Mail wartet zu lange.",
    Part.DISK: "Es ist genug Speicherplatz frei.",
}
AT_FAULT = {
    Part.WEB: "Der Webdienst antwortet nicht.",
    Part.DATABASE: "Die Datenbank antwortet nicht.",
    Part.SCHEMA: "Die Datenbank passt nicht zum Programm.",
    Part.CLOCK: "Die Uhr hat sich seit mehr als 15 Minuten nicht gemeldet: Runden werden nicht "
    "eröffnet oder geschlossen, Mails nicht versandt.",
    Part.MAIL: "Mails warten seit mehr als einer Stunde auf den Versand.",
    Part.DISK: "Der Speicherplatz ist fast aufgebraucht: Bald lässt sich nichts mehr speichern.",
}
UNKNOWN = "Das lässt sich zurzeit nicht feststellen."
# For the operator.
REMEDY = {
    Part.WEB: "Bitte „tracker serve“ neu starten und seine Ausgaben lesen.",
    Part.DATABASE: "Bitte den Datenbankdienst und DATABASE_URL prüfen.",
    Part.SCHEMA: "Bitte „tracker db upgrade“ ausführen oder die passende Fassung starten.",
    Part.CLOCK: "Bitte „tracker clock“ neu starten und seine Ausgaben lesen.",
    Part.MAIL: "Bitte den Mailserver prüfen; den Grund nennt „tracker mail list“.",
    Part.DISK: "Bitte auf der Platte mit den Daten und den temporären Dateien Platz schaffen.",
}


def sentence(part: Part, condition: Condition) -> str:
    if condition is Condition.UNKNOWN:
        return UNKNOWN
    return (AT_FAULT if condition is Condition.FAULT else IN_ORDER)[part]


def fault_mail(faults: Collection[Part], settings: Settings) -> tuple[str, str]:
    """Return subject and text of the mail about faults that last."""
    lines = [f"- {AT_FAULT[part]}\n  {REMEDY[part]}" for part in Part if part in faults]
    return f"{settings.instance_name}: Störung", _mail(
        "die Anwendung läuft seit einigen Minuten nicht, wie sie soll:",
        *lines,
        "Bitte geben Sie das an die Betriebsstelle weiter. Läuft alles wieder, kommt noch eine "
        "Mail.",
        settings.base_url,
    )


def over_mail(settings: Settings) -> tuple[str, str]:
    return f"{settings.instance_name}: Störung behoben", _mail(
        "die Anwendung läuft wieder, wie sie soll. Sie müssen nichts tun.", settings.base_url
    )


def _mail(*paragraphs: str) -> str:
    return "\n\n".join(["Guten Tag,", *paragraphs]) + "\n"
