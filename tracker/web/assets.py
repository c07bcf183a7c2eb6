"""Static files: served before Flask by WhiteNoise, under addresses that change with the content.

What all pages share lies in `tracker/web/static/`, what an area adds in
`<area>/web/static/<area>/`; all of it is below /static/. `make install` puts the compressed forms
beside the files. Pages stay as they are: they carry form tokens beside what people typed, and
compressing the two together would let a listener guess one from the length of the other (BREACH).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from flask import Flask, current_app, request
from whitenoise import WhiteNoise

FOLDER = Path(__file__).parent / "static"
_EXTENSION = "tracker_static"
_PREFIX = "/static/"
_A_DAY = 86400


class StaticFiles(WhiteNoise):
    """WhiteNoise that sends no compressed form of what a file said before it was edited."""

    def get_static_file(
        self, path: str, url: str, stat_cache: Mapping[str, Any] | None = None
    ) -> Any:
        if stat_cache is not None:
            # The Compressor gives what it writes the time of the file.
            made_at = int(stat_cache[path].st_mtime)
            stat_cache = {
                name: about
                for name in (path, f"{path}.br", f"{path}.gz")
                if (about := stat_cache.get(name)) and int(about.st_mtime) == made_at
            }
        return super().get_static_file(path, url, stat_cache=stat_cache)


class Folders:
    """Where an application's static files lie."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self.folders = tuple(folders)
        self.version = cache(self._version)

    def _version(self, name: str) -> str:
        # A missing file (assets not fetched yet) shows as a 404 of its own, not as a broken page.
        paths = (folder / name for folder in self.folders)
        path = next((path for path in paths if path.is_file()), None)
        return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path else "missing"


def asset(name: str) -> str:
    """The address of a static file such as "css/tracker.css", with its version."""
    folders: Folders = current_app.extensions[_EXTENSION]
    return f"{request.script_root}{_PREFIX}{name}?v={folders.version(name)}"


def init_app(app: Flask, folders: Iterable[Path], headers: Iterable[tuple[str, str]]) -> None:
    """Serve these folders, and make `asset` known to templates.

    `headers` are those of every response. What pages name carries its version, so browsers keep
    it; what style sheets name (fonts) does not.
    """
    known = app.extensions[_EXTENSION] = Folders(folder for folder in folders if folder.is_dir())
    fixed = [(name, value) for name, value in headers if name != "Cache-Control"]

    def add_headers(sent: Headers, _path: str, _url: str) -> None:
        for name, value in fixed:
            sent[name] = value

    files = StaticFiles(
        app.wsgi_app,
        max_age=_A_DAY,
        allow_all_origins=False,
        immutable_file_test=r"\.(css|js|svg)$",
        add_headers_function=add_headers,
    )
    for folder in known.folders:
        files.add_files(str(folder), prefix=_PREFIX)
    app.wsgi_app = files  # type: ignore[method-assign] # Flask's way of wrapping itself
    app.jinja_env.globals["asset"] = asset
