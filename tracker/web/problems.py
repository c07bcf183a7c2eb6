"""A refusal of an action shown in the form it came from: at its fields, else on top."""

from __future__ import annotations

from typing import TypeVar

from tracker.rules.errors import Invalid, Refused
from tracker.web.forms import Form
from tracker.wording import problem_text

HTTP_CONFLICT = 409
HTTP_INVALID = 422

Answer = TypeVar("Answer")


def show(form: Form, refusal: Refused) -> int:
    """Put a refusal into a form and return the status of the page that shows it."""
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    placed = False
    for problem in problems:
        field = form._fields.get(problem.field)
        if field is not None:
            field.errors = [*field.errors, problem_text(problem)]
            placed = True
    if not placed:
        form.form_errors.append(refusal.message)
    return HTTP_INVALID if isinstance(refusal, Invalid) else HTTP_CONFLICT


def given(answer: Answer | None) -> Answer:
    """Return what a required field holds once its form was validated."""
    assert answer is not None  # noqa: S101 - validated before; tells the type checker
    return answer
