"""What every request may ask for: settings, the database session, and what time it is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast

from flask import Flask, current_app, g
from sqlalchemy import Connection, Engine
from sqlmodel import Session

from tracker.core.configured import configured, stamp
from tracker.core.periods import local_day
from tracker.core.settings import Settings
from tracker.core.trouble import DATABASE_ERRORS

EXTENSION = "tracker"
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present moment; only the edge asks."""
    return datetime.now(UTC)


@dataclass
class Runtime:
    """The application's parts that live as long as the process.

    `bind` is the engine; page tests hand over a connection whose transaction they roll back.
    `settings` are the environment's; `in_force` are those asked for last, with what they follow
    from.
    """

    settings: Settings
    bind: Engine | Connection
    clock: Clock = utc_now
    in_force: tuple[Hashable, Settings] | None = None

    @property
    def engine(self) -> Engine:
        return self.bind.engine

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        if isinstance(self.bind, Connection):
            yield self.bind
            return
        with self.bind.connect() as connection:
            yield connection

    def open_session(self) -> Session:
        """Return a new session; whoever opens it closes it."""
        return Session(self.bind, join_transaction_mode="create_savepoint")


def runtime() -> Runtime:
    """Return the parts of the application that handles this request."""
    return cast("Runtime", current_app.extensions[EXTENSION])


def settings() -> Settings:
    """Return the settings in force on the day of the request, read anew after every change.

    On a connection of their own, ended at once: what the request reads later may be what it wrote.
    Without a database they are those known last.
    """
    if without_database():
        parts = runtime()
        return parts.settings if parts.in_force is None else parts.in_force[1]
    if "settings" not in g:
        parts, day = runtime(), today()
        present = g.get("settings_stamp")
        if present is None:
            with parts.connect() as connection:
                present = stamp(connection)
        key = (present, day, parts.settings)
        if parts.in_force is None or parts.in_force[0] != key:
            with parts.connect() as connection:
                parts.in_force = (key, configured(connection, parts.settings, day=day))
        g.settings = parts.in_force[1]
    return cast("Settings", g.settings)


def do_without_database() -> None:
    """Answer this request from what is known: the database does not answer any more."""
    g.without_database = True


def without_database() -> bool:
    """Return whether this request has to do without it, as the page that says so does."""
    return bool(g.get("without_database", False))


def session() -> Session:
    """Return the request's database session, opened at first use, closed at its end."""
    if "session" not in g:
        g.session = runtime().open_session()
    return cast("Session", g.session)


def reading() -> Connection:
    """Return the request's connection for reading, opened at first use, closed at its end.

    It does without a session's bookkeeping: for what is asked with every request. What a request
    writes it does through `session`, whose transaction begins before its own first read.
    """
    if "reading" not in g:
        bind = runtime().bind
        g.reading = bind.connect() if isinstance(bind, Engine) else bind
    return cast("Connection", g.reading)


def roll_back() -> None:
    """Give up what the request's session has begun, if it has begun anything."""
    if "session" in g:
        with _let_go_of(g.session):
            g.session.rollback()


def now() -> datetime:
    """Return the moment of the request, the same throughout it."""
    if "now" not in g:
        g.now = runtime().clock()
    return cast("datetime", g.now)


def today() -> date:
    """Return the day of the request in Europe/Berlin."""
    return local_day(now())


def init_app(app: Flask, parts: Runtime) -> None:
    """Give an application its parts, and close what each request opened."""
    app.extensions[EXTENSION] = parts
    app.teardown_appcontext(_close)


def _close(_error: BaseException | None) -> None:
    for opened in (g.pop("session", None), g.pop("reading", None)):
        if opened is not None and opened is not runtime().bind:
            with _let_go_of(opened):
                opened.close()


@contextmanager
def _let_go_of(opened: Session | Connection) -> Iterator[None]:
    """End what is open on a database that may have gone; then it ends by itself."""
    try:
        yield
    except DATABASE_ERRORS:
        opened.invalidate()
