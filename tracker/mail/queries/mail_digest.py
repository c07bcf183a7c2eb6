"""What the KI's weekly digest says: counts and names of institutions, no report content."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from tracker.core.german import day, long_day, share
from tracker.core.periods import local_day
from tracker.mail.letters import institutions, named, reports
from tracker.mail.queries.mail_facts import Owing, owing, told_apart
from tracker.mail.queries.mails import counts, not_opened, unreachable
from tracker.outbox.rules.mailing import MailState
from tracker.reporting.rounds.queries.round_list import RoundSummary, round_list
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.words import ROUND_STATE

SOON = timedelta(days=7)


def digest_lines(
    session: Session, *, now: datetime, only: Collection[int] | None = None
) -> tuple[str, ...]:
    """Return the lines of the digest; empty where nothing runs, is near, or is wrong.

    `only` are the concepts that it is about, None: all.
    """
    facts = owing(session, now=now)
    lines = [
        line
        for concept in told_apart(session).values()
        if only is None or concept.id in only
        for summary in round_list(session, concept_id=concept.id, now=now)
        for line in _round(summary, concept.title, facts, now)
    ]
    lines += [
        f"{refused.round.label} konnte nicht eröffnet werden: {refused.reason}"
        for refused in not_opened(session, now=now, concepts=only)
    ]
    lines += [
        f"{institution.round.label}: Bei {institution.institution} ist niemand zu erreichen "
        f"({reports(institution.reports)} offen). Bitte laden Sie eine benannte Vertretung ein."
        for institution in unreachable(session, now=now, concepts=only)
    ]
    failed = counts(session, concepts=only)[MailState.FAILED]
    if failed:
        lines.append(f"Unzustellbare Mails: {failed}. Der Grund steht im Postausgang.")
    return tuple(lines)


def _round(
    summary: RoundSummary, concept: str, facts: Iterable[Owing], now: datetime
) -> Iterable[str]:
    head, today = summary.head, local_day(now)
    name = named(head.period.label, concept)
    if head.state is RoundState.PLANNED and head.opens_on is not None:
        if today <= head.opens_on <= today + SOON:
            yield f"{name} wird am {long_day(head.opens_on)} eröffnet."
        return
    if not head.is_running or summary.returns is None:
        return
    done = summary.returns.completeness
    yield (
        f"{name} ({ROUND_STATE[head.state].text}, Abgabefrist {day(head.due_on)}): "
        f"{share(done.count, done.total, 'Meldung', 'Meldungen')} abgegeben, "
        "zu prüfen: "
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
