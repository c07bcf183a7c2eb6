"""Who represents an institution: its page, the Stellvertretung, the change of the person."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.actions import representatives, substitutions
from tracker.accounts.queries.representation import Representation, representation
from tracker.accounts.web.base import blueprint
from tracker.accounts.web.forms import NEW_PERSON, SubstitutionForm, SuccessionForm
from tracker.accounts.web.manage import invite_account, link_page
from tracker.core.db import transaction
from tracker.core.errors import Conflict, IllegalTransition, Invalid, NotFound
from tracker.core.permissions import Role, may_appoint_deputy
from tracker.core.text import is_key
from tracker.web.access import actor, requires
from tracker.web.forms import choice, please_choose
from tracker.web.runtime import now, session, today

# The largest key that both databases compare without complaint; larger ones are unknown pages.
_INSTITUTION = "/vertretung/<int(max=2147483647):institution_id>"


@blueprint.get(_INSTITUTION)
@requires(Role.COORDINATION, Role.INSTITUTION)
def represented(institution_id: int) -> ResponseReturnValue:
    return _page(_found(institution_id), SubstitutionForm(formdata=None))


@blueprint.post(_INSTITUTION)
@requires(Role.COORDINATION, Role.INSTITUTION)
def appoint(institution_id: int) -> ResponseReturnValue:
    representation = _found(institution_id)
    form = SubstitutionForm()
    if not form.validate():
        return _page(representation, form, 422)
    assert form.valid_from.data and form.valid_to.data  # noqa: S101, PT018 - required fields
    try:
        with transaction(session()):
            substitutions.appoint(
                session(),
                representative_id=form.representative_id.data,
                deputy_id=form.deputy_id.data,
                valid_from=form.valid_from.data,
                valid_to=form.valid_to.data,
                by=actor(),
                now=now(),
            )
    except (Invalid, Conflict, IllegalTransition) as refusal:
        form.form_errors.append(refusal.message)
        return _page(representation, form, 409 if isinstance(refusal, Conflict) else 422)
    flash("Die Stellvertretung ist eingetragen.", "success")
    return redirect(f"/vertretung/{institution_id}")


@blueprint.post(f"{_INSTITUTION}/<int(max=2147483647):substitution_id>/beenden")
@requires(Role.COORDINATION, Role.INSTITUTION)
def end_substitution(institution_id: int, substitution_id: int) -> ResponseReturnValue:
    with transaction(session()):
        substitutions.end(session(), substitution_id=substitution_id, by=actor(), now=now())
    flash("Die Stellvertretung ist beendet.", "success")
    return redirect(f"/vertretung/{institution_id}")


@blueprint.get(f"{_INSTITUTION}/wechseln")
@requires(Role.COORDINATION)
def succession(institution_id: int) -> ResponseReturnValue:
    return _succession_page(_found(institution_id), SuccessionForm(formdata=None))


@blueprint.post(f"{_INSTITUTION}/wechseln")
@requires(Role.COORDINATION)
def hand_over(institution_id: int) -> ResponseReturnValue:
    representation = _found(institution_id)
    form = SuccessionForm()
    form.successor.choices = _successors(representation)
    if not form.validate():
        return _succession_page(representation, form, 422)
    try:
        with transaction(session()):
            account_id, token = _hand_over(form)
    except (Invalid, Conflict, IllegalTransition) as refusal:
        if refusal.field in form:
            form[refusal.field].errors = [refusal.message]
        else:
            form.form_errors.append(refusal.message)
        return _succession_page(representation, form, 422)
    flash("Der Wechsel der benannten Vertretung ist eingetragen.", "success")
    if token:
        return link_page(account_id, token)
    return redirect(f"/vertretung/{institution_id}")


def _hand_over(form: SuccessionForm) -> tuple[int, str]:
    """Return the successor's account and the token of its invitation, "" where it needs none."""
    assert form.last_day.data  # noqa: S101 - a required field
    if form.successor.data == NEW_PERSON:
        account = representatives.hand_over_to_new(
            session(),
            account_id=form.account_id.data,
            name=form.name.data or "",
            email=form.email.data or "",
            last_day=form.last_day.data,
            by=actor(),
            now=now(),
        )
        return account.id or 0, invite_account(account.id or 0)
    if not is_key(form.successor.data):
        raise NotFound("Diese Person gibt es nicht. Bitte wählen Sie eine aus der Liste.")
    account = representatives.hand_over(
        session(),
        account_id=form.account_id.data,
        successor_id=int(form.successor.data),
        last_day=form.last_day.data,
        by=actor(),
        now=now(),
    )
    return account.id or 0, ""


def _found(institution_id: int) -> Representation:
    return representation(session(), institution_id=institution_id, by=actor(), today=today())


def _page(
    representation: Representation, form: SubstitutionForm, status: int = 200
) -> ResponseReturnValue:
    current = [term for term in representation.terms if not term.over(today())]
    form.representative_id.choices = [choice(str(term.account_id), term.name) for term in current]
    form.deputy_id.choices = please_choose(representation.colleagues)
    if not form.representative_id.data:
        form.representative_id.data = actor().account_id
    return render_template(
        "accounts/representation.html",
        found=representation,
        form=form,
        current=current,
        may_appoint=may_appoint_deputy(actor(), institution_id=representation.institution_id),
        today=today(),
    ), status


def _successors(representation: Representation) -> list[Any]:
    return [
        *(choice(str(account_id), name) for account_id, name in representation.colleagues),
        choice(NEW_PERSON, "eine Person, die noch kein Konto hat"),
    ]


def _succession_page(
    representation: Representation, form: SuccessionForm, status: int = 200
) -> ResponseReturnValue:
    current = [term for term in representation.terms if not term.over(today())]
    form.account_id.choices = [choice(str(term.account_id), term.name) for term in current]
    form.successor.choices = _successors(representation)
    return render_template(
        "accounts/succession.html", found=representation, form=form, current=current, today=today()
    ), status
