"""The public holidays of a Land ("NW", ISO 3166-2:DE), by day, with their German names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache


def holidays(years: Iterable[int], *, region: str) -> Mapping[date, str]:
    """Return the holidays of these years, e.g. 2027-11-01: "Allerheiligen"."""
    return {day: name for year in years for day, name in _of(year, region).items()}


def holidays_around(days: Iterable[date | None], *, region: str) -> Mapping[date, str]:
    """Return the holidays of the years of these days, and of the year after each.

    The year after is there for the next working day of a day at New Year's Eve.
    """
    years = {day.year for day in days if day is not None}
    return holidays(sorted(years | {year + 1 for year in years}), region=region)


@lru_cache(maxsize=32)
def _of(year: int, region: str) -> Mapping[date, str]:
    # Loading the library takes half a second: only where somebody plans.
    from holidays.countries.germany import Germany

    return dict(Germany(subdiv=region, years=year, language="de").items())
