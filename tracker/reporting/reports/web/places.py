"""Where in the form a problem is: the wrong box itself, and what can be stored without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from tracker.core.errors import Problem
from tracker.core.text import MAX_TEXT
from tracker.reporting.reports.web.forms import Parsed, take_stored
from tracker.reporting.rules.content import Funding, MilestoneLine, ReportContent
from tracker.reporting.rules.submission import check_storable

_GROUPS = ("participants", "funding", "indicators", "milestones")
# These are about a group as a whole.
_WHOLE = frozenset({"too_many_lines", "unit_twice"})
_PART = {
    "donor_required": "donor",
    "period_reversed": "end",
    "number_out_of_range": "amount",
    "milestone_title_required": "title",
}


def located(problems: Sequence[Problem], content: ReportContent) -> tuple[Problem, ...]:
    """Return the problems with those of a group at the box that is wrong.

    The rules name a group ("funding"); the form has a box for each of its values.
    """
    placed = [
        problem for problem in problems if problem.field not in _GROUPS or problem.code in _WHOLE
    ]
    touched = {problem.field for problem in problems if problem.code not in _WHOLE}
    for name in _GROUPS:
        if name in touched:
            placed += _in_group(name, content)
    return tuple(placed)


def without_unstorable(typed: Parsed, stored: ReportContent) -> Parsed:
    """Return the posted form as far as it can be stored: the rest stays as it is stored.

    What cannot be read is empty in the content already.
    """
    names = {problem.field for problem in check_storable(typed.content)}
    if "staff" in names:
        names.add("staff_unit")
    return replace(take_stored(typed, stored, names), problems=())


def _in_group(name: str, content: ReportContent) -> Iterator[Problem]:
    for box, line in _boxes(name, content):
        alone: dict[str, Any] = {name: (line,)}
        for problem in check_storable(ReportContent(**alone)):
            yield replace(problem, field=f"{box}{_part(problem, line)}")


def _boxes(name: str, content: ReportContent) -> Iterator[tuple[str, Any]]:
    for index, line in enumerate(getattr(content, name)):
        key = {"participants": "unit", "indicators": "indicator"}.get(name)
        yield f"{name}-{getattr(line, key) if key else index}", line


def _part(problem: Problem, line: object) -> str:
    if isinstance(line, MilestoneLine):
        return "-title"
    if not isinstance(line, Funding):
        return ""
    if problem.code in _PART:
        return f"-{_PART[problem.code]}"
    return "-programme" if len(line.donor) <= MAX_TEXT < len(line.programme) else "-donor"
