"""The figures of domain.md 5 and 6 as tables that a controller could sign."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.publication.rules.grids import read_grid
from tracker.reporting.rules.figures import (
    Average,
    Change,
    Expected,
    Leaf,
    Ratio,
    Value,
    change,
    distribution,
    newly_fulfilled,
    newly_troubled,
    returns,
    running_sum,
    weighted_average,
    worst_course,
)
from tracker.reporting.rules.reports import Punctuality, ReportState
from tracker.reporting.rules.status import Course, Implementation

DROPPED = "dropped"
# What is averaged as (value, weight): result, over n of N. "-" is missing.
AVERAGES = {
    "equal weights": ("60:.5 60:.5 80:.5", "66.67", 3, 3),
    "unequal weights": ("60:2 60:3 80:1", "63.33", 3, 3),
    "a missing value is not a zero": ("100:1 -:1", "100.00", 1, 2),
    "a missing value has no weight": ("100:1 -:9 50:1", "75.00", 2, 3),
    "dropped does not count": ("dropped:1 0:1", "0.00", 1, 1),
    "a dropped hundred does not count": ("dropped:9 50:1", "50.00", 1, 1),
    "one at 100 and nine at 0, not the mean of two means": (
        "100:1" + 9 * " 0:1", "10.00", 10, 10,
    ),
    "a reported 0 is a 0": ("0:1", "0.00", 1, 1),
    "nothing reported is no figure": ("-:1 -:1", None, 0, 2),
    "nothing but dropped is no figure": ("dropped:1", None, 0, 0),
    "no measure at all is no figure": ("", None, 0, 0),
    "no weight at all is no figure": ("100:0", None, 1, 1),
    "a weight of 0 counts for nothing": ("100:0 40:1", "40.00", 2, 2),
    "half a hundredth is rounded up": ("0:1 0.01:1", "0.01", 2, 2),
}  # fmt: skip


def leaf(text: str) -> Leaf:
    value, weight = text.split(":")
    if value == DROPPED:  # its last value must not matter
        return Leaf(Decimal(100), Decimal(weight), dropped=True)
    return Leaf(None if value == "-" else Decimal(value), Decimal(weight))


@pytest.mark.parametrize(("leaves", "value", "n", "total"), AVERAGES.values(), ids=AVERAGES)
def test_an_average_is_weighted_over_leaves_with_a_value(
    leaves: str, value: str | None, n: int, total: int
) -> None:
    expected = Average(None if value is None else Decimal(value), Ratio(n, total))
    found = weighted_average(map(leaf, leaves.split()))
    assert found == expected
    assert str(found.value) == str(expected.value), "two decimal places are shown"


def test_a_measure_without_a_weight_of_its_own_has_the_weight_one() -> None:
    leaves = [Leaf(Decimal(100)), Leaf(Decimal(40), Decimal(2))]
    assert weighted_average(leaves).value == Decimal("60.00")


PERCENTS = st.decimals(0, 100, places=2)
LEAVES = st.lists(
    st.builds(Leaf, st.none() | PERCENTS, st.decimals("0.01", 100, places=2), st.booleans())
)


@settings(deadline=None)
@given(LEAVES)
def test_an_average_lies_between_the_values_and_does_not_depend_on_their_order(
    leaves: list[Leaf],
) -> None:
    average = weighted_average(leaves)
    counted = [item.value for item in leaves if item.value is not None and not item.dropped]
    if counted:
        assert average.value is not None
        assert min(counted) <= average.value <= max(counted)
    else:
        assert average.value is None
    assert average.coverage == Ratio(len(counted), sum(not item.dropped for item in leaves))
    assert weighted_average(leaves[::-1]) == average


@pytest.mark.parametrize(
    ("count", "total", "percent"),
    [
        (0, 0, None),
        (0, 57, "0.0"),
        (57, 57, "100.0"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 16, "6.3"),  # 6.25 is rounded up, as on paper
        (50, 55, "90.9"),
    ],
)
def test_a_share_has_one_decimal_place_and_nothing_of_nothing_is_no_share(
    count: int, total: int, percent: str | None
) -> None:
    found = Ratio(count, total).percent
    assert found == (None if percent is None else Decimal(percent))
    assert found is None or str(found) == percent


VALUES = st.none() | st.builds(
    Value, st.sampled_from(Implementation), st.none() | st.sampled_from(Course)
)


@settings(deadline=None)
@given(st.lists(VALUES))
def test_every_measure_is_counted_once_in_the_distribution(values: list[Value | None]) -> None:
    found = distribution(values)
    reported = [value for value in values if value is not None]
    assert sum(found.counts) + found.no_report == len(values)
    assert sum(found.courses) + found.course_not_asked == len(reported)
    assert found.coverage == Ratio(len(reported), len(values))
    for state in Implementation:
        assert found.of(state) == sum(value.implementation is state for value in reported)
    for course in Course:
        assert found.of_course(course) == sum(value.course is course for value in reported)


@settings(deadline=None)
@given(st.lists(VALUES), st.lists(VALUES))
def test_a_goal_and_another_add_up_to_their_field(
    one: list[Value | None], other: list[Value | None]
) -> None:
    parts, whole = (distribution(one), distribution(other)), distribution(one + other)
    assert whole.counts == tuple(map(sum, zip(*(part.counts for part in parts), strict=True)))
    assert whole.courses == tuple(map(sum, zip(*(part.courses for part in parts), strict=True)))
    assert whole.no_report == sum(part.no_report for part in parts)


def test_no_report_is_not_counted_as_not_started() -> None:
    found = distribution([None, None, Value(Implementation.NOT_STARTED)])
    assert (found.of(Implementation.NOT_STARTED), found.no_report) == (1, 2)
    assert found.counts == (1, 0, 0, 0, 0, 0, 0), "the order is that of the legend"


@pytest.mark.parametrize(
    ("courses", "worst"),
    [
        ("", None),
        ("none none", None),
        ("on_track none", "on_track"),
        ("on_track at_risk on_track", "at_risk"),
        ("critical on_track at_risk", "critical"),
    ],
)
def test_the_worst_course_below_is_the_marker(courses: str, worst: str | None) -> None:
    given_courses = [None if name == "none" else Course(name) for name in courses.split()]
    assert worst_course(given_courses) == worst


# One line per expected report: state, submitted once, punctuality.
SUBMITTED_LATE = "accepted yes late"
RETURNS = {
    "nothing expected": ([], (0, 0, 0), 0, 0),
    "everything waived": (["waived no pending", "waived no overdue"], (0, 0, 0), 0, 2),
    "one of each": (
        [
            "expected no overdue",
            "draft no pending",
            "submitted yes on_time",
            SUBMITTED_LATE,
            "returned yes on_time",
            "accepted yes on_time",
            "waived no overdue",
        ],
        (4, 2, 3), 6, 1,
    ),
    "withdrawn again still counts as submitted once": (["draft yes on_time"], (1, 0, 1), 1, 0),
    "waived after a return leaves the denominator": (
        ["waived yes on_time", SUBMITTED_LATE], (1, 1, 0), 1, 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "counts", "total", "waived"), RETURNS.values(), ids=RETURNS)
def test_the_returns_are_counted_over_the_expected_set_without_waived(
    lines: list[str], counts: tuple[int, int, int], total: int, waived: int
) -> None:
    reports = [
        Expected(ReportState(state), once == "yes", Punctuality(when))
        for state, once, when in map(str.split, lines)
    ]
    found = returns(iter(reports))
    ratios = (found.completeness, found.acceptance, found.timeliness)
    assert ratios == tuple(Ratio(count, total) for count in counts)
    assert found.waived == waived
    if not total:
        assert [ratio.percent for ratio in ratios] == [None, None, None]


# Row: before, column: after. + better, ! worse, = unchanged, n newly, x no longer, 0 never.
CHANGES = """
                       none  not_started  planned  progress/on_track  progress/critical  completed  established/on_track  deferred  dropped
none                   0     n            n        n                  n                  n          n                     n         n
not_started            x     =            +        +                  !                  +          +                     !         !
planned                x     !            =        +                  !                  +          +                     !         !
progress/on_track      x     !            !        =                  !                  +          +                     !         !
progress/critical      x     !            !        +                  =                  +          +                     !         !
completed              x     !            !        !                  !                  =          +                     !         !
established/on_track   x     !            !        !                  !                  !          =                     !         !
deferred               x     +            +        +                  !                  +          +                     =         !
dropped                x     +            +        +                  !                  +          +                     +         =
"""  # noqa: E501
SIGNS = {
    "+": Change.BETTER,
    "!": Change.WORSE,
    "=": Change.UNCHANGED,
    "n": Change.NEWLY_REPORTED,
    "x": Change.NO_LONGER_REPORTED,
    "0": Change.NOT_REPORTED,
}
ALL_VALUES = [Value(*pair) for pair in itertools.product(Implementation, [None, *Course])]


def value(text: str) -> Value | None:
    if text == "none":
        return None
    state, _, course = text.replace("progress", "in_progress").partition("/")
    return Value(Implementation(state), Course(course) if course else None)


@pytest.mark.parametrize(("pair", "sign"), read_grid(CHANGES).items())
def test_what_changed_since_the_last_round(pair: tuple[str, str], sign: str) -> None:
    assert change(*map(value, pair)) is SIGNS[sign]


@pytest.mark.parametrize(
    ("before", "after", "sign"),
    [
        ("progress/on_track", "progress/at_risk", "!"),
        ("progress/at_risk", "progress/critical", "!"),
        ("progress/critical", "progress/at_risk", "+"),
        ("planned/at_risk", "progress/critical", "!"),  # advanced, but trouble is looked for first
        ("progress/critical", "planned/on_track", "!"),  # calmer, but a step backwards
        ("not_started", "not_started/on_track", "="),  # no Verlauf given is no trouble
        ("progress/at_risk", "completed", "+"),
    ],
)
def test_a_worse_course_outweighs_a_better_status(before: str, after: str, sign: str) -> None:
    assert change(value(before), value(after)) is SIGNS[sign]


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        ("progress/on_track", "progress/at_risk", True),
        ("progress/at_risk", "progress/critical", True),
        ("progress/critical", "progress/at_risk", False),
        ("progress/critical", "planned/at_risk", False),
        ("progress/at_risk", "progress/at_risk", False),
        ("not_started", "progress/at_risk", True),
        ("none", "progress/critical", True),
        ("progress/critical", "none", False),
        ("progress/critical", "progress/on_track", False),
        ("none", "progress/on_track", False),
    ],
)
def test_newly_troubled_is_what_became_more_serious(before: str, after: str, new: bool) -> None:
    assert newly_troubled(value(before), value(after)) is new


def test_no_change_is_better_both_ways_and_every_better_is_worse_the_other_way() -> None:
    for before, after in itertools.product(ALL_VALUES, ALL_VALUES):
        there, back = change(before, after), change(after, before)
        if there is Change.BETTER:
            assert back is Change.WORSE, (before, after)
        if there is Change.UNCHANGED:
            assert back is Change.UNCHANGED, (before, after)


def test_unknown_is_not_zero_in_a_sum() -> None:
    assert running_sum([]) is None
    assert running_sum([None, None]) is None
    assert running_sum([None, Decimal(0)]) == 0
    assert running_sum([Decimal("1.5"), None, Decimal(2)]) == Decimal("3.5")


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        ("in_progress", "completed", True),
        ("in_progress", "established", True),
        ("completed", "established", False),
        ("completed", "completed", False),
        ("completed", "in_progress", False),
        (None, "completed", True),
        (None, "in_progress", False),
        ("completed", None, False),
    ],
)
def test_newly_fulfilled_was_not_fulfilled_before(
    before: str | None, after: str | None, new: bool
) -> None:
    values = [code and Value(Implementation(code)) for code in (before, after)]
    assert newly_fulfilled(values[0] or None, values[1] or None) is new
