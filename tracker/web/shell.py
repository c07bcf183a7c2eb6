"""What frames every page, Dash pages included: header, navigation, banner, footer."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

from flask import Flask, current_app, g, render_template, request, session
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import HTTPException

from tracker.core import switching
from tracker.core.instance import instance_value
from tracker.core.permissions import Role
from tracker.core.settings import Settings
from tracker.core.words import FUNCTION, ROLE
from tracker.web.access import SignedIn, signed_in
from tracker.web.addresses import CONCEPT, DASHBOARDS_OF_CONCEPT
from tracker.web.runtime import runtime, settings, without_database

DEMONSTRATION = "Vorführung: alle Angaben zu Zuständigkeiten, Meldungen und Zahlen sind erfunden."
# The key in InstanceValue under which the demonstration marks its database.
DEMONSTRATION_KEY = "demonstration"
_ASK_AGAIN_AFTER = 60.0
_FORM_TOKEN = "form_token"  # noqa: S105 - where it is kept in the session

_C, _I, _A = Role.COORDINATION, Role.INSTITUTION, Role.COMMITTEE


@dataclass(frozen=True)
class NavItem:
    """An entry of the navigation: where it leads, for whom, and what one does there.

    A path may hold `<concept>`; what is shown leads to the concept of the page. Below `plain` is
    what belongs to the entry and spans concepts.
    """

    label: str
    path: str
    roles: frozenset[Role]
    purpose: str
    plain: str = ""


# One line per area; shown when its page exists. Order is the order in the header.
NAVIGATION = (
    NavItem(
        "Meine Maßnahmen",
        "/meldungen/",
        frozenset({_I}),
        "Meldungen der laufenden Runde bestätigen, schreiben und absenden",
    ),
    NavItem(
        "Runden",
        f"{CONCEPT}/runden/",
        frozenset({_C}),
        "Runden eröffnen, schließen, veröffentlichen",
    ),
    NavItem("Prüfung", "/pruefung/", frozenset({_C}), "Abgegebene Meldungen prüfen"),
    NavItem(
        "Zuständigkeiten",
        f"{CONCEPT}/zustaendigkeiten/",
        frozenset({_C}),
        "Federführung und Beteiligung je Maßnahme festlegen",
    ),
    NavItem(
        "Überblick",
        DASHBOARDS_OF_CONCEPT,
        frozenset({_C, _I, _A}),
        "Stand der veröffentlichten Runden in Zahlen und Bildern",
    ),
    NavItem(
        "Konzept",
        f"{CONCEPT}/konzept/",
        frozenset({_C, _I, _A}),
        "Handlungsfelder, Ziele und Maßnahmen",
    ),
    NavItem(
        "Berichte",
        f"{CONCEPT}/ausgaben/",
        frozenset({_C, _I, _A}),
        "Controllingberichte veröffentlichter Runden herunterladen",
    ),
    NavItem("Institutionen", "/institutionen/", frozenset({_C}), "Namen und Mitwirkung"),
    NavItem(
        "Benachrichtigungen",
        "/mails/",
        frozenset({_C}),
        "Mails: was wartet, was versandt ist, was nicht ankam",
    ),
    NavItem("Konten", "/konten", frozenset({_C}), "Personen einladen und Konten verwalten"),
    NavItem(
        "Einstellungen",
        "/einstellungen/",
        frozenset({_C}),
        "Namen, Fristen, Erinnerungen, rechtliche Texte und Logo festlegen",
    ),
    NavItem("Protokoll", "/protokoll/", frozenset({_C}), "Wer hat wann was geändert?"),
)
_START = {_A: DASHBOARDS_OF_CONCEPT, _C: f"{CONCEPT}/runden/", _I: "/meldungen/"}


class Frame:
    """Knows which areas exist in this application and whether its data is a demonstration."""

    def __init__(self, app: Flask, concept_key: Callable[[], str]) -> None:
        self._app = app
        self._concept_key = concept_key
        self._by_role: dict[tuple[Role, frozenset[str], str], tuple[NavItem, ...]] = {}
        self._demonstration = False
        self._asked_at = 0.0

    def navigation(self, role: Role) -> tuple[NavItem, ...]:
        in_force = settings()
        concept = self._concept_key()
        key = (role, switching.off(in_force), concept)
        if key not in self._by_role:
            self._by_role[key] = tuple(
                replace(
                    item,
                    path=item.path.replace("<concept>", concept),
                    plain=item.path.removeprefix(CONCEPT),
                )
                for item in NAVIGATION
                if role in item.roles and self._is_on(item.path, in_force)
            )
        return self._by_role[key]

    def start_path(self, role: Role) -> str:
        """Return where a role begins after signing in."""
        path = _START[role].replace("<concept>", self._concept_key())
        return path if self._is_on(path, settings()) else "/"

    def is_demonstration(self) -> bool:
        """Return whether the data is invented; a yes is remembered, a no for a minute."""
        asked = time.monotonic() - self._asked_at < _ASK_AGAIN_AFTER
        if self._demonstration or asked or without_database():
            return self._demonstration
        with runtime().open_session() as session:
            found = instance_value(session, key=DEMONSTRATION_KEY)
        self._demonstration = found is not None
        self._asked_at = time.monotonic()
        return self._demonstration

    def _is_on(self, path: str, in_force: Settings) -> bool:
        """Return whether a page exists and its area is not switched off."""
        try:
            endpoint, _ = self._app.url_map.bind("").match(path, method="GET")
        except HTTPException:
            return False
        module = self._app.view_functions[endpoint].__module__
        return switching.area_of(module) not in switching.off(in_force)


def frame() -> Frame:
    """Return the frame of the application that handles this request."""
    found: Frame = current_app.extensions["tracker_frame"]
    return found


def context() -> dict[str, Any]:
    """Return what base.html needs on every page."""
    user = signed_in()
    instance = settings()
    return {
        "user": user,
        # Who asks may well be signed in, while nobody can say so.
        "anonymous": user is None and not without_database(),
        "user_is": "" if user is None else _describe(user),
        "instance": instance,
        "logo": logo_address(instance.logo),
        "navigation": () if user is None else frame().navigation(user.actor.role),
        "here": request.path,
        "demonstration": DEMONSTRATION if frame().is_demonstration() else "",
        "csrf_token": form_token,
    }


@lru_cache(maxsize=2)
def logo_address(logo: str) -> str:
    """Return where a browser finds the picture and may keep it for ever; "" where there is none."""
    return f"/logo/{hashlib.sha256(logo.encode()).hexdigest()[:16]}.png" if logo else ""


def form_token() -> str:
    """Return the form token: signed once per session, asked for by every form of a page.

    It holds as long as the session whose secret it signs, so it travels in the session's cookie.
    """
    if "csrf_token" not in g:
        if _FORM_TOKEN not in session:
            session[_FORM_TOKEN] = generate_csrf()
        g.csrf_token = session[_FORM_TOKEN]
    return cast("str", g.csrf_token)


def _describe(user: SignedIn) -> str:
    if user.actor.is_coordination:
        return settings().office_name
    if user.actor.function is None:
        return ROLE[user.actor.role].text
    if user.actor.deputy_of:
        return f"{user.institution} · in Vertretung für {user.actor.deputy_of}"
    return f"{user.institution} · {FUNCTION[user.actor.function].text}"


@dataclass(frozen=True)
class Shell:
    """A page of ours, cut for Dash: `head` ends inside <head>, `top` inside <main>."""

    head: str
    top: str
    bottom: str


_HEAD_CUT = "<!-- cut: head -->"
_MAIN_CUT = "<!-- cut: main -->"


def shell(title: str) -> Shell:
    """Return header and footer for a Dash page, from the same template as every page."""
    page = render_template("dashboard_shell.html", title=title)
    head, rest = page.split(_HEAD_CUT)
    top, bottom = rest.split(_MAIN_CUT)
    return Shell(head, top, bottom)


def init_app(app: Flask, *, concept_key: Callable[[], str]) -> None:
    """Frame every page; `concept_key` says what the addresses of its links name."""
    app.extensions["tracker_frame"] = Frame(app, concept_key)
    app.context_processor(context)
    app.jinja_env.globals["csrf_token"] = form_token
    app.jinja_env.globals["is_on"] = lambda key: key not in switching.off(settings())
