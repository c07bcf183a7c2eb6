"""What is on a page of the dashboards, answered from memory: published rounds never change.

Every page is one answer of Dash's routing callback. It follows from the address with its concept
and from what the application names as its cache key, so it is kept under both, compressed. A new
publication changes the key, and old answers fall out of use. What depends on the person is never
kept.

What the request says is checked first: a forged body must neither fail nor be kept. The token: the
callback only reads, so header and cookie have to agree (a foreign site can neither read the cookie
nor set the header). There is no other callback on the server; one that writes needs Flask-WTF's
full check.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable
from hmac import compare_digest
from threading import Lock
from typing import Any, NamedTuple

import brotli
import orjson
from cachetools import LRUCache
from cachetools.keys import hashkey
from dash import Dash
from dash.development.base_component import Component
from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue

from dashboards.dash_internals import CONTENT, ROUTING, ROUTING_INPUTS, ROUTING_OUTPUTS, STORE
from dashboards.paths import PREFIX, without_concept
from dashboards.snapshot_reader import is_internal
from tracker.concept.web.current import choose, link_key

CSRF_COOKIE = "dashboards_csrf"
_HEADER = "X-CSRFToken"
# A search of the longest length, all of it umlauts, beside every filter.
_LONGEST_ADDRESS = 1200
# Some 300 answers of up to 25 kB; one of many long texts counts as what it is.
_MOST_BYTES = 8_000_000
_KEY_BYTES = 2_000  # an address, its concept and what goes with it
# A twentieth more over the wire than at 10, for a sixth of the time.
_QUALITY = 5


def csrf_cookie(server: Flask) -> str:
    """Return the name of the cookie with the token; over HTTPS one that no other host can set."""
    return f"__Host-{CSRF_COOKIE}" if server.config["SESSION_COOKIE_SECURE"] else CSRF_COOKIE


class Address(NamedTuple):
    """What the browser's address bar shows, as Dash reports it."""

    path: str
    search: str


class PageCache:
    """The answers used last, compressed with Brotli, up to so many bytes; safe for threads."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._answers: LRUCache[Hashable, bytes] = LRUCache(most_bytes, _size)
        self._lock = Lock()

    def get(self, key: Hashable) -> bytes | None:
        with self._lock:
            return self._answers.get(key)

    def keep(self, key: Hashable, answer: bytes) -> None:
        with self._lock:
            if _size(answer) <= self._answers.maxsize:
                self._answers[key] = answer

    def __len__(self) -> int:
        return len(self._answers)

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()


def _size(answer: bytes) -> int:
    return len(answer) + _KEY_BYTES


def callback_view(
    app: Dash, cache_key: Callable[[], Hashable], cache: PageCache
) -> Callable[[], ResponseReturnValue]:
    """Return the view of the only callback that asks the server: what is on a page.

    Dash's own view is not used: it fails over a body of other types than it sends.
    """

    def view() -> ResponseReturnValue:
        if not _has_token():
            return _refusal("Diese Seite ist veraltet. Bitte laden Sie sie neu.")
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or body.get("output") != ROUTING:
            return _refusal("Diese Anfrage gibt es nicht.")
        address = _address(body)
        if address is None:
            return _refusal("Die Adresse in dieser Anfrage ist nicht lesbar.")
        concept, below = without_concept(address.path)
        if concept:
            choose(concept)
        address = Address(below, address.search)
        key = hashkey(cache_key(), link_key(), address)
        compressed = cache.get(key)
        if compressed is None:
            plain = _content(app, address)
            if is_internal():
                return Response(plain, mimetype="application/json")
            compressed = brotli.compress(plain, quality=_QUALITY)
            cache.keep(key, compressed)
        return _response(compressed)

    return view


def _content(app: Dash, address: Address) -> bytes:
    # The function that Dash wraps: it finds the page and calls its layout. What Dash does around
    # it (a context nobody asks for, a walk through all components before they are written) takes
    # longer than the page.
    update = inspect.unwrap(app.callback_map[ROUTING]["callback"])
    children, title = update(*address)
    response = {CONTENT: {"children": children}, STORE: {"data": title}}
    return orjson.dumps({"multi": True, "response": response}, default=_json)


def _json(value: Any) -> Any:
    if isinstance(value, Component):
        return value.to_plotly_json()  # type: ignore[no-untyped-call] # Dash ships no types for it
    raise TypeError(f"{type(value).__name__} cannot be written into a page")


def _response(compressed: bytes) -> Response:
    if request.accept_encodings["br"]:
        headers = {"Vary": "Accept-Encoding", "Content-Encoding": "br"}
        return Response(compressed, mimetype="application/json", headers=headers)
    plain = brotli.decompress(compressed)
    return Response(plain, mimetype="application/json", headers={"Vary": "Accept-Encoding"})


def _has_token() -> bool:
    """Return whether the request repeats its cookie in its header, as only our own page can."""
    token = request.cookies.get(csrf_cookie(current_app), "").encode()
    return bool(token) and compare_digest(token, request.headers.get(_HEADER, "").encode())


def _address(body: dict[str, Any]) -> Address | None:
    """Return the address a routing request asks for; None where it is not one Dash would send."""
    if body.get("outputs") != ROUTING_OUTPUTS or body.get("state"):
        return None
    inputs = body.get("inputs")
    if not isinstance(inputs, list) or len(inputs) != len(ROUTING_INPUTS):
        return None
    values = []
    for given, expected in zip(inputs, ROUTING_INPUTS, strict=True):
        if not isinstance(given, dict) or {**given, "value": None} != expected | {"value": None}:
            return None
        # The search is missing before the browser has filled it in.
        values.append("" if given.get("value") is None else given["value"])
    path, search = values
    if not isinstance(path, str) or not isinstance(search, str):
        return None
    too_long = len(path) + len(search) > _LONGEST_ADDRESS
    return None if too_long or not path.startswith(PREFIX) else Address(path, search)


def _refusal(message: str) -> ResponseReturnValue:
    """Return the answer to a request that Dash's own page never sends."""
    return {"error": "bad_request", "message": message}, 400
