"""One cell's value, read as what its column asks for; what is wrong says how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from tracker.core.german import (
    EURO,
    OtherUnitError,
    OutOfRangeError,
    UnclearAmountError,
    UnreadableError,
    quoted,
    read_amount,
    read_count,
    read_day,
    read_number,
)
from tracker.core.problems import AMOUNT_TOO_FINE, UNIT_OTHER
from tracker.reporting.questionnaire.workbook.canonical import in_cell, plain
from tracker.reporting.questionnaire.workbook.layout import Input, InputKind

MAX_COLUMNS = 100
_NUMBER = "Bitte eine Zahl eintragen, zum Beispiel 1.250,50."
_WHOLE = "Bitte eine ganze Zahl eintragen, zum Beispiel 12."
_DAY = "Bitte einen Tag eintragen, zum Beispiel 15.3.2027."
_RANGE = "Bitte einen Tag zwischen 1.1.2000 und 31.12.2100 eintragen."


@dataclass(frozen=True)
class SheetCell:
    """What stands in a cell: its value and type ("f" formula, "e" error).

    `struck` is what was crossed out; it is no part of the value.
    """

    value: Any = None
    kind: str = "n"
    comment: str = ""
    struck: str = ""

    @property
    def is_blank(self) -> bool:
        return self.value is None and not self.comment and not self.struck

    @property
    def is_empty(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


@dataclass(frozen=True)
class Merged:
    """Cells that are one for the reader; rows and columns are counted from 1."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """A sheet as it stands in a file; the rows of one that is too long are not read."""

    title: str
    rows: list[list[SheetCell]] = field(default_factory=list)
    merged: tuple[Merged, ...] = ()
    is_too_long: bool = False


class CellError(ValueError):
    """A cell cannot be read; `wrong` and `remedy` are the sentences."""

    def __init__(self, wrong: str, remedy: str) -> None:
        super().__init__(wrong)
        self.wrong, self.remedy = wrong, remedy


def read_cell(cell: SheetCell, column: Input) -> Any:
    """Return a text, a number, a day, a choice or several; None or "" where nothing stands.

    Raises CellError.
    """
    if cell.kind == "f":
        raise CellError("Hier steht eine Formel.", "Bitte den Wert eintragen.")
    if cell.kind == "e":
        raise CellError(
            f"Hier steht ein Fehlerwert ({shortened(cell.value)}).", "Bitte den Wert eintragen."
        )
    if cell.is_empty:
        return nothing_in(column)
    return _READERS[column.kind](cell.value, column)


def nothing_in(column: Input) -> Any:
    return {InputKind.TEXT: "", InputKind.DISTRICTS: ()}.get(column.kind)


def shortened(value: Any) -> str:
    return quoted(as_text(value))


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "WAHR" if value else "FALSCH"
    if isinstance(value, datetime | date):
        clock = f" {value:%H:%M}" if isinstance(value, datetime) and value.time() != time() else ""
        return f"{value.day:02d}.{value.month:02d}.{value.year}{clock}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float):
        return repr(value).replace(".", ",")
    return in_cell(str(value))


def shown_number(value: float, *, percent: bool) -> float | str:
    """Return a number as it is shown where that is another one: 0.3 as "30 %" is 30 percent."""
    if not percent:
        return value
    hundredfold = (Decimal(repr(value)) * 100).normalize()
    return f"{hundredfold:f} %".replace(".", ",")


def _text(value: Any, _column: Input) -> str:
    return as_text(value)


def _choice(value: Any, column: Input) -> str:
    # Sheets of before rounds could be half-years say "Stunden im Quartal".
    wanted = _folded(as_text(value)).replace("im quartal", "im zeitraum")
    for choice, text in column.choices:
        if _folded(text) == wanted:
            return choice
    raise CellError(f"„{shortened(value)}“ gibt es hier nicht.", f"Möglich: {column.words}.")


def _districts(value: Any, column: Input) -> tuple[str, ...]:
    parts = as_text(value).replace("\n", ",").replace(";", ",").split(",")
    chosen = {_choice(part, column) for part in parts if part.strip()}
    return tuple(choice for choice, _ in column.choices if choice in chosen)


def _folded(text: str) -> str:
    return " ".join(normalize("NFC", text).split()).casefold()


def _number(value: Any, column: Input) -> Decimal | None:
    try:
        if isinstance(value, str):
            if column.units == EURO:
                return plain(read_amount(in_cell(value)))
            return plain(read_number(in_cell(value), column.units))
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UnreadableError(value)
        return plain(Decimal(repr(value)))
    except OtherUnitError:
        raise _other_unit(value) from None
    except UnclearAmountError as unclear:
        raise CellError(
            AMOUNT_TOO_FINE,
            f"Sind {unclear.whole} Euro gemeint? Bitte so eintragen.",
        ) from None
    except (UnreadableError, ArithmeticError):
        raise CellError(f"„{shortened(value)}“ ist keine Zahl.", _NUMBER) from None


def _other_unit(value: Any) -> CellError:
    return CellError(
        UNIT_OTHER.format(text=shortened(value)),
        "Bitte nur die Zahl eintragen.",
    )


def _count(value: Any, column: Input) -> int:
    try:
        if isinstance(value, str):
            return read_count(in_cell(value), column.units)
        number = _number(value, column)
        if number is None or not number.is_finite() or number != number.to_integral_value():
            raise UnreadableError(value)
        return int(number)
    except OtherUnitError:
        raise _other_unit(value) from None
    except ValueError:
        raise CellError(f"„{shortened(value)}“ ist keine ganze Zahl.", _WHOLE) from None


def _day(value: Any, _column: Input) -> date:
    if isinstance(value, bool | int | float | time | timedelta):
        raise CellError(f"„{shortened(value)}“ ist kein Tag.", _DAY)
    try:
        if isinstance(value, datetime):
            return read_day(value.date().isoformat())
        if isinstance(value, date):
            return read_day(value.isoformat())
        return read_day(in_cell(str(value)))
    except OutOfRangeError:
        raise CellError(f"Der Tag {shortened(value)} kann nicht gemeint sein.", _RANGE) from None
    except UnreadableError:
        raise CellError(f"„{shortened(value)}“ ist kein Tag.", _DAY) from None


_READERS = {
    InputKind.TEXT: _text,
    InputKind.CHOICE: _choice,
    InputKind.DISTRICTS: _districts,
    InputKind.NUMBER: _number,
    InputKind.COUNT: _count,
    InputKind.DAY: _day,
}
