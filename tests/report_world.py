"""What a browser posts for a report, and what the institution's pages start from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.factories import World, moment
from tests.pages import Browser
from tracker.core.permissions import Actor
from tracker.reporting.models import Report, Round
from tracker.reporting.reports.web.forms import written
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import ReportContent

LONG = "ä" * 100_000
STEPS = ("", "/absenden", "/bestaetigen", "/zurueckziehen", "/stellungnahme")

Open = Callable[[Actor], Browser]


def fields_of(content: ReportContent, version: int = 0, **changes: str) -> dict[str, Any]:
    """The fields a browser posts for a content; `changes` are typed over them."""
    values = written(content)
    fields: dict[str, Any] = {"draft_version": str(version), **values.texts}
    if values.districts:
        fields["districts"] = list(values.districts)
    for name, lines in (("funding", values.funding), ("milestones", values.milestones)):
        for index, line in enumerate(lines):
            fields |= {f"{name}-{index}-{part}": text for part, text in line.items()}
    return fields | changes


def earlier_round(world: World) -> Round:
    """The second quarter with an accepted report of the first measure, closed."""
    round_ = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    report = world.report(round_, world.measures[0])
    world.submit(report, at="2026-07-05 09:00")
    world.accept(report, at="2026-07-06 09:00")
    rounds.close_round(
        world.session, round_=round_, by=world.coordination, now=moment("2026-07-20 09:00")
    )
    return round_


def path(report: Report, step: str = "") -> str:
    return f"/meldungen/{report.id}{step}"
