"""All marks in one SVG file, so that a page loads them once: `…/_marks.svg#diamond-critical`."""

from __future__ import annotations

import hashlib
from functools import cache

from dashboards.theme import TEXT
from tracker.core import icons
from tracker.reporting.palette import COURSE_COLOUR, IMPLEMENTATION_COLOUR
from tracker.reporting.words import COURSE, IMPLEMENTATION

_SIZE = 16
# The tone of marks that stand for no Umsetzungsstand or Verlauf: the colour of the text.
PLAIN = "plain"


def _drawings() -> dict[str, tuple[str, str]]:
    """Return icon and colour by name: every mark in the text's colour, statuses in their own."""
    found = {f"{icon}-{PLAIN}": (icon, TEXT) for icon in icons.ICONS}
    for state, colour in IMPLEMENTATION_COLOUR.items():
        icon = IMPLEMENTATION[state].icon
        found[f"{icon}-{state.value}"] = (icon, colour)
    for course, colour in COURSE_COLOUR.items():
        icon = COURSE[course].icon
        found[f"{icon}-{course.value}"] = (icon, colour)
    return found


@cache
def names() -> frozenset[str]:
    return frozenset(_drawings())


@cache
def svg() -> bytes:
    """Return the file: the marks one below the other, each reachable by its name."""
    drawings = _drawings()
    views, shapes = [], []
    for index, (name, (icon, colour)) in enumerate(drawings.items()):
        top = index * _SIZE
        views.append(f'<view id="{name}" viewBox="0 {top} {_SIZE} {_SIZE}"/>')
        shapes.append(f'<g transform="translate(0 {top})">{icons.shape(icon, colour=colour)}</g>')
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SIZE}" height="{_SIZE}" '
        f'viewBox="0 0 {_SIZE} {_SIZE * len(drawings)}">'
    )
    return "".join([head, *views, *shapes, "</svg>"]).encode()


@cache
def version() -> str:
    """Return a short hash of the file, so that browsers may keep it for ever."""
    return hashlib.sha256(svg()).hexdigest()[:8]


def name_of(icon: str, tone: str = PLAIN) -> str:
    """Return the mark's name in a tone; a snapshot's older mark falls back to the text's colour."""
    name = f"{icon}-{tone}"
    return name if name in names() else f"{icon}-{PLAIN}"
