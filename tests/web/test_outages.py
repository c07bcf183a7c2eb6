"""The database is away or full: everybody gets our page, keeps the text, and goes on later.

With a real PostgreSQL that stops and freezes: tests/attack/test_database_away.py.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from lxml.html import document_fromstring
from sqlalchemy import Engine, event
from sqlmodel import col, func, select

from tests.attack.outage_site import TEXT, WHO, Site, is_ours, make_site, recovers
from tests.committing import own_sqlite
from tests.factories import RUNNING
from tests.report_world import fields_of
from tracker.core.models import AuditEvent
from tracker.reporting.models import Report, ReportRevision
from tracker.reporting.rules.reports import ReportEvent, ReportState


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    engine = own_sqlite(tmp_path)
    yield make_site(engine)
    engine.dispose()


@contextmanager
def connecting(engine: Engine, name: str, does: Callable[..., Any]) -> Iterator[None]:
    """Let every connection begin anew, and do something as it begins."""
    event.listen(engine, name, does)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, name, does)
        engine.dispose()


def fail(*_: Any) -> None:
    raise sqlite3.OperationalError("no connection")


def test_whoever_asks_gets_our_page_while_there_is_no_database(site: Site) -> None:
    with connecting(site.engine, "do_connect", fail):
        for who in WHO:
            for name, ask in site.requests(who).items():
                is_ours(ask(), name)
    recovers(site)


def fail_unknown(*_: Any) -> None:
    raise sqlite3.DatabaseError("what nobody has seen before")


def test_a_fault_that_nobody_knows_has_the_same_page_and_few_lines(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with connecting(site.engine, "do_connect", fail_unknown):
        for who in WHO:
            caplog.clear()
            is_ours(site.requests(who)["page"](), "page")
            assert len(caplog.records) < 5


@pytest.mark.parametrize("intact", [0, 4096], ids=["no database any more", "damaged"])
def test_with_a_damaged_file_everybody_gets_our_page(site: Site, intact: int) -> None:
    site.engine.dispose()
    file = Path(site.engine.url.database or "")
    file.write_bytes(file.read_bytes()[:intact].ljust(200_000, b"?"))
    for who in WHO:
        for name in ("page", "post"):
            is_ours(site.requests(who)[name](), name)


def growing_by(pages: int, engine: Engine) -> Callable[..., None]:
    """What lets SQLite refuse every further page, as where the disk is full."""
    with closing(sqlite3.connect(engine.url.database or "")) as file:
        file.execute("VACUUM")  # no page lies about unused
        most = file.execute("PRAGMA page_count").fetchone()[0] + pages

    def limit(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {most}")

    return limit


def written(engine: Engine) -> list[int]:
    """How many of each there are that a submission writes; the draft is saved before it."""
    submitted = (
        select(func.count()).select_from(ReportRevision),
        select(func.count()).where(col(Report.state) == ReportState.SUBMITTED),
        select(func.count()).where(col(AuditEvent.verb) == f"report.{ReportEvent.SUBMIT}"),
    )
    with engine.connect() as connection:
        return [connection.execute(statement).scalar_one() for statement in submitted]


def test_a_full_disk_loses_nothing_acknowledged_and_keeps_no_half(site: Site) -> None:
    """With room for one page more each time, what was refused is sent again until it succeeds."""
    browser, submit = site.browsers["representative"], f"{site.report}/absenden"
    fields = {"csrf_token": browser.token(), **fields_of(RUNNING, 0, achieved=TEXT * 100)}
    for pages in range(60):
        with connecting(site.engine, "connect", growing_by(pages, site.engine)):
            answer = browser.client.post(submit, data=fields)
            if answer.status_code == 302:
                break
            assert browser.client.get(site.report).status_code == 200, "reading goes on"
        is_ours(answer, "post", "Es kann gerade nichts gespeichert werden")
        assert written(site.engine) == [0, 0, 0]
        page = document_fromstring(answer.get_data(as_text=True))
        fields = dict(next(form for form in page.forms if form.action == submit).form_values())
    assert pages > 3
    assert written(site.engine) == [1, 1, 1]
