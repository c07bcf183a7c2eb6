"""Cut the overviews of published rounds again: they now say where a dissent stands.

Parts are derived from their document (ADR 5); documents and hashes stay as they are. `split` is
today's on purpose: parts have to match the code that reads and verifies them.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from tracker.core.canonical import canonical_json
from tracker.publication.rules.formats import lift
from tracker.publication.rules.snapshot_parts import OVERVIEW, split

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TRIGGER = "snapshot_part_no_update"
_UPDATE = sa.text(
    "UPDATE snapshot_part SET payload = :payload WHERE snapshot_id = :id AND kind = :k"
)


def upgrade() -> None:
    connection = op.get_bind()
    on_table = " ON snapshot_part" if connection.dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER IF EXISTS {_TRIGGER}{on_table}")
    for (key,) in connection.execute(sa.text("SELECT id FROM snapshot ORDER BY id")).all():
        # One document at a time, so that memory does not grow with rounds.
        text = sa.text("SELECT document FROM snapshot WHERE id = :id")
        document = json.loads(connection.execute(text, {"id": key}).scalar_one())
        connection.execute(_UPDATE, {"payload": _overview(document), "id": key, "k": OVERVIEW})
    op.execute(
        f"CREATE TRIGGER {_TRIGGER} BEFORE UPDATE ON snapshot_part "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        if on_table
        else f"CREATE TRIGGER {_TRIGGER} BEFORE UPDATE ON snapshot_part BEGIN "
        "SELECT RAISE(ABORT, 'snapshot_part is a record: it is never changed'); END"
    )


def _overview(document: dict[str, Any]) -> str:
    return next(
        canonical_json(part.payload) for part in split(lift(document)) if part.kind == OVERVIEW
    )


def downgrade() -> None:
    """Refuse: nothing would read the old form."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
