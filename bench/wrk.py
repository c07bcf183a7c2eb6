"""Requests per second and latencies, as wrk measures them."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.client import Request

CONNECTIONS = 8
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
_SCRIPT = """
wrk.method = {method}
wrk.body = {body}
{headers}
"""


class MissingToolError(Exception):
    """wrk is not installed; the message names the package."""


@dataclass(frozen=True)
class Load:
    """What one run measured."""

    requests_per_s: float
    p50_ms: float
    p99_ms: float


def require() -> None:
    """Raise MissingToolError where there is no wrk."""
    if shutil.which("wrk") is None:
        raise MissingToolError("wrk fehlt. Unter Debian: apt-get install wrk")


def run(address: str, request: Request, *, seconds: int) -> Load:
    """Load one request for some seconds; raises RuntimeError when answers were errors."""
    with TemporaryDirectory() as folder:
        script = Path(folder) / "request.lua"
        script.write_text(lua(request), "utf-8")
        command = ["wrk", "--latency", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
        command += ["-s", str(script), address + request.path]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    if done.stderr:
        # wrk tells of a broken script and then sends something else, without it.
        raise RuntimeError(f"wrk did not understand its script: {done.stderr}")
    return parse(done.stdout)


def parse(text: str) -> Load:
    """Read wrk's report; raises RuntimeError when answers were errors."""
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(f"answers were errors:\n{text}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    if rate is None:
        raise RuntimeError(f"wrk said nothing readable:\n{text}")
    return Load(float(rate[1]), _latency(text, 50), _latency(text, 99))


def _latency(text: str, percentile: int) -> float:
    found = re.search(rf"^\s+{percentile}%\s+([\d.]+)(us|ms|s|m)$", text, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"wrk gave no {percentile}th percentile:\n{text}")
    return float(found[1]) * _UNITS[found[2]]


def lua(request: Request) -> str:
    """Return the script by which wrk sends a request."""
    headers = "\n".join(
        f"wrk.headers[ {_quoted(name)} ] = {_quoted(value)}"
        for name, value in request.headers.items()
    )
    body = "nil" if request.body is None else _quoted(request.body)
    return _SCRIPT.format(method=_quoted(request.method), body=body, headers=headers)


def _quoted(text: str) -> str:
    return f"[==[{text}]==]"
