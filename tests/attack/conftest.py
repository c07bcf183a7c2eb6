"""Counts the requests of an attack: those of Flask's clients and of `http.client` by itself.

Who writes to a socket adds what was sent: `requests_sent(300)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from http.client import HTTPConnection
from typing import Any

import pytest
from werkzeug.test import Client

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
