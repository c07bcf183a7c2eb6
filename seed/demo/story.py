"""The invented story of every measure, read from story.yaml; pure values, no database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Course, Implementation

_FOLDER = Path(__file__).parent
_STATES = {
    "n": Implementation.NOT_STARTED,
    "p": Implementation.PLANNED,
    "i": Implementation.IN_PROGRESS,
    "u": Implementation.COMPLETED,
    "v": Implementation.ESTABLISHED,
    "z": Implementation.DEFERRED,
    "x": Implementation.DROPPED,
}
_COURSES = {"+": Course.ON_TRACK, "!": Course.AT_RISK, "#": Course.CRITICAL, "": None}
_WORD = re.compile(
    r"^(?P<state>[npiuvzx])(?P<course>[+!#]?)(>(?P<set>[npiuvzx])(?P<set_course>[+!#]?))?"
    r"(?P<flags>[=~rdwk]*)$"
)


@dataclass(frozen=True)
class StoryWord:
    value: Value
    reviewed: Value | None
    unchanged: bool
    late: bool
    returned: bool
    dissent: bool
    on_behalf: bool


@dataclass(frozen=True)
class MeasureStory:
    """The story of one measure: who, what about, four published rounds and the running one."""

    code: str
    lead: str
    partners: tuple[str, ...]
    subject: str
    group: str
    rounds: tuple[StoryWord | None, ...]
    current: StoryWord
    current_state: ReportState


def parse_word(text: str) -> StoryWord | None:
    """Read one word of the story; "-" is no report. Raises ValueError for anything else."""
    if text == "-":
        return None
    match = _WORD.match(text)
    if match is None:
        raise ValueError(f"story.yaml: „{text}“ ist kein Wort der Erzählung (siehe Kopf der Datei)")
    flags = match["flags"]
    reviewed = None
    if match["set"]:
        reviewed = Value(_STATES[match["set"]], _COURSES[match["set_course"]])
    return StoryWord(
        value=Value(_STATES[match["state"]], _COURSES[match["course"]]),
        reviewed=reviewed,
        unchanged="=" in flags,
        late="~" in flags,
        returned="r" in flags,
        dissent="d" in flags,
        on_behalf="k" in flags,
    )


@lru_cache(maxsize=1)
def entries() -> tuple[MeasureStory, ...]:
    return tuple(_entry(code, story) for code, story in read("story.yaml").items())


@lru_cache(maxsize=1)
def texts() -> dict[str, Any]:
    return read("texts.yaml")


def read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))
    return loaded


def _entry(code: str, values: dict[str, Any]) -> MeasureStory:
    word, state = values["current"]
    current = parse_word(word)
    if current is None:
        raise ValueError(f"story.yaml: {code} braucht einen Stand für die laufende Runde")
    return MeasureStory(
        code=code,
        lead=values["lead"],
        partners=tuple(values["partners"]),
        subject=values["subject"],
        group=values["group"],
        rounds=tuple(parse_word(text) for text in values["rounds"]),
        current=current,
        current_state=ReportState(state),
    )
