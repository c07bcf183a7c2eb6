"""Addresses and layouts: Dash calls a layout with what the address says, trusted in nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import dash
from dash.development.base_component import Component

from dashboards.pages import (
    compare,
    decisions,
    effect,
    field,
    fields,
    goal,
    measure,
    measures,
    messages,
    overview,
    preview,
    returns,
    returns_institutions,
    search,
    timeline,
    ziff5,
)
from dashboards.pages.view import Page, View, is_on, layout, read
from dashboards.snapshot_reader import mounted

Layout = list[Component] | Component

# In the order of the navigation; those that areas add come after them.
PAGES: list[Page] = [
    overview.PAGE,
    fields.PAGE,
    field.PAGE,
    goal.PAGE,
    timeline.PAGE,
    compare.PAGE,
    effect.PAGE,
    decisions.PAGE,
    ziff5.PAGE,
    returns.PAGE,
    returns_institutions.PAGE,
    preview.PAGE,
    measures.PAGE,
    measure.PAGE,
    search.PAGE,
]


def find(path: str) -> tuple[Page, dict[str, str]] | None:
    """Return the page of a path below /dashboards/ with the named parts of the path."""
    for page in filter(is_on, PAGES):
        pattern = re.sub(r"<(\w+)>", r"(?P<\1>[^/]{1,40})", page.path)
        found = re.fullmatch(pattern, path)
        if found is not None:
            return page, found.groupdict()
    return None


def is_page(path: str) -> bool:
    return find(path) is not None


def is_internal(path: str) -> bool:
    """Return whether a path below /dashboards/ names a page that only the KI may read.

    Dash finds its pages without the slashes around a path.
    """
    found = find(path.strip("/"))
    return found is not None and found[0].internal


def draws(path: str) -> bool:
    """Return whether the page at a path below /dashboards/ has charts."""
    found = find(path)
    return found is not None and found[0].charts


def is_known(path: str, query: Mapping[str, object]) -> bool:
    """Return whether a page's address names only what is published; nothing needs no round."""
    found = find(path)
    if found is None:
        return False
    page, place = found
    if page.own is not None or not (place or query.get("runde") or query.get("vergleich")):
        return True
    view = read(page, {**query, **place})
    return page.knows(view) if isinstance(view, View) else not mounted().reader().publications


def not_found_layout(**_others: Any) -> Layout:
    """Return the answer to an address that is no page."""
    return messages.unknown_page()


def title_of(path: str) -> str:
    """Return the title of the page at a path below /dashboards/."""
    found = find(path)
    if found is not None:
        page, place = found
        return " ".join((page.title, *place.values()))
    return "Seite nicht gefunden"


def _titled(path: str) -> Callable[..., str]:
    """Return the title that Dash puts into the browser's tab: the page and the instance."""

    def title(**place: object) -> str:
        filled = re.sub(r"<(\w+)>", lambda name: str(place.get(name[1], "")), path)
        return f"{title_of(filled)} – {mounted().name()}"

    return title


def register(more: Iterable[Page]) -> None:
    """Tell Dash the pages, those that areas add too.

    Its register is global; the layouts ask the request's application.
    """
    PAGES.extend(page for page in more if page not in PAGES)
    page: Callable[..., None] = dash.register_page
    for item in PAGES:
        kind = "path_template" if "<" in item.path else "path"
        page(
            f"page_{item.path}" if item.path else "overview",
            **{kind: f"/{item.path}"},
            title=_titled(item.path),
            layout=layout(item, PAGES),
        )
    page("not_found_404", path="/404", title=_titled("404"), layout=not_found_layout)
