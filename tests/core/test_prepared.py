"""Prepared statements give what SQLAlchemy gives for the same statement, on both databases."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import (
    Connection,
    Engine,
    Select,
    bindparam,
    literal_column,
    null,
    select,
    text,
    union_all,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import SQLModel

from tests.conftest import StatementCounter
from tests.factories import World
from tracker.core.prepared import Prepared, fixed, fixed_all
from tracker.reporting.rules.reports import ReportState

_TABLES = SQLModel.metadata.tables
_report, _round = _TABLES["report"].c, _TABLES["round"].c
SUBMITTED: Select[Any] = (
    select(
        _report.id,
        _round.id,
        _report.state,
        _report.submitted_at,
        _report.returned_at,
        _report.draft,
        _report.unchanged,
        _round.due_on,
        literal_column("1").label("mark"),
        (_report.state == fixed(ReportState.SUBMITTED)).label("is_submitted"),
    )
    .join_from(_TABLES["report"], _TABLES["round"], _round.id == _report.round_id)
    .where(
        _report.institution_id == bindparam("institution_id"),
        _round.due_on >= bindparam("day"),
        _report.state.in_(fixed_all((ReportState.SUBMITTED, ReportState.EXPECTED))),
    )
    .order_by(_report.id)
    .limit(2)
)
ONLY_IDS = union_all(
    select(_report.id, _report.submitted_at), select(_round.id, null()).where(_round.id < 0)
)


@pytest.fixture
def world(session: Any) -> World:
    """The library leads four measures; one of their reports is submitted."""
    world = World(session)
    world.lead(world.library, *world.measures[:4])
    world.submit(world.report(world.open_round(), world.measures[0]))
    session.flush()
    return world


def values(world: World, day: date = date(2026, 10, 1)) -> dict[str, Any]:
    return {"institution_id": world.representative.institution_id, "day": day}


@pytest.mark.parametrize("statement", [SUBMITTED, ONLY_IDS])
def test_rows_are_those_of_sqlalchemy_in_values_and_types(world: World, statement: Any) -> None:
    connection = world.session.connection()
    sent = values(world) if statement is SUBMITTED else {}
    expected = [tuple(row) for row in connection.execute(statement, sent)]
    prepared = Prepared(statement)
    for _ in range(2):
        found = prepared.rows(connection, sent)
        assert found == expected
        assert [[type(cell) for cell in row] for row in found] == [
            [type(cell) for cell in row] for row in expected
        ]
    assert found


def test_rows_have_the_names_of_their_columns_and_equal_ones_hash_alike(world: World) -> None:
    connection, prepared = world.session.connection(), Prepared(SUBMITTED)
    first, second = (prepared.rows(connection, values(world))[0] for _ in range(2))
    assert (first.state, first.mark) == (ReportState.SUBMITTED, 1)
    assert first == second
    assert hash(first[:4]) == hash(second[:4])


def test_each_run_asks_anew_with_its_own_values(world: World) -> None:
    connection, prepared = world.session.connection(), Prepared(SUBMITTED)
    assert len(prepared.rows(connection, values(world))) == 2
    assert prepared.rows(connection, values(world, date(2030, 1, 1))) == []
    connection.execute(_TABLES["report"].update().values(state=ReportState.DRAFT))
    assert prepared.rows(connection, values(world)) == []


def test_a_prepared_statement_is_counted_as_any_other(world: World, engine: Engine) -> None:
    prepared = Prepared(SUBMITTED)
    with StatementCounter(engine) as counter:
        prepared.rows(world.session.connection(), values(world))
    assert [statement.startswith("SELECT report.id") for statement in counter.statements] == [True]


def test_a_prepared_statement_begins_the_transaction_in_which_reading_goes_on(
    engine: Engine,
) -> None:
    with engine.connect() as connection:
        assert not connection.in_transaction()
        Prepared(ONLY_IDS).rows(connection)
        assert connection.in_transaction()


def test_a_drivers_error_is_sqlalchemys_with_the_statement(connection: Connection) -> None:
    broken = Prepared(select(literal_column("nothing_of_this_name")))
    with connection.begin_nested() as savepoint:
        with pytest.raises(DBAPIError, match="nothing_of_this_name") as caught:
            broken.rows(connection)
        assert "SELECT nothing_of_this_name" in str(caught.value.statement)
        savepoint.rollback()


def test_a_lost_connection_is_reported_and_not_used_again(postgresql_engine: Engine) -> None:
    prepared = Prepared(select(literal_column("pg_backend_pid()").label("number")))
    with postgresql_engine.connect() as lost, postgresql_engine.connect() as other:
        [row] = prepared.rows(lost)
        other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": row.number})
        with pytest.raises(OperationalError):
            prepared.rows(lost)
        assert lost.invalidated
    with postgresql_engine.connect() as fresh:
        assert prepared.rows(fresh)[0].number != row.number
