"""Several measures confirmed unchanged at once: one that is refused does not stop the others.

Source: domain.md section 5 ("Unverändert bestätigen" is an explicit act).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tracker.core.errors import IllegalTransition, Refused
from tracker.core.permissions import Actor
from tracker.reporting.models import Report
from tracker.reporting.reports.actions.reports import confirm_unchanged
from tracker.reporting.rules.reports import ReportState

_HANDED_IN = frozenset({ReportState.SUBMITTED, ReportState.ACCEPTED})


@dataclass(frozen=True)
class Confirmation:
    """What became of one measure; `refusal` is "" where its report is confirmed.

    `already`: it had been confirmed before this call, e.g. by the first click of a double click.
    """

    report_id: int
    refusal: str = ""
    already: bool = False


def confirm_several(
    session: Session,
    *,
    report_ids: Iterable[int],
    remarks: Mapping[int, str],
    remark_for_all: str,
    by: Actor,
    now: datetime,
) -> tuple[Confirmation, ...]:
    """Confirm each report unchanged, in a savepoint of its own; a remark of its own goes first.

    Returns one result per report. Raises nothing that concerns a single report.
    """
    # In the order of the keys: two people confirming the same reports wait and never deadlock.
    return tuple(
        _confirm_one(
            session,
            report_id=report_id,
            remark=remarks.get(report_id, "").strip() or remark_for_all,
            by=by,
            now=now,
        )
        for report_id in sorted(set(report_ids))
    )


def _confirm_one(
    session: Session, *, report_id: int, remark: str, by: Actor, now: datetime
) -> Confirmation:
    try:
        with session.begin_nested():
            confirm_unchanged(session, report_id=report_id, by=by, now=now, remark=remark)
    except IllegalTransition as refusal:
        report = session.get_one(Report, report_id)
        if report.unchanged and report.state in _HANDED_IN:
            return Confirmation(report_id, already=True)
        return Confirmation(report_id, refusal.message)
    except Refused as refusal:
        return Confirmation(report_id, refusal.message)
    return Confirmation(report_id)
