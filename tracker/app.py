"""The composition root: settings and database in, the whole web application out."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from dashboards.app import mount
from dashboards.csp import script_hashes, style_hashes
from tracker.db import make_engine
from tracker.queries.publication_facts import instance_of
from tracker.settings import Settings
from tracker.web import (
    access,
    accounts,
    assets,
    concept,
    contributions,
    cookies,
    csp,
    downloads,
    errors,
    filters,
    mails,
    pages,
    papers,
    questionnaire,
    records,
    reports,
    responsibilities,
    review,
    rounds,
    runtime,
    shell,
    whole,
)
from tracker.web.runtime import Clock, Runtime, utc_now

# 24 texts of 100,000 characters, percent-encoded, and some room.
MAX_REQUEST_BYTES = 32_000_000


def create_app(
    settings: Settings | None = None,
    *,
    engine: Engine | Connection | None = None,
    clock: Clock = utc_now,
) -> Flask:
    """Return the application; settings default to the environment, the engine to the settings.

    `clock` tells the time; page tests hand over a connection and a clock of their own.
    Raises SettingsError when SECRET_KEY is missing.
    """
    settings = settings or Settings.from_environment(os.environ)
    parts = Runtime(
        settings, make_engine(settings.database_url) if engine is None else engine, clock
    )
    app = Application("tracker.web", static_folder=str(assets.FOLDER), template_folder="templates")
    configure(app, settings)
    if settings.trusted_proxies:
        number = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # Flask's way of wrapping itself
            app.wsgi_app, x_for=number, x_proto=number, x_host=number
        )
    runtime.init_app(app, parts)
    cookies.init_app(app)
    csp.init_app(app, settings)
    assets.init_app(app)
    filters.init_app(app)
    errors.init_app(app)
    CSRFProtect(app)
    access.init_app(app)
    shell.init_app(app)
    whole.init_app(app)
    for area in (
        accounts,
        pages,
        reports,
        contributions,
        rounds,
        review,
        responsibilities,
        concept,
        downloads,
        papers,
        mails,
        records,
        questionnaire,
    ):
        app.register_blueprint(area.blueprint)
    mount_dashboards(app, parts)
    return app


def mount_dashboards(app: Flask, parts: Runtime) -> None:
    """Mount Dash under /dashboards/: our guard in front, our frame around, its hashes allowed."""
    dashboards = mount(
        app,
        guard=access.guard,
        shell=shell.shell,
        session=runtime.session,
        stamp=access.publications,
        stamp_of=access.publications_for(app, parts),
        headers=csp.fixed_headers(parts.settings),
        plotly_bundle=assets.FOLDER / "vendor/plotly/plotly-basic.min.js",
        name=parts.settings.instance_name,
        only_coordination=access.only_coordination,
        instance=instance_of(parts.settings),
        now=runtime.now,
    )
    # Dash knows its inline scripts once it has served its first page: asked for, not copied.
    csp.allow_on_dashboards(app, lambda: csp.Sources(script_hashes(dashboards), style_hashes()))


class Application(Flask):
    """Flask whose views are never asynchronous: asking them twenty times a request costs time."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function itself."""
        return func


class RowNumber(IntegerConverter):
    """`<int:…>` in addresses: what no row can be numbered is an unknown address, not an error."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": 2_147_483_647, **options})


def configure(app: Flask, settings: Settings) -> None:
    """Set Flask's configuration: cookies, sizes, templates."""
    secure = settings.secure_cookies
    app.config.update(
        SECRET_KEY=settings.require_secret_key(),
        SESSION_COOKIE_NAME="__Host-sitzung" if secure else "sitzung",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES,
        # A token lives as long as the session it belongs to; the session has its own timeouts.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.url_map.converters["int"] = RowNumber
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
