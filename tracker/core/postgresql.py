"""Connections to PostgreSQL that give up: a server that is slow, away or frozen holds nobody long.

The server ends what is slow. A frozen one ends nothing, while its kernel goes on acknowledging, so
this side looks at its own clock too.
"""

from __future__ import annotations

from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import URL, Engine, event

from tracker.core.db import Patience

T = TypeVar("T")


def options(url: URL, patience: Patience) -> dict[str, str]:
    """Return what to connect with; what the address says itself comes before it."""
    limits = {
        "statement_timeout": patience.statement,
        "lock_timeout": patience.lock,
        "idle_in_transaction_session_timeout": patience.idle,
    }
    written = " ".join(f"-c {name}={seconds}s" for name, seconds in limits.items())
    own = {"connect_timeout": str(patience.connect), "application_name": patience.name}
    return {
        **{name: value for name, value in own.items() if name not in url.query},
        "options": f"{written} {url.query.get('options', '')}".strip(),
    }


class Silence:
    """Remembers that the server said nothing, so that not every request waits for it anew."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._until = 0.0

    def begins(self) -> None:
        self._until = monotonic() + self._patience.silence

    def ends(self) -> None:
        self._until = 0.0

    def shortens(self, seconds: float) -> float:
        """Return how long to wait at most: while there is silence no longer than to connect."""
        return min(seconds, self._patience.connect) if monotonic() < self._until else seconds

    def connect(self, *arguments: Any, **named: Any) -> Connection:
        """Connect, one attempt at a time while there is silence; raises OperationalError."""
        now = monotonic()
        if now < self._until:
            raise psycopg.OperationalError("the server has not answered a moment ago")
        if self._until:
            self._until = now + self._patience.connect + self._patience.silence
        try:
            connection = Connection.connect(*arguments, **named)
        except psycopg.errors.ConnectionTimeout:
            self.begins()
            raise
        except psycopg.ProgrammingError as error:
            # An option in its address that nobody knows.
            raise psycopg.OperationalError(str(error)) from error
        except psycopg.Error:
            self.ends()  # who refuses does not keep anybody waiting
            raise
        self.ends()
        connection.silence, connection.seconds = self, self._patience.connect
        return connection


class Connection(psycopg.Connection[Any]):
    """A connection that is closed once the server has said nothing for `seconds`."""

    silence: Silence
    seconds: float

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Return what the server answers; raises OperationalError where it does not in time."""
        began, seconds = monotonic(), self.silence.shortens(self.seconds)
        try:
            answer = super().wait(gen, interval, seconds if timeout is None else timeout)
        except psycopg.OperationalError:
            if timeout is None and monotonic() - began >= seconds:
                self.silence.begins()
                self.close()
            raise
        self.silence.ends()
        return answer


def limit(engine: Engine, patience: Patience) -> None:
    """Let no connection of an engine wait longer than that."""
    silence = Silence(patience)

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, arguments: Any, named: Any) -> Connection:
        return silence.connect(*arguments, **named)

    @event.listens_for(engine, "checkout")
    def begin_work(connection: Connection, *_: Any) -> None:
        # The limit of the server comes first, where there is a server to keep it.
        connection.seconds = patience.statement + patience.connect

    @event.listens_for(engine, "checkin")
    def rest(connection: Connection | None, *_: Any) -> None:
        # At rest it is only asked whether it still works.
        if connection is not None:
            connection.seconds = patience.connect
