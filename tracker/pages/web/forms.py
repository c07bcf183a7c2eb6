"""The form to report a barrier."""

from __future__ import annotations

from wtforms import EmailField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tracker.web.forms import Form


class BarrierForm(Form):
    """What does not work, where, and where to answer; only the first is needed."""

    description = TextAreaField(
        "Was funktioniert nicht?",
        [
            InputRequired("Bitte beschreiben Sie kurz, was nicht funktioniert."),
            Length(max=5000, message="Bitte kürzen Sie Ihre Beschreibung auf 5.000 Zeichen."),
        ],
        description="Wenn Sie mögen, nennen Sie auch Ihr Gerät oder Hilfsmittel.",
        render_kw={"rows": 6},
    )
    page = StringField(
        "Auf welcher Seite?",
        [Optional(), Length(max=300, message="Bitte kürzen Sie die Angabe auf 300 Zeichen.")],
    )
    reply_to = EmailField(
        "Ihre E-Mail-Adresse",
        [Optional(), Length(max=200, message="Bitte prüfen Sie die E-Mail-Adresse.")],
        description="Nur, wenn Sie eine Antwort möchten. Wir antworten innerhalb von zwei Wochen.",
        render_kw={"autocomplete": "email"},
    )
