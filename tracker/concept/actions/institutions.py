"""What the KI does with institutions: add, rename, take out of use (domain.md 3)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from tracker.concept.actions.editing import (
    check_texts,
    plain,
    record,
    refuse,
    require_coordination,
    set_values,
)
from tracker.concept.models import (
    EditionGoal,
    EditionMeasure,
    Institution,
    InstitutionKind,
    Responsibility,
)
from tracker.concept.queries.concept import newest
from tracker.core.errors import Conflict, Invalid, NotFound, Problem
from tracker.core.permissions import Actor

MAX_NAME = 300
MAX_SHORT_NAME = 80
MAX_KEY = 80
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class InstitutionEdit:
    """What an institution is called and is; published rounds keep the old name."""

    name: str
    short_name: str
    kind: InstitutionKind
    is_active: bool = True


def create_institution(
    session: Session, *, edit: InstitutionEdit, key: str = "", by: Actor, now: datetime
) -> Institution:
    """Add an institution; its key is derived from the name unless one is given.

    Raises Forbidden for anybody but the KI, Invalid naming every field to mend: also where an
    institution has the key, the name or the short name already.
    """
    require_coordination(by)
    key = key.strip() or derived_key(edit.name)
    names = [*check_texts(_INSTITUTION_LIMITS, edit), *_check_names(edit)]
    refuse([*names, *([] if names else _check_key_form(key))])
    # Whoever has the name has the key made of it too: the name is what there is to mend.
    _refuse_taken_names(session, edit=edit)
    refuse(_check_key_free(session, key))
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


def derived_key(name: str) -> str:
    """Return the key of a name: small Latin letters and digits, joined by hyphens."""
    spelled = unicodedata.normalize("NFC", name).lower().translate(_SPELLED)
    plain_letters = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain_letters).strip("-")[:MAX_KEY].rstrip("-")


def edit_institution(
    session: Session,
    *,
    institution_id: int,
    edit: InstitutionEdit,
    today: date,
    by: Actor,
    now: datetime,
) -> bool:
    """Rename an institution, change its kind, or take it out of use; returns whether it changed.

    Raises Forbidden, NotFound, Invalid (also for a name that another institution has), and
    Conflict naming the measures that an institution taken out of use would still be responsible
    for.
    """
    require_coordination(by)
    institution = session.get(Institution, institution_id, with_for_update=True)
    if institution is None:
        raise NotFound("Diese Institution gibt es nicht. Bitte wählen Sie eine aus der Liste.")
    refuse([*check_texts(_INSTITUTION_LIMITS, edit), *_check_names(edit)])
    _refuse_taken_names(session, edit=edit, present=institution)
    if institution.is_active and not edit.is_active:
        _refuse_responsible(session, institution=institution, today=today)
    before, after = set_values(institution, asdict(edit))
    return record(
        session,
        row=institution,
        verb="concept.edit_institution",
        before=before,
        after=after,
        by=by,
        now=now,
    )


_INSTITUTION_LIMITS = {"name": MAX_NAME, "short_name": MAX_SHORT_NAME}


def _check_names(edit: InstitutionEdit) -> list[Problem]:
    return [
        Problem(name, "text_required")
        for name in ("name", "short_name")
        if not getattr(edit, name).strip()
    ]


def _refuse_taken_names(
    session: Session, *, edit: InstitutionEdit, present: Institution | None = None
) -> None:
    """Refuse a new name or short name that another institution has, in capitals or not."""
    kept = {present.name.casefold(), present.short_name.casefold()} if present else set()
    wanted = dict.fromkeys(name.strip() for name in (edit.name, edit.short_name))
    for other in session.exec(select(Institution).order_by(col(Institution.name))).all():
        if present is not None and other.id == present.id:
            continue
        taken = {other.name.casefold(), other.short_name.casefold()}
        for name in wanted:
            if name.casefold() in taken - kept:
                raise Invalid(
                    f"So heißt schon eine andere Institution, nämlich {_called(other)}: „{name}“. "
                    "Bitte wählen Sie einen anderen Namen."
                )


def _called(institution: Institution) -> str:
    """Return the name, and the short name where the name does not say it already."""
    name, short_name = institution.name, institution.short_name
    return name if short_name in name else f"{name} ({short_name})"


def _check_key_form(key: str) -> list[Problem]:
    if len(key) > MAX_KEY or not _KEY.fullmatch(key):
        return [Problem("key", "key_invalid", (("limit", MAX_KEY),))]
    return []


def _check_key_free(session: Session, key: str) -> list[Problem]:
    taken = session.exec(select(Institution.name).where(Institution.key == key)).first()
    return [] if taken is None else [Problem("key", "key_taken", (("key", key), ("name", taken)))]


def _refuse_responsible(session: Session, *, institution: Institution, today: date) -> None:
    of_measure = newest(EditionMeasure.measure_id, col(Responsibility.measure_id), day=today)
    statement = (
        select(EditionMeasure.code)
        .join(
            Responsibility,
            of_measure,
        )
        .join(EditionGoal, col(EditionGoal.id) == EditionMeasure.edition_goal_id)
        .where(
            Responsibility.institution_id == institution.id,
            or_(col(Responsibility.valid_to).is_(None), col(Responsibility.valid_to) >= today),
        )
        .order_by(col(EditionGoal.position), col(EditionMeasure.position))
    )
    codes = list(dict.fromkeys(session.exec(statement)))
    if codes:
        raise Conflict(
            f"{institution.short_name} ist noch für diese Maßnahmen eingetragen: "
            f"{', '.join(codes)}. Bitte beenden Sie diese Zuständigkeiten zuerst."
        )
