"""One gate for what no page of ours sends: refused before any view reads it.

In the text of a form it may have been pasted: there `web.forms.Form` and
`without_control_characters` see to it, so that nobody loses a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask, abort, request
from flask.json.provider import DefaultJSONProvider

from tracker.core.text import is_storable


class StorableJson(DefaultJSONProvider):
    """JSON that can be stored; what is nested too deeply is unreadable, not a failure."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Raises ValueError for what no view may see."""
        try:
            value = super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        if not all(map(is_storable, _texts(value))):
            raise ValueError("a text that no database stores")
        return value


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        if isinstance(part, dict):
            waiting += [*part.keys(), *part.values()]
        if isinstance(part, list):
            waiting += part


def refuse() -> None:
    """Before each request: under an address with NUL there is nothing."""
    if not is_storable(request.path) or b"%00" in request.query_string:
        abort(404)


def init_app(app: Flask) -> None:
    app.json = StorableJson(app)
    app.before_request(refuse)
