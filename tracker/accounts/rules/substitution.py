"""Who may submit for an institution on a day: its representative, or a deputy (domain.md 5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tracker.core.permissions import Actor, Function

# A longer absence is a change of the representative.
MAX_DAYS = 366


class SubstitutionState(StrEnum):
    """Where a Stellvertretung stands on a day; derived, never stored."""

    PLANNED = "planned"
    RUNNING = "running"
    OVER = "over"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True)
class Span:
    """From a day to a day, both inclusive."""

    first: date
    last: date

    def overlaps(self, other: Span) -> bool:
        return self.first <= other.last and other.first <= self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def substitution_state(span: Span, *, ended_on: date | None, today: date) -> SubstitutionState:
    """Return where a Stellvertretung stands; `ended_on` is the day it was ended early."""
    if ended_on is not None:
        early = ended_on < span.first
        return SubstitutionState.TAKEN_BACK if early else SubstitutionState.OVER
    if today < span.first:
        return SubstitutionState.PLANNED
    return SubstitutionState.RUNNING if today <= span.last else SubstitutionState.OVER


def acting(
    actor: Actor, *, represents_from: date | None, deputy_of: str | None, today: date
) -> Actor:
    """Return who acts on a day: with the function that the account has by then.

    A benannte Vertretung is Mitarbeitende*r before `represents_from`; a Mitarbeitende*r who
    deputises (`deputy_of` names for whom) may what the benannte Vertretung may.
    """
    if represents_from is not None and today < represents_from:
        actor = replace(actor, function=Function.STAFF)
    if deputy_of and actor.function is Function.STAFF:
        return replace(actor, function=Function.REPRESENTATIVE, deputy_of=deputy_of)
    return actor
