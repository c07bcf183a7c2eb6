"""Cut published rounds again: fields, goals and measures are known by keys that last.

Documents and hashes stay as they are, in format 1; their parts are those of format 2, as it is
read (docs/snapshot-format.md). `split` is today's on purpose: parts have to match the code that
reads and verifies them.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from tracker.core.canonical import canonical_json
from tracker.publication.rules.formats import lift
from tracker.publication.rules.snapshot_parts import split

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TRIGGERS = {"snapshot_part_no_update": "UPDATE", "snapshot_part_no_delete": "DELETE"}


def upgrade() -> None:
    connection = op.get_bind()
    is_postgresql = connection.dialect.name == "postgresql"
    for name in _TRIGGERS:
        op.execute(f"DROP TRIGGER IF EXISTS {name}{' ON snapshot_part' if is_postgresql else ''}")
    for (key,) in connection.execute(sa.text("SELECT id FROM snapshot ORDER BY id")).all():
        # One document at a time, so that memory does not grow with rounds.
        text = sa.text("SELECT document FROM snapshot WHERE id = :id")
        _cut(connection, key, json.loads(connection.execute(text, {"id": key}).scalar_one()))
    for name, event in _TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON snapshot_part "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            if is_postgresql
            else f"CREATE TRIGGER {name} BEFORE {event} ON snapshot_part BEGIN "
            "SELECT RAISE(ABORT, 'snapshot_part is a record: it is never changed'); END"
        )


def _cut(connection: sa.Connection, key: int, document: dict[str, Any]) -> None:
    connection.execute(sa.text("DELETE FROM snapshot_part WHERE snapshot_id = :id"), {"id": key})
    connection.execute(
        sa.text(
            "INSERT INTO snapshot_part (snapshot_id, kind, key, payload) "
            "VALUES (:id, :kind, :key, :payload)"
        ),
        [
            {"id": key, "kind": kind, "key": name, "payload": canonical_json(payload)}
            for kind, name, payload in split(lift(document))
        ],
    )


def downgrade() -> None:
    """Refuse: nothing would read the old form."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
