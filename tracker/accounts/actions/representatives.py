"""Changing who represents an institution: the old term ends, the successor's begins next day.

Source: domain.md section 5, ADR 0009. Drafts belong to the institution, so nothing of them moves.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, select

from tracker.accounts.actions import accounts
from tracker.accounts.actions.accounts import active
from tracker.accounts.models import Account
from tracker.core import audit
from tracker.core.columns import table
from tracker.core.errors import Forbidden, IllegalTransition, Invalid, NotFound
from tracker.core.german import day
from tracker.core.periods import local_day
from tracker.core.permissions import Actor, Function, Role


def hand_over(
    session: Session,
    *,
    account_id: int,
    successor_id: int,
    last_day: date,
    by: Actor,
    now: datetime,
) -> Account:
    """End a representative's term on a day; a colleague with an account follows the day after.

    Until then the successor stays what he or she is. Returns the successor. Raises NotFound,
    Forbidden for anybody but the KI, Invalid for a day or a person that will not do, Conflict
    when a third person represents the institution then.
    """
    leaving = _leaving(session, account_id, by=by)
    successor = active(session, successor_id)
    if successor.institution_id != leaving.institution_id or successor.id == leaving.id:
        raise NotFound("Diese Person gehört nicht zur Institution. Bitte wählen Sie eine andere.")
    first_day = last_day + timedelta(days=1)
    if successor.term_to is not None and successor.term_to < first_day:
        raise Invalid(
            f"Das Konto von {successor.name} gilt nur bis {day(successor.term_to)}. "
            "Bitte wählen Sie eine andere Person oder legen Sie ein neues Konto an."
        )
    _end_term(session, leaving, last_day=last_day, by=by, now=now)
    begins = successor.represents_from
    if successor.function is Function.REPRESENTATIVE and (begins is None or begins <= first_day):
        return successor
    accounts.check_alone(
        session,
        leaving.institution_id,
        first=first_day,
        last=successor.term_to,
        but=successor.id,
    )
    before = {"function": successor.function, "represents_from": begins and begins.isoformat()}
    successor.function = Function.REPRESENTATIVE
    successor.represents_from = first_day
    after = {"function": successor.function, "represents_from": first_day.isoformat()}
    audit.record_row(
        session, successor, "account.begin_term", by=by, now=now, before=before, after=after
    )
    return successor


def hand_over_to_new(
    session: Session,
    *,
    account_id: int,
    name: str,
    email: str,
    last_day: date,
    by: Actor,
    now: datetime,
) -> Account:
    """End a representative's term on a day; a new account follows the day after.

    The new account has no password yet: the caller invites. Returns it. Raises what `hand_over`
    and `accounts.create` raise.
    """
    leaving = _leaving(session, account_id, by=by)
    _end_term(session, leaving, last_day=last_day, by=by, now=now)
    return accounts.create(
        session,
        email=email,
        name=name,
        role=Role.INSTITUTION,
        institution_id=leaving.institution_id,
        function=Function.REPRESENTATIVE,
        term_from=last_day + timedelta(days=1),
        by=by,
        now=now,
    )


def _leaving(session: Session, account_id: int, *, by: Actor) -> Account:
    if not by.is_coordination:
        raise Forbidden("Die benannte Vertretung wechselt die koordinierende Stelle.")
    account = session.get(Account, account_id, with_for_update=True)
    if account is None or account.function is not Function.REPRESENTATIVE:
        raise NotFound("Diese benannte Vertretung gibt es nicht. Bitte wählen Sie eine aus.")
    return account


def _end_term(
    session: Session, leaving: Account, *, last_day: date, by: Actor, now: datetime
) -> None:
    first = leaving.represents_from or leaving.term_from or local_day(leaving.created_at)
    if last_day < first:
        raise Invalid(
            f"{leaving.name} vertritt die Institution seit {day(first)}. Bitte wählen Sie "
            "diesen Tag oder einen späteren."
        )
    if leaving.term_to is not None and leaving.term_to < local_day(now):
        raise IllegalTransition(
            f"Die Amtszeit von {leaving.name} ist schon seit {day(leaving.term_to)} beendet. "
            "Laden Sie die neue benannte Vertretung bitte unter „Konten“ ein."
        )
    submitted = _last_submission(session, leaving)
    if submitted is not None and submitted > last_day:
        raise Invalid(
            f"{leaving.name} hat am {day(submitted)} noch eine Meldung abgegeben. Bitte "
            "wählen Sie diesen Tag oder einen späteren."
        )
    before = {"term_to": leaving.term_to.isoformat() if leaving.term_to else None}
    leaving.term_to = last_day
    after = {"term_to": last_day.isoformat()}
    audit.record_row(
        session, leaving, "account.end_term", by=by, now=now, before=before, after=after
    )


def _last_submission(session: Session, account: Account) -> date | None:
    revision = table("report_revision").c
    statement = select(func.max(revision.submitted_at)).where(
        revision.submitted_by_id == account.id
    )
    submitted_at: datetime | None = session.execute(statement).scalar_one()
    return None if submitted_at is None else local_day(submitted_at)
