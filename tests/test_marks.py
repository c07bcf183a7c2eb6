"""The marks: one for every label, well-formed, and colours that can be told from white."""

from xml.etree import ElementTree as ET

import pytest

from tracker.core import icons
from tracker.core.labels import Label
from tracker.reporting.palette import COURSE_COLOUR, IMPLEMENTATION_COLOUR
from tracker.reporting.rules.status import Course, Implementation
from tracker.reporting.words import COURSE, PUNCTUALITY
from tracker.words import AREAS

EVERY_LABEL = [
    found
    for module in AREAS
    for value in vars(module).values()
    for found in (value.values() if isinstance(value, dict) else [value])
    if isinstance(found, Label)
]


def test_every_label_has_a_mark() -> None:
    assert len(EVERY_LABEL) > 50
    assert {label.icon for label in EVERY_LABEL} <= set(icons.ICONS)


@pytest.mark.parametrize("icon", icons.ICONS)
def test_a_mark_is_well_formed_and_hidden_unless_it_is_named(icon: str) -> None:
    hidden = ET.fromstring(icons.svg(icon))
    assert hidden.attrib["aria-hidden"] == "true"
    named = ET.fromstring(icons.svg(icon, title='"A" & <B>', size=24, colour="#123456"))
    assert (named.attrib["role"], named.attrib["aria-label"]) == ("img", '"A" & <B>')
    assert named.attrib["width"] == "24"
    assert "#123456" in icons.svg(icon, colour="#123456")


def test_being_late_does_not_look_like_a_verlauf() -> None:
    courses = {label.icon for label in COURSE.values() if label.text != "planmäßig"}
    assert courses.isdisjoint(label.icon for label in PUNCTUALITY.values())


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_value_has_a_colour_that_stands_out_from_white() -> None:
    assert set(IMPLEMENTATION_COLOUR) == set(Implementation)
    assert set(COURSE_COLOUR) == set(Course)
    for colour in [*IMPLEMENTATION_COLOUR.values(), *COURSE_COLOUR.values()]:
        assert 1.05 / (luminance(colour) + 0.05) >= 3.4, colour
