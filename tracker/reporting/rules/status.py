"""Umsetzungsstand and Verlauf: the two questions of domain.md section 4."""

from __future__ import annotations

from enum import StrEnum


class Implementation(StrEnum):
    """Umsetzungsstand: where does the measure stand? In the fixed order of legends."""

    NOT_STARTED = "not_started"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    ESTABLISHED = "established"
    DEFERRED = "deferred"
    DROPPED = "dropped"


class Course(StrEnum):
    """Verlauf: does it run as planned? From best to worst."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    CRITICAL = "critical"


class Asked(StrEnum):
    """Whether the Verlauf is asked for an Umsetzungsstand."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NOT_ASKED = "not_asked"


FULFILLED = frozenset({Implementation.COMPLETED, Implementation.ESTABLISHED})
TROUBLED = frozenset({Course.AT_RISK, Course.CRITICAL})
HALTED = frozenset({Implementation.DEFERRED, Implementation.DROPPED})

_COURSE_REQUIRED = frozenset(
    {Implementation.PLANNED, Implementation.IN_PROGRESS, Implementation.ESTABLISHED}
)

# How far a measure has come; a smaller number than before is a step backwards. Halted measures
# stand below all others, so leaving a halt is never "backwards".
RANK = {
    Implementation.DROPPED: 0,
    Implementation.DEFERRED: 1,
    Implementation.NOT_STARTED: 2,
    Implementation.PLANNED: 3,
    Implementation.IN_PROGRESS: 4,
    Implementation.COMPLETED: 5,
    Implementation.ESTABLISHED: 6,
}
SEVERITY = {Course.ON_TRACK: 0, Course.AT_RISK: 1, Course.CRITICAL: 2}


def course_asked(implementation: Implementation) -> Asked:
    """Return whether the Verlauf is asked for this Umsetzungsstand (domain.md 4)."""
    if implementation in _COURSE_REQUIRED:
        return Asked.REQUIRED
    if implementation is Implementation.NOT_STARTED:
        return Asked.OPTIONAL
    return Asked.NOT_ASKED


def is_step_backwards(before: Implementation | None, after: Implementation) -> bool:
    """Return whether the measure has fallen behind its last accepted value."""
    return before is not None and RANK[after] < RANK[before]


def reason_required(
    before: Implementation | None, after: Implementation, course: Course | None
) -> bool:
    """Return whether a Begründung is required (domain.md 4)."""
    return course in TROUBLED or after in HALTED or is_step_backwards(before, after)


def consequence_required(course: Course | None) -> bool:
    """Return whether a consequence (Steuerungsvorschlag) is required (domain.md 4)."""
    return course in TROUBLED
