"""The base of every form: German messages; the token is checked once for all requests."""

from __future__ import annotations

from flask_wtf import FlaskForm


class Form(FlaskForm):
    """A form of ours. CSRFProtect guards every POST, so a form carries no token field itself.

    Templates write `{{ csrf() }}` instead (macros.html), which has no id to collide with.
    """

    class Meta(FlaskForm.Meta):
        """Settings of WTForms."""

        csrf = False
        locales = ("de_DE", "de")
