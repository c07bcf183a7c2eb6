"""Records of every area: audit trail, job runs, what was seeded, settings of the instance."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlmodel import Field as Col
from sqlmodel import SQLModel

from tracker.core.columns import reference, together


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


class JobRun(SQLModel, table=True):
    """A job of the clock that claimed its business key, and how it ended."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "key"), together("finish", "finished_at", "outcome"))

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


class SettingValue(SQLModel, table=True):
    """A setting's value from a day on; a record, so the last row of a name and day counts.

    `value` is written as in an environment variable; None takes back what was set for the day.
    `valid_from` None: what the instance began with, where its environment says nothing.
    """

    __tablename__ = "setting_value"
    __table_args__ = (
        CheckConstraint("valid_from IS NOT NULL OR value IS NOT NULL", name="beginning"),
    )

    id: int | None = Col(default=None, primary_key=True)
    name: str = Col(max_length=60)
    valid_from: date | None = None
    value: str | None = Col(default=None, sa_column=Column(Text, nullable=True))
    set_at: datetime
    set_by_id: int | None = Col(default=None, sa_column=reference("account.id", nullable=True))
