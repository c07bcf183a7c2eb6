"""Who may do what (domain.md sections 1 and 5): by role *and* institution, never by link."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.core.errors import NotFound


class Role(StrEnum):
    COORDINATION = "coordination"
    INSTITUTION = "institution"
    COMMITTEE = "committee"


class Function(StrEnum):
    REPRESENTATIVE = "representative"
    STAFF = "staff"


@dataclass(frozen=True)
class Actor:
    """Who acts: an account with its role, and institution and function where it has them.

    `deputy_of` names the benannte Vertretung whose function the actor has today as a deputy.
    `concepts` are the ids of the only concepts that the account may see, None: all there are.
    Institutions have all: what they may see of a concept follows from their measures.
    """

    account_id: int
    name: str
    role: Role
    institution_id: int | None = None
    function: Function | None = None
    deputy_of: str = ""
    concepts: frozenset[int] | None = None

    @property
    def is_coordination(self) -> bool:
        return self.role is Role.COORDINATION

    def may_see(self, concept_id: int) -> bool:
        return self.concepts is None or concept_id in self.concepts


def require_concept(by: Actor | None, concept_id: int) -> None:
    """Raise NotFound for a concept that the actor may not see; None is the system itself."""
    if by is not None and not by.may_see(concept_id):
        raise NotFound(
            "Das gibt es nicht, oder es gehört zu einem Konzept, das für Ihr Konto nicht gewählt "
            "ist. Wer welches Konzept sieht, steht unter „Konten“."
        )


def may_see_report(actor: Actor, *, institution_id: int) -> bool:
    """The KI sees every report, an institution its own, the committee none."""
    if actor.is_coordination:
        return True
    return actor.role is Role.INSTITUTION and actor.institution_id == institution_id


def may_draft(actor: Actor, *, institution_id: int) -> bool:
    """Drafting: everybody of the lead institution, and the KI on its behalf."""
    return may_see_report(actor, institution_id=institution_id)


def may_submit(actor: Actor, *, institution_id: int) -> bool:
    """Submitting: the lead's representative, or the KI on its behalf (domain.md 5)."""
    if actor.is_coordination:
        return True
    return (
        may_see_report(actor, institution_id=institution_id)
        and actor.function is Function.REPRESENTATIVE
    )


def may_see_representation(actor: Actor, *, institution_id: int) -> bool:
    """Who represents an institution and who deputises: for its own people and the KI."""
    return may_see_report(actor, institution_id=institution_id)


def may_appoint_deputy(actor: Actor, *, institution_id: int) -> bool:
    """Naming a deputy: the institution's representative or the KI, but never a deputy."""
    return may_submit(actor, institution_id=institution_id) and not actor.deputy_of


def may_review(actor: Actor, *, submitted_by_id: int | None) -> bool:
    """Reviewing: the KI, but never the person who submitted (domain.md 5)."""
    return actor.is_coordination and actor.account_id != submitted_by_id


def may_see_published(actor: Actor) -> bool:
    """Published rounds are for every signed-in user."""
    return actor.role in Role
