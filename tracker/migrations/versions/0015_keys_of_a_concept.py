"""Keys of Grundsätze and Kennzahlen are unique within their concept: there may be several."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_CONCEPT = "(SELECT concept_id FROM measure WHERE measure.id = indicator.measure_id)"
# What the seed knows by a key that held in the one concept.
_OF_CONCEPT = (
    *("principle", "indicator", "editorialnote"),
    *("edition_field", "edition_goal", "edition_measure"),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        rebuild()
    else:
        alter()
    name_in_seed_records()


def alter() -> None:
    op.drop_constraint("uq_principle_key", "principle")
    op.drop_constraint("uq_indicator_key", "indicator")
    op.add_column("indicator", sa.Column("concept_id", sa.Integer(), nullable=True))
    op.execute(f"UPDATE indicator SET concept_id = {_CONCEPT}")
    op.alter_column("indicator", "concept_id", nullable=False)
    op.create_foreign_key(
        "fk_indicator_concept_id",
        "indicator",
        "concept",
        ["concept_id"],
        ["id"],
        ondelete="RESTRICT",
    )
    for table in ("principle", "indicator"):
        op.create_unique_constraint(f"uq_{table}_concept_id_key", table, ["concept_id", "key"])
    op.drop_index("ix_principle_concept_id", "principle")


def rebuild() -> None:
    """SQLite drops no unique key: the tables are written anew."""
    op.create_table(
        "principle_new",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concept_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        *_keys("principle", "concept"),
    )
    _moved("principle", "id, concept_id, key, position, name")
    op.create_table(
        "indicator_new",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concept_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("operator", sa.String(2), nullable=False),
        sa.Column("target", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(80), nullable=False),
        sa.Column("per_year", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('target', 'condition')", name=op.f("ck_indicator_kind")),
        *_keys("indicator", "concept", "measure"),
    )
    names = "id, measure_id, key, name, kind, operator, target, unit, per_year, note"
    _moved("indicator", names, concept_id=_CONCEPT)
    op.create_index(op.f("ix_indicator_measure_id"), "indicator", ["measure_id"], unique=False)


def _keys(table: str, *targets: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("concept_id", "key", name=op.f(f"uq_{table}_concept_id_key")),
        *(
            sa.ForeignKeyConstraint(
                [f"{target}_id"],
                [f"{target}.id"],
                name=op.f(f"fk_{table}_{target}_id"),
                ondelete="RESTRICT",
            )
            for target in targets
        ),
    ]


def _moved(table: str, names: str, **more: str) -> None:
    into = ", ".join([names, *more])
    values = ", ".join([names, *more.values()])
    op.execute(f"INSERT INTO {table}_new ({into}) SELECT {values} FROM {table}")
    op.drop_table(table)
    op.rename_table(f"{table}_new", table)


def name_in_seed_records() -> None:
    concept = op.get_bind().scalar(sa.text("SELECT key FROM concept ORDER BY id LIMIT 1"))
    if concept is None:
        return
    records = sa.table("seed_record", sa.column("entity", sa.String), sa.column("key", sa.String))
    op.execute(
        sa.update(records)
        .where(records.c.entity.in_(_OF_CONCEPT))
        .values(key=f"{concept}/" + records.c.key)
    )


def downgrade() -> None:
    """Refuse: the same key in two concepts would not fit into one column."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
