"""The list of rounds with the form to plan one, the cockpit of a round, and extensions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional

from tracker.cockpit.queries.cockpit import cockpit as read_cockpit
from tracker.cockpit.queries.findings import Finding, findings
from tracker.cockpit.web.base import blueprint, head_of
from tracker.cockpit.web.lists import lists
from tracker.cockpit.web.steps import PATH_OF, offered
from tracker.concept.queries.concept import measures_to_report
from tracker.concept.rules.facts import MeasureToReport
from tracker.concept.web.current import concept_id
from tracker.core.db import transaction
from tracker.core.errors import Invalid
from tracker.core.german import day
from tracker.core.periods import Period
from tracker.core.permissions import Role
from tracker.publication.definitions import FIGURES
from tracker.publication.queries import published
from tracker.reporting.rounds.actions import joining as joining_actions
from tracker.reporting.rounds.actions import rounds as actions
from tracker.reporting.rounds.queries.round_list import RoundSummary, round_list
from tracker.reporting.rounds.queries.round_page import RoundPage, round_page
from tracker.reporting.rounds.web.forms import ExtensionForm
from tracker.reporting.rules.rounds import RoundState, due_after_despatch
from tracker.watch.web.notice import notices
from tracker.web import problems
from tracker.web.access import actor, requires
from tracker.web.addresses import CONCEPT
from tracker.web.days import DayField
from tracker.web.forms import AtMost, Form, choice, please_choose, row_key
from tracker.web.runtime import now, session, settings, today

_QUARTERS = 5
_HALVES = 3


class PlanForm(Form):
    period = SelectField("Zeitraum", [InputRequired("Bitte wählen Sie den Zeitraum.")])
    due_on = DayField("Abgabefrist", [Optional()])
    despatch_on = DayField(
        "Versand der Sitzungsunterlagen",
        [Optional()],
        description="Wenn bekannt. Die Abgabefrist sollte davor liegen.",
    )
    committee_on = DayField("Sitzung des Ausschusses", [Optional()], description="Wenn bekannt.")


class InstitutionExtensionForm(ExtensionForm):
    institution_id = SelectField(
        "Institution",
        [InputRequired("Bitte wählen Sie die Institution.")],
        coerce=row_key,
        validate_choice=False,
    )


class JoinForm(Form):
    measure_id = SelectField(
        "Maßnahme",
        [InputRequired("Bitte wählen Sie die Maßnahme.")],
        coerce=row_key,
        validate_choice=False,
    )
    due_on = DayField(
        "Eigene Frist",
        [InputRequired("Bitte geben Sie den Tag an, bis zu dem Sie die Meldung erbitten.")],
        description="Frühestens die Abgabefrist der Runde. Dieser Tag zählt noch dazu.",
    )
    reason = TextAreaField(
        "Begründung",
        [InputRequired("Bitte begründen Sie die Nachforderung."), AtMost()],
        description="Die Institution liest sie bei der Meldung.",
        render_kw={"rows": 2},
    )


def plannable(
    today: date, *, planned: Collection[str], standing: Collection[Period] = ()
) -> list[Any]:
    """Return the periods to choose from: the one just ended and the next ones, not planned yet.

    What shares a day with a round of `standing` would be refused and is left out; later periods
    take its place.
    """
    quarter = Period.quarter_of(today).previous()
    half = Period(today.year, "H", 1 if today.month <= 6 else 2).previous()
    return [
        choice(period.key, period.long_label)
        for first, count in ((quarter, _QUARTERS), (half, _HALVES))
        for period in islice(_free(first, planned, standing), count)
    ]


def _free(
    first: Period, planned: Collection[str], standing: Collection[Period]
) -> Iterator[Period]:
    period = first
    while True:
        if period.key not in planned and not any(
            one.start <= period.end and period.start <= one.end for one in standing
        ):
            yield period
        period = period.next()


DUE_TOO_LATE = (
    "Die Abgabefrist liegt nicht vor dem Versand der Sitzungsunterlagen. Bitte prüfen Sie, ob die "
    "Zeit für Prüfung und Bericht reicht."
)
NO_SUCH_INSTITUTION = "Diese Institution hat in dieser Runde keine Meldung. Bitte wählen Sie eine."
NO_SUCH_MEASURE = (
    "Zu dieser Maßnahme wird schon eine Meldung erwartet, oder niemand ist federführend. Bitte "
    "wählen Sie eine aus der Liste."
)
FIGURE_WORDS = {figure.key: figure for figure in FIGURES}


@blueprint.get(f"{CONCEPT}/runden/")
@requires(Role.COORDINATION)
def rounds() -> ResponseReturnValue:
    return _list_page(_plan_form(formdata=False))


@blueprint.get("/zu-entscheiden/")
@requires(Role.COORDINATION)
def undecided() -> ResponseReturnValue:
    return render_template("rounds/undecided.html", findings=_findings())


@blueprint.post(f"{CONCEPT}/runden/")
@requires(Role.COORDINATION)
def plan() -> ResponseReturnValue:
    """Plan a round; a due day after the despatch of papers is planned, with a warning."""
    form = _plan_form(formdata=True)
    if not form.validate():
        return _list_page(form, problems.HTTP_INVALID)
    period = Period.parse(form.period.data)
    due_on = form.due_on.data or period.default_due_on(settings().due_day)
    try:
        with transaction(session()):
            actions.plan(
                session(),
                concept_id=concept_id(),
                period=period,
                due_on=due_on,
                resubmit_days=settings().resubmit_days,
                despatch_on=form.despatch_on.data,
                committee_on=form.committee_on.data,
                by=actor(),
                now=now(),
            )
    except Invalid as refusal:
        return _list_page(form, problems.show(form, refusal))
    flash(f"Die Runde {period.label} ist geplant.", "success")
    if due_after_despatch(due_on, form.despatch_on.data):
        flash(DUE_TOO_LATE, "warning")
    return redirect(url_for("rounds.cockpit", key=period.key))


@blueprint.get(f"{CONCEPT}/runden/<key>")
@requires(Role.COORDINATION)
def cockpit(key: str) -> ResponseReturnValue:
    page = round_page(session(), head=head_of(key), now=now())
    measures = measures_to_report(
        session(), edition_id=page.head.edition_id, day=today(), as_of=page.head.period.end
    )
    versions = tuple(
        version
        for version in published.versions(session(), concept_id=page.head.concept_id)
        if version.period == page.head.key
    )
    more = read_cockpit(session(), page=page, versions=versions, today=today())
    return render_template(
        "rounds/cockpit.html",
        page=page,
        lists=lists(
            page,
            measures=measures,
            not_asked=_not_asked(page, measures),
            unreachable=more.unreachable,
        ),
        fields=more.fields,
        published=more.published,
        unreachable=more.unreachable,
        events=offered(page.head, page.returns),
        not_asked=_not_asked(page, measures),
        measures=measures,
        versions=versions,
        figures=FIGURE_WORDS,
        due_too_late=DUE_TOO_LATE,
        step_path=PATH_OF,
    )


@blueprint.get(f"{CONCEPT}/runden/<key>/nachfrist")
@requires(Role.COORDINATION)
def extension(key: str) -> ResponseReturnValue:
    page = _extendable(key)
    form = _extension_form(page)
    form.institution_id.data = request.args.get("institution", type=int)
    return _extension_page(page, form)


@blueprint.post(f"{CONCEPT}/runden/<key>/nachfrist")
@requires(Role.COORDINATION)
def grant_extension(key: str) -> ResponseReturnValue:
    page = _extendable(key)
    form = _extension_form(page)
    names = {part.institution_id: part.name for part in page.institutions}
    if not form.validate():
        return _extension_page(page, form, problems.HTTP_INVALID)
    if form.institution_id.data not in names:
        form.institution_id.errors = [NO_SUCH_INSTITUTION]
        return _extension_page(page, form, problems.HTTP_INVALID)
    try:
        with transaction(session()):
            actions.grant_extension(
                session(),
                round_=actions.load(session(), round_id=page.head.id),
                institution_id=form.institution_id.data,
                report_id=None,
                until=problems.require_value(form.until.data),
                reason=form.reason.data or "",
                by=actor(),
                now=now(),
            )
    except Invalid as refusal:
        return _extension_page(page, form, problems.show(form, refusal))
    name = names[form.institution_id.data]
    flash(
        f"Die Nachfrist ist gewährt: {name} kann bis {day(form.until.data)} melden und sieht "
        "den neuen Tag unter „Meine Maßnahmen“.",
        "success",
    )
    return redirect(url_for("rounds.cockpit", key=key))


@blueprint.get(f"{CONCEPT}/runden/<key>/nachfordern")
@requires(Role.COORDINATION)
def joining(key: str) -> ResponseReturnValue:
    page, measures = _joinable(key)
    form = _join_form(measures, formdata=None)
    code = request.args.get("massnahme", "")
    form.measure_id.data = next((one.id for one in measures if one.code == code), None)
    form.due_on.data = max(page.head.due_on, today())
    return _join_page(page, measures, form)


@blueprint.post(f"{CONCEPT}/runden/<key>/nachfordern")
@requires(Role.COORDINATION)
def join(key: str) -> ResponseReturnValue:
    """Ask for a report after the opening, with a due day of its own."""
    page, measures = _joinable(key)
    form = _join_form(measures, formdata=request.form)
    if not form.validate():
        return _join_page(page, measures, form, problems.HTTP_INVALID)
    if form.measure_id.data not in {measure.id for measure in measures}:
        form.measure_id.errors = [NO_SUCH_MEASURE]
        return _join_page(page, measures, form, problems.HTTP_INVALID)
    try:
        with transaction(session()):
            joining_actions.join(
                session(),
                round_=actions.load(session(), round_id=page.head.id),
                measure_id=problems.require_value(form.measure_id.data),
                due_on=problems.require_value(form.due_on.data),
                reason=form.reason.data or "",
                by=actor(),
                now=now(),
            )
    except Invalid as refusal:
        return _join_page(page, measures, form, problems.show(form, refusal))
    flash(
        f"Die Meldung ist angefordert, bis {day(form.due_on.data)}. Die Institution bekommt eine "
        "Mail und sieht sie unter „Meine Maßnahmen“.",
        "success",
    )
    return redirect(url_for("rounds.cockpit", key=key))


def _joinable(key: str) -> tuple[RoundPage, list[MeasureToReport]]:
    """Return an open round and the measures that have a lead today and no report in it."""
    head = head_of(key)
    joining_actions.require_joinable(head.state, was_published=head.published_at is not None)
    page = round_page(session(), head=head, now=now())
    measures = measures_to_report(
        session(), edition_id=head.edition_id, day=today(), as_of=head.period.end
    )
    return page, _not_asked(page, measures)


def _not_asked(page: RoundPage, measures: Sequence[MeasureToReport]) -> list[MeasureToReport]:
    if page.head.state is not RoundState.OPEN or page.head.published_at is not None:
        return []
    asked = {report.code for report in page.reports}
    return [measure for measure in measures if measure.lead_id and measure.code not in asked]


def _join_form(measures: Sequence[MeasureToReport], *, formdata: Any) -> JoinForm:
    form = JoinForm(formdata=formdata)
    form.measure_id.choices = please_choose(
        (measure.id, f"{measure.code} {measure.display_text}") for measure in measures
    )
    return form


def _join_page(
    page: RoundPage, measures: Sequence[MeasureToReport], form: JoinForm, status: int = 200
) -> ResponseReturnValue:
    return render_template("rounds/join.html", head=page.head, measures=measures, form=form), status


def _plan_form(*, formdata: bool) -> PlanForm:
    form = PlanForm() if formdata else PlanForm(formdata=None)
    heads = [summary.head for summary in _rounds()]
    form.period.choices = plannable(
        today(),
        planned=[head.key for head in heads],
        standing=[head.period for head in heads if head.state is not RoundState.CANCELLED],
    )
    form.due_on.description = (
        f"Leer lassen für den {settings().due_day}. des Monats nach dem Zeitraum."
    )
    return form


def _rounds() -> tuple[RoundSummary, ...]:
    return round_list(session(), concept_id=concept_id(), now=now())


def _list_page(form: PlanForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "rounds/list.html",
        rounds=_rounds(),
        versions={
            publication.period: publication
            for publication in published.current(session(), concept_id=concept_id())
        },
        form=form,
        offered=offered,
        step_path=PATH_OF,
        undecided=len(_findings()),
        notices=notices(),
    ), status


def _findings() -> tuple[Finding, ...]:
    return findings(session(), today=today(), concepts=actor().concepts)


def _extendable(key: str) -> RoundPage:
    head = head_of(key)
    actions.require_extendable(head.state)
    return round_page(session(), head=head, now=now())


def _extension_form(page: RoundPage) -> InstitutionExtensionForm:
    form = InstitutionExtensionForm()
    form.institution_id.choices = please_choose(
        (part.institution_id, part.name) for part in page.institutions
    )
    return form


def _extension_page(
    page: RoundPage, form: InstitutionExtensionForm, status: int = 200
) -> ResponseReturnValue:
    return render_template("rounds/extension.html", head=page.head, form=form), status
