"""Every figure is computed here, once (domain.md sections 5 and 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from tracker.reporting.rules.reports import Punctuality, ReportState
from tracker.reporting.rules.status import (
    FULFILLED,
    RANK,
    SEVERITY,
    TROUBLED,
    Course,
    Implementation,
)

# 2: unchanged means reported twice; newly troubled means that it became more serious.
FORMULA_VERSION = "3"


@dataclass(frozen=True)
class Ratio:
    """A count of something out of something: "n von N"."""

    count: int
    total: int

    @property
    def percent(self) -> Decimal | None:
        """Return the share in percent, one decimal place; None ("–") when the total is 0."""
        if self.total == 0:
            return None
        return _rounded(Decimal(self.count * 100) / self.total, "0.1")


@dataclass(frozen=True)
class Value:
    """What a measure's report of one round says; the reviewed value where there is one."""

    implementation: Implementation
    course: Course | None = None


@dataclass(frozen=True)
class Distribution:
    """How many reportable measures stand where, and how many have no report.

    `counts` follows the order of Implementation, `courses` that of Course; `course_not_asked`
    are reported measures without a Verlauf.
    """

    counts: tuple[int, ...]
    no_report: int
    courses: tuple[int, ...]
    course_not_asked: int

    @property
    def coverage(self) -> Ratio:
        return Ratio(sum(self.counts), sum(self.counts) + self.no_report)

    def of(self, implementation: Implementation) -> int:
        return self.counts[list(Implementation).index(implementation)]

    def of_course(self, course: Course) -> int:
        return self.courses[list(Course).index(course)]


def distribution(values: Iterable[Value | None]) -> Distribution:
    """Count reportable leaf measures by Umsetzungsstand and Verlauf; None = keine Meldung."""
    items = list(values)
    reported = [value for value in items if value is not None]
    by_state = Counter(report.implementation for report in reported)
    by_course = Counter(report.course for report in reported)
    return Distribution(
        counts=tuple(by_state[state] for state in Implementation),
        no_report=len(items) - len(reported),
        courses=tuple(by_course[course] for course in Course),
        course_not_asked=by_course[None],
    )


@dataclass(frozen=True)
class Leaf:
    """One measure in an average: its value (None = missing), weight, and whether dropped."""

    value: Decimal | None
    weight: Decimal = Decimal(1)
    dropped: bool = False


@dataclass(frozen=True)
class Average:
    """A weighted mean (two decimals, None = "–") with the coverage it rests on."""

    value: Decimal | None
    coverage: Ratio


def weighted_average(leaves: Iterable[Leaf]) -> Average:
    """Return Σwp/Σw over the leaves that have a value, without dropped ones (domain.md 6)."""
    counted = [leaf for leaf in leaves if not leaf.dropped]
    valued = [(leaf.value, leaf.weight) for leaf in counted if leaf.value is not None]
    coverage = Ratio(len(valued), len(counted))
    weights = sum((weight for _, weight in valued), Decimal(0))
    if weights == 0:
        return Average(None, coverage)
    total = sum((value * weight for value, weight in valued), Decimal(0))
    return Average(_rounded(total / weights, "0.01"), coverage)


def worst_course(courses: Iterable[Course | None]) -> Course | None:
    """Return the most serious Verlauf: an attention marker, not a grade; None if none is given."""
    reported = [course for course in courses if course is not None]
    return max(reported, key=lambda course: SEVERITY[course], default=None)


@dataclass(frozen=True)
class Expected:
    state: ReportState
    submitted_once: bool
    punctuality: Punctuality
    joined: bool = False


@dataclass(frozen=True)
class Returns:
    """Rücklauf of a round: completeness, acceptance and timeliness over E (domain.md 5).

    `joined` of the expected were asked for after the opening; a published record counts them like
    any other, so it decides no comparison.
    `pending` of E can still come in time: in an open round they are not late yet.
    """

    completeness: Ratio
    acceptance: Ratio
    timeliness: Ratio
    waived: int
    joined: int = field(default=0, compare=False)
    pending: int = field(default=0, compare=False)


def returns(expected: Iterable[Expected]) -> Returns:
    """Return the Rücklauf; E = the set frozen at the opening and what joined it, without waived."""
    items = list(expected)
    counted = [report for report in items if report.state is not ReportState.WAIVED]
    total = len(counted)
    on_time = Punctuality.ON_TIME
    return Returns(
        completeness=Ratio(sum(report.submitted_once for report in counted), total),
        acceptance=Ratio(sum(report.state is ReportState.ACCEPTED for report in counted), total),
        timeliness=Ratio(sum(report.punctuality is on_time for report in counted), total),
        waived=len(items) - total,
        joined=sum(report.joined for report in counted),
        pending=sum(report.punctuality is Punctuality.PENDING for report in counted),
    )


class Change(StrEnum):
    WORSE = "worse"
    BETTER = "better"
    NEWLY_REPORTED = "newly_reported"
    NO_LONGER_REPORTED = "no_longer_reported"
    UNCHANGED = "unchanged"
    NOT_REPORTED = "not_reported"


def change(before: Value | None, after: Value | None) -> Change:
    """Compare two reported values of one measure; a worse Verlauf outweighs a better Stand.

    Whoever reads the list looks for trouble first, so a measure that advanced but became
    critical counts as worse.
    """
    if before is None or after is None:
        if after is not None:
            return Change.NEWLY_REPORTED
        return Change.NOT_REPORTED if before is None else Change.NO_LONGER_REPORTED
    steps = RANK[after.implementation] - RANK[before.implementation]
    severity = _severity(after.course) - _severity(before.course)
    if severity > 0 or steps < 0:
        return Change.WORSE
    return Change.BETTER if steps > 0 or severity < 0 else Change.UNCHANGED


def newly_troubled(before: Value | None, after: Value | None) -> bool:
    """Return whether a measure became at risk or critical, or is newly reported as such.

    What came down from critical to at_risk is better than it was, so it is not new.
    """
    if after is None or after.course not in TROUBLED:
        return False
    return before is None or _severity(after.course) > _severity(before.course)


def newly_fulfilled(before: Value | None, after: Value | None) -> bool:
    """Return whether a measure became completed or established, or is newly reported as such.

    From completed to established is no news of this kind: it was fulfilled before.
    """
    if after is None or after.implementation not in FULFILLED:
        return False
    return before is None or before.implementation not in FULFILLED


def overdue(days: Iterable[date | None], *, as_of: date) -> Ratio:
    """Return how many planned days lie before the Stichtag, of all days named."""
    named = [day for day in days if day is not None]
    return Ratio(sum(day < as_of for day in named), len(named))


def running_sum(values: Sequence[Decimal | None]) -> Decimal | None:
    """Return the sum of what was reported; None when nothing was (unknown is not zero)."""
    known_values = [value for value in values if value is not None]
    return sum(known_values, Decimal(0)) if known_values else None


def _severity(course: Course | None) -> int:
    return 0 if course is None else SEVERITY[course]


def _rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), rounding=ROUND_HALF_UP)
