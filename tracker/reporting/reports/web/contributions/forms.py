"""The partner's form: text, Teilnehmende, cost, as typed in Germany."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from wtforms import Field, StringField, TextAreaField

from tracker.core.errors import Problem
from tracker.core.german import number, read_count, read_number
from tracker.core.problems import problem_text
from tracker.core.text import without_control_characters
from tracker.reporting.rules.content import Participants, ParticipantUnit
from tracker.reporting.rules.contribution import ContributionContent, check_contribution
from tracker.reporting.words import CONTRIBUTION_FIELD, CONTRIBUTION_FIELD_HELP, PARTICIPANT_UNIT
from tracker.web.forms import Form

_SHOWN = 40
Read = TypeVar("Read", int, Decimal)


def _count(unit: ParticipantUnit) -> StringField:
    label = PARTICIPANT_UNIT[unit]
    return StringField(label.text, description=label.definition, render_kw={"inputmode": "numeric"})


class ContributionForm(Form):
    """What a partner adds; every field alone may stay empty."""

    contribution_text = TextAreaField(
        CONTRIBUTION_FIELD["text"],
        description=CONTRIBUTION_FIELD_HELP["text"],
        render_kw={"rows": 5},
    )
    participants_persons = _count(ParticipantUnit.PERSONS)
    participants_cases = _count(ParticipantUnit.CASES)
    participants_participations = _count(ParticipantUnit.PARTICIPATIONS)
    cost_actual = StringField(
        CONTRIBUTION_FIELD["cost_actual"],
        description=CONTRIBUTION_FIELD_HELP["cost_actual"],
        render_kw={"inputmode": "decimal"},
    )

    def counts(self) -> dict[ParticipantUnit, Field]:
        return {unit: self[f"participants_{unit}"] for unit in ParticipantUnit}


def filled(content: ContributionContent) -> ContributionForm:
    """Return the form as a contribution is stored: German numbers."""
    counts = {f"participants_{line.unit}": number(line.count) for line in content.participants}
    cost = content.cost_actual
    return ContributionForm(
        formdata=None,
        contribution_text=content.text,
        cost_actual="" if cost is None else number(cost),
        **counts,
    )


def read(form: ContributionForm) -> tuple[ContributionContent, bool]:
    """Return what was posted, and whether all of it could be read.

    What could not is empty in the content and an error at its field. Invisible control
    characters are taken out and reported at the text.
    """
    form.validate()  # makes room for errors
    text, removed = without_control_characters(form.contribution_text.data or "")
    form.contribution_text.data = text
    if removed:
        _add(form.contribution_text, Problem("text", "control_characters", (("count", removed),)))
    lines = []
    for unit, field in form.counts().items():
        count = _read(field, read_count, "count_invalid")
        if count is not None:
            lines.append(Participants(unit, count))
            for problem in check_contribution(ContributionContent("x", (lines[-1],))):
                _add(field, problem)
    cost = _read(form.cost_actual, read_number, "number_invalid")
    content = ContributionContent(text, tuple(lines), cost)
    return content, not any(field.errors for field in form)


def _read(field: Field, read_text: Callable[[str], Read], code: str) -> Read | None:
    text = (field.data or "").strip()
    if not text:
        return None
    try:
        return read_text(text)
    except ValueError:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        _add(field, Problem(field.name, code, (("text", shown),)))
        return None


def _add(field: Field, problem: Problem) -> None:
    field.errors = [*field.errors, problem_text(problem)]
