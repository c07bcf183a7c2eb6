"""The outbox as the KI sees it; texts that hold a personal link are never shown."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.concept.queries import institution_list
from tracker.core.db import transaction
from tracker.core.errors import NotFound
from tracker.core.german import counted
from tracker.core.permissions import Role
from tracker.mail.actions import mails as actions
from tracker.mail.queries import mails as queries
from tracker.mail.queries.mail_preview import next_wave
from tracker.outbox.rules.mailing import MailState
from tracker.web.access import actor, requires
from tracker.web.runtime import now, session, settings, today

blueprint = Blueprint("mails", __name__, template_folder="templates")

# So many of the sent and the superseded are shown; the history of an institution has them all.
_RECENT = 50


@blueprint.get("/mails/")
@requires(Role.COORDINATION)
def outbox() -> ResponseReturnValue:
    mine = actor().concepts
    mails = partial(queries.outbox, session(), today=today(), concepts=mine)
    return render_template(
        "mails/outbox.html",
        configured=bool(settings().smtp_host),
        counts=queries.counts(session(), concepts=mine),
        failed=mails(state=MailState.FAILED),
        waiting=mails(state=MailState.WAITING),
        sent=mails(state=MailState.SENT, limit=_RECENT),
        superseded=mails(state=MailState.SUPERSEDED, limit=_RECENT),
        not_opened=queries.not_opened(session(), now=now(), concepts=mine),
        unreachable=queries.unreachable(session(), now=now(), concepts=mine),
        wave=next_wave(session(), settings=settings(), now=now(), concepts=mine),
    )


@blueprint.post("/mails/<int:mail_id>/erneut")
@requires(Role.COORDINATION)
def retry(mail_id: int) -> ResponseReturnValue:
    with transaction(session()):
        actions.retry(session(), mail_id=mail_id, by=actor(), now=now())
    flash(f"Die Mail wird noch einmal versucht. {_when()}", "success")
    institution_id = request.form.get("institution", type=int)
    if institution_id is not None:
        return redirect(url_for("mails.history", institution_id=institution_id))
    return redirect(url_for("mails.outbox"))


@blueprint.post("/mails/erneut")
@requires(Role.COORDINATION)
def retry_failed() -> ResponseReturnValue:
    with transaction(session()):
        again = actions.retry_failed(session(), by=actor(), now=now())
    if again:
        tried = counted(again, "Mail wird", "Mails werden")
        flash(f"{tried} noch einmal versucht. {_when()}", "success")
    else:
        flash("Es gibt keine unzustellbare Mail, die sich noch einmal versuchen lässt.", "info")
    return redirect(url_for("mails.outbox"))


@blueprint.get("/mails/institution/<int:institution_id>")
@requires(Role.COORDINATION)
def history(institution_id: int) -> ResponseReturnValue:
    institution = institution_list.institution(
        session(), institution_id=institution_id, day=today()
    )
    if institution is None:
        raise NotFound("Diese Institution gibt es nicht. Bitte wählen Sie eine aus der Liste.")
    return render_template(
        "mails/history.html",
        institution=institution,
        mails=queries.history(
            session(), institution_id=institution_id, today=today(), concepts=actor().concepts
        ),
        configured=bool(settings().smtp_host),
    )


def _when() -> str:
    if settings().smtp_host:
        return "Versandt wird mit dem nächsten Durchgang der Uhr."
    return "Versandt wird sie erst, wenn ein Mailserver eingerichtet ist."
