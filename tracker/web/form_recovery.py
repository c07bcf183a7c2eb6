"""What somebody typed is never thrown away: expired session, stale token, refusal, locked database.

The fields of a refused POST go into the answer and from there back to the same address once the
person has signed in again, with a fresh token. The target view checks permission as always.
Fields are carried only when the browser says that our own page sent them: otherwise a foreign
site could have somebody submit its text by signing in.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from tracker.web.limits import FORM_CHARACTERS, FORM_FIELDS, REFUSED

PREFIX = "kept:"
TARGET = "kept_path"
# Never carried: tokens (a fresh one is set), passwords, and what we add ourselves.
_SECRET = ("password", "token", TARGET)
_LONG = 60
# What `kept:` before each name adds to a form.
NAMES_BYTES = 10 * FORM_FIELDS
_LABELS, _HIDDEN = "tracker_field_labels", "tracker_hidden_fields"


@dataclass(frozen=True)
class KeptField:
    """A posted field; long texts are shown so that they can be read and copied."""

    name: str
    value: str
    label: str
    hidden: bool = False

    @property
    def is_text(self) -> bool:
        """Return whether a person typed this, rather than choosing or a page setting it."""
        return not self.hidden and (len(self.value) > _LONG or "\n" in self.value)


@dataclass(frozen=True)
class Kept:
    """The fields of a POST and the path (with query) they were meant for."""

    path: str
    fields: tuple[KeptField, ...]

    @property
    def texts(self) -> tuple[KeptField, ...]:
        return tuple(field for field in self.fields if field.is_text)


def from_request() -> Kept | None:
    """Return what this request posted, None when there is nothing (safe) to keep."""
    if request.method != "POST" or REFUSED in request.environ or not _sent_by_our_page():
        return None
    return _kept(request.full_path.rstrip("?"), request.form, prefix="")


def from_sign_in() -> Kept | None:
    """Return what the sign-in form carried along, None when nothing or to nowhere of ours."""
    return _kept(request.form.get(TARGET, ""), request.form, prefix=PREFIX)


def safe_path(target: str | None) -> str | None:
    """Return a path on this site to go to next; None for other sites and tricks with slashes."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if "\\" in target or any(ord(character) < 32 for character in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def sign_in_page(status: int) -> ResponseReturnValue:
    from tracker.web.forms import SignInForm

    kept = from_request()
    page = render_template(
        "accounts/sign_in.html", form=SignInForm(formdata=None), kept=kept, next="", expired=True
    )
    return page, status


def continue_page(kept: Kept) -> ResponseReturnValue:
    """Return the page that sends what was kept to where it was meant for."""
    return render_template("accounts/continue.html", kept=kept)


def _kept(path: str, form: MultiDict[str, str], *, prefix: str) -> Kept | None:
    if safe_path(path) is None or not _accepts_posts(path):
        return None
    labels: Mapping[str, str] = current_app.extensions[_LABELS]
    hidden: Set[str] = current_app.extensions[_HIDDEN]
    fields = tuple(
        KeptField(name, value, labels.get(name, name), name in hidden)
        for name, value in _plain_fields(form, prefix)
    )
    is_form = sum(len(kept.value) for kept in fields) <= FORM_CHARACTERS
    return Kept(path, fields) if fields and is_form else None


def _plain_fields(form: MultiDict[str, str], prefix: str) -> list[tuple[str, str]]:
    named = [
        (name.removeprefix(prefix), value)
        for name, value in form.items(multi=True)
        if name.startswith(prefix)
    ]
    return [
        (name, value)
        for name, value in named
        if name and not name.startswith(PREFIX) and not any(part in name for part in _SECRET)
    ]


def _accepts_posts(path: str) -> bool:
    try:
        endpoint, _ = current_app.url_map.bind("").match(urlsplit(path).path, method="POST")
    except HTTPException:
        return False
    return not str(endpoint).startswith("accounts.sign_")


def _sent_by_our_page() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    # Browsers send one of the two with every POST; without both it is a tool of the person's own.
    return origin is None or origin == request.host_url.rstrip("/")


def init_app(app: Flask, *, labels: Mapping[str, str], hidden: Set[str]) -> None:
    """Tell what the fields of forms are called, and which are carried but nothing to read."""
    app.extensions[_LABELS] = labels
    app.extensions[_HIDDEN] = hidden
