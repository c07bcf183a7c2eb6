"""What browser tests share: Chromium's flags, axe, an application served on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, StorageState
from werkzeug.serving import make_server

# Who has signed in at which address: the cookies.
_SIGNED_IN: dict[tuple[str, str], StorageState] = {}
AXE = Path(__file__).parents[1] / "node_modules/axe-core/axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What is folded is a part of the page too: opened for a check, and closed again.
_UNFOLDED = """async () => {
    const folded = [...document.querySelectorAll('details:not([open])')];
    folded.forEach(part => { part.open = true; });
    const found = %s;
    folded.forEach(part => { part.open = false; });
    return found;
}"""
_AXE = _UNFOLDED % "await axe.run({resultTypes: ['violations']})"
_OVERFLOW = _UNFOLDED % (
    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
)


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong with a page, folded parts included: the rule and the places."""
    # Evaluated by the browser's debugger: the page's content policy stays in force.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(f"({_AXE})().then(result => result.violations)")
    return [f"{item['id']}: {[node['html'] for node in item['nodes']]}" for item in found]


def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than the window, folded parts included."""
    return int(page.evaluate(_OVERFLOW))


@contextmanager
def signed_in(
    chromium: Browser, address: str, email: str, password: str, *, width: int = 1280
) -> Iterator[Page]:
    """Give a window in which somebody is signed in; an error of a script fails the test.

    Somebody signs in once per application: further windows get the cookie of the first, and
    nothing else of it. They begin at the page to which signing in leads.
    """
    with chromium.new_context(
        base_url=address,
        locale="de-DE",
        viewport={"width": width, "height": 900},
        storage_state=_SIGNED_IN.get((address, email)),
    ) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto("/anmelden")
        # Nobody has signed in yet, or a test has signed out.
        if page.url.endswith("/anmelden"):
            page.fill("[name=email]", email)
            page.fill("[name=password]", password)
            page.press("[name=password]", "Enter")
            page.wait_for_url(lambda url: not url.endswith("/anmelden"))
            _SIGNED_IN[address, email] = {"cookies": context.cookies(), "origins": []}
        yield page


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Give the address of an application that answers until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        for address, email in list(_SIGNED_IN):
            if address.endswith(f":{server.port}"):
                del _SIGNED_IN[address, email]
