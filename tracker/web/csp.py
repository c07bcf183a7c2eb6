"""Security headers of every response: content policy, framing, sniffing, referrer, HSTS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, Response, request

from tracker.core.settings import Settings

DASHBOARDS = "/dashboards/"


@dataclass(frozen=True)
class Sources:
    """Extra sources of a policy, e.g. ("'sha256-…'",), for scripts and styles."""

    script: tuple[str, ...] = ()
    style: tuple[str, ...] = ()


@lru_cache(maxsize=8)
def policy(extra: Sources) -> str:
    """Return the Content-Security-Policy: our own files only, nothing inline, no frames.

    Images may be data: because KERN's style sheet carries its icons so.
    """
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self'", *extra.script)),
            " ".join(("style-src 'self'", *extra.style)),
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def on_dashboards() -> bool:
    """Return whether the request is for a page, bundle or callback of Dash."""
    return f"{request.path}/".startswith(DASHBOARDS)


def fixed_headers(settings: Settings) -> list[tuple[str, str]]:
    found = [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ]
    if settings.secure_cookies:
        found.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
    return [
        *found,
        ("Content-Security-Policy", policy(Sources())),
        # no-cache, not no-store: with no-store a browser's "back" forgets what was typed.
        ("Cache-Control", "private, no-cache"),
    ]


def init_app(app: Flask, settings: Settings) -> None:
    fixed = fixed_headers(settings)

    @app.after_request
    def add_headers(response: Response) -> Response:
        if "token" in (request.view_args or {}):
            # The address is a secret: it goes into no other request and into no cache.
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Cache-Control"] = "no-store"
        for name, value in fixed:
            response.headers.setdefault(name, value)
        return response


def allow_on_dashboards(app: Flask, sources: Callable[[], Sources]) -> None:
    """Let Dash's own inline scripts and styles pass on pages under /dashboards/, by hash."""

    @app.after_request
    def widen(response: Response) -> Response:
        if on_dashboards() and response.mimetype == "text/html":
            response.headers["Content-Security-Policy"] = policy(sources())
        return response
