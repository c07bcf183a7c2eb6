"""The KI's list of accounts: invite, invite again, change the address, deactivate."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.actions import accounts as actions
from tracker.accounts.actions import notices, passwords
from tracker.accounts.queries import accounts as queries
from tracker.accounts.queries import sign_ins
from tracker.accounts.web.base import blueprint
from tracker.accounts.web.forms import INVITABLE, AddressForm, ConceptsForm, InviteForm
from tracker.accounts.words import attempts_sentence
from tracker.concept.queries.concepts import concepts
from tracker.concept.queries.institution_list import institution_choices
from tracker.core.db import transaction
from tracker.core.errors import Conflict, IllegalTransition, Invalid, NotFound, Refused
from tracker.core.hashes import token_hash
from tracker.core.permissions import Role
from tracker.outbox import queue
from tracker.outbox.wording import MailKind, account_link
from tracker.web import proxies
from tracker.web.access import actor, requires
from tracker.web.forms import please_choose
from tracker.web.runtime import now, session, settings, today

# The largest key that both databases compare without complaint; larger ones are unknown pages.
_ACCOUNT = "/konten/<int(max=2147483647):account_id>"


@blueprint.get("/konten")
@requires(Role.COORDINATION)
def accounts() -> ResponseReturnValue:
    rows = queries.accounts(session(), now=now())
    failures = sign_ins.overview(session(), attempts=settings().login_attempts, now=now())
    secret = settings().secret_key
    hashes = {row.id: passwords.subject_hash(secret, "account", row.email) for row in rows}
    return render_template(
        "accounts/list.html",
        accounts=rows,
        failures={key: failures.by_account.get(hashed) for key, hashed in hashes.items()},
        attempts=attempts_sentence(failures, known=hashes.values()),
        proxy_problem=proxies.problem(),
        concepts={concept.id: concept.title for concept in concepts(session())},
    )


@blueprint.get("/konten/einladen")
@requires(Role.COORDINATION)
def invite() -> ResponseReturnValue:
    return _invite_page(_invite_form())


@blueprint.post("/konten/einladen")
@requires(Role.COORDINATION)
def invite_submit() -> ResponseReturnValue:
    form = _invite_form()
    if not form.validate():
        return _invite_page(form, 422)
    role, function = INVITABLE[form.invited_as.data]
    at_institution = role is Role.INSTITUTION
    try:
        with transaction(session()):
            account_id = actions.create(
                session(),
                email=form.email.data or "",
                name=form.name.data or "",
                role=role,
                function=function,
                institution_id=form.institution_id.data if at_institution else None,
                term_from=form.term_from.data,
                term_to=form.term_to.data,
                concept_ids=_chosen(form) if not at_institution else (),
                by=actor(),
                now=now(),
            ).id
            token = invite_account(account_id or 0)
    except (Invalid, Conflict, NotFound) as problem:
        return _invite_page(_with_problem(form, problem), 422)
    return link_page(account_id or 0, token)


@blueprint.post("/konten/<int:account_id>/neu-einladen")
@requires(Role.COORDINATION)
def invite_again(account_id: int) -> ResponseReturnValue:
    try:
        with transaction(session()):
            account = _account(account_id)
            token = invite_account(account_id)
    except IllegalTransition as refusal:
        if account.deactivated_at:
            raise
        flash(refusal.message, "warning")
        return redirect("/konten")
    return link_page(account_id, token)


@blueprint.post(f"{_ACCOUNT}/einladung-zurueckziehen")
@requires(Role.COORDINATION)
def withdraw_invitation(account_id: int) -> ResponseReturnValue:
    with transaction(session()):
        actions.withdraw_invitation(session(), account_id=account_id, by=actor(), now=now())
    flash("Der Link ist zurückgezogen und gilt nicht mehr.", "success")
    return redirect("/konten")


@blueprint.get(f"{_ACCOUNT}/adresse")
@requires(Role.COORDINATION)
def address(account_id: int) -> ResponseReturnValue:
    account = _account(account_id)
    return _address_page(account, AddressForm(formdata=None, data={"email": account.email}))


@blueprint.post(f"{_ACCOUNT}/adresse")
@requires(Role.COORDINATION)
def change_address(account_id: int) -> ResponseReturnValue:
    account = _account(account_id)
    form = AddressForm()
    if not form.validate():
        return _address_page(account, form, 422)
    try:
        with transaction(session()):
            actions.change_email(
                session(), account_id=account_id, email=form.email.data or "", by=actor(), now=now()
            )
            _tell_of_address(account)
    except (Invalid, Conflict) as problem:
        form.email.errors = [problem.message]
        return _address_page(account, form, 422)
    flash(f"Die E-Mail-Adresse von {account.name} ist gespeichert.", "success")
    return redirect("/konten")


@blueprint.get(f"{_ACCOUNT}/konzepte")
@requires(Role.COORDINATION)
def account_concepts(account_id: int) -> ResponseReturnValue:
    account = _account(account_id)
    form = ConceptsForm(formdata=None, data={"concept_ids": list(account.concepts or ())})
    return _concepts_page(account, form)


@blueprint.post(f"{_ACCOUNT}/konzepte")
@requires(Role.COORDINATION)
def choose_concepts(account_id: int) -> ResponseReturnValue:
    account = _account(account_id)
    form = ConceptsForm()
    try:
        with transaction(session()):
            actions.choose_concepts(
                session(),
                account_id=account_id,
                concept_ids=_chosen(form),
                by=actor(),
                now=now(),
            )
    except (Invalid, NotFound) as problem:
        form.concept_ids.errors = [problem.message]
        return _concepts_page(account, form, 422)
    flash(f"Die Konzepte für {account.name} sind gespeichert.", "success")
    return redirect("/konten")


@blueprint.post("/konten/<int:account_id>/deaktivieren")
@requires(Role.COORDINATION)
def deactivate(account_id: int) -> ResponseReturnValue:
    with transaction(session()):
        actions.deactivate(session(), account_id=account_id, by=actor(), now=now())
    flash("Das Konto ist abgeschaltet. Laufende Sitzungen sind beendet.", "success")
    return redirect("/konten")


@blueprint.post(f"{_ACCOUNT}/wieder-einschalten")
@requires(Role.COORDINATION)
def reactivate(account_id: int) -> ResponseReturnValue:
    with transaction(session()):
        actions.reactivate(session(), account_id=account_id, by=actor(), now=now())
    flash(
        "Das Konto ist wieder eingeschaltet, hat aber kein Kennwort mehr. Bitte laden Sie die "
        "Person neu ein.",
        "success",
    )
    return redirect("/konten")


def invite_account(account_id: int) -> str:
    """Return the token of a new single-use link, mailed where a mail server is set."""
    token = actions.invite(
        session(),
        account_id=account_id,
        valid_days=settings().invitation_days,
        by=actor(),
        now=now(),
        only_mailed=bool(settings().smtp_host),
    )
    # Without a mail server the link would lie in the outbox for ever.
    if settings().smtp_host:
        _mail(account_id, token)
    return token


def _mail(account_id: int, token: str) -> None:
    account = _account(account_id)
    kind = MailKind.PASSWORD_RESET if account.has_password else MailKind.INVITATION
    text = account_link(
        kind,
        name=account.name,
        link=_link(token),
        expires_at=now() + timedelta(days=settings().invitation_days),
        settings=settings(),
        by=actor().name,
    )
    key = f"{kind}:{token_hash(token)[:32]}"
    queue.enqueue(session(), key=key, recipient=account.email, text=text, now=now())


def _tell_of_address(before: queries.AccountRow) -> None:
    """Tell a person at the earlier and the new address that it was changed, and by whom."""
    account = actions.active(session(), before.id)
    if not before.has_password or account.email == before.email:
        return
    for recipient in (before.email, account.email):
        notices.tell(
            session(),
            notices.ADDRESS,
            account=account,
            settings=settings(),
            now=now(),
            by=actor().name,
            recipient=recipient,
        )


def _account(account_id: int) -> queries.AccountRow:
    account = queries.account(session(), account_id=account_id, now=now())
    if account is None:
        raise NotFound("Dieses Konto gibt es nicht. Bitte wählen Sie eines aus der Liste.")
    return account


def _link(token: str) -> str:
    return f"{settings().base_url.rstrip('/')}/einladung/{token}"


def link_page(account_id: int, token: str) -> ResponseReturnValue:
    """Show a link to pass on; one that was mailed is for the person alone."""
    account = _account(account_id)
    if settings().smtp_host:
        flash(
            f"Eine Mail mit dem Link, um ein Kennwort festzulegen, geht an {account.email}. Den "
            "Link sieht nur die Person selbst.",
            "success",
        )
        return redirect("/konten")
    page = render_template("accounts/link.html", account=account, link=_link(token))
    return page, {"Cache-Control": "no-store"}


def _invite_form() -> InviteForm:
    form = InviteForm()
    form.institution_id.choices = please_choose(institution_choices(session(), day=today()))
    form.concept_ids.choices = _offered()
    if len(form.concept_ids.choices) < 2:
        del form.concept_ids
    return form


def _offered() -> list[tuple[int, str]]:
    return [
        (concept.id, concept.title)
        for concept in concepts(session())
        if actor().may_see(concept.id)
    ]


def _chosen(form: InviteForm | ConceptsForm) -> list[int]:
    return (form.concept_ids.data or []) if "concept_ids" in form else []


def _concepts_page(
    account: queries.AccountRow, form: ConceptsForm, status: int = 200
) -> ResponseReturnValue:
    form.concept_ids.choices = _offered()
    return render_template("accounts/concepts.html", account=account, form=form), status


def _invite_page(form: InviteForm, status: int = 200) -> ResponseReturnValue:
    return render_template("accounts/invite.html", form=form), status


def _address_page(
    account: queries.AccountRow, form: AddressForm, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "accounts/address.html", account=account, form=form, mailed=bool(settings().smtp_host)
    )
    return page, status


def _with_problem(form: InviteForm, problem: Refused) -> InviteForm:
    """Put a refusal at the field that is to be mended, or on top."""
    field = "invited_as" if problem.field == "function" else problem.field
    if field:
        form[field].errors = [problem.message]
    else:
        form.form_errors.append(problem.message)
    return form
