"""Meilensteine over the rounds, as a table that a controller could sign."""

import pytest

from tracker.publication.rules.milestones import Milestone, timeline


def line(
    title: str, due_on: str | None = None, done_on: str | None = None
) -> dict[str, str | None]:
    return {"title": title, "due_on": due_on, "done_on": done_on}


CASES = {
    "nothing reported": ([], ()),
    "planned": (
        [[line("Auftakt", "2026-03-01")]],
        (Milestone("Auftakt", "2026-03-01", None),),
    ),
    "moved twice, then done": (
        [
            [line("Auftakt", "2026-03-01")],
            [line("Auftakt", "2026-05-01")],
            [line("Auftakt ", "2026-05-01")],
            [line("Auftakt", "2026-06-01", "2026-06-02")],
        ],
        (Milestone("Auftakt", "2026-06-01", "2026-06-02", ("2026-03-01", "2026-05-01")),),
    ),
    "moved back to its first day": (
        [[line("A", "2026-03-01")], [line("A", "2026-05-01")], [line("A", "2026-03-01")]],
        (Milestone("A", "2026-03-01", None, ("2026-05-01",)),),
    ),
    "not named any more": (
        [[line("A", "2026-03-01"), line("B")], [line("B", "2026-02-01")]],
        (
            Milestone("B", "2026-02-01", None),
            Milestone("A", "2026-03-01", None, gone=True),
        ),
    ),
    "two of one name": (
        [[line("Treffen", "2026-02-01"), line("Treffen", "2026-01-01")]],
        (Milestone("Treffen", "2026-01-01", None), Milestone("Treffen", "2026-02-01", None)),
    ),
    "by the day done, without a day last": (
        [[line("A"), line("B", "2026-09-01", "2026-01-05"), line("C", "2026-02-01")]],
        (
            Milestone("B", "2026-09-01", "2026-01-05"),
            Milestone("C", "2026-02-01", None),
            Milestone("A", None, None),
        ),
    ),
}


@pytest.mark.parametrize(("reports", "expected"), CASES.values(), ids=CASES)
def test_milestones_of_all_reports_stand_on_one_line(
    reports: list[list[dict[str, str | None]]], expected: tuple[Milestone, ...]
) -> None:
    assert timeline(reports) == expected


@pytest.mark.parametrize(
    ("due_on", "done_on", "overdue"),
    [
        ("2026-09-29", None, True),
        ("2026-09-30", None, False),
        ("2026-09-29", "2026-10-05", False),
        (None, None, False),
    ],
)
def test_only_what_is_open_past_its_day_is_overdue(
    due_on: str | None, done_on: str | None, overdue: bool
) -> None:
    assert Milestone("A", due_on, done_on).is_overdue("2026-09-30") is overdue
