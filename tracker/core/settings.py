"""Settings: read once from the environment; each explains itself (`tracker settings`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

MIN_SECRET = 32
# Where not every number from 1 (from 0 if 0 is the default) makes sense.
_RANGES = {
    "due_day": (1, 31),
    "port": (1, 65_535),
    "smtp_port": (1, 65_535),
    "mail_hour": (0, 23),
    "digest_weekday": (0, 7),
}
_MOST_DAYS = 90


class SettingsError(ValueError):
    """A setting is missing or unreadable; the message names it and the remedy."""


def _setting(default: Any, explanation: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"explanation": explanation, "secret": secret})


@dataclass(frozen=True)
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
        "Integrationskonzept-Controlling", "Name der Anwendung in der Kopfzeile."
    )
    city: str = _setting("Stadt Bielefeld", "Name der Kommune in Kopfzeile und Ausgaben.")
    committee_name: str = _setting(
        "Haupt- und Beteiligungsausschuss", "Name des zuständigen Ausschusses."
    )
    committee_short: str = _setting("HBA", "Kurzname des zuständigen Ausschusses.")
    office_name: str = _setting(
        "Kommunales Integrationszentrum", "Name der koordinierenden Stelle."
    )
    contact_email: str = _setting(
        "", "E-Mail-Adresse der koordinierenden Stelle, an die Hinweise gehen."
    )
    base_url: str = _setting(
        "http://127.0.0.1:8000", "Adresse, unter der die Anwendung erreichbar ist (für Links)."
    )
    host: str = _setting("127.0.0.1", "Adresse, an der der Webdienst lauscht.")
    port: int = _setting(8000, "Port, an dem der Webdienst lauscht.")
    workers: int = _setting(2, "Zahl der Webprozesse.")
    trusted_proxies: int = _setting(
        0,
        "So viele Proxys stehen davor und nennen die Adresse der Nutzenden (X-Forwarded-…). "
        "0: keiner. Zu viele machen Adressen fälschbar.",
    )
    secure_cookies: bool = _setting(
        True, "Sitzungscookie nur über HTTPS senden; nur für http auf dem eigenen Rechner: 0."
    )
    session_idle_minutes: int = _setting(60, "Abmeldung nach so vielen Minuten ohne Nutzung.")
    session_absolute_hours: int = _setting(12, "Abmeldung spätestens nach so vielen Stunden.")
    invitation_days: int = _setting(14, "So viele Tage gilt ein Einladungslink.")
    login_attempts: int = _setting(5, "So viele Fehlversuche sind je Konto in 15 Minuten erlaubt.")
    due_day: int = _setting(15, "Abgabefrist: dieser Tag des Monats nach dem Zeitraum.")
    resubmit_days: int = _setting(7, "So viele Tage hat eine Institution nach einer Rückgabe.")
    smtp_host: str = _setting("", "Mailserver; leer: Mails bleiben sichtbar im Postausgang.")
    smtp_port: int = _setting(25, "Port des Mailservers.")
    smtp_user: str = _setting("", "Anmeldename am Mailserver, falls nötig.")
    smtp_password: str = _setting("", "Kennwort am Mailserver, falls nötig.", secret=True)
    smtp_starttls: bool = _setting(False, "Verbindung zum Mailserver mit STARTTLS schützen.")
    mail_from: str = _setting("noreply@localhost", "Absenderadresse der Mails.")
    mail_hour: int = _setting(
        6, "Mails zu einer Runde gehen an ihrem Tag ab dieser Stunde hinaus (Europe/Berlin)."
    )
    reminder_days: tuple[int, ...] = _setting(
        (-7, -2, 0, 3),
        "Erinnerungen so viele Tage vor (-) oder nach der Abgabefrist, z. B. -7,-2,0,3.",
    )
    escalation_days: int = _setting(
        7, "So viele Tage nach der Abgabefrist erfährt die koordinierende Stelle, was fehlt."
    )
    digest_weekday: int = _setting(
        1, "Wochentag des Wochenüberblicks: 1 (Montag) bis 7 (Sonntag); 0: keiner."
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings; raises SettingsError naming the variable and the remedy."""
        values = {
            field.name: _read(field, environment[field.name.upper()])
            for field in fields(cls)
            if environment.get(field.name.upper(), "") != ""
        }
        return cls(**values)

    def require_secret_key(self) -> str:
        """Return the secret key; raises SettingsError when it is missing or too short."""
        if len(self.secret_key) < MIN_SECRET:
            raise SettingsError(
                f"SECRET_KEY fehlt oder ist kürzer als {MIN_SECRET} Zeichen. "
                "Setzen Sie die Umgebungsvariable; ein Geheimnis erzeugt "
                "python -c 'import secrets; print(secrets.token_urlsafe(48))'."
            )
        return self.secret_key


def _read(setting: Field[Any], text: str) -> Any:
    name = setting.name.upper()
    if isinstance(setting.default, bool):
        if text not in {"0", "1"}:
            raise SettingsError(f"{name}: erwartet wird 0 oder 1, gefunden „{text}“.")
        return text == "1"
    if isinstance(setting.default, tuple):
        return _days(name, text)
    if not isinstance(setting.default, int):
        return text
    try:
        number = int(text)
    except ValueError:
        raise SettingsError(f"{name}: erwartet wird eine ganze Zahl, gefunden „{text}“.") from None
    least, most = _RANGES.get(setting.name, (min(1, setting.default), None))
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
