"""A refusal of an action shown in the form it came from: at its fields, else on top."""

from __future__ import annotations

from typing import Any, TypeVar

from tracker.core.errors import Invalid, Refused
from tracker.core.problems import problem_text
from tracker.core.text import without_control_characters
from tracker.web.forms import Form

HTTP_CONFLICT = 409
HTTP_INVALID = 422

Answer = TypeVar("Answer")


def show(form: Form, refusal: Refused) -> int:
    """Put a refusal into a form and return the status of the page that shows it."""
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    placed = False
    for problem in problems:
        field = _field(form, problem.field)
        if field is not None:
            if problem.code == "control_characters":
                # They cannot be seen, so nobody could take them out of the text shown again.
                field.data = without_control_characters(field.data)[0]
            field.errors = [*field.errors, problem_text(problem)]
            placed = True
    if not placed:
        form.form_errors.append(refusal.message)
    return HTTP_INVALID if isinstance(refusal, Invalid) else HTTP_CONFLICT


def _field(form: Form, name: str) -> Any:
    """Return the field of a problem; where a page has several reasons, theirs have a prefix."""
    if name in form:
        return form[name]
    return next((field for field in form if field.name.endswith(f"_{name}")), None)


def require_value(answer: Answer | None) -> Answer:
    """Return what a required field holds; only after its form was validated."""
    assert answer is not None  # noqa: S101 - validated before; tells the type checker
    return answer
