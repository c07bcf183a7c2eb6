"""The Berichtsrunde's state machine, over all pairs of states and events (domain.md 5)."""

import pytest

from tests.publication.rules.grids import read_grid
from tracker.reporting.rules.rounds import (
    NEEDS_REASON,
    TRANSITIONS,
    RoundEvent,
    RoundState,
    possible_events,
)

# Row: where the round stands, column: what is done; "-" is refused.
TABLE = """
           open  close   publish    cancel     reopen  correct
planned    open  -       -          cancelled  -       -
open       -     closed  -          -          -       -
closed     -     -       published  -          open    -
published  -     -       -          -          -       closed
cancelled  -     -       -          -          -       -
"""
# Which state can ever follow which, over any number of steps.
REACHABLE = {
    "planned": {"open", "closed", "published", "cancelled"},
    "open": {"open", "closed", "published"},
    "closed": {"open", "closed", "published"},
    "published": {"open", "closed", "published"},
    "cancelled": set(),
}


def reachable(state: RoundState) -> set[RoundState]:
    found: set[RoundState] = set()
    waiting = [state]
    while waiting:
        current = waiting.pop()
        following = {TRANSITIONS[current, event] for event in possible_events(current)} - found
        found |= following
        waiting += following
    return found


def test_the_table_speaks_of_every_state_and_event() -> None:
    pairs = {(state.value, event.value) for state in RoundState for event in RoundEvent}
    assert set(read_grid(TABLE)) == pairs


@pytest.mark.parametrize(("pair", "target"), read_grid(TABLE).items())
def test_every_event_leads_where_the_table_says_or_is_refused(
    pair: tuple[str, str], target: str
) -> None:
    step = (RoundState(pair[0]), RoundEvent(pair[1]))
    if target == "-":
        assert step not in TRANSITIONS
        assert step[1] not in possible_events(step[0])
    else:
        assert TRANSITIONS[step] is RoundState(target)
        assert step[1] in possible_events(step[0])


@pytest.mark.parametrize("state", RoundState)
def test_a_published_round_never_becomes_planned_and_a_cancelled_one_stays_so(
    state: RoundState,
) -> None:
    assert reachable(state) == REACHABLE[state.value]


def test_taking_back_a_closing_or_a_publication_needs_a_reason() -> None:
    assert set(NEEDS_REASON) == {RoundEvent.REOPEN, RoundEvent.CORRECT}
