"""What a partner adds, and what taking it over does to the lead's draft (domain.md 5)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tracker.core.text import MAX_COUNT, MAX_TEXT
from tracker.reporting.rules.content import Participants, ParticipantUnit, ReportContent
from tracker.reporting.rules.contribution import (
    EMPTY,
    NOTHING_TAKEN,
    ContributionContent,
    ContributionState,
    Part,
    Taken,
    check_contribution,
    check_taken,
    content_from,
    contribution_state,
    open_parts,
    take_over,
    taken_from,
    to_dict,
)

PERSONS, CASES = ParticipantUnit.PERSONS, ParticipantUnit.CASES
HEADING = "Beitrag von Verein:"
FULL = ContributionContent("Zwei Treffen.", (Participants(PERSONS, 40),), Decimal("500.50"))
LEAD = ReportContent(
    achieved="Vier Kurse.",
    participants=(Participants(PERSONS, 120),),
    cost_actual=Decimal(1000),
)


def taken_over(
    draft: ReportContent,
    content: ContributionContent,
    *parts: Part,
    taken: Taken = NOTHING_TAKEN,
    version: int = 1,
) -> tuple[ReportContent, Taken]:
    return take_over(
        draft, content, version=version, parts=parts or Part, taken=taken, heading=HEADING
    )


def test_everything_goes_into_the_draft_text_under_its_heading_and_numbers_added() -> None:
    draft, taken = taken_over(LEAD, FULL)
    assert draft == replace(
        LEAD,
        achieved="Vier Kurse.\n\nBeitrag von Verein:\nZwei Treffen.",
        participants=(Participants(PERSONS, 160),),
        cost_actual=Decimal("1500.50"),
    )
    assert taken == Taken(FULL, tuple((part, 1) for part in Part))


def test_into_an_empty_draft_goes_what_the_partner_says_and_nothing_else() -> None:
    draft, _ = taken_over(ReportContent(), FULL)
    assert draft == ReportContent(
        achieved="Beitrag von Verein:\nZwei Treffen.",
        participants=FULL.participants,
        cost_actual=FULL.cost_actual,
    )


@pytest.mark.parametrize("part", Part)
def test_only_the_chosen_part_is_taken_and_the_others_stay_to_be_taken(part: Part) -> None:
    draft, taken = taken_over(LEAD, FULL, part)
    changed = {
        name
        for name in ("achieved", "participants", "cost_actual")
        if getattr(draft, name) != getattr(LEAD, name)
    }
    assert changed == {"achieved" if part is Part.TEXT else part.value}
    assert taken.versions == ((part, 1),)
    assert set(open_parts(FULL, taken)) == set(Part) - {part}


def test_the_same_version_again_changes_nothing() -> None:
    draft, taken = taken_over(LEAD, FULL)
    assert open_parts(FULL, taken) == ()
    assert taken_over(draft, FULL, taken=taken) == (draft, taken)


def test_of_a_later_version_only_the_difference_is_added() -> None:
    draft, taken = taken_over(LEAD, FULL)
    later = ContributionContent("Drei Treffen.", (Participants(PERSONS, 45),), Decimal(400))
    draft, taken = taken_over(draft, later, taken=taken, version=2)
    assert draft == replace(
        LEAD,
        achieved="Vier Kurse.\n\nBeitrag von Verein:\nDrei Treffen.",
        participants=(Participants(PERSONS, 165),),
        cost_actual=Decimal(1400),
    )
    assert taken == Taken(later, tuple((part, 2) for part in Part))


def test_a_part_that_did_not_change_keeps_its_version_and_is_not_offered() -> None:
    draft, taken = taken_over(LEAD, FULL)
    later = replace(FULL, text="Drei Treffen.")
    assert open_parts(later, taken) == (Part.TEXT,)
    again, taken = taken_over(draft, later, taken=taken, version=2)
    assert again.participants == draft.participants
    assert again.cost_actual == draft.cost_actual
    assert taken.versions == ((Part.TEXT, 2), (Part.PARTICIPANTS, 1), (Part.COST, 1))


def test_a_text_that_the_lead_has_rewritten_stays_and_the_new_one_follows() -> None:
    draft, taken = taken_over(LEAD, FULL, Part.TEXT)
    draft = replace(draft, achieved="Vier Kurse, und der Verein traf sich zweimal.")
    later = replace(FULL, text="Drei Treffen.")
    draft, _ = taken_over(draft, later, Part.TEXT, taken=taken, version=2)
    assert draft.achieved == (
        "Vier Kurse, und der Verein traf sich zweimal.\n\nBeitrag von Verein:\nDrei Treffen."
    )


def test_what_the_partner_says_no_more_goes_out_of_the_draft_again() -> None:
    draft, taken = taken_over(ReportContent(achieved="Vier Kurse."), FULL)
    later = ContributionContent(participants=(Participants(CASES, 7),))
    draft, taken = taken_over(draft, later, taken=taken, version=2)
    assert draft == ReportContent(
        achieved="Vier Kurse.", participants=(Participants(CASES, 7),), cost_actual=None
    )
    assert taken.content == later


def test_units_are_never_added_to_each_other_and_a_reported_zero_is_a_zero() -> None:
    content = ContributionContent(participants=(Participants(CASES, 0),))
    draft, _ = taken_over(LEAD, content)
    assert draft.participants == (Participants(PERSONS, 120), Participants(CASES, 0))


def test_a_number_below_what_was_taken_asks_for_the_leads_own_hand() -> None:
    draft, taken = taken_over(ReportContent(), FULL)
    lowered = replace(draft, participants=(Participants(PERSONS, 10),), cost_actual=Decimal(1))
    later = replace(FULL, participants=(Participants(PERSONS, 5),), cost_actual=Decimal(2))
    after, _ = taken_over(lowered, later, taken=taken, version=2)
    assert [(item.field, item.code) for item in check_taken(after)] == [
        ("participants", "below_taken"),
        ("cost_actual", "below_taken"),
    ]
    assert check_taken(draft) == ()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (FULL, []),
        (EMPTY, [("text", "contribution_empty")]),
        (ContributionContent(" \n"), [("text", "contribution_empty")]),
        (ContributionContent(participants=(Participants(PERSONS, 0),)), []),
        (ContributionContent("x" * (MAX_TEXT + 1)), [("text", "text_too_long")]),
        (ContributionContent("a\x00b"), [("text", "control_characters")]),
        (
            ContributionContent("a", cost_actual=Decimal(-1)),
            [("cost_actual", "number_out_of_range")],
        ),
        (
            ContributionContent("a", cost_actual=Decimal("NaN")),
            [("cost_actual", "number_out_of_range")],
        ),
        (
            ContributionContent("a", (Participants(PERSONS, MAX_COUNT + 1),)),
            [("participants", "number_out_of_range")],
        ),
        (
            ContributionContent("a", (Participants(PERSONS, 1), Participants(PERSONS, 2))),
            [("participants", "unit_twice")],
        ),
    ],
)
def test_a_contribution_obeys_the_limits_of_a_report_and_says_something(
    content: ContributionContent, found: list[tuple[str, str]]
) -> None:
    assert [(item.field, item.code) for item in check_contribution(content)] == found


@pytest.mark.parametrize("content", [FULL, EMPTY, ContributionContent("Nur Text")])
def test_the_stored_form_reads_back_with_what_was_taken(content: ContributionContent) -> None:
    stored = to_dict(content)
    assert (content_from(stored), taken_from(stored)) == (content, NOTHING_TAKEN)
    taken = Taken(FULL, ((Part.TEXT, 1), (Part.COST, 3)))
    stored = to_dict(content, taken)
    assert (content_from(stored), taken_from(stored)) == (content, taken)


@pytest.mark.parametrize(
    ("version", "taken_version", "state"),
    [
        (1, None, ContributionState.WAITING),
        (2, 2, ContributionState.TAKEN),
        (2, 1, ContributionState.CHANGED),
    ],
)
def test_the_state_follows_from_the_two_versions(
    version: int, taken_version: int | None, state: ContributionState
) -> None:
    assert contribution_state(version=version, taken_version=taken_version) is state
