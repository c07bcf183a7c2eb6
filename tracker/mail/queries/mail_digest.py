"""What the KI's weekly digest says: counts and names of institutions, no report content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from tracker.concept.queries.concept import concept_if_any
from tracker.core.german import day, long_day
from tracker.core.periods import local_day
from tracker.mail.letters import institutions, reports
from tracker.mail.queries.mail_facts import Owing, owing
from tracker.mail.queries.mails import counts, not_opened, unreachable
from tracker.outbox.rules.mailing import MailState
from tracker.reporting.rounds.queries.round_list import RoundSummary, round_list
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.words import ROUND_STATE

SOON = timedelta(days=7)


def digest_lines(session: Session, *, now: datetime) -> tuple[str, ...]:
    """Return the lines of the digest; empty where nothing runs, is near, or is wrong."""
    concept_id = concept_if_any(session)
    if concept_id is None:
        return ()
    facts = owing(session, now=now)
    lines = [
        line
        for summary in round_list(session, concept_id=concept_id, now=now)
        for line in _round(summary, facts, now)
    ]
    lines += [
        f"{refused.period.label} konnte nicht eröffnet werden: {refused.reason}"
        for refused in not_opened(session, now=now)
    ]
    lines += [
        f"{institution.period.label}: Bei {institution.institution} ist niemand zu erreichen "
        f"({reports(institution.reports)} offen). Bitte laden Sie eine benannte Vertretung ein."
        for institution in unreachable(session, now=now)
    ]
    failed = counts(session)[MailState.FAILED]
    if failed:
        lines.append(f"Unzustellbare Mails: {failed}. Der Grund steht im Postausgang.")
    return tuple(lines)


def _round(summary: RoundSummary, facts: Iterable[Owing], now: datetime) -> Iterable[str]:
    head, today = summary.head, local_day(now)
    name = head.period.label
    if head.state is RoundState.PLANNED and head.opens_on is not None:
        if today <= head.opens_on <= today + SOON:
            yield f"{name} wird am {long_day(head.opens_on)} eröffnet."
        return
    if not head.is_running or summary.returns is None:
        return
    done = summary.returns.completeness
    yield (
        f"{name} ({ROUND_STATE[head.state].text}, Abgabefrist {day(head.due_on)}): "
        f"{done.count} von {reports(done.total)} abgegeben, zu prüfen: "
        f"{summary.to_review}"
    )
    mine = [owed for owed in facts if owed.round.id == head.id]
    late = [report for owed in mine for report in owed.missing if report.deadline.due_on < today]
    if late:
        who = sum(any(report.deadline.due_on < today for report in owed.missing) for owed in mine)
        yield f"{name}: {reports(len(late))} von {institutions(who)} nach der Frist offen"
    back = sum(report.is_returned for owed in mine for report in owed.reports)
    if back:
        yield f"{name}: {reports(back)} zurückgegeben und noch nicht wieder da"
