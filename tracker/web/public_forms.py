"""Forms for people without a session: a signed token instead of a cookie (docs/adr/0033).

`@public_form(…)` makes a view of one: it checks the token, shows the form again where something
has to be mended, and answers what a machine filled in as if it had been taken.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, ClassVar

from flask import Flask, current_app, make_response, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import StringField

from tracker.core.errors import Conflict, TooMany
from tracker.core.hashes import keyed_hash, network
from tracker.web import proxies
from tracker.web.forms import Form
from tracker.web.runtime import now, settings

# A form may lie open for a day; what was sent is remembered for longer (tidy).
VALID = timedelta(hours=24)
_FIELD = "csrf_token"
_FROM_HERE = frozenset({"same-origin", "none"})
_TOO_OLD = (
    "Die Seite war zu lange offen. Bitte prüfen Sie Ihre Angaben und senden Sie sie noch einmal ab."
)
_TOO_FAST = (
    "Das ging sehr schnell. Bitte prüfen Sie Ihre Angaben und senden Sie sie noch einmal ab."
)


@dataclass(frozen=True)
class Token:
    """What a form token says: for which form, since when (seconds), and which one it is."""

    form: str
    issued_at: int
    key: str


class LinkForm(Form):
    """A form behind a personal link, which is limit enough: nothing is counted, no trap is set.

    `form_key` names the form in its tokens; a token of another form is worth nothing.
    """

    form_key: ClassVar[str]
    soonest: ClassVar[timedelta] = timedelta(0)
    has_foreign_token: bool = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Check fields and token."""
        fields_are_right = super().validate(extra_validators)
        problem = self._token_problem()
        if problem:
            self.has_foreign_token = True
            self.form_errors.append(problem)
        return fields_are_right and not problem

    @property
    def status(self) -> int:
        return 400 if self.has_foreign_token else 422

    @property
    def token(self) -> str:
        """Return the token for the page: the one that was sent while it holds, else a new one."""
        if self._sent() is not None:
            return request.form[_FIELD]
        token = [self.form_key, int(now().timestamp()), secrets.token_hex(16)]
        return str(_signer().dumps(token))

    @property
    def key(self) -> str:
        """Return what is the same when the same page is sent twice, with the same in it.

        Who goes back and writes something else sends something else.
        """
        token = self._sent()
        if token is None:
            return ""
        typed = json.dumps([token.key, self.data], sort_keys=True, default=str)
        return hashlib.sha256(typed.encode("utf-8", "replace")).hexdigest()

    @property
    def is_trapped(self) -> bool:
        return False

    def _sent(self) -> Token | None:
        if request.headers.get("Sec-Fetch-Site", "none") not in _FROM_HERE:
            return None
        try:
            token = Token(*_signer().loads(request.form.get(_FIELD, "")))
        except (BadSignature, TypeError):
            return None
        is_fresh = 0 <= now().timestamp() - token.issued_at <= VALID.total_seconds()
        return token if is_fresh and token.form == self.form_key else None

    def _token_problem(self) -> str:
        token = self._sent()
        if token is None:
            return _TOO_OLD
        return (
            _TOO_FAST if now().timestamp() < token.issued_at + self.soonest.total_seconds() else ""
        )


class PublicForm(LinkForm):
    """A form that anybody may send, with a field that people do not see and machines fill in."""

    soonest = timedelta(seconds=2)
    trap = StringField("Dieses Feld bitte leer lassen")

    @property
    def is_trapped(self) -> bool:
        return bool(self.trap.data)


def public_form(
    form: type[Any],
    *,
    page: Callable[..., ResponseReturnValue],
    thanks: Callable[..., ResponseReturnValue],
) -> Callable[[Callable[..., ResponseReturnValue | None]], Callable[..., ResponseReturnValue]]:
    """Make a POST view of a function that does what a form asks; write it below `@public`.

    The function gets the form, which is in order. `page` shows a form with its problems; `thanks`
    answers what was done, and what a machine filled in: it must not depend on what was found.
    A Conflict that the function raises is shown above the form.
    """

    def mark(
        view: Callable[..., ResponseReturnValue | None],
    ) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def sent(**values: Any) -> ResponseReturnValue:
            filled = form()
            if not filled.validate():
                return again(page(filled, **values), filled.status)
            try:
                answer = None if filled.is_trapped else view(filled, **values)
            except Conflict as refusal:
                filled.form_errors.append(refusal.message)
                status = 429 if isinstance(refusal, TooMany) else 409
                return again(page(filled, **values), status)
            return thanks(filled, **values) if answer is None else answer

        sent.public_form = form  # type: ignore[attr-defined]
        return sent

    return mark


def again(shown: ResponseReturnValue, status: int) -> ResponseReturnValue:
    """Return the page of a form with a status of its own, unless the page has another to tell."""
    response = make_response(shown)
    if response.status_code == 200:
        response.status_code = status
    return response


def sender() -> str:
    """Return a keyed hash of where a request comes from, by which forms are counted.

    Of an IPv6 address the network counts: one line has more addresses than can be counted.
    """
    proxies.warn_once()
    return keyed_hash(settings().secret_key, "form", network(request.remote_addr or ""))


def kept_token() -> str:
    """Return the token with which a form of this kit can be sent once more; "" for all others."""
    view = current_app.view_functions.get(request.endpoint or "")
    return request.form.get(_FIELD, "") if hasattr(view, "public_form") else ""


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        settings().secret_key, salt="public-form", signer_kwargs={"digest_method": hashlib.sha256}
    )


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Take the views of this kit out of the check of session tokens; called once all are there."""
    app.jinja_env.globals["kept_token"] = kept_token
    for view in app.view_functions.values():
        if hasattr(view, "public_form"):
            csrf.exempt(view)
