"""Passing on a reported barrier (BITVNRW: a way to say what does not work)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from tracker.contact.actions import confirmations, receipts
from tracker.contact.purposes import Confirmed, Purpose
from tracker.core import audit
from tracker.core.settings import Settings
from tracker.outbox.models import OutboxMail

FORM = "barrier"
KIND = "barrier"
# More within an hour than people send: from then on one mail collects what comes in.
SINGLY_PER_HOUR = 20
COLLECTED = "Viele Hinweise auf Barrieren"
# A mail of this length is still delivered everywhere; what comes then begins another.
_FULL = 500_000


def report(
    session: Session,
    *,
    key: str,
    description: str,
    page: str,
    reply_to: str,
    purpose: Purpose,
    recipients: Sequence[str],
    settings: Settings,
    now: datetime,
) -> None:
    """Put a mail about a barrier into the outbox for each recipient; `key` makes them unique.

    `recipients` has at least one address. The sender is unknown on purpose. An address for an
    answer is passed on once its owner has confirmed it; without a mail server nobody can be
    asked, and it is passed on as what it is.
    """
    reference = key[:8].upper()
    wish = "keine Antwort gewünscht"
    if reply_to and settings.smtp_host:
        wish = "gewünscht; die Adresse folgt, sobald sie bestätigt ist"
        confirmations.ask(
            session,
            purpose=purpose,
            address=reply_to,
            payload={"reference": reference},
            settings=settings,
            now=now,
        )
    elif reply_to:
        wish = f"an {reply_to} (nicht bestätigt)"
    text = (
        f"Kennzeichen: {reference}\n"
        f"Seite: {page or 'nicht angegeben'}\n"
        f"Antwort: {wish}\n\n"
        f"{description}\n\n"
    )
    if receipts.recent(session, form=FORM, now=now) <= SINGLY_PER_HOUR:
        _send_singly(session, key, text, recipients, now)
    else:
        _collect(session, key, text, recipients, now)


def pass_on_address(session: Session, confirmed: Confirmed, *, recipients: Sequence[str]) -> None:
    """Tell who reads the reports where an answer is wished, now that the address is confirmed."""
    references = [payload["reference"] for payload in confirmed.payloads]
    body = (
        "Die Adresse für eine Antwort auf einen Hinweis auf eine Barriere ist bestätigt.\n\n"
        f"Antwort an: {confirmed.address}\n"
        f"Kennzeichen: {', '.join(references)}\n\n"
        "Eine Antwort ist innerhalb von zwei Wochen fällig.\n"
    )
    mails = _mails(
        f"reply:{'-'.join(references)[:100]}",
        f"Antwortadresse zum Hinweis {references[0]}",
        body,
        recipients,
        now=confirmed.now,
    )
    session.add_all(mails)
    audit.record_row(session, mails[0], "barrier.confirm_reply", by=None, now=confirmed.now)


def _send_singly(
    session: Session, key: str, text: str, recipients: Sequence[str], now: datetime
) -> None:
    body = (
        f"Über das Formular „Barriere melden“ ist ein Hinweis eingegangen.\n\n{text}"
        "Eine Antwort ist innerhalb von zwei Wochen fällig.\n"
    )
    mails = _mails(key, "Hinweis auf eine Barriere", body, recipients, now=now)
    session.add_all(mails)
    audit.record_row(session, mails[0], "barrier.report", by=None, now=now)


def _collect(
    session: Session, key: str, text: str, recipients: Sequence[str], now: datetime
) -> None:
    """Add a report to the mail that goes out with the next full hour, or begin that mail."""
    waits = (
        col(OutboxMail.subject) == COLLECTED,
        col(OutboxMail.attempts) == 0,
        col(OutboxMail.sent_at).is_(None),
        col(OutboxMail.next_attempt_at) > now,
    )
    full_hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    for number, recipient in enumerate(recipients, start=1):
        first = (
            select(func.min(col(OutboxMail.id)))
            .where(
                col(OutboxMail.recipient) == recipient,
                func.length(col(OutboxMail.body)) < _FULL,
                *waits,
            )
            .scalar_subquery()
        )
        added = session.execute(
            update(OutboxMail)
            # Asked here too: the clock may have taken it in hand meanwhile.
            .where(col(OutboxMail.id) == first, *waits)
            .values(body=col(OutboxMail.body) + f"{_LINE}{text}")
            .returning(col(OutboxMail.id))
            .execution_options(synchronize_session=False)
        )
        if added.first() is not None:
            continue
        body = (
            "Über das Formular „Barriere melden“ gehen ungewöhnlich viele Hinweise ein. Darum "
            f"stehen sie gesammelt in dieser Mail.\n\n{_LINE}{text}"
        )
        mail = _mail(f"{key}:{number}", COLLECTED, body, recipient, now)
        mail.next_attempt_at = full_hour
        session.add(mail)
        audit.record_row(session, mail, "barrier.flood", by=None, now=now)


_LINE = "-" * 40 + "\n"


def _mails(
    key: str, subject: str, body: str, recipients: Sequence[str], *, now: datetime
) -> list[OutboxMail]:
    return [
        _mail(f"{key}:{number}", subject, body, recipient, now)
        for number, recipient in enumerate(recipients, start=1)
    ]


def _mail(key: str, subject: str, body: str, recipient: str, now: datetime) -> OutboxMail:
    return OutboxMail(
        key=f"barrier:{key}",
        kind=KIND,
        recipient=recipient,
        subject=subject,
        body=body,
        created_at=now,
        next_attempt_at=now,
    )
