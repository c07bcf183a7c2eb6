"""What an address can be confirmed for: each area registers its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session


@dataclass(frozen=True)
class Confirmed:
    """What somebody confirmed: their address, and of each form what was kept for it."""

    address: str
    payloads: tuple[dict[str, Any], ...]
    now: datetime


@dataclass(frozen=True)
class Purpose:
    """A purpose in words, and what happens in the transaction of the confirmation.

    `reason` completes "Diese Adresse wurde angegeben, …" in the mail, `question` and `done` are
    paragraphs of the page before and after.
    """

    key: str
    reason: str
    question: str
    done: str
    effect: Callable[[Session, Confirmed], None]


_PURPOSES: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    _PURPOSES[purpose.key] = purpose


def purpose_of(key: str) -> Purpose | None:
    """Return a purpose; None for one that this version has no longer."""
    return _PURPOSES.get(key)
