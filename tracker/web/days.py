"""A field for a day: the browser's date input, and what people type where there is none."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import Field
from wtforms.widgets import DateInput, Input, TextInput

from tracker.core.errors import Problem
from tracker.core.german import OutOfRangeError, UnreadableError, read_day
from tracker.core.problems import problem_text


class DayField(Field):
    """A day as "2027-03-15" or "15.3.2027"; what cannot be read is shown again as typed."""

    data: date | None
    widget: Input = DateInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; raises ValueError with the German sentence."""
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            self.data = read_day(text)
        except OutOfRangeError:
            self._as_typed()
            raise ValueError(problem_text(Problem(self.name, "date_out_of_range"))) from None
        except UnreadableError:
            self._as_typed()
            problem = Problem(self.name, "date_invalid", (("text", text),))
            raise ValueError(problem_text(problem)) from None

    def _as_typed(self) -> None:
        # A date input shows nothing but days: what is none would be gone.
        self.widget = TextInput()

    def _value(self) -> str:
        if self.data is not None:
            return self.data.isoformat()
        return str(self.raw_data[0]) if self.raw_data else ""
