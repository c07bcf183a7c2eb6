"""The partner's page: write, change and take back what one's institution adds to a report."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.core.db import transaction
from tracker.core.errors import Conflict, IllegalTransition, Invalid
from tracker.core.permissions import Role
from tracker.core.text import MAX_TEXT
from tracker.reporting.reports.actions import contributions as actions
from tracker.reporting.reports.queries.contributions import PartnerPage, partner_page
from tracker.reporting.reports.web.contributions.forms import ContributionForm, filled, read
from tracker.reporting.reports.web.contributions.panel import said, taken_sentence
from tracker.reporting.reports.web.form_feedback import text_hint
from tracker.reporting.reports.web.phrases import due_words
from tracker.reporting.rules.contribution import EMPTY
from tracker.reporting.words import CONTRIBUTION_FIELD_HELP
from tracker.web import problems
from tracker.web.access import actor, requires
from tracker.web.runtime import now, session, today

blueprint = Blueprint("contributions", __name__, url_prefix="/beitraege")

# The largest key that both databases compare without complaint.
ONE = "/<int(max=2147483647):report_id>"


@blueprint.get(ONE)
@requires(Role.INSTITUTION)
def edit(report_id: int) -> ResponseReturnValue:
    page = _load(report_id)
    if not page.may_write:
        return render_template("contributions/read.html", **_shown(page))
    form = filled(page.own.said.content if page.own else EMPTY)
    return _form(page, form)


@blueprint.post(ONE)
@requires(Role.INSTITUTION)
def save(report_id: int) -> ResponseReturnValue:
    """Save the own contribution; what was typed is never lost."""
    page = _load(report_id)
    form = ContributionForm()
    content, readable = read(form)
    if not readable and page.may_write:
        return _form(page, form, status=problems.HTTP_INVALID)
    try:
        with transaction(session()):
            actions.save(
                session(),
                report_id=report_id,
                content=content,
                expected_version=request.form.get("version", -1, type=int),
                by=actor(),
                now=now(),
            )
    except (Invalid, Conflict) as refusal:
        status = problems.show(form, refusal)
        return _form(_load(report_id), form, status, conflict=isinstance(refusal, Conflict))
    except IllegalTransition as refusal:
        typed = [(field.label.text, field.data) for field in form if field.data]
        body = render_template(
            "contributions/kept.html", page=_load(report_id), refusal=refusal, typed=typed
        )
        return body, problems.HTTP_CONFLICT
    flash(
        "Ihr Beitrag ist gespeichert. Die federführende Institution sieht ihn und kann ihn "
        "übernehmen.",
        "success",
    )
    return redirect(url_for("contributions.edit", report_id=report_id))


@blueprint.post(f"{ONE}/zurueckziehen")
@requires(Role.INSTITUTION)
def withdraw(report_id: int) -> ResponseReturnValue:
    with transaction(session()):
        actions.withdraw(session(), report_id=report_id, by=actor(), now=now())
    flash("Ihr Beitrag ist zurückgezogen.", "success")
    return redirect(url_for("contributions.edit", report_id=report_id))


def _load(report_id: int) -> PartnerPage:
    return partner_page(session(), report_id=report_id, by=actor(), now=now())


def _form(
    page: PartnerPage, form: ContributionForm, status: int = 200, *, conflict: bool = False
) -> ResponseReturnValue:
    body = render_template(
        "contributions/form.html",
        **_shown(page),
        form=form,
        conflict=conflict,
        # After a conflict the next saving replaces what this page shows, and nothing newer.
        version=_version(page) if status == 200 or conflict else request.form.get("version", ""),
        by_oneself=page.own is not None and page.own.saved_by_id == actor().account_id,
        due=due_words(page.due, today=today(), may_write=page.may_write),
        limit=MAX_TEXT,
        privacy=text_hint(form.contribution_text.data or ""),
        help=CONTRIBUTION_FIELD_HELP,
    )
    return body, status


def _version(page: PartnerPage) -> int:
    return page.own.said.version if page.own else 0


def _shown(page: PartnerPage) -> dict[str, object]:
    own = page.own.said if page.own else None
    return {
        "page": page,
        "own": own,
        "own_words": said(own.content) if own else {},
        "taken": taken_sentence(own) if own else "",
    }
