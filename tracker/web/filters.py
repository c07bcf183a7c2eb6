"""How dates, periods and numbers read in German pages."""

from __future__ import annotations

from flask import Flask
from markupsafe import Markup

from tracker.core import icons
from tracker.core.german import (
    counted,
    day,
    ended,
    euro,
    every,
    moment,
    number,
    opening,
    plural,
    share,
    verb_for,
)
from tracker.core.periods import Period
from tracker.core.problems import with_label
from tracker.core.text import prose


def period(key: str) -> str:
    """Return "Q3/2026" for tables."""
    return Period.parse(key).label


def period_long(key: str) -> str:
    """Return "3. Quartal 2026" for text."""
    return Period.parse(key).long_label


def icon(name: str, size: int = 16, colour: str | None = None) -> Markup:
    """Return a mark for a template; the word stands beside it."""
    return Markup(icons.svg(name, size=size, colour=colour))  # noqa: S704 - our own drawing


def init_app(app: Flask, *, labels: object) -> None:
    """Make the filters, the icons and `labels` (the words of all areas) known to templates."""
    app.jinja_env.filters.update(
        day=day,
        moment=moment,
        number=number,
        euro=euro,
        period=period,
        period_long=period_long,
        counted=counted,
        plural=plural,
        share=share,
        every=every,
        ended=ended,
        prose=prose,
        upper_first=opening,
        verb_for=verb_for,
        with_label=lambda text, label: with_label(label, text),
    )
    app.jinja_env.globals.update(icon=icon, labels=labels)
