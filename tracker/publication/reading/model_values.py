"""The small values that a report is made of: marks, amounts, counts, lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Mark:
    """A status value: its word, its mark and its definition, as they were when published."""

    code: str
    label: str
    icon: str
    definition: str = ""


@dataclass(frozen=True)
class Money:
    """An amount in euro."""

    amount: Decimal


Value = str | int | Decimal | date | Money | None


@dataclass(frozen=True)
class Standing:
    """Where a measure stands in one round; notes say what a reader must know beside a value."""

    implementation: Mark
    course: Mark | None = None
    note: str = ""
    course_note: str = ""

    @property
    def labels(self) -> tuple[str, str]:
        """Return the words of Umsetzungsstand and Verlauf, "" for no Verlauf."""
        return self.implementation.label, self.course.label if self.course else ""

    @property
    def notes(self) -> str:
        """Return the notes with the names of what they are about."""
        named = (self.note, self.course_note and f"Verlauf: {self.course_note}")
        return "; ".join(filter(None, named))


@dataclass(frozen=True)
class Entry:
    """One named value of a sheet, with what stands beside it and whether its day has passed.

    `order` sorts the columns of numbers in a workbook.
    """

    label: str
    value: Value
    order: int = 0
    note: str = ""
    is_overdue: bool = False


@dataclass(frozen=True)
class Paragraphs:
    """A named text of a sheet, as somebody wrote it; `key` is the report's field."""

    label: str
    text: str
    key: str = ""


@dataclass(frozen=True)
class Quantity:
    """A sum of what the measures `codes` reported, of `total` measures.

    `value` is None where nothing is known: never a 0. `text` is what is printed ("mindestens
    48", "nicht bekannt"). `hidden` groups under 5 are not in the value; with one of them it is a
    lower bound. `unknown` Förderungen name no amount and are not in it either.
    """

    value: int | Decimal | Money | None
    text: str
    codes: tuple[str, ...]
    total: int
    hidden: int = 0
    unknown: int = 0

    @property
    def count(self) -> int:
        return len(self.codes)

    @property
    def known(self) -> str:
        """Return "23 von 57"."""
        return f"{self.count} von {self.total}"

    @property
    def shown(self) -> Value:
        """Return the number, or the words that say why it is not one."""
        return self.text if self.value is None or self.hidden else self.value


@dataclass(frozen=True)
class Count:
    """How many measures carry a mark."""

    mark: Mark
    count: int


@dataclass(frozen=True)
class Spread:
    """A distribution: by Umsetzungsstand (keine Meldung last) and by Verlauf (not asked last).

    A Verlauf is counted of `with_course`: the reported measures that have one.
    """

    name: str
    counts: tuple[Count, ...]
    courses: tuple[Count, ...]
    with_course: int
    reported: int
    total: int


@dataclass(frozen=True)
class Ratio:
    """A "n von N" with its name and, where there is one, the share in percent."""

    label: str
    count: int
    total: int
    percent: Decimal | None
    formula: str
