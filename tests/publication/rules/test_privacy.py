"""Small groups are not published (domain.md 8)."""

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.publication.rules.privacy import PublishedParticipants, PublishedTotal, suppress, total
from tracker.reporting.rules.content import Participants, ParticipantUnit


@pytest.mark.parametrize("unit", ParticipantUnit)
@pytest.mark.parametrize(
    ("count", "published"), [(0, 0), (1, None), (4, None), (5, 5), (10_000_000, 10_000_000)]
)
def test_a_group_under_five_is_hidden_and_a_reported_zero_stays(
    unit: ParticipantUnit, count: int, published: int | None
) -> None:
    line = PublishedParticipants(unit, published, suppressed=published is None)
    assert suppress([Participants(unit, count)]) == (line,)


def test_every_line_keeps_its_place() -> None:
    lines = [
        Participants(unit, count) for unit, count in zip(ParticipantUnit, (3, 30, 4), strict=True)
    ]
    assert [line.count for line in suppress(lines)] == [None, 30, None]
    assert [line.unit for line in suppress(lines)] == list(ParticipantUnit)


counts = st.integers(0, 9)


@given(st.lists(counts, max_size=6), st.lists(st.integers(1, 4), min_size=6, max_size=6))
def test_no_selection_of_totals_depends_on_a_hidden_count(
    real: list[int], instead: list[int]
) -> None:
    """Any other hidden counts give the same totals, so no set of totals narrows 1 to 4 down."""
    other = [b if 0 < a < 5 else a for a, b in zip(real, instead, strict=False)]
    worlds = [suppress(Participants(ParticipantUnit.CASES, n) for n in w) for w in (real, other)]
    for size in range(len(real) + 1):
        for places in itertools.combinations(range(len(real)), size):
            one, two = (total(world[place] for place in places) for world in worlds)
            assert one == two


def possible(real: list[int], shown: Callable[[list[int]], object]) -> list[set[int]]:
    """What somebody can find out about each hidden count from what is shown of any selection."""
    hidden = [place for place, count in enumerate(real) if 0 < count < 5]
    selections = [
        list(places)
        for size in range(len(real) + 1)
        for places in itertools.combinations(range(len(real)), size)
    ]

    def read(world: list[int]) -> list[object]:
        return [shown([world[place] for place in places]) for places in selections]

    seen, found = read(real), [set[int]() for _ in hidden]
    for guess in itertools.product(range(1, 5), repeat=len(hidden)):
        world = list(real)
        for place, count in zip(hidden, guess, strict=True):
            world[place] = count
        if read(world) == seen:
            for candidates, count in zip(found, guess, strict=True):
                candidates.add(count)
    return found


@pytest.mark.parametrize("real", [[3], [3, 40], [1, 1], [4, 4, 12], [2, 0, 3, 100], [1, 2, 3, 4]])
def test_who_subtracts_every_total_from_every_other_learns_nothing(real: list[int]) -> None:
    def published(counts: list[int]) -> object:
        return total(suppress(Participants(ParticipantUnit.PERSONS, n) for n in counts))

    assert possible(real, published) == [{1, 2, 3, 4} for n in real if 0 < n < 5]


def test_leaving_out_totals_with_one_hidden_part_would_not_do() -> None:
    """The rule that comes to mind first: exact totals as soon as two parts are hidden."""

    def usual(counts: list[int]) -> object:
        return None if sum(0 < n < 5 for n in counts) == 1 else sum(counts)

    assert possible([1, 1], usual) == [{1}, {1}]
    assert possible([2, 3, 3], usual) == [{2}, {3}, {3}]


def test_a_total_says_how_many_groups_are_not_in_it() -> None:
    lines = suppress(Participants(ParticipantUnit.PERSONS, n) for n in (3, 30, 0, 4, 12))
    assert total(lines) == PublishedTotal(42, 2)
    assert total(suppress([Participants(ParticipantUnit.PERSONS, 2)])) == PublishedTotal(None, 1)
    assert total([]) == PublishedTotal(None, 0)
    assert total(suppress([Participants(ParticipantUnit.PERSONS, 0)])) == PublishedTotal(0, 0)


def test_units_are_never_added() -> None:
    lines = suppress(Participants(unit, 10) for unit in ParticipantUnit)
    with pytest.raises(ValueError, match="nicht addiert"):
        total(lines)
