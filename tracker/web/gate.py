"""One gate for what no page of ours sends: refused before any view reads it.

In the text of a form it may have been pasted: there `web.forms.Form` and
`without_control_characters` see to it, so that nobody loses a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Flask, abort, request
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue

from tracker.core.settings import Settings
from tracker.core.text import is_storable
from tracker.web import errors

_PORT = re.compile(r":\d+$")
_OTHER_HOST = errors.Problem(
    400,
    "Unter diesem Namen ist die Anwendung nicht zu erreichen",
    "Die Adresse nennt einen anderen Rechner, als diese Anwendung kennt.",
    (
        "Prüfen Sie die Adresse, oder beginnen Sie mit dem Link aus Ihrer Einladung.",
        "Für die Betriebsstelle: BASE_URL und ALLOWED_HOSTS prüfen.",
    ),
)


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


def is_known(host: str, names: Iterable[str]) -> bool:
    """Return whether a Host header, port or not, is one of these names; .a.b: any below a.b."""
    name = _PORT.sub("", host).lower()
    return any(name == known or (known.startswith(".") and name.endswith(known)) for known in names)


def init_app(app: Flask, settings: Settings) -> None:
    app.json = StorableJson(app)

    @app.before_request
    def refuse() -> ResponseReturnValue | None:
        # Monitors ask by the machine's number. Flask's TRUSTED_HOSTS knows no exception and no
        # IPv6, and leaves a page of ours without addresses.
        is_monitor = request.endpoint in errors.FOR_MONITORS
        if not is_monitor and not is_known(request.host, settings.hosts):
            return errors.render(_OTHER_HOST)
        if not is_storable(request.path) or b"%00" in request.query_string:
            abort(404)
        return None
