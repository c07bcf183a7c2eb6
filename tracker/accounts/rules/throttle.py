"""When a sign-in may be tried: failures of the last day → the moment from which one may (ADR 32).

Failures are counted for each pair of account and place. A place is a network address, or a known
device: what others do at the address is no matter to it. At an address from which many accounts
are tried, and for an account that is tried from many, an unknown device asks once and waits; its
wait begins with its own question, so that nobody can take its turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# How far back failures count, and how long they are kept (the Datenschutz text names it).
KEPT = timedelta(days=1)
# How many failures count for whole accounts and addresses: so many times those of a pair.
PER_ACCOUNT = 4
# One address may stand for a whole office behind one line.
PER_ADDRESS = 20
# Beyond as many, addresses that nobody has are not told apart any more at one address.
MOST_ACCOUNTS = 200

FIRST = timedelta(seconds=30)
_LONGEST = timedelta(minutes=15)
_LONGEST_QUESTION = timedelta(minutes=2)
# A question that was not followed up is asked anew.
_QUESTION_HOLDS = timedelta(hours=1)


@dataclass(frozen=True)
class Seen:
    """The failures of the last day at a pair, its account, its address, and when it asked last.

    `is_new`: nothing is known of the pair yet.
    `checked_at` is the last moment at which a password of the pair was checked, right or wrong.
    """

    of_pair: int = 0
    of_account: int = 0
    at_address: int = 0
    accounts_at_address: int = 0
    is_new: bool = True
    checked_at: datetime | None = None
    asked_at: datetime | None = None


def free_at(seen: Seen, *, attempts: int, known: bool, now: datetime) -> datetime:
    """Return from when a password may be checked; not after `now`: at once.

    A pair has so many free `attempts`; a `known` device looks at its own failures alone.
    """
    moment = now
    if seen.checked_at is not None and seen.of_pair >= attempts:
        moment = seen.checked_at + _doubled(seen.of_pair - attempts, longest=_LONGEST)
    if known:
        return moment
    question = max(
        _question(seen.of_account, attempts * PER_ACCOUNT),
        _question(seen.at_address, attempts * PER_ADDRESS),
    )
    if question:
        asked_at = seen.asked_at if seen.asked_at and holds(seen, now=now) else now
        moment = max(moment, asked_at + question)
    return moment


def holds(seen: Seen, *, now: datetime) -> bool:
    """Return whether the pair has asked since its last check, and not too long ago."""
    if seen.asked_at is None or now - seen.asked_at > _QUESTION_HOLDS:
        return False
    return seen.checked_at is None or seen.asked_at > seen.checked_at


def is_full(seen: Seen) -> bool:
    """Return whether so many accounts were tried at the address that no new one is noted."""
    return seen.is_new and seen.accounts_at_address >= MOST_ACCOUNTS


def _question(failures: int, free: int) -> timedelta:
    if failures < free:
        return timedelta()
    return _doubled(failures // free - 1, longest=_LONGEST_QUESTION)


def _doubled(times: int, *, longest: timedelta) -> timedelta:
    # The exponent is bounded too: 2 ** 10,000 seconds are no timedelta.
    return min(FIRST * int(2 ** min(times, 10)), longest)
