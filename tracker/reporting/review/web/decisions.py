"""What the KI decides on a report; after a decision the next report follows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from wtforms import TextAreaField

from tracker.core.db import transaction
from tracker.core.errors import Conflict, IllegalTransition, Invalid
from tracker.core.german import counted
from tracker.core.permissions import Role
from tracker.core.text import is_key
from tracker.reporting.models import Decision
from tracker.reporting.reports.actions.report_steps import load
from tracker.reporting.reports.queries.report_history import reviews
from tracker.reporting.review.actions import review as actions
from tracker.reporting.review.queries.review_queue import Following, following, selected
from tracker.reporting.review.web.base import (
    Forms,
    TooLate,
    blueprint,
    from_address,
    page,
    posted_forms,
    query_of,
    waiting_reports,
)
from tracker.reporting.review.web.forms import AcceptForm, RevokeForm, WaiveForm
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rounds.web.forms import ExtensionForm
from tracker.web import problems
from tracker.web.access import actor, requires
from tracker.web.forms import Form
from tracker.web.runtime import now, session

# Does the work and returns what to tell.
Work = Callable[[Session], str]


@blueprint.post("/pruefung/<int:report_id>/annehmen")
@requires(Role.COORDINATION)
def accept(report_id: int) -> ResponseReturnValue:
    forms = posted_forms()

    def work(session: Session) -> str:
        actions.accept(
            session,
            report_id=report_id,
            reviewed=None,
            reason="",
            revision=_number(forms.accept),
            by=actor(),
            now=now(),
        )
        return "Die Meldung ist angenommen."

    return _decide(report_id, forms.accept, forms, work)


@blueprint.post("/pruefung/<int:report_id>/feststellen")
@requires(Role.COORDINATION)
def accept_other_value(report_id: int) -> ResponseReturnValue:
    forms = posted_forms()
    form = problems.require_value(forms.other)

    def work(session: Session) -> str:
        report = actions.accept(
            session,
            report_id=report_id,
            reviewed=form.value(),
            reason=form.reason.data or "",
            revision=_number(form),
            by=actor(),
            now=now(),
        )
        if report.reviewed_implementation is None:
            return "Die Meldung ist wie gemeldet angenommen: Gewählt war der gemeldete Wert."
        return "Die Meldung ist mit dem festgestellten Wert angenommen."

    return _decide(report_id, form, forms, work)


@blueprint.post("/pruefung/<int:report_id>/zurueckgeben")
@requires(Role.COORDINATION)
def give_back(report_id: int) -> ResponseReturnValue:
    forms = posted_forms()
    form = forms.give_back

    def work(session: Session) -> str:
        actions.return_report(
            session,
            report_id=report_id,
            comment=form.comment.data or "",
            field_comments=form.field_comments(),
            revision=_number(form),
            by=actor(),
            now=now(),
        )
        return "Die Meldung ist mit Ihrer Rückfrage zurückgegeben."

    return _decide(report_id, form, forms, work)


@blueprint.post("/pruefung/<int:report_id>/widerrufen")
@requires(Role.COORDINATION)
def revoke(report_id: int) -> ResponseReturnValue:
    form = RevokeForm()

    def work(session: Session) -> str:
        reason = form.revoke_reason.data or ""
        actions.revoke(session, report_id=report_id, reason=reason, by=actor(), now=now())
        return "Die Annahme ist widerrufen. Bitte prüfen Sie die Meldung erneut."

    return _stay(report_id, form, Forms(revoke=form), work)


@blueprint.post("/pruefung/<int:report_id>/befreien")
@requires(Role.COORDINATION)
def waive(report_id: int) -> ResponseReturnValue:
    form = WaiveForm()

    def work(session: Session) -> str:
        reason = form.waive_reason.data or ""
        actions.waive(session, report_id=report_id, reason=reason, by=actor(), now=now())
        return "Für diese Maßnahme ist in dieser Runde keine Meldung nötig."

    return _stay(report_id, form, Forms(waive=form), work)


@blueprint.post("/pruefung/<int:report_id>/befreiung-aufheben")
@requires(Role.COORDINATION)
def unwaive(report_id: int) -> ResponseReturnValue:
    form = Form()

    def work(session: Session) -> str:
        actions.unwaive(session, report_id=report_id, by=actor(), now=now())
        return "Die Befreiung ist aufgehoben. Die Meldung wird wieder erwartet."

    return _stay(report_id, form, Forms(), work)


@blueprint.post("/pruefung/<int:report_id>/nachfrist")
@requires(Role.COORDINATION)
def extend(report_id: int) -> ResponseReturnValue:
    form = ExtensionForm()

    def work(session: Session) -> str:
        report = load(session, report_id=report_id, by=actor())
        rounds.grant_extension(
            session,
            round_=rounds.load(session, round_id=report.round_id),
            institution_id=None,
            report_id=report_id,
            until=problems.require_value(form.until.data),
            reason=form.reason.data or "",
            by=actor(),
            now=now(),
        )
        return "Die Nachfrist ist gewährt."

    return _stay(report_id, form, Forms(extension=form), work)


def _decide(report_id: int, form: AcceptForm, forms: Forms, work: Work) -> ResponseReturnValue:
    unused = list(_unused(form, forms))
    if unused:
        for field, problem in unused:
            field.errors = [problem]
        return page(report_id, forms, problems.HTTP_INVALID)
    status, done = _try(form, forms, work)
    if forms.too_late and _is_mine(report_id, form, forms):
        status, done = 0, "Ihre Entscheidung war schon gespeichert."
    if status:
        return page(report_id, forms, status)
    selection = from_address()
    rows = waiting_reports([report_id])
    shown = selected(rows, selection)
    next_ = following(shown, after=report_id)
    outside = {row.report_id for row in rows} - {row.report_id for row in shown} - {report_id}
    flash(f"{done} {_what_follows(next_, outside=len(outside))}", "success")
    path = "/pruefung/" if next_.report_id is None else f"/pruefung/{next_.report_id}"
    return redirect(f"{path}{query_of(selection)}")


def _unused(form: Form, forms: Forms) -> Iterator[tuple[TextAreaField, str]]:
    """Return the texts that this decision would leave behind, and what to do with each."""
    again = "oder leeren Sie das Feld und entscheiden Sie dann noch einmal."
    if form is not forms.give_back:
        remedy = (
            f"Sie haben eine Rückfrage geschrieben. Geben Sie die Meldung damit zurück, {again}"
        )
        yield from ((question, remedy) for question in forms.give_back.questions() if question.data)
    if form is not forms.other and forms.other and forms.other.reason.data:
        remedy = (
            "Sie haben einen anderen Wert begründet. Nehmen Sie die Meldung mit diesem Wert an, "
        )
        yield forms.other.reason, f"{remedy}{again}"


def _is_mine(report_id: int, form: AcceptForm, forms: Forms) -> bool:
    """Return whether the decision that stands is this very one, sent twice."""
    decided = reviews(session(), report_id=report_id)
    if not decided or decided[-1].decided_by_id != actor().account_id:
        return False
    last = decided[-1]
    if last.revision != _number(form):
        return False
    if form is forms.give_back:
        comments = {name: text.strip() for name, text in form.field_comments().items()}
        said = {name: text for name, text in comments.items() if text}
        same = (form.comment.data or "").strip() in ("", last.comment)
        return last.decision is Decision.RETURNED and last.field_comments == said and same
    value = form.value() if form is forms.other else None
    return last.decision is Decision.ACCEPTED and last.reviewed == value


def _what_follows(next_: Following, *, outside: int) -> str:
    """Return what comes next, and what of it is left to somebody else or to another selection."""
    own = counted(next_.skipped, "Meldung", "Meldungen")
    if next_.report_id is not None:
        skipped = f" Übersprungen: {own}, die Sie selbst abgegeben haben." if next_.skipped else ""
        return f"Hier ist die nächste.{skipped}"
    where = " in dieser Auswahl" if outside else ""
    sentences = [f"Es wartet{where} keine weitere Meldung auf Ihre Prüfung."]
    if next_.skipped:
        sentences.append(f"{own} haben Sie selbst abgegeben; das prüft eine andere Person.")
    if outside:
        waits = counted(outside, "Meldung wartet", "Meldungen warten")
        sentences.append(f"Außerhalb der Auswahl: {waits}.")
    return " ".join(sentences)


def _stay(report_id: int, form: Form, forms: Forms, work: Work) -> ResponseReturnValue:
    status, done = _try(form, forms, work)
    if status:
        return page(report_id, forms, status)
    flash(done, "success")
    return redirect(f"/pruefung/{report_id}{query_of(from_address())}")


def _try(form: Form, forms: Forms, work: Work) -> tuple[int, str]:
    """Return 0 and what to tell, or the status with which the form is shown again.

    Where somebody decided first, the form is gone from the page: the typed text is kept on it.
    """
    if not form.validate():
        return problems.HTTP_INVALID, ""
    try:
        with transaction(session()):
            return 0, work(session())
    except (Invalid, Conflict) as refusal:
        return problems.show(form, refusal), ""
    except IllegalTransition as refusal:
        forms.too_late = TooLate(refusal.message, refusal.possible, _texts(forms))
        return problems.HTTP_CONFLICT, ""


def _texts(forms: Forms) -> tuple[tuple[str, str], ...]:
    posted = (forms.give_back, forms.other, forms.revoke, forms.waive, forms.extension)
    areas = (area for form in posted if form for area in form if isinstance(area, TextAreaField))
    return tuple((area.label.text, area.data) for area in areas if area.data)


def _number(form: AcceptForm) -> int | None:
    """Return the revision that was read; what is no number cannot be the present one."""
    text = form.revision.data or ""
    return int(text) if is_key(text) else -1
