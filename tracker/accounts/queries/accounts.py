"""Reading accounts: who is signed in, who may sign in, who has an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.accounts.models import (
    Account,
    AccountConcept,
    AccountLink,
    LinkPurpose,
    LoginSession,
    Substitution,
)
from tracker.accounts.rules.substitution import acting
from tracker.concept.models import Institution
from tracker.concept.queries.entries import name_on, short_name_on
from tracker.core.columns import columns
from tracker.core.configured import STAMP
from tracker.core.periods import local_day
from tracker.core.permissions import Actor, Function, Role
from tracker.core.text import alphabetical


@dataclass(frozen=True)
class SignedInRow:
    """A login session with its account, as each request needs it."""

    session_id: int
    created_at: datetime
    last_seen_at: datetime
    actor: Actor
    email: str
    institution: str
    settings_stamp: int


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is checked against; no hash where no password was set yet."""

    account_id: int
    password_hash: str | None


@dataclass(frozen=True)
class AccountRow:
    id: int
    name: str
    email: str
    role: Role
    function: Function | None
    institution: str
    institution_id: int | None
    has_password: bool
    invited_until: datetime | None
    deactivated_at: datetime | None
    term_from: date | None
    term_to: date | None
    represents_from: date | None
    listed_concepts: str | None = None

    @property
    def concepts(self) -> frozenset[int] | None:
        return concepts_in(self.listed_concepts)


@dataclass(frozen=True)
class Invitation:
    account_id: int
    name: str
    email: str
    institution: str
    expires_at: datetime


def usable(today: Any) -> ColumnElement[bool]:
    """Not deactivated and within the term, both days inclusive."""
    return and_(
        col(Account.deactivated_at).is_(None),
        or_(col(Account.term_from).is_(None), col(Account.term_from) <= today),
        or_(col(Account.term_to).is_(None), col(Account.term_to) >= today),
    )


def submits(today: Any) -> ColumnElement[bool]:
    """In office as a representative, or standing in for one: with both days inclusive."""
    return or_(
        and_(
            col(Account.function) == Function.REPRESENTATIVE,
            or_(col(Account.represents_from).is_(None), col(Account.represents_from) <= today),
        ),
        select(col(Substitution.id))
        .where(col(Substitution.deputy_id) == col(Account.id), _holds(today))
        .exists(),
    )


def _holds(today: Any) -> ColumnElement[bool]:
    return and_(
        col(Substitution.ended_at).is_(None),
        col(Substitution.valid_from) <= today,
        col(Substitution.valid_to) >= today,
    )


_Represented = aliased(Account)
# Whom a Mitarbeitende*r deputises for today; the representative may have left (ADR 0009).
_DEPUTY_OF = case(
    (
        col(Account.role) == Role.INSTITUTION,
        select(func.min(col(_Represented.name)))
        .join(Substitution, col(Substitution.representative_id) == col(_Represented.id))
        .where(col(Substitution.deputy_id) == col(Account.id), _holds(bindparam("today")))
        .correlate(Account)
        .scalar_subquery(),
    )
)
# Written out: SQLAlchemy would put a text of ours into the statement anew with each run.
_COMMA: Any = literal_column("','")
# The concepts that an account may see, as "1,2": one value in a statement about accounts.
CONCEPTS = (
    select(func.aggregate_strings(cast(col(AccountConcept.concept_id), String), _COMMA))
    .where(col(AccountConcept.account_id) == col(Account.id))
    .correlate(Account)
    .scalar_subquery()
)
# Built once: this runs with every request of a signed-in user.
_SIGNED_IN: Select[*tuple[Any, ...]] = (
    select(
        *columns(LoginSession.id, LoginSession.created_at, LoginSession.last_seen_at, Account.id),
        *columns(Account.name, Account.role, Account.institution_id, Account.function),
        col(Account.email),
        short_name_on(bindparam("today")),
        col(Account.represents_from),
        _DEPUTY_OF,
        # asked here, so that they cost no statement of their own
        STAMP,
        CONCEPTS,
    )
    .join(Account, col(Account.id) == col(LoginSession.account_id))
    .outerjoin(Institution, col(Institution.id) == col(Account.institution_id))
    .where(
        col(LoginSession.token_hash) == bindparam("token_hash"),
        col(LoginSession.ended_at).is_(None),
        usable(bindparam("today")),
    )
)


def signed_in(connection: Connection, *, token_hash: str, today: date) -> SignedInRow | None:
    """Return the running login session of a token, None when it ended or may not be used.

    Timeouts are the caller's: they depend on settings, not on the database.
    """
    values = {"token_hash": token_hash, "today": today}
    row = connection.execute(_SIGNED_IN, values).one_or_none()
    if row is None:
        return None
    return SignedInRow(
        session_id=row[0],
        created_at=row[1],
        last_seen_at=row[2],
        actor=acting(
            Actor(row[3], row[4], row[5], row[6], row[7], concepts=concepts_in(row[13])),
            represents_from=row[10],
            deputy_of=row[11],
            today=today,
        ),
        email=row[8],
        institution=row[9] or "",
        settings_stamp=row[12] or 0,
    )


def concepts_in(text: str | None) -> frozenset[int] | None:
    """Return the ids that `CONCEPTS` lists; None: all there are."""
    return None if text is None else frozenset(int(key) for key in text.split(","))


def credentials(session: Session, *, email: str, today: date) -> Credentials | None:
    """Return what to check a sign-in against; None for unknown or unusable accounts."""
    row = session.execute(
        select(col(Account.id), col(Account.password_hash)).where(
            col(Account.email) == email.strip().lower(), usable(today)
        )
    ).one_or_none()
    return None if row is None else Credentials(*row)


def invitation(session: Session, *, token_hash: str, now: datetime) -> Invitation | None:
    """Return a link that can still be used, None when unknown, used, expired or void."""
    row = session.execute(
        select(
            *columns(Account.id, Account.name, Account.email),
            name_on(local_day(now)),
            col(AccountLink.expires_at),
        )
        .join(Account, col(Account.id) == col(AccountLink.account_id))
        .outerjoin(Institution, col(Institution.id) == col(Account.institution_id))
        .where(
            col(AccountLink.token_hash) == token_hash,
            col(AccountLink.purpose) == LinkPurpose.INVITATION,
            col(AccountLink.used_at).is_(None),
            col(AccountLink.expires_at) > now,
            col(Account.deactivated_at).is_(None),
        )
    ).one_or_none()
    return None if row is None else Invitation(row[0], row[1], row[2], row[3] or "", row[4])


def accounts(session: Session, *, now: datetime) -> list[AccountRow]:
    open_link = (
        select(func.max(col(AccountLink.expires_at)))
        .where(
            col(AccountLink.account_id) == col(Account.id),
            col(AccountLink.used_at).is_(None),
            col(AccountLink.expires_at) > now,
        )
        .correlate(Account)
        .scalar_subquery()
    )
    statement = (
        select(
            *columns(Account.id, Account.name, Account.email, Account.role, Account.function),
            func.coalesce(name_on(local_day(now)), ""),
            col(Account.institution_id),
            col(Account.password_hash).is_not(None),
            open_link,
            *columns(Account.deactivated_at, Account.term_from, Account.term_to),
            col(Account.represents_from),
            CONCEPTS,
        )
        .outerjoin(Institution, col(Institution.id) == col(Account.institution_id))
        .order_by(col(Account.id))
    )
    rows = [AccountRow(*row) for row in session.execute(statement)]
    return sorted(
        rows,
        key=lambda row: (
            row.deactivated_at is not None,
            alphabetical(row.institution),
            alphabetical(row.name),
        ),
    )


def account(session: Session, *, account_id: int, now: datetime) -> AccountRow | None:
    return next((row for row in accounts(session, now=now) if row.id == account_id), None)


def concepts_of(session: Session, *, account_id: int) -> set[int]:
    """Return the only concepts that an account may see; none: all there are."""
    statement = select(col(AccountConcept.concept_id)).where(
        col(AccountConcept.account_id) == account_id
    )
    return set(session.execute(statement).scalars())
