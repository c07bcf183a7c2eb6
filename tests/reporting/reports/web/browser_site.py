"""The institution's pages in a real browser: an application of their own, somebody signed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from tests.factories import RUNNING, World


@dataclass
class Site:
    """A running application: its address and the keys of six expected reports."""

    address: str
    reports: list[int]


def fill(session: Session) -> list[int]:
    """Open a round for the library, each measure with an accepted report of the quarter before."""
    world = World(session)
    world.lead(world.library)
    earlier = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    for index, measure in enumerate(world.measures):
        # The day of the fifth one's next step is past.
        said = replace(RUNNING, next_step_on=date(2026, 9, 1)) if index == 4 else RUNNING
        world.submit(world.report(earlier, measure), said, at="2026-07-05 09:00")
        world.accept(world.report(earlier, measure), at="2026-07-06 09:00")
    round_ = world.open_round()
    reports = [world.report(round_, measure).id or 0 for measure in world.measures]
    session.commit()
    return reports
