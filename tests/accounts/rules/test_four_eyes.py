"""Two accounts, what one did to the other's: whether they stand for two people."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.accounts.rules.four_eyes import LOOKS_BACK, Tie, Touch, tied

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
A, B, C = 1, 2, 3


def touch(
    verb: str, account: int, by: int | None, days_ago: int = 1, *, in_use: bool = False
) -> Touch:
    return Touch(f"account.{verb}", account, by, NOW - timedelta(days=days_ago), in_use=in_use)


@pytest.mark.parametrize(
    ("touches", "tie"),
    [
        ([], None),
        ([touch("create", B, C)], None),
        ([touch("create", B, None)], None),
        ([touch("create", B, A)], Tie.CREATED),
        ([touch("create", A, B)], Tie.CREATED),
        ([touch("create", B, A, 31)], None),
        ([touch("create", B, A, 30)], Tie.CREATED),
        ([touch("invite", B, A)], Tie.INVITED),
        ([touch("invite", B, B)], None),
        # creating invites at once, and later once more
        ([touch("create", B, A, 2), touch("invite", B, A, 2)], Tie.CREATED),
        ([touch("create", B, A, 2), touch("invite", B, A, 1)], Tie.CREATED),
        ([touch("create", B, A, 31), touch("invite", B, A, 1)], Tie.INVITED),
        ([touch("change_email", B, A, in_use=True)], Tie.ADDRESS),
        # an address corrected before the person ever signed in
        (
            [
                touch("create", B, A, 3),
                touch("change_email", B, A, 2),
                touch("accept_invitation", B, B, 1),
            ],
            Tie.ADDRESS,
        ),
        # a new password alone: the link went to the person
        ([touch("invite", B, A, 2), touch("accept_invitation", B, B, 1)], Tie.INVITED),
        # both together hand the account over, whoever of the two is taken over, however prepared
        (
            [
                touch("change_email", B, A, 3, in_use=True),
                touch("invite", B, A, 2),
                touch("accept_invitation", B, B, 1),
            ],
            Tie.TAKEN_OVER,
        ),
        (
            [touch("change_email", A, B, 3, in_use=True), touch("accept_invitation", A, A, 1)],
            Tie.TAKEN_OVER,
        ),
        (
            [touch("change_email", B, A, 90, in_use=True), touch("accept_invitation", B, B, 1)],
            Tie.TAKEN_OVER,
        ),
        (
            [touch("change_email", B, A, 90, in_use=True), touch("accept_invitation", B, B, 31)],
            None,
        ),
        # switched on again it needs a new link: like creating it, with an address like a takeover
        ([touch("reactivate", B, A, 2), touch("invite", B, A, 2)], Tie.REACTIVATED),
        (
            [
                touch("reactivate", B, C, 4),
                touch("change_email", B, A, 3),
                touch("accept_invitation", B, B, 1),
            ],
            Tie.TAKEN_OVER,
        ),
        # a new password before the address changed, or an address changed by somebody else
        (
            [touch("accept_invitation", B, B, 3), touch("change_email", B, A, 2, in_use=True)],
            Tie.ADDRESS,
        ),
        (
            [touch("change_email", B, C, 3, in_use=True), touch("accept_invitation", B, B, 1)],
            None,
        ),
    ],
)
def test_what_ties_two_accounts(touches: list[Touch], tie: Tie | None) -> None:
    found = tied(touches, accounts=(A, B), now=NOW)
    assert (found and found.tie) == tie


def test_a_tie_says_who_made_it_when_and_until_when_it_counts() -> None:
    found = tied([touch("create", B, A)], accounts=(A, B), now=NOW)
    assert found is not None
    assert (found.by_id, found.until - found.at) == (A, LOOKS_BACK)
