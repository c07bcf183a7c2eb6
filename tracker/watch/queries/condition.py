"""Measuring how the instance is: the database within a bounded time, and the free disk."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, func, select
from sqlmodel import col

from tracker.core.db import sqlite_file
from tracker.core.instance import CLOCK_BEAT
from tracker.core.migrate import SchemaState, schema_state
from tracker.core.models import InstanceValue
from tracker.core.settings import Settings
from tracker.core.trouble import DATABASE_ERRORS
from tracker.outbox.models import OutboxMail
from tracker.watch.rules.condition import Facts

log = logging.getLogger("tracker.watch")

# Longer than a busy database takes, shorter than a monitor waits.
ANSWER_SECONDS = 3.0
# Everybody may ask: what was found holds for so long.
KEPT_SECONDS = 2.0


def facts_of(connection: Connection, settings: Settings) -> Facts:
    """Return what a database of the right schema says, and the free disk; one statement."""
    beat = select(col(InstanceValue.value)).where(col(InstanceValue.key) == CLOCK_BEAT)
    due = select(func.min(col(OutboxMail.next_attempt_at))).where(col(OutboxMail.sent_at).is_(None))
    said, oldest_due = connection.execute(
        select(beat.scalar_subquery(), due.scalar_subquery())
    ).one()
    return Facts(
        schema_fits=True,
        clock_beat=None if said is None else datetime.fromisoformat(said),
        oldest_due=oldest_due if settings.smtp_host else None,
        free_bytes=free_bytes(connection.engine.url),
    )


def free_bytes(url: URL) -> int:
    """Return what is free where temporary files lie and, of SQLite, the data: the lesser."""
    file = sqlite_file(url)
    try:
        folders = [Path(tempfile.gettempdir()), *([] if file is None else [file.absolute().parent])]
        return min(shutil.disk_usage(folder).free for folder in folders)
    except OSError:  # not even a temporary file can be written
        return 0


class Probe:
    """Measures in a thread of its own, one at a time: a frozen database keeps nobody waiting."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine, self._settings = engine, settings
        self._lock = threading.Lock()
        self._asking: threading.Thread | None = None
        self._answer = self._kept = Facts(schema_fits=None)
        self._kept_until = -1.0

    def facts(self) -> Facts:
        """Return what was measured within the last seconds."""
        with self._lock:
            if time.monotonic() > self._kept_until:
                self._kept = self._measured()
                self._kept_until = time.monotonic() + KEPT_SECONDS
            return self._kept

    def _measured(self) -> Facts:
        if self._asking is None or not self._asking.is_alive():
            self._asking = threading.Thread(target=self._ask, daemon=True)
            self._asking.start()
        self._asking.join(ANSWER_SECONDS)
        if self._asking.is_alive():
            return Facts(schema_fits=None, free_bytes=free_bytes(self._engine.url))
        return self._answer

    def _ask(self) -> None:
        self._answer = Facts(schema_fits=None, free_bytes=free_bytes(self._engine.url))
        try:
            if schema_state(self._engine) is not SchemaState.CURRENT:
                self._answer = replace(self._answer, schema_fits=False)
                return
            with self._engine.connect() as connection:
                self._answer = facts_of(connection, self._settings)
        except DATABASE_ERRORS as error:
            log.warning("Die Datenbank antwortet nicht: %s", type(error).__name__)
