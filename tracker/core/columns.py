"""Column helpers shared by all tables; the naming convention keeps both databases alike."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    String,
    Table,
    literal_column,
)
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel, col

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class DecimalText(TypeDecorator[Decimal]):
    """An exact decimal as text: SQLite has no decimals, and both databases shall agree."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Store without exponent."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def enum_column(kind: type[StrEnum], name: str, *, nullable: bool = False) -> Column[Any]:
    column_type = SqlEnum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )
    return Column(name, column_type, nullable=nullable)


def reference(
    target: str, *, nullable: bool = False, index: bool = True, primary_key: bool = False
) -> Column[Any]:
    """Return a foreign key column ("table.id"); what others refer to cannot be deleted."""
    key = ForeignKey(target, ondelete="RESTRICT")
    return Column(key, nullable=nullable, index=index, primary_key=primary_key)


def together(name: str, *columns: str) -> CheckConstraint:
    """Return a CHECK that these columns are all empty or all filled (who and when travel)."""
    first, *others = columns
    rule = " AND ".join(f"(({first} IS NULL) = ({other} IS NULL))" for other in others)
    return CheckConstraint(rule, name=name)


def one_of(column: str, members: list[StrEnum]) -> str:
    """Return the SQL text `column IN ('a', 'b')` for a CHECK."""
    listed = ", ".join(f"'{member.value}'" for member in members)
    return f"{column} IN ({listed})"


def table(name: str) -> Table:
    """Return a table of an area above by its name, as foreign keys name it.

    For the few facts that a lower area must ask of a higher one.
    """
    return SQLModel.metadata.tables[name]


def sql_literal(member: StrEnum) -> ColumnElement[Any]:
    """Return a member as a part of a statement's text, for what is asked with every visit.

    SQLite plans anew with each run where a value that is sent might decide whether an index with
    a condition can serve; that takes ten times as long as the run.
    """
    return literal_column(f"'{member.value}'")


def columns(*attributes: Any) -> list[Any]:
    """Return these columns to select, several on a line."""
    return [col(attribute) for attribute in attributes]
