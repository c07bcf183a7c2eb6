"""One person who reports: signs in, opens each form, fills it in, sends it, reads the answer."""

from __future__ import annotations

import http.client
import re
import time
import urllib.parse
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from threading import Thread

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
    """A browser of one institution's representative, with a connection kept open."""

    def __init__(self, address: str, email: str) -> None:
        parsed = urllib.parse.urlsplit(address)
        self._host, self._port = parsed.hostname or "", parsed.port or 80
        self._email = email
        self._cookies: dict[str, str] = {}
        self._connection = self._connect()
        self.seen = Seen()

    def report_all(self) -> None:
        """Sign in and submit a report for every measure on "Meine Maßnahmen"."""
        page = self._get("sign-in page", "/anmelden")
        form = {**fields(page, "/anmelden"), "email": self._email, "password": PASSWORD}
        mine = self._post("sign in", "/anmelden", form)
        with closing(self._connection):
            for path in sorted(set(_LINK.findall(mine))):
                self._report(path)

    def _report(self, path: str) -> None:
        number = int(path.rsplit("/", 1)[1])
        page = self._get("form", path)
        text = f"Zwei weitere Angebote haben begonnen, {number} Anfragen kamen."
        form = {
            **fields(page, path),
            "implementation": "in_progress",
            "course": "on_track",
            "achieved": text,
            "next_step": "Drittes Angebot ausschreiben",
        }
        self.seen.sent[number] = text
        if number % IMPATIENT == 0:
            again = Thread(target=self._click_again, args=(path, form))
            again.start()
            self._post("submit", f"{path}/absenden", form, may_lose=True)
            again.join()
        else:
            self._post("submit", f"{path}/absenden", form)

    def _click_again(self, path: str, form: dict[str, str]) -> None:
        with closing(self._connect()) as connection:
            self._post("second click", f"{path}/absenden", form, connection=connection)

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT_S)

    def _get(
        self, kind: str, path: str, connection: http.client.HTTPConnection | None = None
    ) -> str:
        status, _, body = self._timed(kind, "GET", path, None, connection)
        if status != 200:
            self.seen.errors.append(f"{kind} {path}: {status}")
        return body

    def _post(
        self,
        kind: str,
        path: str,
        form: dict[str, str],
        *,
        may_lose: bool = False,
        connection: http.client.HTTPConnection | None = None,
    ) -> str:
        """Post as a browser does and follow; of two clicks one may find the report submitted."""
        body = urllib.parse.urlencode(form)
        status, location, page = self._timed(kind, "POST", path, body, connection)
        if status == 302:
            return self._get("page after", location, connection)
        if not (status == 409 and (may_lose or connection)):
            self.seen.errors.append(f"{kind} {path}: {status}")
        return page

    def _timed(
        self,
        kind: str,
        method: str,
        path: str,
        body: str | None,
        connection: http.client.HTTPConnection | None,
    ) -> tuple[int, str, str]:
        begun = time.perf_counter()
        try:
            answer = self._send(connection or self._connection, method, path, body)
        except OSError as error:
            answer = (0, "", "")
            self.seen.errors.append(f"{kind} {path}: {error!r}")
        self.seen.took_ms[kind].append((time.perf_counter() - begun) * 1000)
        return answer

    def _send(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: str | None
    ) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
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
