"""Forms of the responsibilities area."""

from __future__ import annotations

from datetime import date

from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from tracker.concept.models import ResponsibilityRole
from tracker.concept.queries.institution_list import InstitutionChoice
from tracker.concept.words import RESPONSIBILITY
from tracker.web.days import DayField
from tracker.web.forms import Form, choice


class AssignForm(Form):
    measures = SelectMultipleField("Maßnahmen", coerce=int, validate_choice=False)
    institution_id = SelectField(
        "Institution",
        [InputRequired("Bitte wählen Sie die Institution.")],
        coerce=lambda value: int(value) if value else None,
        validate_choice=False,
    )
    role = RadioField(
        "Aufgabe",
        [InputRequired("Bitte wählen Sie federführend oder beteiligt.")],
        choices=[choice(role.value, RESPONSIBILITY[role].text) for role in ResponsibilityRole],
        default=ResponsibilityRole.LEAD.value,
    )
    valid_from = DayField("Ab", [InputRequired("Bitte geben Sie den ersten Tag an.")])
    valid_to = DayField("Bis (letzter Tag)", [Optional()])


class EndForm(Form):
    valid_to = DayField("Letzter Tag", [InputRequired("Bitte geben Sie den letzten Tag an.")])


def assign_form(institutions: list[InstitutionChoice], *, today: date) -> AssignForm:
    """Return the form with the active institutions to choose from; begins today."""
    form = AssignForm(data={"valid_from": today})
    form.institution_id.choices = [
        choice("", "– bitte wählen –"),
        *(choice(str(item.id), item.name) for item in institutions),
    ]
    return form
