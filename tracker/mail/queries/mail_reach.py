"""Whom the asking mails of a round did not reach: refused for good, or withdrawn unsent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.outbox.models import OutboxMail
from tracker.outbox.queue import SUPERSEDED
from tracker.outbox.rules.mailing import ASKING, MailState, mail_state


@dataclass(frozen=True)
class Unreached:
    """An institution to which no asking mail of a round was sent, and none waits.

    `account_ids` are those written to in vain; `is_refused`: the latest mail was refused for good.
    """

    account_ids: frozenset[int]
    is_refused: bool


def unreached(
    session: Session, *, round_ids: Collection[int]
) -> Mapping[tuple[int, int], Unreached]:
    """Return, by round and institution, who was written to and got nothing; one statement."""
    statement = (
        select(
            col(OutboxMail.round_id),
            col(OutboxMail.institution_id),
            col(OutboxMail.key),
            col(OutboxMail.sent_at),
            col(OutboxMail.next_attempt_at),
            col(OutboxMail.last_error),
        )
        .where(
            col(OutboxMail.kind).in_(ASKING),
            col(OutboxMail.round_id).in_(round_ids),
            col(OutboxMail.institution_id).is_not(None),
        )
        .order_by(col(OutboxMail.id))
    )
    found: defaultdict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in session.execute(statement):
        found[row.round_id, row.institution_id].append(row)
    return {
        key: Unreached(
            frozenset(_account_id(row.key) for row in rows),
            _state(rows[-1]) is MailState.FAILED,
        )
        for key, rows in found.items()
        if not any(_state(row) in (MailState.SENT, MailState.WAITING) for row in rows)
    }


def _state(row: Any) -> MailState:
    return mail_state(
        sent_at=row.sent_at,
        next_attempt_at=row.next_attempt_at,
        superseded=row.last_error.startswith(SUPERSEDED),
    )


def _account_id(key: str) -> int:
    # The key of a mail to an account ends with its number.
    number = key.rpartition(":")[2]
    return int(number) if number.isascii() and number.isdigit() else 0
