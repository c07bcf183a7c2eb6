"""Nonsense in every parameter of every route: answered with a page of ours, never with a failure.

What a view reads is seen by watching it: no list of parameters can go stale. `make test` puts
nonsense into all parameters of a route at once, a few times; `make attack` into each by itself.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from flask import Flask, got_request_exception
from flask.testing import FlaskClient
from sqlalchemy import Connection
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.test import TestResponse

from bench.person import fields
from dashboards.page_cache import CSRF_COOKIE
from tests import log_lines
from tests.attack.places import IDENTITIES, City, Place
from tests.attack.routes import CALLBACK, Ask, asks
from tests.conftest import DATABASES
from tests.dashboards.conftest import routing
from tests.pages import public_token
from tracker.core.logs import JsonLines

# Percent-encoded, as it is sent.
LONG = "9" * 5000
NONSENSE = (
    "%00",
    "a%00b",
    LONG,
    "-1",
    "",
    "%ED%A0%80",  # a lone surrogate
    "%FF%FE",
    "%",
    "99999999999",
    "9" * 30,
    "%C2%B2",  # ², a digit that is no number
    "%D9%A3",  # ٣, a number in Arabic digits
    "1_000",
    "1e999",
    "NaN",
    "-Infinity",
    "2026-13-45",
    "0000-00-00",
    "99999-01-01",
    "2026-Q9",
    "9999-Q4",
    f"2026-Q2%2F{LONG}",
    "2026-Q2%2F%C2%B2",
    "0",
    "%0B%0C%1F%7F",
    "%0D%0ASet-Cookie:x=1",
    "..%2F..%2Fetc%2Fpasswd",
    "%27%3B--",
    "%3Cscript%3E",
    "x" * 30_000,
    "%F0%9F%92%A5",
    "None",
    "[]",
    "{{7*7}}",
    f"1-{LONG}",
    "1-%C2%B2",
    "//evil.example",
)
PLACE = "vhs in the first"
WHO = ("KI", "representative", "committee", "nobody")
TITLE = re.compile(r"<title>\s*\S.*Integrationskonzept-Controlling\s*</title>", re.DOTALL)
FORM = "application/x-www-form-urlencoded"
READ: set[str] = set()


class Watched(ImmutableMultiDict[str, str]):
    """Parameters that note in READ which of them are asked for."""

    def __getitem__(self, key: str) -> str:
        READ.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        READ.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, *rest: Any, **options: Any) -> Any:
        READ.add(key)
        return super().get(key, *rest, **options)

    def getlist(self, key: str, *rest: Any) -> Any:
        READ.add(key)
        return super().getlist(key, *rest)


@dataclass
class Fuzz:
    """Requests to one application, each undone afterwards; what was wrong with the answers."""

    town: City
    connection: Connection
    place: Place
    cookies: dict[str, str]
    tokens: dict[str, str]
    wrong: set[tuple[str, ...]] = field(default_factory=set)
    errors: list[BaseException] = field(default_factory=list)

    def token(self, who: str, path: str) -> str:
        """Return the token that our page at a path would send: the form's own, or the session's."""
        return public_token(self.town.app, path) or self.tokens[who]

    def send(self, who: str, method: str, address: str, *about: str, **options: Any) -> None:
        """Send a request as somebody, and note what is wrong with the answer."""
        self.errors.clear()
        # Without a jar for cookies: an answer may take away a session, which is then undone.
        client = FlaskClient(self.town.app, use_cookies=False)
        headers = {"Cookie": self.cookies[who]} | options.pop("headers", {})
        undone = self.connection.begin_nested()
        answer = client.open(address, method=method, headers=headers, buffered=True, **options)
        undone.rollback()
        problem = fault(answer)
        if problem:
            error = repr(self.errors[-1])[:150] if self.errors else ""
            self.wrong.add((problem, error, method, *about))


@pytest.fixture
def fuzz(town: City, town_connection: Connection) -> Iterator[Fuzz]:
    cookies, tokens = {}, {}
    for who in WHO:
        tokens[who] = town.browsers[who].token()
        cookie = town.browsers[who].client.get_cookie("sitzung")
        cookies[who] = f"sitzung={cookie.value}" if cookie else ""
    made = Fuzz(town, town_connection, town.places[PLACE], cookies, tokens)

    def failed(_app: Flask, exception: BaseException, **_: Any) -> None:
        made.errors.append(exception)

    class WatchedRequest(town.app.request_class):  # type: ignore[name-defined,misc]
        parameter_storage_class = Watched

    with (
        pytest.MonkeyPatch.context() as patch,
        got_request_exception.connected_to(failed, town.app),
    ):
        patch.setattr(town.app, "request_class", WatchedRequest)
        patch.setitem(town.app.config, "PROPAGATE_EXCEPTIONS", False)
        yield made


def fault(answer: TestResponse) -> str:
    """Say what is wrong with an answer, "" if nothing is."""
    if answer.status_code >= 500:
        return str(answer.status_code)
    if "Content-Security-Policy" not in answer.headers:
        return "no content policy"
    if answer.status_code < 400 or answer.request.method == "HEAD":
        location = answer.headers.get("Location", "").removeprefix("http://localhost/")
        elsewhere = re.match(r"[a-z]+:|//|\\", location)
        return "leads elsewhere" if elsewhere or "x" in answer.headers.getlist("Set-Cookie") else ""
    if answer.mimetype == "application/json":
        return "" if (answer.get_json() or {}).get("error") else "another JSON"
    page = answer.get_data(as_text=True)
    return "" if TITLE.search(page) and page.count("<h1") == 1 else "another page"


@dataclass(frozen=True)
class Target:
    """A route with an address that there is, who may open it, and what is sent and read there."""

    ask: Ask
    who: str
    path: str
    form: tuple[tuple[str, str], ...]
    parameters: tuple[str, ...]

    def sent(self, spoilt: dict[str, str]) -> tuple[str, dict[str, Any]]:
        """Return query and body with these values in the place of the right ones."""
        kept = [(name, quote(value)) for name, value in self.form if name not in spoilt]
        pairs = [*kept, *((quote(name), value) for name, value in spoilt.items())]
        body = "&".join(f"{name}={value}" for name, value in pairs)
        if self.ask.method == "GET":
            return f"?{body}", {}
        return "", {"data": body, "content_type": FORM}

    def spoilt_paths(self, value: str) -> Iterator[str]:
        """Yield the path with each of its arguments replaced."""
        parts = re.split(r"<(?:[^:>]+:)?([^>]+)>", self.ask.rule.rule)
        pattern = "".join(
            f"(?P<{part}>.+?)" if number % 2 else re.escape(part)
            for number, part in enumerate(parts)
        )
        match = re.fullmatch(pattern, self.path)
        assert match, (self.path, pattern)
        for argument in match.groupdict():
            start, end = match.span(argument)
            yield self.path[:start] + value + self.path[end:]


def target(fuzz: Fuzz, ask: Ask) -> Target:
    """Send what is right once, and watch what the view reads."""
    may = [one.name for one in IDENTITIES if ask.refusal(one, fuzz.place) is None]
    who = next(name for name in WHO if name in may)
    path, _, query = ask.address(fuzz.town, fuzz.place).partition("?")
    form = parse_qsl(query)
    if ask.method == "POST":
        values = dict(ask.route.fields(fuzz.place)) | {"csrf_token": fuzz.token(who, path)}
        if ask.route.filled:
            page = FlaskClient.open(fuzz.town.browsers["KI"].client, path)
            values = fields(page.get_data(as_text=True), path) | values
        form = [(name, str(one)) for name, some in values.items() for one in listed(some)]
    right = Target(ask, who, path, tuple(form), ())
    query, options = right.sent({})
    READ.clear()
    fuzz.send(who, ask.method, path + query, ask.endpoint, **options)
    # What is in the trap keeps a form from its effect.
    parameters = sorted((READ | {name for name, _ in form}) - {"csrf_token", "trap"})
    return Target(ask, who, path, tuple(form), tuple(parameters))


def listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def everything(fuzz: Fuzz, method: str) -> Iterator[Ask]:
    """Yield every route that a person asks; the callback has a test of its own."""
    for ask in asks(fuzz.town.app, method):
        # Without a clock that beats an instance is not ready, and says so with 503.
        if ask.endpoint not in {CALLBACK, "watch.ready"}:
            yield ask


def of_this_database(fuzz: Fuzz, method: str) -> Iterator[Ask]:
    """Yield every other route: the others are asked on the other database."""
    own = DATABASES.index(fuzz.connection.dialect.name)
    for number, ask in enumerate(everything(fuzz, method)):
        if number % 2 == own and ask.endpoint != "moved":
            yield ask


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nonsense_in_all_parameters_at_once(fuzz: Fuzz, method: str) -> None:
    numbers = count()

    def value() -> str:
        return NONSENSE[7 * next(numbers) % len(NONSENSE)]

    for ask in of_this_database(fuzz, method):
        at = target(fuzz, ask)
        for path in at.spoilt_paths(value()):
            fuzz.send(at.who, method, path, ask.endpoint, path[:99], **at.sent({})[1])
        for _ in range(2 if method == "POST" else 1):
            spoilt = {name: value() for name in at.parameters}
            query, options = at.sent(spoilt)
            about = str({name: text[:9] for name, text in spoilt.items()})
            fuzz.send(at.who, method, at.path + query, ask.endpoint, about, **options)
    assert fuzz.wrong == set()


@pytest.mark.attack
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nonsense_in_each_parameter(fuzz: Fuzz, method: str) -> None:
    turn = count(DATABASES.index(fuzz.connection.dialect.name))
    for ask in everything(fuzz, method):
        at = target(fuzz, ask)
        for text in NONSENSE:
            for path in at.spoilt_paths(text):
                fuzz.send(at.who, method, path, ask.endpoint, text[:20], **at.sent({})[1])
            for name in at.parameters:
                if next(turn) % 2:
                    query, options = at.sent({name: text})
                    about = (ask.endpoint, name, text[:20])
                    fuzz.send(at.who, method, at.path + query, *about, **options)
    assert fuzz.wrong == set()


@pytest.mark.attack
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("who", WHO)
def test_nonsense_from_everybody(fuzz: Fuzz, who: str, method: str) -> None:
    for ask in of_this_database(fuzz, method):
        at = target(fuzz, ask)
        for text in NONSENSE:
            spoilt = dict.fromkeys(at.parameters, text)
            token = quote(fuzz.token(who, at.path))
            spoilt |= {"csrf_token": token} if method == "POST" else {}
            query, options = at.sent(spoilt)
            fuzz.send(who, method, at.path + query, ask.endpoint, text[:20], **options)
    assert fuzz.wrong == set()


HEADERS: Iterable[dict[str, str]] = (
    {"Host": ""},
    {"Host": 'a"b'},
    {"Host": "localhost:99999"},
    {"Host": "x" * 5000},
    {"Cookie": "sitzung=\xff\x00; =; ;;"},
    {"Cookie": "sitzung=" + "x" * 5000},
    {"Cookie": f"{CSRF_COOKIE}=\xff"},
    {"If-Modified-Since": "Sat, 99 Nov 99999 25:61:61 GMT"},
    {"If-Modified-Since": LONG},
    {"If-None-Match": '"' * 99},
    {"If-None-Match": "W/" + LONG},
    {"If-Range": "\xff"},
    {"Range": f"bytes={LONG}-{LONG}"},
    {"Range": "bytes=5-1,-,x"},
    {"Range": "pages=1"},
    {"Accept": "\xff;q=9,;;="},
    {"Accept-Encoding": "br;q=NaN, *;q=-1"},
    {"Accept-Language": "x" * 5000},
    {"Content-Length": "x"},
    {"Content-Type": 'text/html; charset="\xff'},
    {"Origin": "null"},
    {"Referer": "\xff://"},
    {"Sec-Fetch-Site": "\xff"},
    {"X-Requested-With": "fetch"},
    {"X-Request-ID": "a\x0bb"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"Authorization": "Basic \xff"},
)
ADDRESSES = (
    "/",
    "/protokoll/?art=\xff&art=x&art[]=y",
    "/static/../../etc/passwd",
    "/static/%00",
    "/static/" + "x" * 5000,
    "/%FF%FE/",
    "/%",
    "//evil.example/%2F..",
    "/gibt/es/nicht?" + "&".join(f"a{number}" for number in range(5000)),
    "/konto",
    "/dashboards/",
    "/ausgaben/snapshot-1.schema.json",
    "/.well-known/security.txt",
)


@pytest.mark.parametrize("town_connection", ["sqlite"], indirect=True)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "x\xff", "POST"])
def test_odd_requests(fuzz: Fuzz, method: str) -> None:
    for address in ADDRESSES:
        fuzz.send("KI", method, address, address[:40])
    for number, headers in enumerate(HEADERS if method in {"GET", "POST"} else ()):
        about = str(headers)[:60]
        fuzz.send("KI", method, ADDRESSES[number % len(ADDRESSES)], about, headers=headers)
        fuzz.send("nobody", method, "/anmelden", about, headers=headers)
    assert fuzz.wrong == set()


BOUNDARY = "multipart/form-data; boundary=b"
BODIES = (
    ("application/json", "{"),
    ("application/json; charset=\xff", "[" * 9000),
    ("application/json", '"\\ud800"'),
    ("application/xml", "<a>"),
    ("", "a=b"),
    ("text/plain", "\0"),
    ("multipart/form-data", "--"),
    (BOUNDARY, '--b\r\nContent-Disposition: form-data; name="\0"\r\n\r\nx\r\n--b--\r\n'),
    (BOUNDARY, "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
    (BOUNDARY, "--b\r\nContent-Disposition: x; name=name; filename=\r\n\r\n\xff\r\n--b--\r\n"),
    (BOUNDARY, "--b\r\nContent-Disposition: form-data; name=name"),
    (f"{BOUNDARY}; charset=utf-7", "--b--"),
    ("multipart/form-data; boundary=" + "b" * 5000, "--b"),
    (f"{FORM}; charset=utf-16", "n\0a\0m\0e\0"),
    (FORM, "&&&===&%&%zz=%zz&name"),
    (FORM, "name=a&name=b&name[]=c&name.x=d&%00=%00&csrf_token=x&csrf_token="),
)


@pytest.mark.parametrize("town_connection", ["sqlite"], indirect=True)
@pytest.mark.parametrize("address", ["/konto/name", "/barriere-melden", "/anmelden", CALLBACK])
def test_odd_bodies(fuzz: Fuzz, address: str) -> None:
    for who in ("KI", "nobody"):
        headers = {"X-CSRFToken": fuzz.tokens[who]}
        for number, (content_type, body) in enumerate(BODIES):
            fuzz.send(
                who,
                "POST",
                address,
                f"{number}: {content_type[:40]}",
                body[:40],
                data=body.encode("latin-1"),
                content_type=content_type,
                headers=headers,
            )
    assert fuzz.wrong == set()


ODD = (5, -1.5, None, True, "x", "", [], {}, [5], [None], {"id": 5}, [[]], [{"id": {}}], "9" * 5000)


@pytest.mark.parametrize("town_connection", ["sqlite"], indirect=True)
def test_callbacks_take_no_other_types_than_dash_sends(fuzz: Fuzz) -> None:
    headers = {
        "X-CSRFToken": "x",
        "Cookie": f"{fuzz.cookies['KI']}; {CSRF_COOKIE}=x",
    }
    fuzz.send("KI", "GET", "/dashboards/konzepte/probe/")  # Dash knows its callbacks from here on
    right = routing("/dashboards/konzepte/probe/ruecklauf")
    bodies: list[Any] = [*ODD, *({**right, name: odd} for name in [*right, "state"] for odd in ODD)]
    # Another callback than that of the pages, which has no function on the server.
    other = {**right, "output": "_pages_dummy.children"}
    bodies += [{**other, name: odd} for name in right if name != "output" for odd in ODD]
    for odd in ODD:
        first, second = right["inputs"]
        bodies += [
            {**right, "inputs": [{**first, name: odd}, second]} for name in (*first, "extra")
        ]
        bodies.append({**right, "outputs": [{**right["outputs"][0], "id": odd}]})
    for body in bodies:
        fuzz.send("KI", "POST", CALLBACK, str(body)[:200], json=body, headers=headers)
    assert fuzz.wrong == set()


SAID = "Geheimes-4711"


@pytest.mark.parametrize("town_connection", ["sqlite"], indirect=True)
def test_no_log_line_quotes_what_was_sent(fuzz: Fuzz, caplog: pytest.LogCaptureFixture) -> None:
    """Every text, name, password, address and token of every form, and of every link."""
    caplog.set_level(logging.INFO)
    caplog.handler.setFormatter(JsonLines())
    for ask in everything(fuzz, "POST"):
        at = target(fuzz, ask)
        address = f"{at.path}?suche={SAID}"
        body = at.sent(dict.fromkeys(at.parameters, f"{SAID}@stadt.example"))[1]
        fuzz.send(at.who, "POST", address, **body, headers={"Referer": SAID})
        for path in at.spoilt_paths(SAID):
            fuzz.send(at.who, "GET", path, headers={"User-Agent": SAID, "Host": SAID})
    for path in (f"/{SAID}", f"/einladung/{SAID}", f"/anmelden?next=/{SAID}"):
        fuzz.send("KI", "GET", path)
    endpoints = {line.get("endpoint") for line in log_lines.read(caplog.text)}
    assert {"accounts.sign_in_submit", "accounts.invitation", "reports.save", "-"} <= endpoints
    assert SAID not in caplog.text
    assert fuzz.town.invitation not in caplog.text
