"""The clock makes ordered papers: each once, step by step, stopped when somebody cancels."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.bielefeld import BIELEFELD
from tests.factories import World, moment
from tests.mail.job.conftest import one_own_database
from tests.moments import until
from tracker.core.clock import PAPERS
from tracker.core.db import transaction
from tracker.core.permissions import Actor
from tracker.jobs import JOBS
from tracker.papers.actions import exports
from tracker.papers.job import make_papers
from tracker.papers.making.service import render
from tracker.papers.queries import exports as queries
from tracker.papers.rules.exporting import ExportFormat, ExportKind, ExportRequest, OrderState
from tracker.papers.writers import font_coverage
from tracker.publication.actions.publication import publish
from tracker.publication.queries.publication_facts import instance_of
from tracker.reporting.rounds.actions import rounds

REPORT = ExportRequest(kind=ExportKind.REPORT, period="2026-Q3", format=ExportFormat.XLSX)
BUNDLE = replace(REPORT, kind=ExportKind.BUNDLE, format=ExportFormat.ZIP)
SETTINGS = BIELEFELD
LATER = moment("2026-11-03 09:00")


@pytest.fixture
def ki(own_engine: Engine) -> Actor:
    """The KI of a world with one published round."""
    with Session(own_engine) as session, transaction(session):
        world = World(session)
        world.lead(world.library)
        round_ = world.open_round()
        at = moment("2026-11-02 09:00")
        by = world.coordination
        rounds.close_round(session, round_=round_, by=by, now=at)
        publish(session, round_=round_, by=by, now=at, instance=instance_of(SETTINGS))
    return by


def order(engine: Engine, by: Actor, request: ExportRequest = REPORT) -> int:
    with Session(engine) as session, transaction(session):
        return exports.order(session, request=request, by=by, now=datetime.now(UTC))


def row(engine: Engine, order_id: int) -> queries.OrderRow:
    with Session(engine) as session:
        return queries.order(session, order_id=order_id)


def test_what_was_ordered_is_made_byte_for_byte_as_at_once(own_engine: Engine, ki: Actor) -> None:
    order_id = order(own_engine, ki)
    assert make_papers(own_engine, SETTINGS, LATER) == f"Ausgabe {order_id} fertig"
    with Session(own_engine) as session:
        at_once = render(session, REPORT)
        made = queries.made_file(session, order_id=order_id)
    assert (made.file_name, made.mimetype, made.content) == (
        at_once.file_name,
        at_once.mimetype,
        at_once.content,
    )
    assert make_papers(own_engine, SETTINGS, LATER) == ""


def test_two_makers_at_once_make_every_paper_once(own_engine: Engine, ki: Actor) -> None:
    ids = [order(own_engine, ki) for _ in range(4)]
    said: list[str] = []
    makers = [
        threading.Thread(target=lambda: said.append(make_papers(own_engine, SETTINGS, LATER)))
        for _ in range(2)
    ]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    made = sorted(part for text in said for part in text.split(", ") if part)
    assert made == sorted(f"Ausgabe {number} fertig" for number in ids)
    assert len({row(own_engine, number).sha256 for number in ids}) == 1


def test_cancelling_in_the_middle_stops_the_work_and_keeps_nothing(
    own_engine: Engine, ki: Actor
) -> None:
    order_id = order(own_engine, ki, BUNDLE)
    said: list[str] = []
    maker = threading.Thread(target=lambda: said.append(make_papers(own_engine, SETTINGS, LATER)))
    maker.start()
    until(lambda: row(own_engine, order_id).steps_done >= 1)
    with Session(own_engine) as session, transaction(session):
        exports.cancel(session, order_id=order_id, by=ki, now=datetime.now(UTC))
    maker.join()
    assert said == [f"Ausgabe {order_id} abgebrochen"]
    stopped = row(own_engine, order_id)
    assert (stopped.state, stopped.sha256) == (OrderState.CANCELLED, "")
    assert stopped.steps_done < stopped.steps_total


@one_own_database
def test_what_the_round_does_not_know_fails_with_its_reason(own_engine: Engine, ki: Actor) -> None:
    measure = replace(REPORT, kind=ExportKind.MEASURE, format=ExportFormat.PDF, measure="99.9")
    order_id = order(own_engine, ki, measure)
    assert make_papers(own_engine, SETTINGS, LATER) == f"Ausgabe {order_id} nicht gelungen"
    failed = row(own_engine, order_id)
    assert failed.state is OrderState.FAILED
    assert "keine Maßnahme 99.9" in failed.problem


@one_own_database
def test_missing_fonts_fail_with_the_remedy_and_work_after_it(
    own_engine: Engine, ki: Actor, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    order_id = order(own_engine, ki, replace(REPORT, format=ExportFormat.PDF))
    with monkeypatch.context() as without:
        without.setattr(font_coverage, "_REGULAR", font_coverage.FONTS / "none.ttf")
        make_papers(own_engine, SETTINGS, LATER)
    assert "make install" in row(own_engine, order_id).problem
    with Session(own_engine) as session, transaction(session):
        exports.repeat(session, order_id=order_id, by=ki, now=LATER)
    make_papers(own_engine, SETTINGS, LATER)
    assert row(own_engine, order_id).state is OrderState.DONE


@one_own_database
def test_a_fault_in_the_program_says_so_and_names_no_inner_word(
    own_engine: Engine, ki: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = order(own_engine, ki)
    monkeypatch.setattr("tracker.papers.making.service.make", lambda *_, **__: 1 / 0)
    make_papers(own_engine, SETTINGS, LATER)
    problem = row(own_engine, order_id).problem
    assert "Betriebsstelle" in problem
    assert "division" not in problem


def test_papers_do_not_wait_for_mails() -> None:
    workers = {job.name: job.worker for job in JOBS}
    assert workers["make_papers"] == PAPERS
    assert PAPERS not in {worker for name, worker in workers.items() if name != "make_papers"}
