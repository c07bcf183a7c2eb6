"""Planning, opening, moving, closing and correcting a Berichtsrunde (domain.md 5 and 9)."""
# long-file: every step of the round's state machine, and its days, in one place.

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta

from sqlalchemy import exists, or_, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from tracker.concept.models import Concept
from tracker.concept.queries.concept import edition_on, measures_to_report
from tracker.core import audit
from tracker.core.errors import IllegalTransition, Invalid, NotFound, Problem
from tracker.core.german import day as written_day
from tracker.core.german import plural
from tracker.core.periods import Period, local_day
from tracker.core.permissions import Actor, require_concept
from tracker.core.problems import problem_text
from tracker.core.text import checked_text
from tracker.reporting.models import Decision, Extension, Report, Review, Round
from tracker.reporting.rounds.actions import corrections
from tracker.reporting.rules import planning
from tracker.reporting.rules.planning import DATE_FIELDS, RoundDates
from tracker.reporting.rules.reports import EDITABLE
from tracker.reporting.rules.rounds import (
    NEEDS_REASON,
    RUNNING_STATES,
    TRANSITIONS,
    RoundEvent,
    RoundState,
    possible_events,
)
from tracker.reporting.words import ROUND_EVENT, ROUND_STATE


def plan(
    session: Session,
    *,
    concept_id: int,
    period: Period,
    due_on: date,
    resubmit_days: int,
    by: Actor | None,
    now: datetime,
    opens_on: date | None = None,
    closes_on: date | None = None,
    despatch_on: date | None = None,
    committee_on: date | None = None,
) -> Round:
    """Add a planned round of the edition in force on the period's last day.

    The clock opens it on `opens_on` and closes it after `closes_on`; None: by hand. Raises
    Invalid when the days contradict each other or a round of this time exists already.
    """
    require_concept(by, concept_id)
    dates = RoundDates(due_on, opens_on, closes_on, despatch_on, committee_on)
    check_dates(period, dates)
    hold_planning(session, concept_id=concept_id)
    if find(session, concept_id=concept_id, period=period) is not None:
        raise Invalid(f"Die Runde {period.label} gibt es schon. Bitte wählen Sie diese aus.")
    check_overlap(session, concept_id=concept_id, period=period)
    round_ = Round(
        concept_id=concept_id,
        edition_id=_edition_on(session, concept_id=concept_id, day=period.end),
        period=period.key,
        period_start=period.start,
        period_end=period.end,
        resubmit_days=resubmit_days,
        **asdict(dates),
    )
    session.add(round_)
    audit.record_row(
        session,
        round_,
        "round.plan",
        by=by,
        now=now,
        after={"period": period.key, **{name: day.isoformat() for name, day in dates.named()}},
    )
    return round_


def find(session: Session, *, concept_id: int, period: Period) -> Round | None:
    statement = select(Round).where(Round.concept_id == concept_id, Round.period == period.key)
    return session.exec(statement).one_or_none()


def load(session: Session, *, round_id: int) -> Round:
    """Return a round for changing; raises NotFound."""
    round_ = session.get(Round, round_id, with_for_update=True)
    if round_ is None:
        raise NotFound("Diese Runde gibt es nicht. Bitte wählen Sie eine aus der Liste.")
    return round_


def open_round(session: Session, *, round_: Round, by: Actor | None, now: datetime) -> int:
    """Open a planned round and freeze its expected set; returns the number of reports expected.

    One report per reportable measure and its lead on that day (ADR 0003). Raises
    IllegalTransition, and Invalid when no measure has a lead.
    """
    measures = measures_to_report(
        session, edition_id=round_.edition_id, day=local_day(now), as_of=round_.period_end
    )
    leads = {measure.id: measure.lead_id for measure in measures if measure.lead_id}
    advance(session, round_=round_, event=RoundEvent.OPEN, by=by, now=now)
    if not leads:
        raise Invalid(
            "Keine Maßnahme hat an diesem Tag eine federführende Institution. "
            "Bitte legen Sie zuerst Zuständigkeiten fest und eröffnen Sie die Runde dann."
        )
    round_.opened_at = now
    if round_.closes_on and round_.closes_on < local_day(now):
        round_.closes_on = None  # opened late: the clock would close it at once
    previous = last_accepted(session, round_=round_)
    session.add_all(
        Report(
            round_id=key_of(round_),
            measure_id=measure_id,
            institution_id=lead_id,
            previous_report_id=previous.get(measure_id),
        )
        for measure_id, lead_id in leads.items()
    )
    session.flush()
    return len(leads)


def close_round(session: Session, *, round_: Round, by: Actor | None, now: datetime) -> None:
    """Close an open round: institutions write only under a valid extension."""
    advance(session, round_=round_, event=RoundEvent.CLOSE, by=by, now=now)
    round_.closed_at = now


def cancel(
    session: Session, *, round_: Round, by: Actor | None, now: datetime, reason: str = ""
) -> None:
    """Cancel a planned round, or an open one in which nothing was handed in, with its reason.

    Raises IllegalTransition when something was, and Invalid for an open round without a reason.
    """
    was_open = round_.state is RoundState.OPEN
    if was_open:
        # For changing: whoever hands in at this moment is seen, or finds the round cancelled.
        reports = select(Report.id).where(Report.round_id == round_.id).order_by(col(Report.id))
        session.exec(reports.with_for_update()).all()
        require_nothing_handed_in(session, round_=round_)
    advance(session, round_=round_, event=RoundEvent.CANCEL, by=by, now=now, reason=reason)
    if was_open:
        round_.cancelled_at, round_.cancelled_reason = now, reason.strip()


def require_nothing_handed_in(session: Session, *, round_: Round) -> None:
    """Raise IllegalTransition once a report was handed in, withdrawn or not."""
    statement = select(Report.id).where(
        Report.round_id == round_.id, col(Report.first_submitted_at).is_not(None)
    )
    count = len(session.exec(statement).all())
    if count:
        given = plural(count, "ist schon eine Meldung", f"sind schon {count} Meldungen")
        raise IllegalTransition(
            f"Die Runde lässt sich nicht mehr absagen: Abgegeben {given}. Bitte schließen Sie die "
            "Runde und veröffentlichen Sie, was da ist; was fehlt, erscheint als „keine Meldung“.",
            possible=(ROUND_EVENT[RoundEvent.CLOSE].text,),
        )


def reopen(
    session: Session, *, round_: Round, reason: str, by: Actor | None, now: datetime
) -> None:
    """Open a closed round again, with a reason; only a person closes it then, not the clock."""
    advance(session, round_=round_, event=RoundEvent.REOPEN, by=by, now=now, reason=reason)
    round_.closes_on = None


def correct(
    session: Session, *, round_: Round, reason: str, by: Actor | None, now: datetime
) -> None:
    """Begin a correction of a published round; the old snapshot stays, the reason is kept."""
    advance(session, round_=round_, event=RoundEvent.CORRECT, by=by, now=now, reason=reason)
    round_.before_correction = corrections.as_published(session, round_=round_)
    round_.correction_reason = reason.strip()


def abandon(session: Session, *, round_: Round, reason: str, by: Actor, now: datetime) -> None:
    """Abandon a correction: the round is published again, in the version that was in force.

    What the correction decided is undone (`corrections.put_back`). Raises IllegalTransition where
    there is no correction or an institution handed something in anew, and Invalid without a reason.
    """
    advance(session, round_=round_, event=RoundEvent.ABANDON, by=by, now=now, reason=reason)
    began, round_.before_correction = round_.before_correction, None
    corrections.put_back(session, round_=round_, began=began, reason=reason.strip(), by=by, now=now)


def require_extendable(state: RoundState) -> None:
    if state not in RUNNING_STATES:
        raise IllegalTransition(
            "Eine Nachfrist gibt es nur in einer offenen oder geschlossenen Runde; diese ist "
            f"{ROUND_STATE[state].text}."
        )


def grant_extension(
    session: Session,
    *,
    round_: Round,
    institution_id: int | None,
    report_id: int | None,
    until: date,
    reason: str,
    by: Actor,
    now: datetime,
) -> Extension:
    """Grant a Nachfrist to an institution or for one report, with reason.

    Raises Invalid when the reason is missing or the day is not within a year after the
    Abgabefrist, and IllegalTransition when the round is neither open nor closed.
    """
    require_concept(by, round_.concept_id)
    require_extendable(round_.state)
    if not (reason := checked_text(reason, field="reason")):
        raise Invalid("Bitte begründen Sie die Nachfrist.", problems=_REASON_MISSING)
    own_day = select(col(Extension.until)).where(
        Extension.report_id == report_id, col(Extension.joins)
    )
    due_on = max([round_.due_on, *session.exec(own_day)])
    check_extension(until=until, due_on=due_on, today=local_day(now))
    extension = Extension(
        round_id=key_of(round_),
        institution_id=institution_id,
        report_id=report_id,
        until=until,
        reason=reason,
        granted_at=now,
        granted_by_id=by.account_id,
    )
    session.add(extension)
    audit.record_row(
        session,
        extension,
        "round.grant_extension",
        by=by,
        now=now,
        after={"until": until.isoformat(), "reason": reason},
    )
    return extension


def advance(
    session: Session,
    *,
    round_: Round,
    event: RoundEvent,
    by: Actor | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Move a round by its transition table and record it.

    Raises IllegalTransition with what is possible now, Invalid when a reason is missing.
    """
    require_concept(by, round_.concept_id)
    was_published = round_.published_at is not None
    if event not in possible_events(round_.state, was_published=was_published):
        raise impossible(round_.state, event, was_published=was_published)
    target = TRANSITIONS[round_.state, event]
    reason = checked_text(reason, field="reason")
    if (round_.state, event) in NEEDS_REASON and not reason:
        raise Invalid("Bitte geben Sie eine Begründung an.", problems=_REASON_MISSING)
    before = round_.state
    round_.state = target
    after = {"state": target.value} | ({"reason": reason} if reason else {})
    audit.record_row(
        session,
        round_,
        f"round.{event}",
        by=by,
        now=now,
        before={"state": before.value},
        after=after,
    )


def impossible(state: RoundState, event: RoundEvent, *, was_published: bool) -> IllegalTransition:
    why = f"Die Runde ist {ROUND_STATE[state].text}"
    if (state, event) in TRANSITIONS:
        why += " und war schon veröffentlicht" if was_published else ", eine Korrektur läuft nicht"
    return IllegalTransition(
        f"„{ROUND_EVENT[event].text}“ ist nicht möglich: {why}.",
        possible=tuple(
            ROUND_EVENT[event].text for event in possible_events(state, was_published=was_published)
        ),
    )


_REASON_MISSING = (Problem("reason", "reason_missing"),)


def key_of(round_: Round) -> int:
    assert round_.id is not None  # noqa: S101 - flushed rows have a key; tells the type checker
    return round_.id


def _edition_on(session: Session, *, concept_id: int, day: date) -> int:
    try:
        return edition_on(session, concept_id=concept_id, day=day).edition_id
    except NotFound:
        raise Invalid(
            f"Am {written_day(day)} galt noch keine Fassung des Konzepts. "
            "Bitte wählen Sie einen späteren Zeitraum."
        ) from None


def last_accepted(session: Session, *, round_: Round) -> Mapping[int, int]:
    """Return the last accepted report before a round by measure.

    What a correction takes back stays accepted until the corrected version is published.
    """
    revoked = aliased(Review)
    taken_back = exists().where(
        col(revoked.report_id) == Review.report_id,
        col(revoked.id) > col(Review.id),
        col(revoked.decision) == Decision.REVOKED,
        or_(col(Round.published_at).is_(None), col(revoked.decided_at) < col(Round.published_at)),
    )
    statement = (
        select(Report.measure_id, Report.id)
        .join(Round, col(Round.id) == Report.round_id)
        .join(Review, col(Review.report_id) == Report.id)
        .where(
            Round.concept_id == round_.concept_id,
            Round.period_start < round_.period_start,
            Review.decision == Decision.ACCEPTED,
            ~taken_back,
        )
        .order_by(col(Round.period_start))
    )
    return {measure: report for measure, report in session.exec(statement).all() if report}


def renew_previous(session: Session, *, round_: Round, measure_id: int | None = None) -> None:
    """Let the unwritten reports of later rounds begin from what is accepted in this round now.

    Reports that are handed in keep what they were compared with. None: of all measures.
    """
    later_rounds = select(Round).where(
        Round.concept_id == round_.concept_id,
        Round.period_start > round_.period_start,
        col(Round.state).in_(RUNNING_STATES),
    )
    for later in session.exec(later_rounds).all():
        previous = last_accepted(session, round_=later)
        unwritten = select(Report).where(
            Report.round_id == later.id,
            col(Report.state).in_(EDITABLE),
            true() if measure_id is None else col(Report.measure_id) == measure_id,
        )
        for report in session.exec(unwritten).all():
            report.previous_report_id = previous.get(report.measure_id)


LONGEST_EXTENSION = timedelta(days=365)


def check_dates(period: Period, dates: RoundDates) -> None:
    """Raise Invalid when days contradict each other: each problem at its field."""
    problems = planning.problems(period, dates)
    if problems:
        raise Invalid(_MESSAGE[problems[0].code](period, dates), problems=problems)


_MESSAGE: dict[str, Callable[[Period, RoundDates], str]] = {
    "due_before_period_end": lambda period, _: (
        f"Die Abgabefrist muss nach dem Stichtag {written_day(period.end)} liegen."
    ),
    "opens_after_due": lambda _, dates: (
        f"Die Runde würde am {written_day(dates.opens_on)} und damit erst nach der Abgabefrist "
        f"({written_day(dates.due_on)}) eröffnet. Bitte wählen Sie einen früheren Tag."
    ),
    "closes_before_due": lambda _, dates: (
        f"Die Runde würde am {written_day(dates.closes_on)} und damit vor der Abgabefrist "
        f"({written_day(dates.due_on)}) geschlossen. Bitte wählen Sie diesen Tag oder einen "
        "späteren."
    ),
    "despatch_after_committee": lambda _, dates: (
        f"Der Versand der Unterlagen ({written_day(dates.despatch_on)}) liegt nach der Sitzung "
        f"({written_day(dates.committee_on)}). Bitte wählen Sie für den Versand einen Tag vor der "
        "Sitzung."
    ),
}


def hold_planning(session: Session, *, concept_id: int) -> None:
    """Let nobody else plan rounds of this concept until the transaction ends.

    So whoever presses a button twice is told what is there already, and rounds do not overlap.
    """
    session.get(Concept, concept_id, with_for_update=True)


def check_overlap(session: Session, *, concept_id: int, period: Period) -> None:
    """Raise Invalid when a round that is not cancelled covers a part of the period."""
    overlapping = session.exec(
        select(Round)
        .where(
            Round.concept_id == concept_id,
            Round.state != RoundState.CANCELLED,
            Round.period_start <= period.end,
            Round.period_end >= period.start,
        )
        .order_by(col(Round.period_start))
    ).first()
    if overlapping is not None:
        label = Period.parse(overlapping.period).label
        raise Invalid(
            f"{period.label} überschneidet sich mit der Runde {label}. Bitte wählen Sie einen "
            f"anderen Zeitraum; ist die Runde {label} noch geplant, können Sie sie absagen."
        )


def check_extension(*, until: date, due_on: date, today: date) -> None:
    """Raise Invalid for a Nachfrist that is none, is over, or is over a year long."""
    if until <= due_on or until < today:
        raise Invalid("Die Nachfrist muss nach der Abgabefrist und darf nicht vor heute liegen.")
    latest = due_on + LONGEST_EXTENSION
    if until > latest:
        raise Invalid(
            "Die Nachfrist darf höchstens ein Jahr nach der Abgabefrist enden. Bitte wählen Sie "
            f"einen Tag bis zum {written_day(latest)}."
        )


def plan_rounds(
    session: Session,
    *,
    concept_id: int,
    dates: Mapping[Period, RoundDates],
    resubmit_days: int,
    by: Actor | None,
    now: datetime,
) -> tuple[Round, ...]:
    """Add a planned round for each period that has none yet; return the new ones.

    A period whose round exists, in whatever state, stays as it is: the same plan twice changes
    nothing. Raises Invalid when days contradict each other or a period overlaps another round.
    """
    hold_planning(session, concept_id=concept_id)
    return tuple(
        plan(
            session,
            concept_id=concept_id,
            period=period,
            due_on=chosen.due_on,
            opens_on=chosen.opens_on,
            closes_on=chosen.closes_on,
            despatch_on=chosen.despatch_on,
            committee_on=chosen.committee_on,
            resubmit_days=resubmit_days,
            by=by,
            now=now,
        )
        for period, chosen in dates.items()
        if find(session, concept_id=concept_id, period=period) is None
    )


def dates_of(round_: Round) -> RoundDates:
    return RoundDates(**{name: getattr(round_, name) for name in DATE_FIELDS})


def require_movable(state: RoundState) -> None:
    if state not in {RoundState.PLANNED, RoundState.OPEN}:
        raise IllegalTransition(
            "Die Termine lassen sich nur ändern, solange die Runde geplant oder offen ist; diese "
            f"ist {ROUND_STATE[state].text}."
        )


def change_dates(
    session: Session, *, round_: Round, dates: RoundDates, by: Actor | None, now: datetime
) -> bool:
    """Give a planned or open round other days; return whether anything changed.

    Raises IllegalTransition in any other state, Invalid when the days contradict each other or an
    open round would get another opening day or an Abgabefrist that has passed already.
    """
    require_concept(by, round_.concept_id)
    require_movable(round_.state)
    before = dates_of(round_)
    if round_.state is RoundState.OPEN:
        _check_open(before, dates, now=now)
    check_dates(Period.parse(round_.period), dates)
    changed = [name for name in DATE_FIELDS if getattr(before, name) != getattr(dates, name)]
    if not changed:
        return False
    for name in changed:
        setattr(round_, name, getattr(dates, name))
    audit.record_row(
        session,
        round_,
        "round.change_dates",
        by=by,
        now=now,
        before={name: _written(before, name) for name in changed},
        after={name: _written(dates, name) for name in changed},
    )
    return True


def _check_open(before: RoundDates, dates: RoundDates, *, now: datetime) -> None:
    planned = []
    if dates.opens_on != before.opens_on:
        planned.append(Problem("opens_on", "opens_on_passed"))
    # Who reported in time stays in time: the frist is not moved behind their back.
    if dates.due_on != before.due_on and dates.due_on < local_day(now):
        planned.append(Problem("due_on", "due_moved_to_past"))
    if planned:
        raise Invalid(problem_text(planned[0]), problems=tuple(planned))


def _written(dates: RoundDates, name: str) -> str | None:
    day = getattr(dates, name)
    return None if day is None else day.isoformat()
