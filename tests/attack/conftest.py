"""Counts the requests of an attack: those of Flask's clients and of `http.client` by itself.

Who writes to a socket adds what was sent: `requests_sent(300)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from http.client import HTTPConnection
from typing import Any

import pytest
from sqlalchemy import Connection, Engine
from sqlmodel import Session
from werkzeug.test import Client

from tests.application import application
from tests.attack.places import NOW, City, city
from tests.conftest import DATABASES
from tests.pages import SETTINGS

_sent = [0]


def _counted(send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    def counted(*args: Any, **kwargs: Any) -> Any:
        _sent[0] += 1
        return send(*args, **kwargs)

    return counted


@pytest.fixture(scope="module", autouse=True)
def counting() -> Iterator[None]:
    """Count while the tests of a file run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "open", _counted(Client.open))
        patch.setattr(HTTPConnection, "putrequest", _counted(HTTPConnection.putrequest))
        yield


@pytest.fixture(autouse=True)
def requests_sent(
    record_property: Callable[[str, object], None],
) -> Iterator[Callable[[int], None]]:
    """Report what was sent since the test before, and add what is sent by other ways."""

    def add(number: int) -> None:
        _sent[0] += number

    yield add
    record_property("requests", _sent[0])
    _sent[0] = 0


@pytest.fixture(scope="module", params=DATABASES)
def town_connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.connect() as connection:
        outer = connection.begin()
        yield connection
        outer.rollback()


@pytest.fixture(scope="module")
def town(town_connection: Connection) -> Iterator[City]:
    app = application(SETTINGS, town_connection, lambda: NOW)
    with Session(town_connection, join_transaction_mode="create_savepoint") as session:
        yield city(app, session)


Choice = Callable[[int], list[str]]


@pytest.fixture(scope="module")
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether there is time to ask everything, as with `make attack`."""
    return bool(request.config.getoption("--attack"))


@pytest.fixture(scope="module")
def asked(thorough: bool, town: City, town_connection: Connection) -> Choice:
    """Which places a question is asked for: all, or in turn one of them on one of the databases."""
    names = list(town.places)
    if thorough:
        return lambda _number: names
    own = DATABASES.index(town_connection.dialect.name)
    return lambda number: [names[number // 2 % len(names)]] if number % 2 == own else []
