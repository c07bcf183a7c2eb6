"""How many SQL statements a request sends, counted inside one process."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Engine, event

from bench.client import Request
from tracker.app import create_app
from tracker.db import make_engine
from tracker.settings import Settings


class Counter:
    """An application whose statements are counted."""

    def __init__(self, settings: Settings) -> None:
        self._engine: Engine = make_engine(settings.database_url)
        self._app: Flask = create_app(settings, engine=self._engine)
        self._count = 0
        event.listen(self._engine, "before_cursor_execute", self._note)

    def count(self, request: Request) -> int:
        """Return the number of statements of one request; raises RuntimeError on an error."""
        self._count = 0
        answer = self._app.test_client(use_cookies=False).open(
            request.path, method=request.method, headers=request.headers, data=request.body
        )
        if answer.status_code != 200:
            raise RuntimeError(f"{request.path}: {answer.status}")
        return self._count

    def close(self) -> None:
        """Give the database back."""
        self._engine.dispose()

    def _note(self, _c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            self._count += 1
