"""Records: snapshots, audit, outbox, job runs, what was seeded, and settings of the instance."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlmodel import Field as Col
from sqlmodel import SQLModel

from tracker.models.base import reference, together


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


class AuditEvent(SQLModel, table=True):
    """Who changed what, when, old and new value; append-only, for the KI's eyes."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_entity", "entity", "entity_id"),)

    id: int | None = Col(default=None, primary_key=True)
    at: datetime = Col(index=True)
    actor_id: int | None = Col(default=None, sa_column=reference("account.id", nullable=True))
    verb: str = Col(max_length=60)
    entity: str = Col(max_length=40)
    entity_id: int
    before: dict[str, Any] | None = Col(default=None, sa_column=Column(JSON(none_as_null=True)))
    after: dict[str, Any] | None = Col(default=None, sa_column=Column(JSON(none_as_null=True)))


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


class JobRun(SQLModel, table=True):
    """A job of the clock that claimed its business key, and how it ended."""

    __tablename__ = "job_run"
    __table_args__ = (
        UniqueConstraint("job", "key"),
        together("finish", "finished_at", "outcome"),
    )

    id: int | None = Col(default=None, primary_key=True)
    job: str = Col(max_length=60)
    key: str = Col(max_length=120)
    started_at: datetime
    finished_at: datetime | None = None
    outcome: str | None = Col(default=None, max_length=20)
    detail: str = Col(default="", sa_column=Column(Text, nullable=False))


class SeedRecord(SQLModel, table=True):
    """The values the seed last wrote, so that it never overwrites what the KI edited."""

    __tablename__ = "seed_record"
    __table_args__ = (UniqueConstraint("entity", "key"),)

    id: int | None = Col(default=None, primary_key=True)
    entity: str = Col(max_length=40)
    key: str = Col(max_length=120)
    values: dict[str, Any] = Col(sa_column=Column(JSON, nullable=False))


class InstanceValue(SQLModel, table=True):
    """A fact about this instance by key, e.g. that its data is an invented demonstration."""

    __tablename__ = "instance_value"

    key: str = Col(max_length=60, primary_key=True)
    value: str = Col(sa_column=Column(Text, nullable=False))
