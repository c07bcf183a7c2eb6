"""Forms for the days of rounds, and what deserves a second look before they are saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Optional

from tracker.core.holidays_nrw import holidays_around
from tracker.core.periods import Period
from tracker.core.problems import problem_text
from tracker.reporting.rounds.queries.round_planning import Slot
from tracker.reporting.rules import planning
from tracker.reporting.rules.planning import DATE_FIELDS, Concern, Pattern, RoundDates
from tracker.reporting.words import ROUND_DATE, ROUND_PATTERN
from tracker.web.days import DayField
from tracker.web.forms import Form, choice

SEEN = "gesehen"
YEARS_AHEAD = 3


class YearForm(Form):
    jahr = SelectField("Jahr", [InputRequired("Bitte wählen Sie das Jahr.")])
    muster = SelectField(
        "Zeiträume",
        [InputRequired("Bitte wählen Sie Quartale oder Halbjahre.")],
        choices=[choice(pattern.value, ROUND_PATTERN[pattern].text) for pattern in Pattern],
    )


class DatesForm(Form):
    opens_on = DayField(ROUND_DATE["opens_on"].text, [Optional()])
    due_on = DayField(
        ROUND_DATE["due_on"].text, [InputRequired("Bitte geben Sie die Abgabefrist an.")]
    )
    closes_on = DayField(ROUND_DATE["closes_on"].text, [Optional()])
    despatch_on = DayField(ROUND_DATE["despatch_on"].text, [Optional()])
    committee_on = DayField(ROUND_DATE["committee_on"].text, [Optional()])


class PlannedForm(DatesForm):
    plan = BooleanField("Diese Runde planen")


@dataclass
class PlanningRow:
    period: Period
    form: Any
    slot: Slot | None = None
    concerns: dict[str, list[Concern]] = field(default_factory=dict)

    def check(self, *, today: date) -> bool:
        """Validate the form and look twice at its days; return whether they can be saved."""
        right = bool(self.form.validate())
        dates = self.dates()
        if dates is None:
            return False
        for problem in planning.problems(self.period, dates) if right else ():
            field = self.form[problem.field]
            field.errors = [*field.errors, problem_text(problem)]
            right = False
        self.look_twice(today=today)
        return right

    def look_twice(self, *, today: date) -> None:
        dates = self.dates()
        if dates is None:
            return
        holidays = holidays_around(day for _, day in dates.named())
        for concern in planning.concerns(self.period, dates, holidays=holidays, today=today):
            self.concerns.setdefault(concern.field, []).append(concern)

    def dates(self) -> RoundDates | None:
        """Return the days that were read, None as long as there is no Abgabefrist."""
        if self.form.due_on.data is None:
            return None
        return RoundDates(**{name: self.form[name].data for name in DATE_FIELDS})

    @property
    def tokens(self) -> set[str]:
        """Return what tells this row's concerns apart from those that were shown before."""
        return {
            f"{self.period.key}.{concern.token}"
            for items in self.concerns.values()
            for concern in items
        }

    @property
    def wrong(self) -> list[Any]:
        return [field for field in self.form if field.errors]


def year_form(today: date, *, usual: int) -> YearForm:
    """Return the choice of year and pattern, as asked for in the address; quarters unless said.

    `usual` is the year that is shown where none is asked for.
    """
    begin = today.year - 1
    asked = MultiDict(request.values)
    asked.setdefault("muster", Pattern.QUARTER.value)
    form = YearForm(formdata=asked if "jahr" in asked else None)
    form.jahr.choices = [
        choice(str(year), str(year)) for year in range(begin, today.year + YEARS_AHEAD + 1)
    ]
    if "jahr" not in request.values:
        form.jahr.data = str(usual)
        form.muster.data = Pattern.QUARTER.value
    return form


def planned_row(slot: Slot, *, posted: bool, today: date) -> PlanningRow:
    prefix = f"{slot.period.key}-"
    if posted:
        return PlanningRow(slot.period, PlannedForm(prefix=prefix), slot)
    data = {name: getattr(slot.dates, name) for name in DATE_FIELDS}
    data |= {"plan": not slot.is_over(today)}
    return PlanningRow(slot.period, PlannedForm(formdata=None, prefix=prefix, data=data), slot)


def unseen(tokens: Iterable[str]) -> set[str]:
    return set(tokens) - set(request.form.get(SEEN, "").split())
