"""The state machine of a Berichtsrunde (domain.md section 5)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class RoundState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class RoundEvent(StrEnum):
    OPEN = "open"
    CLOSE = "close"
    PUBLISH = "publish"
    CANCEL = "cancel"
    REOPEN = "reopen"
    CORRECT = "correct"
    ABANDON = "abandon"


TRANSITIONS: dict[tuple[RoundState, RoundEvent], RoundState] = {
    (RoundState.PLANNED, RoundEvent.OPEN): RoundState.OPEN,
    (RoundState.PLANNED, RoundEvent.CANCEL): RoundState.CANCELLED,
    (RoundState.OPEN, RoundEvent.CLOSE): RoundState.CLOSED,
    (RoundState.OPEN, RoundEvent.CANCEL): RoundState.CANCELLED,
    (RoundState.CLOSED, RoundEvent.PUBLISH): RoundState.PUBLISHED,
    (RoundState.CLOSED, RoundEvent.REOPEN): RoundState.OPEN,
    (RoundState.CLOSED, RoundEvent.ABANDON): RoundState.PUBLISHED,
    (RoundState.PUBLISHED, RoundEvent.CORRECT): RoundState.CLOSED,
}

# While one of these lasts, reports can still change.
RUNNING_STATES = (RoundState.OPEN, RoundState.CLOSED)
NEEDS_REASON = frozenset(
    {
        (RoundState.OPEN, RoundEvent.CANCEL),
        (RoundState.CLOSED, RoundEvent.REOPEN),
        (RoundState.CLOSED, RoundEvent.ABANDON),
        (RoundState.PUBLISHED, RoundEvent.CORRECT),
    }
)


def possible_events(state: RoundState, *, was_published: bool) -> tuple[RoundEvent, ...]:
    """Return what can be done; only a published round has a correction, and none is cancelled."""
    never = (
        {(RoundState.OPEN, RoundEvent.CANCEL)}
        if was_published
        else {(RoundState.CLOSED, RoundEvent.ABANDON)}
    )
    return tuple(
        event for (source, event) in TRANSITIONS if source is state and (source, event) not in never
    )


def due_after_despatch(due_on: date, despatch_on: date | None) -> bool:
    """Return whether the Abgabefrist fails to lie before the paper despatch (domain.md 9)."""
    return despatch_on is not None and due_on >= despatch_on
