"""A posted report form on its way into the draft: read, stored as far as it can be stored."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from tracker.concept.web.current import about
from tracker.core.db import transaction
from tracker.core.errors import Conflict, Problem
from tracker.core.text import MAX_TEXT
from tracker.reporting.reports.actions import reports as actions
from tracker.reporting.reports.queries.report_page import ReportPage, report_page
from tracker.reporting.reports.web.base import districts
from tracker.reporting.reports.web.forms import Parsed, parse, take_stored
from tracker.reporting.rules.content import (
    Funding,
    MilestoneLine,
    ReportContent,
    from_dict,
    normalised,
    to_dict,
)
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.submission import check_storable
from tracker.reporting.words import REPORT_FIELD
from tracker.web.access import actor
from tracker.web.runtime import now, session, today

_COPY_ID = re.compile(r"^[a-z0-9-]{1,40}$")
_TAKE = "take-"


@dataclass(frozen=True)
class Typed:
    """A posted form with the report it belongs to and the version it was begun from.

    `taken` is the field that takes over what the last report said, "" for none.
    """

    page: ReportPage
    parsed: Parsed
    version: int
    taken: str = ""


@dataclass(frozen=True)
class Stored:
    """The draft's new version, and what could not be stored because it has to be mended first."""

    version: int
    left: tuple[Problem, ...] = ()


def load_page(report_id: int) -> ReportPage:
    """Return a report that the actor may see; raises NotFound."""
    page = report_page(session(), report_id=report_id, by=actor(), now=now())
    about(page.concept_id)
    return page


def read_typed(report_id: int) -> Typed:
    page = load_page(report_id)
    units = {indicator.key: indicator.unit for indicator in page.indicators}
    parsed = parse(
        request.form,
        indicators=units,
        districts=districts().offered(page.working.districts),
        today=today(),
    )
    names = {name for name in REPORT_FIELD if request.form.get(_TAKE + name) == "stored"}
    if names:
        parsed = take_stored(parsed, _theirs(page), _with_unit(names))
    taken = request.form.get("uebernehmen", "")
    if taken not in REPORT_FIELD or page.before is None:
        taken = ""
    else:
        said = page.before.said
        lines = tuple(line for line in said.indicators if line.indicator in units)
        parsed = take_stored(parsed, replace(said, indicators=lines), _with_unit({taken}))
    return Typed(page, parsed, request.form.get("draft_version", -1, type=int), taken)


def store(typed: Typed) -> Stored:
    """Save the draft without what cannot be read or stored.

    Raises what `actions.reports.save_draft` raises, but no Conflict where the stored text is the
    posted one: then an answer was lost on its way, or a button was pressed twice.
    """
    page = typed.page
    posted = typed.parsed.content
    left = located((*typed.parsed.problems, *check_storable(posted)), posted)
    content = without_unstorable(typed.parsed, page.working).content
    try:
        with transaction(session()):
            report = actions.save_draft(
                session(),
                report_id=page.report_id,
                content=content,
                expected_version=typed.version,
                by=actor(),
                now=now(),
            )
            return Stored(report.draft_version, left)
    except Conflict:
        stored = load_page(page.report_id)
        if not stored.has_draft or normalised(stored.working) != normalised(content):
            raise
        return Stored(stored.draft_version, left)


def handed_in_already(typed: Typed) -> bool:
    """Return whether this person has handed in this very text: the button was pressed twice."""
    page = load_page(typed.page.report_id)
    if page.state is not ReportState.SUBMITTED or not page.revisions:
        return False
    latest = page.revisions[-1]
    same = latest.content == normalised(typed.parsed.content)
    return same and latest.submitted_by_id == actor().account_id


def sealed(content: ReportContent) -> str | bytes:
    """Return a content for a page to carry: nobody but us can have written it."""
    return _seal().dumps(to_dict(content))


def copy_id() -> str | None:
    """Return the mark of the browser's own copy of the text, which may now be forgotten."""
    mark = request.form.get("copy_id", "")
    return mark if _COPY_ID.match(mark) else None


def _with_unit(names: set[str]) -> set[str]:
    return names | {"staff_unit"} if "staff" in names else names


def _theirs(page: ReportPage) -> ReportContent:
    """Return the text that the page with both texts showed: autosave may have replaced it since."""
    try:
        return from_dict(_seal().loads(request.form.get("theirs", "")))
    except BadSignature:
        return page.working


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(
        current_app.secret_key or "",
        salt="report-conflict",
        signer_kwargs={"digest_method": hashlib.sha256},
    )


_GROUPS = ("participants", "funding", "indicators", "milestones")
# These are about a group as a whole.
_WHOLE = frozenset({"too_many_lines", "unit_twice"})
_PART = {
    "donor_required": "donor",
    "period_reversed": "end",
    "number_out_of_range": "amount",
    "amount_too_fine": "amount",
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
