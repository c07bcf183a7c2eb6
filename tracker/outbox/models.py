"""The table of mails to be sent."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Text
from sqlmodel import Field as Col
from sqlmodel import SQLModel

from tracker.core.columns import reference


class OutboxMail(SQLModel, table=True):
    """A mail to be sent once: the key names kind, claim and account (domain.md 9).

    `OutboxMailRound` says which rounds it is about.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (CheckConstraint("attempts >= 0", name="attempts"),)

    id: int | None = Col(default=None, primary_key=True)
    key: str = Col(max_length=200, unique=True)
    kind: str = Col(max_length=40)
    recipient: str = Col(max_length=200)
    subject: str = Col(max_length=300)
    body: str = Col(sa_column=Column(Text, nullable=False))
    institution_id: int | None = Col(
        default=None, sa_column=reference("institution.id", nullable=True)
    )
    created_at: datetime
    attempts: int = 0
    next_attempt_at: datetime | None = Col(default=None, index=True)
    sent_at: datetime | None = None
    last_error: str = Col(default="", sa_column=Column(Text, nullable=False))


class OutboxMailRound(SQLModel, table=True):
    """A round that a mail is about; of several concepts it may be several."""

    __tablename__ = "outbox_mail_round"

    mail_id: int = Col(sa_column=reference("outbox_mail.id", index=False, primary_key=True))
    round_id: int = Col(sa_column=reference("round.id", primary_key=True))
