"""One connection to the mail server, and what its answers mean for a mail."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from types import TracebackType

from tracker.core.settings import Settings

TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Letter:
    key: str
    recipient: str
    subject: str
    body: str


class MailServerError(Exception):
    """The server cannot be used at all now; every mail waits."""


class DelayedError(Exception):
    """The server did not take this mail now; later it may."""


class UndeliverableError(Exception):
    """The server will never take this mail."""


class Postman:
    """A connection to the mail server of the settings; use it as a context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Postman:
        """Connect, secure and sign in; raises MailServerError."""
        settings = self._settings
        try:
            smtp = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS)
        except (OSError, smtplib.SMTPException) as error:
            raise MailServerError(
                f"Mailserver {settings.smtp_host}:{settings.smtp_port} nicht erreichbar: {error}"
            ) from error
        try:
            if settings.smtp_starttls:
                smtp.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                smtp.login(settings.smtp_user, settings.smtp_password)
        except (OSError, smtplib.SMTPException) as error:
            smtp.close()
            raise MailServerError(
                f"Mailserver {settings.smtp_host} lehnt die Anmeldung ab: {error}. "
                "Bitte SMTP_STARTTLS, SMTP_USER und SMTP_PASSWORD prüfen."
            ) from error
        self._smtp = smtp
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._smtp is None:
            return
        try:
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()

    def send(self, letter: Letter, *, now: datetime) -> None:
        """Hand one mail over; raises DelayedError, UndeliverableError or MailServerError."""
        if self._smtp is None:
            raise RuntimeError("Postman is used as a context manager")
        try:
            self._smtp.send_message(message_of(letter, settings=self._settings, now=now))
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            _refused(code, answer)
        except smtplib.SMTPResponseException as error:
            _refused(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPNotSupportedError, ValueError) as error:
            raise UndeliverableError(f"nicht versendbar: {error}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailServerError(f"Verbindung zum Mailserver abgebrochen: {error}") from error


def message_of(letter: Letter, *, settings: Settings, now: datetime) -> EmailMessage:
    """Return the mail with headers; the Message-ID follows from the key and never changes."""
    domain = settings.mail_from.rpartition("@")[2] or "localhost"
    digest = hashlib.sha256(letter.key.encode("utf-8")).hexdigest()[:32]
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = formataddr((settings.instance_name, settings.mail_from))
    message["To"] = letter.recipient
    if settings.contact_email:
        message["Reply-To"] = settings.contact_email
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{digest}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "de"
    message.set_content(letter.body, charset="utf-8")
    return message


def _refused(code: int, answer: bytes | str) -> None:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    said = f"Mailserver antwortet {code}: {text}"
    if 500 <= code < 600:
        raise UndeliverableError(said)
    raise DelayedError(said)
