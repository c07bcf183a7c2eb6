"""Dash's answers to "what is on this page?", kept: published rounds never change.

Every page is one answer of Dash's routing callback. It follows from the address and the rounds
published, so it is kept under both, serialised and compressed; a request then costs its guard
and one small statement. A new publication changes the key, and old answers fall out of use.
What only the KI may read is never kept, so that no key can hand it to others.
What the request says is checked first: a forged body must neither fail nor be kept.

The token of these requests: for the routing callback, which reads what every role may read, header
and cookie have to agree (a foreign site can neither read the cookie nor set the header); every
other callback goes through Flask-WTF's full check.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from hmac import compare_digest
from threading import Lock, Thread
from typing import Any, NamedTuple

import orjson
from dash import Dash
from flask import Request, Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from dashboards.compressed import Kept
from dashboards.paths import PREFIX
from dashboards.shelf import is_internal

CSRF_COOKIE = "dashboards_csrf"
_HEADER = "X-CSRFToken"
# A search of the longest length, all of it umlauts, beside every filter.
_LONGEST_ADDRESS = 1200
_MOST = 300
# A fiftieth less over the wire than at the quality below, for a fifth of what making a page takes.
_QUALITY = 10
# What is asked for again and again is worth a quarter of a second: once more a fiftieth less.
_ASKED_OFTEN, _BEST_QUALITY = 2, 11
# dash.dash's names for the parts of a page; the routing callback is the one that fills them.
_CONTENT, _STORE, _LOCATION = "_pages_content", "_pages_store", "_pages_location"
_COMPONENT = {"props", "type", "namespace"}
_ROUTING = f"..{_CONTENT}.children...{_STORE}.data.."


class Address(NamedTuple):
    """What the browser's address bar shows, as Dash reports it."""

    path: str
    search: str


class Answers:
    """The newest answers of one process, at most `most`; safe for threads.

    An answer asked for again and again is compressed once more, harder, beside the requests.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._asked: Counter[Hashable] = Counter()
        self._most = most
        self._lock = Lock()

    def get(self, key: Hashable) -> Kept | None:
        """Return a kept answer, or None."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            self._asked[key] += 1
            is_due = self._asked[key] == _ASKED_OFTEN
        if is_due:
            Thread(target=self._compress, args=(key, found), daemon=True).start()
        return found

    def _compress(self, key: Hashable, answer: Kept) -> None:
        smaller = Kept(answer.data, answer.mimetype, _BEST_QUALITY)
        # Made before it is put in its place: nobody waits for it.
        if len(smaller.br) < len(answer.br):
            with self._lock:
                if self._kept.get(key) is answer:
                    self._kept[key] = smaller

    def keep(self, key: Hashable, answer: Kept) -> Kept:
        """Keep an answer; the one unused for longest makes room."""
        with self._lock:
            self._kept[key] = answer
            while len(self._kept) > self._most:
                oldest, _ = self._kept.popitem(last=False)
                del self._asked[oldest]
        return answer


def keeping(
    app: Dash,
    dispatch: Callable[[], ResponseReturnValue],
    stamp: Callable[[], Hashable],
    answers: Answers,
) -> Callable[[], ResponseReturnValue]:
    """Return Dash's dispatch with kept answers; `stamp` names the rounds published now."""

    def answer() -> ResponseReturnValue:
        if not has_token(request):
            return refusal("Diese Seite ist veraltet. Bitte laden Sie sie neu.")
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or not _is_callback(app, body.get("output")):
            return refusal("Diese Anfrage gibt es nicht.")
        if body["output"] != _ROUTING:
            csrf: CSRFProtect = current_app.extensions["csrf"]
            csrf.protect()
            return dispatch()
        address = asked_for(body)
        if address is None:
            return refusal("Die Adresse in dieser Anfrage ist nicht lesbar.")
        key = (stamp(), address)
        kept = answers.get(key)
        if kept is None:
            response: Response = make_response(dispatch())
            if response.status_code != 200 or is_internal():
                return response
            data = compact(response.get_data())
            kept = answers.keep(key, Kept(data, "application/json", _QUALITY))
        return kept.response()

    return answer


def compact(data: bytes) -> bytes:
    """Return Dash's answer with the same meaning in fewer bytes once it is compressed.

    Each component says what it is before what is in it, so that two thousand of them begin alike;
    umlauts and slashes are written as they are.
    """
    return orjson.dumps(_ordered(orjson.loads(data)))


def _ordered(value: Any) -> Any:
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {name: _ordered(item) for name, item in value.items()}
    if found.keys() != _COMPONENT:
        return found
    props = found["props"]
    children = props.pop("children", None)
    if children is not None:
        props["children"] = children
    return {"type": found["type"], "namespace": found["namespace"], "props": props}


def has_token(asking: Request) -> bool:
    """Return whether a request repeats its cookie in its header, as only our own page can."""
    token = asking.cookies.get(CSRF_COOKIE, "").encode()
    return bool(token) and compare_digest(token, asking.headers.get(_HEADER, "").encode())


def _is_callback(app: Dash, output: object) -> bool:
    return isinstance(output, str) and output in app.callback_map


def asked_for(body: object) -> Address | None:
    """Return the address a routing request asks for; None where it is not one Dash would send."""
    if not isinstance(body, dict) or body.get("output") != _ROUTING:
        return None
    if body.get("outputs") != _OUTPUTS or body.get("state"):
        return None
    inputs = body.get("inputs")
    if not isinstance(inputs, list) or len(inputs) != len(_INPUTS):
        return None
    values = []
    for given, expected in zip(inputs, _INPUTS, strict=True):
        if not isinstance(given, dict) or {**given, "value": None} != expected | {"value": None}:
            return None
        # The search is missing before the browser has filled it in.
        values.append("" if given.get("value") is None else given["value"])
    path, search = values
    if not isinstance(path, str) or not isinstance(search, str):
        return None
    too_long = len(path) + len(search) > _LONGEST_ADDRESS
    return None if too_long or not path.startswith(PREFIX) else Address(path, search)


def refusal(message: str) -> ResponseReturnValue:
    """Return the answer to a request that Dash's own page never sends."""
    return {"error": "bad_request", "message": message}, 400


_OUTPUTS = [
    {"id": _CONTENT, "property": "children"},
    {"id": _STORE, "property": "data"},
]
_INPUTS = [
    {"id": _LOCATION, "property": "pathname"},
    {"id": _LOCATION, "property": "search"},
]
