"""Whether two accounts stand for two people: what one did to the other's account (domain.md 5)."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

# So long what one did to the other's account is named.
LOOKS_BACK = timedelta(days=30)


class Tie(StrEnum):
    """What one did to the other's account, the gravest last."""

    INVITED = "invited"
    CREATED = "created"  # which invites at once
    REACTIVATED = "reactivated"
    ADDRESS = "address"
    TAKEN_OVER = "taken_over"


@dataclass(frozen=True)
class Touch:
    """An entry of the audit trail about an account; `by_id` is None for the system itself.

    `in_use` says of a changed address that the account had a password, `shown` of an invitation
    that who invited saw the link.
    """

    verb: str
    account_id: int
    by_id: int | None
    at: datetime
    in_use: bool = False
    shown: bool = False


@dataclass(frozen=True)
class Tied:
    """The gravest tie between two accounts, who made it, and when.

    `through` counts the accounts between: `by_id` did it to the first of them, that one to the
    next, and the last one did what `tie` and `at` say. `since` is the day of the earliest of it.
    """

    tie: Tie
    by_id: int
    at: datetime
    since: datetime
    through: int = 0

    @property
    def until(self) -> datetime:
        return self.since + LOOKS_BACK


_VERBS = {
    "account.create": Tie.CREATED,
    "account.invite": Tie.INVITED,
    "account.reactivate": Tie.REACTIVATED,
    "account.change_email": Tie.ADDRESS,
}
# What is asked for of the audit trail.
VERBS = frozenset({*_VERBS, "account.accept_invitation"})
_Steps = dict[int, list[Tied]]


def tied(
    touches: Iterable[Touch], *, accounts: tuple[int, int], now: datetime, in_hand: bool = False
) -> Tied | None:
    """Return how two accounts are tied, None where each stands for a person of its own.

    An account is taken over when the other changed its address while it was in use, or after it
    was switched on again, and a new password was set through a link afterwards. Who did something
    to an account stands behind what that account does to others; two accounts behind which the
    same third one stands are not tied by that: so it is with any two new colleagues.

    An account is in hand when its link was shown to who invited, or when it was taken over. With
    `in_hand` nothing else counts; a takeover through other accounts always needs them in hand.
    """
    steps, steps_in_hand = _steps(touches, now)
    ties = list(_ties(steps_in_hand, accounts))
    if not in_hand:
        ties += [tie for tie in _ties(steps, accounts) if tie.tie is not Tie.TAKEN_OVER]
    return max(ties, key=lambda one: (list(Tie).index(one.tie), one.at), default=None)


def _steps(touches: Iterable[Touch], now: datetime) -> tuple[_Steps, _Steps]:
    """Return what others did to each account lately, the latest first: all, and what is in hand."""
    steps: _Steps = defaultdict(list)
    moved_by: defaultdict[int, set[int]] = defaultdict(set)
    in_hand: set[tuple[int, int]] = set()
    reactivated: set[int] = set()
    for touch in sorted(touches, key=lambda touch: touch.at):
        tie = _VERBS.get(touch.verb, Tie.TAKEN_OVER)
        movers = moved_by[touch.account_id]
        if tie is Tie.REACTIVATED:
            reactivated.add(touch.account_id)
        was_used = touch.in_use or touch.account_id in reactivated
        if tie is Tie.ADDRESS and was_used and touch.by_id is not None:
            movers.add(touch.by_id)
        if touch.at + LOOKS_BACK < now:
            continue
        done_by = movers if tie is Tie.TAKEN_OVER else {touch.by_id or touch.account_id}
        for by_id in done_by - {touch.account_id}:
            steps[touch.account_id].insert(0, Tied(tie, by_id, touch.at, touch.at))
            if touch.shown or tie is Tie.TAKEN_OVER:
                in_hand.add((by_id, touch.account_id))
    return steps, {
        account_id: [step for step in done if (step.by_id, account_id) in in_hand]
        for account_id, done in steps.items()
    }


def _ties(steps: _Steps, accounts: tuple[int, int]) -> Iterator[Tied]:
    """Yield what was last done to either account, where the other one stands behind it."""
    for account_id, other_id in (accounts, accounts[::-1]):
        for last in steps.get(account_id, ()):
            seen = {account_id}
            ways = deque([last])
            while ways:
                way = ways.popleft()
                if way.by_id == other_id:
                    yield way
                    break
                if way.by_id not in seen:
                    seen.add(way.by_id)
                    ways += [_further(way, step) for step in steps.get(way.by_id, ())]


def _further(way: Tied, step: Tied) -> Tied:
    since = min(way.since, step.at)
    return replace(way, by_id=step.by_id, since=since, through=way.through + 1)
