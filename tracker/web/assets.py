"""Static files: addresses that change with the content, and therefore long caching."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request

FOLDER = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
_TEXT = (".css", ".js", ".svg")


@lru_cache(maxsize=256)
def _version(name: str) -> str:
    path = FOLDER / name
    # A missing file (assets not fetched yet) shows as a 404 of its own, not as a broken page.
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "missing"


@lru_cache(maxsize=64)
def _gzipped(name: str, _of_version: str) -> bytes:
    return gzip.compress((FOLDER / name).read_bytes(), 9)


@lru_cache(maxsize=256)
def _address(root: str, name: str) -> str:
    return f"{root}/static/{name}?v={_version(name)}"


def asset(name: str) -> str:
    """The address of a static file such as "css/tracker.css", with its version."""
    return _address(request.script_root, name)


def init_app(app: Flask) -> None:
    """Make `asset` known to templates and let browsers keep versioned files."""
    app.jinja_env.globals["asset"] = asset

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint != "static" or response.status_code >= 400:
            return response
        versioned = "v" in request.args
        response.headers["Cache-Control"] = FOR_EVER if versioned else FOR_A_DAY
        response.vary.add("Accept-Encoding")
        name = (request.view_args or {})["filename"]
        if response.status_code == 200 and name.endswith(_TEXT) and request.method == "GET":
            _compress(response, name)
        return response


def _compress(response: Response, name: str) -> None:
    """Answer with the gzipped file, compressed once per process; pages stay as they are.

    Pages carry form tokens beside what people typed, and compressing the two together would
    let a listener guess one from the length of the other (BREACH).
    """
    if request.accept_encodings["gzip"] > 0:
        response.close()  # the file that would have been sent
        response.direct_passthrough = False
        response.set_data(_gzipped(name, _version(name)))
        response.headers["Content-Encoding"] = "gzip"
