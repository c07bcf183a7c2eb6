"""How high the rows of a sheet are: LibreOffice draws a row as high as the file says, no higher."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from xlsxwriter.worksheet import Worksheet

LINE_HEIGHT = 15  # points, of a line in Calibri 11
_SIGNS = 1.1  # of running text in the width of a digit
MAX_HEIGHT = 409  # points: Excel's own limit


@dataclass
class Heights:
    """Widths of columns (in signs) and the lines that each row needs, by the name of the sheet."""

    widths: dict[tuple[str, int], int] = field(default_factory=dict)
    _lines: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(
        self, sheet: Worksheet, row: int, column: int, text: str, *, wider: float = 1.0
    ) -> None:
        """Make room for a text; `wider` is how wide its letters are beside plain ones."""
        name = sheet.get_name()
        width = self.widths.get((name, column))
        if width:
            needed = lines(text, width=width / wider)
            self._lines[(name, row)] = max(needed, self._lines.get((name, row), 1))

    def at_least(self, sheet: Worksheet, row: int, count: int) -> None:
        """Make room for lines that somebody will write: Excel enlarges no row that has a height."""
        place = (sheet.get_name(), row)
        self._lines[place] = max(count, self._lines.get(place, 1))

    def set(self, sheets: Iterable[Worksheet]) -> None:
        """Set the rows that need more than one line; the others stay as the program has them."""
        by_name = {sheet.get_name(): sheet for sheet in sheets}
        for (name, row), count in self._lines.items():
            if count > 1:
                by_name[name].set_row(row, min(MAX_HEIGHT, count * LINE_HEIGHT + 2))


def lines(text: str, *, width: float) -> int:
    """Return how many lines a text needs where words stay whole; rather one too many."""
    room = max(1, int(width * _SIGNS))
    return sum(_lines_of(part, room) for part in text.split("\n"))


def _lines_of(part: str, room: int) -> int:
    count, used = 1, 0
    for word in part.split(" "):
        if used and used + 1 + len(word) > room:
            count, used = count + 1, 0
        used += len(word) + (1 if used else 0)
        while used > room:
            count, used = count + 1, used - room
    return count
