"""Signing in and out, accepting an invitation, and one's own account."""

from __future__ import annotations

import flask
from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user
from flask_wtf.csrf import CSRFError

from tracker.accounts.actions import accounts as actions
from tracker.accounts.actions import notices, passwords, sessions
from tracker.accounts.models import Account
from tracker.accounts.queries import accounts as queries
from tracker.accounts.web.base import blueprint
from tracker.accounts.web.checking import WAIT, Checked, check
from tracker.accounts.web.forms import ChangePasswordForm, InvitationForm, NameForm
from tracker.accounts.web.sessions import load
from tracker.core.db import transaction
from tracker.core.errors import Invalid, NotFound
from tracker.core.hashes import token_hash
from tracker.web import devices, errors, form_recovery, proxies
from tracker.web.access import EVERYBODY, SIGN_IN_PATH, SignedIn, actor, public, requires, signed_in
from tracker.web.forms import SignInForm
from tracker.web.limits import FORM_BYTES, takes
from tracker.web.public_forms import again, public_form
from tracker.web.runtime import now, session, settings
from tracker.web.shell import frame


@blueprint.get(SIGN_IN_PATH)
@public
def sign_in() -> ResponseReturnValue:
    following = form_recovery.safe_path(request.args.get("next")) or ""
    user = signed_in()
    if user is not None:
        return redirect(following or frame().start_path(user.actor.role))
    return _sign_in_page(SignInForm(), following=following)


@blueprint.post(SIGN_IN_PATH)
@public
@takes(bytes=FORM_BYTES + form_recovery.NAMES_BYTES)
def sign_in_submit() -> ResponseReturnValue:
    proxies.warn_once()
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form, 422)
    checked = check(form.email.data or "", form.password.data or "")
    if not checked.right:
        form.form_errors.append(checked.problem)
        form.summary_heading = WAIT if checked.wait else ""
        return _sign_in_page(form, 429 if checked.wait else 401)
    user = _begin_session(checked.account_id)
    carried = form_recovery.from_sign_in()
    following = form_recovery.safe_path(request.form.get("next"))
    response = flask.make_response(
        redirect(following or frame().start_path(user.actor.role))
        if carried is None
        else form_recovery.continue_page(carried)
    )
    _remember(response, checked, checked.password_hash)
    return response


def _remember(response: Response, checked: Checked, password_hash: str) -> None:
    """Let the browser be known for the account as long as this password holds."""
    devices.remember(
        response,
        settings(),
        account_id=checked.account_id,
        password_hash=password_hash,
        key=checked.device_key,
    )


@blueprint.errorhandler(CSRFError)
def stale_form(error: CSRFError) -> ResponseReturnValue:
    """Show the sign-in form again when its token was too old, with what it carried."""
    if request.endpoint != "accounts.sign_in_submit":
        return errors.stale_form(error)
    form = SignInForm()
    form.summary_heading = "Bitte melden Sie sich noch einmal an"
    form.form_errors.append("Die Seite war zu lange offen.")
    return _sign_in_page(form, 400)


def _sign_in_page(form: SignInForm, status: int = 200, following: str = "") -> ResponseReturnValue:
    if request.method == "POST":
        following = form_recovery.safe_path(request.form.get("next")) or ""
    carried = form_recovery.from_sign_in() if request.method == "POST" else None
    return render_template(
        "accounts/sign_in.html", form=form, kept=carried, next=following, expired=False
    ), status


def _begin_session(account_id: int) -> SignedIn:
    with transaction(session()):
        token = sessions.sign_in(session(), account_id=account_id, now=now())
    flask.session.clear()  # nothing from before signing in lives on, the form token included
    user = load(token)
    if user is None:
        raise NotFound("Das Konto ist gerade abgeschaltet worden.")
    login_user(user)
    return user


@blueprint.post("/abmelden")
@requires(*EVERYBODY)
def sign_out() -> ResponseReturnValue:
    user = signed_in()
    if user is not None:
        with transaction(session()):
            sessions.sign_out(session(), session_id=user.session_id, by=user.actor, now=now())
    logout_user()
    flask.session.clear()
    flash("Sie sind abgemeldet.", "success")
    response = redirect(SIGN_IN_PATH)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.post("/konto/sitzung")
@requires(*EVERYBODY)
def extend_session() -> ResponseReturnValue:
    """Keep the session alive: the request itself is what counts."""
    return "", 204


def _invitation_page(form: InvitationForm, token: str) -> ResponseReturnValue:
    invited = queries.invitation(session(), token_hash=token_hash(token), now=now())
    if invited is None:
        return render_template("accounts/invitation_void.html"), 404
    return render_template("accounts/invitation.html", form=form, invitation=invited)


def _accepted(_form: InvitationForm, **_token: str) -> ResponseReturnValue:
    flash("Ihr Kennwort ist gespeichert. Sie können sich jetzt anmelden.", "success")
    return redirect(SIGN_IN_PATH)


@blueprint.get("/einladung/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    return _invitation_page(InvitationForm(formdata=None), token)


@blueprint.post("/einladung/<token>")
@public
@takes(bytes=20_000, fields=20)
@public_form(InvitationForm, page=_invitation_page, thanks=_accepted)
def accept_invitation(form: InvitationForm, token: str) -> ResponseReturnValue | None:
    try:
        with transaction(session()):
            account = actions.accept_invitation(
                session(),
                token=token,
                password=form.new_password.data or "",
                now=now(),
                own_words=passwords.own_words(settings()),
            )
            _tell_of_password(account)
    except NotFound:
        return _invitation_page(form, token)
    except Invalid as problem:
        form.new_password.errors = [problem.message]
        return again(_invitation_page(form, token), 422)
    return None


@blueprint.get("/konto")
@requires(*EVERYBODY)
def own_account() -> ResponseReturnValue:
    return _own_account_page(NameForm(formdata=None), ChangePasswordForm(formdata=None))


@blueprint.post("/konto/name")
@requires(*EVERYBODY)
def rename() -> ResponseReturnValue:
    form = NameForm()
    if not form.validate():
        return _own_account_page(form, ChangePasswordForm(formdata=None), 422)
    try:
        with transaction(session()):
            actions.rename(
                session(),
                account_id=actor().account_id,
                name=form.name.data or "",
                by=actor(),
                now=now(),
            )
    except Invalid as problem:
        form.name.errors = [problem.message]
        return _own_account_page(form, ChangePasswordForm(formdata=None), 422)
    flash("Ihr Name ist gespeichert.", "success")
    return redirect("/konto")


@blueprint.post("/konto/kennwort")
@requires(*EVERYBODY)
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    names = NameForm(formdata=None)
    if not form.validate():
        return _own_account_page(names, form, 422)
    user, present = signed_in(), form.present_password.data or ""
    if user is None:
        return _own_account_page(names, form, 422)
    checked = check(user.email, present, user=user)
    if not checked.right:
        form.summary_heading = WAIT if checked.wait else ""
        form.present_password.errors = [
            f"Zu viele Fehlversuche. Bitte warten Sie noch {checked.wait}."
            if checked.wait
            else "Das stimmt nicht."
        ]
        return _own_account_page(names, form, 422)
    try:
        with transaction(session()):
            password_hash = actions.change_password(
                session(),
                account_id=user.actor.account_id,
                new=form.new_password.data or "",
                by=user.actor,
                now=now(),
                keep_session_id=user.session_id,
                own_words=passwords.own_words(settings()),
            )
            _tell_of_password(actions.active(session(), user.actor.account_id))
    except Invalid as problem:
        form.new_password.errors = [problem.message]
        return _own_account_page(names, form, 422)
    flash("Ihr Kennwort ist geändert. Andere Sitzungen sind beendet.", "success")
    response = flask.make_response(redirect("/konto"))
    _remember(response, checked, password_hash)
    return response


def _tell_of_password(account: Account) -> None:
    notices.tell(session(), notices.PASSWORD, account=account, settings=settings(), now=now())


def _own_account_page(
    names: NameForm, password: ChangePasswordForm, status: int = 200
) -> ResponseReturnValue:
    if names.name.data is None:
        names.name.data = actor().name
    return render_template("accounts/own.html", names=names, password=password), status
