"""The partner's page: write, change and take back what one's institution adds to a report."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, StringField, TextAreaField

from tracker.core.db import transaction
from tracker.core.errors import Conflict, IllegalTransition, Invalid, Problem
from tracker.core.german import number, read_amount, read_count
from tracker.core.permissions import Role
from tracker.core.problems import problem_text, unreadable
from tracker.core.text import MAX_TEXT, without_control_characters
from tracker.reporting.reports.actions import contributions as actions
from tracker.reporting.reports.queries.contributions import PartnerPage, partner_page
from tracker.reporting.reports.web.contributions.panel import said, taken_sentence
from tracker.reporting.reports.web.form_feedback import text_hint
from tracker.reporting.reports.web.phrases import due_words
from tracker.reporting.rules.content import Participants, ParticipantUnit
from tracker.reporting.rules.contribution import EMPTY, ContributionContent, check_contribution
from tracker.reporting.words import (
    CONTRIBUTION_FIELD,
    CONTRIBUTION_FIELD_HELP,
    PARTICIPANT_UNIT,
    PARTICIPANT_WORDS,
)
from tracker.web import problems
from tracker.web.access import actor, requires
from tracker.web.forms import Form
from tracker.web.runtime import now, session, today

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
        read_unit = partial(read_count, units=PARTICIPANT_WORDS[unit])
        count = _read(field, read_unit, "count_invalid")
        if count is not None:
            lines.append(Participants(unit, count))
            for problem in check_contribution(ContributionContent("x", (lines[-1],))):
                _add(field, problem)
    cost = _read(form.cost_actual, read_amount, "number_invalid")
    content = ContributionContent(text, tuple(lines), cost)
    return content, not any(field.errors for field in form)


def _read(field: Field, read_text: Callable[[str], Read], code: str) -> Read | None:
    text = (field.data or "").strip()
    if not text:
        return None
    try:
        return read_text(text)
    except ValueError as error:
        _add(field, unreadable(field.name, text, error, code))
        return None


def _add(field: Field, problem: Problem) -> None:
    field.errors = [*field.errors, problem_text(problem)]


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
        return render_template(
            "contributions/kept.html", page=_load(report_id), refusal=refusal, typed=typed
        ), problems.HTTP_CONFLICT
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
    version = page.own.said.version if page.own else 0
    text = form.contribution_text.data or ""
    return render_template(
        "contributions/form.html",
        **_shown(page),
        form=form,
        conflict=conflict,
        # After a conflict the next saving replaces what this page shows, and nothing newer.
        version=version if status == 200 or conflict else request.form.get("version", ""),
        by_oneself=page.own is not None and page.own.saved_by_id == actor().account_id,
        due=due_words(page.due, today=today(), may_write=page.may_write),
        limit=MAX_TEXT,
        privacy=text_hint(text),
        help=CONTRIBUTION_FIELD_HELP,
    ), status


def _shown(page: PartnerPage) -> dict[str, object]:
    own = page.own.said if page.own else None
    return {
        "page": page,
        "own": own,
        "own_words": said(own.content) if own else {},
        "taken": taken_sentence(own) if own else "",
    }
