"""How much of a published round a report holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """What is chosen: Handlungsfelder by code (none named: all), only exceptions, sheets.

    Figures hold for all measures of the chosen fields. `exceptions_only` leaves measures out of
    tables, lists and sheets, never out of a figure; without `sheets` a paper has no page per
    measure.
    """

    fields: frozenset[str] = frozenset()
    exceptions_only: bool = False
    sheets: bool = True


EVERYTHING = Scope()
