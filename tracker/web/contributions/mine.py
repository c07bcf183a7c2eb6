"""The part of "Meine Maßnahmen" about working with others; kept like the page's own content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from tracker.queries.my_contributions import Rows, read_together, together
from tracker.web.reports.phrases import due_words
from tracker.web.runtime import now, reading, today


@dataclass(frozen=True)
class Parts:
    """What stands above the list (contributions that wait) and below it (the partner's list)."""

    hint: Markup
    section: Markup


def parts(*, institution_id: int) -> Parts:
    """Return what an institution sees of the work with others today, in one statement."""
    day = today()
    rows = read_together(reading(), institution_id=institution_id, today=day, now=now())
    return _rendered(rows, day)


# Most visits show what the last one showed.
@lru_cache(maxsize=512)
def _rendered(rows: Rows, day: date) -> Parts:
    if not rows:
        return Parts(Markup(), Markup())
    template = current_app.jinja_env.get_template("contributions/mine.html")
    module = template.make_module({"found": together(rows, today=day), "day": day})
    return Parts(module.hint(due_words), module.section(due_words))  # type: ignore[attr-defined]
