"""The server under measurement: granian and our front, with one thread for pages, for both."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tools.processes import free_port, started

START_SECONDS = 30


@contextmanager
def serving(
    target: str, environment: Mapping[str, str] | None = None, *, workers: int = 1
) -> Iterator[str]:
    """Serve a factory such as "bench.hello:create" for the time of the block; gives its address."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asginl", "--factory"]
    command += [
        "--workers",
        str(workers),
        "--no-ws",
        "--log-level",
        "error",
    ]
    command += ["--host", "127.0.0.1", "--port", str(port), target]
    address = f"http://127.0.0.1:{port}"
    with started(command, env={**os.environ, **(environment or {})}) as process:
        _wait(address, process)
        yield address


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server for {address} did not start")
