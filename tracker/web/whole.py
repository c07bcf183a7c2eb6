"""A page kept whole with its frame, for the list that institutions open most.

Laying a page out takes longer than reading what it shows. A kept page is found again by everything
it was made of: the person signed in, the facts of the frame, and what the view has just read. It is
made of these alone, and no request or session is within its templates' reach, so it can neither
go stale nor show what belongs to somebody else. The session's form token is put in each time.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any, Protocol, cast

from flask import Flask, current_app
from jinja2 import Environment
from markupsafe import escape

from tracker.web import shell
from tracker.web.shell import FrameFacts

_EXTENSION = "tracker_whole_pages"
# Some 40 kB each.
_MOST = 256
# No text that a person types can hold it: control characters are taken out before storing.
_CUT = "\x00"


class Shown(Hashable, Protocol):
    """All that a page shows inside its frame; equal ones look the same. Frozen and hashable."""

    @property
    def template(self) -> str:
        """Return the page's template."""

    def values(self) -> Mapping[str, Any]:
        """Return what the template needs, from nothing but this."""


class WholePages:
    """The pages that one application keeps, cut where the form token goes."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self.pieces = lru_cache(maxsize=_MOST)(self._pieces)

    def _pieces(self, facts: FrameFacts, shown: Shown) -> tuple[bytes, ...]:
        text = self._environment.get_template(shown.template).render(
            {
                **shown.values(),
                **shell.values_of(facts),
                "csrf_token": lambda: _CUT,
                "get_flashed_messages": lambda **_: facts.messages,
            }
        )
        return tuple(text.encode().split(_CUT.encode()))


def page(shown: Shown) -> bytes:
    """Return a page as this request's person sees it."""
    pages = cast("WholePages", current_app.extensions[_EXTENSION])
    return str(escape(shell.form_token())).encode().join(pages.pieces(shell.facts(), shown))


def init_app(app: Flask) -> None:
    """Give an application its own kept pages."""
    app.extensions[_EXTENSION] = WholePages(app.jinja_env)
