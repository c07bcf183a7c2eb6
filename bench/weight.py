"""What a page of the dashboards weighs over the wire, fonts and scripts included."""

from __future__ import annotations

import os
import shutil
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

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


def of_page(executable: str, address: str, path: str, cookies: dict[str, str]) -> int:
    """Return the bytes a fresh browser receives until the page is still."""
    received: list[float] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*_FLAGS])
        context = browser.new_context(locale="de-DE")
        host = urlsplit(address).hostname or ""
        context.add_cookies(
            [
                {"name": name, "value": value, "domain": host, "path": "/"}
                for name, value in cookies.items()
            ]
        )
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        network.on(
            "Network.loadingFinished", lambda sent: received.append(sent["encodedDataLength"])
        )
        page.goto(address + path, wait_until="networkidle")
        page.get_by_role("heading", level=2).first.wait_for()
        page.wait_for_load_state("networkidle")
        browser.close()
    return int(sum(received))
