"""A mail may be about several rounds: of each concept one."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox_mail_round",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mail_id", "round_id", name=op.f("pk_outbox_mail_round")),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["outbox_mail.id"],
            name=op.f("fk_outbox_mail_round_mail_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_outbox_mail_round_round_id"),
            ondelete="RESTRICT",
        ),
    )
    op.create_index(op.f("ix_outbox_mail_round_round_id"), "outbox_mail_round", ["round_id"])
    op.execute(
        "INSERT INTO outbox_mail_round (mail_id, round_id)"
        " SELECT id, round_id FROM outbox_mail WHERE round_id IS NOT NULL"
    )
    if op.get_bind().dialect.name == "sqlite":
        rebuild()
    else:
        op.drop_column("outbox_mail", "round_id")


def rebuild() -> None:
    """SQLite drops no column that a key stands on: the table is written anew."""
    kept = (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("recipient", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
    )
    op.create_table(
        "outbox_mail_new",
        *kept,
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_mail_attempts")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_outbox_mail_institution_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_mail_key")),
    )
    names = ", ".join(column.name for column in kept)
    op.execute(f"INSERT INTO outbox_mail_new ({names}) SELECT {names} FROM outbox_mail")
    op.drop_table("outbox_mail")
    op.rename_table("outbox_mail_new", "outbox_mail")
    for name in ("institution_id", "next_attempt_at"):
        op.create_index(op.f(f"ix_outbox_mail_{name}"), "outbox_mail", [name])


def downgrade() -> None:
    """Refuse: a mail about two rounds would be about one."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
