"""Two accounts, what one did to the other's: whether they stand for two people."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.accounts.rules.four_eyes import LOOKS_BACK, Tie, Touch, tied

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
A, B, C, D = 1, 2, 3, 4


def touch(verb: str, account: int, by: int | None, days_ago: int = 1, **said: bool) -> Touch:
    return Touch(f"account.{verb}", account, by, NOW - timedelta(days=days_ago), **said)


def shown(account: int, by: int, days_ago: int = 1) -> Touch:
    return touch("invite", account, by, days_ago, shown=True)


def taken(account: int, by: int, days_ago: int = 1) -> list[Touch]:
    return [
        touch("change_email", account, by, days_ago, in_use=True),
        touch("accept_invitation", account, account, days_ago),
    ]


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


@pytest.mark.parametrize(
    ("touches", "through", "tie"),
    [
        ([shown(B, A)], 0, Tie.INVITED),
        ([shown(C, A), shown(B, C)], 1, Tie.INVITED),
        ([touch("create", C, A), touch("create", B, C)], 1, Tie.CREATED),
        ([shown(C, A), shown(D, C), shown(B, D)], 2, Tie.INVITED),
        # either of the two stands behind the other
        ([shown(C, B), shown(A, C)], 1, Tie.INVITED),
        # the graver last step, or the shorter way
        ([shown(C, A), touch("change_email", B, C), shown(B, A)], 1, Tie.ADDRESS),
        ([shown(C, A), shown(B, C), shown(B, A)], 0, Tie.INVITED),
        # every step counts for a month
        ([shown(C, A, 30), shown(B, C, 1)], 1, Tie.INVITED),
        ([shown(C, A, 31), shown(B, C, 1)], None, None),
        ([shown(C, A, 1), shown(B, C, 31)], None, None),
        # round in circles
        ([shown(C, B), shown(B, C)], None, None),
        ([shown(C, D), shown(D, C), shown(B, C), shown(C, B)], None, None),
        ([shown(B, A), shown(A, B)], 0, Tie.INVITED),
        # two whom the same third one invited
        ([shown(A, C), shown(B, C)], None, None),
        # what was taken over stays so, whoever's account was used for it
        ([shown(C, A), *taken(B, C)], 1, Tie.TAKEN_OVER),
        ([*taken(C, A), *taken(B, C)], 1, Tie.TAKEN_OVER),
        ([shown(D, A), *taken(C, D), *taken(B, C)], 2, Tie.TAKEN_OVER),
        # a takeover on the way is none of the last account
        ([*taken(C, A), shown(B, C)], 1, Tie.INVITED),
        # a colleague whose link nobody else saw changed an address
        ([touch("create", C, A), touch("invite", C, A), *taken(B, C)], 1, Tie.ADDRESS),
    ],
)
def test_who_stands_behind_an_account_through_others(
    touches: list[Touch], through: int | None, tie: Tie | None
) -> None:
    found = tied(touches, accounts=(A, B), now=NOW)
    assert (found and found.through, found and found.tie) == (through, tie)


@pytest.mark.parametrize(
    ("touches", "is_tied"),
    [
        ([touch("create", B, A), touch("invite", B, A)], False),
        ([touch("create", B, A), shown(B, A)], True),
        ([touch("create", B, A), shown(B, A, 31)], False),
        ([shown(C, A), shown(B, C)], True),
        ([touch("invite", C, A), shown(B, C)], False),
        ([shown(C, A), touch("invite", B, C)], False),
        # a shorter way does not hide the one by links that were shown
        ([touch("invite", C, A), shown(B, C), shown(D, A), shown(C, D)], True),
        (taken(B, A), True),
        ([touch("change_email", B, A, in_use=True)], False),
    ],
)
def test_whose_account_is_in_hand(touches: list[Touch], is_tied: bool) -> None:
    assert (tied(touches, accounts=(A, B), now=NOW, in_hand=True) is not None) == is_tied


def test_a_tie_through_others_counts_until_its_earliest_step_does_no_more() -> None:
    found = tied([shown(C, A, 20), shown(B, C, 10)], accounts=(A, B), now=NOW)
    assert found is not None
    assert (NOW - found.at, found.until - NOW) == (timedelta(days=10), timedelta(days=10))
