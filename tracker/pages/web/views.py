"""Start page, legal notices, accessibility statement, legend."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable
from datetime import date, timedelta

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.rules import throttle
from tracker.concept.words import COMPETENCE, INDICATOR_KIND, RESPONSIBILITY, SHORT_TERM
from tracker.core.errors import NotFound
from tracker.core.labels import Label
from tracker.reporting.palette import COURSE_COLOUR, IMPLEMENTATION_COLOUR
from tracker.reporting.words import (
    CHANGE,
    COURSE,
    COURSE_NOT_ASKED,
    IMPLEMENTATION,
    NO_REPORT,
    PARTICIPANT_UNIT,
    PUNCTUALITY,
    REPORT_STATE,
    ROUND_STATE,
    STAFF_UNIT,
)
from tracker.watch.web.notice import notices
from tracker.web import devices
from tracker.web.access import public
from tracker.web.runtime import now, settings
from tracker.web.shell import logo_address

blueprint = Blueprint("pages", __name__, template_folder="templates")

# The day of the last self-assessment; change it with the statement's text.
REVIEWED_ON = date(2026, 11, 21)

Entry = tuple[Label, str | None]


def _plain(labels: Iterable[Label]) -> list[Entry]:
    return [(label, None) for label in labels]


# What the legend lists, in the order of a report's life, each with its colour where it has one.
LEGEND: tuple[tuple[str, list[Entry]], ...] = (
    (
        "Umsetzungsstand: Wo steht die Maßnahme?",
        [(label, IMPLEMENTATION_COLOUR[key]) for key, label in IMPLEMENTATION.items()],
    ),
    (
        "Verlauf: Läuft sie wie geplant?",
        [(label, COURSE_COLOUR[key]) for key, label in COURSE.items()] + _plain([COURSE_NOT_ASKED]),
    ),
    ("Ohne Meldung", _plain([NO_REPORT])),
    ("Veränderung gegenüber der Vorrunde", _plain(CHANGE.values())),
    ("Bearbeitung einer Meldung", _plain(REPORT_STATE.values())),
    ("Frist einer Meldung", _plain(PUNCTUALITY.values())),
    ("Berichtsrunde", _plain(ROUND_STATE.values())),
    ("Zuständigkeit", _plain(RESPONSIBILITY.values())),
    ("Handlungskompetenz der Kommune", _plain(COMPETENCE.values())),
    ("Kurzfristig umsetzbar", _plain(SHORT_TERM.values())),
    ("Kennzahlen", _plain(INDICATOR_KIND.values())),
    ("Teilnehmende: Einheit", _plain(PARTICIPANT_UNIT.values())),
    ("Personal: Einheit", _plain(STAFF_UNIT.values())),
)


@blueprint.get("/")
@public
def start() -> ResponseReturnValue:
    return render_template("pages/start.html", notices=notices())


@blueprint.get("/impressum")
@public
def imprint() -> ResponseReturnValue:
    return render_template("pages/imprint.html")


@blueprint.get("/datenschutz")
@public
def privacy() -> ResponseReturnValue:
    secure = settings().secure_cookies
    return render_template(
        "pages/privacy.html",
        attempt_days=throttle.KEPT.days,
        device_days=devices.KEPT.days,
        cookies={
            "session": current_app.config["SESSION_COOKIE_NAME"],
            "device": devices.cookie_name(secure=secure),
            "dashboards": f"{'__Host-' if secure else ''}dashboards_csrf",
        },
    )


@blueprint.get("/barrierefreiheit")
@public
def accessibility() -> ResponseReturnValue:
    return render_template("pages/accessibility.html", reviewed_on=REVIEWED_ON)


@blueprint.get("/leichte-sprache")
@public
def easy_language() -> ResponseReturnValue:
    if not settings().easy_language:
        raise NotFound("Einen Text in Leichter Sprache gibt es hier noch nicht.")
    return render_template("pages/easy_language.html")


@blueprint.get("/logo/<key>.png")
@public
def logo(key: str) -> ResponseReturnValue:
    """Give the logo in force; its address changes with it, so browsers may keep it."""
    picture = settings().logo
    if not picture or logo_address(picture) != f"/logo/{key}.png":
        raise NotFound("Dieses Bild gibt es nicht mehr.")
    response = Response(b64decode(picture), mimetype="image/png")
    response.cache_control.public = True
    response.cache_control.max_age = 31_536_000
    response.cache_control.immutable = True
    return response


@blueprint.get("/hilfe/begriffe")
@public
def terms() -> ResponseReturnValue:
    return render_template("pages/terms.html", legend=LEGEND)


@blueprint.get("/.well-known/security.txt")
@public
def security_txt() -> ResponseReturnValue:
    """Tell whom to write to about a weakness (RFC 9116)."""
    base = settings().base_url.rstrip("/")
    contact = settings().contact_email
    lines = (
        f"Contact: {f'mailto:{contact}' if contact else f'{base}/impressum'}",
        f"Expires: {(now() + timedelta(days=180)).strftime('%Y-%m-%dT00:00:00Z')}",
        "Preferred-Languages: de, en",
        f"Canonical: {base}/.well-known/security.txt",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
