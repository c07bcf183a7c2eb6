"""What every enum value has: a German word, an icon and a definition (domain.md 4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

NOT_DETERMINED = "nicht festgelegt"


@dataclass(frozen=True)
class Label:
    """The German word, the mark's name and the definition printed beside it."""

    text: str
    icon: str
    definition: str


def label_of(kind: dict[Any, Label], value: StrEnum | str | None) -> str:
    """Return the German word of a value, "nicht festgelegt" where there is none."""
    return NOT_DETERMINED if value is None else kind[value].text
