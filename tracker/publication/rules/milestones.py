"""A measure's Meilensteine over its reports: what is done, what is planned, what was moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.publication.rules.document import MilestoneRecord


@dataclass(frozen=True)
class Milestone:
    """A Meilenstein as it was last reported; days as "2026-09-30".

    `earlier` are days it was planned for before, oldest first; `gone`: the last report does not
    name it any more.
    """

    title: str
    due_on: str | None
    done_on: str | None
    earlier: tuple[str, ...] = ()
    gone: bool = False

    @property
    def day(self) -> str | None:
        """Return where it stands on the line: the day it was done, else the day planned."""
        return self.done_on or self.due_on

    def is_overdue(self, as_of: str) -> bool:
        """Return whether it is open and its day lies before the Stichtag."""
        return not self.done_on and self.due_on is not None and self.due_on < as_of


def timeline(reports: Sequence[Iterable[MilestoneRecord]]) -> tuple[Milestone, ...]:
    """Return the Meilensteine of reports (oldest first, only rounds with one) by day.

    A Meilenstein is known by its title, the second of one name in a report by its place. What
    has no day stands last.
    """
    reported: dict[tuple[str, int], list[tuple[int, MilestoneRecord]]] = {}
    for number, lines in enumerate(reports):
        seen: Counter[str] = Counter()
        for line in lines:
            title = " ".join(line["title"].split())
            key = (title.casefold(), seen[title.casefold()])
            reported.setdefault(key, []).append((number, line))
            seen[title.casefold()] += 1
    last = len(reports) - 1
    milestones = [_milestone(lines, last) for lines in reported.values()]
    return tuple(sorted(milestones, key=lambda known: (known.day is None, known.day or "")))


def _milestone(lines: Sequence[tuple[int, MilestoneRecord]], last: int) -> Milestone:
    number, newest = lines[-1]
    days = dict.fromkeys(line["due_on"] for _, line in lines if line["due_on"])
    return Milestone(
        title=" ".join(newest["title"].split()),
        due_on=newest["due_on"],
        done_on=newest["done_on"],
        earlier=tuple(day for day in days if day != newest["due_on"]),
        gone=number < last,
    )
