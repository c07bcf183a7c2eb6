"""What can be set, and what is refused with a remedy."""

from __future__ import annotations

import binascii
import re
import struct
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum

from tracker.core.errors import Invalid, Problem
from tracker.core.german import opening
from tracker.core.settings import FIELDS, SettingGroup, SettingsError, district_names, read
from tracker.core.text import (
    MAX_TEXT,
    derived_key,
    is_email_address,
    without_control_characters,
)
from tracker.reporting.rules.districts import CITYWIDE
from tracker.reporting.words import CITYWIDE_NAME

MAX_LINE = 300
MAX_DISTRICT = 80
MAX_LOGO_BYTES = 200_000
MAX_LOGO_SIDE = 2_000
TEXTS = frozenset(
    {
        SettingGroup.IMPRINT,
        SettingGroup.PRIVACY,
        SettingGroup.ACCESSIBILITY,
        SettingGroup.EASY_LANGUAGE,
    }
)
_LONG = {"districts", "imprint", "privacy", "accessibility", "easy_language"}
_DEGREES = r"-?\d{1,3}(\.\d{1,6})?"
_PATTERNS = {
    "data_portal": re.compile(r"[A-Za-z0-9-]+"),
    "district_key": re.compile(r"\d{5}"),
    "centre": re.compile(rf"{_DEGREES} {_DEGREES}"),
}
_PNG = b"\x89PNG\r\n\x1a\n"
# What draws the picture; a camera's notes and other people's texts are left out.
_DRAWING = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_HEAD = 13  # bytes of IHDR
_REVIEW = "_review_on"


class ValueState(StrEnum):
    """How a value that was set stands today."""

    IN_FORCE = "in_force"
    PLANNED = "planned"
    PAST = "past"
    REPLACED = "replaced"
    TAKEN_BACK = "taken_back"
    TAKING_BACK = "taking_back"


def names_of(group: SettingGroup) -> tuple[str, ...]:
    return tuple(name for name, field in FIELDS.items() if field.metadata["group"] is group)


def is_long(name: str) -> bool:
    """Return whether a setting is a text of several lines."""
    return name in _LONG


def may_be_empty(name: str) -> bool:
    return FIELDS[name].default in {"", None}


def to_review(values: Mapping[str, object], *, today: date) -> tuple[str, ...]:
    """Return the texts whose day of review has come."""
    return tuple(
        name.removesuffix(_REVIEW)
        for name, day in values.items()
        if name.endswith(_REVIEW) and isinstance(day, date) and day <= today
    )


def problems(values: Mapping[str, str]) -> tuple[Problem, ...]:
    return tuple(problem for name, text in values.items() for problem in _problems(name, text))


def _problems(name: str, text: str) -> Iterator[Problem]:
    removed = without_control_characters(text)[1]
    if removed:
        yield Problem(name, "control_characters", (("count", removed),))
    try:
        read(name, text)
    except SettingsError as error:
        # The variable's name comes first; on the page the field has its own.
        said = str(error).partition(": ")[2]
        yield Problem(name, "setting_invalid", (("text", opening(said)),))
        return
    if not isinstance(FIELDS[name].default, str) or name == "logo":
        return
    limit = MAX_TEXT if is_long(name) else MAX_LINE
    if len(text) > limit:
        yield Problem(name, "text_over_limit", (("length", len(text)), ("limit", limit)))
    if not text and not may_be_empty(name):
        yield Problem(name, "text_required")
    pattern = _PATTERNS.get(name)
    if text and pattern and not pattern.fullmatch(text):
        yield Problem(name, f"{name}_invalid")
    if name == "districts":
        yield from _district_problems(district_names(text))
    if name == "contact_email" and text and not is_email_address(text):
        yield Problem(name, "email_invalid", (("text", text),))


def _district_problems(names: Iterable[str]) -> Iterator[Problem]:
    by_key = {CITYWIDE: CITYWIDE_NAME, derived_key(CITYWIDE_NAME): CITYWIDE_NAME}
    for name in names:
        key = derived_key(name)
        named = ("name", name[:MAX_DISTRICT])
        if len(name) > MAX_DISTRICT:
            yield Problem("districts", "district_too_long", (named, ("limit", MAX_DISTRICT)))
        elif not key or "," in name or ";" in name:
            yield Problem("districts", "district_invalid", (named,))
        elif key in by_key:
            yield Problem("districts", "district_twice", (named, ("other", by_key[key])))
        by_key.setdefault(key, name)


def logo_text(content: bytes) -> str:
    """Return a PNG picture as the setting keeps it; raises Invalid for anything else.

    Only what draws the picture is kept: nothing hidden in the file is served. No picture is
    unpacked here, so none can be too much: browsers draw what the head says, and no further.
    """
    if len(content) > MAX_LOGO_BYTES:
        raise _refused("logo_too_large", limit=MAX_LOGO_BYTES // 1000)
    chunks = list(_chunks(content))
    is_head = bool(chunks) and chunks[0][0] == b"IHDR" and len(chunks[0][1]) == _HEAD
    if not is_head or chunks[-1] != (b"IEND", b""):
        raise _refused("logo_invalid")
    width, height = struct.unpack(">II", chunks[0][1][:8])
    if not (0 < width <= MAX_LOGO_SIDE and 0 < height <= MAX_LOGO_SIDE):
        raise _refused("logo_too_wide", limit=MAX_LOGO_SIDE)
    drawn = b"".join(_chunk(kind, data) for kind, data in chunks if kind in _DRAWING)
    return b64encode(_PNG + drawn).decode("ascii")


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not content.startswith(_PNG):
        raise _refused("logo_invalid")
    place = len(_PNG)
    while place < len(content):
        if place + 12 > len(content):
            raise _refused("logo_invalid")
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        data = content[place + 8 : place + 8 + length]
        place += 12 + length
        if content[place - 4 : place] != _check(kind, data):
            raise _refused("logo_invalid")
        yield kind, data


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + _check(kind, data)


def _check(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", binascii.crc32(kind + data))


def _refused(code: str, **values: int) -> Invalid:
    problem = Problem("logo", code, tuple(values.items()))
    return Invalid("Die Datei lässt sich nicht als Logo verwenden.", problems=(problem,))
