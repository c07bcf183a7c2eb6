"""When a sign-in may be tried: what was seen → how many seconds to wait."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.accounts.rules.throttle import Seen, free_at

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


def ago(seconds: int) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("seen", "known", "seconds"),
    [
        # a pair of account and address, or device: five are free, then it doubles
        (Seen(), False, 0),
        (Seen(of_pair=4, checked_at=NOW), False, 0),
        (Seen(of_pair=5, checked_at=NOW), False, 30),
        (Seen(of_pair=5, checked_at=NOW), True, 30),
        (Seen(of_pair=5, checked_at=ago(20)), False, 10),
        (Seen(of_pair=6, checked_at=NOW), False, 60),
        (Seen(of_pair=8, checked_at=NOW), False, 240),
        (Seen(of_pair=10, checked_at=NOW), False, 900),
        (Seen(of_pair=10_000, checked_at=NOW), True, 900),
        # many addresses at one account: whoever is not known asks, and waits from then
        (Seen(of_account=19), False, 0),
        (Seen(of_account=20), False, 30),
        (Seen(of_account=40), False, 60),
        (Seen(of_account=10_000), False, 120),
        (Seen(of_account=10_000), True, 0),
        (Seen(of_account=20, asked_at=ago(10)), False, 20),
        (Seen(of_account=20, asked_at=ago(30)), False, 0),
        # many accounts at one address
        (Seen(at_address=99), False, 0),
        (Seen(at_address=100), False, 30),
        (Seen(at_address=10_000, asked_at=ago(120)), False, 0),
        (Seen(at_address=10_000), True, 0),
        # a question is used up by a check, and given up after an hour
        (Seen(of_account=20, of_pair=1, asked_at=ago(40), checked_at=ago(5)), False, 30),
        (Seen(of_account=20, asked_at=ago(3601)), False, 30),
        # both at once: the longer wait
        (Seen(of_pair=7, of_account=20, asked_at=ago(30), checked_at=ago(60)), False, 60),
    ],
)
def test_how_long_to_wait(seen: Seen, known: bool, seconds: int) -> None:
    free = free_at(seen, attempts=5, known=known, now=NOW)
    assert max(0, (free - NOW).total_seconds()) == seconds
