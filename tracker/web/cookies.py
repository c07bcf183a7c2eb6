"""The signed session cookie, with its signer made once instead of with every request."""

from __future__ import annotations

import hashlib

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class SignedCookies(SecureCookieSessionInterface):
    """Flask's session cookie, signed with SHA-256 by a signer that is kept."""

    digest_method = staticmethod(hashlib.sha256)

    def __init__(self) -> None:
        """Begin without a signer; the first request makes it."""
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the signer of this application; its secret does not change while it runs."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer


def init_app(app: Flask) -> None:
    """Let an application keep its sessions so."""
    app.session_interface = SignedCookies()
