"""The status palette of design.md: colours of Umsetzungsstand and Verlauf."""

from __future__ import annotations

from tracker.reporting.rules.status import Course, Implementation

# design.md, status palette: at least 3.4:1 against white, told apart under colour blindness.
IMPLEMENTATION_COLOUR = {
    Implementation.NOT_STARTED: "#7d828a",
    Implementation.PLANNED: "#3f8fd2",
    Implementation.IN_PROGRESS: "#1f5fa8",
    Implementation.COMPLETED: "#238a5e",
    Implementation.ESTABLISHED: "#0b4f3a",
    Implementation.DEFERRED: "#b8720a",
    Implementation.DROPPED: "#7a3b69",
}

COURSE_COLOUR = {Course.ON_TRACK: "#238a5e", Course.AT_RISK: "#b8720a", Course.CRITICAL: "#b3261e"}
# By the word of either; a mark of neither is drawn in ink.
STATUS_COLOUR: dict[str, str] = {
    **{state.value: colour for state, colour in IMPLEMENTATION_COLOUR.items()},
    **{course.value: colour for course, colour in COURSE_COLOUR.items()},
}
INK = "#1f2328"

# In areas (bars, tinted cells) these are hatched, so that they differ without colour too.
HATCHED = frozenset({Implementation.DEFERRED, Implementation.DROPPED})

# "keine Meldung" is drawn as an empty place: white with a dashed dark outline.
NO_REPORT_FILL = "#ffffff"
NO_REPORT_OUTLINE = "#4a4f57"
NO_REPORT_DASH = "3 2"
