"""The districts become a setting; an instance that has worked begins with those built in before."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SHOWN_BEFORE = """\
Mitte
Schildesche
Gadderbaum
Brackwede
Dornberg
Jöllenbeck
Heepen
Stieghorst
Sennestadt
Senne"""


def upgrade() -> None:
    connection = op.get_bind()
    used = "SELECT 1 FROM concept UNION SELECT 1 FROM account"
    if connection.execute(sa.text(used)).first() is None:
        return
    rows = sa.table(
        "setting_value", sa.column("name"), sa.column("value"), sa.column("set_at", sa.DateTime)
    )
    op.bulk_insert(
        rows, [{"name": "districts", "value": SHOWN_BEFORE, "set_at": datetime.now(UTC)}]
    )


def downgrade() -> None:
    """Refuse: what was set would be lost."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
