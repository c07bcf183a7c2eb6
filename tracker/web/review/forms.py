"""Forms of the review area."""

from __future__ import annotations

from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tracker import labels
from tracker.rules.content import ReportContent
from tracker.rules.figures import Value
from tracker.rules.status import Course, Implementation
from tracker.web.forms import Form, choice

_LONGEST = 20_000


class AcceptForm(Form):
    """Which revision was read."""

    revision = HiddenField(validators=[InputRequired()])


class OtherValueForm(AcceptForm):
    """The value the KI sees instead of the institution's, with its reason."""

    implementation = SelectField(
        "Festgestellter Umsetzungsstand",
        [InputRequired("Bitte wählen Sie den Umsetzungsstand.")],
        choices=[
            choice("", "– bitte wählen –"),
            *(choice(key.value, label.text) for key, label in labels.IMPLEMENTATION.items()),
        ],
    )
    course = SelectField(
        "Festgestellter Verlauf",
        [Optional()],
        choices=[
            choice("", labels.COURSE_NOT_ASKED.text),
            *(choice(key.value, label.text) for key, label in labels.COURSE.items()),
        ],
        description="Nötig bei in Planung, in Umsetzung und verstetigt; "
        "möglich bei nicht begonnen.",
    )
    reason = TextAreaField(
        "Begründung der Feststellung",
        [InputRequired("Bitte begründen Sie den anderen Wert."), Length(max=_LONGEST)],
        description="Steht neben dem Wert, auch in der Veröffentlichung.",
        render_kw={"rows": 3},
    )

    def value(self) -> Value:
        """Return what was chosen."""
        course = Course(self.course.data) if self.course.data else None
        return Value(Implementation(self.implementation.data), course)


def other_value_form(reported: ReportContent | None) -> OtherValueForm:
    """Return an empty form that begins with the reported value."""
    implementation = reported.implementation if reported else None
    course = reported.course if reported else None
    values = {"implementation": implementation or "", "course": course or ""}
    return OtherValueForm(formdata=None, data=values)


class ReturnForm(AcceptForm):
    """What the institution is to clarify."""

    comment = TextAreaField(
        "Was ist zu klären?",
        [InputRequired("Bitte schreiben Sie, was zu klären ist."), Length(max=_LONGEST)],
        description="Liest die Institution. Sie kann danach neu absenden.",
        render_kw={"rows": 4},
    )


class RevokeForm(Form):
    """Why an acceptance is revoked."""

    revoke_reason = TextAreaField(
        "Begründung des Widerrufs",
        [InputRequired("Bitte geben Sie eine Begründung an."), Length(max=_LONGEST)],
        render_kw={"rows": 3},
    )


class WaiveForm(Form):
    """Why a report is not needed in this round."""

    waive_reason = TextAreaField(
        "Begründung der Befreiung",
        [InputRequired("Bitte geben Sie eine Begründung an."), Length(max=_LONGEST)],
        description="Wird veröffentlicht. Was die Institution schon geschrieben hat, bleibt "
        "erhalten.",
        render_kw={"rows": 3},
    )
