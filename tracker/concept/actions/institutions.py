"""What the KI does with institutions: add, rename, take out of use (domain.md 3)."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from tracker.concept.actions.editing import (
    Days,
    check_texts,
    enter,
    plain,
    record,
    refuse,
    require_coordination,
)
from tracker.concept.models import (
    EditionGoal,
    EditionMeasure,
    Institution,
    InstitutionKind,
    Responsibility,
)
from tracker.concept.queries.concept import newest
from tracker.concept.queries.entries import name_on
from tracker.concept.queries.institution_list import InstitutionRow, names_from
from tracker.concept.queries.institution_list import institution as find
from tracker.core.errors import Conflict, Invalid, NotFound, Problem
from tracker.core.periods import local_day
from tracker.core.permissions import Actor
from tracker.core.text import MAX_KEY, derived_key, plain_name

MAX_NAME = 300
MAX_SHORT_NAME = 80
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class InstitutionEdit:
    """What an institution is called and is."""

    name: str
    short_name: str
    kind: InstitutionKind
    is_active: bool = True

    def __post_init__(self) -> None:
        for name in _INSTITUTION_LIMITS:
            object.__setattr__(self, name, plain_name(getattr(self, name)))


def create_institution(
    session: Session, *, edit: InstitutionEdit, key: str = "", by: Actor, now: datetime
) -> Institution:
    """Add an institution; its key is derived from the name unless one is given.

    Raises Forbidden for anybody but the KI, Invalid naming every field to mend: also where an
    institution has the key, the name or the short name already.
    """
    require_coordination(by)
    today = local_day(now)
    key = key.strip() or derived_key(edit.name)
    names = [*check_texts(_INSTITUTION_LIMITS, edit), *_check_names(edit)]
    refuse([*names, *([] if names else _check_key_form(key))])
    # Whoever has the name has the key made of it too: the name is what there is to mend.
    _refuse_taken_names(session, edit=edit, day=today)
    refuse(_check_key_free(session, key, today=today))
    values = {name: plain(value) for name, value in asdict(edit).items()}
    institution = Institution(
        key=key,
        name=edit.name.strip(),
        short_name=edit.short_name.strip(),
        kind=edit.kind,
        is_active=edit.is_active,
    )
    session.add(institution)
    record(
        session,
        row=institution,
        verb="concept.create_institution",
        before={},
        after={"key": key} | values,
        by=by,
        now=now,
    )
    return institution


def edit_institution(
    session: Session,
    *,
    institution_id: int,
    edit: InstitutionEdit,
    by: Actor,
    now: datetime,
    valid_from: date | None = None,
    shown_on: date | None = None,
) -> bool:
    """Rename an institution, change its kind, or take it out of use; returns whether it changed.

    The days are those of `edit_measure`. Raises Forbidden, NotFound, Invalid (also for a name
    that another institution has then or later), and Conflict naming the measures that an
    institution taken out of use would still be responsible for.
    """
    require_coordination(by)
    today = local_day(now)
    days = Days(valid_from or today, shown_on or today, today)
    institution = session.get(Institution, institution_id, with_for_update=True)
    shown = find(session, institution_id=institution_id, day=days.shown)
    if institution is None or shown is None:
        raise NotFound("Diese Institution gibt es nicht. Bitte wählen Sie eine aus der Liste.")
    refuse([*check_texts(_INSTITUTION_LIMITS, edit), *_check_names(edit)])
    _refuse_taken_names(session, edit=edit, day=days.valid_from, shown=shown)
    if shown.is_active and not edit.is_active:
        _refuse_responsible(session, shown=shown, days=days)
    before, after = enter(
        session,
        {"institution_id": institution_id},
        shown=_by_column(shown),
        wanted=_by_column(edit),
        days=days,
        by=by,
        now=now,
    )
    return record(
        session,
        row=institution,
        verb="concept.edit_institution",
        before=before,
        after=after,
        by=by,
        now=now,
    )


def _by_column(named: InstitutionRow | InstitutionEdit) -> dict[str, Any]:
    """Return what an institution is called and is by the columns of an `Entry`."""
    values = asdict(named)
    return values | {"institution_kind": values.pop("kind")}


_INSTITUTION_LIMITS = {"name": MAX_NAME, "short_name": MAX_SHORT_NAME}


def _check_names(edit: InstitutionEdit) -> list[Problem]:
    return [
        Problem(name, "text_required")
        for name in ("name", "short_name")
        if not getattr(edit, name).strip()
    ]


def _refuse_taken_names(
    session: Session, *, edit: InstitutionEdit, day: date, shown: InstitutionRow | None = None
) -> None:
    """Refuse a new name that another institution has from a day on, in capitals or not."""
    kept = {shown.name.casefold(), shown.short_name.casefold()} if shown else set()
    wanted = dict.fromkeys(name.strip() for name in (edit.name, edit.short_name))
    for institution_id, name, short_name in names_from(session, day=day):
        if shown is not None and institution_id == shown.id:
            continue
        taken = {name.casefold(), short_name.casefold()} - kept
        for new in wanted:
            if new.casefold() in taken:
                called = name if short_name in name else f"{name} ({short_name})"
                raise Invalid(
                    f"So heißt schon eine andere Institution, nämlich {called}: „{new}“. "
                    "Bitte wählen Sie einen anderen Namen."
                )


def _check_key_form(key: str) -> list[Problem]:
    if len(key) > MAX_KEY or not _KEY.fullmatch(key):
        return [Problem("key", "key_invalid", (("limit", MAX_KEY),))]
    return []


def _check_key_free(session: Session, key: str, *, today: date) -> list[Problem]:
    taken = session.execute(select(name_on(today)).where(col(Institution.key) == key)).scalar()
    return [] if taken is None else [Problem("key", "key_taken", (("key", key), ("name", taken)))]


def _refuse_responsible(session: Session, *, shown: InstitutionRow, days: Days) -> None:
    of_measure = newest(EditionMeasure.measure_id, col(Responsibility.measure_id), day=days.today)
    statement = (
        select(EditionMeasure.code)
        .join(
            Responsibility,
            of_measure,
        )
        .join(EditionGoal, col(EditionGoal.id) == EditionMeasure.edition_goal_id)
        .where(
            Responsibility.institution_id == shown.id,
            or_(
                col(Responsibility.valid_to).is_(None),
                col(Responsibility.valid_to) >= days.valid_from,
            ),
        )
        .order_by(col(EditionGoal.position), col(EditionMeasure.position))
    )
    codes = list(dict.fromkeys(session.exec(statement)))
    if codes:
        raise Conflict(
            f"{shown.short_name} ist noch für diese Maßnahmen eingetragen: "
            f"{', '.join(codes)}. Bitte beenden Sie diese Zuständigkeiten zuerst."
        )
