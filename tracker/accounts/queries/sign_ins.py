"""Reading failed sign-ins: what the throttle looks at, and what the KI is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from tracker.accounts.models import LoginAttempt
from tracker.accounts.rules.throttle import KEPT, PER_ACCOUNT, Seen, free_at

_SUM = func.coalesce(func.sum(col(LoginAttempt.counting)), 0)


@dataclass(frozen=True)
class Failures:
    """What became of sign-ins of one account within the last day."""

    wrong: int
    throttled: int
    last_at: datetime
    is_slowed: bool

    @property
    def total(self) -> int:
        return self.wrong + self.throttled


@dataclass(frozen=True)
class Overview:
    """The failed sign-ins of the last day; `by_account` has the hashed e-mail addresses."""

    by_account: Mapping[str, Failures]
    places: int


def seen(session: Session, *, account: str, place: str, now: datetime) -> Seen:
    """Return what the throttle looks at, for an account at a place (both hashed)."""
    recent = col(LoginAttempt.quarter) > now - KEPT
    here = col(LoginAttempt.place_hash) == place
    of_account: Any = session.execute(
        select(
            _SUM,
            func.coalesce(func.sum(case((here, col(LoginAttempt.counting)), else_=0)), 0),
            func.max(case((here, col(LoginAttempt.checked_at)))),
            func.max(case((here, col(LoginAttempt.asked_at)))),
            func.count(case((here, 1))),
        ).where(col(LoginAttempt.account_hash) == account, recent)
    ).one()
    at_address, accounts = session.execute(
        select(_SUM, func.count(col(LoginAttempt.account_hash).distinct())).where(here, recent)
    ).one()
    total, of_pair, checked_at, asked_at, known = of_account
    return Seen(
        of_pair=of_pair,
        of_account=total,
        at_address=at_address,
        accounts_at_address=accounts,
        is_new=not known,
        checked_at=checked_at,
        asked_at=asked_at,
    )


def refused_since(session: Session, *, account: str, quarter: datetime) -> tuple[int, int]:
    """Return how often an account's sign-in was wrong and was throttled since a quarter began."""
    wrong, throttled = session.execute(
        select(
            func.coalesce(func.sum(col(LoginAttempt.wrong)), 0),
            func.coalesce(func.sum(col(LoginAttempt.throttled)), 0),
        ).where(col(LoginAttempt.account_hash) == account, col(LoginAttempt.quarter) == quarter)
    ).one()
    return int(wrong), int(throttled)


def overview(session: Session, *, attempts: int, now: datetime) -> Overview:
    """Return the failed sign-ins of the last day."""
    recent = col(LoginAttempt.quarter) > now - KEPT
    refused = col(LoginAttempt.wrong) + col(LoginAttempt.throttled) > 0
    pairs = session.execute(
        select(
            col(LoginAttempt.account_hash),
            func.sum(col(LoginAttempt.wrong)),
            func.sum(col(LoginAttempt.throttled)),
            func.max(col(LoginAttempt.last_at)),
            _SUM,
            func.max(col(LoginAttempt.checked_at)),
        )
        .where(recent, refused)
        .group_by(col(LoginAttempt.account_hash), col(LoginAttempt.place_hash))
    ).all()
    places = select(func.count(col(LoginAttempt.place_hash).distinct())).where(recent, refused)
    by_account: dict[str, Failures] = {}
    counting: dict[str, int] = {}
    for account, wrong, throttled, last_at, of_pair, checked_at in pairs:
        pair = Seen(of_pair=of_pair, checked_at=checked_at)
        is_slowed = free_at(pair, attempts=attempts, known=True, now=now) > now
        counting[account] = counting.get(account, 0) + of_pair
        before = by_account.get(account, Failures(0, 0, last_at, is_slowed=False))
        by_account[account] = Failures(
            before.wrong + wrong,
            before.throttled + throttled,
            max(before.last_at, last_at),
            is_slowed=before.is_slowed or is_slowed or counting[account] >= attempts * PER_ACCOUNT,
        )
    return Overview(by_account, int(session.execute(places).scalar_one()))
