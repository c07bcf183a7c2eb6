"""An instance as a city runs it: a database file, the command line, the server as a process."""

from __future__ import annotations

import io
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path

import pytest

from tools.processes import free_port, kill, started
from tracker.cli import main
from tracker.core.settings import Settings

START_SECONDS = 60
PASSWORD = "vier bunte Schirme im Regen"


class Instance:
    """A production-like installation in a folder of its own; nothing in it is invented."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "tracker.sqlite3"
        self.port = free_port()
        self.secret_key = secrets.token_urlsafe(48)
        self.address = f"http://127.0.0.1:{self.port}"
        ours = {item.name.upper() for item in fields(Settings)}
        self._environment = {
            **{name: value for name, value in os.environ.items() if name not in ours},
            "DATABASE_URL": f"sqlite:///{self.database}",
            "SECRET_KEY": self.secret_key,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "BASE_URL": self.address,
            "SECURE_COOKIES": "0",
        }
        self._server: subprocess.Popen[bytes] | None = None
        self._servers = ExitStack()

    def tracker(self, *argv: str, typed: str = "") -> bytes:
        """Run a command that has to succeed; returns what it prints."""
        printed = io.BytesIO()
        with pytest.MonkeyPatch.context() as patch, io.TextIOWrapper(printed, "utf-8") as out:
            for name in os.environ.keys() - self._environment:
                patch.delenv(name)
            for name, value in self._environment.items():
                patch.setenv(name, value)
            patch.setattr("sys.stdin", io.StringIO(typed))
            patch.setattr("sys.stdout", out)
            assert main(argv) == 0, argv
            out.flush()
            return printed.getvalue()

    def create_user(self, email: str, *more: str) -> None:
        """Create an account that signs in with PASSWORD."""
        name = email.partition("@")[0].title()
        argv = ("user", "create", "--email", email, "--name", name)
        self.tracker(*argv, *more, "--password-stdin", typed=PASSWORD)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with (self.folder / "server.log").open("ab") as log:
            serve = [sys.executable, "-m", "tracker", "serve"]
            serving = started(serve, env=self._environment, stdout=log, stderr=log)
            self._server = self._servers.enter_context(serving)
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            ended = self._server.poll() is not None
            assert not ended, (self.folder / "server.log").read_text("utf-8")
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.05)

    def stop(self) -> None:
        """End the server as an operator does."""
        self._servers.close()
        self._server = None

    def kill(self) -> None:
        """Take the server away in the middle of everything, as a power cut does."""
        assert self._server is not None, "nothing to kill: the server does not run"
        kill(self._server)
        self.stop()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/anmelden", timeout=5):
                return True
        except urllib.error.HTTPError:
            raise
        except OSError:
            return False
