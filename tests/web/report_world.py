"""What a browser posts for a report."""

from __future__ import annotations

from typing import Any

from tracker.rules.content import ReportContent
from tracker.web.reports.forms import written


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
