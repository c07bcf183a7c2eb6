"""How dates, periods and numbers read."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tracker.core.problems import with_label
from tracker.web import filters


@pytest.mark.parametrize(
    ("shown", "reads"),
    [
        (filters.day(date(2026, 3, 5)), "05.03.2026"),
        (filters.day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)), "01.01.2027"),
        (filters.day(None), "–"),
        (filters.moment(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)), "01.07.2026, 14:05 Uhr"),
        (filters.moment(None), "–"),
        (filters.number(1234567), "1.234.567"),
        (filters.number(Decimal("1250.5")), "1.250,5"),
        (filters.number(Decimal("1250.5"), places=2), "1.250,50"),
        (filters.number(0), "0"),
        (filters.number(None), "–"),
        (filters.euro(Decimal("1250.5")), "1.250,50\N{NO-BREAK SPACE}€"),
        (filters.euro(0), "0,00\N{NO-BREAK SPACE}€"),
        (filters.euro(None), "–"),
        (filters.period("2026-Q3"), "Q3/2026"),
        (filters.period_long("2026-Q3"), "3. Quartal 2026"),
        (filters.counted(0, "Meldung", "Meldungen"), "keine Meldungen"),
        (filters.counted(1, "Meldung", "Meldungen"), "1 Meldung"),
        (filters.counted(2, "Meldung", "Meldungen"), "2 Meldungen"),
        (with_label("Frist", "Bitte angeben."), "Frist: Bitte angeben."),
        (with_label("Was ist zu klären?", "Bitte angeben."), "Was ist zu klären? Bitte angeben."),
    ],
)
def test_values_read_in_german(shown: str, reads: str) -> None:
    assert shown == reads
