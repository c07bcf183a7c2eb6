"""Large bodies are not read where nobody needs them, and not kept where somebody does."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attack.served import (
    answer,
    answered,
    connections,
    head,
    known_cookie,
    memory,
    serving,
    visitor_cookie,
)
from tests.e2e.instance import Instance
from tests.moments import PATIENCE, until
from tracker.web.front import MOST_UNDER_WAY
from tracker.web.limits import FORM_BYTES, FORM_FIELDS

FORM = "Content-Type: application/x-www-form-urlencoded"
# What an answer may have that holds nothing of what was sent.
PAGE = 20_000


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory, seeded_file: Path) -> Iterator[Instance]:
    with serving(tmp_path_factory.mktemp("large"), seeded_file) as instance:
        yield instance


def first_line(connection: socket.socket) -> bytes:
    connection.settimeout(PATIENCE)
    return connection.recv(10_000).partition(b"\r\n")[0]


@pytest.mark.parametrize("path", ["/meldungen/1", "/erhebungsbogen/1/1", "/impressum", "/nirgends"])
def test_nothing_of_a_stranger_s_body_is_waited_for(instance: Instance, path: str) -> None:
    cookie = visitor_cookie(instance)
    with connections(instance, 1) as (connection,):
        connection.sendall(head("POST", path, FORM, cookie, "Content-Length: 30000000") + b"a=b")
        assert first_line(connection).split()[1] in {b"400", b"404", b"405"}


def test_a_stranger_s_30_megabytes_are_answered_with_a_page(instance: Instance) -> None:
    body = b"achieved=" + b"x" * 30_000_000
    headers = (FORM, visitor_cookie(instance), f"Content-Length: {len(body)}")
    before = memory(instance)
    with connections(instance, 1) as (connection,):
        connection.sendall(head("POST", "/meldungen/1", *headers))
        connection.settimeout(PATIENCE)
        with pytest.raises(OSError, match=r"reset|pipe"):
            connection.sendall(body)
    assert memory(instance) < before + 20_000_000


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/barriere-melden", 200_000, 413),
        ("/anmelden", 600_000, 413),
        ("/dashboards/_dash-update-component", 200, 401),
    ],
)
def test_public_forms_take_what_they_say(
    instance: Instance, path: str, size: int, status: int
) -> None:
    cookie = visitor_cookie(instance)
    said, headers, page = answer(instance, "POST", path, b"a=" + b"x" * size, FORM, cookie)
    assert said == status
    assert len(page) < PAGE
    assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"a&" * 2_000_000, 413),
        (b"a&" * (FORM_BYTES // 2), 413),
        (b"a&" * (FORM_FIELDS - 1), 400),
        (b"a=" + b"x" * (FORM_BYTES - 2), 400),
    ],
    ids=["2 million fields", "as many as fit", "as many as a form has", "a long text"],
)
def test_somebody_known_is_answered_with_little(
    instance: Instance, body: bytes, status: int
) -> None:
    said, _, page = answer(instance, "POST", "/konto/name", body, FORM, known_cookie(instance))
    assert said == status
    # 10,000 empty fields are carried on, each with its name and a line of the page.
    assert len(page) < 1_000_000


def test_somebody_known_gets_to_send_all_and_then_reads_why_it_is_too_large(
    instance: Instance,
) -> None:
    body = b"x" * 20_000_000
    said, _, page = answer(instance, "POST", "/erhebungsbogen/1/1", body, known_cookie(instance))
    assert said == 413
    assert "Die Datei hat 20,0 MB, möglich sind 5 MB." in page.decode()


def test_a_body_of_unknown_length_ends_where_the_limit_is(instance: Instance) -> None:
    with connections(instance, 1) as (connection,):
        headers = (FORM, "Transfer-Encoding: chunked")
        connection.sendall(head("POST", "/barriere-melden", *headers))
        connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        assert answered([connection]) == []
        connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        assert first_line(connection).split()[1] == b"413"


@pytest.mark.attack
def test_bodies_under_way_have_a_common_room(instance: Instance) -> None:
    cookie = known_cookie(instance)
    before = memory(instance)
    request = head("POST", "/anmelden", FORM, cookie, f"Content-Length: {FORM_BYTES}")
    with connections(instance, 120) as sockets:
        for connection in sockets:
            connection.sendall(request)
            connection.sendall(b"x" * (FORM_BYTES - 1))
        until(lambda: len(answered(sockets)) >= len(sockets) // 2)
        sent_away = [first_line(connection) for connection in answered(sockets)]
        assert {line.split()[1] for line in sent_away} <= {b"503", b"408"}
        assert memory(instance) < before + 2 * 2 * MOST_UNDER_WAY
        assert answer(instance, "GET", "/impressum")[0] == 200
