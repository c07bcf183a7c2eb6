"""Who may open which page: every view says so, and one place enforces it (practice.md).

`@requires(Role.COORDINATION)` or `@public` marks a view; `enforce` runs before each request and
refuses a view without a mark, so that forgetting it locks instead of opening.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from flask import Flask, Request, current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.exc import DBAPIError, OperationalError

from tracker.actions import passwords, sessions
from tracker.db import transaction
from tracker.queries import accounts as queries
from tracker.rules.errors import Forbidden
from tracker.rules.periods import local_day
from tracker.rules.permissions import Actor, Role
from tracker.settings import Settings
from tracker.web.csp import on_dashboards
from tracker.web.runtime import Runtime, now, reading, session, settings, today

SIGN_IN_PATH = "/anmelden"
EVERYBODY = tuple(Role)
_TOUCH_EVERY = timedelta(minutes=1)
# flask-login's name for the signed-in person in the session cookie.
_WHO = "_user_id"
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
    publications: int

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
    """Return who is signed in, None for nobody."""
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
    roles = allowed_roles(current_app.view_functions[request.endpoint])
    return None if roles is None else _admit(roles)


def publications() -> int:
    """Return how many publications there are, for whoever keeps what it derived from them."""
    user = signed_in()
    return 0 if user is None else user.publications


def guard() -> ResponseReturnValue | None:
    """Guard /dashboards/: None for signed-in users, else the way to the sign-in page."""
    return _admit(EVERYBODY)


def only_coordination() -> None:
    """Let only the KI read on, for what below /dashboards/ is not meant for every role.

    Raises Forbidden for everybody else.
    """
    if not actor().is_coordination:
        raise Forbidden(_OTHER_ROLE)


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
    from tracker.web import kept  # it renders pages, which ask this module who is signed in

    return kept.sign_in_page(status=401)


def _here() -> str:
    return request.full_path.rstrip("?")


def load(token: str) -> SignedIn | None:
    """Return who a session's token belongs to, None when it ended, idled out or grew too old."""
    row = queries.signed_in(reading(), token_hash=passwords.token_hash(token), today=today())
    if row is None or not _lasts(row, settings(), now()):
        return None
    if now() - row.last_seen_at >= _TOUCH_EVERY:
        _touch(row.session_id)
    return SignedIn(row.session_id, token, row.actor, row.email, row.institution, row.publications)


def _lasts(row: queries.SignedInRow, limits: Settings, moment: datetime) -> bool:
    idle, age = moment - row.last_seen_at, moment - row.created_at
    return idle <= timedelta(minutes=limits.session_idle_minutes) and age <= timedelta(
        hours=limits.session_absolute_hours
    )


def publications_for(app: Flask, parts: Runtime) -> Callable[[Request], int | None]:
    """Return what tells `publications` before a request is dispatched, from the request alone.

    It answers None for nobody signed in, and where `load` would have something to note.
    """

    def answer(asking: Request) -> int | None:
        cookie = app.session_interface.open_session(app, asking)
        token = None if cookie is None else cookie.get(_WHO)
        if not token:
            return None
        moment = parts.clock()
        try:
            with parts.connect() as connection:
                row = queries.signed_in(
                    connection, token_hash=passwords.token_hash(token), today=local_day(moment)
                )
        except DBAPIError:
            return None  # the application has the words for it
        if row is None or not _lasts(row, parts.settings, moment):
            return None
        return None if moment - row.last_seen_at >= _TOUCH_EVERY else row.publications

    return answer


def _touch(session_id: int) -> None:
    try:
        with transaction(session()):
            sessions.touch(session(), session_id=session_id, now=now())
    except OperationalError:
        # Somebody else writes for long. Reading goes on; the next request notes it.
        current_app.logger.warning("last_seen_at not noted: database locked")


def init_app(app: Flask) -> None:
    """Load the user from the session cookie and guard every view."""
    manager = LoginManager(app)
    # Sessions live in the database; the address or browser of a user may change meanwhile.
    manager.session_protection = None
    manager.user_loader(load)
    public(app.view_functions["static"])
    app.before_request(enforce)
