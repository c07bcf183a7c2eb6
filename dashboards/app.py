"""The one Dash app and how it is mounted into the application under /dashboards/."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

import dash
from dash.exceptions import InvalidResourceError
from flask import Flask, Response, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from sqlmodel import Session

from dashboards import bundles, sprite
from dashboards.bundles import Bundle
from dashboards.compressed import Kept, for_ever
from dashboards.downloads import csv_file
from dashboards.page_cache import PageCache, callback_view, csrf_cookie
from dashboards.pages import routes
from dashboards.pages.view import Page
from dashboards.paths import CALLBACKS, HOME, MARKS, PAGES, PREFIX, TABLES
from dashboards.snapshot_reader import EXTENSION, Mounted, internal
from tracker.concept.web.current import moved
from tracker.publication.rules.facts import Instance

_ASSETS = Path(__file__).parent / "assets"
PAGE_CACHE = "dashboards_page_cache"
_INLINE_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)
_LOADING = (
    '<div id="react-entry-point"><h1>{title}</h1><p role="status">Die Seite wird geladen …</p>'
    '<p class="slow">Das dauert länger als sonst. <a href="">Seite neu laden</a></p>'
    "<noscript><p>Diese Seite braucht JavaScript. Ohne JavaScript finden Sie alle Zahlen im "
    "Controllingbericht der Runde unter „Berichte“.</p></noscript></div>"
)


class Frame(Protocol):
    """A page of the application, cut open: `head` ends in <head>, `top` in <main>."""

    @property
    def head(self) -> str:
        """Return what comes before the style sheets."""

    @property
    def top(self) -> str:
        """Return the end of <head> and everything up to the content."""

    @property
    def bottom(self) -> str:
        """Return what comes after the content and its scripts."""


Guard = Callable[[], ResponseReturnValue | None]
Shell = Callable[[str], Frame]


class Dashboards(dash.Dash):
    """Dash inside the header and footer of all other pages."""

    def __init__(self, server: Flask, shell: Shell, plotly: Callable[[], str]) -> None:
        self.shell = shell
        self.plotly = plotly
        super().__init__(
            "dashboards",
            server=server,  # type: ignore[arg-type] # Dash's hint forgets the Flask it documents
            url_base_pathname=PREFIX,
            use_pages=True,
            pages_folder="",
            assets_folder=str(_ASSETS),
            serve_locally=True,
            compress=False,  # bundles are compressed once, by `compressed`
            include_pages_meta=False,  # names for other people's platforms
            suppress_callback_exceptions=True,  # else Dash lays out every page to check it
            update_title="",
            title="Überblick",
            csrf_token_name=csrf_cookie(server),
            add_log_handler=False,
        )

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override] # by keyword only
        """Note what Dash puts into a page; `page` has another frame for it."""
        self._noted = parts
        return str(super().interpolate_index(**parts))  # type: ignore[no-untyped-call] # Dash's

    @cached_property
    def parts(self) -> dict[str, str]:
        """Return what Dash puts into every page, written once: it takes longer than the rest."""
        self.index()  # type: ignore[no-untyped-call] # Dash's
        return self._noted

    @cached_property
    def bundles(self) -> dict[str, Bundle]:
        """Return scripts and styles; Dash knows its own once it answers a request."""
        return bundles.bundles(self.parts["scripts"], _ASSETS)

    def page(self, path: str) -> str:
        """Return a page: our frame around Dash's entry point, scripts at the end."""
        title = routes.title_of(path)
        frame = self.shell(title)
        return "".join(
            (
                frame.head,
                bundles.head(self.bundles),
                frame.top,
                _LOADING.format(title=escape(title)),
                self.parts["config"],
                bundles.foot(self.bundles, plotly=self.plotly() if routes.draws(path) else None),
                # What Dash itself does in the browser, e.g. the title in its tab.
                *_INLINE_SCRIPT.findall(self.parts["scripts"]),
                self.parts["renderer"],
                frame.bottom,
            )
        )


def mount(
    server: Flask,
    *,
    guard: Guard,
    shell: Shell,
    session: Callable[[], Session],
    concept: Callable[[], int | None],
    cache_key: Callable[[], Hashable],
    plotly: Callable[[], str],
    name: Callable[[], str],
    only_coordination: Callable[[], None],
    instance: Callable[[], Instance],
    now: Callable[[], datetime],
    is_on: Callable[[str], bool],
    pages: Iterable[Page],
) -> Dashboards:
    """Mount the dashboards under /dashboards/ and return the Dash app.

    `guard` is asked before every request below /dashboards/ and answers None or the response that
    refuses it; `shell` frames a page by its title; `session` returns the request's database
    session, `concept` the concept that it is about, `cache_key` all that a page follows from beside
    its address; `plotly` is the address of plotly.js; `name` is the instance's, for the browser's
    tab; `only_coordination` raises for everybody but the KI; `instance` and `now` are what a
    preview is computed with; `is_on` says whether the area that a module lies in is on, `pages` are
    those that areas add.
    """
    server.before_request(_guarded(guard))
    server.extensions[EXTENSION] = Mounted(
        session, concept, name, only_coordination, instance, now, is_on
    )
    app = Dashboards(server, shell, plotly)
    app.layout = dash.page_container
    routes.register(pages)
    server.add_url_rule(MARKS, "dashboards_marks", _marks)
    server.add_url_rule(TABLES, "dashboards_table", csv_file)
    page = _page_view(app)
    for rule in (HOME, PAGES):
        server.add_url_rule(rule, "dashboards_page", page)
    for path in (bundles.CHARTS, bundles.SCRIPTS, bundles.OWN, bundles.STYLE):
        server.add_url_rule(path, f"dashboards{Path(path).stem}", _bundle_of(app, path))
    _replace_views(app, cache_key)
    return app


def _guarded(guard: Guard) -> Guard:
    def guard_dashboards() -> ResponseReturnValue | None:
        inside = request.path.startswith(PREFIX) or request.path == PREFIX.rstrip("/")
        return guard() if inside else None

    return guard_dashboards


def _replace_views(app: Dashboards, cache_key: Callable[[], Hashable]) -> None:
    """Put our views in the place of Dash's own for pages, callbacks and bundles."""
    views: dict[str, Any] = app.server.view_functions
    suites = f"{PREFIX}_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
    cache = PageCache()
    app.server.extensions[PAGE_CACHE] = cache
    views[CALLBACKS] = callback_view(app, cache_key, cache)
    csrf = app.server.extensions.get("csrf")
    if csrf is not None:
        # The view checks its token itself: the cheaper way where it only reads (`page_cache`).
        csrf.exempt(views[CALLBACKS])
    views[suites] = _or_not_found(views[suites])
    views[PREFIX] = views[f"{PREFIX}<path:path>"] = moved


def _or_not_found(serve: Callable[..., Response]) -> Callable[..., Response]:
    """Return Dash's view of its files, which pages rarely ask: their scripts are in bundles."""

    def file(**values: str) -> Response:
        try:
            return serve(**values)
        except (InvalidResourceError, dash.exceptions.DependencyException):
            abort(404)

    return file


def _bundle_of(app: Dashboards, path: str) -> Callable[[], Response]:
    def bundle() -> Response:
        found = app.bundles.get(path)
        return abort(404) if found is None else for_ever(found.kept.response())

    return bundle


def _marks() -> Response:
    return for_ever(Kept(sprite.svg(), "image/svg+xml").response())


def _page_view(app: Dashboards) -> Callable[..., ResponseReturnValue]:
    """Answer an unknown page, round or measure with 404; the page itself says so in words.

    What is only for the KI is refused to others before any of it is made.
    """

    def page(path: str = "") -> ResponseReturnValue:
        if routes.is_internal(path):
            internal()
        shorter = _without_empty_values()
        if shorter is not None:
            return redirect(shorter)
        known = routes.is_page(path) and routes.is_known(path, _query())
        response = Response(app.page(path), 200 if known else 404)
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        # The token that callbacks send back; its name over HTTPS asks for the path "/".
        response.set_cookie(
            csrf_cookie(current_app),
            generate_csrf(),
            path="/" if secure else PREFIX,
            samesite="Strict",
            secure=secure,
        )
        return response

    return page


def _without_empty_values() -> str | None:
    """Return the address without what a form sends for "alle"; None where nothing is empty.

    So an address that somebody sends on holds only what was chosen.
    """
    given = list(request.args.items(multi=True))
    told = [(name, value) for name, value in given if value]
    if len(told) == len(given):
        return None
    return f"{request.path}?{urlencode(told)}" if told else request.path


def _query() -> dict[str, object]:
    """Return the address's query as Dash reads it: one value as text, several as a list."""
    return {name: given[0] if len(given) == 1 else given for name, given in request.args.lists()}
