"""The institutions: list, add, rename, take out of use."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.concept.actions import institutions as actions
from tracker.concept.queries import entries
from tracker.concept.queries.institution_list import InstitutionRow
from tracker.concept.queries.institution_list import institution as find
from tracker.concept.queries.institution_list import institutions as find_all
from tracker.concept.web.base import blueprint, chosen_day
from tracker.concept.web.edit import tell
from tracker.concept.web.forms import DatedInstitutionForm, NewInstitutionForm, institution_form
from tracker.core.db import transaction
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.permissions import Role
from tracker.web import problems
from tracker.web.access import actor, requires
from tracker.web.runtime import now, session, today


@blueprint.get("/institutionen/")
@requires(Role.COORDINATION)
def institutions() -> ResponseReturnValue:
    return render_template(
        "concept/institutions.html", institutions=find_all(session(), day=today())
    )


@blueprint.get("/institutionen/neu")
@requires(Role.COORDINATION)
def new_institution() -> ResponseReturnValue:
    return _new_page(NewInstitutionForm(formdata=None, data={"is_active": True}))


@blueprint.post("/institutionen/neu")
@requires(Role.COORDINATION)
def add_institution() -> ResponseReturnValue:
    form = NewInstitutionForm()
    if not form.validate():
        return _new_page(form, problems.HTTP_INVALID)
    try:
        with transaction(session()):
            added = actions.create_institution(
                session(), edit=form.edit(), key=form.key.data or "", by=actor(), now=now()
            ).name
    except Invalid as refusal:
        return _new_page(form, problems.show(form, refusal))
    flash(
        f"{added} ist angelegt. Tragen Sie Zuständigkeiten ein und laden Sie Personen ein.",
        "success",
    )
    return redirect(url_for("concept.institutions"))


@blueprint.get("/institutionen/<int:institution_id>")
@requires(Role.COORDINATION)
def institution(institution_id: int) -> ResponseReturnValue:
    row = _institution(institution_id)
    return _page(row, institution_form(row, chosen_day()))


@blueprint.post("/institutionen/<int:institution_id>")
@requires(Role.COORDINATION)
def save_institution(institution_id: int) -> ResponseReturnValue:
    row = _institution(institution_id)
    form = institution_form(row, chosen_day())
    if not form.validate():
        return _page(row, form, problems.HTTP_INVALID)
    try:
        with transaction(session()):
            changed = actions.edit_institution(
                session(),
                institution_id=institution_id,
                edit=form.edit(),
                valid_from=form.valid_from.data,
                shown_on=chosen_day(),
                by=actor(),
                now=now(),
            )
    except (Invalid, Conflict) as refusal:
        return _page(row, form, problems.show(form, refusal))
    tell(changed, form.valid_from.data)
    return redirect(url_for("concept.institutions"))


def _institution(institution_id: int) -> InstitutionRow:
    row = find(session(), institution_id=institution_id, day=chosen_day())
    if row is None:
        raise NotFound("Diese Institution gibt es nicht. Bitte wählen Sie eine aus der Liste.")
    return row


def _new_page(form: NewInstitutionForm, status: int = 200) -> ResponseReturnValue:
    return render_template("concept/new_institution.html", form=form), status


def _page(
    row: InstitutionRow, form: DatedInstitutionForm, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "concept/institution.html",
        institution=row,
        form=form,
        day=chosen_day(),
        today=today(),
        unpublished=entries.unpublished(session(), concepts=actor().concepts, before=today()),
        changes=entries.changes_of_institution(session(), institution_id=row.id),
    ), status
