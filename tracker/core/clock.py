"""The clock process: APScheduler asks each job at its interval; jobs know what is due."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from tracker.core import logs
from tracker.core.configured import configured
from tracker.core.instance import beat
from tracker.core.periods import local_day
from tracker.core.settings import Settings
from tracker.core.switching import area_of, off

log = logging.getLogger("tracker.clock")

DEFAULT, PAPERS = WORKERS = ("default", "papers")
BEAT_SECONDS = 60
# Statements and mail servers have limits of minutes; the largest paper takes one.
HUNG_SECONDS = 3600


@dataclass(frozen=True)
class Job:
    """What is done, in German too, how often the clock asks, and the function that does it.

    `run` takes engine, settings and now, opens its own transactions, and returns a German detail
    for the log, empty when nothing was due. `worker` names the thread that runs it.
    """

    name: str
    title: str
    every: timedelta
    run: Callable[[Engine, Settings, datetime], str]
    worker: str = DEFAULT


@dataclass(frozen=True)
class JobOutcome:
    job: str
    title: str
    detail: str
    failed: bool = False


def run_job(job: Job, engine: Engine, settings: Settings, *, now: datetime) -> JobOutcome:
    """Run one job with the settings in force; `settings` are those of the environment.

    Its error is logged and does not stop the others or the clock.
    """
    logs.begin(job=job.name)
    try:
        with engine.connect() as connection:
            in_force = configured(connection, settings, day=local_day(now))
        if area_of(job.run.__module__) in off(in_force):
            return JobOutcome(job.name, job.title, "")
        detail = job.run(engine, in_force, now)
    except Exception as error:
        log.exception("Aufgabe %s ist fehlgeschlagen", job.name)
        return JobOutcome(job.name, job.title, f"fehlgeschlagen: {error}", failed=True)
    if detail:
        log.info("%s: %s", job.name, detail)
    return JobOutcome(job.name, job.title, detail)


def run_once(
    jobs: Sequence[Job], engine: Engine, settings: Settings, *, now: datetime
) -> list[JobOutcome]:
    return [run_job(job, engine, settings, now=now) for job in jobs]


def build_scheduler(jobs: Sequence[Job], engine: Engine, settings: Settings) -> BackgroundScheduler:
    """Return a scheduler with all jobs in memory; one at a time each, missed ones made up once."""
    scheduler = BackgroundScheduler(
        timezone=UTC,
        # Papers have a worker of their own: whoever waits for one does not wait for mails too.
        executors={name: ThreadPoolExecutor(max_workers=1) for name in WORKERS},
        job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
    )
    for job in jobs:
        scheduler.add_job(
            _tick,
            "interval",
            args=(job, engine, settings),
            seconds=int(job.every.total_seconds()),
            id=job.name,
            executor=job.worker,
            next_run_time=datetime.now(UTC),
        )
    return scheduler


def run_forever(jobs: Sequence[Job], engine: Engine, settings: Settings) -> None:
    """Run until SIGTERM or SIGINT; the job at work is finished first.

    Where a job does not come to its end, the process does, with 1, to be started again: whatever
    was begun is done once all the same (`core.claims`).
    """
    logs.set_up(settings)
    scheduler = build_scheduler(jobs, engine, settings)
    last = dict.fromkeys(WORKERS, time.monotonic())

    def note(worker: str) -> None:
        last[worker] = time.monotonic()
        if worker == DEFAULT:
            beat(engine, now=datetime.now(UTC))

    # Behind the jobs of the same thread: where one of them hangs, the clock is silent.
    for worker in WORKERS:
        scheduler.add_job(note, "interval", (worker,), executor=worker, seconds=BEAT_SECONDS)
    # A signal may come at any place of this thread: raised there, the scheduler would swallow it.
    ended: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: ended.put(received))
    beat(engine, now=datetime.now(UTC))
    scheduler.start()
    log.info("Die Uhr läuft. Aufgaben: %s", ", ".join(job.name for job in jobs))
    while not _came(ended):
        if time.monotonic() - min(last.values()) > HUNG_SECONDS:
            log.error("Eine Aufgabe kommt nicht zu ihrem Ende. Die Uhr beendet sich.")
            os._exit(1)  # the thread that hangs would keep an orderly end waiting
    scheduler.shutdown(wait=True)
    log.info("Die Uhr ist angehalten.")


def _came(ended: SimpleQueue[int]) -> bool:
    try:
        return ended.get(timeout=BEAT_SECONDS) > 0
    except Empty:
        return False


def _tick(job: Job, engine: Engine, settings: Settings) -> None:
    run_job(job, engine, settings, now=datetime.now(UTC))
