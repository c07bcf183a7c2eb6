"""From when somebody of the institution represents it: Mitarbeitende may be named ahead."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE account ADD COLUMN represents_from DATE")


def downgrade() -> None:
    """Refuse: who is named ahead would represent the institution at once."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
