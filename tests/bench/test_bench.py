"""What `make bench` promises about its output; how fast things are is not a test."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import cast

import pytest

from bench import growth, wrk
from bench.__main__ import main
from bench.client import OVERVIEW_ADDRESS, Answer, Browser, Request
from bench.pages import Page, pages
from bench.results import Limit, Result, counts_table, limits_table, save, table
from dashboards.pages.routes import PAGES

WRK = """Running 2s test @ http://127.0.0.1:8000/
  1 threads and 8 connections
  Latency Distribution
     50%    1.31ms
     75%    2.00ms
     90%    3.00ms
     99%   {slowest}
  10000 requests in 2.00s, 1.90MB read
Requests/sec:   4988.25
Transfer/sec:      0.94MB
"""


@pytest.mark.parametrize(
    ("slowest", "ms"), [("3.82ms", 3.82), ("950.00us", 0.95), ("1.20s", 1200.0), ("1.00m", 60_000)]
)
def test_wrk_s_report_is_read_in_milliseconds(slowest: str, ms: float) -> None:
    load = wrk.parse(WRK.format(slowest=slowest))
    assert (load.requests_per_s, load.p50_ms) == (4988.25, 1.31)
    assert load.p99_ms == pytest.approx(ms)


@pytest.mark.parametrize(
    "trouble", ["  Non-2xx or 3xx responses: 7", "  Socket errors: connect 0, read 9, timeout 0"]
)
def test_errors_are_not_taken_for_speed(trouble: str) -> None:
    with pytest.raises(RuntimeError, match="answers were errors"):
        wrk.parse(WRK.format(slowest="1ms") + trouble)


def test_a_request_is_written_in_lua_that_no_quote_can_break() -> None:
    script = wrk.lua(Request("/x", "POST", {"X-A": 'it\'s "b"'}, '{"a": ["b"]}'))
    assert 'wrk.headers[ [==[X-A]==] ] = [==[it\'s "b"]==]' in script
    assert 'wrk.body = [==[{"a": ["b"]}]==]' in script


def test_results_are_written_with_the_promised_keys(tmp_path: Path) -> None:
    save(
        [Result("Überblick", 0.25, 1000.0, 800.0, 1.0, 2.0, 8458), Result("Seite", bytes=1)],
        path := tmp_path / "r",
    )
    first, second = json.loads(path.read_text("utf-8"))
    assert first == {
        "name": "Überblick",
        "ratio": 0.25,
        "requests_per_s": 1000.0,
        "limit_requests_per_s": 800.0,
        "p50_ms": 1.0,
        "p99_ms": 2.0,
        "bytes": 8458,
        "errors": None,
    }
    assert second["requests_per_s"] is None


@pytest.mark.parametrize(
    ("rate", "limit", "said"),
    [(800.0, 800.0, " erfüllt"), (799.9, 800.0, "NICHT ERFÜLLT"), (1.0, None, "")],
)
def test_the_table_says_whether_a_limit_is_met(rate: float, limit: float | None, said: str) -> None:
    line = table([Result("X", requests_per_s=rate, limit_requests_per_s=limit)]).splitlines()[1]
    assert line.endswith(said)
    assert ("ERFÜLLT" in line.upper()) is bool(said)


class Standing(Page):
    """A page that needs no server."""

    def checked(self) -> Answer:
        return Answer(200, "", b"")


def standing(*names: str) -> list[Page]:
    return [Standing(name, cast("Browser", None), Request("/"), "") for name in names]


def test_growth_is_how_many_times_slower_a_page_became() -> None:
    rates = {("few", "Überblick"): 40.0, ("few", "x"): 20.0, ("many", "Überblick"): 20.0}

    def rate(address: str, page: Page) -> float:
        return rates.get((address, page.name), 19.0)

    few, many = ("few", standing("Überblick", "x", "y")), ("many", standing("Überblick", "x"))
    by_measures = growth.by_measures(few, many, sizes=(58, 5800), rate=rate)
    assert [(item.value, item.at_most, item.is_met) for item in by_measures] == [(2.0, 1.5, False)]
    by_rounds = growth.by_rounds(few, many, rate=rate)
    assert [item.is_met for item in by_rounds] == [False, True]
    lines = limits_table([*by_measures, *by_rounds]).splitlines()
    assert [line.endswith("NICHT ERFÜLLT") for line in lines[1:]] == [True, True, False]


def test_limits_are_written_behind_the_results(tmp_path: Path) -> None:
    save([Result("Seite")], path := tmp_path / "r", limits=[Limit("Bytes", 12, 11)])
    first, second = json.loads(path.read_text("utf-8"))
    assert first["name"] == "Seite"
    assert second == {"name": "Bytes", "value": 12, "at_most": 11}


def test_every_page_of_the_committee_is_measured() -> None:
    class Nobody:
        def dashboard(self, path: str, search: str = "") -> Request:
            return Request(path + search)

        def page(self, path: str) -> Request:
            return Request(path)

    nobody = cast("Browser", Nobody())
    asked = {page.request.path.partition("?")[0] for page in pages(nobody, nobody, own=1)}
    for page in PAGES:
        if not page.internal:
            path = re.escape(f"{OVERVIEW_ADDRESS}{page.path}")
            pattern = re.sub(r"<\w+>", "[^/]+", path)
            assert any(re.fullmatch(pattern, found) for found in asked), page.path


def test_statements_are_shown_for_every_size() -> None:
    text = counts_table([58, 580], {"Überblick": [(7, 2), (7, 2)]})
    assert text.splitlines()[1].split() == ["Überblick", "7,", "dann", "2", "7,", "dann", "2"]


def test_without_wrk_one_line_names_the_package(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main() == 1
    assert capsys.readouterr().err == "Fehler: wrk fehlt. Unter Debian: apt-get install wrk\n"
