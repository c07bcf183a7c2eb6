"""Which concepts an account may see."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_concept",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("concept_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "concept_id", name=op.f("pk_account_concept")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_account_concept_account_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["concept_id"],
            ["concept.id"],
            name=op.f("fk_account_concept_concept_id"),
            ondelete="RESTRICT",
        ),
    )
    op.create_index(op.f("ix_account_concept_concept_id"), "account_concept", ["concept_id"])


def downgrade() -> None:
    """Refuse: whoever may see one concept only would see all again."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
