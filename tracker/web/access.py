"""Who may open which page: every view says so, and one place enforces it (practice.md).

`@requires(Role.COORDINATION)` or `@public` marks a view; `enforce` runs before each request and
refuses a view without a mark, so that forgetting it locks instead of opening.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from flask import Flask, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user

from tracker.core import logs, switching
from tracker.core.errors import Forbidden
from tracker.core.permissions import Actor, Role
from tracker.web.csp import on_dashboards
from tracker.web.runtime import settings, without_database

SIGN_IN_PATH = "/anmelden"
EVERYBODY = tuple(Role)
_OTHER_ROLE = "Diese Seite gehört zu den Aufgaben einer anderen Rolle."
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class SignedIn(UserMixin):
    """Who is signed in, as pages show it; `actor` is what actions and queries take."""

    session_id: int
    token: str
    actor: Actor
    email: str
    institution: str

    def get_id(self) -> str:
        """Return the session's token: what flask-login keeps in the signed cookie."""
        return self.token


def requires(*roles: Role) -> Callable[[View], View]:
    """Mark a view for signed-in users of these roles; write it below the route decorator."""

    def mark(view: View) -> View:
        view.allowed_roles = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Mark a view that everybody may open without signing in."""
    view.allowed_roles = None  # type: ignore[attr-defined]
    return view


def allowed_roles(view: Callable[..., Any]) -> frozenset[Role] | None:
    """Return the roles of a view, None for a public one.

    Raises AttributeError for a view that says nothing: it stays closed.
    """
    return cast("frozenset[Role] | None", view.allowed_roles)  # type: ignore[attr-defined]


def signed_in() -> SignedIn | None:
    """Return who is signed in, None for nobody and where no database says it."""
    if without_database():
        return None
    # The object itself, not flask-login's proxy: a page asks it for something dozens of times.
    found = current_user._get_current_object()  # noqa: SLF001 - werkzeug's documented way
    return found if isinstance(found, SignedIn) else None


def actor() -> Actor:
    """Return who acts in this request.

    Raises Forbidden when nobody is signed in: a view marked `public` has nobody to act.
    """
    user = signed_in()
    if user is None:
        raise Forbidden("Dafür müssen Sie angemeldet sein.")
    return user.actor


def enforce() -> ResponseReturnValue | None:
    """Before each request: let it through, send it to the sign-in page, or refuse it.

    /dashboards/ is guarded as a whole by `guard`, because Dash makes its own views.
    """
    if request.endpoint is None or on_dashboards():
        return None
    view = current_app.view_functions[request.endpoint]
    area = switching.area_of(view.__module__)
    if area is not None and area in switching.off(settings()):
        abort(404)
    roles = allowed_roles(view)
    return None if roles is None else _admit(roles)


def guard() -> ResponseReturnValue | None:
    """Guard /dashboards/: None for signed-in users, else the way to the sign-in page."""
    return _admit(EVERYBODY)


def only_coordination() -> None:
    """Let only the KI read on, for what below /dashboards/ is not meant for every role.

    Raises Forbidden for everybody else.
    """
    if not actor().is_coordination:
        raise Forbidden(_OTHER_ROLE)


def may_open(view: View) -> bool:
    """Return whether who is signed in may open a page, as far as its role and area say it."""
    roles: frozenset[Role] | None = getattr(view, "allowed_roles", frozenset())
    user = signed_in()
    is_off = switching.area_of(view.__module__) in switching.off(settings())
    return not is_off and (roles is None or (user is not None and user.actor.role in roles))


def _admit(roles: frozenset[Role] | tuple[Role, ...]) -> ResponseReturnValue | None:
    user = signed_in()
    if user is None:
        return ask_to_sign_in()
    if user.actor.role not in roles:
        raise Forbidden(_OTHER_ROLE)
    return None


def wants_json() -> bool:
    """Return whether a script asks (an autosave, a Dash callback) and not a person's browser."""
    return request.is_json or request.headers.get("X-Requested-With") == "fetch"


def ask_to_sign_in() -> ResponseReturnValue:
    """Answer a request without session: sign-in page, with what was typed carried along."""
    if wants_json():
        message = "Ihre Sitzung ist beendet. Bitte melden Sie sich in einem neuen Fenster an."
        return {"error": "signed_out", "message": message}, 401
    if request.method in _SAFE_METHODS:
        return redirect(f"{SIGN_IN_PATH}?{urlencode({'next': _here()})}")
    from tracker.web import (
        form_recovery,  # it renders pages, which ask this module who is signed in
    )

    return form_recovery.sign_in_page(status=401)


def _here() -> str:
    return request.full_path.rstrip("?")


def init_app(app: Flask, *, load: Callable[[str], SignedIn | None]) -> None:
    """Guard every view; `load` returns who the token in the session cookie belongs to."""
    # Without its context processor: the page about a database that is away asks for nobody.
    manager = LoginManager(app, add_context_processor=False)
    # Sessions live in the database; the address or browser of a user may change meanwhile.
    manager.session_protection = None

    def known(token: str) -> SignedIn | None:
        user = load(token)
        if user is not None:
            logs.bind(account=user.actor.account_id)
        return user

    manager.user_loader(known)
    app.before_request(enforce)
