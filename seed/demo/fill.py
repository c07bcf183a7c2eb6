"""Filling an empty database with the invented story, in the order in which it would happen.

Every step is an action with the moment at which it is said to have happened, so the database
looks as if people had worked with it for five quarters. The result depends only on the day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from sqlmodel import Session, select

from seed.demo.acts import CORRECTED_CODE, Acts, Stage, at_six, word_of
from seed.demo.people import People, create_people
from seed.demo.story import MeasureStory, StoryWord, entries, read
from seed.files import DEFAULT_FOLDER
from seed.nodes import open_file
from tracker.accounts.actions import substitutions
from tracker.concept.actions import concept, responsibilities
from tracker.concept.actions.concept import MeasureEdit
from tracker.concept.models import (
    Competence,
    Edition,
    EditionMeasure,
    Institution,
    Principle,
    ResponsibilityRole,
    ShortTerm,
)
from tracker.concept.queries.concepts import the_concept
from tracker.core.models import InstanceValue
from tracker.core.periods import Period, local_day
from tracker.core.settings import Settings
from tracker.publication.queries.publication_facts import DEMONSTRATION, instance_of
from tracker.reporting.reports.actions import contributions
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import Participants, ParticipantUnit
from tracker.reporting.rules.contribution import ContributionContent, Part
from tracker.reporting.rules.planning import usual_dates
from tracker.reporting.rules.reports import ReportState

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
    _answer_ziffer5(stage, year=year, now=beginning)
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
    rounds.plan_rounds(
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
    # There may be another one beside it.
    concept_id = the_concept(session, open_file(DEFAULT_FOLDER / "concept.yaml").text("key"))
    measures = {measure.code: measure.measure_id for measure in _wordings(session, concept_id)}
    people = create_people(session, institutions=institutions, now=beginning)
    return Stage(
        session=session,
        people=people,
        institutions=institutions,
        measures=measures,
        concept_id=concept_id,
        beginning=beginning.date(),
        resubmit_days=settings.resubmit_days,
        due_day=settings.due_day,
        instance=instance_of(settings),
    )


def _wordings(session: Session, concept_id: int) -> Sequence[EditionMeasure]:
    of_concept = select(EditionMeasure).join(Edition).where(Edition.concept_id == concept_id)
    return session.exec(of_concept).all()


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


def _answer_ziffer5(stage: Stage, *, year: int, now: datetime) -> None:
    """Set the answers of ziffer5.yaml and tag these measures with Grundsätze.

    `year` is the running year, to which the periods of fundings refer.
    """
    of_concept = select(Principle.id).where(Principle.concept_id == stage.concept_id)
    principles = [
        principle_id or 0 for principle_id in stage.session.exec(of_concept.order_by("position"))
    ]
    measures = {wording.code: wording for wording in _wordings(stage.session, stage.concept_id)}
    for number, (code, answers) in enumerate(read("ziffer5.yaml").items()):
        measure = measures[code]
        start = number % len(principles)
        concept.edit_measure(
            stage.session,
            measure_id=measure.measure_id,
            edit=_edit(MeasureEdit(display_text=measure.display_text), answers, year=year, now=now),
            principle_ids=(principles * 2)[start : start + _TAGS_PER_MEASURE],
            by=stage.people.coordination,
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
            edit, concretisation=text, concretisation_office=office, concretisation_on=now.date()
        )
    if "funding" in answers:
        amount, period = answers["funding"]
        period = period.format(last=year - 1, year=year, next=year + 1)
        edit = replace(edit, municipal_funding=Decimal(amount), municipal_funding_period=period)
    return edit


Step = tuple[datetime, Callable[[datetime], object]]


@dataclass
class Quarter:
    acts: Acts
    corrected: bool

    def published_steps(self) -> list[Step]:
        start = self.acts.period.opens_on
        due_on = self.acts.period.default_due_on(self.acts.stage.due_day)
        steps: list[Step] = [(at_six(start), partial(self.acts.open_round, due_on=due_on))]
        for entry in entries():
            word = entry.rounds[self.acts.index]
            if word is not None:
                steps += self._report_steps(entry, word, due_on=due_on)
        steps.append((at_six(start + timedelta(days=30)), self.acts.close))
        steps.append((at_six(start + timedelta(days=34)), self.acts.publish))
        if self.corrected:
            steps += self._correction_steps(start + timedelta(days=48))
        return steps

    def running_steps(self, *, due_on: date, now: datetime) -> list[Step]:
        """Return the steps of the running round, all between its opening and now."""
        opened = min(at_six(self.acts.period.opens_on), now)
        steps: list[Step] = [(opened, partial(self.acts.open_round, due_on=due_on))]
        for entry in entries():
            rng = Random(f"{entry.code}/running")  # noqa: S311 - invented data
            begun = opened + (now - opened) * (0.3 + 0.4 * rng.random())
            decided = begun + (now - begun) * (0.2 + 0.6 * rng.random())
            steps += self._running_report(entry, begun=begun, decided=decided)
        steps += contribution_steps(self.acts, opened=opened, now=now)
        return steps

    def _report_steps(self, entry: MeasureStory, word: StoryWord, *, due_on: date) -> list[Step]:
        rng = Random(f"{entry.code}/{self.acts.period.key}")  # noqa: S311 - invented data
        minutes = timedelta(minutes=rng.randrange(0, 540))
        if word.late:
            submitted = at_six(due_on + timedelta(days=rng.randrange(1, 9))) + minutes
        else:
            submitted = at_six(due_on - timedelta(days=rng.randrange(1, 12))) + minutes
        accepted = (
            at_six(self.acts.period.opens_on + timedelta(days=rng.randrange(25, 30))) + minutes
        )
        steps: list[Step] = [(submitted, partial(self.acts.submit, entry, word))]
        if word.returned:
            back = submitted + timedelta(days=2)
            steps.append((back, partial(self.acts.give_back, entry)))
            steps.append((back + timedelta(days=3), partial(self.acts.submit, entry, word)))
        steps.append((accepted, partial(self.acts.accept, entry, word)))
        if word.dissent:
            steps.append((accepted + timedelta(hours=5), partial(self.acts.dissent, entry)))
        return steps

    def _running_report(
        self, entry: MeasureStory, *, begun: datetime, decided: datetime
    ) -> list[Step]:
        word = entry.current
        match entry.current_state:
            case ReportState.DRAFT:
                return [(begun, partial(self.acts.draft, entry, word))]
            case ReportState.SUBMITTED:
                return [(begun, partial(self.acts.submit, entry, word))]
            case ReportState.ACCEPTED:
                return [
                    (begun, partial(self.acts.submit, entry, word)),
                    (decided, partial(self.acts.accept, entry, word)),
                ]
            case ReportState.RETURNED:
                return [
                    (begun, partial(self.acts.submit, entry, word)),
                    (decided, partial(self.acts.give_back, entry)),
                ]
            case ReportState.WAIVED:
                return [(begun, partial(self.acts.waive, entry))]
            case ReportState.EXPECTED:
                return []

    def _correction_steps(self, day: date) -> list[Step]:
        entry = next(entry for entry in entries() if entry.code == CORRECTED_CODE)
        morning = at_six(day)
        hour = timedelta(hours=1)
        return [
            (morning, self.acts.correct),
            (morning + hour, partial(self.acts.revoke, entry)),
            (morning + 2 * hour, partial(self.acts.give_back, entry)),
            (morning + 3 * hour, partial(self.acts.grant, until=day + timedelta(days=7))),
            (morning + 26 * hour, partial(self.acts.submit_corrected, entry)),
            (
                morning + 50 * hour,
                partial(self.acts.accept, entry, word_of(entry, self.acts.index)),
            ),
            (morning + 52 * hour, self.acts.publish),
        ]


# After every draft of the running round has begun, so that there is one to add to.
_SAVED, _TAKEN = 0.75, 0.85


def contribution_steps(acts: Acts, *, opened: datetime, now: datetime) -> list[Step]:
    """Return the contributions and takings-over, between the opening and now."""
    steps: list[Step] = []
    for code, entry in read("contributions.yaml").items():
        steps.append((opened + (now - opened) * _SAVED, partial(_save, acts, code, entry)))
        if entry["taken"]:
            steps.append((opened + (now - opened) * _TAKEN, partial(_take, acts, code, entry)))
    return steps


def _save(acts: Acts, code: str, entry: dict[str, Any], now: datetime) -> None:
    cost = entry["cost_actual"]
    saved = contributions.save(
        acts.stage.session,
        report_id=acts.report_id(code),
        content=ContributionContent(
            text=entry["text"],
            participants=tuple(
                Participants(ParticipantUnit(unit), count)
                for unit, count in entry["participants"].items()
            ),
            cost_actual=None if cost is None else Decimal(cost),
        ),
        expected_version=0,
        by=acts.stage.people.representatives[entry["partner"]],
        now=now,
    )
    acts.contributions[code] = saved.id or 0


def _take(acts: Acts, code: str, item: dict[str, Any], now: datetime) -> None:
    people = acts.stage.people
    lead = next(entry.lead for entry in entries() if entry.code == code)
    contributions.take_over(
        acts.stage.session,
        report_id=acts.report_id(code),
        contribution_id=acts.contributions[code],
        version=1,
        parts=[Part(name) for name in item["taken"]],
        by=people.staff.get(lead, people.representatives[lead]),
        now=now,
    )
