"""Addresses and layouts: Dash calls a layout with what the address says, trusted in nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import dash
from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, measure_path
from dashboards.content.words import code_order
from dashboards.figures.returns import Returned
from dashboards.pages import measure, measures, messages, overview
from dashboards.pages.measure import Neighbours
from dashboards.paths import MEASURES, PREFIX
from dashboards.shelf import Past, Shelf, mounted
from tracker.queries.published import Publication

Layout = list[Component] | Component

# How many rounds the Rücklauf is followed back.
_ROUNDS_SHOWN = 8
_CODE = re.compile(r"\d{1,3}\.\d{1,3}")
_MEASURE_PAGE = re.compile(rf"massnahme/{_CODE.pattern}")
_PAGES = {"": "Überblick", "massnahmen": "Alle Maßnahmen"}


def is_page(path: str) -> bool:
    """Return whether a path below /dashboards/ names a page."""
    return path in _PAGES or _MEASURE_PAGE.fullmatch(path) is not None


def is_known(path: str, runde: str | None) -> bool:
    """Return whether a page's address names only what is published; nothing needs no round."""
    code = path.rpartition("/")[2] if _MEASURE_PAGE.fullmatch(path) else None
    if code is None and not runde:
        return True
    shelf = mounted().shelf()
    if not shelf.publications:
        return True
    chosen = shelf.find(runde or None)
    if chosen is None:
        return False
    return code is None or any(item["code"] == code for item in shelf.overview(chosen)["measures"])


def overview_layout(runde: object = None, **_others: Any) -> Layout:
    """Return the Überblick of the round asked for, the newest where none is."""
    shelf = mounted().shelf()
    chosen = _chosen(shelf, runde, PREFIX)
    if not isinstance(chosen, Publication):
        return chosen
    return overview.content(
        overview=shelf.overview(chosen),
        words=shelf.words(chosen),
        rounds=shelf.publications,
        returns=_returns(shelf, chosen),
    )


def measures_layout(runde: object = None, **_others: Any) -> Layout:
    """Return the list of all measures."""
    shelf = mounted().shelf()
    chosen = _chosen(shelf, runde, MEASURES)
    if not isinstance(chosen, Publication):
        return chosen
    return measures.content(
        overview=shelf.overview(chosen),
        words=shelf.words(chosen),
        rounds=shelf.publications,
    )


def measure_layout(code: object = None, runde: object = None, **_others: Any) -> Layout:
    """Return a measure with all its published rounds."""
    shelf = mounted().shelf()
    if not isinstance(code, str) or _CODE.fullmatch(code) is None:
        return messages.unknown_measure(str(code))
    chosen = _chosen(shelf, runde, measure_path(code))
    if not isinstance(chosen, Publication):
        return chosen
    history = shelf.history(code)
    if not history:
        return messages.unknown_measure(code)
    shown = next((past for publication, past in history if publication == chosen), None)
    if shown is None:
        return messages.not_in_round(code, chosen.label, _links(code, history))
    return measure.content(
        past=[past for _, past in history],
        shown=shown,
        rounds=[publication for publication, _ in history],
        neighbours=_neighbours(shelf, chosen, code),
    )


def not_found_layout(**_others: Any) -> Layout:
    """Return the answer to an address that is no page."""
    return messages.unknown_page()


def title_of(path: str) -> str:
    """Return the title of the page at a path below /dashboards/."""
    if path in _PAGES:
        return _PAGES[path]
    if _MEASURE_PAGE.fullmatch(path) is not None:
        return f"Maßnahme {path.rpartition('/')[2]}"
    return "Seite nicht gefunden"


def _titled(path: str) -> Callable[..., str]:
    """Return the title that Dash puts into the browser's tab: the page and the instance."""

    def title(code: object = "") -> str:
        return f"{title_of(f'{path}{code}')} – {mounted().name}"

    return title


def register() -> None:
    """Tell Dash the pages. Its register is global; the layouts ask the request's application."""
    page: Callable[..., None] = dash.register_page
    page("overview", path="/", title=_titled(""), layout=overview_layout)
    page("measures", path="/massnahmen", title=_titled("massnahmen"), layout=measures_layout)
    page(
        "measure",
        path_template="/massnahme/<code>",
        title=_titled("massnahme/"),
        layout=measure_layout,
    )
    page("not_found_404", path="/404", title=_titled("404"), layout=not_found_layout)


def _chosen(shelf: Shelf, runde: object, action: str) -> Publication | Component:
    if not shelf.publications:
        return messages.nothing_published()
    if runde is None or runde == "":
        return shelf.publications[0]
    asked = runde if isinstance(runde, str) else "?"
    return shelf.find(asked) or messages.unknown_round(asked, shelf.publications, action)


def _returns(shelf: Shelf, chosen: Publication) -> list[Returned]:
    """Return the Rücklauf of the last rounds up to the chosen one, oldest first."""
    until = shelf.publications.index(chosen)
    shown = shelf.publications[until : until + _ROUNDS_SHOWN][::-1]
    found = []
    for publication, part in zip(shown, shelf.overviews(shown), strict=True):
        ratio = part["figures"]["returns"]["completeness"]
        found.append(Returned(publication.label, ratio["count"], ratio["total"], ratio["percent"]))
    return found


def _neighbours(shelf: Shelf, chosen: Publication, code: str) -> Neighbours:
    codes = sorted((item["code"] for item in shelf.overview(chosen)["measures"]), key=code_order)
    place = codes.index(code)
    return Neighbours(
        before=codes[place - 1] if place else None,
        after=codes[place + 1] if place + 1 < len(codes) else None,
    )


def _links(code: str, history: list[tuple[Publication, Past]]) -> list[Child]:
    found: list[Child] = []
    for publication, _ in history:
        if found:
            found.append(", ")
        found.append(
            html.A(publication.label, href=measure_path(code, publication.period), className="link")
        )
    return found
