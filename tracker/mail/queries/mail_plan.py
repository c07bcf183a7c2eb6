"""Which mails of the rounds are due at a moment and not sent yet: for the clock and the preview.

Nothing is written here. Each planned mail names the claim that makes it unique, per round,
institution and kind, and the claims of the earlier ones that it takes the place of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.concept.models import Institution
from tracker.concept.queries.entries import is_active_on, short_name_on
from tracker.core.columns import columns
from tracker.core.german import day, listed
from tracker.core.models import JobRun
from tracker.core.periods import Period, local_day
from tracker.core.settings import Settings
from tracker.core.text import alphabetical
from tracker.mail import letters
from tracker.mail.queries.mail_facts import (
    MailRound,
    Owing,
    Recipient,
    RoundName,
    coordination,
    representatives,
    told_apart,
)
from tracker.mail.queries.unreached import Lost, unreached
from tracker.outbox.models import OutboxMail, OutboxMailRound
from tracker.outbox.rules.mailing import (
    ASKING,
    MailKind,
    Wave,
    choose,
    escalation_at,
    invitation_at,
    is_night,
    reminders_due,
)
from tracker.outbox.wording import MailText
from tracker.reporting.models import Round
from tracker.reporting.rules.reports import resubmit_by
from tracker.reporting.rules.rounds import RoundState

# Who nobody could tell within this time has long heard that the round is cancelled.
_CANCELLED_NEWS = timedelta(days=14)


@dataclass(frozen=True)
class Claim:
    """What a job claims before its effect: its name and business key."""

    job: str
    key: str


@dataclass(frozen=True)
class _Ask:
    """What one round asks of an institution now; without a `wave` it is an invitation.

    `joined` counts the reports of a mail that asks for what joined the round later.
    """

    owed: Owing
    claims: tuple[Claim, ...]
    superseded: tuple[Claim, ...]
    wave: Wave | None = None
    joined: int = 0


@dataclass(frozen=True)
class PlannedMail:
    """A mail that is due, the same for each recipient; `institution` is empty for the KI's.

    `claims` are done with it (a notice of returned reports has one for each, a mail about several
    rounds one of each), `superseded` are left out because of it.
    """

    kind: MailKind
    claims: tuple[Claim, ...]
    superseded: tuple[Claim, ...]
    rounds: tuple[RoundName, ...]
    institution_id: int | None
    institution: str
    recipients: tuple[Recipient, ...]
    text: MailText
    reports: int

    @property
    def about(self) -> str:
        return listed([round_.label for round_ in self.rounds])


def planned_mails(
    session: Session, owing: Sequence[Owing], *, settings: Settings, now: datetime
) -> tuple[PlannedMail, ...]:
    """Return the mails that `owing` asks for at `now` and that were not claimed yet.

    Before the hour of the day there are none, whatever was missed.
    Institutions that are not active, or where nobody reads mail, get none; so does the KI while
    it has no address.
    """
    if is_night(now, hour=settings.mail_hour):
        return ()
    reachable = [owed for owed in owing if owed.is_active and owed.recipients]
    done = _claimed(session, _candidates(reachable, owing, settings, now))
    lost = unreached(session, round_ids={owed.round.id for owed in owing}) if owing else {}
    asks = [ask for owed in reachable for ask in _asking(owed, done, lost, settings, now)]
    mails = [
        *_asking_mails(asks, settings, now),
        *(mail for owed in reachable for mail in _returned(owed, done, settings, now)),
    ]
    mails += _cancellations(session, settings=settings, now=now)
    people = coordination(session, settings=settings, today=local_day(now))
    mails += _escalations(owing, done, lost, people, settings=settings, now=now)
    return tuple(mails)


def invitation_claim(owed: Owing) -> Claim:
    return Claim(MailKind.ROUND_INVITATION, f"{owed.round.id}:{owed.institution_id}")


def reminder_claim(owed: Owing, wave: Wave) -> Claim:
    """Return the claim of a reminder: round, institution, deadline and days from it.

    The deadline belongs to it, since a Nachfrist is a deadline of its own (ADR 0011).
    """
    return Claim(
        MailKind.REMINDER,
        f"{owed.round.id}:{owed.institution_id}:{wave.due_on.isoformat()}:{wave.offset:+d}",
    )


def _joined_claims(owed: Owing) -> tuple[Claim, ...]:
    """Return the claims of asking for what joined the round: one for each report."""
    key = invitation_claim(owed).key
    return tuple(
        Claim(MailKind.ROUND_INVITATION, f"{key}:report:{report.id}")
        for report in owed.asked_for
        if report.joins
    )


def _returned_claims(owed: Owing) -> dict[Claim, int]:
    return {
        Claim(
            MailKind.RETURNED,
            f"{report.id}:{report.revision}"
            + (f":{report.times_returned}" if report.times_returned > 1 else ""),
        ): report.id
        for report in owed.returned
    }


def _escalation_claim(round_: MailRound) -> Claim:
    return Claim(MailKind.ESCALATION, str(round_.id))


def _candidates(
    reachable: Iterable[Owing], owing: Iterable[Owing], settings: Settings, now: datetime
) -> set[Claim]:
    claims = {_escalation_claim(owed.round) for owed in owing}
    for owed in reachable:
        claims |= {invitation_claim(owed), *_joined_claims(owed), *_returned_claims(owed)}
        claims |= {reminder_claim(owed, wave) for wave in _waves(owed, settings, now)}
    return claims


def _claimed(session: Session, candidates: Collection[Claim]) -> set[Claim]:
    if not candidates:
        return set()
    statement = select(col(JobRun.job), col(JobRun.key)).where(
        col(JobRun.job).in_({claim.job for claim in candidates}),
        col(JobRun.key).in_({claim.key for claim in candidates}),
    )
    return {Claim(*row) for row in session.execute(statement)}


def _waves(owed: Owing, settings: Settings, now: datetime) -> tuple[Wave, ...]:
    return reminders_due(
        {report.deadline for report in owed.asked_for},
        offsets=settings.reminder_days,
        hour=settings.mail_hour,
        now=now,
    )


def _asking(
    owed: Owing, done: Collection[Claim], lost: Lost, settings: Settings, now: datetime
) -> Iterable[_Ask]:
    """Return the invitation or else the latest reminder: never both in one pass.

    What joined the round later is asked for in a mail of its own, unless an invitation is due
    that asks for it. Where nothing reached anybody, whoever was not written to is invited too.
    """
    if not owed.asked_for:
        return
    due = _waves(owed, settings, now)
    sent = [wave for wave in due if reminder_claim(owed, wave) in done]
    invitation = invitation_claim(owed)
    joined = tuple(claim for claim in _joined_claims(owed) if claim not in done)
    left_out = tuple(reminder_claim(owed, wave) for wave in due if wave not in sent)
    if invitation not in done:
        if invitation_at(owed.round.opened_at, hour=settings.mail_hour) > now:
            return
        all_joined = all(report.joins for report in owed.asked_for)
        yield _Ask(owed, (invitation, *joined), left_out, joined=len(joined) if all_joined else 0)
        return
    if joined:
        yield _Ask(owed, joined, left_out, joined=len(joined))
        return
    choice = choose(due, done=sent)
    if choice.send is None:
        if late := _not_written_to(owed, lost):
            claims = tuple(
                Claim(invitation.job, f"{invitation.key}:{person.account_id}")
                for person in late.recipients
            )
            yield _Ask(late, claims, ())
        return
    left_out = tuple(reminder_claim(owed, wave) for wave in choice.superseded)
    yield _Ask(owed, (reminder_claim(owed, choice.send),), left_out, wave=choice.send)


def _asking_mails(asks: Sequence[_Ask], settings: Settings, now: datetime) -> Iterable[PlannedMail]:
    """Return a mail for each round, but one where rounds of several concepts ask an institution.

    Whoever reads any of it reads all: who was not reached before is asked with the others.
    """
    by_institution: defaultdict[int, list[_Ask]] = defaultdict(list)
    for ask in asks:
        by_institution[ask.owed.institution_id].append(ask)
    for ask in asks:
        together = by_institution[ask.owed.institution_id]
        if len({one.owed.round.concept_id for one in together}) < 2:
            yield _asking_alone(ask, settings, now)
        elif ask is together[0]:
            yield _asking_together(together, settings, now)


def _asking_alone(ask: _Ask, settings: Settings, now: datetime) -> PlannedMail:
    owed = ask.owed
    text = letters.asking(
        ask.wave,
        period=owed.round.period,
        concept_title=owed.round.concept_title,
        institution=owed.institution,
        due=[report.deadline.due_on for report in owed.asked_for],
        returned=len(owed.returned),
        today=local_day(now),
        settings=settings,
        joined=ask.joined,
    )
    return _to_institution(owed, ask.claims, ask.superseded, text, len(owed.asked_for))


def _asking_together(asks: Sequence[_Ask], settings: Settings, now: datetime) -> PlannedMail:
    """Return one mail; an invitation where one of the rounds invites."""
    owing = sorted((ask.owed for ask in asks), key=lambda owed: owed.round.concept_id)
    asks = sorted(asks, key=lambda ask: ask.wave is not None)  # the first claim names the mail
    kind = MailKind.REMINDER if asks[0].wave else MailKind.ROUND_INVITATION
    how = {ask.owed.round.id: _how(ask) for ask in asks}
    text = text_together(kind, owing, how=how, settings=settings, now=now)
    mail = _to_institution(
        owing[0],
        tuple(claim for ask in asks for claim in ask.claims),
        tuple(claim for ask in asks for claim in ask.superseded),
        text,
        sum(len(owed.asked_for) for owed in owing),
    )
    readers = dict.fromkeys(person for owed in owing for person in owed.recipients)
    return replace(mail, rounds=tuple(owed.round.name for owed in owing), recipients=tuple(readers))


def _how(ask: _Ask) -> str:
    if ask.joined:
        return "Nachträglich erbeten"
    return "Noch offen" if ask.wave else "Erbeten"


def text_together(
    kind: MailKind,
    owing: Sequence[Owing],
    *,
    how: Mapping[int, str],
    settings: Settings,
    now: datetime,
) -> MailText:
    """Return what an institution is told that owes reports to rounds of several concepts.

    `how` says by round in which way they are asked for.
    """
    return letters.asking_together(
        kind,
        rounds=[
            letters.Asked(
                period=owed.round.period,
                concept_title=owed.round.concept_title,
                due=[report.deadline.due_on for report in owed.asked_for],
                returned=len(owed.returned),
                how=how.get(owed.round.id, "Noch offen"),
            )
            for owed in owing
        ],
        institution=owing[0].institution,
        today=local_day(now),
        settings=settings,
    )


def _not_written_to(owed: Owing, lost: Lost) -> Owing | None:
    """Return an institution that no mail reached with those to whom none was written yet."""
    unread = lost.get((owed.round.id, owed.institution_id))
    if unread is None:
        return None
    new = tuple(one for one in owed.recipients if one.account_id not in unread.account_ids)
    return replace(owed, recipients=new) if new else None


def _returned(
    owed: Owing, done: Collection[Claim], settings: Settings, now: datetime
) -> Iterable[PlannedMail]:
    claims = {claim: key for claim, key in _returned_claims(owed).items() if claim not in done}
    if claims:
        text = letters.returned(
            period=owed.round.period,
            concept_title=owed.round.concept_title,
            institution=owed.institution,
            back_by={
                report.code: resubmit_by(report.returned_at, owed.round.resubmit_days)
                for report in owed.returned
                if report.id in claims.values() and report.returned_at is not None
            },
            today=local_day(now),
            settings=settings,
        )
        yield _to_institution(owed, tuple(claims), (), text, len(claims))


def _to_institution(
    owed: Owing,
    claims: tuple[Claim, ...],
    superseded: tuple[Claim, ...],
    text: MailText,
    reports: int,
) -> PlannedMail:
    return PlannedMail(
        kind=text.kind,
        claims=claims,
        superseded=superseded,
        rounds=(owed.round.name,),
        institution_id=owed.institution_id,
        institution=owed.institution,
        recipients=owed.recipients,
        text=text,
        reports=reports,
    )


def _escalations(
    owing: Sequence[Owing],
    done: Collection[Claim],
    lost: Lost,
    people: tuple[Recipient, ...],
    *,
    settings: Settings,
    now: datetime,
) -> Iterable[PlannedMail]:
    today = local_day(now)
    for round_ in dict.fromkeys(owed.round for owed in owing):
        claim = _escalation_claim(round_)
        missing = [owed for owed in owing if owed.round == round_ and owed.missing]
        overdue = [
            report.deadline.due_on
            for owed in missing
            for report in owed.missing
            if report.deadline.due_on < today
        ]
        moment = escalation_at(overdue, days=settings.escalation_days, hour=settings.mail_hour)
        if claim in done or round_.is_correction or moment is None or moment > now:
            continue
        recipients = tuple(person for person in people if person.may_see(round_.concept_id))
        if not recipients:
            continue
        yield PlannedMail(
            kind=MailKind.ESCALATION,
            claims=(claim,),
            superseded=(),
            rounds=(round_.name,),
            institution_id=None,
            institution="",
            recipients=recipients,
            text=letters.escalation(
                concept=round_.concept_key,
                period=round_.period,
                concept_title=round_.concept_title,
                due_on=round_.due_on,
                owing=[
                    (report.institution, len(report.missing), _remark(report, lost))
                    for report in missing
                ],
                settings=settings,
            ),
            reports=len(overdue),
        )


def _cancellations(session: Session, *, settings: Settings, now: datetime) -> Iterable[PlannedMail]:
    """Tell those who were asked to report in a round that was cancelled since; once.

    Who was not told that it was open is not told that it is not: what still waited is outdated.
    """
    today = local_day(now)
    statement = (
        select(
            *columns(Round.id, Round.concept_id, Round.period, Round.cancelled_reason),
            *(col(OutboxMail.institution_id), short_name_on(today)),
        )
        .join(OutboxMailRound, col(OutboxMailRound.round_id) == col(Round.id))
        .join(OutboxMail, col(OutboxMail.id) == col(OutboxMailRound.mail_id))
        .join(Institution, col(Institution.id) == col(OutboxMail.institution_id))
        .where(
            col(Round.state) == RoundState.CANCELLED,
            col(Round.cancelled_at) > now - _CANCELLED_NEWS,
            col(OutboxMail.kind).in_(ASKING),
            col(OutboxMail.sent_at).is_not(None),
            is_active_on(today),
        )
        .distinct()
    )
    asked = sorted(
        session.execute(statement), key=lambda row: (row.period, alphabetical(row.short_name))
    )
    claims = {
        row: Claim(MailKind.ROUND_CANCELLED, f"{row.id}:{row.institution_id}") for row in asked
    }
    done = _claimed(session, claims.values())
    people = representatives(session, today=today) if asked else {}
    known = told_apart(session) if asked else {}
    for row, claim in claims.items():
        if claim in done or row.institution_id not in people:
            continue
        period, concept = Period.parse(row.period), known[row.concept_id]
        text = letters.cancelled(
            period=period,
            concept_title=concept.title,
            institution=row.short_name,
            reason=row.cancelled_reason,
            settings=settings,
        )
        yield PlannedMail(
            kind=text.kind,
            claims=(claim,),
            superseded=(),
            rounds=(RoundName(row.id, concept, period),),
            institution_id=row.institution_id,
            institution=row.short_name,
            recipients=people[row.institution_id],
            text=text,
            reports=0,
        )


def _remark(owed: Owing, lost: Lost) -> str:
    if not owed.is_active:
        return "wirkt nicht mehr mit"
    last = max(owed.missing, key=lambda report: report.deadline.due_on)
    latest = last.deadline.due_on
    later = "eigene Frist" if last.joins else "Nachfrist"
    unread = lost.get((owed.round.id, owed.institution_id))
    remarks = [
        f"{later} bis {day(latest)}" if latest > owed.round.due_on else "",
        "" if owed.recipients else "niemand zu erreichen",
        "Mail unzustellbar" if owed.recipients and unread and unread.is_refused else "",
        "" if owed.round.state is RoundState.OPEN or owed.asked_for else "Runde geschlossen",
    ]
    return ", ".join(remark for remark in remarks if remark)
