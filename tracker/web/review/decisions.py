"""What the KI decides on a report; after a decision the next report follows at once."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.actions import review as actions
from tracker.actions import rounds
from tracker.actions.report_steps import load
from tracker.db import transaction
from tracker.models import Report
from tracker.queries.review_queue import next_to_review
from tracker.rules.errors import Conflict, Invalid
from tracker.rules.permissions import Role
from tracker.web import problems
from tracker.web.access import actor, requires
from tracker.web.forms import Form
from tracker.web.review.base import Forms, blueprint, page
from tracker.web.review.forms import (
    AcceptForm,
    OtherValueForm,
    ReturnForm,
    RevokeForm,
    WaiveForm,
)
from tracker.web.rounds.forms import ExtensionForm
from tracker.web.runtime import now, roll_back, session

Work = Callable[[Session], Report]


@blueprint.post("/pruefung/<int:report_id>/annehmen")
@requires(Role.COORDINATION)
def accept(report_id: int) -> ResponseReturnValue:
    """Accept a report as it is."""
    form = AcceptForm()

    def work(session: Session) -> Report:
        return actions.accept(
            session,
            report_id=report_id,
            reviewed=None,
            reason="",
            revision=_number(form),
            by=actor(),
            now=now(),
        )

    return _decide(report_id, form, Forms(accept=form), work, "Die Meldung ist angenommen.")


@blueprint.post("/pruefung/<int:report_id>/feststellen")
@requires(Role.COORDINATION)
def accept_other_value(report_id: int) -> ResponseReturnValue:
    """Accept a report with another Umsetzungsstand or Verlauf, with the reason."""
    form = OtherValueForm()

    def work(session: Session) -> Report:
        return actions.accept(
            session,
            report_id=report_id,
            reviewed=form.value(),
            reason=form.reason.data or "",
            revision=_number(form),
            by=actor(),
            now=now(),
        )

    done = "Die Meldung ist mit dem festgestellten Wert angenommen."
    return _decide(report_id, form, Forms(other=form), work, done)


@blueprint.post("/pruefung/<int:report_id>/zurueckgeben")
@requires(Role.COORDINATION)
def give_back(report_id: int) -> ResponseReturnValue:
    """Return a report with a comment."""
    form = ReturnForm()

    def work(session: Session) -> Report:
        return actions.return_report(
            session,
            report_id=report_id,
            comment=form.comment.data or "",
            revision=_number(form),
            by=actor(),
            now=now(),
        )

    done = "Die Meldung ist mit Ihrer Rückfrage zurückgegeben."
    return _decide(report_id, form, Forms(give_back=form), work, done)


@blueprint.post("/pruefung/<int:report_id>/widerrufen")
@requires(Role.COORDINATION)
def revoke(report_id: int) -> ResponseReturnValue:
    """Revoke an acceptance: the report is to be reviewed again."""
    form = RevokeForm()

    def work(session: Session) -> Report:
        reason = form.revoke_reason.data or ""
        return actions.revoke(session, report_id=report_id, reason=reason, by=actor(), now=now())

    done = "Die Annahme ist widerrufen. Bitte prüfen Sie die Meldung erneut."
    return _stay(report_id, form, Forms(revoke=form), work, done)


@blueprint.post("/pruefung/<int:report_id>/befreien")
@requires(Role.COORDINATION)
def waive(report_id: int) -> ResponseReturnValue:
    """Free a report from this round."""
    form = WaiveForm()

    def work(session: Session) -> Report:
        reason = form.waive_reason.data or ""
        return actions.waive(session, report_id=report_id, reason=reason, by=actor(), now=now())

    done = "Für diese Maßnahme ist in dieser Runde keine Meldung nötig."
    return _stay(report_id, form, Forms(waive=form), work, done)


@blueprint.post("/pruefung/<int:report_id>/befreiung-aufheben")
@requires(Role.COORDINATION)
def unwaive(report_id: int) -> ResponseReturnValue:
    """Take a waiver back: the report stands where it stood."""
    form = Form()

    def work(session: Session) -> Report:
        return actions.unwaive(session, report_id=report_id, by=actor(), now=now())

    done = "Die Befreiung ist aufgehoben. Die Meldung wird wieder erwartet."
    return _stay(report_id, form, Forms(), work, done)


@blueprint.post("/pruefung/<int:report_id>/nachfrist")
@requires(Role.COORDINATION)
def extend(report_id: int) -> ResponseReturnValue:
    """Grant more time for this one report."""
    form = ExtensionForm()

    def work(session: Session) -> Report:
        report = load(session, report_id=report_id, by=actor())
        rounds.grant_extension(
            session,
            round_=rounds.load(session, round_id=report.round_id),
            institution_id=None,
            report_id=report_id,
            until=problems.given(form.until.data),
            reason=form.reason.data or "",
            by=actor(),
            now=now(),
        )
        return report

    return _stay(report_id, form, Forms(extension=form), work, "Die Nachfrist ist gewährt.")


def _decide(report_id: int, form: Form, forms: Forms, work: Work, done: str) -> ResponseReturnValue:
    """Take a decision and go on to the next report, or show the form again."""
    status = _try(form, work)
    if status:
        return page(report_id, forms, status)
    following = next_to_review(session(), account_id=actor().account_id, after=report_id)
    if following is None:
        flash(f"{done} Es wartet keine weitere Meldung auf Ihre Prüfung.", "success")
        return redirect(url_for("review.waiting"))
    flash(f"{done} Hier ist die nächste.", "success")
    return redirect(url_for("review.report", report_id=following))


def _stay(report_id: int, form: Form, forms: Forms, work: Work, done: str) -> ResponseReturnValue:
    """Do something with a report and show it again."""
    status = _try(form, work)
    if status:
        return page(report_id, forms, status)
    flash(done, "success")
    return redirect(url_for("review.report", report_id=report_id))


def _try(form: Form, work: Work) -> int:
    """Return 0, or the status with which the form is shown again; other refusals are pages."""
    roll_back()
    if not form.validate():
        return problems.HTTP_INVALID
    try:
        with transaction(session()):
            work(session())
    except (Invalid, Conflict) as refusal:
        return problems.show(form, refusal)
    return 0


def _number(form: AcceptForm) -> int | None:
    """Return the revision that was read; what is no number cannot be the present one."""
    text = form.revision.data or ""
    return int(text) if text.isdecimal() else -1
