"""Tables of what is published: rounds with their parts, and records of areas."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlmodel import Field as Col
from sqlmodel import SQLModel

from tracker.core.columns import reference


class Snapshot(SQLModel, table=True):
    """A publication: canonical JSON and its SHA-256; never changed, never deleted."""

    __table_args__ = (
        UniqueConstraint("round_id", "version"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("version = 1 OR reason <> ''", name="reason_for_correction"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
    )

    id: int | None = Col(default=None, primary_key=True)
    round_id: int = Col(sa_column=reference("round.id"))
    period: str = Col(max_length=10, index=True)
    version: int
    sha256: str = Col(max_length=64)
    reason: str = Col(default="", sa_column=Column(Text, nullable=False))
    published_at: datetime
    published_by_id: int | None = Col(
        default=None, sa_column=reference("account.id", nullable=True)
    )
    # Last, so that SQLite reads the columns before it without walking through the document.
    document: str = Col(sa_column=Column(Text, nullable=False))


class SnapshotPart(SQLModel, table=True):
    """A piece of a snapshot's document as a page needs it; derived, checked by `verify`."""

    __tablename__ = "snapshot_part"
    __table_args__ = (
        UniqueConstraint("snapshot_id", "kind", "key"),
        Index("ix_snapshot_part_kind_key", "kind", "key"),
    )

    id: int | None = Col(default=None, primary_key=True)
    snapshot_id: int = Col(sa_column=reference("snapshot.id", index=False))
    kind: str = Col(max_length=20)
    key: str = Col(max_length=40)
    payload: str = Col(sa_column=Column(Text, nullable=False))


class AreaRecord(SQLModel, table=True):
    """What an area publishes without a round ("Stand vom …"): never changed, never deleted.

    `subject` tells several records of an area apart; `format` is the form of the area's content.
    """

    __tablename__ = "area_record"
    __table_args__ = (
        UniqueConstraint("area", "subject", "as_of", "version"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("format >= 1", name="format"),
        CheckConstraint("version = 1 OR reason <> ''", name="reason_for_correction"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
    )

    id: int | None = Col(default=None, primary_key=True)
    area: str = Col(max_length=40)
    subject: str = Col(default="", max_length=80)
    format: int
    as_of: date
    version: int
    sha256: str = Col(max_length=64)
    reason: str = Col(default="", sa_column=Column(Text, nullable=False))
    published_at: datetime
    published_by_id: int | None = Col(
        default=None, sa_column=reference("account.id", nullable=True)
    )
    # Last, as in `Snapshot`.
    document: str = Col(sa_column=Column(Text, nullable=False))
