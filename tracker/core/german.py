"""Numbers, days, counts and lists in German: how they are written, and how people type them.

One module for pages, mails, papers and files, on Babel: what is not known is "nicht bekannt" or
"–", never 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache
from math import ceil

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from tracker.core.periods import BERLIN

NOTHING = "–"
UNKNOWN = "nicht bekannt"
NO_BREAK = "\N{NO-BREAK SPACE}"
_LOCALE = Locale.parse("de")

LONGEST = 30
# Every number that can be typed, with decimals; the usual 28 digits do not hold them.
_EXACT = Context(prec=2 * LONGEST)
_QUOTED = 40
# Decimal places of an amount in euro.
CENTS = 2

# "1250", "1250,50", "1.250,50", "1 250". A point separates thousands only: "12.5" and "0.500" are
# refused, not guessed.
_NUMBER = re.compile(
    r"(\D*?)(-?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?: \d{3})+)(?:,\d+)?)(\D*)"
)
_NO_CENTS = re.compile(r"^[,.][-–—]{1,2}")
_DAY = re.compile(r"^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}|\d{2})$")
_ISO_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
EURO = ("€", "Euro", "EUR")
PERCENT = ("%", "Prozent")


def number(
    value: Decimal | int | str | None, missing: str = NOTHING, *, places: int | None = None
) -> str:
    """Return "1.250,5": decimals as given (text as in a snapshot, "1250.5") or to `places`."""
    # As text: 3 and 3.00 are equal as numbers, and are not written alike.
    return missing if value is None else _number(str(value), places)


@lru_cache(maxsize=4096)
def _number(text: str, places: int | None) -> str:
    value = Decimal(text)
    if places is None:
        places = max(0, _places(value))
    else:
        value = _rounded(value, places)
    pattern = f"#,##0.{'0' * places}" if places else "#,##0"
    with localcontext(_EXACT):
        return format_decimal(value, format=pattern, locale=_LOCALE).replace("-", "−")


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)


def cents(amount: Decimal) -> Decimal:
    """Return an amount in euro as every page and file gives it out: half a cent is rounded up."""
    return _rounded(amount, CENTS)


def euro(value: Decimal | int | str | None, missing: str = NOTHING) -> str:
    """Return "1.250,50 €" on one line."""
    return missing if value is None else f"{number(value, places=CENTS)}{NO_BREAK}€"


def percent(value: Decimal | int | str | None, missing: str = NOTHING) -> str:
    """Return "90,9 %" on one line."""
    return missing if value is None else f"{number(value)}{NO_BREAK}%"


def quantity(value: Decimal | int | str | None, unit: str, missing: str = UNKNOWN) -> str:
    """Return "4 Veranstaltungen", "Jahrgang 8", "30 %" on one line; without a unit the number."""
    if unit == "Jahrgang" and value is not None:
        return f"{unit} {number(value)}"
    return f"{number(value, missing)}{NO_BREAK if unit == '%' else ' '}{unit}".strip()


def day(value: date | datetime | str | None) -> str:
    """Return "15.10.2026" for a day, its ISO text, or a moment by its day in Berlin."""
    if not value:
        return NOTHING
    if isinstance(value, str):
        value = date.fromisoformat(value)
    elif isinstance(value, datetime):
        value = value.astimezone(BERLIN).date()
    return f"{value.day:02d}.{value.month:02d}.{value.year}"


def long_day(value: date) -> str:
    """Return "Freitag, 15. Januar 2027"."""
    return format_date(value, "EEEE, d. MMMM y", locale=_LOCALE)


def span(start: date | str | None, end: date | str | None) -> str:
    """Return "01.01.2026 bis 30.06.2026", "ab 01.01.2026", "bis 30.06.2026", "" for neither."""
    if start and end:
        return f"{day(start)} bis {day(end)}"
    if start:
        return f"ab {day(start)}"
    return f"bis {day(end)}" if end else ""


def moment(value: datetime | None) -> str:
    """Return "15.10.2026, 14:05 Uhr" in Berlin time."""
    if value is None:
        return NOTHING
    return f"{day(value)}, {value.astimezone(BERLIN):%H:%M} Uhr"


def waiting(span: timedelta) -> str:
    """Return "30 Sekunden", "1 Minute", "15 Minuten", rounded up: nobody comes too early."""
    seconds = ceil(span.total_seconds())
    if seconds < 60:
        return counted(max(seconds, 1), "Sekunde", "Sekunden")
    return counted(ceil(seconds / 60), "Minute", "Minuten")


def plural(count: int, one: str, many: str) -> str:
    """Return the form that goes with a number, e.g. "Meldung" or "Meldungen"; 0 takes the plural.

    For everything that goes with it, too: verbs ("ist", "sind"), endings ("er", "e").
    """
    return one if _LOCALE.plural_form(count) == "one" else many


def counted(count: int, one: str, many: str) -> str:
    """Return "1 Meldung", "3 Meldungen", "keine Meldungen"."""
    return f"{number(count) if count else 'keine'} {plural(count, one, many)}"


def share(
    count: int,
    total: int,
    one: str,
    many: str,
    *,
    none: str = "keine",
    only: str = "die eine",
    whole: str = "",
) -> str:
    """Return "3 von 57 Maßnahmen", "keine von 57 Maßnahmen"; of one "keine" or "die eine Maßnahme".

    `one` and `many` stand behind the numbers ("Ziel", "Zielen"), `none` and `only` in their case;
    with an ending `whole` (`every`), of all "alle 57 Maßnahmen".
    """
    if total < 2:
        return f"{only if count else none} {one}"
    if whole and count == total:
        return f"{every(total, whole)} {many}"
    return f"{number(count) if count else none} von {number(total)} {many}"


def every(count: int, ending: str = "e") -> str:
    """Return "alle 3", of two "beide"; with the ending "en" "allen 3" and "beiden"."""
    return f"beid{ending}" if count == 2 else f"all{ending} {number(count)}"


def verb_for(count: int, one: str, many: str) -> str:
    """Return the verb behind `share` and `some`: of none and one "ist", else "sind"."""
    return one if count < 2 else many


def some(count: int, none: str, one: str) -> str:
    """Return a number in the place of a noun: the words for none and for one, else "3"."""
    return (none, one)[count] if count < 2 else number(count)


def opening(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def ended(text: str) -> str:
    """Return a text that people wrote as a sentence: with one full stop, or with its own sign."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def listed(items: Sequence[str]) -> str:
    """Return "a", "a und b", "a, b und c"."""
    return format_list(list(items), locale=_LOCALE)


def quoted(typed: str) -> str:
    """Return what somebody typed for a sentence about it: as typed, its first 40 signs."""
    return typed if len(typed) <= _QUOTED else f"{typed[:_QUOTED]}…"


def shortened(text: str, limit: int) -> str:
    """Return the text on one line, cut at a word's end to at most `limit` signs, with "…".

    A bracket that is cut off is closed behind it.
    """
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    kept = _cut(line, limit - 1)
    if _is_open(kept):
        kept = _cut(line, limit - 2)
    return f"{kept}{NO_BREAK}…{')' if _is_open(kept) else ''}"


def _cut(line: str, limit: int) -> str:
    cut = line[:limit]
    return cut[: cut.rfind(" ")] if " " in cut else cut


def _is_open(text: str) -> bool:
    return text.rfind("(") > text.rfind(")")


class UnreadableError(ValueError):
    """The text is no German number or day; it is kept as typed."""


class OutOfRangeError(UnreadableError):
    pass


class OtherUnitError(UnreadableError):
    """Beside the number stands something that is not the field's unit: "12 Std.", "ca. 30"."""


class UnclearAmountError(UnreadableError):
    """An amount with more than two decimals: "12,345" asks for the `whole` 12.345."""

    def __init__(self, amount: Decimal) -> None:
        super().__init__(amount)
        self.whole = number(amount.scaleb(_places(amount)).to_integral_value())


def read_number(text: str, units: Sequence[str]) -> Decimal:
    """Read "1.250,50", also with one of the field's units: "1.250,- €", "0,5 VZÄ", "Jahrgang 8".

    Raises UnreadableError when it is no German number, OtherUnitError for another unit.
    """
    typed = _NUMBER.fullmatch(" ".join(text.split()))
    if typed is None or len(typed[2]) > LONGEST:
        raise UnreadableError(text)
    before, digits, after = typed[1].strip(), typed[2], typed[3].strip()
    if "€" in units and "," not in digits:
        after = _NO_CENTS.sub("", after).strip()
    if (before and after) or not _is_unit(before + after, units):
        raise OtherUnitError(text)
    return Decimal(digits.replace(".", "").replace(" ", "").replace(",", "."))


def read_amount(text: str) -> Decimal:
    """Read an amount in euro like "1.250,50 €".

    Raises UnreadableError when it is none, UnclearAmountError with more than two decimals.
    """
    amount = read_number(text, EURO)
    if _places(amount) > CENTS:
        raise UnclearAmountError(amount)
    return amount


def is_in_cents(amount: Decimal) -> bool:
    """Return whether an amount in euro is exact in cents; zeros at its end do not count."""
    return _places(amount.normalize()) <= CENTS


def _places(value: Decimal) -> int:
    return -int(value.as_tuple().exponent)


def _is_unit(word: str, units: Sequence[str]) -> bool:
    """Return whether a word is none or one of these, or begins it: "Person", "Std."."""
    if not word:
        return True
    begun = word.casefold().removesuffix(".")
    names = [unit.casefold() for unit in units]
    return begun in names or (len(begun) > 2 and any(name.startswith(begun) for name in names))


def read_count(text: str, units: Sequence[str] = ()) -> int:
    """Read a whole number like "1.250" or "3 Personen".

    Raises UnreadableError when it is none or has decimals.
    """
    number = read_number(text, units)
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
        day_ = date(year, month, day)
    except ValueError:
        raise UnreadableError(text) from None
    if not 2000 <= day_.year <= 2100:
        raise OutOfRangeError(text)
    return day_
