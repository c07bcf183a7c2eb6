"""Fields, goals and measures last; what a Fassung says of them is a row of the Fassung.

The rows of the one Fassung there is keep their ids, so that whatever points to a measure goes on
pointing to it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CODE_LIMIT = 20
MOVED = {
    "field": ("edition_id", "position", "name"),
    "goal": ("field_id", "number", "title", "title_annex2"),
    "measure": ("goal_id", "code", "position", "kind", "text", "display_text", "prioritised"),
    "editorialnote": ("goal_id", "measure_id"),
    "edition": ("valid_to",),
}


def upgrade() -> None:
    create_edition_rows()
    fill_edition_rows()
    rename_in_seed_records()
    if op.get_bind().dialect.name == "sqlite":
        rebuild()
    else:
        alter()


def create_edition_rows() -> None:
    op.create_table(
        "edition_field",
        *_columns("edition_id", "field_id"),
        sa.Column("code", sa.String(CODE_LIMIT), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        *_keys("edition_field", edition_id="edition", field_id="field"),
        *_unique("edition_field", "field_id", "code", "position"),
    )
    op.create_table(
        "edition_goal",
        *_columns("edition_id", "goal_id", "edition_field_id"),
        sa.Column("code", sa.String(CODE_LIMIT), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_annex2", sa.Text(), nullable=False),
        *_keys(
            "edition_goal", edition_id="edition", goal_id="goal", edition_field_id="edition_field"
        ),
        *_unique("edition_goal", "goal_id", "code", "position"),
    )
    op.create_table(
        "edition_measure",
        *_columns("edition_id", "measure_id", "edition_goal_id"),
        sa.Column("code", sa.String(CODE_LIMIT), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("display_text", sa.Text(), nullable=False),
        sa.Column("prioritised", sa.Boolean(), nullable=False),
        _one_of("edition_measure", "kind", "measure", "reference"),
        *_keys(
            "edition_measure",
            edition_id="edition",
            measure_id="measure",
            edition_goal_id="edition_goal",
        ),
        *_unique("edition_measure", "measure_id", "code"),
    )
    _index("edition_field", "field_id")
    _index("edition_goal", "goal_id", "edition_field_id")
    _index("edition_measure", "measure_id", "edition_goal_id")


def fill_edition_rows() -> None:
    op.execute(
        "INSERT INTO edition_field (id, edition_id, field_id, code, position, name)"
        " SELECT id, edition_id, id, CAST(position AS VARCHAR(20)), position, name FROM field"
    )
    op.execute(
        "INSERT INTO edition_goal"
        " (id, edition_id, goal_id, edition_field_id, code, position, title, title_annex2)"
        " SELECT goal.id, field.edition_id, goal.id, field.id, CAST(goal.number AS VARCHAR(20)),"
        " goal.number, goal.title, goal.title_annex2"
        " FROM goal JOIN field ON field.id = goal.field_id"
    )
    op.execute(
        "INSERT INTO edition_measure (id, edition_id, measure_id, edition_goal_id, code, position,"
        " kind, text, display_text, prioritised)"
        " SELECT measure.id, field.edition_id, measure.id, goal.id, measure.code,"
        " measure.position, measure.kind, measure.text, measure.display_text, measure.prioritised"
        " FROM measure JOIN goal ON goal.id = measure.goal_id"
        " JOIN field ON field.id = goal.field_id"
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in ("edition_field", "edition_goal", "edition_measure"):
            op.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
                f" (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
            )


def rename_in_seed_records() -> None:
    """What the seed last wrote is kept by the table's name and the columns' names."""
    for table in ("field", "goal", "measure"):
        op.execute(f"UPDATE seed_record SET entity = 'edition_{table}' WHERE entity = '{table}'")
    records = sa.table(
        "seed_record", sa.column("id"), sa.column("entity"), sa.column("values", sa.JSON())
    )
    bind = op.get_bind()
    goals = sa.select(records.c.id, records.c["values"]).where(records.c.entity == "edition_goal")
    for id_, values in bind.execute(goals).all():
        if "field_id" in values:
            values["edition_field_id"] = values.pop("field_id")
            bind.execute(sa.update(records).where(records.c.id == id_).values({"values": values}))


# What each table keeps, and where its concept is found.
_CONCEPT = {
    "field": "(SELECT concept_id FROM edition WHERE edition.id = field.edition_id)",
    "goal": "(SELECT edition.concept_id FROM field JOIN edition ON edition.id = field.edition_id"
    " WHERE field.id = goal.field_id)",
    "measure": "(SELECT edition.concept_id FROM goal JOIN field ON field.id = goal.field_id"
    " JOIN edition ON edition.id = field.edition_id WHERE goal.id = measure.goal_id)",
}
_RESOLVED = "(SELECT resolved_on FROM concept WHERE concept.id = edition.concept_id)"


def alter() -> None:
    """PostgreSQL drops what stands on a column together with it."""
    for table, value in _CONCEPT.items():
        op.add_column(table, sa.Column("concept_id", sa.Integer(), nullable=True))
        op.execute(f"UPDATE {table} SET concept_id = {value}")
        op.alter_column(table, "concept_id", nullable=False)
        op.create_foreign_key(
            f"fk_{table}_concept_id", table, "concept", ["concept_id"], ["id"], ondelete="RESTRICT"
        )
        _index(table, "concept_id")
    for name in ("edition_goal_id", "edition_measure_id"):
        old, target = name.removeprefix("edition_"), name.removesuffix("_id")
        op.add_column("editorialnote", sa.Column(name, sa.Integer(), nullable=True))
        op.execute(f"UPDATE editorialnote SET {name} = {old}")
        op.create_foreign_key(
            f"fk_editorialnote_{name}",
            "editorialnote",
            target,
            [name],
            ["id"],
            ondelete="RESTRICT",
        )
        _index("editorialnote", name)
    op.add_column("edition", sa.Column("state", sa.String(40), nullable=True))
    op.add_column("edition", sa.Column("resolved_on", sa.Date(), nullable=True))
    op.execute(f"UPDATE edition SET state = 'adopted', resolved_on = {_RESOLVED}")
    op.alter_column("edition", "state", nullable=False)
    op.alter_column("edition", "valid_from", nullable=True)
    # From the leaves to the root: a column goes with the foreign key on it.
    for table in ("editorialnote", "measure", "goal", "field", "edition"):
        for column in MOVED[table]:
            op.drop_column(table, column)
    op.create_check_constraint(op.f("ck_editorialnote_one_subject"), "editorialnote", _ONE_SUBJECT)
    op.create_check_constraint(
        op.f("ck_edition_state"), "edition", _one_of("edition", "state", *_STATES).sqltext
    )
    op.create_check_constraint(op.f("ck_edition_adopted_on_days"), "edition", _ADOPTED_ON_DAYS)
    _adopted_index()


_ONE_SUBJECT = "(edition_goal_id IS NULL) <> (edition_measure_id IS NULL)"
_STATES = ("draft", "adopted", "withdrawn")
_ADOPTED_ON_DAYS = "state <> 'adopted' OR (resolved_on IS NOT NULL AND valid_from IS NOT NULL)"


def rebuild() -> None:
    """SQLite drops no column that a key stands on: the tables are written anew."""
    _rebuilt(
        "editorialnote",
        {"edition_goal_id": "goal_id", "edition_measure_id": "measure_id"},
        *_columns("edition_goal_id", "edition_measure_id", nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(_ONE_SUBJECT, name=op.f("ck_editorialnote_one_subject")),
        *_keys(
            "editorialnote", edition_goal_id="edition_goal", edition_measure_id="edition_measure"
        ),
    )
    _rebuilt(
        "measure",
        {"concept_id": _CONCEPT["measure"]},
        *_columns("concept_id"),
        sa.Column("weight", sa.String(40), server_default="1", nullable=False),
        sa.Column("competence", sa.String(40)),
        sa.Column("competence_reason", sa.Text(), nullable=False),
        sa.Column("short_term", sa.String(40)),
        *_concretisation(),
        sa.Column("municipal_funding", sa.String(40)),
        sa.Column("municipal_funding_period", sa.String(200), nullable=False),
        sa.Column("retired_on", sa.Date()),
        _one_of("measure", "competence", "own", "shared", "third_party"),
        _one_of("measure", "short_term", "yes", "no"),
        *_keys("measure", concept_id="concept"),
    )
    _rebuilt(
        "goal",
        {"concept_id": _CONCEPT["goal"]},
        *_columns("concept_id"),
        *_concretisation(),
        *_keys("goal", concept_id="concept"),
    )
    _rebuilt(
        "field",
        {"concept_id": _CONCEPT["field"]},
        *_columns("concept_id"),
        *_keys("field", concept_id="concept"),
    )
    _rebuilt(
        "edition",
        {"state": "'adopted'", "resolved_on": _RESOLVED},
        *_columns("concept_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("resolved_on", sa.Date()),
        sa.Column("valid_from", sa.Date()),
        _one_of("edition", "state", *_STATES),
        sa.CheckConstraint(_ADOPTED_ON_DAYS, name=op.f("ck_edition_adopted_on_days")),
        *_keys("edition", concept_id="concept"),
        sa.UniqueConstraint("concept_id", "number", name=op.f("uq_edition_concept_id_number")),
    )
    _index("editorialnote", "edition_goal_id", "edition_measure_id")
    for table in ("measure", "goal", "field", "edition"):
        _index(table, "concept_id")
    _adopted_index()


def _rebuilt(table: str, values: dict[str, str], *parts: "sa.Column[Any] | sa.Constraint") -> None:
    """Write a table anew with these columns; `values` says where those come from that are new."""
    op.create_table(f"{table}_new", *parts)
    names = [part.name for part in parts if isinstance(part, sa.Column)]
    sources = [values.get(name, name) for name in names]
    op.execute(
        f"INSERT INTO {table}_new ({', '.join(names)}) SELECT {', '.join(sources)} FROM {table}"
    )
    op.drop_table(table)
    op.rename_table(f"{table}_new", table)


def _columns(*references: str, nullable: bool = False) -> list["sa.Column[int]"]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=nullable) for name in references),
    ]


def _concretisation() -> list["sa.Column[object]"]:
    return [
        sa.Column("concretisation", sa.Text(), nullable=False),
        sa.Column("concretisation_office", sa.String(200), nullable=False),
        sa.Column("concretisation_on", sa.Date()),
    ]


def _one_of(table: str, column: str, *members: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{member}'" for member in members)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


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


def _unique(table: str, *columns: str) -> list[sa.UniqueConstraint]:
    return [
        sa.UniqueConstraint("edition_id", column, name=op.f(f"uq_{table}_edition_id_{column}"))
        for column in columns
    ]


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _adopted_index() -> None:
    op.create_index(
        "uq_edition_adopted_from",
        "edition",
        ["concept_id", "valid_from"],
        unique=True,
        sqlite_where=sa.text("state = 'adopted'"),
        postgresql_where=sa.text("state = 'adopted'"),
    )


def downgrade() -> None:
    """Refuse: two Fassungen of one measure would not fit into one row."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
