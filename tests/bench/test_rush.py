"""The bench of the last minute works on both databases and sees what is lost or doubled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL
from sqlmodel import Session, select

from bench.crowd import gather
from bench.person import fields
from bench.postgres import database
from bench.results import Result
from bench.rush import counted, rush, sqlite_url
from tracker.core.db import make_engine
from tracker.reporting.models import Report

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
ENVIRONMENT = {"SECRET_KEY": "long enough for a bench of this product", "SECURE_COOKIES": "0"}


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "SQLite":
        yield sqlite_url(tmp_path)
        return
    server: URL = request.getfixturevalue("postgresql_server")
    monkeypatch.setenv("TEST_DATABASE_URL", server.render_as_string(hide_password=False))
    with database() as found:
        yield found


def test_everybody_submits_at_once_and_everything_arrives_once(url: str) -> None:
    # The round is that of the present day: the served application has the real clock.
    now = datetime.now(UTC)
    found = rush(
        "Probe", url, environment=ENVIRONMENT, now=now, institutions=2, reports=10, workers=2
    )
    assert found.problems == ()
    assert (found.people, found.reports, len(found.submit_ms)) == (2, 10, 10)
    assert found.medians_ms["second click"] > 0
    assert "Gezählt: 10 abgegeben" in found.told()
    result = found.result()
    assert (result.errors, result.limit_requests_per_s) == (0, 10 / 60)


def test_the_count_names_what_did_not_arrive(tmp_path: Path) -> None:
    crowd = gather(sqlite_url(tmp_path), institutions=2, reports=3, now=NOW)
    assert (len(crowd.people), crowd.reports) == (2, 3)
    with Session(make_engine(crowd.url)) as session:
        number = session.exec(select(Report.id)).first() or 0
    problems = counted(crowd, {number: "Text"})
    assert f"Meldung {number}: expected, nicht abgegeben" in problems
    assert f"Meldung {number}: 0 Fassungen, 0 Einträge im Protokoll" in problems
    assert sum("nie gesendet" in problem for problem in problems) == 2
    assert "0 Anmeldungen im Protokoll statt 2" in problems


def test_a_rush_with_errors_does_not_meet_its_limit() -> None:
    fast = Result("X", requests_per_s=20.0, limit_requests_per_s=10.0, errors=0)
    assert fast.is_met
    assert not Result("X", requests_per_s=20.0, limit_requests_per_s=10.0, errors=1).is_met


def test_a_form_is_posted_as_a_browser_would() -> None:
    page = """
    <form action="/other"><input name="a" value="no"></form>
    <form action="/x"><input type="hidden" name="token" value="t&amp;1"><input name="b">
    <input type="radio" name="c" value="1"><input type="radio" name="c" value="2" checked>
    <input type="checkbox" name="d" value="y"><select name="e"><option value="">–</option>
    <option value="2" selected>zwei</option></select><select name="f"><option value="1">eins
    </option></select><textarea name="g">
Erste &lt;Zeile&gt;</textarea><button name="h" value="1">Senden</button></form>
    <input name="i" value="outside">"""
    assert fields(page, "/x") == {
        "token": "t&1",
        "b": "",
        "c": "2",
        "e": "2",
        "f": "1",
        "g": "Erste <Zeile>",
    }
