"""Commands as somebody types them: `tracker("round", "open", …)` gives code, output and errors."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, make_url, text
from sqlmodel import Session, col, select

from tests.german_grammar import all_faults
from tracker.accounts.models import Account
from tracker.cli import main
from tracker.concept.actions import responsibilities
from tracker.concept.models import (
    EditionMeasure,
    Institution,
    Measure,
    MeasureKind,
    ResponsibilityRole,
)
from tracker.concept.queries.concepts import concepts
from tracker.core.db import make_engine, transaction
from tracker.core.permissions import Actor, Role
from tracker.core.settings import Settings

ACCOUNT = ("--email", "ki@stadt.example", "--name", "Kim Beispiel", "--role", "coordination")
MOMENT = datetime(2026, 1, 5, tzinfo=UTC)
PASSWORD = "Pferd-Batterie-Klammer-9\n"


@dataclass(frozen=True)
class Run:
    """How a command ended."""

    code: int
    out: str
    err: str


Tracker = Callable[..., Run]


def rows(url: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        found = {
            table: [
                dict(row) for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings()
            ]
            for table in inspect(connection).get_table_names()
        }
    engine.dispose()
    return found


def assign_all(url: str) -> None:
    """Every reportable measure gets a lead."""
    engine = make_engine(url)
    with Session(engine) as session, transaction(session):
        account = session.exec(select(Account).order_by(col(Account.id))).first()
        assert account is not None
        assert account.id is not None
        institution = session.exec(select(Institution.id).order_by(col(Institution.id))).first()
        assert institution is not None
        for concept in concepts(session):
            of_concept = (
                select(Measure.id)
                .join(EditionMeasure)
                .where(Measure.concept_id == concept.id, EditionMeasure.kind == MeasureKind.MEASURE)
            )
            responsibilities.assign(
                session,
                measure_ids=[measure or 0 for measure in session.exec(of_concept)],
                institution_id=institution,
                role=ResponsibilityRole.LEAD,
                valid_from=MOMENT.date(),
                valid_to=None,
                by=Actor(account.id, account.name, Role.COORDINATION),
                now=MOMENT,
            )
    engine.dispose()


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tracker:
    """Run a command and read what it says; keyword `stdin` is what is typed."""

    def run(*argv: str, stdin: str | None = None) -> Run:
        if stdin is not None:
            monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        try:
            code = main(argv)
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        # Columns stand two spaces apart.
        assert all_faults(re.split(r"\n| {2,}", f"{said.out}\n{said.err}")) == []
        return Run(code, said.out, said.err)

    return run


@pytest.fixture
def only_what_the_test_sets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Settings of the machine do not count, and the present folder is the test's own."""
    for item in fields(Settings):
        monkeypatch.delenv(item.name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated and seeded SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("seeded") / "tracker.sqlite3"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{path}")
        assert main(["db", "upgrade"]) == 0
        assert main(["seed"]) == 0
    return path


@pytest.fixture
def seeded(seeded_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a seeded database of this test alone, set as DATABASE_URL."""
    shutil.copy(seeded_file, tmp_path / "tracker.sqlite3")
    url = f"sqlite:///{tmp_path / 'tracker.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", url)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The address of a database in which nothing was created yet, on both systems."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'var' / 'tracker.sqlite3'}"
        monkeypatch.setenv("DATABASE_URL", url)
        yield url
        return
    server = make_url(request.getfixturevalue("postgresql_url"))
    name = f"{server.database}_cli"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    url = server.set(database=name).render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    yield url
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()
