"""What partners add to the running round of the demonstration, and what leads have taken over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from seed.demo.acts import Acts
from seed.demo.story import entries, read
from tracker.reporting.reports.actions import contributions
from tracker.reporting.rules.content import Participants, ParticipantUnit
from tracker.reporting.rules.contribution import ContributionContent, Part

Step = tuple[datetime, Callable[[datetime], object]]
# After every draft of the running round has begun (quarter.py), so that there is one to add to.
_SAVED, _TAKEN = 0.75, 0.85


def steps(acts: Acts, *, opened: datetime, now: datetime) -> list[Step]:
    """Return the contributions and takings-over, between the opening and now."""
    found: list[Step] = []
    for code, item in read("contributions.yaml").items():
        found.append((opened + (now - opened) * _SAVED, partial(_save, acts, code, item)))
        if item["taken"]:
            found.append((opened + (now - opened) * _TAKEN, partial(_take, acts, code, item)))
    return found


def _save(acts: Acts, code: str, item: dict[str, Any], now: datetime) -> None:
    cost = item["cost_actual"]
    saved = contributions.save(
        acts.stage.session,
        report_id=acts.report_id(code),
        content=ContributionContent(
            text=item["text"],
            participants=tuple(
                Participants(ParticipantUnit(unit), count)
                for unit, count in item["participants"].items()
            ),
            cost_actual=None if cost is None else Decimal(cost),
        ),
        expected_version=0,
        by=acts.stage.people.representatives[item["partner"]],
        now=now,
    )
    acts.contributions[code] = saved.id or 0


def _take(acts: Acts, code: str, item: dict[str, Any], now: datetime) -> None:
    people = acts.stage.people
    lead = next(entry.lead for entry in entries() if entry.code == code)
    contributions.take_over(
        acts.stage.session,
        report_id=acts.report_id(code),
        contribution_id=acts.contributions[code],
        version=1,
        parts=[Part(name) for name in item["taken"]],
        by=people.staff.get(lead, people.representatives[lead]),
        now=now,
    )
