"""Forms of the accounts area."""

from __future__ import annotations

from typing import ClassVar

from wtforms import (
    EmailField,
    Field,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Optional, ValidationError

from tracker.core.permissions import Function, Role
from tracker.core.text import is_key
from tracker.core.words import FUNCTION, ROLE
from tracker.web.days import DayField
from tracker.web.forms import AtMost, Form, choice, row_key
from tracker.web.public_forms import LinkForm


def _new_password() -> PasswordField:
    return PasswordField(
        "Neues Kennwort",
        [InputRequired("Bitte wählen Sie ein Kennwort.")],
        description="Mindestens 12 Zeichen. Vier Wörter ohne Zusammenhang sind ein gutes Kennwort.",
        render_kw={"autocomplete": "new-password"},
    )


class InvitationForm(LinkForm):
    form_key = "invitation"
    new_password = _new_password()


class ChangePasswordForm(Form):
    new_password = _new_password()
    present_password = PasswordField(
        "Bisheriges Kennwort",
        [InputRequired("Bitte geben Sie Ihr bisheriges Kennwort an.")],
        render_kw={"autocomplete": "current-password"},
    )


class NameForm(Form):
    name = StringField(
        "Name",
        [InputRequired("Bitte geben Sie Ihren Namen an."), AtMost(200)],
        render_kw={"autocomplete": "name"},
    )


# What the KI may invite somebody as: role and, for institutions, function.
INVITABLE = {
    "representative": (Role.INSTITUTION, Function.REPRESENTATIVE),
    "staff": (Role.INSTITUTION, Function.STAFF),
    "committee": (Role.COMMITTEE, None),
    "coordination": (Role.COORDINATION, None),
}


def _invitable_label(role: Role, function: Function | None) -> str:
    label = ROLE[role] if function is None else FUNCTION[function]
    return f"{label.text}: {label.definition}"


def _concepts_field(description: str) -> SelectMultipleField:
    return SelectMultipleField(
        "Konzepte",
        description=description,
        coerce=lambda value: _number(str(value)),
        validate_choice=False,
    )


class InviteForm(Form):
    name = StringField(
        "Name", [InputRequired("Bitte geben Sie den Namen der Person an."), AtMost(200)]
    )
    email = EmailField(
        "Dienstliche E-Mail-Adresse",
        [InputRequired("Bitte geben Sie die E-Mail-Adresse an.")],
        description="Mit dieser Adresse meldet sich die Person an.",
    )
    invited_as = RadioField(
        "Aufgabe",
        [InputRequired("Bitte wählen Sie, welche Aufgabe die Person hat.")],
        choices=[choice(key, _invitable_label(*pair)) for key, pair in INVITABLE.items()],
    )
    institution_id = SelectField(
        "Institution",
        description="Nötig für benannte Vertretung und Mitarbeitende, sonst leer lassen.",
        coerce=row_key,
        validate_choice=False,
    )
    concept_ids = _concepts_field(
        "Nichts gewählt: alle Konzepte. Institutionen sehen, was ihre Maßnahmen betrifft; für sie "
        "wird nichts gewählt."
    )
    term_from = DayField("Tätig ab", [Optional()], description="Leer lassen, wenn ab sofort.")
    term_to = DayField(
        "Tätig bis", [Optional()], description="Letzter Tag. Leer lassen, wenn unbefristet."
    )

    def validate_institution_id(self, field: SelectField) -> None:
        _role, function = INVITABLE.get(self.invited_as.data, (None, None))
        if function and not field.data:
            raise ValidationError("Bitte wählen Sie die Institution.")


class ConceptsForm(Form):
    concept_ids = _concepts_field("Nichts gewählt: alle Konzepte, auch künftige.")


class AddressForm(Form):
    email = EmailField(
        "Dienstliche E-Mail-Adresse",
        [InputRequired("Bitte geben Sie die E-Mail-Adresse an.")],
        description="Mit dieser Adresse meldet sich die Person an; dorthin gehen ihre Mails.",
        render_kw={"autocomplete": "off"},
    )


def _number(value: str | None) -> int:
    return int(value) if value and is_key(value) else 0


class SubstitutionForm(Form):
    representative_id = SelectField("Benannte Vertretung", coerce=_number, validate_choice=False)
    deputy_id = SelectField(
        "Wer vertritt?",
        [InputRequired("Bitte wählen Sie, wer vertritt.")],
        coerce=_number,
        validate_choice=False,
    )
    valid_from = DayField(
        "Erster Tag",
        [InputRequired("Bitte geben Sie den ersten Tag an.")],
        description="Frühestens heute.",
    )
    valid_to = DayField(
        "Letzter Tag",
        [InputRequired("Bitte geben Sie den letzten Tag an.")],
        description="Dieser Tag zählt noch dazu.",
    )

    def validate_deputy_id(self, field: SelectField) -> None:
        if not field.data:
            raise ValidationError("Bitte wählen Sie, wer vertritt.")


# The choice of a successor who has no account yet.
NEW_PERSON = "neu"


class ForNewPerson:
    """Asks for a field where the successor has no account yet."""

    # The label then does not call the field optional.
    field_flags: ClassVar[dict[str, bool]] = {"conditional": True}

    def __init__(self, message: str) -> None:
        self._message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Raise ValidationError where the field is needed and empty."""
        if form["successor"].data == NEW_PERSON and not (field.data or "").strip():
            raise ValidationError(self._message)


class SuccessionForm(Form):
    account_id = SelectField("Bisherige benannte Vertretung", coerce=_number, validate_choice=False)
    last_day = DayField(
        "Letzter Tag der bisherigen Vertretung",
        [InputRequired("Bitte geben Sie den letzten Tag an.")],
        description="Am Tag danach beginnt die Nachfolge.",
    )
    successor = RadioField(
        "Nachfolge", [InputRequired("Bitte wählen Sie, wer folgt.")], validate_choice=False
    )
    name = StringField(
        "Name der neuen Person",
        [ForNewPerson("Bitte geben Sie den Namen der neuen Person an."), AtMost(200)],
        description="Nötig, wenn die Person noch kein Konto hat; sonst leer lassen.",
    )
    email = EmailField(
        "Dienstliche E-Mail-Adresse der neuen Person",
        [ForNewPerson("Bitte geben Sie die E-Mail-Adresse der neuen Person an.")],
        description="Nötig, wenn die Person noch kein Konto hat; sonst leer lassen. Mit dieser "
        "Adresse meldet sie sich an.",
    )
