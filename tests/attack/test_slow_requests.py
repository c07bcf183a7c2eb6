"""Whoever sends or reads one byte after the other holds up nobody, and is cut off."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.attack.served import (
    MANY,
    answer,
    answered,
    connections,
    head,
    known_cookie,
    memory,
    open_connections,
    send,
    serving,
)
from tests.e2e.instance import Instance
from tests.moments import until

FILE = "/static/vendor/plotly/plotly-basic.min.js"
FILES = 10
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory, seeded_file: Path) -> Iterator[Instance]:
    with serving(tmp_path_factory.mktemp("slow"), seeded_file) as instance:
        yield instance


@pytest.fixture(autouse=True)
def counted(requests_sent: Callable[[int], None]) -> None:
    """Count what is written by hand: each test begins as many requests."""
    requests_sent(MANY)


def slow_bodies(instance: Instance, sockets: list[socket.socket]) -> None:
    cookie = known_cookie(instance)
    for connection in sockets:
        connection.sendall(head("POST", "/anmelden", FORM, cookie, "Content-Length: 1000"))


def slow_strangers(_instance: Instance, sockets: list[socket.socket]) -> None:
    for connection in sockets:
        connection.sendall(head("POST", "/barriere-melden", FORM, "Content-Length: 1000"))


def half_headers(_instance: Instance, sockets: list[socket.socket]) -> None:
    for connection in sockets:
        connection.sendall(head("GET", "/anmelden").rstrip() + b"\r\nX-Slow: ")


def slow_readers(_instance: Instance, sockets: list[socket.socket]) -> None:
    # One alone would fit into what the kernel keeps for a connection.
    for connection in sockets:
        connection.sendall(head("GET", FILE) * FILES)


Begin = Callable[[Instance, list[socket.socket]], None]
SLOW: list[Begin] = [slow_bodies, slow_strangers, half_headers]


@pytest.mark.parametrize("begin", SLOW)
def test_pages_are_answered_beside_slow_senders(instance: Instance, begin: Begin) -> None:
    with connections(instance) as sockets:
        begin(instance, sockets)
        for _ in range(5):
            send(sockets, b"a")
            assert answer(instance, "GET", "/impressum")[0] == 200
            assert answered(sockets) == []


def test_pages_are_answered_beside_slow_readers(instance: Instance) -> None:
    with connections(instance) as sockets:
        slow_readers(instance, sockets)
        # Each has begun to get its answer, and nobody has it.
        until(lambda: len(answered(sockets)) == len(sockets))
        for _ in range(5):
            assert [len(connection.recv(10)) for connection in sockets] == [10] * len(sockets)
            assert answer(instance, "GET", "/impressum")[0] == 200


def test_a_form_is_taken_beside_slow_ones(instance: Instance) -> None:
    cookie = known_cookie(instance)
    with connections(instance) as sockets:
        slow_bodies(instance, sockets)
        body = b"email=a%40b.example&password=x"
        assert answer(instance, "POST", "/anmelden", body, FORM, cookie)[0] == 400
        assert answered(sockets) == []


@pytest.mark.attack
@pytest.mark.parametrize(("begin", "status"), [(slow_bodies, b"408"), (slow_strangers, b"408")])
def test_slow_senders_are_cut_off(instance: Instance, begin: Begin, status: bytes) -> None:
    with connections(instance) as sockets:
        begin(instance, sockets)
        until(lambda: len(answered(sockets)) == len(sockets), do=lambda: send(sockets, b"a"))
        for connection in sockets:
            said = connection.recv(10_000)
            assert said.startswith(b"HTTP/1.1 " + status)
            assert b"connection: close" in said
        assert answer(instance, "GET", "/impressum")[0] == 200


@pytest.mark.attack
def test_half_sent_headers_are_cut_off(instance: Instance) -> None:
    with connections(instance) as sockets:
        half_headers(instance, sockets)
        until(lambda: len(answered(sockets)) == len(sockets), do=lambda: send(sockets, b"a"))


@pytest.mark.attack
def test_slow_readers_are_cut_off_before_they_have_the_answer(instance: Instance) -> None:
    size = int(answer(instance, "GET", FILE)[1]["Content-Length"])
    got: dict[socket.socket, int] = {}
    ended: set[socket.socket] = set()

    def sip(sockets: list[socket.socket]) -> None:
        for connection in set(sockets) - ended:
            connection.settimeout(0.01)
            try:
                taken = len(connection.recv(100))
            except TimeoutError:
                continue
            except OSError:
                taken = 0
            got[connection] = got.get(connection, 0) + taken
            if not taken:
                ended.add(connection)

    with connections(instance, 10) as sockets:
        slow_readers(instance, sockets)
        before = memory(instance)
        # What lies in the line already is read to its end, and then there is no more.
        until(lambda: open_connections(instance) == 0, do=lambda: sip(sockets))
        for connection in sockets:
            connection.settimeout(1)
            try:
                while taken := len(connection.recv(1_000_000)):
                    got[connection] += taken
            except OSError:
                pass
        assert all(number < FILES * size for number in got.values())
        assert memory(instance) < before + 50_000_000
