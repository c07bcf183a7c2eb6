"""One person who reports: signs in, opens each form, fills it in, sends it, reads the answer."""

from __future__ import annotations

import http.client
import re
import threading
import time
import urllib.parse
from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser

from bench.instance import PASSWORD

_TIMEOUT_S = 120
_LINK = re.compile(r'href="(/meldungen/\d+)"')
# Whoever is impatient presses the button twice.
IMPATIENT = 10


@dataclass
class Seen:
    """What people saw: milliseconds by kind of request, and every answer that was an error."""

    took_ms: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    sent: dict[int, str] = field(default_factory=dict)


class Person:
    """A browser of one institution's representative, with connections kept open."""

    def __init__(self, address: str, email: str) -> None:
        parsed = urllib.parse.urlsplit(address)
        self._host, self._port = parsed.hostname or "", parsed.port or 80
        self._email = email
        self._cookies: dict[str, str] = {}
        self._local = threading.local()
        self.seen = Seen()

    def report_all(self) -> None:
        """Sign in and submit a report for every measure on "Meine Maßnahmen"."""
        page = self._get("sign-in page", "/anmelden")
        form = {**fields(page, "/anmelden"), "email": self._email, "password": PASSWORD}
        mine = self._post("sign in", "/anmelden", form)
        for path in sorted(set(_LINK.findall(mine))):
            self._report(path)

    def _report(self, path: str) -> None:
        number = int(path.rsplit("/", 1)[1])
        page = self._get("form", path)
        text = f"Meldung {number} von {self._email}: zwei Angebote haben begonnen."
        form = {
            **fields(page, path),
            "implementation": "in_progress",
            "course": "on_track",
            "achieved": text,
            "next_step": "Drittes Angebot ausschreiben",
        }
        self.seen.sent[number] = text
        if number % IMPATIENT == 0:
            again = threading.Thread(target=self._click_again, args=(path, form))
            again.start()
            self._post("submit", f"{path}/absenden", form, may_lose=True)
            again.join()
        else:
            self._post("submit", f"{path}/absenden", form)

    def _click_again(self, path: str, form: dict[str, str]) -> None:
        self._post("second click", f"{path}/absenden", form, may_lose=True)

    def _get(self, kind: str, path: str) -> str:
        status, _, body = self._timed(kind, "GET", path)
        if status != 200:
            self.seen.errors.append(f"{kind} {path}: {status}")
        return body

    def _post(self, kind: str, path: str, form: dict[str, str], *, may_lose: bool = False) -> str:
        """Post as a browser does and follow; of two clicks one may find the report submitted."""
        status, location, body = self._timed(kind, "POST", path, urllib.parse.urlencode(form))
        if status == 302:
            return self._get("page after", location)
        if not (may_lose and status == 409):
            self.seen.errors.append(f"{kind} {path}: {status}")
        return body

    def _timed(
        self, kind: str, method: str, path: str, body: str | None = None
    ) -> tuple[int, str, str]:
        begun = time.perf_counter()
        try:
            answer = self._send(method, path, body)
        except OSError as error:
            answer = (0, "", "")
            self.seen.errors.append(f"{kind} {path}: {error!r}")
        self.seen.took_ms[kind].append((time.perf_counter() - begun) * 1000)
        return answer

    def _send(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        if not hasattr(self._local, "connection"):
            self._local.connection = http.client.HTTPConnection(
                self._host, self._port, timeout=_TIMEOUT_S
            )
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection: http.client.HTTPConnection = self._local.connection
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        location = urllib.parse.urlsplit(response.headers.get("Location", ""))
        target = location.path + (f"?{location.query}" if location.query else "")
        return response.status, target, response.read().decode("utf-8")


def fields(page: str, action: str) -> dict[str, str]:
    """Return what a browser would post of the form with this address, as it stands."""
    reader = _FormReader(action)
    reader.feed(page)
    return reader.found


class _FormReader(HTMLParser):
    """Collects the successful controls of one form."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._action = action
        self._inside = False
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a control of the form."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("action", self._action) == self._action
        if not self._inside:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind not in {"radio", "checkbox"} or "checked" in given:
                self.found[name] = given.get("value", "")
        elif tag == "select":
            self._select = name
        elif (
            tag == "option"
            and self._select
            and ("selected" in given or self._select not in self.found)
        ):
            self.found[self._select] = given.get("value", "")
        elif tag == "textarea" and name:
            self._area, self.found[name] = name, ""

    def handle_endtag(self, tag: str) -> None:
        """Note where a control or the form ends."""
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        """Take the text of a text area; its first line break is markup."""
        if self._area:
            self.found[self._area] += data.removeprefix("\n")
