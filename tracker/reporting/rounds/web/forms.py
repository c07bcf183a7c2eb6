"""The form that grants more time."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import InputRequired

from tracker.web.days import DayField
from tracker.web.forms import AtMost, Form


class ExtensionForm(Form):
    until = DayField(
        "Nachfrist bis",
        [InputRequired("Bitte geben Sie einen Tag nach der Abgabefrist an.")],
        description="Dieser Tag zählt noch dazu.",
    )
    reason = TextAreaField(
        "Begründung der Nachfrist",
        [InputRequired("Bitte begründen Sie die Nachfrist."), AtMost()],
        render_kw={"rows": 2},
    )
