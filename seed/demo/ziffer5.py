"""The invented answers to the council's four questions (002, Ziff. 5), set as the KI would."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from seed.demo.story import read
from tracker.concept.actions import concept
from tracker.concept.actions.concept import MeasureEdit
from tracker.concept.models import Competence, Measure, Principle, ShortTerm
from tracker.core.permissions import Actor

# Which Grundsätze a measure is tagged with follows from its goal's number: invented, but steady.
_TAGS_PER_MEASURE = 2


def answer(session: Session, *, year: int, by: Actor, now: datetime) -> None:
    """Set the answers of ziffer5.yaml and tag these measures with Grundsätze.

    `year` is the running year, to which the periods of fundings refer.
    """
    principles = [item or 0 for item in session.exec(select(Principle.id).order_by("position"))]
    measures = {item.code: item for item in session.exec(select(Measure))}
    for number, (code, item) in enumerate(read("ziffer5.yaml").items()):
        measure = measures[code]
        start = number % len(principles)
        concept.edit_measure(
            session,
            measure_id=measure.id or 0,
            edit=_edit(MeasureEdit(display_text=measure.display_text), item, year=year, now=now),
            principle_ids=(principles * 2)[start : start + _TAGS_PER_MEASURE],
            by=by,
            now=now,
        )


def _edit(edit: MeasureEdit, item: dict[str, Any], *, year: int, now: datetime) -> MeasureEdit:
    competence, reason = item["competence"]
    edit = replace(
        edit,
        competence=Competence(competence),
        competence_reason=reason,
        short_term=ShortTerm(item["short_term"]),
    )
    if "text" in item:
        text, office = item["text"]
        edit = replace(
            edit,
            concretisation=text,
            concretisation_office=office,
            concretisation_on=now.date(),
        )
    if "funding" in item:
        amount, period = item["funding"]
        period = period.format(last=year - 1, year=year, next=year + 1)
        edit = replace(edit, municipal_funding=Decimal(amount), municipal_funding_period=period)
    return edit
