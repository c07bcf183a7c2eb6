"""The lead takes over what a partner contributed; what stands in the form is saved first."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from tracker.core.db import transaction
from tracker.core.errors import Conflict, IllegalTransition, Invalid, Refused
from tracker.core.permissions import Role
from tracker.core.problems import problem_text
from tracker.reporting.reports.actions import contributions as actions
from tracker.reporting.reports.web.base import ONE, blueprint
from tracker.reporting.reports.web.edit import save
from tracker.reporting.rules.contribution import Part
from tracker.web.access import actor, requires
from tracker.web.runtime import now, session


@blueprint.post(f"{ONE}/beitraege/<int(max=2147483647):contribution_id>")
@requires(Role.INSTITUTION, Role.COORDINATION)
def take_over(report_id: int, contribution_id: int) -> ResponseReturnValue:
    """Add the ticked parts of a contribution to the draft.

    The form's button posts the whole form along: it is saved as with "Entwurf speichern", and a
    text that cannot be saved is shown again as there, with nothing taken over.
    """
    target = url_for("reports.edit", report_id=report_id)
    if "draft_version" in request.form:
        answer = save(report_id)
        if not isinstance(answer, Response):
            return answer
        target = answer.location or target
    name = f"take-beitrag-{contribution_id}"
    try:
        with transaction(session()):
            actions.take_over(
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
        flash(_sentence(refusal), "danger")
        return redirect(f"{target}#beitraege")
    flash("Der Beitrag steht jetzt in der Meldung. Bitte lesen Sie ihn dort durch.", "success")
    place = "achieved" if f"{name}-{Part.TEXT}" in request.form else "beitraege"
    return redirect(f"{target}#{place}")


def _sentence(refusal: Refused) -> str:
    """Return a refusal with what to do; the page it leads to shows what there is now."""
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    return " ".join(
        (refusal.message, *dict.fromkeys(problem_text(problem) for problem in problems))
    )
