"""Security headers of every response: content policy, framing, sniffing, referrer, HSTS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, Response, request

from tracker.settings import Settings

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


def init_app(app: Flask, settings: Settings, dashboard_sources: Callable[[], Sources]) -> None:
    """Set the headers on every response; pages under /dashboards/ get Dash's hashes too."""
    fixed = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if settings.secure_cookies:
        fixed["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    ours = policy(Sources())

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.update(fixed)
        headers["Content-Security-Policy"] = policy(dashboard_sources()) if on_dashboards() else ours
        # no-cache, not no-store: with no-store a browser's "back" forgets what was typed.
        headers.setdefault("Cache-Control", "private, no-cache")
        return response
