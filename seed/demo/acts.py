"""What people do in one invented round: each step is an action of real use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from sqlmodel import Session, select

from seed.demo.content import content_for
from seed.demo.people import People
from seed.demo.story import MeasureStory, StoryWord
from tracker.core.periods import Period
from tracker.core.permissions import Actor
from tracker.publication.actions import publication
from tracker.publication.rules.facts import InstanceFact
from tracker.reporting.models import Report, Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import Participants, ReportContent
from tracker.reporting.rules.figures import Value

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
    instance: InstanceFact
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
        rounds.close_round(
            self.stage.session, round_=self._round, by=self.stage.people.coordination, now=now
        )

    def publish(self, now: datetime) -> None:
        publication.publish(
            self.stage.session,
            round_=self._round,
            by=self.stage.people.coordination,
            now=now,
            instance=self.stage.instance,
        )

    def correct(self, now: datetime) -> None:
        rounds.correct(
            self.stage.session,
            round_=self._round,
            reason=CORRECTION_REASON,
            by=self.stage.people.coordination,
            now=now,
        )

    def grant(self, now: datetime, *, until: date) -> None:
        rounds.grant_extension(
            self.stage.session,
            round_=self._round,
            institution_id=None,
            report_id=self.report_id(CORRECTED_CODE),
            until=until,
            reason=CORRECTION_REASON,
            by=self.stage.people.coordination,
            now=now,
        )

    def draft(self, entry: MeasureStory, word: StoryWord, now: datetime) -> None:
        people = self.stage.people
        reports.save_draft(
            self.stage.session,
            report_id=self.report_id(entry.code),
            content=self._content(entry, word),
            expected_version=0,
            by=people.staff.get(entry.lead, people.representatives[entry.lead]),
            now=now,
        )

    def submit(self, entry: MeasureStory, word: StoryWord, now: datetime) -> None:
        by = self._submitter(entry, word)
        if word.unchanged:
            reports.confirm_unchanged(
                self.stage.session, report_id=self.report_id(entry.code), by=by, now=now
            )
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
        reports.submit(
            self.stage.session,
            report_id=self.report_id(entry.code),
            content=content,
            expected_version=report.draft_version,
            by=by,
            now=now,
        )

    def accept(self, entry: MeasureStory, word: StoryWord, now: datetime) -> None:
        review.accept(
            self.stage.session,
            report_id=self.report_id(entry.code),
            reviewed=word.reviewed,
            reason=REVIEW_REASON if word.reviewed else "",
            by=self.stage.people.deputy,
            now=now,
        )
        self.stage.values[entry.code] = word.reviewed or word.value

    def give_back(self, entry: MeasureStory, now: datetime) -> None:
        review.return_report(
            self.stage.session,
            report_id=self.report_id(entry.code),
            comment=RETURN_COMMENT,
            by=self.stage.people.deputy,
            now=now,
        )

    def revoke(self, entry: MeasureStory, now: datetime) -> None:
        review.revoke(
            self.stage.session,
            report_id=self.report_id(entry.code),
            reason=CORRECTION_REASON,
            by=self.stage.people.deputy,
            now=now,
        )

    def dissent(self, entry: MeasureStory, now: datetime) -> None:
        reports.dissent(
            self.stage.session,
            report_id=self.report_id(entry.code),
            text=DISSENT,
            by=self.stage.people.representatives[entry.lead],
            now=now,
        )

    def waive(self, entry: MeasureStory, now: datetime) -> None:
        review.waive(
            self.stage.session,
            report_id=self.report_id(entry.code),
            reason=WAIVER_REASON,
            by=self.stage.people.coordination,
            now=now,
        )

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
            entry, word, period=self.period, before=before, beginning=self.stage.beginning
        )


def word_of(entry: MeasureStory, index: int) -> StoryWord:
    """Return what the story says of a measure in a published round; it must say something."""
    word = entry.rounds[index]
    if word is None:
        raise ValueError(f"story.yaml: {entry.code} braucht für die Korrektur eine Meldung")
    return word


def at_six(day: date) -> datetime:
    """Return six o'clock UTC of a day."""
    return datetime.combine(day, time(6), tzinfo=UTC)
