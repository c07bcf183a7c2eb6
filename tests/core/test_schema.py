"""The schema: what the migrations make is what the models say, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlmodel import SQLModel

from tracker.core import migrate
from tracker.core.db import make_engine


def test_migrations_make_exactly_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, SQLModel.metadata) == []


def _checks(engine: Engine) -> dict[str, set[Any]]:
    found = inspect(engine)
    return {
        table: {check["name"] for check in found.get_check_constraints(table)}
        for table in SQLModel.metadata.tables
    }


def test_every_check_of_the_models_stands_in_both_databases(engine: Engine) -> None:
    from sqlalchemy import CheckConstraint
    from sqlalchemy.sql.elements import conv

    stored = _checks(engine)
    for name, table in SQLModel.metadata.tables.items():
        for item in table.constraints:
            if isinstance(item, CheckConstraint):
                expected = str(item.name)
                if not isinstance(item.name, conv):
                    expected = f"ck_{name}_{item.name}"
                assert expected in stored[name], f"{name}: {expected}"


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    migrate.upgrade(engine)
    assert migrate.schema_state(engine) is migrate.SchemaState.CURRENT


def test_an_empty_database_is_told_apart_from_a_current_one(tmp_path: Any) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/empty.sqlite3")
    assert migrate.schema_state(engine) is migrate.SchemaState.MISSING
    engine.dispose()


@pytest.mark.parametrize(
    ("revision", "state"), [("0000", "newer"), ("9999", "newer"), (migrate.head(), "current")]
)
def test_an_unknown_version_is_newer_than_the_code(
    tmp_path: Any, revision: str, state: str
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/other.sqlite3")
    migrate.upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (revision,))
    assert migrate.schema_state(engine) is migrate.SchemaState(state)
    engine.dispose()
