"""Web processes that are killed, stopped or hang: the service goes on; SIGTERM ends it in order."""

from __future__ import annotations

import http.client
import multiprocessing
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from sqlmodel import Session

from tests.e2e.instance import Instance
from tests.moments import until
from tools.processes import free_port, started
from tracker.cli import workers
from tracker.cli.workers import HUNG_SECONDS, LONGEST_PAUSE, pause_after
from tracker.core.clock import WORKERS
from tracker.core.db import make_engine
from tracker.core.instance import CLOCK_BEAT, instance_value

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 2


class Small:
    """The product's server on a small application."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port
        until(lambda: len(self.processes()) == 2 and self.get() is not None)

    def get(self, path: str = "/", seconds: float = 1) -> int | None:
        """Return the number of the process that answers, None where none does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            assert answer.status == 200
            return int(answer.read())
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def processes(self) -> set[int]:
        return {child.pid for child in psutil.Process(self.process.pid).children()}

    def answers_again(self, without: set[int], *, within: float) -> None:
        """Wait until two other processes answer; what asks meanwhile is kept waiting, not more."""
        answered: set[int | None] = set()

        def both() -> bool:
            answered.add(self.get())
            return len(answered - {None} - without) == 2

        until(both, seconds=within)
        assert self.process.poll() is None


@contextmanager
def small_server() -> Iterator[Small]:
    port = free_port()
    command = [sys.executable, "-m", "tests.attack.small_server", str(port), str(SECONDS)]
    with started(command, cwd=ROOT) as process:
        yield Small(process, port)


@pytest.fixture
def server() -> Iterator[Small]:
    with small_server() as small:
        yield small


def test_the_pause_grows_with_each_death_and_has_a_limit() -> None:
    pauses = [pause_after(deaths) for deaths in range(5)]
    assert pauses == [0, 0.5, 1, 2, 4]
    assert pause_after(10_000) == LONGEST_PAUSE < HUNG_SECONDS


def test_a_death_that_granian_missed_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "BEAT_SECONDS", 0)
    dead = SimpleNamespace(
        idx=1, birth=-1000.0, inner=SimpleNamespace(pid=1, is_alive=lambda: False)
    )
    server = SimpleNamespace(wrks=[dead], interrupt_children=[], interrupt_signal=False)

    def end() -> None:
        server.interrupt_signal = True

    server.main_loop_interrupt = SimpleNamespace(set=end)
    reader, _writer = multiprocessing.Pipe(duplex=False)
    workers.watch(server, reader, 20)  # type: ignore[arg-type]
    assert server.interrupt_children == [1]


def test_processes_killed_twice_within_seconds_are_started_again(server: Small) -> None:
    killed: set[int] = set()
    for _ in range(2):
        for worker in server.processes():
            psutil.Process(worker).kill()
            killed.add(worker)
        until(lambda: len(server.processes() - killed) == 2)
    server.answers_again(without=killed, within=10)


def test_the_other_process_serves_while_one_dies_again_and_again(server: Small) -> None:
    steady = min(server.processes())
    for _ in range(2):
        before = server.processes()
        (dying,) = before - {steady}
        psutil.Process(dying).kill()
        until(lambda known=before: len(server.processes() - known) == 1)
        assert server.get() == steady
    server.answers_again(without=set(), within=10)


@pytest.mark.attack
@pytest.mark.parametrize(
    "how", ["is stopped", "sleeps in a request", "holds the interpreter", "stops its event loop"]
)
def test_a_process_that_hangs_is_replaced(server: Small, how: str) -> None:
    before = server.processes()
    if how == "is stopped":
        for worker in before:
            psutil.Process(worker).suspend()
        lost = before
    else:
        path = {"sleeps": "/hang", "holds": "/spin", "stops": "/stall"}[how.partition(" ")[0]]
        asking = threading.Thread(target=server.get, args=(path, 15))
        asking.start()
        until(lambda: len(server.processes() - before) == 1)
        lost = before - server.processes()
        asking.join()
    server.answers_again(without=lost, within=15)
    assert not lost & server.processes()


def test_sigterm_lets_what_is_at_work_finish() -> None:
    answers: list[int | None] = []
    with small_server() as server:
        workers = server.processes()
        asking = threading.Thread(target=lambda: answers.append(server.get("/slow", 10)))
        asking.start()
        until(lambda: any(sent(worker) for worker in workers))
        server.process.send_signal(signal.SIGTERM)
        asking.join()
        assert server.process.wait(15) == 0
        assert answers[0] in workers
        assert server.get() is None


def sent(worker: int) -> bool:
    """Return whether somebody is connected to a process."""
    return any(
        connection.status == psutil.CONN_ESTABLISHED
        for connection in psutil.Process(worker).net_connections()
    )


@pytest.mark.attack
def test_processes_whose_parent_is_killed_end_themselves(server: Small) -> None:
    processes = [psutil.Process(process) for process in server.processes()]
    server.process.kill()
    until(lambda: not any(process.is_running() for process in processes))
    assert server.get() is None


@pytest.fixture
def instance(tmp_path: Path, seeded_file: Path) -> Iterator[Instance]:
    instance = Instance(tmp_path)
    shutil.copy(seeded_file, instance.database)
    yield instance
    instance.stop()


@pytest.mark.attack
def test_the_service_itself_outlives_its_processes(instance: Instance) -> None:
    """Pages are asked for all the time while every process is killed, twice within seconds."""
    instance.start()
    assert instance._server is not None
    parent = psutil.Process(instance._server.pid)
    answers: list[bool] = []

    def ask() -> None:
        for _ in range(200):
            answers.append(instance._answers())
            time.sleep(0 if answers[-1] else 0.05)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    for _ in range(2):
        before = parent.children()
        for process in before:
            process.kill()
        until(lambda known=before: len(set(parent.children()) - set(known)) == len(known))
    asking.join(60)
    assert not asking.is_alive()
    assert all(answers[-20:])
    assert parent.is_running()


@pytest.mark.attack
def test_the_clock_beats_and_sigterm_ends_it_in_order(instance: Instance) -> None:
    engine = make_engine(f"sqlite:///{instance.database}")

    def has_beaten() -> bool:
        with Session(engine) as session:
            return instance_value(session, key=CLOCK_BEAT) is not None

    command = [sys.executable, "-m", "tracker", "clock"]
    with started(command, env=instance._environment) as clock:
        until(has_beaten)
        clock.send_signal(signal.SIGTERM)
        assert clock.wait(15) == 0
    engine.dispose()


HANGING = """
import sys, time
from datetime import timedelta
from tracker.core import clock
from tracker.core.clock import WORKERS
from tracker.core.db import make_engine
from tracker.core.settings import Settings

clock.BEAT_SECONDS, clock.HUNG_SECONDS = 0.2, 1
worker = sys.argv[2]
job = clock.Job("hang", "Hängt", timedelta(hours=1), lambda *_: time.sleep(600), worker)
clock.run_forever([job], make_engine(sys.argv[1]), Settings())
"""


@pytest.mark.attack
@pytest.mark.parametrize("worker", WORKERS)
def test_a_clock_whose_job_hangs_ends_to_be_started_again(instance: Instance, worker: str) -> None:
    command = [sys.executable, "-c", HANGING, f"sqlite:///{instance.database}", worker]
    with started(command, cwd=ROOT) as clock:
        assert clock.wait(20) == 1
