"""Papers: orders with what was made of them, and the office's own Word templates."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, LargeBinary, Text
from sqlmodel import Field as Col
from sqlmodel import SQLModel

from tracker.core.columns import enum_column, reference, together
from tracker.papers.rules.exporting import OrderState


class ExportOrder(SQLModel, table=True):
    """A paper that somebody asked for: how far it is, and what came of it (rules/exporting).

    `request` is the whole description, so that the same paper can be made again. `ordered_by_id`
    is empty for the command line. `content` is removed after some weeks; the hash stays.
    """

    __tablename__ = "export_order"
    __table_args__ = (
        together("made", "sha256", "size", "file_name", "mimetype"),
        CheckConstraint("(state = 'done') = (sha256 IS NOT NULL)", name="done"),
        CheckConstraint("content IS NULL OR state = 'done'", name="content"),
        CheckConstraint("sha256 IS NULL OR length(sha256) = 64", name="sha256"),
        CheckConstraint("(state = 'failed') = (problem <> '')", name="problem"),
        CheckConstraint("state <> 'running' OR seen_at IS NOT NULL", name="seen"),
        CheckConstraint("(state IN ('waiting', 'running')) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("steps_done >= 0 AND steps_done <= steps_total", name="steps"),
        Index("ix_export_order_state_id", "state", "id"),
    )

    id: int | None = Col(default=None, primary_key=True)
    snapshot_id: int = Col(sa_column=reference("snapshot.id"))
    request: dict[str, Any] = Col(sa_column=Column(JSON, nullable=False))
    state: OrderState = Col(sa_column=enum_column(OrderState, "state"))
    ordered_at: datetime
    ordered_by_id: int | None = Col(default=None, sa_column=reference("account.id", nullable=True))
    steps_done: int = 0
    steps_total: int = 0
    step: str = Col(default="", max_length=100)
    seen_at: datetime | None = None
    ended_at: datetime | None = None
    problem: str = Col(default="", sa_column=Column(Text, nullable=False))
    file_name: str | None = Col(default=None, max_length=200)
    mimetype: str | None = Col(default=None, max_length=100)
    size: int | None = None
    sha256: str | None = Col(default=None, max_length=64)
    # Last, so that SQLite reads the columns before it without walking through the file.
    content: bytes | None = Col(default=None, sa_column=Column(LargeBinary, nullable=True))


class OfficeTemplate(SQLModel, table=True):
    """A Word template with the office's letterhead and styles.

    The newest that was not taken out of use is in use; none is ever deleted, because papers that
    were made with it can be made again.
    """

    __tablename__ = "office_template"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("retired_at IS NULL OR retired_at >= added_at", name="retired"),
    )

    id: int | None = Col(default=None, primary_key=True)
    file_name: str = Col(max_length=200)
    sha256: str = Col(max_length=64)
    added_at: datetime
    added_by_id: int | None = Col(default=None, sa_column=reference("account.id", nullable=True))
    retired_at: datetime | None = None
    content: bytes = Col(sa_column=Column(LargeBinary, nullable=False))
