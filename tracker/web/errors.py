"""Every refusal becomes a page that says what is wrong, what to do, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy import exc
from werkzeug.exceptions import HTTPException

from tracker.core.errors import (
    Busy,
    Conflict,
    Forbidden,
    IllegalTransition,
    Invalid,
    NotFound,
    Refused,
    TooMany,
)
from tracker.core.german import number
from tracker.core.migrate import SchemaState, schema_state
from tracker.core.problems import problem_text
from tracker.core.refusals import Refusal
from tracker.core.trouble import DATABASE_ERRORS, Trouble, cause_of, trouble_of
from tracker.web import form_recovery, refusals
from tracker.web.access import ask_to_sign_in, may_open, signed_in, wants_json
from tracker.web.limits import limit
from tracker.web.runtime import do_without_database, roll_back, runtime


@dataclass(frozen=True)
class Problem:
    """An error page: what happened, what to do; `resend` offers to send the same once more.

    `form_page` is where the form of an address stands that only takes what is sent.
    `without_database`: the page is made without asking it anything, not even who is signed in.
    """

    status: int
    title: str
    message: str
    remedies: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    resend: bool = False
    form_page: str = ""
    without_database: bool = False
    headers: dict[str, str] = field(default_factory=dict)


_STATUS = {
    NotFound: 404,
    Forbidden: 403,
    IllegalTransition: 409,
    Conflict: 409,
    Invalid: 422,
    Busy: 503,
    TooMany: 429,
}
_TITLE = {
    403: "Dafür fehlt Ihnen die Berechtigung",
    404: "Seite nicht gefunden",
    409: "Das geht im Augenblick nicht",
    422: "Bitte prüfen Sie Ihre Angaben",
    429: "Das war zu oft hintereinander",
    503: "Gerade ist viel zu tun",
}
_REMEDY = {
    403: (
        "Brauchen Sie die Seite für Ihre Aufgabe, wenden Sie sich an die koordinierende Stelle.",
    ),
    404: (
        "Prüfen Sie die Adresse, oder beginnen Sie auf der Startseite.",
        "Kam der Link aus einer Mail, kopieren Sie ihn bitte vollständig.",
    ),
}
_REMEDY_FOR_KI = (
    (
        "Was Sie selbst nicht dürfen, übernimmt eine andere Person der koordinierenden Stelle "
        "oder die Institution."
    ),
)
_LATER = "Versuchen Sie es in einigen Minuten noch einmal."
_HTTP = {
    400: Problem(400, "Die Anfrage war unvollständig", "Bitte versuchen Sie es noch einmal."),
    404: Problem(404, _TITLE[404], "Unter dieser Adresse gibt es nichts.", _REMEDY[404]),
    405: Problem(
        405,
        "So lässt sich diese Adresse nicht aufrufen",
        "Bitte beginnen Sie auf der Startseite und benutzen Sie die Schaltflächen dort.",
    ),
    408: Problem(
        408,
        "Die Übertragung hat zu lange gedauert",
        "Ihre Eingaben kamen nicht vollständig an; es wurde nichts gespeichert. Gehen Sie im "
        "Browser zurück: Ihr Text steht noch dort.",
        ("Senden Sie ihn noch einmal, sobald Ihre Verbindung besser ist.",),
    ),
    413: Problem(
        413,
        "Das war zu viel auf einmal",
        "Ihre Eingaben sind größer, als die Anwendung annimmt. Gehen Sie im Browser zurück: Ihr "
        "Text steht noch dort. Bitte kürzen Sie ihn.",
    ),
    503: Problem(
        503,
        "Zurzeit ist zu viel los",
        "Es kommen mehr Eingaben auf einmal an, als angenommen werden können. Gespeichert wurde "
        "nichts. Gehen Sie im Browser zurück: Ihr Text steht noch dort.",
        ("Senden Sie ihn in einigen Minuten noch einmal.",),
        without_database=True,
        headers={"Retry-After": "60"},
    ),
    500: Problem(
        500,
        "Da ist bei uns etwas schiefgegangen",
        "Der Fehler ist vermerkt. Es liegt nicht an Ihrer Eingabe.",
        (_LATER,),
        resend=True,
    ),
}


def _no_database(title: str, message: str, *remedies: str, seconds: int = 60) -> Problem:
    """Return a problem that ends by itself, or once somebody has looked after the database."""
    return Problem(
        503,
        title,
        message,
        remedies,
        resend=True,
        without_database=True,
        headers={"Retry-After": str(seconds)},
    )


_SCHEMA = {
    SchemaState.MISSING: _no_database(
        "Die Datenbank ist noch nicht eingerichtet",
        "Die Anwendung läuft, findet aber keine Tabellen.",
        "Für die Betriebsstelle: „tracker db upgrade“ ausführen, danach „tracker seed“.",
    ),
    SchemaState.OLDER: _no_database(
        "Die Datenbank ist älter als die Anwendung",
        "Nach einer Aktualisierung fehlt noch ein Schritt.",
        "Für die Betriebsstelle: „tracker db upgrade“ ausführen.",
    ),
    SchemaState.NEWER: _no_database(
        "Die Datenbank ist neuer als die Anwendung",
        "Es läuft eine ältere Fassung der Anwendung, als die Datenbank erwartet.",
        "Für die Betriebsstelle: die neuere Fassung der Anwendung starten.",
    ),
}
_TROUBLE = {
    Trouble.BUSY: _no_database(
        "Die Datenbank ist gerade beschäftigt",
        "Jemand anderes speichert im Augenblick etwas Größeres.",
        "Warten Sie einige Sekunden und versuchen Sie es dann noch einmal.",
        seconds=10,
    ),
    Trouble.FULL: _no_database(
        "Es kann gerade nichts gespeichert werden",
        "Für die Datenbank ist kein Platz mehr. Was schon gespeichert ist, bleibt erhalten.",
        _LATER,
        "Für die Betriebsstelle: auf dem Datenträger der Datenbank Platz schaffen.",
    ),
    Trouble.UNWRITABLE: _no_database(
        "Es kann gerade nichts gespeichert werden",
        "Die Datenbank lässt sich nicht beschreiben. Was schon gespeichert ist, bleibt erhalten.",
        _LATER,
        "Für die Betriebsstelle: Datenträger und Rechte an der Datenbank und ihrem Ordner prüfen.",
    ),
    Trouble.AWAY: _no_database(
        "Die Datenbank ist nicht erreichbar",
        "Die Anwendung kann zurzeit nichts lesen und nichts speichern.",
        _LATER,
        "Für die Betriebsstelle: DATABASE_URL, den Datenbankdienst oder die SQLite-Datei prüfen.",
    ),
}
_TROUBLE[Trouble.NO_DATABASE] = _TROUBLE[Trouble.AWAY]
# Where even the page about a fault fails: nothing is asked for it.
_LAST_RESORT = """<!doctype html>
<html lang="de"><head><meta charset="utf-8"><title>Störung</title></head><body>
<h1>Da ist bei uns etwas schiefgegangen</h1>
<p>Der Fehler ist vermerkt. Gehen Sie im Browser zurück: Ihr Text steht noch dort.
Versuchen Sie es in einigen Minuten noch einmal.</p>
<p><a href="/">Zur Startseite</a></p></body></html>
"""


def render(problem: Problem) -> ResponseReturnValue:
    """Return the page (or, to a script, the JSON) of a problem."""
    roll_back()  # a failed transaction answers nothing more, and the page asks who is signed in
    if problem.without_database:
        do_without_database()
    if wants_json():
        found = {"error": problem.title, "message": problem.message, "possible": problem.possible}
        return found, problem.status, problem.headers
    # What was refused for its size was never read: there is nothing to show of it.
    typed = None if problem.status == 413 else form_recovery.from_request()
    page = render_template("error.html", problem=problem, kept=typed)
    return page, problem.status, problem.headers


def refused(error: Refused) -> ResponseReturnValue:
    """Answer a refusal of an action, a query or the access guard."""
    refusals.note_error(error)
    status = _STATUS[type(error)]
    remedies = _REMEDY.get(status, ())
    user = signed_in()
    if isinstance(error, Forbidden) and user is not None and user.actor.is_coordination:
        remedies = _REMEDY_FOR_KI  # it is the koordinierende Stelle itself
    if isinstance(error, Invalid):
        remedies = tuple(problem_text(item) for item in error.problems)
    return render(
        Problem(
            status,
            _TITLE[status],
            error.message,
            remedies,
            possible=getattr(error, "possible", ()),
            headers={"Retry-After": "10"} if status == 503 else {},
        )
    )


def stale_form(_error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose token is missing or old: sign in, or confirm and send once more."""
    if signed_in() is None:
        # To a script 401 as ever, so that it does not speak of a form that was open too long.
        return ask_to_sign_in() if wants_json() else form_recovery.sign_in_page(status=400)
    refusals.note(Refusal.STALE_FORM)
    return render(
        Problem(
            400,
            "Bitte bestätigen Sie Ihre Eingabe",
            "Das Formular war zu lange offen oder gehört zu einer früheren Anmeldung. "
            "Es wurde noch nichts gespeichert.",
            ("Senden Sie Ihre Eingaben bitte noch einmal.",),
            resend=True,
        )
    )


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer werkzeug's errors in German; redirects pass through."""
    if error.code is None or error.code < 400:
        return error.get_response()
    if error.code == 405 and (above := _page_above(request.path)):
        return render(replace(_HTTP[405], message="Sie gehört zu einem Formular.", form_page=above))
    if error.code == 413 and (most := limit(current_app, request).file):
        return render(_file_too_large(most))
    return render(_HTTP.get(error.code, _HTTP[400 if error.code < 500 else 500]))


def _page_above(path: str) -> str:
    """Return the next page above an address that takes POSTs; "" for none that may be opened."""
    urls = current_app.url_map.bind("")
    try:
        rule, _ = urls.match(path, method="POST", return_rule=True)
    except HTTPException:
        return ""
    steps = list(zip(path.split("/"), rule.rule.split("/"), strict=False))
    for length in range(len(steps) - 1, 1, -1):
        for ending in ("", "/"):
            above, pattern = ("/".join(part) + ending for part in zip(*steps[:length], strict=True))
            try:
                page, _ = urls.match(above, method="GET", return_rule=True)
            except HTTPException:
                continue
            if page.rule == pattern and may_open(current_app.view_functions[page.endpoint]):
                return above
    return ""


def _file_too_large(most: int) -> Problem:
    megabytes = f"{(request.content_length or 0) / 1_000_000:.1f}"
    sent = f"hat {number(megabytes, places=1)} MB" if request.content_length else "ist zu groß"
    limit_words = f"{most // 1000} kB" if most < 1_000_000 else f"{most // 1_000_000} MB"
    return Problem(
        413,
        "Die Datei ist zu groß",
        f"Die Datei {sent}, möglich sind {limit_words}. Es wurde nichts gespeichert.",
        ("Gehen Sie im Browser zurück und wählen Sie eine kleinere Datei.",),
    )


def database_error(error: exc.DBAPIError | exc.TimeoutError) -> ResponseReturnValue:
    """Answer a database that is missing, busy, full, unreachable or of another version."""
    trouble = trouble_of(error)
    # What a database says of a statement that it did not like may quote what was to be written.
    reason = cause_of(error) if trouble else ""
    fields = {"type": type(error).__name__, "reason": reason}
    current_app.logger.error("database failed", exc_info=error, extra={"fields": fields})
    if trouble is None:
        try:
            state = schema_state(runtime().engine)
        except DATABASE_ERRORS as now_away:
            return render(_TROUBLE[trouble_of(now_away) or Trouble.AWAY])
        return render(_SCHEMA.get(state, _HTTP[500]))
    return render(_TROUBLE[trouble])


def _answering(answer: Callable[[Any], ResponseReturnValue]) -> Callable[[Any], Any]:
    """Return a handler that always has an answer: its page may need what has failed."""

    def handler(error: Exception) -> ResponseReturnValue:
        try:
            try:
                return answer(error)
            except DATABASE_ERRORS as away:
                return database_error(away)
        except Exception:
            current_app.logger.exception("no page about an error")
            return _LAST_RESORT, 500

    return handler


# They say themselves how the database is.
FOR_MONITORS = frozenset({"watch.alive", "watch.ready"})


class SchemaGate:
    """Lets requests through once the database's schema fits the code; asks until then."""

    def __init__(self) -> None:
        self.fits = False

    def __call__(self) -> ResponseReturnValue | None:
        """Before each request: None when the schema fits, else the page that says what to do."""
        if self.fits or request.endpoint in FOR_MONITORS:
            return None
        state = schema_state(runtime().engine)
        self.fits = state is SchemaState.CURRENT
        return None if self.fits else render(_SCHEMA[state])


def init_app(app: Flask) -> None:
    """Register the handlers and the gate; the gate comes before everything that reads."""
    app.before_request(SchemaGate())
    app.register_error_handler(Refused, _answering(refused))
    app.register_error_handler(CSRFError, _answering(stale_form))
    for database_fails in DATABASE_ERRORS:
        app.register_error_handler(database_fails, _answering(database_error))
    app.register_error_handler(HTTPException, _answering(http_error))
