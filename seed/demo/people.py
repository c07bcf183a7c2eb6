"""The invented accounts of the demonstration: one for every institution, the KI, the committee."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial

from sqlmodel import Session

from tracker.accounts.actions import accounts, passwords
from tracker.core.permissions import Actor, Function, Role

PASSWORD = "vorfuehrung-bielefeld"  # noqa: S105 - printed for everybody, opens invented data only
DOMAIN = "vorfuehrung.example"


@dataclass(frozen=True)
class Login:
    """A demonstration login as `make run` prints it."""

    email: str
    label: str
    password: str = PASSWORD


def logins() -> tuple[Login, ...]:
    """Return the logins worth trying first; every other institution works alike."""
    return (
        Login(f"ki@{DOMAIN}", "Kommunales Integrationszentrum: Runden, Prüfung, Veröffentlichung"),
        Login(f"ki.vertretung@{DOMAIN}", "Kommunales Integrationszentrum, zweite Person"),
        Login(f"volkshochschule@{DOMAIN}", "Volkshochschule, benannte Vertretung"),
        Login(f"volkshochschule.team@{DOMAIN}", "Volkshochschule, Mitarbeitende"),
        Login(f"jugendamt@{DOMAIN}", "Jugendamt, benannte Vertretung"),
        Login(f"ausschuss@{DOMAIN}", "Mitglied des Ausschusses"),
    )


@dataclass(frozen=True)
class People:
    coordination: Actor
    deputy: Actor
    representatives: Mapping[str, Actor]
    staff: Mapping[str, Actor]


def create_people(session: Session, *, institutions: Mapping[str, int], now: datetime) -> People:
    """Create the accounts; `institutions` maps keys to row keys."""
    create = partial(_create, session, now=now)
    coordination = create("ki", "Koordination (Vorführung)", Role.COORDINATION)
    deputy = create("ki.vertretung", "Stellvertretung (Vorführung)", Role.COORDINATION)
    create("ausschuss", "Ausschussmitglied (Vorführung)", Role.COMMITTEE)
    of_institution = partial(create, role=Role.INSTITUTION)
    representative = partial(
        of_institution, name="Vertretung (Vorführung)", function=Function.REPRESENTATIVE
    )
    team = partial(of_institution, name="Mitarbeitende (Vorführung)", function=Function.STAFF)
    representatives = {
        key: representative(key, institution_id=number) for key, number in institutions.items()
    }
    staff = {
        key: team(f"{key}.team", institution_id=institutions[key])
        for key in ("volkshochschule", "jugendamt")
    }
    return People(coordination, deputy, representatives, staff)


def _create(
    session: Session,
    local_part: str,
    name: str,
    role: Role,
    *,
    now: datetime,
    institution_id: int | None = None,
    function: Function | None = None,
) -> Actor:
    account = accounts.create(
        session,
        email=f"{local_part}@{DOMAIN}",
        name=name,
        role=role,
        institution_id=institution_id,
        function=function,
        by=None,
        now=now,
    )
    # Hashed once for all: hashing it thirty times would take longer than everything else.
    account.password_hash = _password_hash()
    assert account.id is not None  # noqa: S101 - flushed rows have a key
    return Actor(account.id, name, role, institution_id, function)


@lru_cache(maxsize=1)
def _password_hash() -> str:
    return passwords.hashed(PASSWORD)
