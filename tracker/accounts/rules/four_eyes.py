"""Whether two accounts stand for two people: what one did to the other's account (domain.md 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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

    `in_use` says of a changed address that the account had a password.
    """

    verb: str
    account_id: int
    by_id: int | None
    at: datetime
    in_use: bool = False


@dataclass(frozen=True)
class Tied:
    """The gravest tie between two accounts, who made it, and when."""

    tie: Tie
    by_id: int
    at: datetime

    @property
    def until(self) -> datetime:
        return self.at + LOOKS_BACK


_VERBS = {
    "account.create": Tie.CREATED,
    "account.invite": Tie.INVITED,
    "account.reactivate": Tie.REACTIVATED,
    "account.change_email": Tie.ADDRESS,
}
# What is asked for of the audit trail.
VERBS = frozenset({*_VERBS, "account.accept_invitation"})


def tied(touches: Iterable[Touch], *, accounts: tuple[int, int], now: datetime) -> Tied | None:
    """Return how two accounts are tied, None where each stands for a person of its own.

    An account is taken over when the other changed its address while it was in use, or after it
    was switched on again, and a new password was set through a link afterwards.
    """
    gravest: Tied | None = None
    moved_by: dict[int, int] = {}
    reactivated: set[int] = set()
    for touch in sorted(touches, key=lambda touch: touch.at):
        bond = None
        if touch.verb == "account.reactivate":
            reactivated.add(touch.account_id)
        if touch.verb == "account.accept_invitation":
            if touch.account_id in moved_by:
                bond = Tied(Tie.TAKEN_OVER, moved_by[touch.account_id], touch.at)
        elif touch.by_id in accounts and touch.by_id not in (None, touch.account_id):
            bond = Tied(_VERBS[touch.verb], touch.by_id, touch.at)
            if bond.tie is Tie.ADDRESS and (touch.in_use or touch.account_id in reactivated):
                moved_by[touch.account_id] = touch.by_id
        if bond and now <= bond.until and (gravest is None or _rank(bond) >= _rank(gravest)):
            gravest = bond
    return gravest


def _rank(bond: Tied) -> int:
    return list(Tie).index(bond.tie)
