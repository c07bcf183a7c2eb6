"""Start page, legal notices, accessibility statement and report, legend."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import uuid4

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import col, select
from wtforms import EmailField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tracker.accounts.models import Account
from tracker.accounts.rules import throttle
from tracker.concept.words import COMPETENCE, INDICATOR_KIND, RESPONSIBILITY, SHORT_TERM
from tracker.core.db import transaction
from tracker.core.errors import Conflict, NotFound
from tracker.core.labels import Label
from tracker.core.permissions import Role
from tracker.pages.actions import accessibility_feedback
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
from tracker.web.forms import Form
from tracker.web.limits import takes
from tracker.web.runtime import now, session, settings
from tracker.web.shell import logo_address


class BarrierForm(Form):
    """What does not work, where, and where to answer; only the first is needed."""

    description = TextAreaField(
        "Was funktioniert nicht?",
        [
            InputRequired("Bitte beschreiben Sie kurz, was nicht funktioniert."),
            Length(max=5000, message="Bitte kürzen Sie Ihre Beschreibung auf 5.000 Zeichen."),
        ],
        description="Wenn Sie mögen, nennen Sie auch Ihr Gerät oder Hilfsmittel.",
        render_kw={"rows": 6},
    )
    page = StringField(
        "Auf welcher Seite?",
        [Optional(), Length(max=300, message="Bitte kürzen Sie die Angabe auf 300 Zeichen.")],
    )
    reply_to = EmailField(
        "Ihre E-Mail-Adresse",
        [Optional(), Length(max=200, message="Bitte prüfen Sie die E-Mail-Adresse.")],
        description="Nur, wenn Sie eine Antwort möchten. Wir antworten innerhalb von zwei Wochen.",
        render_kw={"autocomplete": "email"},
    )


blueprint = Blueprint("pages", __name__, template_folder="templates")

_LATER = (
    "Ihr Hinweis kann gerade nicht angenommen werden. Bitte versuchen Sie es in einer Stunde noch "
    "einmal. Ihr Text steht noch im Formular."
)
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
    return render_template(
        "pages/privacy.html", attempt_days=throttle.KEPT.days, device_days=devices.KEPT.days
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


@blueprint.get("/barriere-melden")
@public
def report_barrier() -> ResponseReturnValue:
    """Show the form to report a barrier; it needs neither login nor JavaScript."""
    return render_template("pages/barrier.html", form=BarrierForm(formdata=None))


@blueprint.post("/barriere-melden")
@public
@takes(bytes=100_000, fields=20)
def report_barrier_submit() -> ResponseReturnValue:
    form = BarrierForm()
    if not form.validate():
        return render_template("pages/barrier.html", form=form), 422
    try:
        with transaction(session()):
            accessibility_feedback.report(
                session(),
                key=str(uuid4()),
                description=form.description.data or "",
                page=form.page.data or "",
                reply_to=form.reply_to.data or "",
                recipients=_recipients(),
                now=now(),
            )
    except Conflict as problem:
        # Without a contact address the message would name somebody's own address.
        form.form_errors.append(problem.message if settings().contact_email else _LATER)
        return render_template("pages/barrier.html", form=form), 409
    return render_template("pages/barrier_thanks.html")


def _recipients() -> Sequence[str]:
    """Return who reads reported barriers: the contact address, else everybody in the KI."""
    if settings().contact_email:
        return [settings().contact_email]
    addresses = session().exec(
        select(Account.email).where(
            Account.role == Role.COORDINATION, col(Account.deactivated_at).is_(None)
        )
    )
    recipients = addresses.all()
    if not recipients:
        raise Conflict(_LATER)
    return recipients


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
