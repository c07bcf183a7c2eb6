"""What browser tests share: Chromium's flags, axe, an application served on loopback."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, Page
from sqlmodel import Session, select
from werkzeug.serving import make_server

from tracker.accounts.actions import sessions
from tracker.accounts.models import Account
from tracker.web.runtime import EXTENSION, Runtime

# Windows that nobody uses at the moment, by browser and address.
_FREE: dict[tuple[Browser, str], list[Page]] = defaultdict(list)
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
_OVERFLOW = _UNFOLDED % ("document.documentElement.scrollWidth - document.body.offsetWidth")


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
def window(chromium: Browser, address: str, *, width: int = 1280) -> Iterator[Page]:
    """Lend an empty window in which nothing is kept; an error of a script fails the test.

    A window of its own for each test would cost a second of the processor. A test that does to it
    what cannot be undone closes its context.
    """
    free = _FREE[chromium, address]
    lent = free.pop() if free else _opened(chromium, address)
    lent.set_viewport_size({"width": width, "height": 900})
    yield lent
    if lent.is_closed():
        lent.context.close()
    else:
        _empty(lent)
        free.append(lent)


def _opened(chromium: Browser, address: str) -> Page:
    page = chromium.new_context(base_url=address, locale="de-DE").new_page()
    page.on("pageerror", fail)
    return page


def fail(error: Error) -> None:
    """Let the test fail in which a script does."""
    pytest.fail(str(error))


def _empty(page: Page) -> None:
    for other in page.context.pages:
        if other != page:
            other.close()
    page.context.set_offline(False)
    page.unroute_all()
    page.emulate_media(media="null")
    # A document without a script, from where the application's own storage is reached.
    page.goto("/static/img/icon.svg")
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.context.clear_cookies()


@contextmanager
def signed_in(chromium: Browser, address: str, email: str, *, width: int = 1280) -> Iterator[Page]:
    """Lend a window in which somebody has signed in; nothing is opened yet."""
    with window(chromium, address, width=width) as page:
        sign_in(page.context, address, email)
        yield page


def sign_in(context: BrowserContext, address: str, email: str) -> None:
    """Sign an account in, without its password and the form that asks for it."""
    app = _SERVED[address]
    parts: Runtime = app.extensions[EXTENSION]
    with Session(parts.engine) as session:
        account = session.exec(select(Account).where(Account.email == email)).one()
        token = sessions.sign_in(session, account_id=account.id or 0, now=parts.clock())
        session.commit()
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value = serializer.dumps({"_user_id": token, "_fresh": True})
    context.add_cookies([{"name": "sitzung", "value": value, "url": address}])


@contextmanager
def own_clock(page: Page) -> Iterator[None]:
    """Let a test move a window's time on; nobody gets this window afterwards."""
    page.clock.install()
    try:
        yield
    finally:
        page.context.close()


class _Server:
    """Answers on a port of its own with the application that it is lent for."""

    def __init__(self) -> None:
        self.app: Flask | None = None
        server = make_server("127.0.0.1", 0, self, threaded=True)
        self.address = f"http://127.0.0.1:{server.port}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if self.app is None:
            start("503 Service Unavailable", [])
            return []
        return self.app(environ, start)


# Servers that answer for nobody at the moment; the applications that are served, by address.
_IDLE: list[_Server] = []
_SERVED: dict[str, Flask] = {}


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Give the address of an application that answers until the block ends.

    The process's server is lent, so that the windows opened at its address can be lent too.
    """
    server = _IDLE.pop() if _IDLE else _Server()
    server.app = _SERVED[server.address] = app
    try:
        yield server.address
    finally:
        server.app = None
        del _SERVED[server.address]
        _IDLE.append(server)
