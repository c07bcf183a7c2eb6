"""Small groups are not published (domain.md 8)."""

import pytest

from tracker.rules.content import Participants, ParticipantUnit
from tracker.rules.privacy import PublishedParticipants, suppress


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
