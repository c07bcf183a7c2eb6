"""How much of a request's body is read, from whom and by which view.

`@takes(…)` marks a view whose body is larger than the largest form, and every public view that
takes a POST: of a public one without a mark nothing is read. The same limits hold before
Flask (`front.py`, where a body that is not read costs nothing) and in Flask, whoever serves it.
In which lane a request is worked on is said here too: `@makes_paper`, or a file that is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import IO, Any, TypeVar

from flask import Flask, Request, abort, current_app, request
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from tracker.core.text import MAX_TEXT, is_storable

# The largest form has 24 texts; a letter of two bytes is sent as %C3%A4.
FORM_CHARACTERS = 24 * MAX_TEXT
FORM_BYTES = 6 * FORM_CHARACTERS + 120_000
# A list of all measures has a few for each; reading 10,000 takes a fiftieth of a second.
FORM_FIELDS = 10_000
# What a public view takes of somebody who never signed in.
STRANGER_BYTES = 500_000
# What `front.py` writes into the environ: the status by which it refused the body.
REFUSED = "tracker.refused"
# Where flask-login keeps what `SignedIn.get_id` returns.
_TOKEN = "_user_id"  # noqa: S105 - a key, no secret

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Limit:
    """What is read of a body; `file` is how many bytes of it a file may have, 0 without one."""

    bytes: int = FORM_BYTES
    fields: int = FORM_FIELDS
    file: int = 0


class Lane(StrEnum):
    """What a request is worked on among: none of one lane waits for those of another."""

    PAGES = "pages"
    PAPERS = "papers"
    FILES = "files"


NOTHING = Limit(0, 0)
_EXTENSION = "tracker_known"


def takes(
    *,
    bytes: int = FORM_BYTES,  # noqa: A002 - what is limited
    fields: int = FORM_FIELDS,
    file: int = 0,
) -> Callable[[View], View]:
    """Mark a view by what its body may be; write it below the route decorator.

    `bytes` are those of the fields, `file` those of a file sent with them.
    """

    def mark(view: View) -> View:
        view.body_limit = Limit(bytes + file, fields, file)  # type: ignore[attr-defined]
        if file:
            view.lane = Lane.FILES  # type: ignore[attr-defined]
        return view

    return mark


def makes_paper(view: View) -> View:
    """Mark a view that makes a file while somebody waits; write it below the route decorator."""
    view.lane = Lane.PAPERS  # type: ignore[attr-defined]
    return view


def limit_of(view: Callable[..., Any], *, known: bool) -> Limit:
    """Return what a view takes of somebody who has signed in here before, or of a stranger."""
    marked: Limit | None = getattr(view, "body_limit", None)
    is_public = getattr(view, "allowed_roles", ()) is None
    if not is_public:
        return (marked or Limit()) if known else NOTHING
    if marked is None:
        return NOTHING
    most = marked.bytes if known else min(marked.bytes, STRANGER_BYTES)
    return Limit(most, marked.fields, marked.file)


def limit(app: Flask, asked: Request) -> Limit:
    """Return what is read of this request's body."""
    if asked.method not in {"POST", "PUT", "PATCH", "DELETE"}:
        return NOTHING
    view = _view(app, asked)
    return NOTHING if view is None else limit_of(view, known=is_known(app, asked))


def lane(app: Flask, asked: Request) -> Lane:
    """Return among what this request is worked on."""
    return getattr(_view(app, asked), "lane", Lane.PAGES)


def _view(app: Flask, asked: Request) -> Callable[..., Any] | None:
    try:
        endpoint, _ = app.url_map.bind("").match(asked.path, method=asked.method)
    except HTTPException:
        return None
    return app.view_functions[endpoint]


def session_token(app: Flask, asked: Request) -> str | None:
    """Return the token in a genuine cookie, without asking the database whether it still holds.

    The same in every cookie of a session, however often it was signed anew.
    """
    session = app.session_interface.open_session(app, asked)
    return session.get(_TOKEN) if session else None


def is_known(app: Flask, asked: Request) -> bool:
    """Return whether a genuine cookie says that somebody signed in, without asking the database.

    Somebody whose session ended may have a text to lose; somebody who never signed in has not.
    """
    known: Callable[[Request], bool] = app.extensions[_EXTENSION]
    # A visit to /anmelden leaves a cookie, but none with a token.
    return session_token(app, asked) is not None or known(asked)


def keep() -> None:
    """Before each request: read no more than its limit, and nothing of what is not read at all."""
    if status := request.environ.get(REFUSED):
        abort(status)
    most = limit(current_app, request)
    # Of a body without an end that is known, werkzeug would take the beginning for the whole.
    is_endless = request.content_length is None and "wsgi.input_terminated" in request.environ
    if is_endless or most is NOTHING:
        request.environ |= {"wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"}
    else:
        request.max_content_length = request.max_form_memory_size = most.bytes
        request.max_form_parts = most.fields
    if is_endless and most is not NOTHING:
        abort(411)


class CountingParser(FormDataParser):
    """Counts the fields of a form before it reads them, and refuses names that no form has."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        if mimetype == "application/x-www-form-urlencoded" and self.max_form_parts is not None:
            body = stream.read()
            if body and body.count(b"&") >= self.max_form_parts:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        rest, form, files = super().parse(stream, mimetype, content_length, options)
        if not all(name is not None and is_storable(name) for name in (*form, *files)):
            raise BadRequest
        return rest, form, files


class LimitedRequest(Request):
    """A request whose form is counted before it is read."""

    form_data_parser_class = CountingParser


def init_app(app: Flask, *, known: Callable[[Request], bool] = lambda _asked: False) -> None:
    """Limit what an application reads; `known` tells another cookie of ours than the session's."""
    app.extensions[_EXTENSION] = known
    app.request_class = LimitedRequest
    app.before_request(keep)
