"""Who acts with which function on a day, and where a Stellvertretung stands."""

from datetime import date

import pytest

from tracker.accounts.rules.substitution import Span, SubstitutionState, acting, substitution_state
from tracker.core.permissions import (
    Actor,
    Function,
    Role,
    may_appoint_deputy,
    may_draft,
    may_see_representation,
    may_submit,
)

TODAY = date(2026, 10, 5)
YESTERDAY, TOMORROW = date(2026, 10, 4), date(2026, 10, 6)
STAFF = Actor(1, "Sam", Role.INSTITUTION, 7, Function.STAFF)
NAMED = Actor(2, "Vera", Role.INSTITUTION, 7, Function.REPRESENTATIVE)
KI = Actor(3, "Kim", Role.COORDINATION)
HBA = Actor(4, "Abel", Role.COMMITTEE)


@pytest.mark.parametrize(
    ("actor", "represents_from", "deputy_of", "function", "named"),
    [
        (STAFF, None, None, Function.STAFF, ""),
        (STAFF, None, "Vera", Function.REPRESENTATIVE, "Vera"),
        (NAMED, None, None, Function.REPRESENTATIVE, ""),
        (NAMED, None, "Otto", Function.REPRESENTATIVE, ""),
        (NAMED, TODAY, None, Function.REPRESENTATIVE, ""),
        (NAMED, TOMORROW, None, Function.STAFF, ""),
        (NAMED, TOMORROW, "Otto", Function.REPRESENTATIVE, "Otto"),
        (KI, None, None, None, ""),
        (KI, None, "Vera", None, ""),
        (HBA, None, "Vera", None, ""),
    ],
)
def test_the_function_is_the_one_of_the_day(
    actor: Actor,
    represents_from: date | None,
    deputy_of: str | None,
    function: Function | None,
    named: str,
) -> None:
    found = acting(actor, represents_from=represents_from, deputy_of=deputy_of, today=TODAY)
    assert (found.function, found.deputy_of) == (function, named)
    assert found.account_id == actor.account_id


@pytest.mark.parametrize(
    ("actor", "sees", "appoints"),
    [
        (NAMED, True, True),
        (STAFF, True, False),
        (acting(STAFF, represents_from=None, deputy_of="Vera", today=TODAY), True, False),
        (KI, True, True),
        (HBA, False, False),
        (Actor(5, "Fremd", Role.INSTITUTION, 8, Function.REPRESENTATIVE), False, False),
    ],
)
def test_a_deputy_submits_but_names_no_further_deputy(
    actor: Actor, sees: bool, appoints: bool
) -> None:
    assert may_see_representation(actor, institution_id=7) is sees
    assert may_appoint_deputy(actor, institution_id=7) is appoints
    if actor.deputy_of:
        assert may_submit(actor, institution_id=7)
        assert may_draft(actor, institution_id=7)
        assert not may_submit(actor, institution_id=8)


@pytest.mark.parametrize(
    ("first", "last", "ended_on", "state"),
    [
        (TOMORROW, TOMORROW, None, SubstitutionState.PLANNED),
        (TODAY, TODAY, None, SubstitutionState.RUNNING),
        (YESTERDAY, TODAY, None, SubstitutionState.RUNNING),
        (YESTERDAY, YESTERDAY, None, SubstitutionState.OVER),
        (YESTERDAY, TOMORROW, TODAY, SubstitutionState.OVER),
        (TOMORROW, TOMORROW, TODAY, SubstitutionState.TAKEN_BACK),
    ],
)
def test_both_days_of_a_substitution_count(
    first: date, last: date, ended_on: date | None, state: SubstitutionState
) -> None:
    assert substitution_state(Span(first, last), ended_on=ended_on, today=TODAY) is state


@pytest.mark.parametrize(
    ("first", "last", "overlaps"),
    [
        (date(2026, 10, 1), date(2026, 10, 4), False),
        (date(2026, 10, 1), date(2026, 10, 5), True),
        (date(2026, 10, 6), date(2026, 10, 6), True),
        (date(2026, 10, 7), date(2026, 10, 9), True),
        (date(2026, 10, 8), date(2026, 10, 9), False),
        (date(2026, 10, 1), date(2026, 10, 30), True),
    ],
)
def test_spans_overlap_when_they_share_a_day(first: date, last: date, overlaps: bool) -> None:
    span = Span(date(2026, 10, 5), date(2026, 10, 7))
    assert span.overlaps(Span(first, last)) is overlaps
    assert Span(first, last).overlaps(span) is overlaps
    assert span.days == 3
