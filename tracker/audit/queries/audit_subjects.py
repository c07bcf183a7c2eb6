"""What the events of the audit log are about, by name: one statement per kind of thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, literal, select
from sqlmodel import Session, col

from tracker.accounts.models import Account, Substitution
from tracker.concept.models import (
    Concept,
    Edition,
    EditorialNote,
    Field,
    Goal,
    Indicator,
    Institution,
    Measure,
    Principle,
    Responsibility,
)
from tracker.papers.models import ExportOrder, OfficeTemplate
from tracker.publication.models import Snapshot
from tracker.reporting.models import Contribution, Extension, Report, Round

Key = tuple[str, int]
_NO = literal("")


@dataclass(frozen=True)
class AuditSubject:
    """What names a thing: a measure's code, a goal's number, a period's key, a name."""

    code: str = ""
    goal: str = ""
    period: str = ""
    name: str = ""


def subjects(session: Session, *, keys: Iterable[Key]) -> Mapping[Key, AuditSubject]:
    """Return the things of these kinds and ids; what is gone is left out."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for entity, id_ in keys:
        wanted[entity].add(id_)
    found: dict[Key, AuditSubject] = {}
    for entity, ids in wanted.items():
        if entity not in KINDS:
            continue
        statement, key = KINDS[entity]
        for row in session.connection().execute(statement.where(key.in_(ids))):
            found[entity, row[0]] = AuditSubject(*(str(item or "") for item in row[1:]))
    return found


def _named(model: Any, name: Any) -> tuple[Select[*tuple[Any, ...]], Any]:
    return select(model.id, _NO, _NO, _NO, name), model.id


# id, code of the measure, number of the goal, period of the round, name
KINDS: Mapping[str, tuple[Select[*tuple[Any, ...]], Any]] = {
    "account": _named(Account, Account.name),
    "concept": _named(Concept, Concept.title),
    "edition": _named(Edition, Edition.title),
    "field": _named(Field, Field.name),
    "indicator": _named(Indicator, Indicator.name),
    "institution": _named(Institution, Institution.short_name),
    "office_template": _named(OfficeTemplate, OfficeTemplate.file_name),
    "principle": _named(Principle, Principle.name),
    "goal": (select(col(Goal.id), _NO, col(Goal.number), _NO, _NO), col(Goal.id)),
    "measure": (select(col(Measure.id), col(Measure.code), _NO, _NO, _NO), col(Measure.id)),
    "round": (select(col(Round.id), _NO, _NO, col(Round.period), _NO), col(Round.id)),
    "snapshot": (
        select(col(Snapshot.id), _NO, _NO, col(Snapshot.period), col(Snapshot.version)),
        col(Snapshot.id),
    ),
    "export_order": (
        select(col(ExportOrder.id), _NO, _NO, col(Snapshot.period), col(Snapshot.version)).join(
            Snapshot, col(Snapshot.id) == col(ExportOrder.snapshot_id)
        ),
        col(ExportOrder.id),
    ),
    "substitution": (
        select(col(Substitution.id), _NO, _NO, _NO, col(Account.name)).join(
            Account, col(Account.id) == col(Substitution.deputy_id)
        ),
        col(Substitution.id),
    ),
    "editorialnote": (
        select(col(EditorialNote.id), col(Measure.code), col(Goal.number), _NO, _NO)
        .outerjoin(Measure, col(Measure.id) == col(EditorialNote.measure_id))
        .outerjoin(Goal, col(Goal.id) == col(EditorialNote.goal_id)),
        col(EditorialNote.id),
    ),
    "report": (
        select(
            col(Report.id), col(Measure.code), _NO, col(Round.period), col(Institution.short_name)
        )
        .join(Measure, col(Measure.id) == col(Report.measure_id))
        .join(Round, col(Round.id) == col(Report.round_id))
        .join(Institution, col(Institution.id) == col(Report.institution_id)),
        col(Report.id),
    ),
    "contribution": (
        select(
            col(Contribution.id),
            col(Measure.code),
            _NO,
            col(Round.period),
            col(Institution.short_name),
        )
        .join(Report, col(Report.id) == col(Contribution.report_id))
        .join(Measure, col(Measure.id) == col(Report.measure_id))
        .join(Round, col(Round.id) == col(Report.round_id))
        .join(Institution, col(Institution.id) == col(Contribution.institution_id)),
        col(Contribution.id),
    ),
    "responsibility": (
        select(col(Responsibility.id), col(Measure.code), _NO, _NO, col(Institution.short_name))
        .join(Measure, col(Measure.id) == col(Responsibility.measure_id))
        .join(Institution, col(Institution.id) == col(Responsibility.institution_id)),
        col(Responsibility.id),
    ),
    "extension": (
        select(
            col(Extension.id),
            col(Measure.code),
            _NO,
            col(Round.period),
            col(Institution.short_name),
        )
        .join(Round, col(Round.id) == col(Extension.round_id))
        .outerjoin(Institution, col(Institution.id) == col(Extension.institution_id))
        .outerjoin(Report, col(Report.id) == col(Extension.report_id))
        .outerjoin(Measure, col(Measure.id) == col(Report.measure_id)),
        col(Extension.id),
    ),
}
