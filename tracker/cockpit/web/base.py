"""The blueprint, and how an address names a round."""

from __future__ import annotations

from flask import Blueprint

from tracker.concept.web.current import concept_id
from tracker.core.errors import NotFound
from tracker.core.periods import Period, PeriodError
from tracker.reporting.rounds.queries.round_list import RoundHead, round_head
from tracker.web.runtime import session

blueprint = Blueprint("rounds", __name__, template_folder="templates")


def head_of(key: str) -> RoundHead:
    """Return the round that an address names ("2026-Q3"); raises NotFound."""
    try:
        period = Period.parse(key)
    except PeriodError as error:
        raise NotFound(str(error)) from None
    head = round_head(session(), concept_id=concept_id(), period=period)
    if head is None:
        raise NotFound(
            f"Die Runde {period.label} gibt es nicht. Bitte wählen Sie eine aus der Liste."
        )
    return head
