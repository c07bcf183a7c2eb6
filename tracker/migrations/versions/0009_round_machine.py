"""Open rounds cancelled, corrections abandoned, reports that were asked for later."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# CHECKs written out: SQLite would copy whole tables for a new one, and lose their triggers.
CANCELLED_REASON = (
    "cancelled_reason TEXT"
    " CONSTRAINT ck_round_cancellation CHECK"
    " ((cancelled_at IS NULL) = (cancelled_reason IS NULL))"
    " CONSTRAINT ck_round_cancelled CHECK"
    " ((state = 'cancelled' AND opened_at IS NOT NULL) = (cancelled_at IS NOT NULL))"
    " CONSTRAINT ck_round_cancelled_reason CHECK (cancelled_reason <> '')"
)
BEFORE_CORRECTION = (
    "before_correction JSON CONSTRAINT ck_round_before_correction CHECK"
    " (before_correction IS NULL OR (published_at IS NOT NULL AND state <> 'published'))"
)
JOINS = (
    "joins BOOLEAN NOT NULL DEFAULT false"
    " CONSTRAINT ck_extension_joins CHECK (NOT joins OR report_id IS NOT NULL)"
)


def upgrade() -> None:
    op.add_column("round", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"ALTER TABLE round ADD COLUMN {CANCELLED_REASON}")
    op.execute(f"ALTER TABLE round ADD COLUMN {BEFORE_CORRECTION}")
    op.execute(f"ALTER TABLE extension ADD COLUMN {JOINS}")


def downgrade() -> None:
    """Refuse: who was asked later, and why, would be lost."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
