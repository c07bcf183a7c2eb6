"""A measure's Kennzahlen, and what was reported for them in the year so far (domain.md 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, select
from sqlmodel import Session, col

from tracker.concept.models import Indicator, IndicatorKind
from tracker.reporting.models import Report, ReportRevision, Round
from tracker.reporting.rules.content import from_dict
from tracker.reporting.rules.figures import running_sum
from tracker.reporting.rules.reports import ReportState


@dataclass(frozen=True)
class MeasureIndicator:
    """A Kennzahl of the measure with its target; `operator` is ">=", ">" or "="."""

    key: str
    name: str
    kind: IndicatorKind
    operator: str
    target: Decimal
    unit: str
    per_year: bool
    note: str


def indicators_of(session: Session, *, measure_id: int) -> tuple[MeasureIndicator, ...]:
    rows = session.execute(
        select(
            col(Indicator.key),
            col(Indicator.name),
            col(Indicator.kind),
            col(Indicator.operator),
            col(Indicator.target),
            col(Indicator.unit),
            col(Indicator.per_year),
            col(Indicator.note),
        )
        .where(col(Indicator.measure_id) == measure_id)
        .order_by(col(Indicator.id))
    )
    return tuple(MeasureIndicator(*row) for row in rows)


def year_sums(
    session: Session, *, measure_id: int, before: date, indicators: Sequence[MeasureIndicator]
) -> Mapping[str, Decimal]:
    """Return what accepted reports gave for each Kennzahl per year, by its key.

    Counted are the periods of the same calendar year that begin before `before`. A Kennzahl that
    nobody reported has no entry (unknown is not zero). One statement, none without such a Kennzahl.
    """
    keys = [item.key for item in indicators if item.per_year]
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
