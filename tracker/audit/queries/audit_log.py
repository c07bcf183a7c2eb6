"""Reading the audit log for the KI: who changed what, when, old and new value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.accounts.models import Account, Substitution
from tracker.concept.models import (
    Concept,
    Edition,
    EditionField,
    EditionGoal,
    EditionMeasure,
    EditorialNote,
    Field,
    Goal,
    Indicator,
    Institution,
    Measure,
    Principle,
    Responsibility,
)
from tracker.concept.queries.concept import newest, wording_in
from tracker.concept.queries.entries import short_name_on
from tracker.core import audit
from tracker.core.columns import columns
from tracker.core.models import AuditEvent, SettingValue
from tracker.core.permissions import Role
from tracker.papers.models import ExportOrder, OfficeTemplate
from tracker.publication.models import Snapshot
from tracker.reporting.models import Contribution, Extension, Report, Round
from tracker.reporting.rounds.queries.visibility import of_concepts

Key = tuple[str, int]
Statement = Select[*tuple[Any, ...]]
_NO = literal("")
_SHORT_NAME = short_name_on(bindparam("today", type_=Date))
_OF_REPORT = (col(EditionMeasure.code), _NO, col(Round.period), _SHORT_NAME)
_OF_ROUND = wording_in(col(Report.measure_id), col(Round.edition_id))


@dataclass(frozen=True)
class AuditSubject:
    """What names a thing: a measure's code, a goal's number, a period's key, a name.

    `concept_id` is that of a thing with a page of its own in a concept. An account is of an
    institution, or has a role without one: names can be chosen, those cannot.
    """

    code: str = ""
    goal: str = ""
    period: str = ""
    name: str = ""
    concept_id: int | None = None
    institution: str | None = None
    role: Role | None = None


def subjects(session: Session, *, keys: Iterable[Key], today: date) -> Mapping[Key, AuditSubject]:
    """Return the things of these kinds and ids; what is gone is left out."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for entity, id_ in keys:
        wanted[entity].add(id_)
    subjects_: dict[Key, AuditSubject] = {}
    for entity, ids in wanted.items():
        if entity not in KINDS:
            continue
        statement = KINDS[entity]
        of_ids = statement.where(statement.selected_columns[0].in_(ids))
        for row in session.connection().execute(of_ids, {"today": today}):
            code, goal, period, name = (str(column or "") for column in row[1:5])
            subjects_[entity, row[0]] = AuditSubject(code, goal, period, name, *row[5:])
    return subjects_


def _newest(thing: Any, *names: Any) -> Statement:
    """Return what the newest Fassung calls a field, goal or measure."""
    statement = select(col(thing), *names, col(Edition.concept_id))
    of_fassung = col(Edition.id) == col(thing.class_.edition_id)
    return statement.join(Edition, of_fassung).where(newest(thing, col(thing)))


def _named(model: Any, name: Any) -> Statement:
    return select(model.id, _NO, _NO, _NO, name)


# id, code of the measure, number of the goal, period of the round, name, concept
KINDS: Mapping[str, Statement] = {
    "account": _named(Account, Account.name)
    .add_columns(null(), _SHORT_NAME, col(Account.role))
    .outerjoin(Institution, col(Institution.id) == col(Account.institution_id)),
    "concept": _named(Concept, Concept.title),
    "edition": _named(Edition, Edition.title),
    "edition_field": _named(EditionField, EditionField.name),
    "indicator": _named(Indicator, Indicator.name),
    "institution": _named(Institution, _SHORT_NAME),
    "office_template": _named(OfficeTemplate, OfficeTemplate.file_name),
    "principle": _named(Principle, Principle.name),
    "edition_goal": select(col(EditionGoal.id), _NO, col(EditionGoal.code), _NO, _NO),
    "edition_measure": select(col(EditionMeasure.id), col(EditionMeasure.code), _NO, _NO, _NO),
    "field": _newest(EditionField.field_id, _NO, _NO, _NO, EditionField.name),
    "goal": _newest(EditionGoal.goal_id, _NO, EditionGoal.code, _NO, _NO),
    "measure": _newest(EditionMeasure.measure_id, EditionMeasure.code, _NO, _NO, _NO),
    "round": select(col(Round.id), _NO, _NO, col(Round.period), _NO, col(Round.concept_id)),
    "setting_value": _named(SettingValue, SettingValue.name),
    "snapshot": select(col(Snapshot.id), _NO, _NO, col(Snapshot.period), col(Snapshot.version)),
    "export_order": select(
        col(ExportOrder.id), _NO, _NO, col(Snapshot.period), col(Snapshot.version)
    ).join(Snapshot, col(Snapshot.id) == col(ExportOrder.snapshot_id)),
    "substitution": _named(Substitution, Account.name).join(
        Account, col(Account.id) == col(Substitution.deputy_id)
    ),
    "editorialnote": select(
        col(EditorialNote.id), col(EditionMeasure.code), col(EditionGoal.code), _NO, _NO
    )
    .select_from(EditorialNote)
    .outerjoin(EditionMeasure, col(EditionMeasure.id) == col(EditorialNote.edition_measure_id))
    .outerjoin(EditionGoal, col(EditionGoal.id) == col(EditorialNote.edition_goal_id)),
    "report": select(col(Report.id), *_OF_REPORT)
    .select_from(Report)
    .join(Round, col(Round.id) == col(Report.round_id))
    .join(EditionMeasure, _OF_ROUND)
    .join(Institution, col(Institution.id) == col(Report.institution_id)),
    "contribution": select(col(Contribution.id), *_OF_REPORT)
    .select_from(Contribution)
    .join(Report, col(Report.id) == col(Contribution.report_id))
    .join(Round, col(Round.id) == col(Report.round_id))
    .join(EditionMeasure, _OF_ROUND)
    .join(Institution, col(Institution.id) == col(Contribution.institution_id)),
    "responsibility": select(
        *(col(Responsibility.id), col(EditionMeasure.code), _NO, _NO),
        *(_SHORT_NAME, col(Measure.concept_id)),
    )
    .select_from(Responsibility)
    .join(Measure, col(Measure.id) == col(Responsibility.measure_id))
    .join(EditionMeasure, newest(EditionMeasure.measure_id, col(Responsibility.measure_id)))
    .join(Institution, col(Institution.id) == col(Responsibility.institution_id)),
    "extension": select(col(Extension.id), *_OF_REPORT)
    .select_from(Extension)
    .join(Round, col(Round.id) == col(Extension.round_id))
    .outerjoin(Institution, col(Institution.id) == col(Extension.institution_id))
    .outerjoin(Report, col(Report.id) == col(Extension.report_id))
    .outerjoin(EditionMeasure, _OF_ROUND),
}


def _about_things_of(concepts: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that leaves out events about things of other concepts."""
    in_edition = col(Edition.concept_id).in_(concepts)
    of_measure = col(Measure.concept_id).in_(concepts)
    of_round = of_concepts(concepts)
    rows: dict[str, Any] = {
        "concept": select(col(Concept.id)).where(col(Concept.id).in_(concepts)),
        "edition": select(col(Edition.id)).where(in_edition),
        "editorialnote": select(col(EditorialNote.id))
        .outerjoin(EditionMeasure, col(EditionMeasure.id) == col(EditorialNote.edition_measure_id))
        .outerjoin(EditionGoal, col(EditionGoal.id) == col(EditorialNote.edition_goal_id))
        .join(
            Edition,
            col(Edition.id).in_([col(EditionMeasure.edition_id), col(EditionGoal.edition_id)]),
        )
        .where(in_edition),
        "round": select(col(Round.id)).where(of_round),
        "contribution": select(col(Contribution.id))
        .join(Report, col(Report.id) == col(Contribution.report_id))
        .join(Round, col(Round.id) == col(Report.round_id))
        .where(of_round),
        "export_order": select(col(ExportOrder.id))
        .join(Snapshot, col(Snapshot.id) == col(ExportOrder.snapshot_id))
        .join(Round, col(Round.id) == col(Snapshot.round_id))
        .where(of_round),
    }
    for thing in (EditionField, EditionGoal, EditionMeasure):
        in_one = select(col(thing.id)).join(Edition, col(Edition.id) == col(thing.edition_id))
        rows[str(thing.__tablename__)] = in_one.where(in_edition)
    for lasting in (Field, Goal, Measure, Principle):
        in_concept = col(lasting.concept_id).in_(concepts)
        rows[str(lasting.__tablename__)] = select(col(lasting.id)).where(in_concept)
    for part in (Indicator, Responsibility):
        of_one = select(col(part.id)).join(Measure, col(Measure.id) == col(part.measure_id))
        rows[str(part.__tablename__)] = of_one.where(of_measure)
    for row in (Report, Extension, Snapshot):
        in_round = select(col(row.id)).join(Round, col(Round.id) == col(row.round_id))
        rows[str(row.__tablename__)] = in_round.where(of_round)
    return or_(
        col(AuditEvent.entity).not_in(rows),
        *(
            and_(col(AuditEvent.entity) == entity, col(AuditEvent.entity_id).in_(ids))
            for entity, ids in rows.items()
        ),
    )


PAGE_SIZE = 50
SECURITY_EVENTS = "sicherheit"
# Values that say in which role they point to an account.
_ROLES = {"deputy_id": "account", "representative_id": "account"}


@dataclass(frozen=True)
class AuditChange:
    """One value that changed; None where there was or is none. Never both empty."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class AuditRow:
    """One event; `who` is empty for the system itself, which has no account.

    `who_then` is the name at that moment, `account_then` that of the account it is about, if any.

    `is_sent` says of a saved draft that it was handed in with the same act.
    """

    id: int
    at: datetime
    who: str
    who_then: str
    verb: str
    entity: str
    entity_id: int
    changes: tuple[AuditChange, ...]
    is_sent: bool
    actor_id: int | None = None
    account_then: str = ""


@dataclass(frozen=True)
class AuditPage:
    """A page of events, newest first; pages count from 1."""

    rows: tuple[AuditRow, ...]
    entities: tuple[str, ...]
    page: int
    pages: int
    total: int
    subjects: Mapping[Key, AuditSubject]
    names: Mapping[str, str]


def audit_page(
    session: Session,
    *,
    entity: str,
    page: int,
    today: date,
    concepts: Collection[int] | None = None,
) -> AuditPage:
    """Return a page of the events about one kind of thing, or about everything for "".

    `SECURITY_EVENTS` is a kind too: who may sign in, see and do what, and what was refused.
    `concepts` leaves out what is about things of others.

    `subjects` names what the events are about and what their values point to (one statement for
    each kind of thing on the page), `names` Kennzahlen, Grundsätze and concepts by key.
    """
    wanted = col(AuditEvent.entity) == entity if entity else col(AuditEvent.id).is_not(None)
    if entity == SECURITY_EVENTS:
        wanted = or_(*(col(AuditEvent.verb).startswith(verb) for verb in audit.SECURITY))
    if concepts is not None:
        wanted = and_(wanted, _about_things_of(concepts))
    counted = select(func.count()).select_from(AuditEvent).where(wanted)
    total = int(session.connection().execute(counted).scalar_one())
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    submission = aliased(AuditEvent)
    is_sent = exists().where(
        col(submission.entity) == col(AuditEvent.entity),
        col(submission.entity_id) == col(AuditEvent.entity_id),
        col(submission.verb) == "report.submit",
        col(submission.at) == col(AuditEvent.at),
    )
    statement = (
        select(
            *columns(AuditEvent.id, AuditEvent.at),
            func.coalesce(col(Account.name), ""),
            col(AuditEvent.actor_id),
            col(AuditEvent.verb),
            *columns(AuditEvent.entity, AuditEvent.entity_id, AuditEvent.before, AuditEvent.after),
            is_sent,
        )
        .outerjoin(Account, col(Account.id) == col(AuditEvent.actor_id))
        .where(wanted)
        .order_by(col(AuditEvent.id).desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    result = list(session.connection().execute(statement))
    then = _name_then(session, since=min((event[0] for event in result), default=0))
    rows = tuple(
        AuditRow(
            id=event_id,
            at=at,
            who=who,
            who_then=then(actor_id, event_id) or who,
            verb=verb,
            entity=about,
            entity_id=about_id,
            changes=_changes(before or {}, after or {}),
            is_sent=sent,
            actor_id=actor_id,
            account_then=then(about_id, event_id) if about == "account" else "",
        )
        for event_id, at, who, actor_id, verb, about, about_id, before, after, sent in result
    )
    entities = select(col(AuditEvent.entity)).distinct().order_by(col(AuditEvent.entity))
    return AuditPage(
        rows=rows,
        entities=tuple(session.connection().execute(entities).scalars()),
        page=page,
        pages=pages,
        total=total,
        subjects=subjects(session, keys=_mentioned(rows), today=today),
        names=_names(session),
    )


def _name_then(session: Session, *, since: int) -> Callable[[int | None, int], str]:
    """Return a function of account and event: the name before it was changed, "" where it was not.

    `since` is the first event that is asked for.
    """
    renames: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    statement = (
        select(*columns(AuditEvent.id, AuditEvent.entity_id, AuditEvent.before))
        .where(
            col(AuditEvent.verb) == "account.rename",
            col(AuditEvent.entity) == "account",
            col(AuditEvent.id) >= since,
        )
        .order_by(col(AuditEvent.id))
    )
    for event_id, account_id, before in session.connection().execute(statement):
        # Renames of earlier versions kept no name.
        if before:
            renames[account_id].append((event_id, before["name"]))

    def then(account_id: int | None, event_id: int) -> str:
        later = (name for at, name in renames.get(account_id or 0, ()) if at >= event_id)
        return next(later, "")

    return then


def pointed_at(name: str, value: Any) -> Key | None:
    """Return the thing that a value such as `institution_id` points to, None for other values."""
    entity = _ROLES.get(name, name.removesuffix("_id"))
    return (entity, value) if entity in KINDS and entity != name and type(value) is int else None


def _mentioned(rows: Iterable[AuditRow]) -> Iterable[Key]:
    for row in rows:
        yield row.entity, row.entity_id
        if row.actor_id is not None:
            yield "account", row.actor_id
        for change in row.changes:
            for value in (change.before, change.after):
                key = pointed_at(change.name, value)
                if key is not None:
                    yield key


def _names(session: Session) -> dict[str, str]:
    statement = select(col(Indicator.key), col(Indicator.name)).union(
        select(col(Principle.key), col(Principle.name)),
        select(col(Concept.key), col(Concept.title)),
    )
    return {row[0]: row[1] for row in session.connection().execute(statement)}


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[AuditChange, ...]:
    return tuple(
        AuditChange(name, before.get(name), after.get(name))
        for name in dict.fromkeys([*before, *after])
        if not (_is_empty(before.get(name)) and _is_empty(after.get(name)))
    )


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [])
