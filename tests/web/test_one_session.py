"""Of one session a few requests are at work at once; its others wait, and nobody behind them."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask

from tests.web.test_front import Client, leave
from tracker.web import limits
from tracker.web.access import public
from tracker.web.front import Front, Message
from tracker.web.limits import makes_paper, takes


class Site:
    """An application whose views note who asked, and go on once they are told to."""

    def __init__(self) -> None:
        self.app = Flask(__name__)
        self.app.secret_key = "for tests only"
        self.seen: list[str] = []
        self.go_on = threading.Event()
        limits.init_app(self.app)
        self.app.add_url_rule("/page/<name>", "page", public(partial(self._note)))
        self.app.add_url_rule("/paper/<name>", "paper", public(makes_paper(partial(self._note))))
        taking = public(takes(file=1000)(partial(self._note)))
        self.app.add_url_rule("/file/<name>", "file", taking, methods=["POST"])
        self.front = Front(self.app)
        self.answered: list[str] = []

    def _note(self, name: str) -> str:
        self.seen.append(name)
        assert self.go_on.wait(30)
        return name

    def cookie(self, token: str, **more: str) -> str:
        """A genuine cookie of a session; the same session has another one with `more` in it."""
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return f"cookie: session={serializer.dumps({'_user_id': token} | more)}"

    def ask(
        self,
        path: str,
        *headers: str,
        then: Callable[[], Awaitable[Message]] | None = None,
        body: bytes = b"",
    ) -> asyncio.Task[None]:
        """Begin a request, whose client waits for its answer unless it does something `then`."""
        method = "POST" if body else "GET"
        length = (f"content-length: {len(body)}", "content-type: text/plain") if body else ()
        rest = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            if rest:
                return rest.pop()
            return await then() if then else await asyncio.Future()

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.answered.append(path.rpartition("/")[2])

        scope = Client(path, method, headers=(*headers, *length)).scope
        return asyncio.ensure_future(self.front(scope, receive, send))  # type: ignore[arg-type]

    def run(self, course: Callable[[], Awaitable[Any]]) -> None:
        """Run this; nothing of what was asked is left behind."""

        async def whole() -> None:
            async with asyncio.timeout(30):
                await course()
            await asyncio.sleep(0)
            assert asyncio.all_tasks() == {asyncio.current_task()}

        asyncio.run(whole())
        gc.collect()
        assert len(self.front.sessions) == 0


@pytest.fixture
def site() -> Site:
    return Site()


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.001)


def test_others_wait_behind_two_pages_of_a_session(site: Site) -> None:
    async def course() -> None:
        tasks = [site.ask("/page/a", site.cookie("a", seen=str(number))) for number in range(20)]
        await until(lambda: site.seen)
        tasks += [site.ask("/page/b", site.cookie("b")), site.ask("/page/nobody")]
        await asyncio.sleep(0)
        site.go_on.set()
        await asyncio.gather(*tasks)

    site.run(course)
    assert site.seen[:2] == ["a", "a"]
    assert set(site.seen[2:5]) == {"a", "b", "nobody"}
    # Nobody is refused.
    assert sorted(site.answered) == ["a"] * 20 + ["b", "nobody"]


@pytest.mark.parametrize(("address", "body"), [("/paper/", b""), ("/file/", b"x")])
def test_pages_and_other_sessions_go_on_beside_what_takes_long(
    site: Site, address: str, body: bytes
) -> None:
    async def course() -> None:
        asked = [site.ask(f"{address}a", site.cookie("a"), body=body) for _ in range(20)]
        await until(lambda: site.seen)
        asked.append(site.ask(f"{address}b", site.cookie("b"), body=body))
        asked.append(site.ask("/page/b", site.cookie("b")))
        await until(lambda: len(site.seen) == (2 if address == "/paper/" else 3))
        site.go_on.set()
        await asyncio.gather(*asked)

    site.run(course)
    assert site.seen.index("b") <= 1
    assert site.seen[:3].count("b") == 2
    assert sorted(site.answered) == ["a"] * 20 + ["b", "b"]


def test_for_who_has_left_nothing_is_made(site: Site) -> None:
    async def course() -> None:
        cookie = site.cookie("a")
        first = site.ask("/paper/first", cookie)
        await until(lambda: site.seen)
        await asyncio.gather(*(site.ask("/paper/gone", cookie, then=leave) for _ in range(20)))
        last = site.ask("/paper/last", cookie)
        site.go_on.set()
        await asyncio.gather(first, last)

    site.run(course)
    assert site.seen == site.answered == ["first", "last"]


def test_a_forged_cookie_is_no_session(site: Site) -> None:
    environ = {"HTTP_COOKIE": site.cookie("a").partition(": ")[2] + "x", "REQUEST_METHOD": "GET"}
    asked = site.app.request_class(environ)
    assert limits.session_token(site.app, asked) is None


def test_of_a_session_one_file_is_read_at_a_time(site: Site) -> None:
    bodies: list[int] = []

    async def body() -> Message:
        bodies.append(1)
        return {"type": "http.request", "body": b"x", "more_body": False}

    async def course() -> None:
        cookie = site.cookie("a")
        headers = ("content-length: 1", "content-type: text/plain", cookie)
        scopes = [Client("/file/a", "POST", headers=headers).scope for _ in range(5)]

        async def send(_message: Message) -> None:
            pass

        tasks = [asyncio.ensure_future(site.front(scope, body, send)) for scope in scopes]
        await until(lambda: site.seen)
        assert len(bodies) == 1
        site.go_on.set()
        await asyncio.gather(*tasks)

    site.run(course)
    assert len(bodies) == 5
