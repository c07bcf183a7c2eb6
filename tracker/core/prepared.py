"""Statements of the requests that come most: built and compiled once (docs/adr/0014).

SQLAlchemy takes ten times as long to send one as SQLite takes to answer it. A prepared statement
goes straight to the driver; SQLAlchemy has compiled it and converts what goes in and comes out.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, SelectBase, literal_column
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

_Convert = Callable[[Any], Any]
# A row: a named tuple of the statement's columns. Equal rows are equal and hash alike.
Found = Any


class Prepared:
    """A statement that reads, with its parameters as `bindparam`."""

    def __init__(self, statement: SelectBase) -> None:
        """Compile nothing yet: that takes a database."""
        self._statement = statement
        self._ready: dict[str, _Ready] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any] | None = None) -> list[Found]:
        """Return all rows, in the connection's transaction (which begins here where none runs).

        Raises sqlalchemy.exc.DBAPIError, as SQLAlchemy does.
        """
        dialect = connection.dialect
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = _Ready(self._statement, dialect)
        if not connection.in_transaction():
            connection.begin()
        return _sent(connection, ready, ready.parameters(values or {}))


class _Ready:
    """A statement in the words of one database."""

    def __init__(self, statement: SelectBase, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - what else reads
        self.sql = compiled.string
        self._dialect = dialect
        self._types = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
        self._in = {
            name: convert
            for bind, name in compiled.bind_names.items()
            if (convert := bind.type.dialect_impl(dialect).bind_processor(dialect))
        }
        # What the statement carries itself, e.g. a LIMIT.
        self._own = self._converted(compiled.construct_params(_check=False))
        self._order = compiled.positiontup
        self._row: Callable[[Iterable[Any]], Found] | None = None
        self._out: list[tuple[int, _Convert]] = []

    def parameters(self, values: Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
        """Return what the driver is sent with the statement."""
        found = {**self._own, **self._converted(values)}
        return found if self._order is None else [found[name] for name in self._order]

    def found(self, cursor: Any) -> list[Found]:
        """Return what a cursor that has run the statement holds."""
        if self._row is None:
            self._learn(cursor.description)
        make = self._row
        rows = []
        for row in cursor.fetchall():
            cells = list(row)
            for index, convert in self._out:
                cells[index] = convert(cells[index])
            rows.append(make(cells))  # type: ignore[misc] # learned above
        return rows

    def _learn(self, description: Sequence[Sequence[Any]]) -> None:
        kinds = zip(self._types, description, strict=True)
        converts = [kind.result_processor(self._dialect, about[1]) for kind, about in kinds]
        self._out = [(index, convert) for index, convert in enumerate(converts) if convert]
        # rename: two columns may have the same name where they are read by their place.
        row = namedtuple("Found", [about[0] for about in description], rename=True)  # type: ignore[misc]
        self._row = row._make

    def _converted(self, values: Mapping[str, Any]) -> dict[str, Any]:
        converts = self._in
        return {
            name: converts[name](value) if name in converts else value
            for name, value in values.items()
        }


def _sent(connection: Connection, ready: _Ready, parameters: Any) -> list[Found]:
    cursor = connection.connection.cursor()
    try:
        # Whoever counts or logs statements hears of this one as of all others.
        for heard in connection.dispatch.before_cursor_execute:
            heard(connection, cursor, ready.sql, parameters, None, False)
        cursor.execute(ready.sql, parameters)
        return ready.found(cursor)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _translated(connection, error, ready.sql, parameters) from error
    finally:
        cursor.close()


def _translated(connection: Connection, error: Exception, sql: str, parameters: Any) -> Exception:
    """Return a driver's error as SQLAlchemy's; a lost connection is not used again."""
    dialect = connection.dialect
    if dialect.is_disconnect(error, connection.connection, None):  # type: ignore[arg-type] # a driver's error
        connection.invalidate(error)
    base = dialect.loaded_dbapi.Error
    found = DBAPIError.instance(sql, parameters, error, base, dialect=dialect)
    assert isinstance(found, Exception)  # noqa: S101 - a driver's error is one
    return found


def fixed(value: StrEnum) -> ColumnElement[Any]:
    """Return an enum's value as a part of the statement; never for anything that was typed in.

    SQLite plans a statement anew with each run where a value that is sent might decide whether an
    index with a condition (the open lead of a measure) can serve: that takes longer than the run.
    """
    return literal_column(f"'{value.value}'")


def fixed_all(values: Iterable[StrEnum]) -> list[ColumnElement[Any]]:
    """Return several values, in a fixed order, for `in_`."""
    return [fixed(value) for value in sorted(values)]
