"""What the settings of a group lead to, shown before they are saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.core.german import long_day
from tracker.core.periods import Period
from tracker.core.settings import SettingGroup, Settings
from tracker.core.switching import AREAS, off
from tracker.instance.words import SETTING_CHOICE
from tracker.reporting.rules.planning import Pattern, periods_of, usual_dates


@dataclass(frozen=True)
class Line:
    """A pair of word and value."""

    term: str
    value: str


def preview_of(group: SettingGroup, shown: Settings, *, today: date) -> tuple[Line, ...]:
    """Return the lines of a group whose settings are no texts; those are shown as they stand."""
    if group is SettingGroup.ROUNDS:
        return tuple(_round(period, shown) for period in _next(shown, today, 2))
    if group is SettingGroup.MAILS:
        return tuple(_mails(_next(shown, today, 1)[0], shown))
    if group is SettingGroup.AREAS:
        return tuple(
            Line(area.title, "abgeschaltet" if key in off(shown) else "eingeschaltet")
            for key, area in AREAS.items()
        )
    return ()


def _next(shown: Settings, today: date, count: int) -> list[Period]:
    pattern = Pattern(shown.rhythm)
    periods = [*periods_of(today.year, pattern), *periods_of(today.year + 1, pattern)]
    return [period for period in periods if period.end >= today][:count]


def _round(period: Period, shown: Settings) -> Line:
    dates = usual_dates(period, due_day=shown.due_day)
    return Line(period.long_label, f"Abgabefrist am {long_day(dates.due_on)}")


def _mails(period: Period, shown: Settings) -> list[Line]:
    due_on = usual_dates(period, due_day=shown.due_day).due_on
    hour = SETTING_CHOICE["mail_hour"][str(shown.mail_hour)]
    weekday = SETTING_CHOICE["digest_weekday"][str(shown.digest_weekday)]
    return [
        Line(f"{period.long_label}: Abgabefrist", long_day(due_on)),
        *(
            Line("Erinnerung", f"{long_day(due_on + timedelta(days=offset))}, ab {hour}")
            for offset in shown.reminder_days
        ),
        Line(
            "Hinweis an Sie, was fehlt",
            f"{long_day(due_on + timedelta(days=shown.escalation_days))}, ab {hour}",
        ),
        Line("Wochenüberblick", weekday),
    ]
