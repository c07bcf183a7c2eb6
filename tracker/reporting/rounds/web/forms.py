"""The form that grants more time."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from tracker.web.days import DayField
from tracker.web.forms import LONGEST, Form


class ExtensionForm(Form):
    until = DayField(
        "Nachfrist bis",
        [InputRequired("Bitte geben Sie einen Tag nach der Abgabefrist an.")],
        description="Dieser Tag zählt noch dazu.",
    )
    reason = TextAreaField(
        "Begründung der Nachfrist",
        [InputRequired("Bitte begründen Sie die Nachfrist."), Length(max=LONGEST)],
        render_kw={"rows": 2},
    )
