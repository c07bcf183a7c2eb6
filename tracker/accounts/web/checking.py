"""Checking a password: throttled before it is hashed, with the same answers for every account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from flask import request

from tracker.accounts.actions import passwords, sessions
from tracker.accounts.actions.sessions import Tried
from tracker.accounts.queries import accounts as queries
from tracker.core.db import transaction
from tracker.core.german import waiting
from tracker.core.hashes import network
from tracker.web import devices
from tracker.web.access import SignedIn
from tracker.web.runtime import now, session, settings, today

# One answer for unknown, deactivated, wrong: nobody learns who has an account.
REFUSED = (
    "E-Mail-Adresse oder Kennwort stimmen nicht. Bitte prüfen Sie beides. Haben Sie Ihr Kennwort "
    "vergessen, lassen Sie sich von der koordinierenden Stelle neu einladen."
)
# Heads what is said to whoever is slowed down.
WAIT = "Bitte warten Sie"


@dataclass(frozen=True)
class Checked:
    """A password check; `free_at` says from when one may be made where it was not.

    `device_key` is that of the cookie by which the browser is known for the account, or "".
    """

    account_id: int
    password_hash: str
    right: bool
    free_at: datetime | None = None
    device_key: str = ""

    @property
    def wait(self) -> str:
        """How long to wait, e.g. "2 Minuten"; "" where the password was checked."""
        return "" if self.free_at is None else waiting(self.free_at - now())

    @property
    def problem(self) -> str:
        """What the sign-in page says to whoever is not admitted."""
        if self.free_at is None:
            return REFUSED
        return (
            f"Zu viele Fehlversuche, von Ihnen oder von anderen. Bitte warten Sie noch {self.wait} "
            "und melden Sie sich dann an; vorher wird das Kennwort nicht geprüft. Haben Sie es "
            "vergessen, lassen Sie sich von der koordinierenden Stelle neu einladen."
        )


def check(email: str, password: str, *, user: SignedIn | None = None) -> Checked:
    """Check the password of an e-mail address; for a signed-in `user` from that session alone.

    Whoever guesses in somebody's open session is slowed down there, and locks nothing else.
    """
    secret = settings().secret_key
    with transaction(session()):
        credentials = queries.credentials(session(), email=email, today=today())
        device = _device(credentials)
        if user is not None:
            place = passwords.subject_hash(secret, "session", user.token)
        elif device is not None:
            place = passwords.subject_hash(secret, "device", device.key)
        else:
            address = network(request.remote_addr or "")
            place = passwords.subject_hash(secret, "address", address)
        tried = Tried(
            account=passwords.subject_hash(secret, "account", email),
            place=place,
            known=user is not None or device is not None,
            account_id=credentials.account_id if credentials else None,
        )
        attempts = settings().login_attempts
        free_at = sessions.begin_check(session(), tried=tried, attempts=attempts, now=now())
    if free_at is not None:
        return Checked(0, "", right=False, free_at=free_at)
    # Hashing takes long on purpose: not inside a transaction.
    password_hash = credentials.password_hash if credentials else None
    right = passwords.matches(password_hash, password)
    with transaction(session()):
        if right:
            sessions.passed(session(), tried=tried)
        else:
            sessions.failed(session(), tried=tried, now=now())
    return Checked(
        credentials.account_id if credentials else 0,
        password_hash or "",
        right=right,
        device_key=device.key if device else "",
    )


def _device(credentials: queries.Credentials | None) -> devices.Device | None:
    """Return the device by which a browser is known for an account, None for all others."""
    device = devices.of_request(request, settings())
    if device is None or credentials is None or device.account_id != credentials.account_id:
        return None
    present = devices.fingerprint(settings().secret_key, credentials.password_hash or "")
    return device if compare_digest(device.fingerprint, present) else None
