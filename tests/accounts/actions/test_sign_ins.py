"""Many guesses at once: none gets ahead of the count, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.committing import emptied
from tracker.accounts.actions import sessions
from tracker.accounts.actions.sessions import Tried
from tracker.accounts.models import LoginAttempt
from tracker.accounts.queries import sign_ins
from tracker.accounts.rules.throttle import PER_ACCOUNT, PER_ADDRESS
from tracker.core.db import transaction

ATTEMPTS = 2


def subject(number: int) -> str:
    return f"{number:064x}"


@pytest.fixture
def attempts(engine: Engine) -> Iterator[Engine]:
    with emptied(engine, LoginAttempt) as found:
        yield found


def admitted(engine: Engine, pairs: list[tuple[int, int]], now: datetime) -> int:
    """Begin a check for each pair of account and address, all at once; return how many were let."""

    def begin(pair: tuple[int, int]) -> bool:
        tried = Tried(subject(pair[0]), subject(pair[1]), known=False, account_id=None)
        with Session(engine) as session, transaction(session):
            return sessions.begin_check(session, tried=tried, attempts=ATTEMPTS, now=now) is None

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(begin, pairs))


def test_of_a_burst_at_one_account_and_address_as_many_are_checked_as_are_free(
    attempts: Engine, now: datetime
) -> None:
    assert admitted(attempts, [(1, 2)] * 40, now) == ATTEMPTS


def test_of_a_burst_from_one_address_at_many_accounts_as_many_as_are_free_for_an_address(
    attempts: Engine, now: datetime
) -> None:
    pairs = [(account, 0) for account in range(1, 61)]
    assert admitted(attempts, pairs, now) == ATTEMPTS * PER_ADDRESS


def test_of_a_burst_from_many_addresses_at_one_account_as_many_as_are_free_for_an_account(
    attempts: Engine, now: datetime
) -> None:
    pairs = [(0, address) for address in range(1, 61)]
    assert admitted(attempts, pairs, now) == ATTEMPTS * PER_ACCOUNT


def test_what_became_of_attempts_is_counted_for_the_ki(session: Session, now: datetime) -> None:
    for account, address, times in ((1, 11, 4), (1, 12, 1), (2, 11, 1)):
        tried = Tried(subject(account), subject(address), known=False, account_id=None)
        for _ in range(times):
            if sessions.begin_check(session, tried=tried, attempts=ATTEMPTS, now=now) is None:
                sessions.failed(session, tried=tried, now=now)
    right = Tried(subject(3), subject(13), known=False, account_id=None)
    sessions.begin_check(session, tried=right, attempts=ATTEMPTS, now=now)
    sessions.passed(session, tried=right)
    found = sign_ins.overview(session, attempts=ATTEMPTS, now=now)
    totals = {key: (of.wrong, of.throttled, of.is_slowed) for key, of in found.by_account.items()}
    assert totals == {subject(1): (3, 2, True), subject(2): (1, 0, False)}
    assert found.places == 2
    assert Counter(row.counting for row in session.exec(select(LoginAttempt)))[0] == 1
