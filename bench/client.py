"""A browser's part: signing in, and the requests that carry a page's content."""

from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar

from bench.instance import PASSWORD
from seed.files import read_files
from tracker.web.addresses import of_concept

ENCODINGS = "gzip, deflate, br"
_DASH = "/dashboards/_dash-update-component"
OVERVIEW_ADDRESS = of_concept(read_files().concept.key, "/dashboards/")
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Request:
    """One request."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None


@dataclass(frozen=True)
class Answer:
    """What came back: bytes as sent over the wire."""

    status: int
    encoding: str
    body: bytes


class Browser:
    """A signed-in person."""

    def __init__(self, address: str, email: str) -> None:
        self.address = address
        self._cookies = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self._cookies)
        )
        page = self._open("/anmelden").decode("utf-8")
        token = _TOKEN.search(page)
        if token is None:
            raise RuntimeError("the sign-in page has no token")
        form = {"csrf_token": token[1], "email": email, "password": PASSWORD}
        self._open("/anmelden", urllib.parse.urlencode(form).encode())

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies of this session."""
        return {cookie.name: cookie.value or "" for cookie in self._cookies}

    def page(self, path: str) -> Request:
        """Return the request for a page."""
        return Request(path, headers=self._headers())

    def dashboard(self, path: str, search: str = "") -> Request:
        """Return the request by which Dash fetches what is on a page of the dashboards."""
        self._open(OVERVIEW_ADDRESS)  # sets the token that callbacks send back
        place = {"id": "_pages_location"}
        body = {
            "output": ".._pages_content.children..._pages_store.data..",
            "outputs": [
                {"id": "_pages_content", "property": "children"},
                {"id": "_pages_store", "property": "data"},
            ],
            "inputs": [
                {**place, "property": "pathname", "value": path},
                {**place, "property": "search", "value": search},
            ],
            "changedPropIds": ["_pages_location.pathname", "_pages_location.search"],
            "parsedChangedPropsIds": ["_pages_location.pathname", "_pages_location.search"],
        }
        headers = {
            **self._headers(),
            "Content-Type": "application/json",
            "X-CSRFToken": self.cookies["dashboards_csrf"],
        }
        return Request(_DASH, "POST", headers, json.dumps(body))

    def send(self, request: Request) -> Answer:
        """Send one request as it is."""
        body = None if request.body is None else request.body.encode()
        sent = urllib.request.Request(
            self.address + request.path, body, request.headers, method=request.method
        )
        with urllib.request.urlopen(sent, timeout=60) as response:
            encoding = response.headers.get("Content-Encoding", "")
            return Answer(response.status, encoding, response.read())

    def _headers(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookie, "Accept-Encoding": ENCODINGS}

    def _open(self, path: str, data: bytes | None = None) -> bytes:
        with self._opener.open(self.address + path, data, timeout=60) as response:
            body: bytes = response.read()
            return body
