"""The institutions: list, rename, take out of use."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import concept as actions
from tracker.db import transaction
from tracker.queries.institution_list import InstitutionRow
from tracker.queries.institution_list import institution as find
from tracker.queries.institution_list import institutions as find_all
from tracker.rules.errors import Conflict, Invalid, NotFound
from tracker.rules.permissions import Role
from tracker.web import problems
from tracker.web.access import actor, requires
from tracker.web.concept.base import blueprint
from tracker.web.concept.forms import InstitutionForm, institution_form
from tracker.web.runtime import now, roll_back, session, today


@blueprint.get("/institutionen/")
@requires(Role.COORDINATION)
def institutions() -> ResponseReturnValue:
    """List all institutions with what they are responsible for."""
    return render_template(
        "concept/institutions.html", institutions=find_all(session(), today=today())
    )


@blueprint.get("/institutionen/<int:institution_id>")
@requires(Role.COORDINATION)
def institution(institution_id: int) -> ResponseReturnValue:
    """Show the form to edit an institution."""
    found = _institution(institution_id)
    return _page(found, institution_form(found))


@blueprint.post("/institutionen/<int:institution_id>")
@requires(Role.COORDINATION)
def save_institution(institution_id: int) -> ResponseReturnValue:
    """Save an institution; published rounds keep the old name."""
    found = _institution(institution_id)
    form = institution_form(found)
    roll_back()
    if not form.validate():
        return _page(found, form, problems.HTTP_INVALID)
    try:
        with transaction(session()):
            actions.edit_institution(
                session(),
                institution_id=institution_id,
                edit=form.edit(),
                today=today(),
                by=actor(),
                now=now(),
            )
    except (Invalid, Conflict) as refusal:
        return _page(found, form, problems.show(form, refusal))
    flash("Die Institution ist gespeichert.", "success")
    return redirect(url_for("concept.institutions"))


def _institution(institution_id: int) -> InstitutionRow:
    found = find(session(), institution_id=institution_id, today=today())
    if found is None:
        raise NotFound("Diese Institution gibt es nicht. Bitte wählen Sie eine aus der Liste.")
    return found


def _page(found: InstitutionRow, form: InstitutionForm, status: int = 200) -> ResponseReturnValue:
    return render_template("concept/institution.html", institution=found, form=form), status
