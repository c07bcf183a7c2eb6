"""Several unchanged confirmations at once: choose, look at the choice, accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker.core.db import transaction
from tracker.core.german import counted
from tracker.core.permissions import Role
from tracker.core.text import is_key
from tracker.reporting.review.actions.review import AcceptOutcome, ChosenReport, accept_many
from tracker.reporting.review.queries.review_queue import QueueRow, selected
from tracker.reporting.review.web.base import blueprint, from_address, query_of, waiting_reports
from tracker.web import problems
from tracker.web.access import actor, requires
from tracker.web.runtime import now, session

CHANGE_CHOICE = "aendern"
NOTHING_CHOSEN = "Bitte kreuzen Sie mindestens eine Meldung an."


@blueprint.get("/pruefung/unveraendert")
@requires(Role.COORDINATION)
def unchanged() -> ResponseReturnValue:
    rows = _unchanged()
    ticked = {row.report_id for row in rows if row.goes_together and not row.is_often_unchanged}
    return _list(rows, ticked)


@blueprint.post("/pruefung/unveraendert")
@requires(Role.COORDINATION)
def preview() -> ResponseReturnValue:
    chosen, rows = _chosen(), _unchanged()
    if not chosen:
        return _list(rows, set(), error=NOTHING_CHOSEN)
    if request.form.get("schritt") == CHANGE_CHOICE:
        return _list(rows, {report.report_id for report in chosen})
    current = {ChosenReport(row.report_id, row.revision): row for row in rows if row.goes_together}
    reports = [current[report] for report in chosen if report in current]
    return render_template(
        "review/preview.html",
        reports=reports,
        gone=_named([report.report_id for report in chosen if report not in current]),
        query=_query(),
    )


@blueprint.post("/pruefung/unveraendert/annehmen")
@requires(Role.COORDINATION)
def accept_unchanged() -> ResponseReturnValue:
    chosen = _chosen()
    if not chosen:
        return _list(_unchanged(), set(), error=NOTHING_CHOSEN)
    with transaction(session()):
        outcomes = accept_many(session(), chosen=chosen, by=actor(), now=now())
    refused = {outcome.report_id: outcome.refusal for outcome in outcomes if outcome.refusal}
    done = counted(len(outcomes) - len(refused), "Meldung ist", "Meldungen sind")
    if not refused:
        flash(f"{done} angenommen.", "success")
        return redirect(f"/pruefung/{query_of(from_address())}")
    return render_template(
        "review/accepted.html",
        accepted=len(outcomes) - len(refused),
        refused=_refused(outcomes),
        query=query_of(from_address()),
    ), 200 if len(refused) < len(outcomes) else problems.HTTP_CONFLICT


def _chosen() -> list[ChosenReport]:
    """Return the ticked reports, "12-1" for the first revision of report 12."""
    pairs = (text.partition("-") for text in dict.fromkeys(request.form.getlist("report")))
    return [
        ChosenReport(int(report_id), int(revision))
        for report_id, _, revision in pairs
        if is_key(report_id) and is_key(revision)
    ]


def _unchanged() -> tuple[QueueRow, ...]:
    selection = replace(from_address(), unchanged=True)
    rows = waiting_reports()
    return tuple(row for row in selected(rows, selection) if row.may_decide)


def _named(ids: Sequence[int]) -> list[QueueRow]:
    rows = waiting_reports(ids) if ids else ()
    return [row for row in rows if row.report_id in ids]


def _refused(outcomes: Sequence[AcceptOutcome]) -> list[tuple[QueueRow, str]]:
    reasons = {outcome.report_id: outcome.refusal for outcome in outcomes if outcome.refusal}
    return [(row, reasons[row.report_id]) for row in _named(list(reasons))]


def _list(rows: Sequence[QueueRow], ticked: set[int], *, error: str = "") -> ResponseReturnValue:
    return render_template(
        "review/unchanged.html",
        reports=[row for row in rows if row.goes_together],
        alone=[row for row in rows if row.finding],
        ticked=ticked,
        error=error,
        query=_query(),
    ), problems.HTTP_INVALID if error else 200


def _query() -> str:
    return query_of(from_address())
