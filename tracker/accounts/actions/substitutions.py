"""Stellvertretung: somebody else of the institution submits for its representative, from–to.

Source: domain.md section 5, ADR 0009. A Stellvertretung holds to its last day, or until it is
ended, whatever becomes of the representative meanwhile: a gap without anybody who may submit
helps nobody.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session, select

from tracker.accounts.actions.accounts import active
from tracker.accounts.models import Account, Substitution
from tracker.accounts.rules.substitution import (
    MAX_DAYS,
    Span,
    SubstitutionState,
    substitution_state,
)
from tracker.core import audit
from tracker.core.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound
from tracker.core.german import day
from tracker.core.periods import local_day
from tracker.core.permissions import Actor, Function, may_appoint_deputy, may_see_representation


def appoint(
    session: Session,
    *,
    representative_id: int,
    deputy_id: int,
    valid_from: date,
    valid_to: date,
    by: Actor,
    now: datetime,
) -> Substitution:
    """Let an account submit for the representative of its institution; both days count.

    Raises NotFound, Forbidden (Mitarbeitende, deputies), Invalid for accounts or days that will
    not do, Conflict when the representative has a Stellvertretung for one of these days already.
    """
    representative = _representative(session, representative_id, by=by)
    deputy = active(session, deputy_id)
    if deputy.institution_id != representative.institution_id:
        raise NotFound("Diese Person gehört nicht zur Institution. Bitte wählen Sie eine andere.")
    span = Span(valid_from, valid_to)
    _check_days(span, today=local_day(now))
    _check_deputy(deputy, span)
    _check_free(session, representative, span)
    substitution = Substitution(
        representative_id=representative_id,
        deputy_id=deputy_id,
        valid_from=valid_from,
        valid_to=valid_to,
        created_at=now,
        created_by_id=by.account_id,
    )
    session.add(substitution)
    audit.record_row(
        session,
        substitution,
        "substitution.appoint",
        by=by,
        now=now,
        after={
            "representative_id": representative_id,
            "deputy_id": deputy_id,
            "valid_from": valid_from.isoformat(),
            "valid_to": valid_to.isoformat(),
        },
    )
    return substitution


def end(session: Session, *, substitution_id: int, by: Actor, now: datetime) -> Substitution:
    """End a Stellvertretung at once, or take back one that has not begun.

    Raises NotFound, Forbidden, IllegalTransition when it is over already.
    """
    substitution = session.get(Substitution, substitution_id, with_for_update=True)
    if substitution is None:
        raise NotFound("Diese Stellvertretung gibt es nicht.")
    _representative(session, substitution.representative_id, by=by)
    ended_on = None if substitution.ended_at is None else local_day(substitution.ended_at)
    span = Span(substitution.valid_from, substitution.valid_to)
    state = substitution_state(span, ended_on=ended_on, today=local_day(now))
    if state not in {SubstitutionState.PLANNED, SubstitutionState.RUNNING}:
        raise IllegalTransition("Diese Stellvertretung ist schon beendet.")
    substitution.ended_at = now
    substitution.ended_by_id = by.account_id
    audit.record_row(
        session,
        substitution,
        "substitution.end",
        by=by,
        now=now,
        before={"valid_to": substitution.valid_to.isoformat()},
        after={"ended_on": local_day(now).isoformat()},
    )
    return substitution


def _representative(session: Session, account_id: int, *, by: Actor) -> Account:
    # Locked, so that two people cannot fill the same days at the same time.
    account = session.get(Account, account_id, with_for_update=True)
    institution_id = None if account is None else account.institution_id
    if (
        account is None
        or institution_id is None
        or account.function is not Function.REPRESENTATIVE
        or not may_see_representation(by, institution_id=institution_id)
    ):
        raise NotFound("Diese benannte Vertretung gibt es nicht. Bitte wählen Sie eine aus.")
    if not may_appoint_deputy(by, institution_id=institution_id):
        raise Forbidden(
            "Eine Stellvertretung können nur die benannte Vertretung selbst und die "
            "koordinierende Stelle eintragen oder beenden."
        )
    return account


def _check_days(span: Span, *, today: date) -> None:
    if span.last < span.first:
        raise Invalid("Der letzte Tag liegt vor dem ersten. Bitte prüfen Sie beide Tage.")
    if span.first < today:
        raise Invalid("Der erste Tag ist vorbei. Bitte wählen Sie heute oder einen späteren Tag.")
    if span.days > MAX_DAYS:
        raise Invalid(
            "Eine Stellvertretung dauert höchstens ein Jahr. Für eine längere Zeit benennt die "
            "koordinierende Stelle eine neue Vertretung."
        )


def _check_deputy(deputy: Account, span: Span) -> None:
    named = deputy.function is Function.REPRESENTATIVE
    if named and (deputy.represents_from is None or deputy.represents_from <= span.first):
        raise Invalid(
            f"{deputy.name} ist selbst benannte Vertretung und kann schon absenden. "
            "Bitte wählen Sie eine andere Person."
        )
    begins, ends = deputy.term_from, deputy.term_to
    if (begins and begins > span.first) or (ends and ends < span.last):
        raise Invalid(
            f"{deputy.name} kann sich nicht an allen diesen Tagen anmelden, weil das Konto nur "
            "für eine bestimmte Zeit gilt. Bitte ändern Sie die Tage oder wählen Sie eine andere "
            "Person."
        )


def _check_free(session: Session, representative: Account, span: Span) -> None:
    others = session.exec(
        select(Substitution).where(
            Substitution.representative_id == representative.id,
            Substitution.ended_at == None,  # noqa: E711 - SQL
        )
    )
    for other in others:
        taken = Span(other.valid_from, other.valid_to)
        if taken.overlaps(span):
            deputy = session.get_one(Account, other.deputy_id)
            raise Conflict(
                f"Vom {day(taken.first)} bis {day(taken.last)} ist schon {deputy.name} "
                "eingetragen. Bitte beenden Sie diese Stellvertretung zuerst oder wählen Sie "
                "andere Tage."
            )
