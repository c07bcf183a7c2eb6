"""Papers: orders with what was made of them, and the office's own Word templates."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_export_order()
    create_office_template()


def create_export_order() -> None:
    op.create_table(
        "export_order",
        _id(),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        _moment("ordered_at"),
        sa.Column("ordered_by_id", sa.Integer(), nullable=True),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps_total", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=100), nullable=False),
        _moment("seen_at", nullable=True),
        _moment("ended_at", nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("mimetype", sa.String(length=100), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        _check(
            "export_order",
            "state",
            "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')",
        ),
        _check(
            "export_order",
            "made",
            "((sha256 IS NULL) = (size IS NULL)) AND ((sha256 IS NULL) = (file_name IS NULL))"
            " AND ((sha256 IS NULL) = (mimetype IS NULL))",
        ),
        _check("export_order", "done", "(state = 'done') = (sha256 IS NOT NULL)"),
        _check("export_order", "content", "content IS NULL OR state = 'done'"),
        _check("export_order", "sha256", "sha256 IS NULL OR length(sha256) = 64"),
        _check("export_order", "problem", "(state = 'failed') = (problem <> '')"),
        _check("export_order", "seen", "state <> 'running' OR seen_at IS NOT NULL"),
        _check("export_order", "ended", "(state IN ('waiting', 'running')) = (ended_at IS NULL)"),
        _check("export_order", "steps", "steps_done >= 0 AND steps_done <= steps_total"),
        *_keys("export_order", snapshot_id="snapshot", ordered_by_id="account"),
    )
    op.create_index(op.f("ix_export_order_snapshot_id"), "export_order", ["snapshot_id"])
    op.create_index(op.f("ix_export_order_ordered_by_id"), "export_order", ["ordered_by_id"])
    op.create_index("ix_export_order_state_id", "export_order", ["state", "id"])


def create_office_template() -> None:
    op.create_table(
        "office_template",
        _id(),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        _moment("added_at"),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        _moment("retired_at", nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _check("office_template", "sha256", "length(sha256) = 64"),
        _check("office_template", "retired", "retired_at IS NULL OR retired_at >= added_at"),
        *_keys("office_template", added_by_id="account"),
    )
    op.create_index(op.f("ix_office_template_added_by_id"), "office_template", ["added_by_id"])


def _id() -> "sa.Column[int]":
    return sa.Column("id", sa.Integer(), nullable=False)


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


def downgrade() -> None:
    """Refuse: the list of papers that were made would be lost."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
