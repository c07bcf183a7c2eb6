"""What people do in one invented round: each step is an action of real use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlmodel import Session, select

from seed.demo.people import People
from seed.demo.story import MeasureStory, StoryWord, texts
from tracker.core.periods import Period
from tracker.core.permissions import Actor
from tracker.publication.actions import publication
from tracker.publication.rules.facts import Instance
from tracker.reporting.models import Report, Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import (
    Funding,
    IndicatorValue,
    MilestoneLine,
    Participants,
    ParticipantUnit,
    ReportContent,
    StaffUnit,
)
from tracker.reporting.rules.districts import CITYWIDE
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.status import (
    FULFILLED,
    HALTED,
    Course,
    Implementation,
    is_step_backwards,
)

DISSENT = (
    "Wir schätzen den Stand anders ein: Die vereinbarten Teile sind aus unserer Sicht erfüllt. "
    "Offen ist nur, was andere Stellen zu entscheiden haben."
)
REVIEW_REASON = (
    "Nach den vorliegenden Unterlagen steht ein wesentlicher Teil noch aus; "
    "mit der Institution besprochen."
)
RETURN_COMMENT = "Bitte ergänzen Sie, wer den nächsten Schritt angeht und wer dabei mitwirkt."
WAIVER_REASON = "Die Maßnahme ruht; in dieser Runde ist nichts zu berichten."
CORRECTED_CODE = "10.3"
CORRECTION_REASON = f"Zahl der Teilnehmenden bei Maßnahme {CORRECTED_CODE} berichtigt."


@dataclass
class Stage:
    """What every quarter needs; `values` remembers the last value of each measure."""

    session: Session
    people: People
    institutions: Mapping[str, int]
    measures: Mapping[str, int]
    concept_id: int
    beginning: date
    resubmit_days: int
    due_day: int
    instance: Instance
    values: dict[str, Value] = field(default_factory=dict)


@dataclass
class Acts:
    """The steps of one round; the round exists once it was opened."""

    stage: Stage
    index: int
    period: Period
    round_: Round | None = None
    reports: dict[int, int] = field(default_factory=dict)
    contributions: dict[str, int] = field(default_factory=dict)

    def open_round(self, now: datetime, *, due_on: date) -> None:
        stage = self.stage
        self.round_ = rounds.plan(
            stage.session,
            concept_id=stage.concept_id,
            period=self.period,
            due_on=due_on,
            resubmit_days=stage.resubmit_days,
            by=stage.people.coordination,
            now=now,
        )
        rounds.open_round(stage.session, round_=self.round_, by=stage.people.coordination, now=now)
        statement = select(Report.measure_id, Report.id).where(Report.round_id == self.round_.id)
        self.reports = {measure: report or 0 for measure, report in stage.session.exec(statement)}

    def close(self, now: datetime) -> None:
        self._step(rounds.close_round, now)

    def publish(self, now: datetime) -> None:
        self._step(publication.publish, now, instance=self.stage.instance)

    def correct(self, now: datetime) -> None:
        self._step(rounds.correct, now, reason=CORRECTION_REASON)

    def grant(self, now: datetime, *, until: date) -> None:
        report_id, reason = self.report_id(CORRECTED_CODE), CORRECTION_REASON
        about = {"institution_id": None, "report_id": report_id, "until": until, "reason": reason}
        self._step(rounds.grant_extension, now, **about)

    def _step(self, step: Callable[..., object], now: datetime, **values: object) -> None:
        by = self.stage.people.coordination
        step(self.stage.session, round_=self._round, by=by, now=now, **values)

    def draft(self, entry: MeasureStory, word: StoryWord, now: datetime) -> None:
        people = self.stage.people
        by = people.staff.get(entry.lead, people.representatives[entry.lead])
        content = self._content(entry, word)
        self._do(reports.save_draft, entry, now, by=by, content=content, expected_version=0)

    def submit(self, entry: MeasureStory, word: StoryWord, now: datetime) -> None:
        by = self._submitter(entry, word)
        if word.unchanged:
            self._do(reports.confirm_unchanged, entry, now, by=by)
            return
        self._submit_content(entry, self._content(entry, word), by=by, now=now)

    def submit_corrected(self, entry: MeasureStory, now: datetime) -> None:
        content = self._content(entry, word_of(entry, self.index))
        counted = tuple(Participants(line.unit, line.count + 12) for line in content.participants)
        by = self.stage.people.representatives[entry.lead]
        self._submit_content(entry, replace(content, participants=counted), by=by, now=now)

    def _submit_content(
        self, entry: MeasureStory, content: ReportContent, *, by: Actor, now: datetime
    ) -> None:
        report = self.stage.session.get_one(Report, self.report_id(entry.code))
        version = report.draft_version
        self._do(reports.submit, entry, now, by=by, content=content, expected_version=version)

    def accept(self, entry: MeasureStory, word: StoryWord, now: datetime) -> None:
        reason = REVIEW_REASON if word.reviewed else ""
        by = self.stage.people.deputy
        self._do(review.accept, entry, now, by=by, reviewed=word.reviewed, reason=reason)
        self.stage.values[entry.code] = word.reviewed or word.value

    def give_back(self, entry: MeasureStory, now: datetime) -> None:
        by = self.stage.people.deputy
        self._do(review.return_report, entry, now, by=by, comment=RETURN_COMMENT)

    def revoke(self, entry: MeasureStory, now: datetime) -> None:
        by = self.stage.people.deputy
        self._do(review.revoke, entry, now, by=by, reason=CORRECTION_REASON)

    def dissent(self, entry: MeasureStory, now: datetime) -> None:
        by = self.stage.people.representatives[entry.lead]
        self._do(reports.dissent, entry, now, by=by, text=DISSENT)

    def waive(self, entry: MeasureStory, now: datetime) -> None:
        by = self.stage.people.coordination
        self._do(review.waive, entry, now, by=by, reason=WAIVER_REASON)

    def _do(
        self, act: Callable[..., object], entry: MeasureStory, now: datetime, **values: object
    ) -> None:
        act(self.stage.session, report_id=self.report_id(entry.code), now=now, **values)

    @property
    def _round(self) -> Round:
        assert self.round_ is not None  # noqa: S101 - the first step opens it
        return self.round_

    def report_id(self, code: str) -> int:
        return self.reports[self.stage.measures[code]]

    def _submitter(self, entry: MeasureStory, word: StoryWord) -> Actor:
        people = self.stage.people
        return people.coordination if word.on_behalf else people.representatives[entry.lead]

    def _content(self, entry: MeasureStory, word: StoryWord) -> ReportContent:
        before = self.stage.values.get(entry.code)
        return content_for(
            entry,
            word,
            period=self.period,
            before=before,
            beginning=self.stage.beginning,
            districts=self.stage.instance.districts.in_force,
        )


def word_of(entry: MeasureStory, index: int) -> StoryWord:
    """Return what the story says of a measure in a published round; it must say something."""
    word = entry.rounds[index]
    if word is None:
        raise ValueError(f"story.yaml: {entry.code} braucht für die Korrektur eine Meldung")
    return word


def at_six(day: date) -> datetime:
    return datetime.combine(day, time(6), tzinfo=UTC)


# Measures whose indicators get invented values, by the indicators' keys in seed/data.
# Kennzahlen that are reported: key, and the values a quarter may have.
INDICATORS = {
    "2.3": ("fortbildungstage", (0, 1, 1)),
    "3.3": ("elternveranstaltungen", (0, 1, 2, 2)),
}
# A planned day may be moved once, after so many days of the story.
_MOVED_AFTER, _MOVED_BY = timedelta(days=240), timedelta(days=75)


def content_for(
    entry: MeasureStory,
    word: StoryWord,
    *,
    period: Period,
    before: Value | None,
    beginning: date,
    districts: Iterable[str],
) -> ReportContent:
    """Return what the institution says about a measure in a round; `districts` are keys.

    Milestones count from the beginning of the story, so they stay the same in every round.
    """
    rng = _rng(entry.code, period.key)
    state = word.value.implementation
    active = state in {Implementation.IN_PROGRESS, Implementation.ESTABLISHED}
    next_step, next_on = _next_step(rng, state, period)
    return ReportContent(
        implementation=state,
        course=word.value.course,
        achieved=f"{entry.subject}: {rng.choice(texts()['achieved'][state])}",
        next_step=next_step,
        next_step_on=next_on,
        reason=_reason(rng, word, before),
        consequence=_consequence(rng, word.value.course),
        changed=rng.choice(texts()["changed"]) if active and rng.random() < 0.4 else "",
        obstacles=rng.choice(texts()["obstacles"]) if rng.random() < 0.3 else "",
        target_group=entry.group,
        districts=_districts(entry, districts),
        milestones=_milestones(entry, state, period, beginning),
        **(_effort(entry, rng, period) if active else {}),
    )


def _rng(*parts: str) -> Random:
    return Random("/".join(parts))  # noqa: S311 - invented data, nothing secret


def _next_step(rng: Random, state: Implementation, period: Period) -> tuple[str, date | None]:
    pool = texts()["next_step"].get(state)
    if pool is None:
        return "", None
    return rng.choice(pool), period.end + timedelta(days=rng.randrange(40, 120))


def _reason(rng: Random, word: StoryWord, before: Value | None) -> str:
    pools = texts()["reason"]
    state, course = word.value.implementation, word.value.course
    if state in HALTED:
        return str(rng.choice(pools[state]))
    if course in (Course.AT_RISK, Course.CRITICAL):
        return str(rng.choice(pools[course]))
    if is_step_backwards(before.implementation if before else None, state):
        return str(rng.choice(pools["backwards"]))
    return ""


def _consequence(rng: Random, course: Course | None) -> str:
    pool = texts()["consequence"].get(course) if course else None
    return str(rng.choice(pool)) if pool else ""


def _districts(entry: MeasureStory, districts: Iterable[str]) -> tuple[str, ...]:
    rng = _rng(entry.code, "districts")
    named = [key for key in districts if key != CITYWIDE]
    if rng.random() < 0.5 or not named:
        return (CITYWIDE,)
    return tuple(sorted(rng.sample(named, min(len(named), rng.randrange(1, 4))), key=named.index))


def _milestones(
    entry: MeasureStory, state: Implementation, period: Period, beginning: date
) -> tuple[MilestoneLine, ...]:
    rng = _rng(entry.code, "milestones")
    if rng.random() < 0.5 or state in HALTED:
        return ()
    first = beginning + timedelta(days=rng.randrange(20, 80))
    done_first = min(first + timedelta(days=rng.randrange(20)), period.end)
    begun = state not in {Implementation.NOT_STARTED, Implementation.PLANNED}
    last = first + timedelta(days=330)
    finished = state in FULFILLED and last <= period.end
    if not finished and rng.random() < 0.5 and period.start >= beginning + _MOVED_AFTER:
        last += _MOVED_BY
    return (
        MilestoneLine("Vorgehen abgestimmt", first, done_first if begun else None),
        MilestoneLine("erste Auswertung", last, last if finished else None),
    )


def _effort(entry: MeasureStory, rng: Random, period: Period) -> dict[str, Any]:
    """Return quantities of the quarter for those who count them; some do not, some know little."""
    steady = _rng(entry.code, "effort")
    if steady.random() < 0.25 and entry.code not in INDICATORS:
        return {}
    size = steady.randrange(8, 120)
    unit = steady.choice(list(ParticipantUnit))
    counted = 3 if steady.random() < 0.06 else max(5, size + rng.randrange(-6, 14))
    donor, programme = steady.choice(texts()["donors"])
    is_known = steady.random() < 0.8
    amount = Decimal(steady.randrange(4, 60) * 1000)
    values: dict[str, Any] = {
        "participants": (Participants(unit, counted),),
        "events": rng.randrange(1, 12),
        "funding": (
            Funding(
                donor=donor,
                programme=programme,
                amount=amount if is_known else None,
                start=date(period.year, 1, 1),
                end=date(period.year, 12, 31),
            ),
        ),
    }
    if steady.random() < 0.6:
        values |= {"staff": Decimal(steady.randrange(2, 30)) / 10, "staff_unit": StaffUnit.FTE}
    if steady.random() < 0.6:
        planned = Decimal(size * 150)
        values |= {"cost_planned": planned, "cost_actual": planned * rng.randrange(70, 125) / 100}
    if entry.code in INDICATORS:
        key, possible = INDICATORS[entry.code]
        count = rng.choice(possible)
        # The Kennzahl counts these very events, and nobody took part in none.
        values |= {"indicators": (IndicatorValue(key, Decimal(count)),), "events": count}
        if not count:
            del values["participants"]
    return values
