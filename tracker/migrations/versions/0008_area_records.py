"""Records of areas: published like a round's, never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_area_record_version")),
        sa.CheckConstraint("format >= 1", name=op.f("ck_area_record_format")),
        sa.CheckConstraint(
            "version = 1 OR reason <> ''", name=op.f("ck_area_record_reason_for_correction")
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_area_record_sha256")),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["account.id"],
            name=op.f("fk_area_record_published_by_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_record")),
        sa.UniqueConstraint(
            "area",
            "subject",
            "as_of",
            "version",
            name=op.f("uq_area_record_area_subject_as_of_version"),
        ),
    )
    op.create_index(
        op.f("ix_area_record_published_by_id"), "area_record", ["published_by_id"], unique=False
    )
    protect_records()


def protect_records() -> None:
    """Refuse UPDATE and DELETE, in the database's own words, as for snapshots."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for verb in ("UPDATE", "DELETE"):
        rule = (
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            if postgresql
            else "BEGIN SELECT RAISE(ABORT, 'area_record is a record: it is never changed'); END"
        )
        op.execute(
            f"CREATE TRIGGER area_record_no_{verb.lower()} BEFORE {verb} ON area_record {rule}"
        )


def downgrade() -> None:
    """Refuse: what was published would be lost."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
