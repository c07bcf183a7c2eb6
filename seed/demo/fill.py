"""Filling an empty database with the invented story, in the order in which it would happen.

Every step is an action with the moment at which it is said to have happened, so the database
looks as if people had worked with it for five quarters. The result depends only on the day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlmodel import Session, select

from seed.demo.acts import Acts, Stage, at_six
from seed.demo.people import People, create_people
from seed.demo.quarter import Quarter, Step
from seed.demo.story import entries, read
from tracker.accounts.actions import substitutions
from tracker.concept.actions import concept, responsibilities
from tracker.concept.actions.concept import MeasureEdit
from tracker.concept.models import (
    Competence,
    Concept,
    Institution,
    Measure,
    Principle,
    ResponsibilityRole,
    ShortTerm,
)
from tracker.core.models import InstanceValue
from tracker.core.periods import Period, local_day
from tracker.core.permissions import Actor
from tracker.core.settings import Settings
from tracker.publication.queries.publication_facts import DEMONSTRATION, instance_of
from tracker.reporting.rounds.actions import round_planning
from tracker.reporting.rules.planning import usual_dates

PUBLISHED_ROUNDS = 4
PLANNED_ROUNDS = 4
DEPUTISED = "jugendamt"
CORRECTED = 1  # the second published round gets a second version


def fill(session: Session, *, settings: Settings, now: datetime) -> None:
    session.add(InstanceValue(key=DEMONSTRATION, value="1"))
    running = Period.quarter_of(local_day(now)).previous()
    periods = [running]
    while len(periods) <= PUBLISHED_ROUNDS:
        periods.insert(0, periods[0].previous())
    beginning = at_six(periods[0].start)
    stage = _stage(session, settings=settings, beginning=beginning)
    _assign(stage, beginning=beginning)
    year = local_day(now).year
    _answer_ziffer5(session, year=year, by=stage.people.coordination, now=beginning)
    for index, period in enumerate(periods[:-1]):
        quarter = Quarter(Acts(stage, index, period), corrected=index == CORRECTED)
        _run_in_order(quarter.published_steps())
    due_on = max(running.default_due_on(settings.due_day), local_day(now) + timedelta(days=6))
    last = Quarter(Acts(stage, PUBLISHED_ROUNDS, running), corrected=False)
    _run_in_order(last.running_steps(due_on=due_on, now=now))
    _plan_ahead(stage, after=running, now=now)
    _deputise(session, stage.people, now=now)


def _plan_ahead(stage: Stage, *, after: Period, now: datetime) -> None:
    """The KI has planned the coming year; the clock opens and closes those rounds."""
    coming = [after.next()]
    while len(coming) < PLANNED_ROUNDS:
        coming.append(coming[-1].next())
    round_planning.plan_rounds(
        stage.session,
        concept_id=stage.concept_id,
        dates={period: usual_dates(period, due_day=stage.due_day) for period in coming},
        resubmit_days=stage.resubmit_days,
        by=stage.people.coordination,
        now=now,
    )


def _deputise(session: Session, people: People, *, now: datetime) -> None:
    """Somebody of the Jugendamt submits for its representative for two weeks."""
    substitutions.appoint(
        session,
        representative_id=people.representatives[DEPUTISED].account_id,
        deputy_id=people.staff[DEPUTISED].account_id,
        valid_from=local_day(now),
        valid_to=local_day(now) + timedelta(days=13),
        by=people.representatives[DEPUTISED],
        now=now,
    )


def _run_in_order(steps: list[Step]) -> None:
    for moment, step in sorted(steps, key=lambda timed: timed[0]):
        step(moment)


def _stage(session: Session, *, settings: Settings, beginning: datetime) -> Stage:
    institutions = {
        key: number or 0
        for key, number in session.exec(select(Institution.key, Institution.id)).all()
    }
    measures = {
        code: number or 0 for code, number in session.exec(select(Measure.code, Measure.id)).all()
    }
    people = create_people(session, institutions=institutions, now=beginning)
    concept = session.exec(select(Concept)).one()
    return Stage(
        session=session,
        people=people,
        institutions=institutions,
        measures=measures,
        concept_id=concept.id or 0,
        beginning=beginning.date(),
        resubmit_days=settings.resubmit_days,
        due_day=settings.due_day,
        instance=instance_of(settings),
    )


def _assign(stage: Stage, *, beginning: datetime) -> None:
    assign = partial(
        responsibilities.assign,
        stage.session,
        valid_from=beginning.date(),
        valid_to=None,
        by=stage.people.coordination,
        now=beginning,
    )
    for entry in entries():
        numbers = [stage.measures[entry.code]]
        lead = stage.institutions[entry.lead]
        assign(measure_ids=numbers, institution_id=lead, role=ResponsibilityRole.LEAD)
        for key in entry.partners:
            partner = stage.institutions[key]
            assign(measure_ids=numbers, institution_id=partner, role=ResponsibilityRole.PARTNER)


# Which Grundsätze a measure is tagged with follows from its goal's number: invented, but steady.
_TAGS_PER_MEASURE = 2


def _answer_ziffer5(session: Session, *, year: int, by: Actor, now: datetime) -> None:
    """Set the answers of ziffer5.yaml and tag these measures with Grundsätze.

    `year` is the running year, to which the periods of fundings refer.
    """
    principles = [
        principle_id or 0
        for principle_id in session.exec(select(Principle.id).order_by("position"))
    ]
    measures = {measure.code: measure for measure in session.exec(select(Measure))}
    for number, (code, answers) in enumerate(read("ziffer5.yaml").items()):
        measure = measures[code]
        start = number % len(principles)
        concept.edit_measure(
            session,
            measure_id=measure.id or 0,
            edit=_edit(MeasureEdit(display_text=measure.display_text), answers, year=year, now=now),
            principle_ids=(principles * 2)[start : start + _TAGS_PER_MEASURE],
            by=by,
            now=now,
        )


def _edit(edit: MeasureEdit, answers: dict[str, Any], *, year: int, now: datetime) -> MeasureEdit:
    competence, reason = answers["competence"]
    edit = replace(
        edit,
        competence=Competence(competence),
        competence_reason=reason,
        short_term=ShortTerm(answers["short_term"]),
    )
    if "text" in answers:
        text, office = answers["text"]
        edit = replace(
            edit,
            concretisation=text,
            concretisation_office=office,
            concretisation_on=now.date(),
        )
    if "funding" in answers:
        amount, period = answers["funding"]
        period = period.format(last=year - 1, year=year, next=year + 1)
        edit = replace(edit, municipal_funding=Decimal(amount), municipal_funding_period=period)
    return edit
