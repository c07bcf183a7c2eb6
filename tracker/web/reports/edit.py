"""The report form: show, save (by button or by script), submit; what was typed is never lost."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from tracker.actions import reports as actions
from tracker.db import transaction
from tracker.queries.report_history import last_save
from tracker.queries.report_page import ReportPage, report_page
from tracker.rules.content import ReportContent, from_dict, to_dict
from tracker.rules.errors import (
    Conflict,
    Forbidden,
    IllegalTransition,
    Invalid,
    NotFound,
    Refused,
)
from tracker.rules.periods import local_day
from tracker.rules.permissions import Role, may_submit
from tracker.rules.submission import Problem, check_storable, check_submission
from tracker.web.access import actor, requires, wants_json
from tracker.web.contributions.panel import panel
from tracker.web.filters import moment
from tracker.web.reports.base import ONE, blueprint
from tracker.web.reports.form_view import FormView, form_view
from tracker.web.reports.forms import Parsed, parse, take_stored
from tracker.web.reports.phrases import due_words, handed_in, left_words, resubmit_words
from tracker.web.reports.places import located, without_unstorable
from tracker.web.reports.readable import readable, target
from tracker.web.runtime import now, roll_back, session, today
from tracker.wording import REPORT_FIELD, REPORT_FIELD_HELP, problem_text

STATUS = {Forbidden: 403, IllegalTransition: 409, Conflict: 409, Invalid: 422}
_COPY_ID = re.compile(r"^[a-z0-9-]{1,40}$")
_TAKE = "take-"


@dataclass(frozen=True)
class Typed:
    """A posted form with the report it belongs to and the version it was begun from."""

    page: ReportPage
    parsed: Parsed
    version: int


@blueprint.get(ONE)
@requires(Role.INSTITUTION, Role.COORDINATION)
def edit(report_id: int) -> ResponseReturnValue:
    """Show the form; a report that cannot be changed now is shown for reading."""
    page = load_page(report_id)
    if not page.may_write:
        return redirect(url_for("reports.show", report_id=report_id))
    return render_form(page, form_view(page))


@blueprint.post(ONE)
@requires(Role.INSTITUTION, Role.COORDINATION)
def save(report_id: int) -> ResponseReturnValue:
    """Save the draft; a script gets the new version as JSON, a person the form again."""
    typed = _typed(report_id)
    left: tuple[Problem, ...] = ()
    if wants_json() and typed.page.may_write:
        left = located(
            (*typed.parsed.problems, *check_storable(typed.parsed.content)), typed.parsed.content
        )
        typed = replace(typed, parsed=without_unstorable(typed.parsed, typed.page.working))
    try:
        version = _save(typed)
    except NotFound:
        raise
    except Refused as refusal:
        return _refused(typed, refusal)
    saved = f"Gespeichert: {moment(now())}."
    if wants_json():
        marked = [{"field": item.field, "text": problem_text(item)} for item in left]
        return {"version": version, "message": saved, "problems": marked, "left": left_words(left)}
    flash(f"{saved} Die Meldung ist noch nicht abgesendet.", "success")
    return redirect(url_for("reports.edit", report_id=report_id, gespeichert=_copy_id()))


@blueprint.post(f"{ONE}/absenden")
@requires(Role.INSTITUTION, Role.COORDINATION)
def submit(report_id: int) -> ResponseReturnValue:
    """Save what was typed, then submit it: a refused submission has lost nothing."""
    typed = _typed(report_id)
    saved = False
    try:
        typed = replace(typed, version=_save(typed, submitting=True))
        saved = True
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
        if saved and isinstance(refusal, Forbidden):
            refusal = Forbidden(f"{refusal.message} Ihr Entwurf ist gespeichert.")
        if isinstance(refusal, Invalid):
            draft = (
                "Ihr Entwurf ist gespeichert."
                if saved
                else "Auch der Entwurf ist noch nicht gespeichert."
            )
            refusal = Invalid(
                f"Die Meldung wurde noch nicht abgesendet. {draft}", problems=refusal.problems
            )
        return _refused(typed, refusal, saved=saved)
    flash(handed_in(typed.page, on_behalf=actor().is_coordination), "success")
    return redirect(after_handing_in(report_id))


def after_handing_in(report_id: int) -> str:
    """Return where to go next: an institution to its list, the KI to the report."""
    if actor().is_coordination:
        return url_for("reports.show", report_id=report_id, gespeichert=_copy_id())
    return url_for("reports.mine", gespeichert=_copy_id())


def load_page(report_id: int) -> ReportPage:
    """Return a report that the actor may see; raises NotFound."""
    return report_page(session(), report_id=report_id, by=actor(), now=now())


def render_form(
    page: ReportPage,
    view: FormView,
    *,
    refusal: Refused | None = None,
    unsaved: bool = False,
) -> ResponseReturnValue:
    """Return the form's page, with what was refused on top and its status.

    `unsaved` when what stands in the fields is not stored.
    """
    returned = local_day(page.returned_at) if page.returned_at and page.return_comment else None
    due = due_words(page.due, today=today(), may_write=page.may_write)
    if returned:
        due = resubmit_words(returned, page.resubmit_days, today=today())
    body = render_template(
        "reports/form.html",
        page=page,
        view=view,
        refusal=refusal,
        unsaved=unsaved,
        due=due,
        on_behalf=actor().is_coordination,
        may_submit=may_submit(actor(), institution_id=page.institution_id),
        account_id=actor().account_id,
        copy_id=_copy_id() or "",
        together=panel(page),
        last_save=last_save(session(), report_id=page.report_id) if view.differences else None,
        REPORT_FIELD=REPORT_FIELD,
        HELP=REPORT_FIELD_HELP,
        theirs=_seal().dumps(to_dict(page.working)) if view.differences else "",
        target=target,
    )
    return body, 200 if refusal is None else STATUS[type(refusal)]


def _typed(report_id: int) -> Typed:
    page = load_page(report_id)
    parsed = parse(request.form, indicators=[item.key for item in page.indicators])
    taken = {name for name in REPORT_FIELD if request.form.get(_TAKE + name) == "stored"}
    if "staff" in taken:
        taken.add("staff_unit")
    if taken:
        parsed = take_stored(parsed, _theirs(page), taken)
    return Typed(page, parsed, request.form.get("draft_version", -1, type=int))


def _theirs(page: ReportPage) -> ReportContent:
    """Return the text that the page with both texts showed: autosave may have replaced it since."""
    try:
        return from_dict(_seal().loads(request.form.get("theirs", "")))
    except BadSignature:
        return page.working


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="report-conflict")


def _save(typed: Typed, *, submitting: bool = False) -> int:
    parsed, page = typed.parsed, typed.page
    if parsed.problems and page.may_write:
        before = page.before.value.implementation if page.before else None
        others = (
            check_submission(parsed.content, before=before)
            if submitting
            else check_storable(parsed.content)
        )
        raise Invalid(
            "Der Entwurf konnte noch nicht gespeichert werden.",
            problems=(*parsed.problems, *others),
        )
    roll_back()  # `transaction` has to begin before its own first read
    with transaction(session()):
        report = actions.save_draft(
            session(),
            report_id=page.report_id,
            content=parsed.content,
            expected_version=typed.version,
            by=actor(),
            now=now(),
        )
        return report.draft_version


def _refused(typed: Typed, refusal: Refused, *, saved: bool = False) -> ResponseReturnValue:
    roll_back()
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    problems = located(problems, typed.parsed.content)
    page = load_page(typed.page.report_id)
    conflict = isinstance(refusal, Conflict)
    view = form_view(
        page,
        values=typed.parsed.values,
        problems=problems,
        mine=typed.parsed.content if conflict else None,
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
    return render_form(page, view, refusal=refusal, unsaved=not saved)


def _kept(page: ReportPage, typed: Typed, refusal: IllegalTransition) -> ResponseReturnValue:
    """Show what was typed, to be copied: it cannot be saved any more."""
    body = render_template(
        "reports/kept.html",
        page=page,
        refusal=refusal,
        typed=readable(typed.parsed.content, page.indicators),
        on_behalf=actor().is_coordination,
        REPORT_FIELD=REPORT_FIELD,
    )
    return body, STATUS[IllegalTransition]


def _copy_id() -> str | None:
    """Return the mark of the browser's own copy of the text, which may now be forgotten."""
    found = request.form.get("copy_id", "")
    return found if _COPY_ID.match(found) else None
