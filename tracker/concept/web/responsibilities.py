"""All measures with who is responsible, assigning several at once, and one measure's history."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from tracker.concept.actions import responsibilities as actions
from tracker.concept.models import ResponsibilityRole
from tracker.concept.queries.institution_list import institution_choices
from tracker.concept.web.base import concept_if_any, measure_of
from tracker.concept.web.current import concept_id, in_concept
from tracker.concept.words import RESPONSIBILITY
from tracker.core.db import transaction
from tracker.core.errors import NotFound, Refused
from tracker.core.german import day
from tracker.core.permissions import Role
from tracker.web import problems
from tracker.web.access import actor, requires
from tracker.web.addresses import CONCEPT
from tracker.web.days import DayField
from tracker.web.forms import Form, choice, please_choose, row_key
from tracker.web.runtime import now, session, today


class AssignForm(Form):
    measures = SelectMultipleField("Maßnahmen", coerce=row_key, validate_choice=False)
    institution_id = SelectField(
        "Institution",
        [InputRequired("Bitte wählen Sie die Institution.")],
        coerce=row_key,
        validate_choice=False,
    )
    role = RadioField(
        "Aufgabe",
        [InputRequired("Bitte wählen Sie federführend oder beteiligt.")],
        choices=[choice(role.value, RESPONSIBILITY[role].text) for role in ResponsibilityRole],
        default=ResponsibilityRole.LEAD.value,
    )
    valid_from = DayField("Ab", [InputRequired("Bitte geben Sie den ersten Tag an.")])
    valid_to = DayField("Bis (letzter Tag)", [Optional()])


class EndForm(Form):
    valid_to = DayField("Letzter Tag", [InputRequired("Bitte geben Sie den letzten Tag an.")])


def assign_form() -> AssignForm:
    form = AssignForm(data={"valid_from": today()})
    form.institution_id.choices = please_choose(institution_choices(session(), day=today()))
    return form


blueprint = Blueprint("responsibilities", __name__)


@blueprint.get(f"{CONCEPT}/zustaendigkeiten/")
@requires(Role.COORDINATION)
def responsibilities() -> ResponseReturnValue:
    return _list_page(assign_form())


@blueprint.post(f"{CONCEPT}/zustaendigkeiten/")
@requires(Role.COORDINATION)
def assign() -> ResponseReturnValue:
    form = assign_form()
    refusal = _assign(form, form.measures.data or [])
    if refusal:
        return _list_page(form, refusal)
    return redirect(in_concept(f"/zustaendigkeiten/{'?ohne=1' if _is_filtered() else ''}"))


@blueprint.get(f"{CONCEPT}/zustaendigkeiten/<code>")
@requires(Role.COORDINATION)
def measure(code: str) -> ResponseReturnValue:
    return _measure_page(code, assign_form(), EndForm(formdata=None))


@blueprint.post(f"{CONCEPT}/zustaendigkeiten/<code>")
@requires(Role.COORDINATION)
def assign_one(code: str) -> ResponseReturnValue:
    _concept, assigned = measure_of(code)
    form = assign_form()
    refusal = _assign(form, [assigned.id])
    if refusal:
        return _measure_page(code, form, EndForm(formdata=None), refusal)
    return redirect(url_for("responsibilities.measure", code=code))


@blueprint.post(f"{CONCEPT}/zustaendigkeiten/<code>/<int:responsibility_id>/beenden")
@requires(Role.COORDINATION)
def end(code: str, responsibility_id: int) -> ResponseReturnValue:
    form = EndForm()
    _concept, ended = measure_of(code)
    if responsibility_id not in [part.id for part in ended.assignments]:
        raise NotFound("Diese Zuständigkeit gehört nicht zu dieser Maßnahme.")
    status = 0 if form.validate() else problems.HTTP_INVALID
    if not status:
        try:
            with transaction(session()):
                actions.end(
                    session(),
                    responsibility_id=responsibility_id,
                    valid_to=problems.require_value(form.valid_to.data),
                    by=actor(),
                    now=now(),
                )
        except Refused as refusal:
            status = problems.show(form, refusal)
    if status:
        return _measure_page(code, assign_form(), form, status, ending=responsibility_id)
    flash(f"Das Ende der Zuständigkeit ist eingetragen.{_gap([ended.id])}", "success")
    return redirect(url_for("responsibilities.measure", code=code))


def _assign(form: AssignForm, measure_ids: list[int]) -> int:
    """Try to assign; return 0, or the status with which the form is shown again."""
    if not form.validate():
        return problems.HTTP_INVALID
    try:
        with transaction(session()):
            changed = actions.assign(
                session(),
                measure_ids=measure_ids,
                institution_id=form.institution_id.data or 0,
                role=ResponsibilityRole(form.role.data),
                valid_from=problems.require_value(form.valid_from.data),
                valid_to=form.valid_to.data,
                by=actor(),
                now=now(),
                concept_id=concept_id(),
            )
    except Refused as refusal:
        return problems.show(form, refusal)
    if changed:
        gap = _gap(measure_ids)
        flash(f"Zuständigkeit eingetragen. Geänderte Maßnahmen: {changed}.{gap}", "success")
    else:
        flash("Das war schon so eingetragen; es hat sich nichts geändert.", "info")
    return 0


def _gap(measure_ids: list[int]) -> str:
    """Return a sentence on the measures that will have no lead, "" where one follows."""
    gaps = actions.uncovered(session(), measure_ids=measure_ids, today=today())
    if not gaps:
        return ""
    first, *others = gaps
    text = f" Ab {day(first.day)} ist niemand federführend für {', '.join(first.codes)}"
    return "".join(
        (text, *(f"; ab {day(gap.day)} für {', '.join(gap.codes)}" for gap in others), ".")
    )


def _list_page(form: AssignForm, status: int = 200) -> ResponseReturnValue:
    concept = concept_if_any()
    if concept is None:
        return render_template("responsibilities/empty.html"), status
    filtered = _is_filtered()
    return render_template(
        "responsibilities/list.html",
        concept=concept,
        shown=concept.only(concept.without_lead) if filtered else concept,
        filtered=filtered,
        form=form,
        chosen=form.measures.data or [],
    ), status


def _is_filtered() -> bool:
    return request.args.get("ohne") == "1"


def _measure_page(
    code: str, form: AssignForm, end: EndForm, status: int = 200, *, ending: int = 0
) -> ResponseReturnValue:
    """Show a measure; `ending` is the responsibility whose last day was typed in `end`."""
    concept, shown = measure_of(code)
    return render_template(
        "responsibilities/measure.html",
        concept=concept,
        measure=shown,
        form=form,
        end=end,
        ending=ending,
    ), status
