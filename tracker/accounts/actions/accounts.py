"""Writing accounts: create, invite, change password and address, deactivate."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from tracker.accounts.actions import passwords
from tracker.accounts.models import (
    Account,
    AccountConcept,
    AccountLink,
    LinkPurpose,
    LoginSession,
)
from tracker.accounts.queries import accounts as queries
from tracker.accounts.rules.passwords import password_problem
from tracker.concept.models import Institution
from tracker.concept.queries.concepts import concepts
from tracker.core import audit
from tracker.core.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound, Problem
from tracker.core.hashes import token_hash
from tracker.core.periods import local_day
from tracker.core.permissions import Actor, Function, Role
from tracker.core.problems import problem_text
from tracker.core.text import is_email_address, plain_name
from tracker.outbox.queue import give_up_links, readdress


def create(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    by: Actor | None,
    now: datetime,
    institution_id: int | None = None,
    function: Function | None = None,
    term_from: date | None = None,
    term_to: date | None = None,
    password: str | None = None,
    concept_ids: Collection[int] = (),
    own_words: Collection[str] = (),
) -> Account:
    """Create an account; without a password it waits for an invitation to be accepted.

    `concept_ids` are those of `choose_concepts`, `own_words` what no password here may be made of
    (`passwords.own_words`). Raises Invalid for a name, address, role or
    password that will not do, Conflict when the address has an account already or the institution
    a benannte Vertretung on any of these days, NotFound for an unknown institution or concept.
    """
    email = email.strip().lower()
    name = _checked_name(name)
    _check_email(session, email, is_new=True)
    _check_role(session, role, institution_id, function)
    if term_from and term_to and term_to < term_from:
        raise Invalid(
            "Das Ende der Amtszeit liegt vor ihrem Anfang. Bitte prüfen Sie beide Tage.",
            field="term_to",
        )
    if function is Function.REPRESENTATIVE:
        check_alone(session, institution_id, first=term_from or local_day(now), last=term_to)
    account = Account(
        email=email,
        name=name,
        role=role,
        institution_id=institution_id,
        function=function,
        created_at=now,
        term_from=term_from,
        term_to=term_to,
    )
    if password is not None:
        account.password_hash = _accepted(session, account, password, own_words)
    session.add(account)
    after = {"role": role, "function": function, "institution_id": institution_id}
    audit.record_row(session, account, "account.create", by=by, now=now, after=after)
    if by is not None and by.concepts is not None and role is not Role.INSTITUTION:
        concept_ids = concept_ids or by.concepts
    if concept_ids:
        _set_concepts(session, account, concept_ids, by=by, now=now)
    return account


def invite(
    session: Session,
    *,
    account_id: int,
    valid_days: int,
    by: Actor | None,
    now: datetime,
    only_mailed: bool = False,
) -> str:
    """Return a new single-use link's token; earlier links of the account become void.

    The token is returned once and stored as a hash. With `only_mailed` the caller sends it to the
    account's address and shows it to nobody: who has a password gets no link otherwise, or a
    colleague could take the account over; only the operator (`by` None) may, and the audit trail
    says so. Raises NotFound for an unknown account, IllegalTransition for a deactivated one and
    for one with a password whose link would be shown.
    """
    account = active(session, account_id)
    _require_reach(session, account, by=by)
    in_use = account.password_hash is not None
    if in_use and by is not None and not only_mailed:
        raise IllegalTransition(
            f"{account.name} hat schon ein Kennwort. Ein Link für ein neues geht nur per Mail an "
            "die Person selbst, und es ist kein Mailserver eingestellt. Bitten Sie die "
            "Betriebsstelle, einen Link auszugeben; im Protokoll steht das dann."
        )
    _void_links(session, account_id, now)
    token = passwords.new_token()
    session.add(
        AccountLink(
            account_id=account_id,
            purpose=LinkPurpose.INVITATION,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=now + timedelta(days=valid_days),
        )
    )
    verb = "account.invite_by_operator" if in_use and by is None else "account.invite"
    after = None if only_mailed or by is None else {"shown": True}
    audit.record_row(session, account, verb, by=by, now=now, after=after)
    return token


def withdraw_invitation(
    session: Session, *, account_id: int, by: Actor | None, now: datetime
) -> None:
    """Make an account's open links void; the account stays as it is.

    Raises NotFound for an unknown account and IllegalTransition for a deactivated one.
    """
    account = active(session, account_id)
    _require_reach(session, account, by=by)
    _void_links(session, account_id, now)
    give_up_links(session, recipient=account.email, reason="Der Link wurde zurückgezogen.")
    audit.record_row(session, account, "account.withdraw_invitation", by=by, now=now)


def accept_invitation(
    session: Session, *, token: str, password: str, now: datetime, own_words: Collection[str] = ()
) -> Account:
    """Set the password of an invited account and use the link up; other sessions end.

    Raises NotFound when the link is unknown, used or expired, Invalid for a weak password.
    """
    stored = token_hash(token)
    # Of two who use it at the same moment the second one waits here, and finds it used up.
    link = select(AccountLink.id).where(col(AccountLink.token_hash) == stored)
    session.exec(link.with_for_update()).first()
    invitation = queries.invitation(session, token_hash=stored, now=now)
    if invitation is None:
        raise NotFound(
            "Dieser Einladungslink gilt nicht mehr. Bitte lassen Sie sich einen neuen schicken."
        )
    account = active(session, invitation.account_id)
    account.password_hash = _accepted(session, account, password, own_words)
    _void_links(session, invitation.account_id, now)
    _end_sessions(session, invitation.account_id, now)
    audit.record_row(session, account, "account.accept_invitation", by=themselves(account), now=now)
    return account


def change_password(
    session: Session,
    *,
    account_id: int,
    new: str,
    by: Actor,
    now: datetime,
    keep_session_id: int,
    own_words: Collection[str] = (),
) -> str:
    """Set a new password and return its hash; every other session of the account ends.

    The caller has checked the present one. Raises Invalid for a weak password.
    """
    account = active(session, account_id)
    account.password_hash = password_hash = _accepted(session, account, new, own_words)
    _end_sessions(session, account_id, now, but=keep_session_id)
    audit.record_row(session, account, "account.change_password", by=by, now=now)
    return password_hash


def rename(session: Session, *, account_id: int, name: str, by: Actor, now: datetime) -> None:
    """Change the name shown for an account. Raises Invalid for an empty one.

    The audit trail keeps both, so that it can show the name of then.
    """
    account = active(session, account_id)
    before, account.name = account.name, _checked_name(name)
    if before != account.name:
        names = {"before": {"name": before}, "after": {"name": account.name}}
        audit.record_row(session, account, "account.rename", by=by, now=now, **names)


def change_email(
    session: Session, *, account_id: int, email: str, by: Actor, now: datetime
) -> None:
    """Change the address an account signs in and gets mails with; sessions and password stay.

    An open link went to the earlier address and becomes void. Raises Forbidden for everybody but
    the KI, Invalid for what is no address, Conflict when another account has it, NotFound for an
    unknown account and IllegalTransition for a deactivated one.
    """
    if not by.is_coordination:
        raise Forbidden("Adressen von Konten ändert die koordinierende Stelle.")
    account = active(session, account_id)
    _require_reach(session, account, by=by)
    email = email.strip().lower()
    if email == account.email:
        return
    _check_email(session, email, is_new=False)
    before, account.email = account.email, email
    _void_links(session, account_id, now)
    readdress(session, account_id=account_id, before=before, email=email)
    after = {"in_use": True} if account.password_hash else None
    audit.record_row(session, account, "account.change_email", by=by, now=now, after=after)


def deactivate(session: Session, *, account_id: int, by: Actor | None, now: datetime) -> None:
    """Switch an account off: its sessions and links end at once; its traces stay.

    Raises NotFound for an unknown account, IllegalTransition when it is off already or when it
    is the acting person's own.
    """
    account = active(session, account_id)
    _require_reach(session, account, by=by)
    if by is not None and by.account_id == account_id:
        raise IllegalTransition(
            "Ihr eigenes Konto können Sie nicht abschalten. Bitten Sie eine zweite Person der "
            "koordinierenden Stelle darum."
        )
    account.deactivated_at = now
    _void_links(session, account_id, now)
    _end_sessions(session, account_id, now)
    audit.record_row(session, account, "account.deactivate", by=by, now=now)


def reactivate(session: Session, *, account_id: int, by: Actor, now: datetime) -> None:
    """Switch an account on again: without a password, so that it needs a new link.

    Raises NotFound for an unknown account, IllegalTransition for one that is not off, Conflict
    where the institution has had another benannte Vertretung since.
    """
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound("Dieses Konto gibt es nicht. Bitte wählen Sie eines aus der Liste.")
    if account.deactivated_at is None:
        raise IllegalTransition(f"Das Konto von {account.name} ist nicht abgeschaltet.")
    _require_reach(session, account, by=by)
    if account.function is Function.REPRESENTATIVE:
        first, last = local_day(account.deactivated_at), account.term_to
        check_alone(session, account.institution_id, first=first, last=last, but=account_id)
    account.deactivated_at = account.password_hash = None
    _void_links(session, account_id, now)
    _end_sessions(session, account_id, now)
    audit.record_row(session, account, "account.reactivate", by=by, now=now)


def choose_concepts(
    session: Session,
    *,
    account_id: int,
    concept_ids: Collection[int],
    by: Actor | None,
    now: datetime,
) -> bool:
    """Choose which concepts an account may see, none: all; returns whether that changed.

    Raises Forbidden for everybody but the KI and for what the acting person may not see, Invalid
    for an account of an institution, NotFound for an unknown account or concept, and
    IllegalTransition for a deactivated account.
    """
    if by is not None and not by.is_coordination:
        raise Forbidden("Konzepte wählt die koordinierende Stelle.")
    if by is not None and by.account_id == account_id:
        raise Forbidden(
            "Für das eigene Konto wählt jemand anderes aus der koordinierenden Stelle: So sperrt "
            "sich niemand selbst aus."
        )
    account = active(session, account_id)
    _require_reach(session, account, by=by)
    return _set_concepts(session, account, concept_ids, by=by, now=now)


def _set_concepts(
    session: Session,
    account: Account,
    concept_ids: Collection[int],
    *,
    by: Actor | None,
    now: datetime,
) -> bool:
    if account.role is Role.INSTITUTION:
        raise Invalid("Konten von Institutionen sehen, was ihre Maßnahmen betrifft: alle Konzepte.")
    wanted, present = set(concept_ids), queries.concepts_of(session, account_id=account.id or 0)
    keys = {concept.id: concept.key for concept in concepts(session)}
    if wanted - keys.keys():
        raise NotFound("Dieses Konzept gibt es nicht. Bitte wählen Sie eines aus der Liste.")
    _require_within(by, wanted)
    if wanted == present:
        return False
    session.execute(delete(AccountConcept).where(col(AccountConcept.account_id) == account.id))
    session.add_all(
        AccountConcept(account_id=account.id or 0, concept_id=concept_id) for concept_id in wanted
    )
    before, after = ([keys[id_] for id_ in sorted(ids)] for ids in (present, wanted))
    audit.record_row(
        session,
        account,
        "account.choose_concepts",
        by=by,
        now=now,
        before={"concepts": before},
        after={"concepts": after},
    )
    return True


def _require_reach(session: Session, account: Account, *, by: Actor | None) -> None:
    """Refuse to change an account that may see more than the one who would change it."""
    if account.role is not Role.INSTITUTION:
        _require_within(by, queries.concepts_of(session, account_id=account.id or 0))


def _require_within(by: Actor | None, concept_ids: Collection[int]) -> None:
    if by is None or by.concepts is None:
        return
    if not concept_ids or not by.concepts.issuperset(concept_ids):
        raise Forbidden(
            "Dieses Konto darf mehr Konzepte sehen als Ihres. Bitte wenden Sie sich an eine Person "
            "der koordinierenden Stelle, die alle Konzepte sieht."
        )


def _check_email(session: Session, email: str, *, is_new: bool) -> None:
    if not is_email_address(email):
        problem = Problem("email", "email_invalid", (("text", email),))
        raise Invalid(problem_text(problem), field="email")
    same = session.exec(select(Account).where(Account.email == email)).first()
    if same is None:
        return
    is_off = same.deactivated_at is not None
    if not is_new:
        remedy = "Bitte prüfen Sie die Adresse: Jede gehört zu nur einem Konto."
    elif is_off:
        remedy = (
            "Schalten Sie es in der Liste der Konten wieder ein und laden Sie die Person dann neu "
            "ein."
        )
    else:
        remedy = "Suchen Sie es in der Liste der Konten und laden Sie die Person dort neu ein."
    exists = f"Für {email} gibt es schon ein Konto{', es ist abgeschaltet' if is_off else ''}."
    raise Conflict(f"{exists} {remedy}", field="email")


def _checked_name(name: str) -> str:
    name = plain_name(name)
    if not 0 < len(name) <= 200:
        raise Invalid("Bitte geben Sie einen Namen mit 1 bis 200 Zeichen an.", field="name")
    return name


def _check_role(
    session: Session, role: Role, institution_id: int | None, function: Function | None
) -> None:
    if role is not Role.INSTITUTION:
        if institution_id is not None or function is not None:
            raise Invalid("Nur Konten von Institutionen haben eine Institution und eine Funktion.")
        return
    if institution_id is None or function is None:
        raise Invalid("Bitte wählen Sie Institution und Funktion.")
    if session.get(Institution, institution_id) is None:
        raise NotFound("Diese Institution gibt es nicht. Bitte wählen Sie eine aus der Liste.")


def check_alone(
    session: Session,
    institution_id: int | None,
    *,
    first: date,
    last: date | None,
    but: int | None = None,
) -> None:
    """Refuse a second benannte Vertretung beside another on any of these days (000, Ziff. 2).

    `but` is the account of the one who begins then. The institution stays locked until the
    transaction ends, so that two invitations at once wait for each other.
    """
    session.get(Institution, institution_id, with_for_update=True)
    others = session.exec(
        select(Account).where(
            Account.institution_id == institution_id,
            Account.function == Function.REPRESENTATIVE,
            Account.id != but,
            col(Account.deactivated_at).is_(None),
        )
    )
    for other in others:
        begins = other.represents_from or other.term_from
        is_over = other.term_to is not None and other.term_to < first
        comes_later = begins is not None and last is not None and last < begins
        if not is_over and not comes_later:
            raise Conflict(
                f"{other.name} ist schon benannte Vertretung; jede Institution hat eine. Wechseln "
                "Sie sie auf der Seite der Institution, oder laden Sie die Person als "
                "Mitarbeitende ein.",
                field="function",
            )


def _accepted(session: Session, account: Account, password: str, own_words: Collection[str]) -> str:
    institution = session.get(Institution, account.institution_id or 0)
    names = (institution.name, institution.short_name) if institution else ()
    personal = (account.email, account.name, *names, *own_words)
    problem = password_problem(password, personal=personal)
    if problem is not None:
        raise Invalid(problem)
    return passwords.hashed(password)


def active(session: Session, account_id: int) -> Account:
    """Return an account that may be used; raises NotFound or IllegalTransition."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("Dieses Konto gibt es nicht. Bitte wählen Sie eines aus der Liste.")
    if account.deactivated_at is not None:
        raise IllegalTransition(
            f"Das Konto von {account.name} ist abgeschaltet. Unter „Konten“ lässt es sich wieder "
            "einschalten."
        )
    return account


def _void_links(session: Session, account_id: int, now: datetime) -> None:
    session.execute(
        update(AccountLink)
        .where(col(AccountLink.account_id) == account_id, col(AccountLink.used_at).is_(None))
        .values(used_at=now)
    )


def _end_sessions(
    session: Session, account_id: int, now: datetime, *, but: int | None = None
) -> None:
    running = update(LoginSession).where(
        col(LoginSession.account_id) == account_id, col(LoginSession.ended_at).is_(None)
    )
    if but is not None:
        running = running.where(col(LoginSession.id) != but)
    session.execute(running.values(ended_at=now))


def themselves(account: Account) -> Actor:
    """Return an account as the one who acts: on its own password, on its own session."""
    return Actor(
        account.id or 0, account.name, account.role, account.institution_id, account.function
    )
