"""Settings: read once from the environment; each explains itself (`tracker settings`).

Those that belong to a group are the KI's: what it sets in the web comes before the environment
(`core.configured`). All others are the operator's alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

MIN_SECRET = 32
MASKED = "***"
# Where not every number from 1 (from 0 if 0 is the default) makes sense.
_RANGES: dict[str, tuple[int, int | None]] = {
    "due_day": (1, 31),
    "port": (1, 65_535),
    "smtp_port": (1, 65_535),
    "mail_hour": (0, 23),
    "digest_weekday": (0, 7),
}
_MOST_DAYS = 90
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Where only some words are possible. Regions: ISO 3166-2:DE.
CHOICES: dict[str, tuple[str, ...]] = {
    "office_article": ("das", "die", "der"),
    "log_format": ("json", "text"),
    "rhythm": ("quarter", "half"),
    "licence": ("dl-by-de/2.0", "dl-zero-de/2.0", "cc-by/4.0", "cc-zero", ""),
    "region": (
        "",
        *("BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV"),
        *("NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"),
    ),
}


class SettingGroup(StrEnum):
    """What the KI sets together, on a page of its own."""

    OFFICE = "stelle"
    COMMITTEE = "gremium"
    PUBLICATION = "offene-daten"
    ROUNDS = "runden"
    MAILS = "erinnerungen"
    IMPRINT = "impressum"
    PRIVACY = "datenschutz"
    ACCESSIBILITY = "barrierefreiheit"
    EASY_LANGUAGE = "leichte-sprache"
    LOGO = "logo"
    AREAS = "bereiche"


@dataclass(frozen=True)
class Office:
    """The coordinating office in a sentence: "das Amt", "beim Amt", "vom Amt"."""

    short: str
    article: str

    @property
    def who(self) -> str:
        return f"{self.article} {self.short}"

    @property
    def whom(self) -> str:
        """The fourth case."""
        return f"{'den' if self.article == 'der' else self.article} {self.short}"

    @property
    def at_whom(self) -> str:
        return f"{'bei der' if self.article == 'die' else 'beim'} {self.short}"

    @property
    def by_whom(self) -> str:
        return f"{'von der' if self.article == 'die' else 'vom'} {self.short}"


class SettingsError(ValueError):
    """A setting is missing or unreadable; the message names it and the remedy."""


def _setting(
    default: Any, explanation: str, *, secret: bool = False, group: SettingGroup | None = None
) -> Any:
    metadata = {"explanation": explanation, "secret": secret, "group": group, "variable": True}
    return field(default=default, metadata=metadata)


def _page_only(default: Any, explanation: str, group: SettingGroup | None) -> Any:
    """Return a setting that no environment variable sets: its history is all there is to know."""
    metadata = {"explanation": explanation, "secret": False, "group": group, "variable": False}
    return field(default=default, metadata=metadata)


_OFFICE, _COMMITTEE, _LOGO = SettingGroup.OFFICE, SettingGroup.COMMITTEE, SettingGroup.LOGO
_ROUNDS, _MAILS = SettingGroup.ROUNDS, SettingGroup.MAILS
_IMPRINT, _PRIVACY = SettingGroup.IMPRINT, SettingGroup.PRIVACY
_PUBLICATION = SettingGroup.PUBLICATION
_ACCESSIBILITY, _EASY = SettingGroup.ACCESSIBILITY, SettingGroup.EASY_LANGUAGE


@dataclass(frozen=True, repr=False)  # a repr in a log or traceback would tell secrets
class Settings:
    """Everything that differs between installations; the variable is the name in capitals."""

    database_url: str = _setting(
        "sqlite:///var/tracker.sqlite3",
        "Datenbank: eine SQLite-Datei (Vorgabe) oder postgresql://nutzer:kennwort@rechner/name.",
    )
    secret_key: str = _setting(
        "",
        "Geheimnis, mit dem Sitzungen unterschrieben werden, mindestens 32 Zeichen. "
        "Erzeugen: python -c 'import secrets; print(secrets.token_urlsafe(48))'",
        secret=True,
    )
    instance_name: str = _setting(
        "Integrationskonzept-Controlling", "Name der Anwendung in der Kopfzeile.", group=_OFFICE
    )
    city: str = _setting("Kommune", "Name der Kommune in Kopfzeile und Ausgaben.", group=_OFFICE)
    committee_name: str = _setting(
        "Ausschuss", "Name des zuständigen Ausschusses.", group=_COMMITTEE
    )
    committee_short: str = _setting(
        "Ausschuss", "Kurzname des zuständigen Ausschusses.", group=_COMMITTEE
    )
    office_name: str = _setting(
        "Koordinierende Stelle", "Name der koordinierenden Stelle.", group=_OFFICE
    )
    office_short: str = _setting(
        "Stelle",
        "Die koordinierende Stelle in Sätzen, ein Hauptwort ohne Beiwort.",
        group=_OFFICE,
    )
    office_article: str = _setting(
        "die", "Artikel der koordinierenden Stelle in Sätzen: das, die oder der.", group=_OFFICE
    )
    contact_email: str = _setting(
        "", "E-Mail-Adresse der koordinierenden Stelle, an die Hinweise gehen.", group=_OFFICE
    )
    districts: str = _page_only("", "Stadtbezirke, in jeder Zeile ein Name.", _OFFICE)
    # Nobody sets it: it follows from what was set before (core.configured).
    former_districts: str = _page_only("", "Alle Namen, die einmal auf der Liste standen.", None)
    base_url: str = _setting(
        "http://127.0.0.1:8000", "Adresse, unter der die Anwendung erreichbar ist (für Links)."
    )
    allowed_hosts: str = _setting(
        "",
        "Namen, unter denen die Anwendung antwortet, durch Komma getrennt, .stadt.example für alle "
        "darunter; leer: der von BASE_URL, und der eigene Rechner, wenn HOST nur ihn meint.",
    )
    host: str = _setting("127.0.0.1", "Adresse, an der der Webdienst lauscht.")
    port: int = _setting(8000, "Port, an dem der Webdienst lauscht.")
    workers: int = _setting(2, "Zahl der Webprozesse.")
    trusted_proxies: int = _setting(
        0,
        "So viele Proxys stehen davor und nennen die Adresse der Nutzenden (X-Forwarded-…). "
        "0: keiner. Zu viele machen Adressen fälschbar.",
    )
    log_format: str = _setting(
        "json", "Protokollzeilen der Dienste: json (je Zeile ein JSON-Objekt) oder text."
    )
    secure_cookies: bool = _setting(
        True, "Sitzungscookie nur über HTTPS senden; nur für http auf dem eigenen Rechner: 0."
    )
    session_idle_minutes: int = _setting(60, "Abmeldung nach so vielen Minuten ohne Nutzung.")
    session_absolute_hours: int = _setting(12, "Abmeldung spätestens nach so vielen Stunden.")
    invitation_days: int = _setting(14, "So viele Tage gilt ein Einladungslink.")
    login_attempts: int = _setting(
        5,
        "So viele Fehlversuche je Konto und Adresse bleiben ohne Wartezeit; danach wird gebremst.",
    )
    rhythm: str = _setting(
        "quarter", "Zeiträume der Runden: quarter (Quartale) oder half (Halbjahre).", group=_ROUNDS
    )
    due_day: int = _setting(
        15, "Abgabefrist: dieser Tag des Monats nach dem Zeitraum.", group=_ROUNDS
    )
    resubmit_days: int = _setting(
        7, "So viele Tage hat eine Institution nach einer Rückgabe.", group=_ROUNDS
    )
    region: str = _setting(
        "", "Land, dessen Feiertage gelten, z. B. NI oder BY; leer: nur bundesweite.", group=_ROUNDS
    )
    smtp_host: str = _setting("", "Mailserver; leer: Mails bleiben sichtbar im Postausgang.")
    smtp_port: int = _setting(25, "Port des Mailservers.")
    smtp_user: str = _setting("", "Anmeldename am Mailserver, falls nötig.")
    smtp_password: str = _setting("", "Kennwort am Mailserver, falls nötig.", secret=True)
    smtp_starttls: bool = _setting(False, "Verbindung zum Mailserver mit STARTTLS schützen.")
    mail_from: str = _setting("noreply@localhost", "Absenderadresse der Mails.")
    mail_hour: int = _setting(
        6,
        "Mails zu einer Runde gehen an ihrem Tag ab dieser Stunde hinaus (Europe/Berlin).",
        group=_MAILS,
    )
    reminder_days: tuple[int, ...] = _setting(
        (-7, -2, 0, 3),
        "Erinnerungen so viele Tage vor (-) oder nach der Abgabefrist, z. B. -7,-2,0,3.",
        group=_MAILS,
    )
    escalation_days: int = _setting(
        7,
        "So viele Tage nach der Abgabefrist erfährt die koordinierende Stelle, was fehlt.",
        group=_MAILS,
    )
    digest_weekday: int = _setting(
        1, "Wochentag des Wochenüberblicks: 1 (Montag) bis 7 (Sonntag); 0: keiner.", group=_MAILS
    )
    publisher: str = _page_only(
        "", "Herausgeber der offenen Daten; leer: Kommune und Stelle.", _PUBLICATION
    )
    licence: str = _page_only("", "Lizenz der offenen Daten; leer: nicht festgelegt.", _PUBLICATION)
    data_portal: str = _page_only(
        "", "Kennung der Datenbereitsteller von GovData; leer: keine.", _PUBLICATION
    )
    district_key: str = _page_only(
        "", "Amtlicher Kreisschlüssel, fünf Ziffern; leer: keiner.", _PUBLICATION
    )
    centre: str = _page_only(
        "",
        "Mittelpunkt als Länge und Breite in Grad, z. B. 9.73 52.37.",
        _PUBLICATION,
    )
    imprint: str = _page_only("", "Impressum; leer: der eingebaute Text.", _IMPRINT)
    imprint_review_on: date | None = _page_only(
        None, "An diesem Tag ist das Impressum wieder zu prüfen.", _IMPRINT
    )
    privacy: str = _page_only("", "Datenschutzerklärung; leer: der eingebaute Text.", _PRIVACY)
    privacy_authority: str = _page_only(
        "der Datenschutzaufsicht des Landes",
        "Bei wem man sich beschweren kann, im eingebauten Text.",
        _PRIVACY,
    )
    privacy_review_on: date | None = _page_only(
        None, "An diesem Tag ist die Datenschutzerklärung wieder zu prüfen.", _PRIVACY
    )
    accessibility: str = _page_only(
        "", "Erklärung zur Barrierefreiheit; leer: der eingebaute Text.", _ACCESSIBILITY
    )
    accessibility_law: str = _page_only(
        "die Gesetze des Landes zur Gleichstellung von Menschen mit Behinderungen",
        "Die Gesetze, die Maßstab sind, im eingebauten Text.",
        _ACCESSIBILITY,
    )
    accessibility_ombuds: str = _page_only(
        "die Ombudsstelle für barrierefreie Informationstechnik des Landes",
        "Die Ombudsstelle im eingebauten Text, nach „an“.",
        _ACCESSIBILITY,
    )
    accessibility_review_on: date | None = _page_only(
        None, "An diesem Tag ist die Erklärung wieder zu prüfen.", _ACCESSIBILITY
    )
    easy_language: str = _page_only("", "Seite in Leichter Sprache; leer: Es gibt keine.", _EASY)
    easy_language_review_on: date | None = _page_only(
        None, "An diesem Tag ist die Seite in Leichter Sprache wieder zu prüfen.", _EASY
    )
    logo: str = _page_only("", "Logo in der Kopfzeile: ein PNG-Bild als Base64.", _LOGO)
    areas_off: str = _page_only(
        "", "Abgeschaltete Bereiche, durch Komma getrennt; leer: keiner.", SettingGroup.AREAS
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings; raises SettingsError naming the variable and the remedy."""
        values = {
            field.name: read(field.name, environment[field.name.upper()])
            for field in fields(cls)
            if field.metadata["variable"] and environment.get(field.name.upper(), "") != ""
        }
        return cls(**values)

    @property
    def office(self) -> Office:
        return Office(self.office_short, self.office_article)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the names that may stand in a request's Host header, ports left out."""
        if self.allowed_hosts:
            names = map(_host, self.allowed_hosts.split(","))
            return tuple(name for name in names if name)
        own = ("127.0.0.1", "localhost", "[::1]") if self.host in _LOOPBACK else ()
        return (_host(urlsplit(self.base_url).hostname or ""), *own)

    @property
    def every_district(self) -> str:
        """Return the names of all districts that there ever were, those in force last."""
        return f"{self.former_districts}\n{self.districts}"

    def require_secret_key(self) -> str:
        """Return the secret key; raises SettingsError when it is missing or too short."""
        if len(self.secret_key) < MIN_SECRET:
            raise SettingsError(
                f"SECRET_KEY fehlt oder ist kürzer als {MIN_SECRET} Zeichen. "
                "Setzen Sie die Umgebungsvariable; ein Geheimnis erzeugt "
                "python -c 'import secrets; print(secrets.token_urlsafe(48))'."
            )
        return self.secret_key


FIELDS: dict[str, Field[Any]] = {field.name: field for field in fields(Settings)}


VARIABLES = {name: field for name, field in FIELDS.items() if field.metadata["variable"]}


def _host(written: str) -> str:
    """Return a name as a browser sends it (IDNA), without its port; IPv6 in brackets."""
    name = written.strip().lower()
    if name.count(":") > 1 and not name.startswith("["):
        return f"[{name}]"
    name = re.sub(r":\d*$", "", name)
    return ".".join(label.encode("idna").decode("ascii") for label in name.split("."))


def district_names(text: str) -> tuple[str, ...]:
    """Return the names that a text has in its lines."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return tuple(name for name in lines if name)


def is_set(settings: Settings, name: str) -> bool:
    return bool(getattr(settings, name) != FIELDS[name].default)


def written(value: Any) -> str:
    """Return a value as it stands in an environment variable; `read` reads it again."""
    if isinstance(value, tuple | list):
        return ",".join(str(item) for item in value)
    return {None: "", True: "1", False: "0"}.get(value, str(value))


def read(name: str, text: str) -> Any:
    """Return a setting's value; raises SettingsError naming the variable and the remedy."""
    setting = FIELDS[name]
    if name in CHOICES and text not in CHOICES[name]:
        expected = ", ".join(CHOICES[name])
        raise SettingsError(f"{name.upper()}: erwartet wird {expected}, gefunden „{text}“.")
    if setting.default is None:
        return _day(name.upper(), text)
    if isinstance(setting.default, bool):
        if text not in {"0", "1"}:
            raise SettingsError(f"{name.upper()}: erwartet wird 0 oder 1, gefunden „{text}“.")
        return text == "1"
    if isinstance(setting.default, tuple):
        return _days(name.upper(), text)
    return _number(name, setting.default, text) if isinstance(setting.default, int) else text


def explained(environment: Settings, in_force: Settings) -> list[dict[str, Any]]:
    """Return each setting as variable, value (secrets masked), origin, is_default, explanation."""
    rows = []
    for name, setting in VARIABLES.items():
        value = getattr(in_force, name)
        is_default = value == setting.default
        origin = "Vorgabe" if is_default else "gesetzt"
        if value != getattr(environment, name):
            origin = "Datenbank"
        if setting.metadata["secret"] and value:
            value = MASKED
        if name == "database_url":
            value = without_password(value)
        rows.append(
            {
                "variable": name.upper(),
                "value": value.isoformat() if isinstance(value, date) else value,
                "origin": origin,
                "is_default": is_default,
                "explanation": setting.metadata["explanation"],
            }
        )
    return rows


def without_password(url: str) -> str:
    """Return a database's address to be shown; also one that is miswritten hides its password."""
    # Up to the last @, for a password may hold one; without any it may still be no port.
    who = r"((?:://|^(?!.*://))[^:/@]*:)"
    hidden = re.sub(rf"{who}(?:.*(?=@)|(?!\d*(?:[/?]|$))[^/?]*)", rf"\1{MASKED}", url)
    return re.sub(r"(password=)[^&]*", rf"\1{MASKED}", hidden)


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise SettingsError(
            f"{name}: erwartet wird ein Tag, z. B. 2027-03-15, gefunden „{text}“."
        ) from None


def _number(of_name: str, default: int, text: str) -> int:
    name = of_name.upper()
    try:
        number = int(text)
    except ValueError:
        raise SettingsError(f"{name}: erwartet wird eine ganze Zahl, gefunden „{text}“.") from None
    least, most = _RANGES.get(of_name, (min(1, default), None))
    if number < least or (most is not None and number > most):
        expected = f"ab {least}" if most is None else f"zwischen {least} und {most}"
        raise SettingsError(f"{name}: erwartet wird eine Zahl {expected}, gefunden {number}.")
    return number


def _days(name: str, text: str) -> tuple[int, ...]:
    """Read "-7,-2,0,3": each once, in order of time."""
    try:
        days = sorted({int(part) for part in text.split(",")})
    except ValueError:
        raise SettingsError(
            f"{name}: erwartet werden ganze Zahlen mit Komma dazwischen, z. B. -7,-2,0,3; "
            f"gefunden „{text}“."
        ) from None
    if not all(-_MOST_DAYS <= day <= _MOST_DAYS for day in days):
        raise SettingsError(
            f"{name}: erwartet werden Zahlen zwischen -{_MOST_DAYS} und {_MOST_DAYS}, "
            f"gefunden „{text}“."
        )
    return tuple(days)
