"""Rounds that were published in format 1 keep their pages and papers, word for word."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session

from tests.conftest import one_database
from tests.dashboards.conftest import Visitor, make_app, signed_in
from tests.dashboards.every_page import PUBLIC
from tests.dashboards.published import publish
from tests.factories_snapshot import sha256
from tests.format1 import in_format_1
from tracker.core.permissions import Role
from tracker.papers.tables import tables
from tracker.publication.queries import published, snapshots
from tracker.publication.reading.content import report
from tracker.publication.rules.formats import lift

Json = dict[str, Any]
STATES = ("", "?runde=2025-Q4", "?vergleich=2025-Q4", "?feld=3&ziel=5", "?q=f%C3%B6rderung")


def old_rounds(rounds: list[Json]) -> list[Json]:
    """The rounds in format 1, each with the hash of the one before as it was then."""
    made: list[Json] = []
    for document in rounds:
        old = in_format_1(document)
        if made:
            old["previous"] = old["previous"] | {"sha256": sha256(made[-1])}
        made.append(old)
    return made


@pytest.fixture
def old_reader(session: Session, four_rounds: list[Json], now: datetime) -> Visitor:
    publish(session, old_rounds(four_rounds))
    session.flush()
    connection: Any = session.connection()
    return signed_in(make_app(connection, now), session, Role.COMMITTEE, now)


@one_database
@pytest.mark.parametrize("address", PUBLIC, ids=lambda address: address.path)
def test_every_page_says_the_same(
    address: Any, old_reader: Visitor, four_rounds: list[Json], request: pytest.FixtureRequest
) -> None:
    old = [old_reader.content(address.path, state).text for state in STATES]
    reader: Visitor = request.getfixturevalue("reader")
    new = [reader.content(address.path, state).text for state in STATES]
    for document, lowered in zip(four_rounds, old_rounds(four_rounds), strict=True):
        new = [text.replace(sha256(document), sha256(lowered)) for text in new]
    assert old == new


def test_they_verify_and_are_given_out_as_they_were(
    old_reader: Visitor, session: Session, four_rounds: list[Json]
) -> None:
    assert [found.problems for found in snapshots.verify(session)] == [()] * 4
    for publication in published.versions(session):
        exported = old_reader.client.get(f"/ausgaben/bericht/{publication.period}.json")
        assert exported.status_code == 200
        assert exported.get_data(as_text=True) == published.document_text(session, publication)
        assert '"format":"integrationskonzept-controlling/snapshot/1"' in exported.text
    assert old_reader.client.get("/ausgaben/snapshot-1.schema.json").status_code == 200
    assert old_reader.client.get("/ausgaben/snapshot-2.schema.json").status_code == 200
    assert old_reader.client.get("/ausgaben/snapshot-3.schema.json").status_code == 404


def test_a_report_holds_the_same_tables_and_prints_its_own_hash(four_rounds: list[Json]) -> None:
    *past, newest = (lift(document) for document in old_rounds(four_rounds))
    old = report(newest, compared=past[0], history=tuple(past))
    *history, document = four_rounds
    new = report(document, compared=history[0], history=tuple(history))
    assert tables(old) == tables(new)
    assert old.cover.sha256 == sha256(old_rounds(four_rounds)[-1]) != new.cover.sha256
