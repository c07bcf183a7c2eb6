"""Reading a round for the KI's cockpit: its Rücklauf by field, what was published, who is missing.

All figures come from `reporting.rules.figures.returns` over the frozen expected set, or from the
snapshot; the number of statements does not grow with measures or institutions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.accounts.models import Account
from tracker.accounts.queries.accounts import submits, usable
from tracker.publication.queries import published
from tracker.publication.queries.published import Publication
from tracker.reporting.rounds.queries.round_page import ExpectedReport, InstitutionPart, RoundPage
from tracker.reporting.rules.figures import Ratio, Returns, returns


@dataclass(frozen=True)
class FieldPart:
    code: str
    name: str
    returns: Returns


@dataclass(frozen=True)
class PublishedReturns:
    """The Rücklauf as a published version states it, and whether today's rows still give it."""

    version: int
    returns: Returns
    is_current: bool


@dataclass(frozen=True)
class NoSubmitter:
    """An institution of the round for which nobody can submit; `is_invited`: may soon."""

    institution_id: int
    name: str
    is_invited: bool


@dataclass(frozen=True)
class Cockpit:
    fields: tuple[FieldPart, ...]
    published: PublishedReturns | None
    unreachable: tuple[NoSubmitter, ...]


def cockpit(
    session: Session, *, page: RoundPage, versions: tuple[Publication, ...], today: date
) -> Cockpit:
    """Return the rest of a round's cockpit; `versions` are the round's own, newest first.

    Two statements at most: who may submit (only while the round runs), and the newest version.
    """
    fields = _fields(page.reports)
    return Cockpit(
        fields,
        _published(session, versions[0], page.returns, fields) if versions else None,
        _unreachable(session, page.institutions, today) if page.head.is_running else (),
    )


def _fields(reports: tuple[ExpectedReport, ...]) -> tuple[FieldPart, ...]:
    by_field: defaultdict[tuple[str, str], list[ExpectedReport]] = defaultdict(list)
    for report in sorted(reports, key=lambda report: report.field_position):
        by_field[report.field, report.field_name].append(report)
    return tuple(
        FieldPart(code, name, returns(report.counted for report in of_field))
        for (code, name), of_field in by_field.items()
    )


def _published(
    session: Session, version: Publication, now_found: Returns, fields: tuple[FieldPart, ...]
) -> PublishedReturns:
    overview = published.overview(session, version)
    whole = _read(overview["figures"]["returns"])
    by_field = {field["code"]: _read(field["figures"]["returns"]) for field in overview["fields"]}
    is_current = whole == now_found and all(
        by_field.get(field.code) == field.returns for field in fields
    )
    return PublishedReturns(version.version, whole, is_current)


def _read(figures: Mapping[str, Any]) -> Returns:
    """Read the Rücklauf that a snapshot states; the percentages follow from the counts."""

    def ratio(name: str) -> Ratio:
        return Ratio(figures[name]["count"], figures[name]["total"])

    return Returns(
        ratio("completeness"), ratio("acceptance"), ratio("timeliness"), figures["waived"]
    )


def _unreachable(
    session: Session, parts: tuple[InstitutionPart, ...], today: date
) -> tuple[NoSubmitter, ...]:
    submitters = select(col(Account.institution_id), col(Account.password_hash)).where(
        col(Account.institution_id).is_not(None), usable(today), submits(today)
    )
    rows = session.connection().execute(submitters).all()
    able = {row.institution_id for row in rows if row.password_hash is not None}
    invited = {row.institution_id for row in rows} - able
    return tuple(
        NoSubmitter(part.institution_id, part.name, part.institution_id in invited)
        for part in parts
        if part.institution_id not in able
    )
