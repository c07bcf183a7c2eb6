"""A page of the dashboards already made: handed out before Flask's dispatch begins.

A committee opens the same few pages again and again. This stands in front of the application and
answers one kind of request only: a signed-in person's question for a page that `answers` has kept.
It checks the same as the way through Flask, with the same functions, and where anything is unusual
(nobody signed in, no token, another callback, a page not made yet) it lets the request through
untouched. So it can only save time, never decide differently (docs/adr/0008).
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Request

from dashboards.answers import Address, Answers, asked_for, has_token
from dashboards.paths import CALLBACKS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LARGEST_QUESTION = 4096


# The same question comes from everybody who opens the same page.
@lru_cache(maxsize=256)
def _address(question: bytes) -> Address | None:
    try:
        return asked_for(json.loads(question))
    except ValueError:
        return None


class Front:
    """The application with kept answers in front.

    `stamp` returns what a signed-in person's request may read now (as the stamp of `answers`), None
    where the application itself has to look; `headers` are those of every response, in order.
    """

    def __init__(
        self,
        application: WSGIApplication,
        answers: Answers,
        stamp: Callable[[Request], Hashable | None],
        headers: Sequence[tuple[str, str]],
    ) -> None:
        self._application = application
        self._answers = answers
        self._stamp = stamp
        self._headers = headers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from what is kept, else through the application."""
        if environ.get("PATH_INFO") == CALLBACKS and environ["REQUEST_METHOD"] == "POST":
            found = self._kept(environ)
            if found is not None:
                body, headers = found
                start_response("200 OK", headers)
                return [body]
        return self._application(environ, start_response)

    def _kept(self, environ: WSGIEnvironment) -> tuple[bytes, list[tuple[str, str]]] | None:
        length = environ.get("CONTENT_LENGTH", "")
        if not length.isdecimal() or int(length) > _LARGEST_QUESTION:
            return None
        question = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = io.BytesIO(question)
        request = Request(environ)
        if not request.is_json or not has_token(request):
            return None
        address = _address(question)
        if address is None:
            return None
        stamp = self._stamp(request)
        kept = None if stamp is None else self._answers.get((stamp, address))
        if kept is None:
            return None
        body, encoding = kept.best(environ.get("HTTP_ACCEPT_ENCODING", ""))
        own = [
            ("Content-Type", kept.mimetype),
            # The kept bytes follow from the session as well, as Flask says of its own answers.
            ("Vary", "Accept-Encoding, Cookie"),
            ("Content-Length", str(len(body))),
        ]
        if encoding:
            own.append(("Content-Encoding", encoding))
        return body, [*own, *self._headers]
