"""What is kept in memory is bounded, and its keys are what there is, not what somebody asks for."""

from __future__ import annotations

import ast
import gc
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboards.page_cache import PageCache
from tests.conftest import one_database
from tests.pages import Browser

ROOT = Path(__file__).resolve().parent.parent
# Without a bound is kept what has no arguments, or can have only so many.
WITH_ARGUMENTS = {"standing", "state_mark", "mark_png"}


def test_a_cache_without_a_bound_is_of_a_function_with_few_arguments() -> None:
    unbounded = {
        function.name
        for folder in ("tracker", "dashboards")
        for path in (ROOT / folder).rglob("*.py")
        if "@cache" in path.read_text("utf-8")
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef)
        and any(
            isinstance(mark, ast.Name) and mark.id == "cache" for mark in function.decorator_list
        )
        and function.args.args
    }
    assert unbounded == WITH_ARGUMENTS


def test_pages_are_kept_up_to_so_many_bytes_and_a_page_of_more_is_not() -> None:
    cache = PageCache(most_bytes=1_000_000)
    for number in range(1_000):
        cache.keep(number, bytes(98_000))
    assert len(cache) == 10
    assert cache.get(999) is not None
    cache.keep("large", bytes(1_000_000))
    assert (cache.get("large"), len(cache)) == (None, 10)
    for number in range(1_000):
        cache.keep(number, b"small")
    assert len(cache) < 500, "a key takes room, too"


def grown(ask: Callable[[int], TestResponse], times: int) -> int:
    """By how many bytes the memory of this process grows while `ask` is called so often."""
    for number in (-1, -2):
        ask(abs(number) + 10_000).close()
    tracemalloc.start()
    try:
        for number in range(times):
            ask(number).close()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


SUITES = "/dashboards/_dash-component-suites"
INVENTED: dict[str, Callable[[FlaskClient, int], TestResponse]] = {
    "fingerprint": lambda client, number: client.get(
        f"{SUITES}/plotly/package_data/plotly.v4_4_1m{number:x}.min.js"
    ),
    "file of dash": lambda client, number: client.get(f"{SUITES}/dash/deps/x{number}.js"),
    "package": lambda client, number: client.get(f"{SUITES}/p{number}/x.js"),
    "static file": lambda client, number: client.get(f"/static/css/{number}.css"),
    "version": lambda client, number: client.get(f"/static/css/tracker.css?v={number}"),
    "bundle": lambda client, number: client.get(f"/dashboards/_own.js?v={number}"),
    "concept": lambda client, number: client.get(f"/konzepte/k{number}/runden/"),
    "page": lambda client, number: client.get(f"/dashboards/massnahme/{number}"),
    "logo": lambda client, number: client.get(f"/logo/{number:016x}.png"),
    "cookie": lambda client, number: client.get("/gesund", headers={"Cookie": f"sitzung={number}"}),
}


@one_database
@pytest.mark.parametrize("what", INVENTED)
def test_what_somebody_invents_is_kept_nowhere(what: str, coordination: Browser) -> None:
    # Ten bundles of plotly.js are 48 MB; some lists of Python's own grow now and then.
    ask = INVENTED[what]
    assert grown(lambda number: ask(coordination.client, number), 10) < 400_000
