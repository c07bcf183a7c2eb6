"""The signed session cookie, with its signer made once instead of with every request."""

from __future__ import annotations

import hashlib
import time
from copy import deepcopy
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

# As many people as use one process within an hour, and some more.
_KEPT = 512


class Read(NamedTuple):
    """What a cookie says, and when it was signed (seconds since 1970)."""

    content: dict[str, Any]
    signed_at: float


class Signer:
    """An application's signer, which remembers the cookies that it found genuine.

    A browser sends the same cookie with every request. Whether the session in it still runs is not
    said here: that is asked of the database each time.
    """

    def __init__(self, serializer: URLSafeTimedSerializer) -> None:
        """Begin with nothing remembered."""

        # A forged cookie raises, and is therefore not remembered.
        @lru_cache(maxsize=_KEPT)
        def read(value: str) -> Read:
            content, signed = serializer.loads(value, return_timestamp=True)
            return Read(content, signed.timestamp())

        self.serializer = serializer
        self._read = read

    def content(self, value: str, *, max_age: int) -> dict[str, Any]:
        """Return what a cookie says, one's own to change; {} where it is forged or too old."""
        try:
            found = self._read(value)
        except BadSignature:
            return {}
        fresh = 0 <= int(time.time()) - found.signed_at <= max_age
        return deepcopy(found.content) if fresh else {}


class SignedCookies(SecureCookieSessionInterface):
    """Flask's session cookie, signed with SHA-256 by a signer that is kept."""

    digest_method = staticmethod(hashlib.sha256)

    def __init__(self) -> None:
        """Begin without a signer; the first request makes it."""
        self._signer: Signer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the serializer of this application; its secret does not change while it runs."""
        if self._signer is None:
            serializer = super().get_signing_serializer(app)
            if serializer is None:
                return None
            self._signer = Signer(serializer)
        return self._signer.serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the request's cookie says, an empty session where there is none to trust."""
        if self.get_signing_serializer(app) is None or self._signer is None:
            return None
        value = request.cookies.get(self.get_cookie_name(app))
        if not value:
            return self.session_class()
        max_age = int(app.permanent_session_lifetime.total_seconds())
        return self.session_class(self._signer.content(value, max_age=max_age))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie where it changed, without "Vary: Cookie".

        With it a browser's "back" asks again once the cookie is another, as after the end of a
        session, and what was typed is gone. Pages are private and asked for anew otherwise.
        """
        super().save_session(app, session, response)
        response.vary.discard("Cookie")


def init_app(app: Flask) -> None:
    """Let an application keep its sessions so."""
    app.session_interface = SignedCookies()
