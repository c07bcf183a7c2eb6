"""The base of every form: German messages; the token is checked once for all requests."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms.fields import choices


class Form(FlaskForm):
    """A form of ours. CSRFProtect guards every POST, so a form carries no token field itself.

    Templates write `{{ csrf() }}` instead (macros.html), which has no id to collide with.
    """

    class Meta(FlaskForm.Meta):
        """Settings of WTForms."""

        csrf = False
        locales = ("de_DE", "de")


def choice(value: str, text: str) -> Any:
    """Return an option of a select, radio or checkbox field; WTForms gives up plain pairs."""
    return choices.SelectChoice(value, text)  # type: ignore[attr-defined] # newer than its stubs
