"""The composition root: settings and database in, the whole web application out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

import tracker.tables  # noqa: F401 - a foreign key finds its table once all are known
from dashboards.app import mount
from dashboards.csp import script_hashes, style_hashes
from tracker import areas
from tracker.accounts.web import sessions
from tracker.concept.web import current
from tracker.core import switching
from tracker.core.db import WEB, make_engine
from tracker.core.settings import Settings
from tracker.publication.queries import published
from tracker.publication.queries.publication_facts import instance_of
from tracker.reporting.palette import COURSE_COLOUR, IMPLEMENTATION_COLOUR
from tracker.reporting.reports.web.form_view import DIGESTS
from tracker.reporting.words import CONTRIBUTION_FIELD, REPORT_FIELD
from tracker.web import (
    access,
    assets,
    cookies,
    csp,
    devices,
    errors,
    filters,
    form_recovery,
    gate,
    limits,
    public_forms,
    request_log,
    runtime,
    shell,
)
from tracker.web.runtime import Clock, Runtime, utc_now
from tracker.words import all_labels

# Callbacks say which page they are for and what was chosen on it.
CALLBACK_BYTES = 200_000


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
        settings, make_engine(settings.database_url, WEB) if engine is None else engine, clock
    )
    app = Flask("tracker.web", static_folder=None, template_folder="templates")
    configure(app, settings)
    if settings.trusted_proxies:
        number = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # Flask's way of wrapping itself
            app.wsgi_app, x_for=number, x_proto=number, x_host=number
        )
    request_log.init_app(app, settings)
    limits.init_app(app, known=lambda asked: devices.of_request(asked, settings) is not None)
    gate.init_app(app, settings)
    runtime.init_app(app, parts)
    cookies.init_app(app)
    csp.init_app(app, settings)
    filters.init_app(app, labels=all_labels())
    app.jinja_env.globals.update(
        implementation_colour=IMPLEMENTATION_COLOUR, course_colour=COURSE_COLOUR
    )
    errors.init_app(app)
    csrf = CSRFProtect(app)
    access.init_app(app, load=sessions.load)
    form_recovery.init_app(
        app,
        labels=REPORT_FIELD | {"contribution_text": CONTRIBUTION_FIELD["text"]},
        hidden={DIGESTS, "draft_version", "copy_id", "hinweise", "theirs", "seen", "gesehen"},
    )
    shell.init_app(app, concept_key=current.link_key)
    own = (Path(area.__file__ or "").parent / "static" for area in areas.modules("web"))
    assets.init_app(app, [assets.FOLDER, *own], csp.fixed_headers(settings))
    tuple(areas.modules("area"))  # each says of itself that it can be switched off
    for area in areas.modules("web"):
        for blueprint in area.blueprints:
            app.register_blueprint(blueprint)
    public_forms.init_app(app, csrf)
    mount_dashboards(app)
    current.init_app(app)
    return app


def mount_dashboards(app: Flask) -> None:
    """Mount Dash under /dashboards/: our guard in front, our frame around, its hashes allowed."""
    dashboards = mount(
        app,
        guard=access.guard,
        shell=shell.shell,
        session=runtime.session,
        concept=current.concept_id_if_any,
        cache_key=lambda: (published.stamp(runtime.reading()), runtime.today(), runtime.settings()),
        plotly=lambda: assets.asset("vendor/plotly/plotly-basic.min.js"),
        name=lambda: runtime.settings().instance_name,
        only_coordination=access.only_coordination,
        instance=lambda: instance_of(runtime.settings()),
        now=runtime.now,
        is_on=lambda module: switching.area_of(module) not in switching.off(runtime.settings()),
        pages=[page for area in areas.modules("dashboards") for page in area.PAGES],
    )
    callback = app.view_functions["/dashboards/_dash-update-component"]
    limits.takes(bytes=CALLBACK_BYTES, fields=0)(callback)
    # Dash knows its inline scripts once it has served its first page: asked for, not copied.
    csp.allow_on_dashboards(app, lambda: csp.Sources(script_hashes(dashboards), style_hashes()))


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
        # A token lives as long as the session it belongs to; the session has its own timeouts.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.url_map.converters["int"] = RowNumber
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
