"""Papers that were ordered or made, and the Word template in use."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select, true
from sqlmodel import Session, col

from tracker.accounts.models import Account
from tracker.core.columns import columns
from tracker.core.errors import NotFound
from tracker.core.periods import Period
from tracker.papers.models import ExportOrder, OfficeTemplate
from tracker.papers.rules.exporting import ExportRequest, OrderState
from tracker.papers.rules.files import Export
from tracker.publication.models import Snapshot
from tracker.reporting.models import Round
from tracker.reporting.rounds.queries.visibility import of_concepts

_MOST_ROWS = 200
_AS_STORED = (
    "id", "state", "ordered_at", "steps_done", "steps_total", "step", "seen_at", "ended_at",
    "problem",
)  # fmt: skip
_FOR_FILE = ("file_name", "size", "sha256")


@dataclass(frozen=True)
class OrderRow:
    """An order with what came of it; `who` is empty for the command line.

    `has_file` says whether the file is still kept; without it the same paper can be made again.
    """

    id: int
    request: ExportRequest
    concept_id: int
    period: Period
    version: int
    state: OrderState
    ordered_at: datetime
    who: str
    steps_done: int
    steps_total: int
    step: str
    seen_at: datetime | None
    ended_at: datetime | None
    problem: str
    file_name: str
    size: int
    sha256: str
    has_file: bool

    @property
    def is_at_work(self) -> bool:
        """Whether the page should be looked at again soon."""
        return self.state in (OrderState.WAITING, OrderState.RUNNING)


@dataclass(frozen=True)
class TemplateRow:
    """A Word template of the office; `who` is empty for the command line."""

    id: int
    file_name: str
    sha256: str
    added_at: datetime
    who: str
    is_used: bool


def orders(
    session: Session,
    *,
    concept_id: int | None = None,
    period: str | None = None,
    text: str = "",
    concepts: Collection[int] | None = None,
) -> tuple[OrderRow, ...]:
    """Return the newest orders first, of one concept or round where it is named.

    `concepts` are those whose orders may be seen, None: all.

    `text` is the beginning of a file's hash, or of the hash that a paper bears in its foot, or a
    part of the file's name.
    """
    newest_first = _orders().order_by(col(ExportOrder.id).desc()).limit(_MOST_ROWS)
    statement = newest_first.where(of_concepts_only(concepts))
    if period is not None:
        statement = statement.where(col(Snapshot.period) == period)
    if concept_id is not None:
        statement = statement.where(col(Round.concept_id) == concept_id)
    if text:
        statement = statement.where(
            or_(
                col(ExportOrder.sha256).istartswith(text, autoescape=True),
                col(Snapshot.sha256).istartswith(text, autoescape=True),
                col(ExportOrder.file_name).icontains(text, autoescape=True),
            )
        )
    return tuple(_row(row) for row in session.connection().execute(statement))


def order(session: Session, *, order_id: int, concepts: Collection[int] | None = None) -> OrderRow:
    """Return an order; raises NotFound, for one of another concept than these, too."""
    statement = _orders().where(col(ExportOrder.id) == order_id, of_concepts_only(concepts))
    row = session.connection().execute(statement).first()
    if row is None:
        raise NotFound("Diesen Auftrag gibt es nicht. Bitte wählen Sie einen aus der Liste.")
    return _row(row)


def made_file(
    session: Session, *, order_id: int, concepts: Collection[int] | None = None
) -> Export:
    """Return the file of an order; raises NotFound where there is none (any more), or another."""
    statement = select(
        *columns(ExportOrder.file_name, ExportOrder.mimetype, ExportOrder.content),
        col(ExportOrder.sha256),
    ).where(
        col(ExportOrder.id) == order_id,
        col(ExportOrder.content).is_not(None),
        of_concepts_only(concepts),
    )
    row: Any = session.connection().execute(statement).first()
    if row is None:
        raise NotFound(
            "Diese Datei wird nicht mehr aufbewahrt. Bitte erstellen Sie die Ausgabe noch einmal: "
            "Sie enthält dieselben Zahlen."
        )
    if not _is_as_made(row):
        raise NotFound(CHANGED)
    return Export(row.file_name, row.mimetype, row.content)


CHANGED = (
    "Diese Datei ist nicht mehr die, die erstellt wurde: Ihre Prüfsumme stimmt nicht. Sie wird "
    "nicht ausgegeben. Bitte erstellen Sie die Ausgabe noch einmal und sagen Sie der "
    "Betriebsstelle Bescheid."
)


def changed_files(session: Session) -> Iterator[tuple[int, str, str]]:
    """Give number, name and recorded hash of every kept file that is no longer what was made."""
    statement = select(
        *columns(ExportOrder.id, ExportOrder.file_name, ExportOrder.sha256, ExportOrder.content)
    ).where(col(ExportOrder.content).is_not(None))
    # One after the other: files are large.
    for row in session.connection().execute(statement.order_by(col(ExportOrder.id))).yield_per(1):
        if not _is_as_made(row):
            yield row.id, row.file_name, row.sha256


def _is_as_made(row: Row[Any]) -> bool:
    return bool(hashlib.sha256(row.content).hexdigest() == row.sha256)


def of_concepts_only(concepts: Collection[int] | None) -> ColumnElement[bool]:
    """Return the condition that leaves out orders of other concepts; None leaves out none."""
    if concepts is None:
        return true()
    snapshots = select(col(Snapshot.id)).join(Round, col(Round.id) == col(Snapshot.round_id))
    return col(ExportOrder.snapshot_id).in_(snapshots.where(of_concepts(concepts)))


def templates(session: Session) -> tuple[TemplateRow, ...]:
    statement = (
        select(
            col(OfficeTemplate.id),
            col(OfficeTemplate.file_name),
            col(OfficeTemplate.sha256),
            col(OfficeTemplate.added_at),
            col(Account.name),
            col(OfficeTemplate.retired_at),
        )
        .outerjoin(Account, col(Account.id) == col(OfficeTemplate.added_by_id))
        .order_by(col(OfficeTemplate.id).desc())
    )
    return tuple(
        TemplateRow(
            id=row.id,
            file_name=row.file_name,
            sha256=row.sha256,
            added_at=row.added_at,
            who=row.name or "",
            is_used=row.retired_at is None,
        )
        for row in session.connection().execute(statement)
    )


def template_in_use(session: Session) -> TemplateRow | None:
    """Return the template that new Word papers are made with, None for our own look."""
    return next((template for template in templates(session) if template.is_used), None)


def _orders() -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(getattr(ExportOrder, name) for name in (*_AS_STORED, *_FOR_FILE)),
            col(ExportOrder.request),
            *columns(Round.concept_id, Snapshot.period, Snapshot.version),
            col(Account.name),
            col(ExportOrder.content).is_not(None).label("has_file"),
        )
        .join(Snapshot, col(Snapshot.id) == col(ExportOrder.snapshot_id))
        .join(Round, col(Round.id) == col(Snapshot.round_id))
        .outerjoin(Account, col(Account.id) == col(ExportOrder.ordered_by_id))
    )


def _row(row: Any) -> OrderRow:
    return OrderRow(
        **{name: getattr(row, name) for name in _AS_STORED},
        request=ExportRequest.from_dict(row.request),
        concept_id=row.concept_id,
        period=Period.parse(row.period),
        version=row.version,
        who=row.name or "",
        file_name=row.file_name or "",
        size=row.size or 0,
        sha256=row.sha256 or "",
        has_file=bool(row.has_file),
    )
