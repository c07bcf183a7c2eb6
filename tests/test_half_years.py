"""Rounds may be half-years: no text of the program calls every round a quarter."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Where quarters are offered beside half-years, and where an older word is still understood.
BOTH = {
    "tracker/cockpit/cli.py",
    "tracker/cockpit/web/planning.py",
    "tracker/cockpit/web/templates/rounds/list.html",
    "tracker/core/periods.py",
    "tracker/core/settings.py",
    "tracker/instance/words.py",
    "tracker/reporting/questionnaire/workbook/cells.py",
}
# What only quotes the name of one.
_NAMES = ("3. Quartal 2026", '"2." stays with its "Quartal"', '"Quartale", "calendar"')


@pytest.mark.parametrize("folder", ["tracker", "dashboards"])
def test_no_text_calls_every_round_a_quarter(folder: str) -> None:
    for path in sorted((ROOT / folder).rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in {".py", ".html"} and name not in BOTH:
            text = path.read_text("utf-8")
            for quoted in _NAMES:
                text = text.replace(quoted, "")
            assert "uartal" not in text, name
