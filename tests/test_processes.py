"""A run of tests that is interrupted or killed leaves no server behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent
# A run of its own: PostgreSQL and a served instance, which say their processes and hang.
SERVERS = """
from sqlalchemy import create_engine
from tests.e2e.conftest import instance

import os, pathlib, time, psutil, pytest
PIDS = pathlib.Path(os.environ["PIDS"])

@pytest.fixture
def servers(postgresql_url, instance):
    instance.start()
    engine = create_engine(postgresql_url)
    with engine.connect() as connection:
        backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        postgresql = psutil.Process(backend).parent()
    engine.dispose()
    server = psutil.Process(instance._server.pid)
    found = [postgresql, *postgresql.children(), server, *server.children(recursive=True)]
    PIDS.with_suffix(".new").write_text(" ".join(str(process.pid) for process in found))
    PIDS.with_suffix(".new").rename(PIDS)
    time.sleep(120)

def test_with_servers(servers):
    pass
"""
XDIST = ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_TESTRUNUID")
SIGNALS = {"is killed": signal.SIGKILL, "is interrupted": signal.SIGINT}


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("how", SIGNALS)
def test_a_run_that_ends_badly_leaves_no_server_behind(tmp_path: Path, how: str) -> None:
    told = tmp_path / "pids"
    (tmp_path / "test_servers.py").write_text(SERVERS, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "conftest"]
    command += ["-p", "tests.conftest", "-c", str(ROOT / "pyproject.toml"), str(tmp_path)]
    run = subprocess.Popen(
        command,
        cwd=ROOT,
        # Not the servers of the run that this test belongs to.
        env={**os.environ, "PIDS": str(told)} | dict.fromkeys(XDIST, ""),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    end = time.monotonic() + 90
    while not told.exists():
        assert run.poll() is None, run.communicate()[0]
        assert time.monotonic() < end
        time.sleep(0.1)
    pids = [int(pid) for pid in told.read_text("utf-8").split()]
    assert len(pids) > 4
    run.send_signal(SIGNALS[how])
    run.communicate(timeout=60)
    assert run.returncode != 0
    end = time.monotonic() + 20
    while left := [pid for pid in pids if lives(pid)]:
        assert time.monotonic() < end, left
        time.sleep(0.1)
