"""The base of every form: German messages; the token is checked once for all requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField, TextAreaField
from wtforms.fields import choices
from wtforms.validators import InputRequired, ValidationError

from tracker.core.errors import Problem
from tracker.core.problems import problem_text
from tracker.core.signs import as_meant, pictures, sign_words
from tracker.core.text import is_key, is_storable, without_control_characters

LONGEST = 20_000


class Form(FlaskForm):
    """A form of ours. CSRFProtect guards every POST, so a form carries no token field itself.

    Templates write `{{ csrf() }}` instead (macros.html), which has no id to collide with.
    `summary_heading` stands above its problems where these are nothing that could be mended.
    """

    summary_heading = ""

    class Meta(FlaskForm.Meta):
        """Settings of WTForms."""

        csrf = False
        locales = ("de_DE", "de")

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Read what was posted; texts as they are meant, passwords as they are.

        No browser sends a line end in a field of one line; a forged one would forge a mail's line.
        """
        super().process(*args, **kwargs)
        for field in self:
            is_text = isinstance(field, StringField) and not isinstance(field, PasswordField)
            if is_text and isinstance(field.data, str):
                field.data = as_meant(field.data)
                if not isinstance(field, TextAreaField):
                    field.data = field.data.replace("\n", " ")

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a text that no database stores, and offer it back without what is wrong in it."""
        is_valid = bool(super().validate(extra_validators))
        for field in self:
            if isinstance(field.data, str) and not is_storable(field.data):
                field.data, removed = without_control_characters(field.data)
                problem = Problem(field.name, "control_characters", (("count", removed),))
                field.errors = [problem_text(problem)]
                is_valid = False
        return is_valid


def choice(value: str, text: str) -> Any:
    """Return an option of a select, radio or checkbox field; WTForms gives up plain pairs."""
    return choices.SelectChoice(value, text)  # type: ignore[attr-defined] # newer than its stubs


def row_key(value: object) -> int | None:
    """Return the number of the row that an option stands for, None for the empty one."""
    text = str(value or "")
    if text and not is_key(text):
        raise ValueError(text)
    return int(text) if text else None


def please_choose(options: Iterable[tuple[Any, str]]) -> list[Any]:
    """Return these options after an empty one."""
    chosen = [choice(str(value), text) for value, text in options]
    return [choice("", "– bitte wählen –"), *chosen]


class AtMost:
    """Limits the length of a text, and says how long it is."""

    def __init__(self, most: int = LONGEST) -> None:
        self.most = most

    def __call__(self, form: Form, field: StringField) -> None:
        length = len(field.data or "")
        if length > self.most:
            values = (("length", length), ("limit", self.most))
            raise ValidationError(problem_text(Problem(field.name, "text_over_limit", values)))


class SignsAsked:
    """Asks once about signs that no paper can print, in a text that is published as it is sent.

    The page that asks sends `field.signs` back beside the text (macros.html).
    """

    def __call__(self, form: Form, field: TextAreaField) -> None:
        signs = pictures(field.data or "")
        if not set(signs) <= set(request.form.get(f"{field.name}-signs", "")):
            field.signs = "".join(signs)  # type: ignore[attr-defined]
            raise ValidationError(
                f"{sign_words(field.data or '')} Soll es so stehen, senden Sie es noch einmal ab."
            )


class SignInForm(Form):
    """E-mail address and password."""

    email = EmailField(
        "E-Mail-Adresse",
        [InputRequired("Bitte geben Sie Ihre E-Mail-Adresse an.")],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        "Kennwort",
        [InputRequired("Bitte geben Sie Ihr Kennwort an.")],
        render_kw={"autocomplete": "current-password"},
    )


class ReasonForm(Form):
    """The reason of a step that needs one."""

    reason = TextAreaField(
        "Begründung",
        [InputRequired("Bitte geben Sie eine Begründung an."), AtMost(), SignsAsked()],
        description="Wird mit der Runde aufbewahrt. Die Begründung einer Korrektur steht auch in "
        "der neuen Fassung.",
    )
