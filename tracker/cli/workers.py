"""The web processes: started again whenever they die, ended and replaced when they hang.

Each process beats from its event loop, as long as no request is at work in it for too long: it
sends its number through a pipe that all of them share. What does not beat is ended by a thread of
the parent, and granian starts it anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from granian.server.mp import MPServer as Server

from tracker.core import logs

log = logging.getLogger("tracker.workers")

# No page takes a quarter of it, and whoever waits for one has given up long before.
HUNG_SECONDS = 60.0
BEAT_SECONDS = 1.0
# Without a beat for so long a process gets nothing done: it is stopped, or its interpreter held.
# A page or paper holds it for less than a second at a time.
SILENT_SECONDS = 30.0
# Who is told to end finishes what is at work, and is made to end after so long.
KILL_SECONDS = 10
# Who lived for less has died at once; each such death in a row doubles the pause before the next.
STEADY_SECONDS = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0


def pause_after(deaths: int) -> float:
    """Return the seconds before a process is started that died at once so many times in a row."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(deaths - 1, 10)) if deaths else 0.0


class Starter:
    """What a process does first: wait if it is told to, load the application, begin to beat."""

    def __init__(self, load: Callable[[], Any], hung_seconds: float) -> None:
        """`load` returns an application that says when its oldest request at work has begun."""
        self.load = load
        self.hung_seconds = hung_seconds
        self.pause = 0.0
        self.reader, self.writer = multiprocessing.Pipe(duplex=False)
        # Whether anybody reads or not: a beat keeps no process waiting.
        os.set_blocking(self.writer.fileno(), False)

    def __call__(self) -> Any:
        # The handlers of the parent would only note the signal: until granian sets its own, end.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        self.reader.close()
        time.sleep(self.pause)
        application = self.load()
        loop = asyncio.get_event_loop()
        loop.call_soon(self._beat, loop, application.oldest_start)
        return application

    def _beat(
        self, loop: asyncio.AbstractEventLoop, oldest_start: Callable[[], float | None]
    ) -> None:
        began = oldest_start()
        if began is None or time.monotonic() - began < self.hung_seconds:
            try:
                with contextlib.suppress(BlockingIOError):
                    self.writer.send_bytes(os.getpid().to_bytes(4, "big"))
            except BrokenPipeError:  # the parent is gone
                signal.raise_signal(signal.SIGTERM)
                return
        loop.call_later(BEAT_SECONDS, self._beat, loop, oldest_start)


class Restarts(dict[int, float]):
    """Stands where granian remembers which worker it started again, and when; it forgets.

    By that memory granian ends the whole server once a worker dies within seconds after such a
    start. Instead the next process of that worker waits, longer each time, while the others serve.
    """

    def __init__(self, server: Server, starter: Starter) -> None:
        super().__init__()
        self._server, self._starter = server, starter
        self._deaths: dict[int, int] = {}

    def __setitem__(self, worker: int, moment: float) -> None:
        """Set the pause of the process that is started next."""
        deaths = self._deaths.get(worker, 0)
        lived = moment - self._server.wrks[worker].birth - pause_after(deaths)
        self._deaths[worker] = deaths + 1 if lived < STEADY_SECONDS else 0
        self._starter.pause = pause_after(self._deaths[worker])


def watch(server: Server, reader: Connection, silent_seconds: float) -> None:
    """End what does not beat, for as long as the server runs."""
    beaten: dict[int, float] = {}
    while not server.interrupt_signal:
        while reader.poll():
            beaten[int.from_bytes(reader.recv_bytes(), "big")] = time.monotonic()
        workers = list(server.wrks)
        beaten = {
            worker.inner.pid: beaten.get(worker.inner.pid, worker.birth + LONGEST_PAUSE)
            for worker in workers
        }
        for worker in workers:
            if time.monotonic() - beaten[worker.inner.pid] > silent_seconds:
                if worker.inner.is_alive():
                    log.error("Webprozess %s antwortet nicht und wird ersetzt", worker.inner.pid)
                    worker.inner.kill()
                elif worker.idx not in server.interrupt_children:
                    # Several died in one moment, and granian missed this one.
                    server.interrupt_children.append(worker.idx)
                    server.main_loop_interrupt.set()
        time.sleep(BEAT_SECONDS)


def serve(
    load: Callable[[], Any],
    *,
    hung_seconds: float = HUNG_SECONDS,
    silent_seconds: float = SILENT_SECONDS,
    **options: Any,
) -> None:
    """Serve what `load` returns until SIGTERM; the options are granian's."""
    starter = Starter(load, hung_seconds)
    server = Server(
        "the application is loaded by the starter",
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
        log_dictconfig={"loggers": dict(logs.SERVER_LOGGERS)},
        **options,
    )
    server.respawned_wrks = Restarts(server, starter)
    watching = threading.Thread(
        target=watch, args=(server, starter.reader, silent_seconds), daemon=True
    )
    server.on_startup(watching.start)
    server.serve(target_loader=starter, wrap_loader=False)
