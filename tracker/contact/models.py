"""Forms that were sent without a session, and addresses that wait to be confirmed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field as Col
from sqlmodel import SQLModel


class FormReceipt(SQLModel, table=True):
    """A public form that was sent: counted by sender, and the same form counts once.

    `key` is of the form's token; `sender` is a keyed hash of the network address. Kept for
    two days (tidy); it says nothing of what was sent.
    """

    __tablename__ = "form_receipt"
    __table_args__ = (
        Index("ix_form_receipt_sender_at", "sender", "at"),
        Index("ix_form_receipt_form_at", "form", "at"),
    )

    id: int | None = Col(default=None, primary_key=True)
    form: str = Col(max_length=40)
    key: str = Col(max_length=64, unique=True)
    sender: str = Col(max_length=64)
    at: datetime


class Confirmation(SQLModel, table=True):
    """An address that somebody gave, and what is to happen once its owner confirms it.

    `token_hash` is of the link that was mailed; None where no further mail went out, because one
    had just gone: its link confirms this row too. Tidy removes the row when it has expired.
    """

    __table_args__ = (
        Index("ix_confirmation_address_created_at", "address", "created_at"),
        Index("ix_confirmation_created_at", "created_at"),
    )

    id: int | None = Col(default=None, primary_key=True)
    purpose: str = Col(max_length=40)
    address: str = Col(max_length=200)
    token_hash: str | None = Col(default=None, max_length=64, unique=True)
    payload: dict[str, Any] = Col(sa_column=Column(JSON, nullable=False))
    created_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None = None
