"""Alembic's entry: runs the migrations on the connection that `tracker.migrate` hands over."""

from alembic import context
from sqlmodel import SQLModel

import tracker.tables  # noqa: F401 - registers every table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
