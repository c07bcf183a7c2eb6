"""Who asks for papers over many connections keeps nobody waiting but himself."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.attack.served import answer, answered, connections, head, serving, session_cookie
from tests.e2e.instance import Instance

PAPER = "/konzepte/integrationskonzept-2010/ausgaben/erhebungsbogen.docx"
MANY = 60
HANDFUL = 10  # of two processes: one at work in each, and what is done while a page comes back


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory, seeded_file: Path) -> Iterator[Instance]:
    with serving(tmp_path_factory.mktemp("account"), seeded_file) as instance:
        for person in ("a", "b"):
            instance.create_user(f"{person}@stadt.example", "--role", "coordination")
        yield instance


@pytest.fixture(scope="module")
def cookies(instance: Instance) -> list[str]:
    return [session_cookie(instance, f"{person}@stadt.example") for person in ("a", "b")]


def papers_made(instance: Instance) -> int:
    """Return how many papers were made since the start, as the log says."""
    lines = (instance.folder / "server.log").read_text("utf-8").splitlines()
    endpoints = [json.loads(line).get("endpoint") for line in lines if line.startswith("{")]
    return endpoints.count("downloads.questionnaire")


def test_for_who_has_left_no_papers_are_made(
    instance: Instance, cookies: list[str], requests_sent: Callable[[int], None]
) -> None:
    with connections(instance, MANY) as sockets:
        for connection in sockets:
            connection.sendall(head("GET", PAPER, cookies[0]))
    requests_sent(MANY)
    # In each process this one would come after all those.
    for _ in range(4):
        assert answer(instance, "GET", PAPER, None, cookies[0])[0] == 200
    assert papers_made(instance) < MANY / 2


def test_others_wait_behind_a_few_papers_of_one_account(
    instance: Instance, cookies: list[str], requests_sent: Callable[[int], None]
) -> None:
    answers = [answer(instance, "GET", PAPER, None, cookies[1])[0] for _ in range(4)]
    with connections(instance, MANY) as sockets:
        for connection in sockets:
            connection.sendall(head("GET", PAPER, cookies[0]))
        requests_sent(MANY)
        answers += [answer(instance, "GET", path, None, cookies[1])[0] for path in ("/", PAPER)]
        assert len(answered(sockets)) < MANY / 2
    assert answers == [200] * 6


@pytest.mark.attack
def test_all_pages_are_answered_while_one_account_asks_on_and_on(
    instance: Instance, cookies: list[str]
) -> None:
    over = threading.Event()

    def ask_on(connection: socket.socket) -> None:
        connection.settimeout(0.2)
        while not over.is_set():
            with suppress(TimeoutError):
                connection.sendall(head("GET", PAPER, cookies[0]))
                while not over.is_set() and connection.recv(1_000_000):
                    pass

    between = []
    with connections(instance, MANY) as sockets:
        asking = [threading.Thread(target=ask_on, args=(one,), daemon=True) for one in sockets]
        for thread in asking:
            thread.start()
        for number in range(40):
            before = papers_made(instance)
            path, cookie = ("/impressum", ()) if number % 2 else ("/", (cookies[1],))
            assert answer(instance, "GET", path, None, *cookie)[0] == 200
            between.append(papers_made(instance) - before)
        over.set()
        for thread in asking:
            thread.join()
    assert sorted(between)[len(between) // 2] <= HANDFUL
    assert max(between) < MANY
