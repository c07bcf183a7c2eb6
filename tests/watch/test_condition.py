"""What is a fault, from what was measured; and when the watch writes about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tracker.watch.rules.condition import (
    LEAST_FREE_BYTES,
    Condition,
    Facts,
    Part,
    conditions,
    faults,
)
from tracker.watch.rules.watching import Remembered, after, is_over, lasting
from tracker.watch.words import CONDITION, PART, REMEDY, sentence

MINUTE = timedelta(minutes=1)
KNOWN = (Part.DATABASE, Part.SCHEMA, Part.CLOCK, Part.MAIL, Part.DISK)


def fine(now: datetime) -> Facts:
    return Facts(schema_fits=True, clock_beat=now - MINUTE, oldest_due=now - MINUTE)


def test_all_is_well(now: datetime) -> None:
    assert conditions(fine(now), now=now) == dict.fromkeys(KNOWN, Condition.FINE)
    asked = replace(fine(now), web_answers=True, oldest_due=None)
    assert set(conditions(asked, now=now).values()) == {Condition.FINE}


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"clock_beat": None}, Part.CLOCK),
        ({"clock_beat": 15 * MINUTE}, None),
        ({"clock_beat": 16 * MINUTE}, Part.CLOCK),
        ({"clock_beat": -16 * MINUTE}, Part.CLOCK),
        ({"oldest_due": 60 * MINUTE}, None),
        ({"oldest_due": 61 * MINUTE}, Part.MAIL),
        ({"oldest_due": -600 * MINUTE}, None),
        ({"free_bytes": LEAST_FREE_BYTES - 1}, Part.DISK),
        ({"web_answers": False}, Part.WEB),
        ({"schema_fits": False}, Part.SCHEMA),
        ({"schema_fits": None}, Part.DATABASE),
    ],
)
def test_each_part_has_its_bound(
    now: datetime, change: dict[str, object], part: Part | None
) -> None:
    values = {
        name: now - value if isinstance(value, timedelta) else value
        for name, value in change.items()
    }
    found = replace(fine(now), **values)  # type: ignore[arg-type]
    assert faults(found, now=now) == (() if part is None else (part,))


@pytest.mark.parametrize("fits", [False, None])
def test_of_a_database_that_cannot_be_read_nothing_is_claimed(
    now: datetime, fits: bool | None
) -> None:
    found = conditions(Facts(schema_fits=fits), now=now)
    assert found[Part.CLOCK] is found[Part.MAIL] is Condition.UNKNOWN
    assert found[Part.DISK] is Condition.FINE


def test_every_part_has_its_words() -> None:
    assert set(PART) == set(REMEDY) == set(Part)
    assert set(CONDITION) == set(Condition)
    sentences = {sentence(part, how) for part in Part for how in Condition}
    assert len(sentences) == 2 * len(Part) + 1


def test_a_fault_is_told_once_it_lasts_and_once_it_is_over() -> None:
    """Each line is a run: what is at fault, what is written about, whether it is over."""
    runs: list[tuple[set[Part], set[Part], bool]] = [
        (set(), set(), False),
        ({Part.CLOCK}, set(), False),
        ({Part.CLOCK}, {Part.CLOCK}, False),
        ({Part.CLOCK}, set(), False),
        ({Part.CLOCK, Part.DISK}, set(), False),
        ({Part.CLOCK, Part.DISK}, {Part.CLOCK, Part.DISK}, False),
        ({Part.DISK}, set(), False),
        (set(), set(), True),
        (set(), set(), False),
        ({Part.WEB}, set(), False),
        (set(), set(), False),
        ({Part.WEB}, set(), False),
    ]
    remembered = Remembered(recipients=("ki@stadt.example",))
    for number, (at_fault, about, over) in enumerate(runs):
        found = {part: Condition.FAULT if part in at_fault else Condition.FINE for part in Part}
        assert (lasting(remembered, found), is_over(remembered, found)) == (about, over), number
        remembered = after(remembered, found, sent=True)
    assert remembered.recipients == ("ki@stadt.example",)


def test_what_was_not_sent_is_tried_again() -> None:
    at_fault = {Part.MAIL: Condition.FAULT}
    remembered = after(Remembered(), at_fault, sent=True)
    for _ in range(2):
        assert lasting(remembered, at_fault) == {Part.MAIL}
        remembered = after(remembered, at_fault, sent=False)
    remembered = after(remembered, at_fault, sent=True)
    well = {Part.MAIL: Condition.FINE}
    assert is_over(after(remembered, well, sent=False), well)


def test_what_cannot_be_known_is_neither_over_nor_told_again() -> None:
    told = Remembered(frozenset({Part.CLOCK}), frozenset({Part.CLOCK}))
    unknown = {Part.DATABASE: Condition.FAULT, Part.CLOCK: Condition.UNKNOWN}
    between = after(told, unknown, sent=True)
    assert not is_over(told, unknown)
    again = {Part.DATABASE: Condition.FINE, Part.CLOCK: Condition.FAULT}
    later = after(between, again, sent=True)
    assert lasting(later, again) == set()
