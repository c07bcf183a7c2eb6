"""What the form asks before it submits: each once, and none of it is a refusal."""

from __future__ import annotations

from flask import request

from tracker.core.errors import Problem
from tracker.core.permissions import may_submit
from tracker.reporting.reports.queries.report_page import ReportPage
from tracker.reporting.reports.web import form_feedback
from tracker.reporting.reports.web.saving import Typed
from tracker.reporting.rules.content import normalised
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.submission import check_submission
from tracker.web.access import actor
from tracker.web.runtime import today

UNCHANGED = "unveraendert"


def missing(typed: Typed) -> tuple[Problem, ...]:
    before = typed.page.before.value.implementation if typed.page.before else None
    return check_submission(typed.parsed.content, before=before)


def asks_about_names(typed: Typed) -> bool:
    """Return whether to ask once about a name that no page has shown yet; then it is submitted."""
    if missing(typed) or not may_submit(actor(), institution_id=typed.page.institution_id):
        return False  # there is something else to say first
    return form_feedback.unseen(typed.parsed.content, request.form.get("hinweise", ""))


def resubmits_the_same(typed: Typed) -> bool:
    """Return whether to say once that a returned report would be handed in as it was."""
    page = typed.page
    if page.state is not ReportState.RETURNED or UNCHANGED in request.form:
        return False
    if missing(typed) or not may_submit(actor(), institution_id=page.institution_id):
        return False
    return page.revisions[-1].content == normalised(typed.parsed.content)


def step_is_past(page: ReportPage) -> bool:
    """Return whether the form still shows the last report's day of the next step, now past."""
    step = page.working.next_step_on
    return bool(page.before and step and step == page.before.said.next_step_on and step < today())
