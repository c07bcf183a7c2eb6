"""Ten thousand wrong sign-ins at a served instance: it stays usable, and nobody is locked out."""

from __future__ import annotations

import http.client
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.e2e.instance import PASSWORD, Instance

pytestmark = pytest.mark.attack

KIM, ROBIN = "kim@stadt.example", "robin@stadt.example"
WRONG = 10_000
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Visitor:
    """A browser that signs in over one connection that it keeps."""

    def __init__(self, port: int) -> None:
        self.cookies: dict[str, str] = {}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._token = _TOKEN.findall(self._ask("GET", "/anmelden")[1])[0]

    def close(self) -> None:
        self._connection.close()

    def sign_in(self, email: str, password: str) -> int:
        """Return the status of the answer."""
        body = urlencode({"csrf_token": self._token, "email": email, "password": password})
        return self._ask("POST", "/anmelden", body)[0]

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self._connection.request(method, path, body, headers)
        except (http.client.NotConnected, ConnectionError):
            self._connection.close()
            self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        for value in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, answer.read().decode("utf-8")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    instance = Instance(tmp_path_factory.mktemp("sign-in"))
    instance.tracker("db", "upgrade")
    for email in (KIM, ROBIN):
        instance.create_user(email, "--role", "coordination")
    instance.start()
    yield instance
    instance.stop()


@pytest.fixture
def come(served: Instance) -> Iterator[Callable[[], Visitor]]:
    with ExitStack() as connections:

        def someone() -> Visitor:
            visitor = Visitor(served.port)
            connections.callback(visitor.close)
            return visitor

        yield someone


def test_ten_thousand_wrong_sign_ins_lock_nobody_out(come: Callable[[], Visitor]) -> None:
    known = come()
    assert known.sign_in(KIM, PASSWORD) == 302
    device = known.cookies["geraet"]

    guesser, answers = come(), Counter[int]()
    for number in range(WRONG):
        email = KIM if number % 2 else f"person{number}@stadt.example"
        answers[guesser.sign_in(email, "falsch geraten")] += 1
    # What is free for an address, and a few more as waits end: all others are not hashed.
    assert answers.keys() == {401, 429}
    assert answers[401] <= 100 + 10
    assert answers.total() == WRONG

    at_known_device = come()
    at_known_device.cookies["geraet"] = device
    assert at_known_device.sign_in(KIM, PASSWORD) == 302

    # A colleague at the same address, with a device that is new, while guessing goes on.
    new_device, end = come(), time.monotonic() + 150
    while new_device.sign_in(ROBIN, PASSWORD) == 429:
        assert time.monotonic() < end
        guesser.sign_in(f"person{time.monotonic()}@stadt.example", "falsch geraten")
        time.sleep(1)


def test_what_is_kept_of_them_stays_small(served: Instance) -> None:
    size = sum(path.stat().st_size for path in Path(served.folder).glob("tracker.sqlite3*"))
    assert size < 20_000_000
