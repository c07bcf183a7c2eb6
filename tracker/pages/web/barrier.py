"""Reporting a barrier: it needs neither login nor cookie nor JavaScript."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select
from wtforms import EmailField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from tracker.accounts.models import Account
from tracker.contact.actions import receipts
from tracker.contact.purposes import Confirmed, Purpose, register
from tracker.core.db import transaction
from tracker.core.errors import Conflict
from tracker.core.permissions import Role
from tracker.core.text import is_email_address
from tracker.pages.actions import accessibility_feedback
from tracker.pages.web.views import blueprint
from tracker.web.access import public
from tracker.web.limits import takes
from tracker.web.public_forms import PublicForm, public_form, sender
from tracker.web.runtime import now, session, settings

_LATER = (
    "Ihr Hinweis kann gerade nicht angenommen werden. Bitte versuchen Sie es in einer Stunde noch "
    "einmal. Ihr Text steht noch im Formular."
)
_WHEN = "Nur, wenn Sie eine Antwort möchten."
_BY_LINK = (
    " Sie erhalten dann eine Mail mit einem Link, über den Sie die Adresse bestätigen. Vorher "
    "geben wir sie nicht weiter."
)
_WITH_REPORT = " Sie geht dann mit Ihrem Hinweis an die zuständige Stelle."
_CHECK_ADDRESS = "Bitte prüfen Sie die E-Mail-Adresse."


class BarrierForm(PublicForm):
    """What does not work, where, and where to answer; only the first is needed."""

    form_key = accessibility_feedback.FORM
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
        [Optional()],
        render_kw={"autocomplete": "email"},
    )

    def validate_reply_to(self, field: EmailField) -> None:
        if field.data and not is_email_address(field.data):
            raise ValidationError(_CHECK_ADDRESS)


def _page(form: BarrierForm) -> ResponseReturnValue:
    form.reply_to.description = _WHEN + (_BY_LINK if settings().smtp_host else _WITH_REPORT)
    return render_template("pages/barrier.html", form=form)


def _thanks(_form: BarrierForm) -> ResponseReturnValue:
    return render_template("pages/barrier_thanks.html")


@blueprint.get("/barriere-melden")
@public
def report_barrier() -> ResponseReturnValue:
    return _page(BarrierForm(formdata=None))


@blueprint.post("/barriere-melden")
@public
@takes(bytes=100_000, fields=20)
@public_form(BarrierForm, page=_page, thanks=_thanks)
def report_barrier_submit(form: BarrierForm) -> None:
    with transaction(session()):
        if not receipts.receive(
            session(), form=BarrierForm.form_key, key=form.key, sender=sender(), now=now()
        ):
            return
        accessibility_feedback.report(
            session(),
            key=form.key,
            description=form.description.data or "",
            page=form.page.data or "",
            reply_to=form.reply_to.data or "",
            purpose=REPLY,
            recipients=_recipients(),
            settings=settings(),
            now=now(),
        )


def _confirmed(session: Session, confirmed: Confirmed) -> None:
    accessibility_feedback.pass_on_address(session, confirmed, recipients=_recipients())


REPLY = Purpose(
    key="barrier.reply",
    reason="um eine Antwort auf einen Hinweis auf eine Barriere zu bekommen",
    question="Erst wenn Sie bestätigen, erhält die zuständige Stelle die Adresse, um zu antworten.",
    done="Sie erhalten innerhalb von zwei Wochen eine Antwort auf Ihren Hinweis.",
    effect=_confirmed,
)
register(REPLY)


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
