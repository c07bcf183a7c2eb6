"""Numbers and days as people in Germany type them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

LONGEST = 30

# "1250", "1250,50", "1.250,50". A point separates thousands only: "12.5" is refused, not guessed.
_NUMBER = re.compile(r"^-?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?$")
_DAY = re.compile(r"^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}|\d{2})$")
_ISO_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
_IGNORED = re.compile(r"[\s\u00a0\u202f€]")


class UnreadableError(ValueError):
    """The text is no German number or day; it is kept as typed."""


class OutOfRangeError(UnreadableError):
    """A day that cannot be meant."""


def read_number(text: str) -> Decimal:
    """Read "1.250,50" (spaces and € are ignored).

    Raises UnreadableError when it is no German number.
    """
    compact = _IGNORED.sub("", text)
    if len(compact) > LONGEST or _NUMBER.match(compact) is None:
        raise UnreadableError(text)
    return Decimal(compact.replace(".", "").replace(",", "."))


def read_count(text: str) -> int:
    """Read a whole number like "1.250".

    Raises UnreadableError when it is none or has decimals.
    """
    number = read_number(text)
    if number != number.to_integral_value():
        raise UnreadableError(text)
    return int(number)


def read_day(text: str) -> date:
    """Read "15.3.2027", "15.03.27" or "2027-03-15".

    Raises UnreadableError when there is no such day, OutOfRangeError when it is not between
    2000 and 2100.
    """
    compact = text.strip()
    german, iso = _DAY.match(compact), _ISO_DAY.match(compact)
    if german is not None:
        day, month, year = (int(part) for part in german.groups())
    elif iso is not None:
        year, month, day = (int(part) for part in iso.groups())
    else:
        raise UnreadableError(text)
    year = year + 2000 if year < 100 else year
    try:
        found = date(year, month, day)
    except ValueError:
        raise UnreadableError(text) from None
    if not 2000 <= found.year <= 2100:
        raise OutOfRangeError(text)
    return found
