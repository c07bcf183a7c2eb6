"""How dates, periods and numbers read in German pages."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask import Flask
from markupsafe import Markup

from tracker.core import icons
from tracker.core.periods import BERLIN, Period
from tracker.core.problems import with_label

NOTHING = "–"


def day(value: date | datetime | None) -> str:
    """Return "15.10.2026" (a moment by its day in Berlin), "–" for None."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = value.astimezone(BERLIN).date()
    return f"{value.day:02d}.{value.month:02d}.{value.year}"


def moment(value: datetime | None) -> str:
    """Return "15.10.2026, 14:05 Uhr" in Berlin time, "–" for None."""
    if value is None:
        return NOTHING
    local = value.astimezone(BERLIN)
    return f"{day(local)}, {local:%H:%M} Uhr"


def number(value: Decimal | int | None, places: int | None = None) -> str:
    """Return "1.250,5": German separators, decimals as given or to `places`; "–" for None."""
    if value is None:
        return NOTHING
    text = f"{value:,f}" if places is None else f"{value:,.{places}f}"
    if isinstance(value, int) and places is None:
        text = f"{value:,d}"
    return text.translate(str.maketrans(",.", ".,"))


def euro(value: Decimal | int | None) -> str:
    """Return "1.250,50 €"; "–" for None, because unknown is not 0."""
    return NOTHING if value is None else f"{number(value, 2)}\N{NO-BREAK SPACE}€"


def period(key: str) -> str:
    """Return "Q3/2026" for tables."""
    return Period.parse(key).label


def period_long(key: str) -> str:
    """Return "3. Quartal 2026" for text."""
    return Period.parse(key).long_label


def counted(count: int, one: str, many: str) -> str:
    """Return "1 Meldung", "3 Meldungen", "keine Meldungen"."""
    if count == 0:
        return f"keine {many}"
    return f"{number(count)} {one if count == 1 else many}"


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
        with_label=lambda text, label: with_label(label, text),
    )
    app.jinja_env.globals.update(icon=icon, labels=labels)
