"""The front takes bodies and sends answers as slowly as clients are, and hands on whole ones."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask, Response, request

from tracker.web import front, limits
from tracker.web.access import public
from tracker.web.front import Front, Message, Room, Transfer
from tracker.web.limits import takes

FOREVER = 3600


def application() -> Flask:
    """A small application: what it was asked, a page as long as wished, a view for files."""
    app = Flask(__name__)
    app.secret_key = "for tests only"
    limits.init_app(app)

    @app.route("/<path:_path>")
    @public
    def seen(_path: str) -> Any:
        environ = {name: str(value) for name, value in request.environ.items()}
        return environ | {"body": request.get_data(as_text=True)}

    @app.post("/form")
    @public
    @takes(bytes=1000)
    def form() -> Any:
        return {"length": request.content_length, "body": request.get_data(as_text=True)}

    @app.post("/file")
    @public
    @takes(bytes=0, file=1000)
    def file() -> Any:
        return {"thread": threading.current_thread().name}

    @app.get("/long/<int:size>")
    @public
    def long(size: int) -> Any:
        return Response(b"x" * size)

    return app


class Client:
    """One request to the front, and what it answers."""

    def __init__(self, path: str, method: str = "GET", *, headers: Sequence[str] = ()) -> None:
        pairs = [header.split(": ") for header in headers]
        self.scope: Message = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "raw_path": path.partition("?")[0].encode(),
            "query_string": path.partition("?")[2].encode(),
            "server": ("127.0.0.1", "8000"),
            "client": ("192.0.2.7", "5000"),
            "headers": [(name.encode(), value.encode()) for name, value in pairs],
        }
        self.asked = 0
        self.sent: list[Message] = []

    def run(
        self,
        chunks: Sequence[bytes] = (),
        *,
        app: Front | None = None,
        then: Callable[[], Awaitable[Message]] | None = None,
        send: Callable[[Message], Awaitable[None]] | None = None,
    ) -> Response:
        """Send these chunks, then whatever comes `then`, by default the body's end."""
        rest = list(chunks)

        async def receive() -> Message:
            self.asked += 1
            if rest:
                more = len(rest) > 1 or then is not None
                return {"type": "http.request", "body": rest.pop(0), "more_body": more}
            return await then() if then else {"type": "http.disconnect"}

        async def note(message: Message) -> None:
            self.sent.append(message)

        asyncio.run((app or Front(application()))(self.scope, receive, send or note))
        body = b"".join(message.get("body", b"") for message in self.sent)
        if not self.sent:
            return Response(status=0)
        headers = [(name.decode(), value.decode()) for name, value in self.sent[0]["headers"]]
        return Response(body, self.sent[0]["status"], headers)


async def forever() -> Message:
    await asyncio.sleep(FOREVER)
    raise AssertionError


async def leave() -> Message:
    return {"type": "http.disconnect"}


def posted(path: str, size: int, *more: str) -> Client:
    headers = (f"content-length: {size}", "content-type: text/plain", *more)
    return Client(path, "POST", headers=headers)


def test_the_application_is_told_what_was_asked() -> None:
    headers = ["host: stadt.example", "cookie: a=1", "cookie: b=2", "x-forwarded-for: 1"]
    headers += ["x-forwarded-for: 2", "x_forwarded_for: 3"]
    told = Client("/a%20b/%C3%A4%FF?q=%C3%A4", headers=headers).run().get_json()
    assert told["PATH_INFO"] == "/a b/Ã¤ÿ"
    assert told["QUERY_STRING"] == "q=%C3%A4"
    assert told["REMOTE_ADDR"] == "192.0.2.7"
    assert told["HTTP_HOST"] == "stadt.example"
    assert told["HTTP_COOKIE"] == "a=1;b=2"
    assert told["HTTP_X_FORWARDED_FOR"] == "1,2"
    assert told["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert told["wsgi.url_scheme"] == "http"


def test_a_body_comes_in_pieces_and_is_handed_on_whole() -> None:
    answer = posted("/form", 6).run([b"ab", b"cd", b"ef"])
    assert answer.get_json() == {"length": 6, "body": "abcdef"}


def test_a_body_of_unknown_length_gets_one() -> None:
    headers = ["transfer-encoding: chunked", "content-type: text/plain"]
    answer = Client("/form", "POST", headers=headers).run([b"ab", b"cd"])
    assert answer.get_json() == {"length": 4, "body": "abcd"}


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_that_is_too_large_is_answered_and_not_kept(announced: bool) -> None:
    header = "content-length: 30000000" if announced else "transfer-encoding: chunked"
    client = Client("/form", "POST", headers=[header])
    answer = client.run([b"x" * 600] * 100_000)
    assert answer.status_code == 413
    assert answer.headers["Connection"] == "close"
    assert len(answer.data) < 1000
    # A stranger's: so much is thrown away, and the rest stays in the line.
    assert client.asked * 600 < 2 * front.OF_STRANGERS.bytes


def test_nothing_is_read_for_an_address_that_takes_nothing() -> None:
    for path, method in (("/form", "PUT"), ("/somewhere", "POST"), ("/somewhere", "GET")):
        client = Client(path, method, headers=["content-length: 5", "content-type: text/plain"])
        seen: list[int] = []

        async def then(client: Client = client, seen: list[int] = seen) -> Message:
            seen.append(len(client.sent))
            return {"type": "http.disconnect"}

        answer = client.run(then=then)
        # The answer was there before anything of the body was asked for.
        assert seen == [2]
        assert answer.status_code == (200 if method == "GET" else 405)


def test_who_leaves_in_the_middle_is_not_answered_and_nothing_is_done() -> None:
    client = posted("/form", 6)
    assert client.run([b"ab"], then=leave).status_code == 0


def test_a_body_that_comes_too_slowly_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "SECONDS", 0.05)
    client = posted("/form", 6)
    answer = client.run([b"ab"], then=forever)
    assert answer.status_code == 408
    assert answer.headers["Connection"] == "close"


def test_a_body_gets_the_time_that_its_bytes_need() -> None:
    async def times() -> list[float]:
        async with asyncio.timeout(1) as deadline:
            began = asyncio.get_running_loop().time()
            transfer = Transfer(Room(100), deadline)
            found = []
            for size in (0, 25_000, 2_500_000):
                transfer.moved(size, held=0)
                found.append(round((deadline.when() or 0) - began, 1))
            return found

    assert asyncio.run(times()) == [20, 21, 120]


def test_who_reads_too_slowly_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "SECONDS", 0.05)
    monkeypatch.setattr(front, "BYTES_PER_SECOND", 10_000_000)
    sent: list[Message] = []

    async def stuck(message: Message) -> None:
        sent.append(message)
        if len(sent) == 3:
            await asyncio.sleep(FOREVER)

    Client("/long/1000000").run(send=stuck)
    assert len(sent) == 3
    assert sent[-1]["more_body"]


def test_one_connection_is_cut_and_no_other() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        lines = [socket.create_connection(server.getsockname(), timeout=10) for _ in "ab"]
        taken = [server.accept()[0] for _ in lines]
        front.cut(lines[0].getsockname())
        assert lines[0].recv(1) == b""
        taken[1].sendall(b"still here")
        assert lines[1].recv(10) == b"still here"
        for line in (*lines, *taken):
            line.close()


@pytest.mark.parametrize("size", [0, 1, 63_999, 64_000, 64_001, 128_000, 300_000])
def test_an_answer_arrives_whole(size: int) -> None:
    client = Client(f"/long/{size}")
    answer = client.run()
    assert answer.data == b"x" * size
    assert answer.headers["Content-Length"] == str(size)
    assert [message.get("more_body", True) for message in client.sent].count(False) == 1


def test_files_are_worked_on_beside_the_pages() -> None:
    answer = posted("/file", 2).run([b"ab"])
    assert answer.get_json()["thread"].startswith("files")


def test_a_process_that_is_busy_tells_monitors_that_it_lives() -> None:
    app = Flask(__name__)
    limits.init_app(app)
    working, done = threading.Barrier(3), threading.Event()

    def busy() -> str:
        working.wait(10)
        done.wait(10)
        return "late"

    app.add_url_rule("/", view_func=busy)
    app.add_url_rule("/bereit", endpoint="watch.ready", view_func=busy)
    app.add_url_rule("/gesund", endpoint="watch.alive", view_func=lambda: "alive")
    process = Front(app)
    with ThreadPoolExecutor(2) as people:
        late = [people.submit(Client(path).run, app=process) for path in ("/", "/bereit")]
        working.wait(10)
        assert Client("/gesund").run(app=process).data == b"alive"
        assert not any(answer.done() for answer in late)
        done.set()
        assert [answer.result().data for answer in late] == [b"late", b"late"]


def test_the_front_knows_since_when_something_is_worked_on() -> None:
    app = Flask(__name__)
    limits.init_app(app)
    known = Front(app)
    starts: list[float | None] = []
    app.add_url_rule("/", view_func=lambda: starts.append(known.oldest_start()) or "")
    assert known.oldest_start() is None
    Client("/").run(app=known)
    assert starts[0] is not None
    assert known.oldest_start() is None


def test_when_too_much_is_under_way_the_oldest_goes() -> None:
    room = Room(300_000)

    async def slow(name: str, out: list[str]) -> None:
        deadline = asyncio.timeout(FOREVER)
        transfer = Transfer(room, deadline)
        try:
            async with deadline:
                transfer.moved(150_000, held=150_000)
                await asyncio.sleep(FOREVER)
        except TimeoutError:
            out.append(name)
        finally:
            room.forget(transfer)

    async def three() -> list[str]:
        out: list[str] = []
        tasks = [asyncio.create_task(slow(name, out)) for name in "abc"]
        while not out:
            await asyncio.sleep(0)
        assert room.used == 300_000
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return out

    assert asyncio.run(three()) == ["a"]
    assert room.used == 0


def test_a_body_that_found_no_room_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "MOST_UNDER_WAY", 100)
    monkeypatch.setattr(front, "SMALL", 10)
    monkeypatch.setattr(front, "OF_STRANGERS", front.NO_MORE)
    assert posted("/form", 600).run([b"x" * 300], then=forever).status_code == 503
