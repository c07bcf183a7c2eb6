"""The report form: show, save (by button or by script), submit; what was typed is never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from tracker.concept.words import target
from tracker.core.db import transaction
from tracker.core.errors import (
    Conflict,
    Forbidden,
    IllegalTransition,
    Invalid,
    NotFound,
    Problem,
    Refused,
)
from tracker.core.german import moment
from tracker.core.periods import local_day
from tracker.core.permissions import Role, may_submit
from tracker.core.problems import problem_text
from tracker.reporting.readable import readable
from tracker.reporting.reports.actions import contributions
from tracker.reporting.reports.actions import reports as actions
from tracker.reporting.reports.queries.report_history import last_save
from tracker.reporting.reports.queries.report_page import ReportPage
from tracker.reporting.reports.web import form_feedback
from tracker.reporting.reports.web.base import ONE, blueprint, districts
from tracker.reporting.reports.web.contributions.panel import panel
from tracker.reporting.reports.web.form_view import (
    DIGESTS,
    FormView,
    box_label,
    field_digests,
    form_view,
)
from tracker.reporting.reports.web.forms import typed_text
from tracker.reporting.reports.web.phrases import (
    UNREADABLE,
    due_words,
    handed_in,
    left_words,
    resubmit_words,
)
from tracker.reporting.reports.web.saving import (
    Stored,
    Typed,
    copy_id,
    handed_in_already,
    load_page,
    located,
    read_typed,
    sealed,
    store,
)
from tracker.reporting.rules.content import normalised
from tracker.reporting.rules.contribution import Part
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.submission import check_submission
from tracker.reporting.words import REPORT_FIELD, REPORT_FIELD_HELP
from tracker.web.access import actor, requires, wants_json
from tracker.web.runtime import now, session, today

STATUS = {Forbidden: 403, IllegalTransition: 409, Conflict: 409, Invalid: 422}


# Whoever opens the address of a refused submission again is led to the form.
@blueprint.get(f"{ONE}/absenden", alias=True)
@blueprint.get(ONE)
@requires(Role.INSTITUTION, Role.COORDINATION)
def edit(report_id: int) -> ResponseReturnValue:
    page = load_page(report_id)
    if not page.may_write:
        return redirect(url_for("reports.show", report_id=report_id))
    return render_form(page, form_view(page, opened=request.args.get("offen", "")))


@blueprint.post(ONE)
@requires(Role.INSTITUTION, Role.COORDINATION)
def save(report_id: int) -> ResponseReturnValue:
    """Save the draft; a script gets the new version as JSON, a person the form again."""
    typed = read_typed(report_id)
    try:
        saved = store(typed)
    except NotFound:
        raise
    except Refused as refusal:
        return _refused(typed, refusal)
    if wants_json():
        return _told(typed, saved)
    if saved.left:
        partly = Invalid(_stored_words(saved), problems=saved.left)
        return _refused(replace(typed, version=saved.version), partly, saved=saved)
    last = last_save(session(), report_id=report_id)
    done = f"{_taken_words(typed)}{_saved_words(last.at if last else now())}"
    flash(f"{done} Die Meldung ist noch nicht abgesendet.", "success")
    place = typed.taken or request.form.get("weitere", "")
    place = place if place in REPORT_FIELD else ""
    return redirect(
        url_for(
            "reports.edit",
            report_id=report_id,
            gespeichert=copy_id(),
            offen=place or None,
            _anchor=place or None,
        )
    )


@blueprint.post(f"{ONE}/absenden")
@requires(Role.INSTITUTION, Role.COORDINATION)
def submit(report_id: int) -> ResponseReturnValue:
    """Save what was typed, then submit it: a refused submission has lost nothing."""
    typed = read_typed(report_id)
    saved: Stored | None = None
    try:
        saved = store(typed)
        typed = replace(typed, version=saved.version)
        if saved.left:
            raise Invalid("", problems=(*saved.left, *missing(typed)))
        if asks_about_names(typed):
            return _asked(typed, names_asked=True)
        if resubmits_the_same(typed):
            return _asked(typed, unchanged_asked=True)
        with transaction(session()):
            actions.submit(
                session(),
                report_id=report_id,
                content=typed.parsed.content,
                expected_version=typed.version,
                by=actor(),
                now=now(),
            )
    except NotFound:
        raise
    except Refused as refusal:
        if not isinstance(refusal, IllegalTransition) or not handed_in_already(typed):
            return _refused(typed, _not_handed_in(refusal, saved), saved=saved)
    flash(handed_in(typed.page, on_behalf=actor().is_coordination), "success")
    return redirect(after_handing_in(report_id))


def after_handing_in(report_id: int) -> str:
    """Return where to go next: an institution to its list, the KI to the report."""
    if actor().is_coordination:
        return url_for("reports.show", report_id=report_id, gespeichert=copy_id())
    return url_for("reports.mine", gespeichert=copy_id())


def render_form(
    page: ReportPage,
    view: FormView,
    *,
    refusal: Refused | None = None,
    unsaved: bool = False,
    left: str = "",
    names_asked: bool = False,
    unchanged_asked: bool = False,
) -> ResponseReturnValue:
    """Return the form's page, with what was refused on top and its status.

    `unsaved` when what stands in the fields is not stored; `left` says what of it alone is not.
    """
    returned = local_day(page.returned_at) if page.returned_at and page.return_comment else None
    due = due_words(page.due, today=today(), may_write=page.may_write)
    if returned:
        due = resubmit_words(returned, page.resubmit_days, today=today())
    just_saved = refusal is None and "gespeichert" in request.args
    last = last_save(session(), report_id=page.report_id) if page.has_draft else None
    return render_template(
        "reports/form.html",
        page=page,
        view=view,
        refusal=refusal,
        unsaved=unsaved,
        left=left,
        names_asked=names_asked,
        unchanged_asked=unchanged_asked,
        due=due,
        on_behalf=actor().is_coordination,
        may_submit=may_submit(actor(), institution_id=page.institution_id),
        account_id=actor().account_id,
        copy_id=copy_id() or "",
        together=panel(page),
        last_save=last,
        saved_ago=(now() - last.at).total_seconds() if last else 0,
        just_saved=just_saved and last is not None,
        step_is_past=step_is_past(page),
        REPORT_FIELD=REPORT_FIELD,
        HELP=REPORT_FIELD_HELP,
        theirs=sealed(page.working) if view.differences else "",
        target=target,
    ), 200 if refusal is None else STATUS[type(refusal)]


def _told(typed: Typed, saved: Stored) -> ResponseReturnValue:
    """Tell a script what is stored, what is not, and what stands in the page because of it."""
    content = typed.parsed.content
    still = located((*saved.left, *missing(typed)), content)
    marked = [{"field": problem.field, "text": problem_text(problem)} for problem in saved.left]
    return {
        "version": saved.version,
        "message": _saved_words(now()),
        "problems": marked,
        "open": sorted({problem.field for problem in still}),
        "left": left_words(saved.left),
        "sums": form_feedback.sums(typed.page, content),
        "hints": form_feedback.questions(content),
        "seen": form_feedback.seen_marks(content),
        "begun": field_digests(content, typed.page.indicators),
    }


def _asked(
    typed: Typed, *, names_asked: bool = False, unchanged_asked: bool = False
) -> ResponseReturnValue:
    """Show the stored form again with a question to think about; the next time it is submitted."""
    view = form_view(typed.page, values=typed.parsed.values, content=typed.parsed.content)
    return render_form(
        load_page(typed.page.report_id),
        view,
        names_asked=names_asked,
        unchanged_asked=unchanged_asked,
    )


def _saved_words(at: datetime) -> str:
    return f"Gespeichert: {moment(at)}."


def _taken_words(typed: Typed) -> str:
    if not typed.taken or typed.page.before is None:
        return ""
    label = REPORT_FIELD[typed.taken]
    return f"Aus {typed.page.before.period.label} übernommen: {label}. "


def _stored_words(saved: Stored) -> str:
    if not left_words(saved.left):
        return "Ihr Entwurf ist gespeichert. Bitte sehen Sie noch einmal hin."
    return "Ihr Entwurf ist gespeichert, nur die hier genannten Angaben noch nicht."


def _not_handed_in(refusal: Refused, saved: Stored | None) -> Refused:
    if isinstance(refusal, Forbidden) and saved:
        return Forbidden(f"{refusal.message} Ihr Entwurf ist gespeichert.")
    if not isinstance(refusal, Invalid):
        return refusal
    draft = _stored_words(saved) if saved and saved.left else "Ihr Entwurf ist gespeichert."
    return Invalid(f"Die Meldung wurde noch nicht abgesendet. {draft}", problems=refusal.problems)


def _refused(typed: Typed, refusal: Refused, *, saved: Stored | None = None) -> ResponseReturnValue:
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    problems = located(problems, typed.parsed.content)
    page = load_page(typed.page.report_id)
    conflict = isinstance(refusal, Conflict)
    content = typed.parsed.content
    view = form_view(
        page,
        values=typed.parsed.values,
        problems=problems,
        mine=content if conflict else None,
        content=content,
        digests=request.form.get(DIGESTS, ""),
    )
    if wants_json():
        fields = [text for _, text in view.summary]
        message = " ".join((refusal.message, *fields))
        return {"error": type(refusal).__name__, "message": message}, STATUS[type(refusal)]
    if isinstance(refusal, IllegalTransition):
        return _kept(page, typed, refusal)
    if isinstance(refusal, Invalid | Forbidden) and page.draft_version != typed.version:
        # Somebody saved in between: the form keeps its own version and will say so when saved.
        page = replace(page, draft_version=typed.version)
        view = replace(view, digests=request.form.get(DIGESTS, ""))
    left = left_words(saved.left) if saved else ""
    return render_form(page, view, refusal=refusal, unsaved=saved is None, left=left)


def _kept(page: ReportPage, typed: Typed, refusal: IllegalTransition) -> ResponseReturnValue:
    """Show what was typed, to be copied: it cannot be saved any more."""
    unread = {
        problem.field: (
            box_label(problem.field, page),
            typed_text(typed.parsed.values, problem.field),
        )
        for problem in typed.parsed.problems
        if problem.code in UNREADABLE
    }
    words = readable(typed.parsed.content, page.indicators, districts=districts().known)
    return render_template(
        "reports/kept.html",
        page=page,
        refusal=refusal,
        typed={name: (REPORT_FIELD[name], text) for name, text in words.items()} | unread,
        on_behalf=actor().is_coordination,
    ), STATUS[IllegalTransition]


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


@blueprint.post(f"{ONE}/beitraege/<int(max=2147483647):contribution_id>")
@requires(Role.INSTITUTION, Role.COORDINATION)
def take_over(report_id: int, contribution_id: int) -> ResponseReturnValue:
    """Add the ticked parts of a contribution to the draft.

    The form's button posts the whole form along: it is saved as with "Entwurf speichern", and a
    text that cannot be saved is shown again as there, with nothing taken over.
    """
    place = url_for("reports.edit", report_id=report_id)
    if "draft_version" in request.form:
        answer = save(report_id)
        if not isinstance(answer, Response):
            return answer
        place = answer.location or place
    name = f"take-beitrag-{contribution_id}"
    try:
        with transaction(session()):
            contributions.take_over(
                session(),
                report_id=report_id,
                contribution_id=contribution_id,
                version=request.form.get(f"{name}-version", -1, type=int),
                parts=[part for part in Part if f"{name}-{part}" in request.form],
                by=actor(),
                now=now(),
            )
    except (Conflict, IllegalTransition, Invalid) as refusal:
        if isinstance(refusal, IllegalTransition) and refusal.possible:
            raise
        flash(_with_remedies(refusal), "danger")
        return redirect(f"{place}#beitraege")
    flash("Der Beitrag steht jetzt in der Meldung. Bitte lesen Sie ihn dort durch.", "success")
    part = "achieved" if f"{name}-{Part.TEXT}" in request.form else "beitraege"
    return redirect(f"{place}#{part}")


def _with_remedies(refusal: Refused) -> str:
    """Return a refusal with what to do; the page it leads to shows what there is now."""
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    return " ".join(
        (refusal.message, *dict.fromkeys(problem_text(problem) for problem in problems))
    )
