"""Numbers of every length that can be typed are written, too."""

import pytest

from tracker.core.german import LONGEST, cents, euro, number, read_number


@pytest.mark.parametrize("digits", [1, 28, 29, LONGEST])
def test_whatever_number_is_read_can_be_written(digits: int) -> None:
    value = read_number("9" * digits, ())
    assert number(value).replace(".", "") == "9" * digits
    assert euro(value).replace(".", "").startswith("9" * digits + ",00")
    assert str(cents(value)) == "9" * digits + ".00"
