"""The report for reading with its history, and the short steps: confirm, withdraw, dissent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.core.db import transaction
from tracker.core.errors import Invalid, NotFound, Refused
from tracker.core.permissions import Role, may_review, may_submit
from tracker.core.problems import problem_text
from tracker.core.signs import sign_words
from tracker.core.text import without_control_characters
from tracker.reporting.readable import readable
from tracker.reporting.reports.actions import reports as actions
from tracker.reporting.reports.queries.report_history import Act, Revision, acts
from tracker.reporting.reports.queries.report_page import ReportPage
from tracker.reporting.reports.web.base import ONE, blueprint, districts
from tracker.reporting.reports.web.confirming import ask_before_confirming
from tracker.reporting.reports.web.contributions.panel import panel
from tracker.reporting.reports.web.edit import STATUS, after_handing_in, render_form
from tracker.reporting.reports.web.form_view import FIRST_SCREEN, SECTIONS, form_view
from tracker.reporting.reports.web.forms import written
from tracker.reporting.reports.web.phrases import due_words, handed_in
from tracker.reporting.reports.web.saving import load_page
from tracker.reporting.rules.free_text import likely_personal
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.words import DECISION, REPORT_FIELD
from tracker.web.access import actor, requires
from tracker.web.runtime import now, session, settings, today


@dataclass(frozen=True)
class HistoryStep:
    """One step: when, what, by whom, with comment; `revision` where something was handed in.

    `questions` are what a return asked at single fields: the field's word and the text.
    """

    at: datetime
    title: str
    by: str
    comment: str
    revision: Revision | None = None
    questions: tuple[tuple[str, str], ...] = ()


def history(page: ReportPage, withdrawn: Sequence[Act] = ()) -> tuple[HistoryStep, ...]:
    steps = [
        HistoryStep(
            at=revision.submitted_at,
            title=_handed_in(revision),
            by=f"{revision.submitted_by} für {page.institution}"
            if revision.on_behalf
            else revision.submitted_by,
            comment="",
            revision=revision,
        )
        for revision in page.revisions
    ]
    steps += [
        HistoryStep(
            at=review.decided_at,
            title=f"Fassung {review.revision}: {DECISION[review.decision].text}",
            by=settings().office_name,
            comment=review.comment,
            questions=tuple(
                (REPORT_FIELD[name], review.field_comments[name])
                for name in REPORT_FIELD
                if name in review.field_comments
            ),
        )
        for review in page.reviews
    ]
    steps += [HistoryStep(act.at, "Meldung zurückgezogen", act.name, "") for act in withdrawn]
    if page.dissent_at is not None:
        steps.append(
            HistoryStep(
                page.dissent_at, "Abweichende Stellungnahme", page.institution, page.dissent
            )
        )
    return tuple(sorted(steps, key=lambda step: step.at))


def _handed_in(revision: Revision) -> str:
    how = "unverändert bestätigt" if revision.unchanged else "abgegeben"
    on_behalf = ", im Namen der Institution" if revision.on_behalf else ""
    return f"Fassung {revision.number}: {how}{on_behalf}"


# Umsetzungsstand and Verlauf stand above, beside the previous and the reviewed ones.
_AFTER_STATUS = tuple(name for name in FIRST_SCREEN if name not in {"implementation", "course"})


@blueprint.get(f"{ONE}/ansehen")
@requires(Role.INSTITUTION, Role.COORDINATION)
def show(report_id: int) -> ResponseReturnValue:
    return _show(load_page(report_id))


@blueprint.post(f"{ONE}/bestaetigen")
@requires(Role.INSTITUTION, Role.COORDINATION)
def confirm(report_id: int) -> ResponseReturnValue:
    page = load_page(report_id)
    remark = without_control_characters(request.form.get("remark", ""))[0]
    if page.may_write and page.before and not actor().is_coordination:
        question = ask_before_confirming(report_id, remark.strip())
        if question is not None:
            return question
    try:
        with transaction(session()):
            actions.confirm_unchanged(
                session(), report_id=report_id, by=actor(), now=now(), remark=remark
            )
    except Invalid as refusal:
        # Today's rules ask for more than the earlier report says: the form asks for it.
        page = load_page(report_id)
        content = replace(page.working, changed=remark)
        view = form_view(page, values=written(content), problems=refusal.problems)
        return render_form(page, view, refusal=refusal, unsaved=True)
    flash(handed_in(page, on_behalf=actor().is_coordination, unchanged=True), "success")
    return redirect(after_handing_in(report_id))


@blueprint.post(f"{ONE}/zurueckziehen")
@requires(Role.INSTITUTION, Role.COORDINATION)
def withdraw(report_id: int) -> ResponseReturnValue:
    with transaction(session()):
        actions.withdraw(session(), report_id=report_id, by=actor(), now=now())
    flash("Die Meldung ist zurückgezogen und wieder ein Entwurf.", "success")
    return redirect(url_for("reports.edit", report_id=report_id))


@blueprint.post(f"{ONE}/stellungnahme")
@requires(Role.INSTITUTION, Role.COORDINATION)
def dissent(report_id: int) -> ResponseReturnValue:
    text, removed = without_control_characters(request.form.get("dissent", ""))
    try:
        with transaction(session()):
            actions.dissent(session(), report_id=report_id, text=text, by=actor(), now=now())
    except NotFound:
        raise
    except Refused as refusal:
        return _show(load_page(report_id), refusal=refusal, dissent_text=text)
    note = " Unsichtbare Steuerzeichen sind entfernt." if removed else ""
    flash(f"Ihre Stellungnahme ist gespeichert.{note}", "success")
    if signs := sign_words(text):
        flash(signs, "warning")
    if names := likely_personal(text):
        quoted = ", ".join(f"„{words}“" for words in names)
        flash(
            f"Ist in Ihrer Stellungnahme eine Person zu erkennen? {quoted} – Sie können sie "
            "ändern, bis die Runde veröffentlicht ist.",
            "warning",
        )
    return redirect(url_for("reports.show", report_id=report_id))


def _show(
    page: ReportPage, *, refusal: Refused | None = None, dissent_text: str | None = None
) -> ResponseReturnValue:
    latest = page.revisions[-1] if page.revisions else None
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    read = partial(readable, districts=districts().known)
    return render_template(
        "reports/show.html",
        page=page,
        latest=latest,
        waived=page.state is ReportState.WAIVED,
        texts=read(latest.content if latest else page.working, page.indicators),
        draft=read(page.working, page.indicators) if page.has_draft else {},
        before=read(page.before.said, page.indicators) if page.before else {},
        sections=(("schritt", "Erreichtes und nächster Schritt", _AFTER_STATUS), *SECTIONS),
        history=history(page, acts(session(), report_id=page.report_id, verb="report.withdraw")),
        due=due_words(page.due, today=today(), may_write=page.may_write),
        may_submit=may_submit(actor(), institution_id=page.institution_id),
        on_behalf=actor().is_coordination,
        may_review=may_review(actor(), submitted_by_id=latest.submitted_by_id if latest else None),
        refusal=refusal,
        together=panel(page),
        errors=[problem_text(problem) for problem in problems],
        dissent_text=page.dissent if dissent_text is None else dissent_text,
        REPORT_FIELD=REPORT_FIELD,
        readable=read,
    ), 200 if refusal is None else STATUS[type(refusal)]
