"""Cut published rounds again: pages about goals, effect, Ziffer 5, and the search read parts.

Parts are derived from their document (ADR 5); documents and hashes stay as they are. `split` is
today's on purpose: parts have to match the code that reads and verifies them.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from tracker.core.canonical import canonical_json
from tracker.publication.rules.formats import lift
from tracker.publication.rules.snapshot_parts import EFFECT, GOALS, OVERVIEW, TEXTS, ZIFF5, split

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TRIGGER = "snapshot_part_no_update"
_CHANGE = sa.text(
    "UPDATE snapshot_part SET payload = :payload WHERE snapshot_id = :id AND kind = :k"
)
_ADD = sa.text(
    "INSERT INTO snapshot_part (snapshot_id, kind, key, payload) VALUES (:id, :k, '', :payload)"
)
_STATEMENTS = {OVERVIEW: _CHANGE, GOALS: _ADD, EFFECT: _ADD, ZIFF5: _ADD, TEXTS: _ADD}


def upgrade() -> None:
    connection = op.get_bind()
    on_table = " ON snapshot_part" if connection.dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER IF EXISTS {_TRIGGER}{on_table}")
    for (key,) in connection.execute(sa.text("SELECT id FROM snapshot ORDER BY id")).all():
        # One document at a time, so that memory does not grow with rounds.
        text = sa.text("SELECT document FROM snapshot WHERE id = :id")
        _cut(connection, key, json.loads(connection.execute(text, {"id": key}).scalar_one()))
    op.execute(
        f"CREATE TRIGGER {_TRIGGER} BEFORE UPDATE ON snapshot_part "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        if on_table
        else f"CREATE TRIGGER {_TRIGGER} BEFORE UPDATE ON snapshot_part BEGIN "
        "SELECT RAISE(ABORT, 'snapshot_part is a record: it is never changed'); END"
    )


def _cut(connection: sa.Connection, key: int, document: dict[str, Any]) -> None:
    for part in split(lift(document)):
        if part.kind in _STATEMENTS:
            values = {"payload": canonical_json(part.payload), "id": key, "k": part.kind}
            connection.execute(_STATEMENTS[part.kind], values)


def downgrade() -> None:
    """Refuse: nothing would read the old form."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
