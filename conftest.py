"""Some tests need something of the machine: finds it, says loudly what was not run without it."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.releases import LAST, find_last_release

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Fixtures of tests of pages and commands, which lie with their areas.
pytest_plugins = ["tests.pages", "tests.commands"]

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Where `playwright install chromium` puts its own, on Linux and on macOS.
PLAYWRIGHT_CACHES = (".cache/ms-playwright", "Library/Caches/ms-playwright")
PLAYWRIGHT_BINARIES = ("chromium-*/*/chrome", "chromium-*/*/Chromium.app/Contents/MacOS/Chromium")

not_run = pytest.StashKey[dict[str, int]]()


def find_chromium() -> str | None:
    """The path of a Chromium: CHROMIUM if set, else the system's, else playwright's own."""
    if os.environ.get("CHROMIUM"):
        return os.environ["CHROMIUM"]
    for name in CHROMIUM_NAMES:
        if path := shutil.which(name):
            return path
    own = (
        path
        for cache in PLAYWRIGHT_CACHES
        for pattern in PLAYWRIGHT_BINARIES
        for path in sorted((Path.home() / cache).glob(pattern))
    )
    return next((str(path) for path in own), None)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium that browser tests start; without one they are not selected at all."""
    path = find_chromium()
    assert path, "browser tests are deselected where there is no Chromium: mark this test `browser`"
    return path


@pytest.fixture(scope="module")
def chromium(chromium_path: str) -> "Iterator[Browser]":
    """A Chromium without a window, for the tests of one file."""
    from playwright.sync_api import sync_playwright

    from tests.browser import FLAGS

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


def find_soffice() -> str | None:
    """The path of a LibreOffice: SOFFICE if set, else the system's."""
    if os.environ.get("SOFFICE"):
        return os.environ["SOFFICE"]
    return next((path for name in ("soffice", "libreoffice") if (path := shutil.which(name))), None)


def find_nginx() -> str | None:
    """The path of an nginx; Debian keeps it where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def find_caddy() -> str | None:
    return shutil.which("caddy")


@pytest.fixture(scope="session")
def soffice_path() -> str:
    """The LibreOffice that reopens files; without one such tests are not selected at all."""
    path = find_soffice()
    assert path, "tests are deselected where there is no LibreOffice: mark this test `office`"
    return path


@dataclass(frozen=True)
class Program:
    """What tests of a mark need, and what to do where it is missing."""

    find: Callable[[], str | None]
    remedy: str


NEEDED = {
    "browser": Program(
        find_chromium,
        "no Chromium found. Install one (Debian: 'apt-get install chromium') or name it in "
        "CHROMIUM.",
    ),
    "office": Program(
        find_soffice,
        "no LibreOffice found. Install one (Debian: 'apt-get install libreoffice-writer-nogui "
        "libreoffice-calc-nogui') or name it in SOFFICE.",
    ),
    "nginx": Program(
        find_nginx, "no nginx found. Install one (Debian: 'apt-get install nginx-light')."
    ),
    "caddy": Program(find_caddy, "no Caddy found. Install one (Debian: 'apt-get install caddy')."),
    "history": Program(
        find_last_release,
        f"this clone does not reach back to {LAST.version} ({LAST.commit}). Fetch the history "
        "('git fetch --unshallow').",
    ),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the tests out whose program is missing, and remember how many they were."""
    counts = {}
    for mark, program in NEEDED.items():
        if program.find():
            continue
        without = [item for item in items if item.get_closest_marker(mark)]
        counts[mark] = len(without)
        items[:] = [item for item in items if item not in without]
        config.hook.pytest_deselected(items=without)
    config.stash[not_run] = counts


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """A worker of pytest-xdist tells its controller how many it left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["tests_not_run"] = session.config.stash.get(not_run, {})
    return (yield)


class WorkerReports:
    """Receives the workers' numbers; registered only where pytest-xdist is at work."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Every worker collects all tests, so the numbers are equal, not to be added."""
        output = getattr(node, "workeroutput", {})
        config: pytest.Config = node.config  # type: ignore[attr-defined]
        config.stash[not_run] = output.get("tests_not_run", {})


def pytest_configure(config: pytest.Config) -> None:
    """Listen to the workers."""
    config.pluginmanager.register(WorkerReports())


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Nobody may take a run without browser, LibreOffice or history for a full one."""
    for mark, count in config.stash.get(not_run, {}).items():
        if count:
            terminalreporter.section(f"{mark.upper()} TESTS NOT RUN", sep="!", red=True, bold=True)
            terminalreporter.line(
                f"{count} {mark} tests were NOT run: {NEEDED[mark].remedy}", red=True
            )
