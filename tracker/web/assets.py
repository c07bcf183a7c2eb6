"""Static files: addresses that change with the content, and therefore long caching."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request, url_for

FOLDER = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"


@lru_cache(maxsize=256)
def _version(name: str) -> str:
    path = FOLDER / name
    # A missing file (assets not fetched yet) shows as a 404 of its own, not as a broken page.
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "missing"


@lru_cache(maxsize=256)
def _address(base: str, name: str) -> str:
    return f"{base}{name}?v={_version(name)}"


def asset(name: str) -> str:
    """The address of a static file such as "css/tracker.css", with its version."""
    return _address(url_for("static", filename=""), name)


def init_app(app: Flask) -> None:
    """Make `asset` known to templates and let browsers keep versioned files."""
    app.jinja_env.globals["asset"] = asset

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code < 400:
            versioned = "v" in request.args
            response.headers["Cache-Control"] = FOR_EVER if versioned else FOR_A_DAY
        return response
