"""Moments of invented steps."""

from __future__ import annotations

from datetime import UTC, date, datetime, time


def at_six(day: date) -> datetime:
    """Return six o'clock UTC of a day."""
    return datetime.combine(day, time(6), tzinfo=UTC)
