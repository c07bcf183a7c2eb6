"""A served instance under attack: connections written by hand, byte by byte."""

from __future__ import annotations

import http.client
import select
import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psutil
from flask import Flask

from tests.e2e.instance import PASSWORD, Instance
from tests.moments import PATIENCE
from tracker.web.cookies import SignedCookies

# Enough to take every thread and every connection that a person's browser could want.
MANY = 40


@contextmanager
def serving(folder: Path, seeded_file: Path) -> Iterator[Instance]:
    """Serve an instance as a city does; it has ended with the block."""
    instance = Instance(folder)
    shutil.copy(seeded_file, instance.database)
    try:
        instance.start()
        yield instance
    finally:
        instance.stop()


@contextmanager
def connections(instance: Instance, number: int = MANY) -> Iterator[list[socket.socket]]:
    """Open connections that read as little as possible by themselves."""
    with ExitStack() as opened:
        sockets = []
        for _ in range(number):
            connection = opened.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", instance.port))
            sockets.append(connection)
        yield sockets


def head(method: str, path: str, *headers: str, host: str = "127.0.0.1") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers, "", ""]
    return "\r\n".join(lines).encode()


def known_cookie(instance: Instance) -> str:
    """Return the header with the cookie of somebody whose session has ended."""
    signer = Flask("sitzung")
    signer.secret_key = instance.secret_key
    serializer = SignedCookies().get_signing_serializer(signer)
    assert serializer is not None
    return f"Cookie: sitzung={serializer.dumps({'_user_id': 'ended'})!s}"


def visitor_cookie(instance: Instance) -> str:
    """Return the header with the cookie that anybody gets: signed by us, nobody signed in."""
    headers = answer(instance, "GET", "/anmelden")[1]
    return f"Cookie: {headers['Set-Cookie'].partition(';')[0]}"


def session_cookie(instance: Instance, email: str) -> str:
    """Sign somebody in; returns the header with the cookie."""
    before = answer(instance, "GET", "/anmelden")
    cookie = f"Cookie: {before[1]['Set-Cookie'].partition(';')[0]}"
    token = before[2].decode().split('name="csrf_token" value="')[1].split('"')[0]
    form = urlencode({"csrf_token": token, "email": email, "password": PASSWORD}).encode()
    kind = "Content-Type: application/x-www-form-urlencoded"
    cookies = answer(instance, "POST", "/anmelden", form, kind, cookie)[1].get_all("Set-Cookie", [])
    name = cookie.removeprefix("Cookie: ").partition("=")[0]
    (given,) = (one.partition(";")[0] for one in cookies if one.startswith(f"{name}="))
    return f"Cookie: {given}"


def answer(
    instance: Instance, method: str, path: str, body: bytes | None = None, *headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Return status, headers and body of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", instance.port, timeout=PATIENCE)
    pairs = dict(header.split(": ", 1) for header in headers)
    try:
        connection.request(method, path, body, pairs)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def answered(sockets: Sequence[socket.socket]) -> list[socket.socket]:
    """Return those in which something has come back, or that were closed."""
    return select.select(sockets, [], [], 0)[0]


def send(sockets: Sequence[socket.socket], byte: bytes) -> None:
    """Send another byte on each; a closed connection takes none."""
    for connection in sockets:
        try:
            connection.send(byte)
        except OSError:
            continue


def processes(instance: Instance) -> list[psutil.Process]:
    assert instance._server is not None
    server = psutil.Process(instance._server.pid)
    return [server, *server.children(recursive=True)]


def memory(instance: Instance) -> int:
    """Return the bytes that the server's processes have in memory."""
    return sum(process.memory_info().rss for process in processes(instance))


def open_connections(instance: Instance) -> int:
    """Return how many connections the server still has open."""
    return sum(
        connection.status == "ESTABLISHED"
        for process in processes(instance)
        for connection in process.net_connections("tcp")
    )
