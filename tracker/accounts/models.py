"""Accounts, sign-in sessions, throttling and single-use links."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field as Col
from sqlmodel import SQLModel

from tracker.core.columns import enum_column, reference, together
from tracker.core.permissions import Function, Role


class LinkPurpose(StrEnum):
    """What a single-use link is for."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a purpose, not a password


class Account(SQLModel, table=True):
    """A person who signs in: name, office e-mail, role; nothing else about people.

    The account may be used within its term. `represents_from` is the first day of a benannte
    Vertretung who was Mitarbeitende*r before, and stays that until then; None: from the start.
    """

    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint(
            "(role = 'institution') = (institution_id IS NOT NULL)", name="institution_for_role"
        ),
        CheckConstraint(
            "(institution_id IS NULL) = (function IS NULL)", name="function_for_institution"
        ),
        CheckConstraint("term_to IS NULL OR term_to >= term_from", name="term"),
    )

    id: int | None = Col(default=None, primary_key=True)
    email: str = Col(max_length=200, unique=True)
    name: str = Col(max_length=200)
    role: Role = Col(sa_column=enum_column(Role, "role"))
    institution_id: int | None = Col(
        default=None, sa_column=reference("institution.id", nullable=True)
    )
    function: Function | None = Col(
        default=None, sa_column=enum_column(Function, "function", nullable=True)
    )
    password_hash: str | None = Col(default=None, max_length=300)
    created_at: datetime
    deactivated_at: datetime | None = None
    term_from: date | None = None
    term_to: date | None = None
    represents_from: date | None = None


class AccountConcept(SQLModel, table=True):
    """A concept that an account may see; an account without a row may see all there are."""

    __tablename__ = "account_concept"

    account_id: int = Col(sa_column=reference("account.id", index=False, primary_key=True))
    concept_id: int = Col(sa_column=reference("concept.id", primary_key=True))


class Substitution(SQLModel, table=True):
    """A Stellvertretung: somebody of the institution may submit for its representative, from–to.

    Both days count. `ended_at` is set when it was ended before its last day; from then on it
    holds no more. It holds to its last day when the representative leaves before (ADR 0009).
    """

    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="term"),
        CheckConstraint("deputy_id <> representative_id", name="somebody_else"),
        together("ending", "ended_at", "ended_by_id"),
    )

    id: int | None = Col(default=None, primary_key=True)
    representative_id: int = Col(sa_column=reference("account.id"))
    deputy_id: int = Col(sa_column=reference("account.id"))
    valid_from: date
    valid_to: date
    created_at: datetime
    created_by_id: int = Col(sa_column=reference("account.id"))
    ended_at: datetime | None = None
    ended_by_id: int | None = Col(default=None, sa_column=reference("account.id", nullable=True))


class LoginSession(SQLModel, table=True):
    """A signed-in browser; the token is stored as a hash, logout ends it on the server."""

    id: int | None = Col(default=None, primary_key=True)
    token_hash: str = Col(max_length=64, unique=True)
    account_id: int = Col(sa_column=reference("account.id"))
    created_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None = None


class LoginAttempt(SQLModel, table=True):
    """The failed sign-ins of an account and a place within a quarter of an hour.

    Both are keyed hashes: of the e-mail address that was typed, and of the network address or the
    device. `counting` is what throttles: checks that were begun since the last right one; `wrong`
    and `throttled` are what the KI reads.
    """

    __table_args__ = (
        UniqueConstraint("account_hash", "quarter", "place_hash"),
        Index("ix_login_attempt_place_quarter", "place_hash", "quarter"),
    )
    __tablename__ = "login_attempt"

    id: int | None = Col(default=None, primary_key=True)
    account_hash: str = Col(max_length=64)
    place_hash: str = Col(max_length=64)
    quarter: datetime = Col(index=True)
    counting: int = 0
    wrong: int = 0
    throttled: int = 0
    checked_at: datetime | None = None
    asked_at: datetime | None = None
    last_at: datetime


class AccountLink(SQLModel, table=True):
    """A single-use, expiring link (invitation, new password), stored as a hash."""

    __tablename__ = "account_link"

    id: int | None = Col(default=None, primary_key=True)
    account_id: int = Col(sa_column=reference("account.id"))
    purpose: LinkPurpose = Col(sa_column=enum_column(LinkPurpose, "purpose"))
    token_hash: str = Col(max_length=64, unique=True)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
