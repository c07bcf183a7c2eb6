"""Static files come compressed, and never as they were before they were edited."""

import os
from pathlib import Path

import pytest
from flask import Flask
from whitenoise.compress import Compressor

from tracker.web import assets

TEXT = "a { color: red }\n" * 100


def sent(folder: Path, accepted: str = "gzip, br") -> tuple[str | None, bytes]:
    """The encoding and the body of the one file, as an application that starts now sends it."""
    app = Flask("files", static_folder=None)
    assets.init_app(app, [folder], [("X-Content-Type-Options", "nosniff")])
    answer = app.test_client().get(
        "/static/area/a.css", headers={"Accept-Encoding": accepted}, buffered=True
    )
    assert answer.status_code == 200
    return answer.headers.get("Content-Encoding"), answer.data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "area").mkdir()
    (tmp_path / "area/a.css").write_text(TEXT, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, br", "br"), ("gzip", "gzip"), ("identity", None)]
)
def test_a_file_is_sent_in_the_best_form_a_browser_takes(
    folder: Path, accepted: str, encoding: str | None
) -> None:
    Compressor(quiet=True).compress(str(folder / "area/a.css"))
    assert sent(folder, accepted)[0] == encoding


def test_a_file_edited_after_it_was_compressed_is_sent_as_it_is(folder: Path) -> None:
    file = folder / "area/a.css"
    Compressor(quiet=True).compress(str(file))
    file.write_text("b {}", "utf-8")
    later = file.stat().st_mtime + 5
    os.utime(file, (later, later))
    assert sent(folder) == (None, b"b {}")
