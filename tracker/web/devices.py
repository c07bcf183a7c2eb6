"""The cookie of a known device: set with a sign-in, it passes the throttle of this account.

It signs nobody in. Whether it is genuine needs no database (`genuine`); whether it still holds is
asked of the account: its fingerprint follows from the password.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from flask import Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from tracker.core.hashes import keyed_hash
from tracker.core.settings import Settings

KEPT = timedelta(days=180)
_SALT = "geraet"


@dataclass(frozen=True)
class Device:
    """A browser in which somebody has signed in to an account."""

    account_id: int
    key: str
    fingerprint: str


def cookie_name(*, secure: bool) -> str:
    return "__Host-geraet" if secure else "geraet"


def fingerprint(secret_key: str, password_hash: str) -> str:
    """Return what a cookie says of the password: it no longer fits once that is another."""
    return keyed_hash(secret_key, _SALT, password_hash)[:32]


def genuine(secret_key: str, cookie: str | None) -> Device | None:
    """Return what a cookie says, None where it is missing, forged or too old."""
    if not cookie:
        return None
    try:
        content: Any = _signer(secret_key).loads(cookie, max_age=int(KEPT.total_seconds()))
        account_id, key, of_password = content
    except (BadSignature, TypeError, ValueError):
        return None
    return Device(account_id, key, of_password)


def of_request(request: Request, settings: Settings) -> Device | None:
    """Return the device that a request says it comes from."""
    name = cookie_name(secure=settings.secure_cookies)
    return genuine(settings.secret_key, request.cookies.get(name))


def remember(
    response: Response, settings: Settings, *, account_id: int, password_hash: str, key: str = ""
) -> None:
    """Let a browser keep the cookie for an account; `key` is that of the cookie it has already."""
    content = (
        account_id,
        key or secrets.token_urlsafe(12),
        fingerprint(settings.secret_key, password_hash),
    )
    response.set_cookie(
        cookie_name(secure=settings.secure_cookies),
        str(_signer(settings.secret_key).dumps(content)),
        max_age=KEPT,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )


@lru_cache(maxsize=4)
def _signer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        secret_key, salt=_SALT, signer_kwargs={"digest_method": hashlib.sha256}
    )
