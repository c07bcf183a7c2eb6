"""Which institutions no mail of a round reached, and whom it was written to in vain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.core.columns import columns
from tracker.outbox.models import OutboxMail, OutboxMailRound
from tracker.outbox.queue import state_of
from tracker.outbox.rules.mailing import ASKING, MailState


@dataclass(frozen=True)
class Unreached:
    """An institution to which no asking mail of a round was sent, and none waits.

    `account_ids` are those written to in vain; `is_refused`: the latest mail was refused for good.
    """

    account_ids: frozenset[int]
    is_refused: bool


# By round and institution.
Lost = Mapping[tuple[int, int], Unreached]


def unreached(session: Session, *, round_ids: Collection[int]) -> Lost:
    """Return, by round and institution, who was written to and got nothing; one statement."""
    statement = (
        select(
            *columns(OutboxMailRound.round_id, OutboxMail.institution_id, OutboxMail.key),
            *columns(OutboxMail.sent_at, OutboxMail.next_attempt_at, OutboxMail.last_error),
        )
        .join(OutboxMailRound, col(OutboxMailRound.mail_id) == col(OutboxMail.id))
        .where(
            col(OutboxMail.kind).in_(ASKING),
            col(OutboxMailRound.round_id).in_(round_ids),
            col(OutboxMail.institution_id).is_not(None),
        )
        .order_by(col(OutboxMail.id))
    )
    by_institution: defaultdict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in session.execute(statement):
        by_institution[row.round_id, row.institution_id].append(row)
    return {
        key: Unreached(
            frozenset(account_of(row.key) for row in rows), state_of(rows[-1]) is MailState.FAILED
        )
        for key, rows in by_institution.items()
        if not any(state_of(row) in (MailState.SENT, MailState.WAITING) for row in rows)
    }


def account_of(key: str) -> int:
    # The key of a mail to an account ends with its number.
    number = key.rpartition(":")[2]
    return int(number) if number.isascii() and number.isdigit() else 0
