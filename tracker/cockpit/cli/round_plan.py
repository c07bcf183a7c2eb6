"""`tracker round plan`: a year of rounds ahead."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from tracker.core import german
from tracker.core.cli.database import writing
from tracker.core.cli.frame import CommandError, add_command, add_format
from tracker.core.periods import local_day
from tracker.core.settings import Settings
from tracker.reporting.rounds.words import ROUND_DATE, concern_text
from tracker.reporting.rules.planning import DATE_FIELDS, YEARS_AHEAD, Concern, Pattern, concerns
from tracker.reporting.words import ROUND_STATE

if TYPE_CHECKING:
    from tracker.reporting.rounds.queries.round_planning import Slot


def register(group: Any) -> None:
    parser = add_command(
        group,
        "plan",
        plan,
        text="die Runden eines Jahres planen",
        more="Jeder Zeitraum, der noch keine Runde hat, bekommt eine geplante: Die Uhr eröffnet "
        "sie am Tag nach dem Zeitraum und schließt sie 14 Tage nach der Abgabefrist. Was es schon "
        "gibt, bleibt unverändert. Zeiträume, deren Abgabefrist vorbei ist, werden ausgelassen.",
    )
    parser.add_argument("--year", required=True, type=_year, metavar="JAHR", help="z. B. 2027")
    parser.add_argument(
        "--pattern",
        choices=[item.value for item in Pattern],
        default=Pattern.QUARTER.value,
        help="quarter: vier Quartale (Vorgabe), half: zwei Halbjahre",
    )
    add_format(parser, "text", "json", default="text")


def plan(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.concept.queries.concept import current_edition
    from tracker.reporting.rounds.actions import round_planning
    from tracker.reporting.rounds.queries import round_planning as queries

    now = datetime.now(UTC)
    today = local_day(now)
    if arguments.year > today.year + YEARS_AHEAD:
        raise CommandError(
            f"{arguments.year} liegt mehr als {YEARS_AHEAD} Jahre voraus. Bitte prüfen Sie das "
            "Jahr."
        )
    with writing(settings) as session:
        concept_id = current_edition(session).concept_id
        slots = queries.year(
            session,
            concept_id=concept_id,
            year=arguments.year,
            pattern=Pattern(arguments.pattern),
            due_day=settings.due_day,
        )
        new = [slot for slot in slots if slot.is_free and not slot.is_over(today)]
        round_planning.plan_rounds(
            session,
            concept_id=concept_id,
            dates={slot.period: slot.dates for slot in new},
            resubmit_days=settings.resubmit_days,
            by=None,
            now=now,
        )
    rows = [_row(slot, planned=slot in new, today=today) for slot in slots]
    if arguments.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(row) for row in rows))


def _year(text: str) -> int:
    if not text.isdigit() or not 2000 <= int(text) <= 2099:
        raise argparse.ArgumentTypeError(f"„{text}“ ist kein Jahr. Erwartet wird z. B. 2027.")
    return int(text)


def _row(slot: Slot, *, planned: bool, today: date) -> dict[str, Any]:
    """Return a period as JSON says it; the dates are None where there is no round."""
    from tracker.core.holidays_nrw import holidays_around

    there = planned or slot.state is not None
    days = [day for _, day in slot.dates.named()]
    found: tuple[Concern, ...] = ()
    if planned:
        holidays = holidays_around(days)
        found = concerns(slot.period, slot.dates, holidays=holidays, today=today)
    return {
        "round": slot.period.key,
        "planned": planned,
        "left_out": "" if there else _why_not(slot),
        "state": "planned" if planned else slot.state,
        **{name: _iso(getattr(slot.dates, name)) if there else None for name in DATE_FIELDS},
        "warnings": [
            {
                "date": item.field,
                "day": item.day.isoformat(),
                "kind": item.kind.value,
                "text": concern_text(item),
            }
            for item in found
        ],
    }


def _why_not(slot: Slot) -> str:
    if slot.overlaps is not None:
        return f"überschneidet sich mit der Runde {slot.overlaps.label}"
    if not slot.has_edition:
        return "damals galt noch keine Fassung des Konzepts"
    return f"die Abgabefrist {german.day(slot.dates.due_on)} ist vorbei"


def _lines(row: dict[str, Any]) -> str:
    if row["left_out"]:
        return f"{row['round']}  nicht geplant: {row['left_out']}"
    what = "neu geplant" if row["planned"] else f"schon da, {ROUND_STATE[row['state']].text}"
    days = ", ".join(
        f"{ROUND_DATE[name].text} {german.day(date.fromisoformat(row[name]))}"
        for name in DATE_FIELDS
        if row[name]
    )
    warnings = [
        f"         Hinweis: {ROUND_DATE[item['date']].text} "
        f"{german.day(date.fromisoformat(item['day']))}: {item['text']}"
        for item in row["warnings"]
    ]
    return "\n".join([f"{row['round']}  {what}: {days}", *warnings])


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
