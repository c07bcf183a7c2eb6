"""Confirming an address, or having it removed: the link only shows, a button acts."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import AnyOf

from tracker.contact.actions import confirmations
from tracker.contact.purposes import purpose_of
from tracker.contact.queries.confirmations import open_rows
from tracker.core.db import transaction
from tracker.core.hashes import token_hash
from tracker.web.access import public
from tracker.web.limits import takes
from tracker.web.public_forms import LinkForm, public_form
from tracker.web.runtime import now, session

blueprint = Blueprint("contact", __name__, template_folder="templates")

CONFIRM, FORGET = "bestaetigen", "loeschen"


class ConfirmForm(LinkForm):
    """Which of the two buttons was pressed."""

    form_key = "confirmation"
    answer = StringField(
        "Antwort", [AnyOf((CONFIRM, FORGET), message="Bitte wählen Sie eine Schaltfläche.")]
    )


def _page(form: ConfirmForm, token: str) -> ResponseReturnValue:
    rows = open_rows(session(), token_hash=token_hash(token), now=now())
    purpose = purpose_of(rows[0].purpose) if rows else None
    if purpose is None:
        return render_template("contact/void.html"), 404
    waiting = [row for row in rows if row.confirmed_at is None]
    if not waiting:
        return render_template("contact/confirmed.html", purpose=purpose)
    return render_template("contact/confirm.html", form=form, purpose=purpose, waiting=waiting)


def _answered(form: ConfirmForm, token: str) -> ResponseReturnValue:
    return (
        _page(form, token)
        if form.answer.data == CONFIRM
        else render_template("contact/forgotten.html")
    )


@blueprint.get("/bestaetigen/<token>")
@public
def confirm(token: str) -> ResponseReturnValue:
    return _page(ConfirmForm(formdata=None), token)


@blueprint.post("/bestaetigen/<token>")
@public
@takes(bytes=5_000, fields=10)
@public_form(ConfirmForm, page=_page, thanks=_answered)
def confirm_submit(form: ConfirmForm, token: str) -> ResponseReturnValue | None:
    rows = open_rows(session(), token_hash=token_hash(token), now=now())
    purpose = purpose_of(rows[0].purpose) if rows else None
    if purpose is None:
        return _page(form, token)
    with transaction(session()):
        if form.answer.data == CONFIRM:
            confirmations.confirm(session(), token=token, purpose=purpose, now=now())
        else:
            confirmations.forget(session(), token=token, now=now())
    return None
