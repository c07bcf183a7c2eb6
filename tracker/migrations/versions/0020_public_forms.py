"""Public forms that were sent, and addresses that wait to be confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_form_receipt"),
        sa.UniqueConstraint("key", name="uq_form_receipt_key"),
    )
    op.create_index("ix_form_receipt_sender_at", "form_receipt", ["sender", "at"])
    op.create_index("ix_form_receipt_form_at", "form_receipt", ["form", "at"])
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_confirmation"),
        sa.UniqueConstraint("token_hash", name="uq_confirmation_token_hash"),
    )
    op.create_index("ix_confirmation_address_created_at", "confirmation", ["address", "created_at"])
    op.create_index("ix_confirmation_created_at", "confirmation", ["created_at"])


def downgrade() -> None:
    op.drop_table("confirmation")
    op.drop_table("form_receipt")
