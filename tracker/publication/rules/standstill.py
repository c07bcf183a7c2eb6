"""How long a measure has stood where it stands, over published rounds in a row.

Each function takes the values of one measure, oldest round first (None = keine Meldung), and
counts rounds back from the newest one. A missing report ends a row: nobody said that nothing
changed. Source: practice.md ("age of every value"), issue 4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile

from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.status import FULFILLED, HALTED, SEVERITY, TROUBLED, Implementation

# From this many rounds in a row on a page speaks of a measure; the same number as for reports
# that are confirmed unchanged (domain.md 5).
LONG = 3
# What can still move: neither fulfilled nor deliberately halted.
OPEN = frozenset(Implementation) - FULFILLED - HALTED

Values = Sequence[Value | None]


def unchanged_for(values: Values) -> int:
    """Return for how many rounds Umsetzungsstand and Verlauf were reported the same.

    0 where the newest round has no report or the measure is fulfilled or halted: then nothing
    is expected to move.
    """
    newest = _newest(values)
    if newest is None or newest.implementation not in OPEN:
        return 0
    return _row(values, lambda value: value == newest)


def stuck_for(values: Values) -> int:
    """Return for how many rounds a measure was troubled without getting any better.

    Its Umsetzungsstand is the same; gefährdet may have become kritisch. 0 where it is neither now.
    """
    after, rounds = _newest(values), 0
    for value in reversed(values):
        if value is None or after is None or not _is_no_better(value, after):
            break
        rounds, after = rounds + 1, value
    return rounds


def silent_for(values: Values) -> int:
    return _row(values, lambda value: value is None)


def _is_no_better(before: Value, after: Value) -> bool:
    """Return whether a measure was troubled in both rounds and got no better between them."""
    return (
        before.course in TROUBLED
        and after.course in TROUBLED
        and before.implementation is after.implementation
        and SEVERITY[before.course] <= SEVERITY[after.course]
    )


def _newest(values: Values) -> Value | None:
    return values[-1] if values else None


def _row(values: Values, belongs: Callable[[Value | None], bool]) -> int:
    return sum(1 for _ in takewhile(belongs, reversed(values)))
