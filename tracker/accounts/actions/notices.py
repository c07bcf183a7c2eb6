"""Mails that tell a person what was done to the own account, in the transaction that does it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from tracker.accounts.models import Account
from tracker.core.german import moment
from tracker.core.settings import Settings
from tracker.outbox import queue
from tracker.outbox.wording import MailKind, render, where_to_ask

PASSWORD, ADDRESS, OPERATOR_LINK = "_password", "_address", "_operator_link"


def tell(
    session: Session,
    what: str,
    *,
    account: Account,
    settings: Settings,
    now: datetime,
    by: str = "",
    recipient: str = "",
) -> None:
    """Put a notice into the outbox, to the account's address or another `recipient`.

    Without a mail server it would lie there for ever, so there is none.
    """
    if not settings.smtp_host:
        return
    text = render(
        MailKind.ACCOUNT_NOTICE,
        variant=what,
        name=account.name,
        by=by,
        at=moment(now),
        instance_name=settings.instance_name,
        office_name=settings.office_name,
        city=settings.city,
        answer=where_to_ask(settings),
    )
    recipient = recipient or account.email
    # The end is no account's number: with a new address, what waits keeps the one it is meant for.
    key = f"account_notice:{account.id}:{now.isoformat()}:{what}:{recipient}"
    queue.enqueue(session, key=key[:200], recipient=recipient, text=text, now=now)
