"""What was reported for a measure's Kennzahlen in the year so far (domain.md 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, select
from sqlmodel import Session, col

from tracker.concept.rules.facts import IndicatorFact
from tracker.reporting.models import Report, ReportRevision, Round
from tracker.reporting.rules.content import from_dict
from tracker.reporting.rules.figures import running_sum
from tracker.reporting.rules.reports import ReportState


def year_sums(
    session: Session, *, measure_id: int, before: date, indicators: Sequence[IndicatorFact]
) -> Mapping[str, Decimal]:
    """Return what accepted reports gave for each Kennzahl per year, by its key.

    Counted are the periods of the same calendar year that begin before `before`. A Kennzahl that
    nobody reported has no entry (unknown is not zero). One statement, none without such a Kennzahl.
    """
    keys = [indicator.key for indicator in indicators if indicator.per_year]
    if not keys:
        return {}
    contents = session.scalars(
        select(col(ReportRevision.content))
        .join(
            Report,
            and_(
                col(ReportRevision.report_id) == Report.id,
                col(ReportRevision.number) == Report.revision,
            ),
        )
        .join(Round, col(Round.id) == Report.round_id)
        .where(
            col(Report.measure_id) == measure_id,
            col(Report.state) == ReportState.ACCEPTED,
            col(Round.period_start) >= date(before.year, 1, 1),
            col(Round.period_start) < before,
        )
    )
    reported = [
        {line.indicator: line.value for line in from_dict(content).indicators}
        for content in contents
    ]
    sums = {key: running_sum([values.get(key) for values in reported]) for key in keys}
    return {key: total for key, total in sums.items() if total is not None}
