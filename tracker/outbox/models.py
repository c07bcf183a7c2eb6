"""The table of mails to be sent."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Text
from sqlmodel import Field as Col
from sqlmodel import SQLModel

from tracker.core.columns import reference


class OutboxMail(SQLModel, table=True):
    """A mail to be sent once: the key names round, institution and kind (domain.md 9)."""

    __tablename__ = "outbox_mail"
    __table_args__ = (CheckConstraint("attempts >= 0", name="attempts"),)

    id: int | None = Col(default=None, primary_key=True)
    key: str = Col(max_length=200, unique=True)
    kind: str = Col(max_length=40)
    recipient: str = Col(max_length=200)
    subject: str = Col(max_length=300)
    body: str = Col(sa_column=Column(Text, nullable=False))
    round_id: int | None = Col(default=None, sa_column=reference("round.id", nullable=True))
    institution_id: int | None = Col(
        default=None, sa_column=reference("institution.id", nullable=True)
    )
    created_at: datetime
    attempts: int = 0
    next_attempt_at: datetime | None = Col(default=None, index=True)
    sent_at: datetime | None = None
    last_error: str = Col(default="", sa_column=Column(Text, nullable=False))
