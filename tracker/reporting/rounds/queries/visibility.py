"""Which rounds an account may see: those of its concepts."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col

from tracker.core.permissions import Actor
from tracker.reporting.models import Round


def sees_round(session: Session, by: Actor, *, round_id: int) -> bool:
    """Return whether an account may see what a round holds; no statement where it sees all."""
    return by.concepts is None or by.may_see(session.get_one(Round, round_id).concept_id)


def of_concepts(concepts: Collection[int] | None) -> ColumnElement[bool]:
    """Return the condition that leaves out the rounds of other concepts; None leaves out none."""
    return true() if concepts is None else col(Round.concept_id).in_(concepts)
