"""The application of this process, lent to one page test after the other.

Making one takes a tenth of a second, nearly all of it Flask's table of addresses, which is always
the same. What a test brings along is exchanged instead, and what the application has kept of the
test before is taken away: it is then as after `create_app` (tests/web/test_application.py).
"""

from __future__ import annotations

from functools import cache

from flask import Flask
from sqlalchemy import Connection, Engine, create_engine

from dashboards.app import PAGE_CACHE
from tests.concept_client import ConceptClient
from tracker.app import create_app
from tracker.concept.web import current
from tracker.core.settings import Settings
from tracker.watch.web.views import PROBE
from tracker.web import cookies
from tracker.web.runtime import EXTENSION, Clock, Runtime
from tracker.web.shell import Frame


def application(settings: Settings, bind: Connection | Engine, clock: Clock) -> Flask:
    """Return the process's application on a test's database, with the test's clock.

    A test that changes the application itself makes its own with `create_app`.
    """
    app = _made(settings)
    parts: Runtime = app.extensions[EXTENSION]
    parts.settings, parts.bind, parts.clock = settings, bind, clock
    parts.in_force = None
    app.extensions["tracker_frame"] = Frame(app, current.link_key)
    app.extensions[current.EXTENSION] = current.Known()
    cookies.init_app(app)
    app.extensions[PAGE_CACHE].clear()
    app.extensions.pop(PROBE, None)
    app.testing = True
    return app


@cache
def _made(settings: Settings) -> Flask:
    app = create_app(settings, engine=create_engine("sqlite://"))
    app.test_client_class = ConceptClient
    return app
