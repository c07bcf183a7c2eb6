"""Browser tests need a browser: finds the machine's Chromium, says loudly when there is none."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Where `playwright install chromium` puts its own, on Linux and on macOS.
PLAYWRIGHT_CACHES = (".cache/ms-playwright", "Library/Caches/ms-playwright")
PLAYWRIGHT_BINARIES = ("chromium-*/*/chrome", "chromium-*/*/Chromium.app/Contents/MacOS/Chromium")

not_run = pytest.StashKey[int]()


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the browser tests out where there is no browser, and remember how many they were."""
    if find_chromium():
        return
    browser = [item for item in items if item.get_closest_marker("browser")]
    config.stash[not_run] = len(browser)
    items[:] = [item for item in items if item not in browser]
    config.hook.pytest_deselected(items=browser)


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """A worker of pytest-xdist tells its controller how many it left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["browser_not_run"] = session.config.stash.get(not_run, 0)
    return (yield)


class WorkerReports:
    """Receives the workers' numbers; registered only where pytest-xdist is at work."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Every worker collects all tests, so the numbers are equal, not to be added."""
        output = getattr(node, "workeroutput", {})
        config: pytest.Config = node.config  # type: ignore[attr-defined]
        config.stash[not_run] = output.get("browser_not_run", 0)


def pytest_configure(config: pytest.Config) -> None:
    """Listen to the workers."""
    config.pluginmanager.register(WorkerReports())


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Nobody may take a run without browser for a full one."""
    count = config.stash.get(not_run, 0)
    if count:
        terminalreporter.section("BROWSER TESTS NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{count} browser tests were NOT run: no Chromium found. Install one (Debian: "
            "'apt-get install chromium') or name it in CHROMIUM.",
            red=True,
        )
