"""Which concepts there are, and which one is meant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.concept.models import Concept
from tracker.core.columns import columns, table
from tracker.core.errors import NotFound

NO_CONCEPT = (
    "Es ist noch kein Integrationskonzept geladen. Die Betriebsstelle lädt es mit „tracker seed“."
)
NO_SUCH_CONCEPT = "Ein Konzept „{key}“ gibt es nicht. Vorhanden: {known}."


@dataclass(frozen=True)
class ConceptName:
    id: int
    key: str
    title: str


def concepts(session: Session | Connection) -> tuple[ConceptName, ...]:
    """Return the concepts, the first one first."""
    statement = select(*columns(Concept.id, Concept.key, Concept.title)).order_by(col(Concept.id))
    return tuple(ConceptName(*row) for row in session.execute(statement))


def the_concept(session: Session, key: str = "", *, among: Collection[int] | None = None) -> int:
    """Return the id of the concept of that key, without one the first one's; raises NotFound.

    `among` are the only ones to choose from where they are named.
    """
    if not key:
        concept_id = concept_if_any(session, among=among)
        if concept_id is None:
            raise NotFound(NO_CONCEPT)
        return concept_id
    known = {concept.key: concept.id for concept in concepts(session)}
    if key not in known:
        raise NotFound(NO_SUCH_CONCEPT.format(key=key, known=", ".join(known)))
    return known[key]


def concept_if_any(session: Session, *, among: Collection[int] | None = None) -> int | None:
    """Return the id of the first concept, of the first of these where they are named."""
    statement = select(col(Concept.id)).order_by(col(Concept.id)).limit(1)
    if among is not None:
        statement = statement.where(col(Concept.id).in_(among))
    return session.execute(statement).scalar_one_or_none()


def concept_in_round() -> ColumnElement[str]:
    """Return the title of the concept of a statement's round, "" while there is only one."""
    other, concept_id = aliased(Concept), table("round").c.concept_id
    title = select(col(Concept.title)).where(
        col(Concept.id) == concept_id,
        select(col(other.id)).where(col(other.id) != concept_id).exists(),
    )
    return func.coalesce(title.correlate(table("round")).scalar_subquery(), "").label("concept")
