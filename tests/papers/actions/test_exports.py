"""Orders of papers on both databases: asked for, made by one, stopped, listed with their hash."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from tests.bielefeld import BIELEFELD
from tests.factories import World, moment
from tracker.core.errors import Forbidden, IllegalTransition, Invalid, NotFound
from tracker.core.models import AuditEvent
from tracker.papers.actions import exports, office_templates
from tracker.papers.models import ExportOrder
from tracker.papers.queries import exports as queries
from tracker.papers.rules.exporting import ExportFormat, ExportKind, ExportRequest, OrderState
from tracker.papers.rules.files import Export
from tracker.publication.actions.publication import publish
from tracker.publication.queries.publication_facts import instance_of
from tracker.reporting.rounds.actions import rounds

AT = moment("2026-11-03 09:00")
REPORT = ExportRequest(kind=ExportKind.REPORT, period="2026-Q3", format=ExportFormat.PDF)
MADE = Export("bericht.pdf", "application/pdf", b"%PDF-")


@pytest.fixture
def world(session: Session) -> World:
    """A published third quarter."""
    world = World(session)
    world.lead(world.library)
    round_ = world.open_round()
    at = moment("2026-11-02 09:00")
    rounds.close_round(session, round_=round_, by=world.coordination, now=at)
    publish(session, round_=round_, by=world.coordination, now=at, instance=instance_of(BIELEFELD))
    return world


def ordered(world: World, request: ExportRequest = REPORT) -> int:
    return exports.order(world.session, request=request, by=world.coordination, now=AT)


def row(world: World, order_id: int) -> queries.OrderRow:
    world.session.expire_all()
    return queries.order(world.session, order_id=order_id)


def test_an_order_is_made_and_listed_with_who_when_and_hash(world: World) -> None:
    order_id = ordered(world)
    waiting = row(world, order_id)
    assert (waiting.state, waiting.version, waiting.who) == (
        OrderState.WAITING,
        1,
        world.coordination.name,
    )
    assert waiting.request == replace(REPORT, version=1)
    assert exports.is_work_left(world.session, now=AT)
    assert exports.start_next(world.session, now=AT) == (order_id, replace(REPORT, version=1))
    assert not exports.is_work_left(world.session, now=AT)
    assert exports.report_step(
        world.session, order_id=order_id, done=1, total=2, step="PDF setzen", now=AT
    )
    running = row(world, order_id)
    assert (running.steps_done, running.steps_total, running.step) == (1, 2, "PDF setzen")
    assert exports.finish(world.session, order_id=order_id, made=MADE, now=AT)
    done = row(world, order_id)
    assert (done.state, done.file_name, done.size, done.has_file, done.steps_done) == (
        OrderState.DONE,
        "bericht.pdf",
        5,
        True,
        2,
    )
    assert done.sha256 == hashlib.sha256(b"%PDF-").hexdigest()
    assert queries.made_file(world.session, order_id=order_id).content == b"%PDF-"
    assert [item.id for item in queries.orders(world.session)] == [order_id]
    assert queries.orders(world.session, period="2026-Q2") == ()


@pytest.mark.parametrize("is_started", [False, True])
def test_a_cancelled_order_takes_nothing_more_and_can_be_repeated(
    world: World, is_started: bool
) -> None:
    order_id = ordered(world)
    if is_started:
        exports.start_next(world.session, now=AT)
    exports.cancel(world.session, order_id=order_id, by=world.coordination, now=AT)
    step = {"order_id": order_id, "done": 1, "total": 2, "step": "x", "now": AT}
    assert not exports.report_step(world.session, **step)  # type: ignore[arg-type]
    assert not exports.finish(world.session, order_id=order_id, made=MADE, now=AT)
    assert not exports.fail(world.session, order_id=order_id, problem="zu spät", now=AT)
    stopped = row(world, order_id)
    assert (stopped.state, stopped.sha256, stopped.has_file) == (OrderState.CANCELLED, "", False)
    assert exports.start_next(world.session, now=AT) is None
    exports.repeat(world.session, order_id=order_id, by=world.coordination, now=AT)
    assert exports.start_next(world.session, now=AT) == (order_id, stopped.request)


def test_nobody_fills_the_disk_with_papers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_A_DAY", 2)
    ordered(world)
    exports.cancel(world.session, order_id=ordered(world), by=world.coordination, now=AT)
    with pytest.raises(IllegalTransition, match="in den letzten 24 Stunden 2 Ausgaben bestellt"):
        ordered(world)
    tomorrow = AT + timedelta(days=1)
    exports.order(world.session, request=REPORT, by=world.coordination, now=tomorrow)


def test_what_failed_says_why_and_can_be_repeated(world: World) -> None:
    order_id = ordered(world)
    exports.start_next(world.session, now=AT)
    assert exports.fail(world.session, order_id=order_id, problem="Die Schrift fehlt.", now=AT)
    assert row(world, order_id).problem == "Die Schrift fehlt."
    exports.repeat(world.session, order_id=order_id, by=world.coordination, now=AT)
    again = row(world, order_id)
    assert (again.state, again.problem, again.ended_at) == (OrderState.WAITING, "", None)


def test_what_is_over_cannot_be_cancelled_or_repeated(world: World) -> None:
    order_id = ordered(world)
    exports.start_next(world.session, now=AT)
    exports.finish(world.session, order_id=order_id, made=MADE, now=AT)
    world.session.expire_all()
    for step in (exports.cancel, exports.repeat):
        with pytest.raises(IllegalTransition, match="fertig"):
            step(world.session, order_id=order_id, by=world.coordination, now=AT)


def test_the_oldest_comes_first_and_a_dead_maker_s_order_is_taken_over(world: World) -> None:
    first, second = ordered(world), ordered(world)
    taken = [exports.start_next(world.session, now=AT) for _ in range(3)]
    assert [item and item[0] for item in taken] == [first, second, None]
    later = AT + exports.SILENT_FOR + timedelta(seconds=1)
    exports.report_step(world.session, order_id=first, done=1, total=2, step="lebt", now=later)
    found = exports.start_next(world.session, now=later)
    assert found is not None
    assert found[0] == second


@pytest.mark.parametrize(
    ("request_", "error", "message"),
    [
        (replace(REPORT, format=ExportFormat.ZIP), Invalid, "andere Form"),
        (replace(REPORT, period="2026-Q2"), NotFound, "Veröffentlicht sind: Q3/2026"),
        (replace(REPORT, version=7), NotFound, "keine Fassung 7"),
        (replace(REPORT, template=2_000_000_000), NotFound, "Word-Vorlage"),
    ],
)
def test_what_cannot_be_is_refused_and_not_listed(
    world: World, request_: ExportRequest, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        ordered(world, request_)
    assert queries.orders(world.session) == ()


def test_only_the_ki_orders_stops_and_sets_templates(world: World) -> None:
    order_id = ordered(world)
    who = {"by": world.representative, "now": AT}
    refused = (
        lambda: exports.order(world.session, request=REPORT, **who),
        lambda: exports.cancel(world.session, order_id=order_id, **who),
        lambda: exports.repeat(world.session, order_id=order_id, **who),
        lambda: office_templates.add(world.session, file_name="a.docx", content=b"x", **who),
        lambda: office_templates.retire(world.session, **who),
    )
    for step in refused:
        with pytest.raises(Forbidden):
            step()


def test_a_kept_file_with_a_changed_byte_is_found_and_not_given_out(world: World) -> None:
    order_id = ordered(world)
    exports.start_next(world.session, now=AT)
    exports.finish(world.session, order_id=order_id, made=MADE, now=AT)
    assert [*queries.changed_files(world.session)] == []
    changed = update(ExportOrder).values(content=b"%PDF+")
    world.session.execute(changed)
    world.session.expire_all()
    told = hashlib.sha256(b"%PDF-").hexdigest()
    assert [*queries.changed_files(world.session)] == [(order_id, "bericht.pdf", told)]
    with pytest.raises(NotFound, match=r"Prüfsumme stimmt nicht.*noch einmal"):
        queries.made_file(world.session, order_id=order_id)


def test_a_paper_of_the_command_line_is_listed_without_its_file(world: World) -> None:
    order_id = exports.record_made(world.session, request=REPORT, made=MADE, by=None, now=AT)
    found = row(world, order_id)
    assert (found.state, found.who, found.has_file) == (OrderState.DONE, "", False)
    with pytest.raises(NotFound, match="noch einmal"):
        queries.made_file(world.session, order_id=order_id)


def test_files_go_after_some_weeks_hashes_stay(world: World) -> None:
    order_id = ordered(world)
    exports.start_next(world.session, now=AT)
    exports.finish(world.session, order_id=order_id, made=MADE, now=AT)
    assert exports.drop_files(world.session, now=AT + exports.KEEP_FILES) == 0
    assert exports.drop_files(world.session, now=AT + exports.KEEP_FILES + timedelta(days=1)) == 1
    found = row(world, order_id)
    assert (found.has_file, len(found.sha256)) == (False, 64)


def test_a_template_replaces_the_one_before_and_none_is_lost(world: World) -> None:
    session, by = world.session, world.coordination
    with pytest.raises(IllegalTransition):
        office_templates.retire(session, by=by, now=AT)
    first = office_templates.add(session, file_name="a.docx", content=b"a", by=by, now=AT)
    second = office_templates.add(session, file_name="b.docx", content=b"b", by=None, now=AT)
    used = queries.template_in_use(session)
    assert used is not None
    assert (used.id, used.file_name, used.who) == (second, "b.docx", "")
    office_templates.retire(session, by=by, now=AT)
    assert queries.template_in_use(session) is None
    assert [item.id for item in queries.templates(session)] == [second, first]
    assert office_templates.content(session, template_id=first) == b"a"


def test_of_two_templates_at_once_the_one_that_began_first_may_end_last(world: World) -> None:
    session, by = world.session, world.coordination
    later = AT + timedelta(seconds=2)
    office_templates.add(session, file_name="quick.docx", content=b"a", by=by, now=later)
    slow = office_templates.add(session, file_name="slow.docx", content=b"b", by=by, now=AT)
    used = queries.template_in_use(session)
    assert used is not None
    assert used.id == slow


def test_every_step_of_a_person_leaves_an_audit_event(world: World) -> None:
    order_id = ordered(world)
    by = {"by": world.coordination, "now": AT}
    exports.cancel(world.session, order_id=order_id, **by)  # type: ignore[arg-type]
    exports.repeat(world.session, order_id=order_id, **by)  # type: ignore[arg-type]
    office_templates.add(world.session, file_name="a.docx", content=b"a", **by)  # type: ignore[arg-type]
    office_templates.retire(world.session, **by)  # type: ignore[arg-type]
    events = world.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()  # type: ignore[arg-type]
    verbs = [item.verb for item in events if item.verb.startswith(("export.", "template."))]
    assert verbs == [
        "export.order",
        "export.cancel",
        "export.repeat",
        "template.add",
        "template.retire",
    ]
    assert world.session.get_one(ExportOrder, order_id).state is OrderState.WAITING
