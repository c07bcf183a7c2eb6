"""Entries of institutions, for a database whose 0011 was run before it knew them.

No release has had that form; demonstrations and trials made between releases have.
"""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    bind = op.get_bind()
    if "institution_id" in {column["name"] for column in sa.inspect(bind).get_columns("entry")}:
        return
    dated = import_module("tracker.migrations.versions.0011_dated_values")
    before = sa.Table("entry", sa.MetaData(), autoload_with=bind)
    entries = [dict(row) for row in bind.execute(before.select()).mappings()]
    op.drop_table("entry")
    dated.create_entries()
    if entries:
        after = sa.Table("entry", sa.MetaData(), autoload_with=bind)
        for entry in entries:
            # What is empty is left out: in a column of JSON, None would be written as null.
            given = {name: value for name, value in entry.items() if value is not None}
            bind.execute(after.insert().values(given))
        if bind.dialect.name == "postgresql":
            last = "SELECT setval(pg_get_serial_sequence('entry', 'id'), MAX(id)) FROM entry"
            bind.execute(sa.text(last))
    dated.fill_institutions()


def downgrade() -> None:
    """Refuse: what was entered since would be lost."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
