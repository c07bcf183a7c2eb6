"""Who may do what: role x function x own or foreign institution (domain.md 1 and 5)."""

import pytest

from tracker.core.permissions import (
    Actor,
    Function,
    Role,
    may_draft,
    may_review,
    may_see_published,
    may_see_report,
    may_submit,
)

OWN, FOREIGN = 1, 2
# role, function, whose report: see, draft, submit
RIGHTS = {
    ("coordination", None, OWN): "see draft submit",
    ("coordination", None, FOREIGN): "see draft submit",
    ("institution", "representative", OWN): "see draft submit",
    ("institution", "representative", FOREIGN): "",
    ("institution", "staff", OWN): "see draft",
    ("institution", "staff", FOREIGN): "",
    ("institution", None, OWN): "see draft",
    ("institution", None, FOREIGN): "",
    # A committee member keeps no right from an institution the account may once have had.
    ("committee", None, OWN): "",
    ("committee", None, FOREIGN): "",
    ("committee", "representative", OWN): "",
    ("committee", "staff", FOREIGN): "",
}
CHECKS = {"see": may_see_report, "draft": may_draft, "submit": may_submit}


def actor(role: str, function: str | None, *, account_id: int = 7, at: int | None = OWN) -> Actor:
    return Actor(account_id, "Name", Role(role), at, Function(function) if function else None)


@pytest.mark.parametrize(("who", "rights"), RIGHTS.items())
def test_a_report_is_for_its_institution_and_the_coordination(
    who: tuple[str, str | None, int], rights: str
) -> None:
    role, function, owner = who
    given = {
        name for name, may in CHECKS.items() if may(actor(role, function), institution_id=owner)
    }
    assert given == set(rights.split())


def test_the_table_speaks_of_every_role_and_function() -> None:
    assert {role for role, _, _ in RIGHTS} == set(Role)
    assert {function for _, function, _ in RIGHTS if function} == set(Function)


@pytest.mark.parametrize("function", [None, *Function])
def test_an_account_without_institution_sees_no_institutions_report(
    function: Function | None,
) -> None:
    lost = actor("institution", function, at=None)
    assert not any(may(lost, institution_id=OWN) for may in CHECKS.values())


@pytest.mark.parametrize(
    ("role", "submitted_by_id", "may"),
    [
        ("coordination", 8, True),
        ("coordination", 7, False),  # also where the KI submitted on behalf of an institution
        ("coordination", None, True),
        ("institution", 8, False),
        ("institution", None, False),
        ("committee", 8, False),
        ("committee", None, False),
    ],
)
def test_only_the_coordination_reviews_and_never_its_own_submission(
    role: str, submitted_by_id: int | None, may: bool
) -> None:
    assert may_review(actor(role, "representative"), submitted_by_id=submitted_by_id) is may


@pytest.mark.parametrize("role", Role)
def test_published_rounds_are_for_every_role(role: Role) -> None:
    assert may_see_published(actor(role, None, at=None))
    assert actor(role, None).is_coordination is (role is Role.COORDINATION)
