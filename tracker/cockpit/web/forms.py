"""Forms of the rounds area."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from wtforms import SelectField
from wtforms.validators import InputRequired, Optional

from tracker.core.periods import Period
from tracker.reporting.rounds.web.forms import ExtensionForm
from tracker.web.days import DayField
from tracker.web.forms import Form, choice

_QUARTERS_AHEAD = 4
_HALVES_AHEAD = 2


class PlanForm(Form):
    period = SelectField("Zeitraum", [InputRequired("Bitte wählen Sie den Zeitraum.")])
    due_on = DayField("Abgabefrist", [Optional()])
    despatch_on = DayField(
        "Versand der Sitzungsunterlagen",
        [Optional()],
        description="Wenn bekannt. Die Abgabefrist sollte davor liegen.",
    )
    committee_on = DayField("Sitzung des Ausschusses", [Optional()], description="Wenn bekannt.")


class InstitutionExtensionForm(ExtensionForm):
    institution_id = SelectField(
        "Institution",
        [InputRequired("Bitte wählen Sie die Institution.")],
        coerce=lambda value: int(value) if value else None,
        validate_choice=False,
    )


def plannable(
    today: date, *, planned: Collection[str], standing: Collection[Period] = ()
) -> list[Any]:
    """Return the periods to choose from: the one just ended and the next ones, not planned yet.

    What shares a day with a round of `standing` would be refused and is left out.
    """
    quarter = Period.quarter_of(today).previous()
    half = Period(today.year, "H", 1 if today.month <= 6 else 2).previous()
    found = [*_following(quarter, _QUARTERS_AHEAD), *_following(half, _HALVES_AHEAD)]
    return [
        choice(item.key, item.long_label)
        for item in found
        if item.key not in planned
        and not any(one.start <= item.end and item.start <= one.end for one in standing)
    ]


def _following(first: Period, count: int) -> list[Period]:
    found = [first]
    for _ in range(count):
        found.append(found[-1].next())
    return found
