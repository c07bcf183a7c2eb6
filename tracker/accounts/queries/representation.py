"""Who represents an institution and who deputised, now and before (ADR 0009)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.accounts.models import Account, Substitution
from tracker.accounts.rules.substitution import Span, SubstitutionState, substitution_state
from tracker.concept.models import Institution
from tracker.concept.queries.entries import name_on
from tracker.core.errors import NotFound
from tracker.core.periods import local_day
from tracker.core.permissions import Actor, Function, may_see_representation
from tracker.core.text import alphabetical


@dataclass(frozen=True)
class Term:
    """When somebody represents the institution; `last` None: without an end."""

    account_id: int
    name: str
    email: str
    first: date
    last: date | None
    has_password: bool

    def running(self, day: date) -> bool:
        return self.first <= day and not self.over(day)

    def over(self, day: date) -> bool:
        return self.last is not None and self.last < day


@dataclass(frozen=True)
class SubstitutionRow:
    """A Stellvertretung; `ended_on` where it was ended before its last day."""

    id: int
    representative: str
    deputy: str
    first: date
    last: date
    ended_on: date | None
    entered_by: str
    state: SubstitutionState

    @property
    def may_end(self) -> bool:
        return self.state in {SubstitutionState.PLANNED, SubstitutionState.RUNNING}


@dataclass(frozen=True)
class Representation:
    """Terms (running first, then the newest), Stellvertretungen (newest first).

    `colleagues` are accounts' keys and names.
    """

    institution_id: int
    institution: str
    terms: tuple[Term, ...]
    substitutions: tuple[SubstitutionRow, ...]
    colleagues: tuple[tuple[int, str], ...]


def representation(
    session: Session, *, institution_id: int, by: Actor, today: date
) -> Representation:
    """Return who represented an institution when; for its own people and the KI.

    Raises NotFound for an unknown or foreign institution alike.
    """
    named = select(name_on(today)).where(col(Institution.id) == institution_id)
    institution = session.execute(named).scalar_one_or_none()
    if institution is None or not may_see_representation(by, institution_id=institution_id):
        raise NotFound("Diese Institution gibt es nicht, oder sie ist nicht Ihre.")
    people = session.execute(
        select(Account)
        .where(col(Account.institution_id) == institution_id)
        .order_by(col(Account.id))
    ).scalars()
    terms, colleagues = [], []
    for account in sorted(people, key=lambda account: alphabetical(account.name)):
        if account.function is Function.REPRESENTATIVE:
            terms.append(term_of(account))
        elif account.deactivated_at is None and not (account.term_to and account.term_to < today):
            colleagues.append((account.id or 0, account.name))
    terms.sort(key=lambda term: term.first, reverse=True)
    terms.sort(key=lambda term: not term.running(today))
    return Representation(
        institution_id=institution_id,
        institution=institution,
        terms=tuple(terms),
        substitutions=_substitutions(session, institution_id=institution_id, today=today),
        colleagues=tuple(colleagues),
    )


def term_of(account: Account) -> Term:
    """Return when a benannte Vertretung represents its institution."""
    ends = [account.term_to] if account.term_to else []
    if account.deactivated_at:
        ends.append(local_day(account.deactivated_at))
    return Term(
        account_id=account.id or 0,
        name=account.name,
        email=account.email,
        first=account.represents_from or account.term_from or local_day(account.created_at),
        last=min(ends, default=None),
        has_password=account.password_hash is not None,
    )


def _substitutions(
    session: Session, *, institution_id: int, today: date
) -> tuple[SubstitutionRow, ...]:
    representative, deputy, author = aliased(Account), aliased(Account), aliased(Account)
    rows = session.execute(
        select(Substitution, col(representative.name), col(deputy.name), col(author.name))
        .join(representative, col(representative.id) == col(Substitution.representative_id))
        .join(deputy, col(deputy.id) == col(Substitution.deputy_id))
        .join(author, col(author.id) == col(Substitution.created_by_id))
        .where(col(representative.institution_id) == institution_id)
        .order_by(col(Substitution.valid_from).desc(), col(Substitution.id).desc())
    )
    return tuple(_row(*row, today=today) for row in rows)


def _row(
    substitution: Substitution, represented: str, deputy: str, author: str, *, today: date
) -> SubstitutionRow:
    ended_on = None if substitution.ended_at is None else local_day(substitution.ended_at)
    span = Span(substitution.valid_from, substitution.valid_to)
    return SubstitutionRow(
        id=substitution.id or 0,
        representative=represented,
        deputy=deputy,
        first=span.first,
        last=span.last,
        ended_on=ended_on,
        entered_by=author,
        state=substitution_state(span, ended_on=ended_on, today=today),
    )
