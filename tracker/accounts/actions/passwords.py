"""Password hashes (argon2id) and secrets that are stored as hashes only."""

from __future__ import annotations

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.core.hashes import keyed_hash
from tracker.core.settings import Settings

_HASHER = PasswordHasher()


def hashed(password: str) -> str:
    return _HASHER.hash(password)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return hashed(secrets.token_urlsafe())


def matches(password_hash: str | None, password: str) -> bool:
    """Return whether a password fits; without a hash it takes as long and says no.

    So nobody learns from the time of an answer whether an account exists.
    """
    try:
        _HASHER.verify(password_hash or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def own_words(settings: Settings) -> tuple[str, ...]:
    """Return the texts of an instance whose words are tried first here."""
    return (
        settings.instance_name,
        settings.city,
        settings.office_name,
        settings.office_short,
        settings.committee_name,
        settings.committee_short,
        settings.every_district,
        settings.contact_email,
    )


def new_token() -> str:
    """Return a secret for a session or a link: 256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def subject_hash(secret_key: str, kind: str, subject: str) -> str:
    """Return the keyed hash under which failed sign-ins are counted ("account", "address")."""
    return keyed_hash(secret_key, kind, subject.strip().lower())
