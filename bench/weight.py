"""What a page of the dashboards weighs over the wire, fonts and scripts included."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, sync_playwright

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def chromium() -> str | None:
    """Return the path of a Chromium, None where there is none."""
    if os.environ.get("CHROMIUM"):
        return os.environ["CHROMIUM"]
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@dataclass(frozen=True)
class Visit:
    """What a browser received: bytes over the wire, requests."""

    received: int
    requests: int


class Watched:
    """A browser of one person, fresh for each context."""

    def __init__(self, browser: Browser, address: str, cookies: dict[str, str]) -> None:
        self._browser = browser
        self._address = address
        host = urlsplit(address).hostname or ""
        self._cookies = [
            {"name": name, "value": value, "domain": host, "path": "/"}
            for name, value in cookies.items()
        ]

    def visits(self, *paths: str) -> list[Visit]:
        """Open pages one after the other with an empty cache; what each of them fetched."""
        context = self._context()
        page, sizes, asked = context.new_page(), list[float](), list[str]()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", lambda sent: sizes.append(sent["encodedDataLength"]))
        page.on("response", lambda response: asked.append(response.url))
        found = []
        for path in paths:
            sizes.clear()
            asked.clear()
            page.goto(self._address + path, wait_until="networkidle")
            page.get_by_role("heading", level=2).first.wait_for()
            page.wait_for_load_state("networkidle")
            found.append(Visit(int(sum(sizes)), len(asked)))
        context.close()
        return found

    def seconds_to_chart(self, path: str, *, times: int) -> float:
        """Return the median of how long an empty browser takes until a chart is drawn."""
        took: list[float] = []
        for _ in range(times):
            context = self._context()
            page = context.new_page()
            page.goto(self._address + path, wait_until="commit")
            page.wait_for_selector(".js-plotly-plot .main-svg", state="attached")
            took.append(float(page.evaluate("performance.now()")) / 1000)
            context.close()
        return median(took)

    def _context(self) -> BrowserContext:
        context = self._browser.new_context(locale="de-DE")
        context.add_cookies(self._cookies)  # type: ignore[arg-type]
        return context


@contextmanager
def watching(executable: str) -> Iterator[Browser]:
    """Give a Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*_FLAGS])
        yield browser
        browser.close()
