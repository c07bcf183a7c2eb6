"""A report that joins an open round later: with a due day of its own and a reason (domain.md 5)."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session, select

from tracker.concept.queries.concept import measures_to_report
from tracker.concept.rules.facts import MeasureToReport
from tracker.core import audit
from tracker.core.errors import IllegalTransition, Invalid, Problem
from tracker.core.german import day as written_day
from tracker.core.periods import local_day
from tracker.core.permissions import Actor, require_concept
from tracker.core.text import checked_text
from tracker.reporting.models import Extension, Report, Round
from tracker.reporting.rounds.actions.rounds import LONGEST_EXTENSION, key_of, last_accepted
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.words import ROUND_STATE


def require_joinable(state: RoundState, *, was_published: bool) -> None:
    """Raise IllegalTransition unless the round is open, and not for a correction.

    What a published version counted stays the denominator of the next one.
    """
    if was_published and state is not RoundState.PUBLISHED:
        raise IllegalTransition(
            "Die Runde war schon veröffentlicht und wird berichtigt: Eine Korrektur fordert keine "
            "weiteren Meldungen an. Die nächste Runde fordert sie an."
        )
    if state is not RoundState.OPEN:
        raise IllegalTransition(
            "Eine Meldung lässt sich nur in einer offenen Runde nachträglich anfordern; diese ist "
            f"{ROUND_STATE[state].text}."
        )


def join(
    session: Session,
    *,
    round_: Round,
    measure_id: int,
    due_on: date,
    reason: str,
    by: Actor,
    now: datetime,
) -> Report:
    """Ask for the report of a measure that has got its lead since the opening.

    The set that was frozen then stays what it was; this report is counted beside it. Its own day
    holds like a Nachfrist, even where the round is closed before. Raises IllegalTransition unless
    the round is open for the first time, Invalid for a measure without a lead or with a report,
    a day before the Abgabefrist or today, and without a reason.
    """
    require_concept(by, round_.concept_id)
    require_joinable(round_.state, was_published=round_.published_at is not None)
    if not (reason := checked_text(reason, field="reason")):
        raise Invalid(
            "Bitte begründen Sie, warum die Meldung nachträglich angefordert wird.",
            problems=(Problem("reason", "reason_missing"),),
        )
    _check_day(due_on, round_=round_, today=local_day(now))
    measure = _measure(session, round_=round_, measure_id=measure_id, today=local_day(now))
    assert measure.lead_id is not None  # noqa: S101 - checked before; tells the type checker
    report = Report(
        round_id=key_of(round_),
        measure_id=measure_id,
        institution_id=measure.lead_id,
        previous_report_id=last_accepted(session, round_=round_).get(measure_id),
    )
    session.add(report)
    session.flush()
    session.add(
        Extension(
            round_id=report.round_id,
            report_id=report.id,
            until=due_on,
            reason=reason,
            granted_at=now,
            granted_by_id=by.account_id,
            joins=True,
        )
    )
    after = {"due_on": due_on.isoformat(), "reason": reason}
    audit.record_row(session, report, "report.join", by=by, now=now, after=after)
    session.flush()
    return report


def _check_day(day: date, *, round_: Round, today: date) -> None:
    first, latest = max(round_.due_on, today), round_.due_on + LONGEST_EXTENSION
    if not first <= day <= latest:
        raise Invalid(
            "Der Tag darf nicht vor der Abgabefrist der Runde und nicht vor heute liegen und "
            f"höchstens ein Jahr nach ihr: Bitte wählen Sie einen vom {written_day(first)} bis zum "
            f"{written_day(latest)}."
        )


def _measure(session: Session, *, round_: Round, measure_id: int, today: date) -> MeasureToReport:
    measures = measures_to_report(
        session, edition_id=round_.edition_id, day=today, as_of=round_.period_end
    )
    measure = next((measure for measure in measures if measure.id == measure_id), None)
    if measure is None:
        raise Invalid(
            "Über diese Maßnahme wird in dieser Runde nicht berichtet. Bitte wählen Sie eine aus "
            "der Liste."
        )
    if measure.lead_id is None:
        raise Invalid(
            f"Für {measure.code} ist heute niemand federführend. Bitte legen Sie zuerst die "
            "Zuständigkeit fest."
        )
    statement = select(Report.id).where(
        Report.round_id == round_.id, Report.measure_id == measure_id
    )
    if session.exec(statement).first() is not None:
        raise Invalid(
            f"Für {measure.code} wird in dieser Runde schon eine Meldung erwartet. Bitte wählen "
            "Sie eine andere Maßnahme."
        )
    return measure
