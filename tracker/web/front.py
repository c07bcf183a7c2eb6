"""In front of Flask: takes bodies and sends answers in the event loop (docs/adr/0031).

A thread of the application works on a request only once its body is there as a whole, and is free
again once the answer is made: who sends or reads slowly holds a connection and nothing else. Of one
session only a few requests are at work at once; its others wait here, and nobody else behind them.
What is read at all, up to how many bytes, and in which lane it is worked on, says `limits.py`.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes
from weakref import WeakValueDictionary

from flask import Flask, Request
from werkzeug.test import run_wsgi_app

from tracker.core import apart
from tracker.web import errors, limits
from tracker.web.limits import Lane

# A page or paper holds the interpreter. Who waits for a file that is read apart holds nothing;
# those beyond the places there are asked to come back instead of standing in a row.
THREADS = {Lane.PAGES: 1, Lane.PAPERS: 1, Lane.FILES: apart.PLACES + 2}
# Handed to the threads at once: the next page is at hand when one is done.
AT_WORK = {**THREADS, Lane.PAGES: 2}
# Of these at most so many of one session; its others wait for them, and take nobody's turn.
OF_A_SESSION = {Lane.PAGES: 2, Lane.PAPERS: 1, Lane.FILES: 1}

# A body or an answer has this long, and the time that its bytes need on a bad line.
SECONDS = 20
BYTES_PER_SECOND = 25_000
# Bodies and answers that are under way, for each process; small ones do not count.
MOST_UNDER_WAY = 64_000_000
SMALL = 64_000
_CHUNK = 64_000

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Discarded(NamedTuple):
    """What is taken and thrown away: a browser that cannot send on shows a broken line instead."""

    bytes: int
    seconds: float


OF_KNOWN = Discarded(200_000_000, 120)
OF_STRANGERS = Discarded(100_000, 2)
NO_MORE = Discarded(0, 0)


class ClientLeftError(Exception):
    """Nobody waits for an answer any more."""


class Answer(NamedTuple):
    """What the application answered, whole."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Room:
    """The bytes that may be under way at once; when there are more, the slowest are sent away."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.used = 0
        self._waiting: dict[Transfer, int] = {}

    def note(self, transfer: Transfer, size: int) -> None:
        """Note how much a transfer holds by now; ends the longest ones where it is too much."""
        self.used += size - self._waiting.get(transfer, 0)
        self._waiting[transfer] = size
        while self.used > self.most and self._waiting:
            oldest = next(iter(self._waiting))
            self.forget(oldest)
            oldest.send_away()

    @contextmanager
    def holding(self, size: int) -> Iterator[None]:
        """Count a body that is there as a whole: it stays until it is worked on."""
        self.used += size
        try:
            yield
        finally:
            self.used -= size

    def forget(self, transfer: Transfer) -> None:
        self.used -= self._waiting.pop(transfer, 0)


class Transfer:
    """A body that comes in or an answer that goes out, with the time that it has."""

    def __init__(self, room: Room, deadline: asyncio.Timeout) -> None:
        self.was_sent_away = False
        self._room, self._deadline = room, deadline
        self._began = asyncio.get_running_loop().time()

    def moved(self, done: int, held: int) -> None:
        """Give the time for the bytes that were moved; `held` are those that are in memory."""
        if not self.was_sent_away and not self._deadline.expired():
            self._deadline.reschedule(self._began + SECONDS + done / BYTES_PER_SECOND)
            if held > SMALL:
                self._room.note(self, held)

    def send_away(self) -> None:
        self.was_sent_away = True
        if not self._deadline.expired():
            self._deadline.reschedule(0)


class Front:
    """An ASGI application around a Flask application."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._room = Room(MOST_UNDER_WAY)
        # A monitor that waits behind a page would have a process restarted that is only at work.
        self._monitors = {
            rule.rule: ThreadPoolExecutor(1, "monitors")
            for rule in app.url_map.iter_rules()
            if rule.endpoint in errors.FOR_MONITORS
        }
        self._threads = {lane: ThreadPoolExecutor(THREADS[lane], lane) for lane in Lane}
        self._at_work = {lane: asyncio.Semaphore(AT_WORK[lane]) for lane in Lane}
        self.sessions = Lines()
        self._began: dict[int, float] = {}

    def oldest_start(self) -> float | None:
        """Return since when the oldest request is worked on (monotonic seconds), None for none."""
        return min(list(self._began.values()), default=None)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        environ = environ_of(scope)
        with suppress(ClientLeftError):
            answer, unread = await self._work(environ, receive)
            if unread:
                answer.headers.append((b"connection", b"close"))
            await self._send(answer, send, (scope["client"][0], int(scope["client"][1])))
            if unread:
                await discard(receive, unread)

    async def _work(
        self, environ: dict[str, Any], receive: Receive
    ) -> tuple[Answer, Discarded | None]:
        """Have a request worked on when it is its turn; says what is done with an unread body."""
        asked = self.app.request_class(environ, populate_request=False)
        lane, token = limits.lane(self.app, asked), limits.session_token(self.app, asked)
        lines = [] if token is None else [self.sessions.of(token, lane)]
        async with AsyncExitStack() as places:
            if lane is Lane.FILES:
                # Before the body: of one session no more than one file is in memory.
                await turn(places, lines)
                lines = []
            unread = await self._read(environ, asked, receive)
            if unread:
                lane = Lane.PAGES
            places.enter_context(
                self._room.holding(0 if unread else int(environ["CONTENT_LENGTH"]))
            )
            pool = self._monitors.get(environ["PATH_INFO"])
            if pool is None:
                pool = self._threads[lane]
                await turn(places, [*lines, self._at_work[lane]], None if unread else receive)
            work = asyncio.get_running_loop().run_in_executor
            return await work(pool, self._answer, environ), unread

    def _answer(self, environ: dict[str, Any]) -> Answer:
        key = id(environ)
        self._began[key] = time.monotonic()
        try:
            parts, status, headers = run_wsgi_app(self.app.wsgi_app, environ, buffered=True)
        finally:
            del self._began[key]
        named = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
        return Answer(int(status[:3]), named, b"".join(parts))

    async def _read(
        self, environ: dict[str, Any], asked: Request, receive: Receive
    ) -> Discarded | None:
        """Put the body into the environ, or why it was refused; says what is done with the rest."""
        announced = int(environ.setdefault("CONTENT_LENGTH", "0"))
        if not announced and "HTTP_TRANSFER_ENCODING" not in environ:
            return None
        limit = limits.limit(self.app, asked)
        body, status = BytesIO(), 413
        if announced <= limit.bytes and limit is not limits.NOTHING:
            status = await self._take(body, limit, receive)
        if not status:
            environ |= {"wsgi.input": body, "CONTENT_LENGTH": str(body.tell())}
            environ.pop("HTTP_TRANSFER_ENCODING", None)
            body.seek(0)
            return None
        if limit is not limits.NOTHING:
            environ[limits.REFUSED] = status
        if status == 408:
            return NO_MORE
        return OF_KNOWN if limits.is_known(self.app, asked) else OF_STRANGERS

    async def _take(self, body: BytesIO, limit: limits.Limit, receive: Receive) -> int:
        """Receive a body; returns 0, or the status by which it is refused."""
        with self._transfer() as (deadline, transfer):
            try:
                async with deadline:
                    async for chunk in chunks(receive):
                        body.write(chunk)
                        if body.tell() > limit.bytes:
                            return 413
                        transfer.moved(body.tell(), held=body.tell())
            except TimeoutError:
                return 503 if transfer.was_sent_away else 408
        return 0

    async def _send(self, answer: Answer, send: Send, client: tuple[str, int]) -> None:
        """Send an answer; of who reads it too slowly, the connection is cut."""
        size = len(answer.body)
        start = {"status": answer.status, "headers": answer.headers}
        await send({"type": "http.response.start", **start})
        if size <= _CHUNK:
            await send(part(answer.body))
            return
        try:
            with self._transfer() as (deadline, transfer):
                async with deadline:
                    for begin in range(0, size, _CHUNK):
                        transfer.moved(begin, held=size)
                        await send(part(answer.body[begin : begin + _CHUNK], more=True))
                    await send(part(b""))
        except TimeoutError:
            cut(client)

    @contextmanager
    def _transfer(self) -> Iterator[tuple[asyncio.Timeout, Transfer]]:
        deadline = asyncio.timeout(SECONDS)
        transfer = Transfer(self._room, deadline)
        try:
            yield deadline, transfer
        finally:
            self._room.forget(transfer)


class Lines:
    """A line for each session and lane; it is gone when nobody is at work or waits in it."""

    def __init__(self) -> None:
        self._lines: WeakValueDictionary[tuple[str, Lane], asyncio.Semaphore] = (
            WeakValueDictionary()
        )

    def __len__(self) -> int:
        return len(self._lines)

    def of(self, token: str, lane: Lane) -> asyncio.Semaphore:
        """Return a session's line; it lasts as long as somebody holds it."""
        line = self._lines.get((token, lane))
        if line is None:
            line = self._lines[token, lane] = asyncio.Semaphore(OF_A_SESSION[lane])
        return line


async def turn(
    places: AsyncExitStack, lines: Sequence[asyncio.Semaphore], receive: Receive | None = None
) -> None:
    """Wait for a place in each line; with `receive` no longer than the client does.

    Raises ClientLeftError.
    """

    async def enter() -> None:
        for line in lines:
            await places.enter_async_context(line)

    if receive is None or not any(line.locked() for line in lines):
        await enter()
        return
    waiting, left = asyncio.ensure_future(enter()), asyncio.ensure_future(leaving(receive))
    try:
        await asyncio.wait((waiting, left), return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            raise ClientLeftError
    finally:
        waiting.cancel()
        left.cancel()


async def leaving(receive: Receive) -> None:
    """Wait until the client of a request that was read has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def chunks(receive: Receive) -> Any:
    """Yield a body as it comes; raises ClientLeftError where it does not come to its end."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeftError
        yield message.get("body", b"")
        more = message.get("more_body", False)


async def discard(receive: Receive, rest: Discarded) -> None:
    """Take what is still sent, and keep nothing of it."""
    left = rest.bytes
    with suppress(TimeoutError):
        async with asyncio.timeout(rest.seconds):
            async for chunk in chunks(receive):
                left -= len(chunk)
                if left < 0:
                    return


def cut(client: tuple[str, int]) -> None:
    """Cut a client's connection, which the server would keep until everything in it was read."""
    family = socket.AF_INET6 if ":" in client[0] else socket.AF_INET
    for open_file in Path("/dev/fd").iterdir():
        number = int(open_file.name)
        with suppress(OSError), socket.fromfd(number, family, socket.SOCK_STREAM) as connection:
            if connection.getpeername()[:2] == client:
                connection.shutdown(socket.SHUT_RDWR)


def environ_of(scope: Message) -> dict[str, Any]:
    """Return what WSGI calls a request, without its body."""
    path = unquote_to_bytes(scope["raw_path"]).decode("latin-1")
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": scope["server"][0],
        "SERVER_PORT": str(scope["server"][1]),
        "REMOTE_ADDR": scope["client"][0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        # X_Forwarded_For is not the X-Forwarded-For that a proxy has set.
        if b"_" not in name:
            add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    return environ


def add_header(environ: dict[str, Any], name: str, value: str) -> None:
    key = name.upper().replace("-", "_")
    if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
        key = f"HTTP_{key}"
    if key in environ:
        value = f"{environ[key]}{';' if key == 'HTTP_COOKIE' else ','}{value}"
    environ[key] = value
