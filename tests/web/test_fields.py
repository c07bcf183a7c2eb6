"""What a forged request may put into fields: over all forms of the application."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from wtforms import PasswordField, StringField, TextAreaField

from tracker.web.forms import Form

FORGED = "eins\r\nzwei\nvier\u2028fünf\x85sechs\u2029sieben"


def every(form: type[Form]) -> Iterator[type[Form]]:
    yield form
    for kind in form.__subclasses__():
        yield from every(kind)


def test_a_field_of_one_line_keeps_one_line_and_a_text_its_lines(app: Flask) -> None:
    kept: dict[str, object] = {}
    for form in every(Form):
        with app.test_request_context():
            names = [field.name for field in form(formdata=None)]
        with app.test_request_context(method="POST", data=dict.fromkeys(names, FORGED)):
            for field in form():
                if isinstance(field, StringField) and not isinstance(field, PasswordField):
                    lines = 6 if isinstance(field, TextAreaField) else 1
                    kept[f"{form.__name__}.{field.name}"] = field.data
                    assert len(str(field.data).splitlines()) == lines, (form, field.name)
    assert kept["BarrierForm.page"] == "eins zwei vier fünf sechs sieben"
    assert kept["BarrierForm.description"] == "eins\nzwei\nvier\nfünf\nsechs\nsieben"
