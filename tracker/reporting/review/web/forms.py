"""Forms of the review area."""

from __future__ import annotations

from typing import ClassVar

from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from tracker.core.problems import with_label
from tracker.reporting.review.actions.review import comment_field
from tracker.reporting.rules.content import ReportContent
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.status import Course, Implementation
from tracker.reporting.words import COURSE, COURSE_NOT_ASKED, IMPLEMENTATION, REPORT_FIELD
from tracker.web.forms import AtMost, Form, SignsAsked, choice, please_choose


class AcceptForm(Form):
    revision = HiddenField(validators=[InputRequired()])


class OtherValueForm(AcceptForm):
    implementation = SelectField(
        "Festgestellter Umsetzungsstand",
        [InputRequired("Bitte wählen Sie den Umsetzungsstand.")],
        choices=please_choose((key, label.text) for key, label in IMPLEMENTATION.items()),
    )
    course = SelectField(
        "Festgestellter Verlauf",
        [Optional()],
        choices=[
            choice("", COURSE_NOT_ASKED.text),
            *(choice(key.value, label.text) for key, label in COURSE.items()),
        ],
        description="Nötig bei in Planung, in Umsetzung und verstetigt; "
        "möglich bei nicht begonnen.",
    )
    reason = TextAreaField(
        "Begründung der Feststellung",
        [
            InputRequired("Bitte begründen Sie den anderen Wert."),
            AtMost(),
            SignsAsked(),
        ],
        description="Steht neben dem Wert, auch in der Veröffentlichung.",
        render_kw={"rows": 3},
    )

    def value(self) -> Value:
        course = Course(self.course.data) if self.course.data else None
        return Value(Implementation(self.implementation.data), course)


def other_value_form(reported: ReportContent | None) -> OtherValueForm:
    implementation = reported.implementation if reported else None
    course = reported.course if reported else None
    values = {"implementation": implementation or "", "course": course or ""}
    return OtherValueForm(formdata=None, data=values)


class _SomethingAsked:
    """The whole needs a comment unless a field has one; the label does not say "optional"."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: ReturnForm, _: TextAreaField) -> None:
        if not any((question.data or "").strip() for question in form.questions()):
            raise ValidationError("Bitte schreiben Sie, was zu klären ist.")


class ReturnForm(AcceptForm):
    """What the institution is to clarify: as a whole (`comment`) and at fields (`comment_…`)."""

    comment = TextAreaField(
        "Was ist zu klären?",
        [_SomethingAsked(), AtMost()],
        description="Liest die Institution. Sie kann danach neu absenden. Rückfragen zu einzelnen "
        "Angaben stellen Sie oben an der Angabe; dann kann dieses Feld leer bleiben.",
        render_kw={"rows": 4},
    )

    def questions(self) -> list[TextAreaField]:
        return [field for field in self if isinstance(field, TextAreaField)]

    def field_comments(self) -> dict[str, str]:
        return {name: self[comment_field(name)].data or "" for name in REPORT_FIELD}


for _name, _label in REPORT_FIELD.items():
    _field = TextAreaField(with_label("Rückfrage zu", _label), [AtMost()])
    setattr(ReturnForm, comment_field(_name), _field)


class RevokeForm(Form):
    revoke_reason = TextAreaField(
        "Begründung des Widerrufs",
        [InputRequired("Bitte geben Sie eine Begründung an."), AtMost()],
        render_kw={"rows": 3},
    )


class WaiveForm(Form):
    waive_reason = TextAreaField(
        "Begründung der Befreiung",
        [InputRequired("Bitte geben Sie eine Begründung an."), AtMost(), SignsAsked()],
        description="Wird veröffentlicht. Was die Institution schon geschrieben hat, bleibt "
        "erhalten.",
        render_kw={"rows": 3},
    )
