"""One quarter of the demonstration as a list of steps, each an action with its moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from seed.demo.acts import CORRECTED_CODE, Acts, at_six, word_of
from seed.demo.story import MeasureStory, StoryWord, entries, read
from tracker.reporting.reports.actions import contributions
from tracker.reporting.rules.content import Participants, ParticipantUnit
from tracker.reporting.rules.contribution import ContributionContent, Part
from tracker.reporting.rules.reports import ReportState

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
