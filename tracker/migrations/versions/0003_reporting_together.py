"""Planned opening and closing, comments at fields, contributions, substitutions, uploads."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Written out: SQLite would copy whole tables for a new CHECK, and lose their triggers.
NEW_COLUMNS = {
    "round": (
        "opens_on DATE CONSTRAINT ck_round_opens_before_due CHECK (opens_on <= due_on)",
        "closes_on DATE CONSTRAINT ck_round_closes_after_due CHECK (closes_on >= due_on)",
    ),
    "review": ("field_comments JSON",),
}


def upgrade() -> None:
    for table, columns in NEW_COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    create_contribution()
    create_questionnaire_upload()
    create_substitution()


def create_contribution() -> None:
    """What partners add to the lead's report."""
    op.create_table(
        "contribution",
        _id(),
        _reference("report_id"),
        _reference("institution_id"),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _moment("saved_at"),
        _reference("saved_by_id"),
        _moment("taken_at", nullable=True),
        _reference("taken_by_id", nullable=True),
        sa.Column("taken_version", sa.Integer(), nullable=True),
        _check("contribution", "version", "version > 0"),
        _check(
            "contribution",
            "taken_over",
            "((taken_at IS NULL) = (taken_by_id IS NULL))"
            " AND ((taken_at IS NULL) = (taken_version IS NULL))",
        ),
        _check(
            "contribution",
            "taken_version",
            "taken_version IS NULL OR (taken_version > 0 AND taken_version <= version)",
        ),
        *_keys(
            "contribution",
            report_id="report",
            institution_id="institution",
            saved_by_id="account",
            taken_by_id="account",
        ),
        sa.UniqueConstraint(
            "report_id", "institution_id", name=op.f("uq_contribution_report_id_institution_id")
        ),
    )
    _indexes("contribution", "institution_id", "saved_by_id", "taken_by_id")


def create_questionnaire_upload() -> None:
    """Answers that came in a file."""
    op.create_table(
        "questionnaire_upload",
        _id(),
        _reference("round_id"),
        _reference("institution_id"),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        _moment("uploaded_at"),
        _reference("uploaded_by_id"),
        _moment("applied_at", nullable=True),
        _check("questionnaire_upload", "sha256", "length(sha256) = 64"),
        *_keys(
            "questionnaire_upload",
            round_id="round",
            institution_id="institution",
            uploaded_by_id="account",
        ),
    )
    _indexes("questionnaire_upload", "round_id", "institution_id", "uploaded_by_id")


def create_substitution() -> None:
    op.create_table(
        "substitution",
        _id(),
        _reference("representative_id"),
        _reference("deputy_id"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        _moment("created_at"),
        _reference("created_by_id"),
        _moment("ended_at", nullable=True),
        _reference("ended_by_id", nullable=True),
        _check("substitution", "term", "valid_to >= valid_from"),
        _check("substitution", "somebody_else", "deputy_id <> representative_id"),
        _check("substitution", "ending", "((ended_at IS NULL) = (ended_by_id IS NULL))"),
        *_keys(
            "substitution",
            representative_id="account",
            deputy_id="account",
            created_by_id="account",
            ended_by_id="account",
        ),
    )
    _indexes("substitution", "representative_id", "deputy_id", "created_by_id", "ended_by_id")


def _id() -> "sa.Column[int]":
    return sa.Column("id", sa.Integer(), nullable=False)


def _reference(name: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _keys(table: str, **targets: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT"
            )
            for column, target in targets.items()
        ),
    ]


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    """Refuse: contributions and substitutions would be lost."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
