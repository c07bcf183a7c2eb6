"""Papers: ordering, making step by step, stopping, and what was made (rules/exporting).

Whoever makes an order (the clock) reports each step; an order that was cancelled meanwhile takes
no more reports, and its maker stops. Every write names the state it expects, so that two makers
never work on one order.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Update, and_, func, or_, select, update
from sqlmodel import Session, col

from tracker.concept.queries.concepts import the_concept
from tracker.core import audit
from tracker.core.errors import IllegalTransition, Invalid, NotFound
from tracker.core.permissions import Actor, require_concept
from tracker.papers.actions import office_templates
from tracker.papers.models import ExportOrder
from tracker.papers.queries.exports import of_concepts_only
from tracker.papers.rules.exporting import (
    TRANSITIONS,
    ExportRequest,
    OrderEvent,
    OrderState,
    problems,
)
from tracker.papers.rules.files import Export
from tracker.papers.words import ORDER_STATE, request_problems
from tracker.publication.queries.snapshots import required

# A maker says at each step that it is alive; one that was silent for longer has died.
SILENT_FOR = timedelta(minutes=5)
# The file goes, its hash stays: the same paper can be made again, byte for byte.
KEEP_FILES = timedelta(days=30)
# All papers of a round in every form are some 60; a file may have megabytes.
MOST_A_DAY = 100
_UNKNOWN = "Diesen Auftrag gibt es nicht. Bitte wählen Sie einen aus der Liste."


def order(session: Session, *, request: ExportRequest, by: Actor, now: datetime) -> int:
    """Ask for a paper; returns the order's id. The version asked for is settled here.

    Raises Forbidden for others than the KI, Invalid for a request that cannot be, NotFound for
    what is not published, IllegalTransition where somebody asks for too many.
    """
    office_templates.only_coordination(by)
    _require_few(session, by, now)
    order = _add(session, request, by, now, state=OrderState.WAITING)
    _record(session, order, by, "export.order", now, after=_described(order))
    return order.id or 0


def settle(session: Session, request: ExportRequest) -> tuple[ExportRequest, int]:
    """Return the request with its version and concept settled, and the snapshot's id.

    Raises Invalid for a request that cannot be, NotFound with what is published instead.
    """
    wrong = problems(request)
    if wrong:
        raise Invalid(request_problems(wrong))
    concept_id = the_concept(session, request.concept)
    publication = required(
        session, concept_id=concept_id, period=request.period, version=request.version
    )
    if request.template:
        office_templates.content(session, template_id=request.template)
    # The first concept's papers are the same as before there was another.
    concept = "" if concept_id == the_concept(session) else request.concept
    settled = replace(request, version=publication.version, concept=concept)
    return settled, publication.snapshot_id


def record_made(
    session: Session, *, request: ExportRequest, made: Export, by: Actor | None, now: datetime
) -> int:
    """List a paper that was made at once (`by` None: command line), without keeping its file."""
    order = _add(session, request, by, now, state=OrderState.DONE, ended_at=now, **made.facts)
    facts = _described(order) | {"sha256": order.sha256}
    _record(session, order, by, "export.made", now, after=facts)
    return order.id or 0


def cancel(session: Session, *, order_id: int, by: Actor, now: datetime) -> None:
    """Stop an order that waits or is being made; nothing of it remains but its line."""
    order = _for_change(session, order_id, by, OrderEvent.CANCEL)
    before = order.state
    order.state = OrderState.CANCELLED
    order.ended_at = now
    session.flush()
    _record(session, order, by, "export.cancel", now, before={"state": before})


def repeat(session: Session, *, order_id: int, by: Actor, now: datetime) -> None:
    """Have an order tried again that failed or was cancelled."""
    order = _for_change(session, order_id, by, OrderEvent.REPEAT)
    before = order.state
    order.state = OrderState.WAITING
    order.problem = ""
    order.ended_at = order.seen_at = None
    order.steps_done = order.steps_total = 0
    order.step = ""
    session.flush()
    _record(session, order, by, "export.repeat", now, before={"state": before})


def is_work_left(session: Session, *, now: datetime) -> bool:
    """Return whether an order waits, or its maker died."""
    return session.scalar(select(col(ExportOrder.id)).where(_free(now)).limit(1)) is not None


def start_next(session: Session, *, now: datetime) -> tuple[int, ExportRequest] | None:
    """Claim the oldest order that waits, or whose maker died; None when there is none."""
    order = session.scalars(
        select(ExportOrder)
        .where(_free(now))
        .order_by(col(ExportOrder.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if order is None:
        return None
    order.state = OrderState.RUNNING
    order.seen_at = now
    order.steps_done = 0
    session.flush()
    return order.id or 0, ExportRequest.from_dict(order.request)


def report_step(
    session: Session, *, order_id: int, done: int, total: int, step: str, now: datetime
) -> bool:
    """Say how far an order is; returns whether it is still wanted."""
    values = {"steps_done": done, "steps_total": total, "step": step, "seen_at": now}
    return _while_running(session, order_id, update(ExportOrder).values(values))


def finish(session: Session, *, order_id: int, made: Export, now: datetime) -> bool:
    """Keep what was made; returns False, and keeps nothing, where the order was cancelled."""
    values = made.facts | {
        "state": OrderState.DONE,
        "content": made.content,
        "ended_at": now,
        "steps_done": col(ExportOrder.steps_total),
    }
    return _while_running(session, order_id, update(ExportOrder).values(values))


def fail(session: Session, *, order_id: int, problem: str, now: datetime) -> bool:
    """Record in German why an order could not be made."""
    values = {"state": OrderState.FAILED, "problem": problem, "ended_at": now}
    return _while_running(session, order_id, update(ExportOrder).values(values))


def drop_files(session: Session, *, now: datetime) -> int:
    """Remove files of orders that ended some weeks ago; returns how many. Hashes stay."""
    statement = (
        update(ExportOrder)
        .where(col(ExportOrder.content).is_not(None), col(ExportOrder.ended_at) < now - KEEP_FILES)
        .values(content=None)
    )
    return _count(session, statement)


def _require_few(session: Session, by: Actor, now: datetime) -> None:
    ordered = select(func.count()).where(
        col(ExportOrder.ordered_by_id) == by.account_id,
        col(ExportOrder.ordered_at) > now - timedelta(days=1),
    )
    if session.scalar(ordered) >= MOST_A_DAY:  # type: ignore[operator] # a count is a number
        raise IllegalTransition(
            f"Sie haben in den letzten 24 Stunden {MOST_A_DAY} Ausgaben bestellt, mehr werden an "
            "einem Tag nicht erstellt. Was fertig ist, steht unter „Erstellte Ausgaben“."
        )


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(
        col(ExportOrder.state) == OrderState.WAITING,
        and_(
            col(ExportOrder.state) == OrderState.RUNNING,
            col(ExportOrder.seen_at) < now - SILENT_FOR,
        ),
    )


def _add(
    session: Session, request: ExportRequest, by: Actor | None, now: datetime, **facts: Any
) -> ExportOrder:
    settled, snapshot_id = settle(session, request)
    require_concept(by, the_concept(session, settled.concept))
    order = ExportOrder(
        snapshot_id=snapshot_id,
        request=settled.to_dict(),
        ordered_at=now,
        ordered_by_id=by.account_id if by else None,
        **facts,
    )
    session.add(order)
    session.flush()
    return order


def _described(order: ExportOrder) -> dict[str, Any]:
    return {name: order.request[name] for name in ("kind", "period", "version", "format")}


def _for_change(session: Session, order_id: int, by: Actor, event: OrderEvent) -> ExportOrder:
    office_templates.only_coordination(by)
    order = session.scalars(
        select(ExportOrder)
        .where(col(ExportOrder.id) == order_id, of_concepts_only(by.concepts))
        .with_for_update()
    ).one_or_none()
    if order is None:
        raise NotFound(_UNKNOWN)
    if (order.state, event) not in TRANSITIONS:
        state = ORDER_STATE[order.state].text
        raise IllegalTransition(
            f"Der Auftrag ist inzwischen „{state}“. Bitte laden Sie die Seite neu."
        )
    return order


def _while_running(session: Session, order_id: int, statement: Update) -> bool:
    where = (col(ExportOrder.id) == order_id, col(ExportOrder.state) == OrderState.RUNNING)
    return _count(session, statement.where(*where)) == 1


def _count(session: Session, statement: Update) -> int:
    statement = statement.execution_options(synchronize_session=False)
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def _record(
    session: Session,
    order: ExportOrder,
    by: Actor | None,
    verb: str,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    after = after or {"state": order.state}
    audit.record_row(session, order, verb, by=by, now=now, before=before, after=after)
