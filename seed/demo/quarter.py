"""One quarter of the demonstration as a list of steps, each an action with its moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from sqlmodel import Session, select

from seed.demo.content import content_for
from seed.demo.moments import at_six
from seed.demo.people import People
from seed.demo.story import Entry, Word, entries
from tracker.actions import publication, reports, review, rounds
from tracker.models import Report, Round
from tracker.rules.content import Participants, ReportContent
from tracker.rules.facts import InstanceFact
from tracker.rules.figures import Value
from tracker.rules.periods import Period
from tracker.rules.permissions import Actor
from tracker.rules.reports import ReportState

Step = tuple[datetime, Callable[[datetime], object]]

DISSENT = (
    "Wir schätzen den Stand anders ein: Die vereinbarten Teile sind aus unserer Sicht erfüllt. "
    "Offen ist nur, was andere Stellen zu entscheiden haben."
)
REVIEW_REASON = (
    "Nach den vorliegenden Unterlagen steht ein wesentlicher Teil noch aus; "
    "mit der Institution besprochen."
)
RETURN_COMMENT = "Bitte ergänzen Sie, bis wann der nächste Schritt erreicht sein soll."
WAIVER_REASON = "Die Maßnahme ruht; in dieser Runde ist nichts zu berichten."
CORRECTION_REASON = "Zahl der Teilnehmenden bei Maßnahme 3.3 berichtigt."
CORRECTED_CODE = "3.3"


@dataclass
class Stage:
    """What every quarter needs; `values` remembers the last value of each measure."""

    session: Session
    people: People
    institutions: Mapping[str, int]
    measures: Mapping[str, int]
    concept_id: int
    resubmit_days: int
    due_day: int
    instance: InstanceFact
    values: dict[str, Value] = field(default_factory=dict)


@dataclass
class Quarter:
    """One round and its reports; the round exists once it was opened."""

    stage: Stage
    index: int
    period: Period
    corrected: bool
    round_: Round | None = None
    reports: dict[int, int] = field(default_factory=dict)

    def published_steps(self) -> list[Step]:
        """Return the steps of a round that runs from opening to publication."""
        start = self.period.opens_on
        due_on = self.period.default_due_on(self.stage.due_day)
        steps: list[Step] = [(at_six(start), partial(self._open, due_on=due_on))]
        for entry in entries():
            word = entry.rounds[self.index]
            if word is not None:
                steps += self._report_steps(entry, word, due_on=due_on)
        steps.append((at_six(start + timedelta(days=30)), self._close))
        steps.append((at_six(start + timedelta(days=34)), self._publish))
        if self.corrected:
            steps += self._correction_steps(start + timedelta(days=48))
        return steps

    def running_steps(self, *, due_on: date, now: datetime) -> list[Step]:
        """Return the steps of the running round, all between its opening and now."""
        opened = min(at_six(self.period.opens_on), now)
        steps: list[Step] = [(opened, partial(self._open, due_on=due_on))]
        for entry in entries():
            rng = Random(f"{entry.code}/running")  # noqa: S311 - invented data
            begun = opened + (now - opened) * (0.3 + 0.4 * rng.random())
            decided = begun + (now - begun) * (0.2 + 0.6 * rng.random())
            steps += self._running_report(entry, begun=begun, decided=decided)
        return steps

    def _report_steps(self, entry: Entry, word: Word, *, due_on: date) -> list[Step]:
        rng = Random(f"{entry.code}/{self.period.key}")  # noqa: S311 - invented data
        minutes = timedelta(minutes=rng.randrange(0, 540))
        if word.late:
            submitted = at_six(due_on + timedelta(days=rng.randrange(1, 9))) + minutes
        else:
            submitted = at_six(due_on - timedelta(days=rng.randrange(1, 12))) + minutes
        accepted = at_six(self.period.opens_on + timedelta(days=rng.randrange(25, 30))) + minutes
        steps: list[Step] = [(submitted, partial(self._submit, entry, word))]
        if word.returned:
            back = submitted + timedelta(days=2)
            steps.append((back, partial(self._return, entry)))
            steps.append((back + timedelta(days=3), partial(self._submit, entry, word)))
        steps.append((accepted, partial(self._accept, entry, word)))
        if word.dissent:
            steps.append((accepted + timedelta(hours=5), partial(self._dissent, entry)))
        return steps

    def _running_report(self, entry: Entry, *, begun: datetime, decided: datetime) -> list[Step]:
        word = entry.current
        match entry.current_state:
            case ReportState.DRAFT:
                return [(begun, partial(self._draft, entry, word))]
            case ReportState.SUBMITTED:
                return [(begun, partial(self._submit, entry, word))]
            case ReportState.ACCEPTED:
                return [
                    (begun, partial(self._submit, entry, word)),
                    (decided, partial(self._accept, entry, word)),
                ]
            case ReportState.RETURNED:
                return [
                    (begun, partial(self._submit, entry, word)),
                    (decided, partial(self._return, entry)),
                ]
            case ReportState.WAIVED:
                return [(begun, partial(self._waive, entry))]
            case ReportState.EXPECTED:
                return []

    def _correction_steps(self, day: date) -> list[Step]:
        entry = next(item for item in entries() if item.code == CORRECTED_CODE)
        morning = at_six(day)
        hour = timedelta(hours=1)
        return [
            (morning, self._correct),
            (morning + hour, partial(self._revoke, entry)),
            (morning + 2 * hour, partial(self._return, entry)),
            (morning + 3 * hour, partial(self._grant, until=day + timedelta(days=7))),
            (morning + 26 * hour, partial(self._submit_corrected, entry)),
            (morning + 50 * hour, partial(self._accept, entry, _word(entry, self.index))),
            (morning + 52 * hour, self._publish),
        ]

    # -- steps ---------------------------------------------------------------------------------

    def _open(self, now: datetime, *, due_on: date) -> None:
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

    def _close(self, now: datetime) -> None:
        rounds.close_round(
            self.stage.session, round_=self._round, by=self.stage.people.coordination, now=now
        )

    def _publish(self, now: datetime) -> None:
        publication.publish(
            self.stage.session,
            round_=self._round,
            by=self.stage.people.coordination,
            now=now,
            instance=self.stage.instance,
        )

    def _correct(self, now: datetime) -> None:
        rounds.correct(
            self.stage.session,
            round_=self._round,
            reason=CORRECTION_REASON,
            by=self.stage.people.coordination,
            now=now,
        )

    def _grant(self, now: datetime, *, until: date) -> None:
        rounds.grant_extension(
            self.stage.session,
            round_=self._round,
            institution_id=None,
            report_id=self._report_id(CORRECTED_CODE),
            until=until,
            reason=CORRECTION_REASON,
            by=self.stage.people.coordination,
            now=now,
        )

    def _draft(self, entry: Entry, word: Word, now: datetime) -> None:
        people = self.stage.people
        reports.save_draft(
            self.stage.session,
            report_id=self._report_id(entry.code),
            content=self._content(entry, word),
            expected_version=0,
            by=people.staff.get(entry.lead, people.representatives[entry.lead]),
            now=now,
        )

    def _submit(self, entry: Entry, word: Word, now: datetime) -> None:
        by = self._submitter(entry, word)
        if word.unchanged:
            reports.confirm_unchanged(
                self.stage.session, report_id=self._report_id(entry.code), by=by, now=now
            )
            return
        self._submit_content(entry, self._content(entry, word), by=by, now=now)

    def _submit_corrected(self, entry: Entry, now: datetime) -> None:
        content = self._content(entry, _word(entry, self.index))
        counted = tuple(Participants(line.unit, line.count + 12) for line in content.participants)
        by = self.stage.people.representatives[entry.lead]
        self._submit_content(entry, replace(content, participants=counted), by=by, now=now)

    def _submit_content(
        self, entry: Entry, content: ReportContent, *, by: Actor, now: datetime
    ) -> None:
        report = self.stage.session.get_one(Report, self._report_id(entry.code))
        reports.submit(
            self.stage.session,
            report_id=self._report_id(entry.code),
            content=content,
            expected_version=report.draft_version,
            by=by,
            now=now,
        )

    def _accept(self, entry: Entry, word: Word, now: datetime) -> None:
        review.accept(
            self.stage.session,
            report_id=self._report_id(entry.code),
            reviewed=word.reviewed,
            reason=REVIEW_REASON if word.reviewed else "",
            by=self.stage.people.deputy,
            now=now,
        )
        self.stage.values[entry.code] = word.reviewed or word.value

    def _return(self, entry: Entry, now: datetime) -> None:
        review.return_report(
            self.stage.session,
            report_id=self._report_id(entry.code),
            comment=RETURN_COMMENT,
            by=self.stage.people.deputy,
            now=now,
        )

    def _revoke(self, entry: Entry, now: datetime) -> None:
        review.revoke(
            self.stage.session,
            report_id=self._report_id(entry.code),
            reason=CORRECTION_REASON,
            by=self.stage.people.deputy,
            now=now,
        )

    def _dissent(self, entry: Entry, now: datetime) -> None:
        reports.dissent(
            self.stage.session,
            report_id=self._report_id(entry.code),
            text=DISSENT,
            by=self.stage.people.representatives[entry.lead],
            now=now,
        )

    def _waive(self, entry: Entry, now: datetime) -> None:
        review.waive(
            self.stage.session,
            report_id=self._report_id(entry.code),
            reason=WAIVER_REASON,
            by=self.stage.people.coordination,
            now=now,
        )

    # -- helpers -------------------------------------------------------------------------------

    @property
    def _round(self) -> Round:
        assert self.round_ is not None  # noqa: S101 - the first step opens it
        return self.round_

    def _report_id(self, code: str) -> int:
        return self.reports[self.stage.measures[code]]

    def _submitter(self, entry: Entry, word: Word) -> Actor:
        people = self.stage.people
        return people.coordination if word.on_behalf else people.representatives[entry.lead]

    def _content(self, entry: Entry, word: Word) -> ReportContent:
        before = self.stage.values.get(entry.code)
        return content_for(entry, word, period=self.period, before=before)


def _word(entry: Entry, index: int) -> Word:
    word = entry.rounds[index]
    if word is None:
        raise ValueError(f"story.yaml: {entry.code} braucht für die Korrektur eine Meldung")
    return word
