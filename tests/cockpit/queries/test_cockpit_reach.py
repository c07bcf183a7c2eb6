"""Which institutions of a round can submit at all, on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import Session

from tests.factories import World, moment
from tracker.accounts.models import Account, Substitution
from tracker.cockpit.queries.cockpit import NoSubmitter, cockpit
from tracker.core.periods import Period
from tracker.reporting.rounds.queries.round_list import round_head
from tracker.reporting.rounds.queries.round_page import round_page

NOW = moment("2026-10-20 09:00")


@pytest.fixture
def world(session: Session) -> World:
    """An open round in which the library and the club report; the club can."""
    world = World(session)
    world.lead(world.library, *world.measures[:5])
    world.lead(world.club, world.measures[5])
    world.open_round()
    _password(world, world.stranger.account_id)
    return world


def unreachable(world: World) -> tuple[NoSubmitter, ...]:
    world.session.flush()
    period = Period.parse("2026-Q3")
    head = round_head(world.session, concept_id=world.concept_id, period=period)
    assert head is not None
    page = round_page(world.session, head=head, now=NOW)
    return cockpit(world.session, page=page, versions=(), today=NOW.date()).unreachable


def _password(world: World, number: int | None) -> Account:
    account = world.session.get_one(Account, number)
    account.password_hash = "set"
    return account


# what happened to the library's representative, and whether the library is named as unreachable
GONE: dict[str, tuple[dict[str, object], bool]] = {
    "in office": ({}, False),
    "deactivated": ({"deactivated_at": moment("2026-10-01 09:00")}, True),
    "term is over": ({"term_to": date(2026, 10, 19)}, True),
    "last day of the term": ({"term_to": date(2026, 10, 20)}, False),
    "term has not begun": ({"term_from": date(2026, 10, 21)}, True),
    "represents later": ({"represents_from": date(2026, 10, 21)}, True),
    "represents from today": ({"represents_from": date(2026, 10, 20)}, False),
    "invitation not accepted": ({"password_hash": None}, True),
}


@pytest.mark.parametrize(("changes", "named"), GONE.values(), ids=GONE)
def test_an_institution_in_which_nobody_can_submit_is_named(
    world: World, changes: dict[str, object], named: bool
) -> None:
    account = _password(world, world.representative.account_id)
    _password(world, world.staff.account_id)
    for name, value in changes.items():
        setattr(account, name, value)
    found = unreachable(world)
    names = [item.name for item in found]
    assert names == (["Volkshochschule"] if named else [])
    assert [item.is_invited for item in found] == ["password_hash" in changes] * named


@pytest.mark.parametrize(
    ("last", "ended", "named"),
    [(date(2026, 10, 20), False, []), (date(2026, 10, 19), False, [1]), (NOW.date(), True, [1])],
)
def test_who_stands_in_makes_the_institution_reachable(
    world: World, last: date, ended: bool, named: list[int]
) -> None:
    _password(world, world.staff.account_id)
    _password(world, world.representative.account_id).deactivated_at = moment("2026-10-01 09:00")
    world.session.add(
        Substitution(
            representative_id=world.representative.account_id,
            deputy_id=world.staff.account_id,
            valid_from=date(2026, 10, 1),
            valid_to=last,
            created_at=moment("2026-10-01 09:00"),
            created_by_id=world.coordination.account_id,
            ended_at=NOW if ended else None,
            ended_by_id=world.coordination.account_id if ended else None,
        )
    )
    found = unreachable(world)
    assert [1 for _ in found] == named
