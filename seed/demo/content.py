"""Invented report contents: the same measure and round always say the same."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from seed.demo.story import MeasureStory, StoryWord, texts
from tracker.core.periods import Period
from tracker.reporting.rules.content import (
    District,
    Funding,
    IndicatorValue,
    MilestoneLine,
    Participants,
    ParticipantUnit,
    ReportContent,
    StaffUnit,
)
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.status import (
    FULFILLED,
    HALTED,
    Course,
    Implementation,
    is_step_backwards,
)

# Measures whose indicators get invented values, by the indicators' keys in seed/data.
# Kennzahlen that are reported: key, and the values a quarter may have.
INDICATORS = {
    "2.3": ("fortbildungstage", (0, 1, 1)),
    "3.3": ("elternveranstaltungen", (0, 1, 2, 2)),
}
# A planned day may be moved once, after so many days of the story.
_MOVED_AFTER, _MOVED_BY = timedelta(days=240), timedelta(days=75)


def content_for(
    entry: MeasureStory, word: StoryWord, *, period: Period, before: Value | None, beginning: date
) -> ReportContent:
    """Return what the institution says about a measure in a round.

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
        districts=_districts(entry),
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


def _districts(entry: MeasureStory) -> tuple[District, ...]:
    rng = _rng(entry.code, "districts")
    if rng.random() < 0.5:
        return (District.CITYWIDE,)
    named = [district for district in District if district is not District.CITYWIDE]
    return tuple(sorted(rng.sample(named, rng.randrange(1, 4)), key=named.index))


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
        values |= {
            "cost_planned": planned,
            "cost_actual": planned * rng.randrange(70, 125) / 100,
        }
    if entry.code in INDICATORS:
        key, possible = INDICATORS[entry.code]
        values["indicators"] = (IndicatorValue(key, Decimal(rng.choice(possible))),)
    return values
