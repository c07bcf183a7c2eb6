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
           open  close   publish    cancel     reopen  correct  abandon
planned    open  -       -          cancelled  -       -        -
open       -     closed  -          cancelled  -       -        -
closed     -     -       published  -          open    -        published
published  -     -       -          -          -       closed   -
cancelled  -     -       -          -          -       -        -
"""
# Which state can ever follow which, over any number of steps; a published round stays a record.
REACHABLE = {
    "planned": {"open", "closed", "published", "cancelled"},
    "open": {"open", "closed", "published", "cancelled"},
    "closed": {"open", "closed", "published", "cancelled"},
    "published": {"open", "closed", "published"},
    "cancelled": set(),
}


def reachable(state: RoundState) -> set[RoundState]:
    found: set[tuple[RoundState, bool]] = set()
    waiting = [(state, state is RoundState.PUBLISHED)]
    while waiting:
        current, was_published = waiting.pop()
        targets = {
            TRANSITIONS[current, event]
            for event in possible_events(current, was_published=was_published)
        }
        following = {
            (target, was_published or target is RoundState.PUBLISHED) for target in targets
        } - found
        found |= following
        waiting += following
    return {target for target, _ in found}


def test_the_table_speaks_of_every_state_and_event() -> None:
    pairs = {(state.value, event.value) for state in RoundState for event in RoundEvent}
    assert set(read_grid(TABLE)) == pairs


@pytest.mark.parametrize(("pair", "target"), read_grid(TABLE).items())
def test_every_event_leads_where_the_table_says_or_is_refused(
    pair: tuple[str, str], target: str
) -> None:
    step = (RoundState(pair[0]), RoundEvent(pair[1]))
    possible = {
        event
        for was_published in (False, True)
        for event in possible_events(step[0], was_published=was_published)
    }
    if target == "-":
        assert step not in TRANSITIONS
        assert step[1] not in possible
    else:
        assert TRANSITIONS[step] is RoundState(target)
        assert step[1] in possible


@pytest.mark.parametrize("was_published", [False, True])
def test_only_a_published_round_has_a_correction_and_it_is_never_cancelled(
    was_published: bool,
) -> None:
    closed = possible_events(RoundState.CLOSED, was_published=was_published)
    assert (RoundEvent.ABANDON in closed) is was_published
    open_ = possible_events(RoundState.OPEN, was_published=was_published)
    assert (RoundEvent.CANCEL in open_) is not was_published


@pytest.mark.parametrize("state", RoundState)
def test_a_published_round_never_becomes_planned_and_a_cancelled_one_stays_so(
    state: RoundState,
) -> None:
    assert reachable(state) == REACHABLE[state.value]


def test_taking_back_an_opening_a_closing_or_a_publication_needs_a_reason() -> None:
    assert set(NEEDS_REASON) == {
        (RoundState.OPEN, RoundEvent.CANCEL),
        (RoundState.CLOSED, RoundEvent.REOPEN),
        (RoundState.CLOSED, RoundEvent.ABANDON),
        (RoundState.PUBLISHED, RoundEvent.CORRECT),
    }
