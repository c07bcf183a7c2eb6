"""What must be right before a report is saved or submitted (domain.md sections 4 and 8).

Problems carry a field and a code; `tracker.core.problems` has the German sentence with the
remedy.
"""

from __future__ import annotations

import re
from decimal import Decimal

from tracker.core.errors import Problem
from tracker.core.german import is_in_cents
from tracker.core.text import MAX_COUNT, MAX_TEXT, without_control_characters
from tracker.reporting.rules.content import TEXT_FIELDS, ReportContent
from tracker.reporting.rules.status import (
    Asked,
    Implementation,
    consequence_required,
    course_asked,
    reason_required,
)

MAX_LINES = 50

_URL = re.compile(r"^https?://[^\s<>\"]+$")


def check_storable(content: ReportContent) -> tuple[Problem, ...]:
    """Return what keeps a draft from being saved: lengths, invisible characters, numbers.

    A draft may be incomplete, so nothing is required here.
    """
    return (*_check_texts(content), *_check_numbers(content), *_check_lines(content))


def check_submission(
    content: ReportContent, *, before: Implementation | None
) -> tuple[Problem, ...]:
    """Return what keeps a report from being submitted.

    `before` is the measure's last accepted (reviewed) Umsetzungsstand, None if there is none.
    """
    problems = [*check_storable(content)]
    implementation = content.implementation
    if implementation is None:
        return (*problems, Problem("implementation", "implementation_required"))
    asked = course_asked(implementation)
    # A Verlauf left over from an earlier choice is not an answer and must not ask for reasons.
    course = None if asked is Asked.NOT_ASKED else content.course
    if asked is Asked.REQUIRED and course is None:
        problems.append(Problem("course", "course_required"))
    if reason_required(before, implementation, course) and not content.reason.strip():
        problems.append(Problem("reason", "reason_required"))
    if consequence_required(course) and not content.consequence.strip():
        problems.append(Problem("consequence", "consequence_required"))
    return tuple(problems)


def _check_texts(content: ReportContent) -> list[Problem]:
    problems = []
    for name, text in _texts(content):
        if len(text) > MAX_TEXT:
            values = (("length", len(text)), ("limit", MAX_TEXT))
            problems.append(Problem(name, "text_too_long", values))
        removed = without_control_characters(text)[1]
        if removed:
            problems.append(Problem(name, "control_characters", (("count", removed),)))
    if content.evidence_url.strip() and not _URL.match(content.evidence_url.strip()):
        problems.append(Problem("evidence_url", "url_invalid"))
    return problems


def _texts(content: ReportContent) -> list[tuple[str, str]]:
    """Every free text with the field it belongs to, those inside of lines too."""
    return [
        *((name, getattr(content, name)) for name in TEXT_FIELDS),
        *(("funding", text) for line in content.funding for text in (line.donor, line.programme)),
        *(("milestones", line.title) for line in content.milestones),
    ]


def _check_numbers(content: ReportContent) -> list[Problem]:
    numbers: list[tuple[str, Decimal | int | None]] = [
        ("events", content.events),
        ("staff", content.staff),
        ("cost_planned", content.cost_planned),
        ("cost_actual", content.cost_actual),
        *(("participants", line.count) for line in content.participants),
        *(("funding", line.amount) for line in content.funding),
        *(("indicators", line.value) for line in content.indicators),
    ]
    problems = [
        Problem(name, "number_out_of_range", (("limit", MAX_COUNT),))
        for name, number in numbers
        if number is not None and not _in_range(number)
    ]
    problems += [
        Problem(name, "amount_too_fine")
        for name, amount in (
            ("cost_planned", content.cost_planned),
            ("cost_actual", content.cost_actual),
            *(("funding", line.amount) for line in content.funding),
        )
        if amount is not None and _in_range(amount) and not is_in_cents(amount)
    ]
    if content.staff is not None and content.staff_unit is None:
        problems.append(Problem("staff", "staff_unit_required"))
    return problems


def _in_range(number: Decimal | int) -> bool:
    # NaN cannot be compared, so it is sorted out first.
    return Decimal(number).is_finite() and 0 <= number <= MAX_COUNT


def _check_lines(content: ReportContent) -> list[Problem]:
    problems = []
    for line in content.funding:
        if not line.donor.strip():
            problems.append(Problem("funding", "donor_required"))
        if line.start and line.end and line.end < line.start:
            problems.append(Problem("funding", "period_reversed"))
    problems += [
        Problem("milestones", "milestone_title_required")
        for line in content.milestones
        if not line.title.strip()
    ]
    for name in ("funding", "milestones", "participants", "indicators"):
        if len(getattr(content, name)) > MAX_LINES:
            problems.append(Problem(name, "too_many_lines", (("limit", MAX_LINES),)))
    units = [line.unit for line in content.participants]
    if len(units) != len(set(units)):
        problems.append(Problem("participants", "unit_twice"))
    return problems
