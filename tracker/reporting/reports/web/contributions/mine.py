"""The part of "Meine Maßnahmen" about working with others; kept with the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import current_app
from markupsafe import Markup

from tracker.reporting.reports.queries.my_contributions import Rows, together
from tracker.reporting.reports.web.phrases import due_words


@dataclass(frozen=True)
class Parts:
    """What stands above the list (contributions that wait) and below it (the partner's list)."""

    hint: Markup
    section: Markup


def parts(rows: Rows, *, day: date) -> Parts:
    if not rows:
        return Parts(Markup(), Markup())
    template = current_app.jinja_env.get_template("contributions/mine.html")
    module = template.make_module({"found": together(rows, today=day), "day": day})
    return Parts(module.hint(due_words), module.section(due_words))  # type: ignore[attr-defined]
