"""How many SQL statements a request sends, counted inside this process."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

from sqlalchemy import event
from werkzeug.serving import make_server

from bench.client import Browser, Request
from tracker.app import create_app
from tracker.core.db import make_engine
from tracker.core.settings import Settings


class Counter:
    """Counts statements while a request is answered; `address` is where the application is."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._count = 0

    def count(self, browser: Browser, request: Request) -> int:
        """Return the number of statements of one request; raises where it is refused."""
        self._count = 0
        # Nothing is timed or weighed here, so nothing need be compressed.
        browser.send(replace(request, headers={**request.headers, "Accept-Encoding": "identity"}))
        return self._count

    def note(self, _c: object, _cursor: object, statement: str, *_: object) -> None:
        """Hear of a statement."""
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            self._count += 1


@contextmanager
def counting(settings: Settings) -> Iterator[Counter]:
    """Serve the application from a thread of this process for the time of the block."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    engine = make_engine(settings.database_url)
    server = make_server("127.0.0.1", 0, create_app(settings, engine=engine))
    counter = Counter(f"http://127.0.0.1:{server.server_port}")
    event.listen(engine, "before_cursor_execute", counter.note)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield counter
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        engine.dispose()
