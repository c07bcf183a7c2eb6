"""The clock's work on papers: make what was ordered, one after the other, each step reported.

Nothing is held open while a paper is laid out: the sources are read, the transaction ends, and
each step is a short write of its own. Whoever cancels is heard at the next step.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from tracker.core.clock import PAPERS, Job
from tracker.core.db import transaction
from tracker.core.errors import Refused
from tracker.core.settings import Settings
from tracker.papers.actions import exports
from tracker.papers.rules.exporting import ExportRequest
from tracker.papers.rules.files import Cancelled, Export

log = logging.getLogger("tracker.clock")

_FAILED = (
    "Die Ausgabe ließ sich nicht erstellen. Bitte versuchen Sie es noch einmal; gelingt es wieder "
    "nicht, hilft die Betriebsstelle: Das Protokoll der Uhr nennt die Ursache."
)


def make_papers(engine: Engine, _settings: Settings, _now: datetime) -> str:
    """Make every paper that waits, the oldest first."""
    made = []
    while claimed := _claim(engine):
        made.append(_make(engine, *claimed))
    return ", ".join(made)


def _claim(engine: Engine) -> tuple[int, ExportRequest] | None:
    # Most passes find nothing, and reading keeps no writer waiting.
    with Session(engine) as session:
        if not exports.is_work_left(session, now=datetime.now(UTC)):
            return None
    with Session(engine) as session, transaction(session):
        return exports.start_next(session, now=datetime.now(UTC))


def _make(engine: Engine, order_id: int, request: ExportRequest) -> str:
    """Make one paper; returns how it ended, in German."""
    # The writers take a second to import: only a clock that has something to make pays for it.
    from tracker.papers.making.service import load, make
    from tracker.papers.writers.font_coverage import FontsMissingError

    def progress(done: int, total: int, step: str) -> None:
        if not _write(
            engine,
            lambda session, now: exports.report_step(
                session, order_id=order_id, done=done, total=total, step=step, now=now
            ),
        ):
            raise Cancelled

    try:
        with Session(engine) as session:
            loaded = load(session, request)
        export = make(loaded, progress=progress)
    except Cancelled:
        return f"Ausgabe {order_id} abgebrochen"
    except (Refused, FontsMissingError) as error:
        return _fail(engine, order_id, str(error))
    except Exception:
        log.exception("Ausgabe %s ist fehlgeschlagen", order_id)
        return _fail(engine, order_id, _FAILED)
    return _finish(engine, order_id, export)


def _finish(engine: Engine, order_id: int, export: Export) -> str:
    kept = _write(
        engine,
        lambda session, now: exports.finish(session, order_id=order_id, made=export, now=now),
    )
    return f"Ausgabe {order_id} {'fertig' if kept else 'abgebrochen'}"


def _fail(engine: Engine, order_id: int, problem: str) -> str:
    _write(
        engine,
        lambda session, now: exports.fail(session, order_id=order_id, problem=problem, now=now),
    )
    return f"Ausgabe {order_id} nicht gelungen"


def _write(engine: Engine, effect: Callable[[Session, datetime], bool]) -> bool:
    with Session(engine) as session, transaction(session):
        return effect(session, datetime.now(UTC))


JOBS = (Job("make_papers", "Ausgaben erstellen", timedelta(seconds=2), make_papers, worker=PAPERS),)
