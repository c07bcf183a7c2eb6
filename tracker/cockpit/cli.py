"""`tracker round plan|open|close|cancel|publish`."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from tracker.concept.cli import concept_of
from tracker.core.cli.database import in_force, writing
from tracker.core.cli.frame import (
    CommandError,
    add_command,
    add_concept,
    add_format,
    add_group,
    add_round,
    german_day,
)
from tracker.core.german import counted
from tracker.core.german import day as written_day
from tracker.core.periods import Period, local_day
from tracker.core.settings import Settings
from tracker.reporting.rules.planning import DATE_FIELDS, YEARS_AHEAD, Concern, Pattern, concerns
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.words import ROUND_DATE, ROUND_STATE, concern_text

if TYPE_CHECKING:
    from sqlmodel import Session

    from tracker.reporting.models import Round
    from tracker.reporting.rounds.queries.round_planning import Slot


def register(commands: Any) -> None:
    group = add_group(
        commands, "round", text="Berichtsrunden planen, eröffnen, schließen, veröffentlichen"
    )
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
        choices=[pattern.value for pattern in Pattern],
        help="quarter: vier Quartale, half: zwei Halbjahre; sonst wie eingestellt (RHYTHM)",
    )
    add_concept(parser)
    add_format(parser, "text", "json", default="text")
    parser = add_command(
        group,
        "open",
        open_,
        text="eine Runde eröffnen, sie wird angelegt, falls es sie nicht gibt",
        more="Zu jeder Maßnahme, über die berichtet wird, wird eine Meldung der federführenden "
        "Institution erwartet.",
    )
    add_round(parser)
    parser.add_argument(
        "--due",
        type=german_day,
        metavar="TAG",
        help="Abgabefrist einer neuen Runde, z. B. 2026-10-15 (Vorgabe: Einstellung DUE_DAY)",
    )
    add_round(add_command(group, "close", close, text="eine offene Runde schließen"))
    parser = add_command(
        group,
        "cancel",
        cancel,
        text="eine Runde absagen, in der nichts abgegeben ist",
        more="Eine offene Runde braucht eine Begründung; wer um Meldung gebeten war, bekommt eine "
        "Mail. Das lässt sich nicht rückgängig machen.",
    )
    add_round(parser)
    parser.add_argument("--reason", default="", metavar="TEXT", help="Begründung")
    parser = add_command(
        group,
        "publish",
        publish,
        text="eine geschlossene Runde veröffentlichen",
        more="Schreibt eine unveränderliche Momentaufnahme. Mit --reason wird eine schon "
        "veröffentlichte Runde berichtigt; die frühere Fassung bleibt.",
    )
    add_round(parser)
    parser.add_argument("--reason", default="", metavar="TEXT", help="Begründung einer Korrektur")


def open_(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.reporting.rounds.actions import rounds

    period, now = Period.parse(arguments.round), datetime.now(UTC)
    with writing(settings) as session:
        settings = in_force(session, settings, now=now)
        concept_id = concept_of(session, arguments)
        round_ = rounds.find(session, concept_id=concept_id, period=period)
        if round_ is None:
            round_ = rounds.plan(
                session,
                concept_id=concept_id,
                period=period,
                due_on=arguments.due or period.default_due_on(settings.due_day),
                resubmit_days=settings.resubmit_days,
                by=None,
                now=now,
            )
        elif arguments.due not in (None, round_.due_on):
            raise CommandError(
                f"Die Runde {period.label} gibt es schon, mit Abgabefrist "
                f"{written_day(round_.due_on)}. --due gilt nur für eine neue Runde."
            )
        count = rounds.open_round(session, round_=round_, by=None, now=now)
        due_on = round_.due_on
    expected = counted(count, "Meldung", "Meldungen")
    print(f"{period.label} ist eröffnet: {expected} bis {written_day(due_on)} erwartet.")


def close(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.reporting.rounds.actions import rounds

    with writing(settings) as session:
        round_ = _round(session, arguments)
        rounds.close_round(session, round_=round_, by=None, now=datetime.now(UTC))
    print(f"{Period.parse(arguments.round).label} ist geschlossen.")


def cancel(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.reporting.rounds.actions import rounds

    now = datetime.now(UTC)
    with writing(settings) as session:
        round_ = _round(session, arguments)
        rounds.cancel(session, round_=round_, reason=arguments.reason, by=None, now=now)
    print(f"{Period.parse(arguments.round).label} ist abgesagt.")


def publish(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.publication.actions import publication
    from tracker.publication.queries.publication_facts import instance_of

    now = datetime.now(UTC)
    with writing(settings) as session:
        instance = instance_of(in_force(session, settings, now=now))
        round_ = _round(session, arguments)
        _begin_correction(session, round_, arguments.reason, now)
        try:
            snapshot = publication.publish(
                session, round_=round_, by=None, now=now, instance=instance
            )
        except publication.UnchangedCorrection as refusal:
            if not arguments.reason:
                raise
            raise CommandError(
                f"{refusal.what} Bitte berichtigen Sie zuerst, was falsch war. Für eine Meldung "
                "beginnen Sie die Korrektur in der Anwendung."
            ) from refusal
        version, sha256 = snapshot.version, snapshot.sha256
    print(f"{Period.parse(arguments.round).label} ist veröffentlicht: Fassung {version}, {sha256}")


def _begin_correction(session: Session, round_: Round, reason: str, now: datetime) -> None:
    """Begin the correction that a reason asks for; refuse a reason or its absence elsewhere."""
    from tracker.reporting.rounds.actions import rounds

    published = round_.state is RoundState.PUBLISHED
    if published and not reason.strip():
        raise CommandError(
            "Die Runde ist schon veröffentlicht. Eine Korrektur braucht eine Begründung: "
            f"tracker round publish --round {round_.period} --reason „…“"
        )
    if reason and not published:
        raise CommandError(
            "--reason gilt nur für die Korrektur einer veröffentlichten Runde. Bitte rufen Sie "
            "den Befehl ohne --reason auf."
        )
    if published:
        rounds.correct(session, round_=round_, reason=reason, by=None, now=now)


def _round(session: Session, arguments: argparse.Namespace) -> Round:
    from tracker.reporting.rounds.actions import rounds

    period = Period.parse(arguments.round)
    round_ = rounds.find(session, concept_id=concept_of(session, arguments), period=period)
    if round_ is None:
        raise CommandError(
            f"Die Runde {period.label} gibt es nicht. Anlegen und eröffnen: "
            f"tracker round open --round {period.key}"
        )
    return round_


def plan(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.reporting.rounds.actions import rounds
    from tracker.reporting.rounds.queries import round_planning as queries

    now = datetime.now(UTC)
    today = local_day(now)
    if arguments.year > today.year + YEARS_AHEAD:
        raise CommandError(
            f"{arguments.year} liegt mehr als {YEARS_AHEAD} Jahre voraus. Bitte prüfen Sie das "
            "Jahr."
        )
    with writing(settings) as session:
        settings = in_force(session, settings, now=now)
        concept_id = concept_of(session, arguments)
        slots = queries.year(
            session,
            concept_id=concept_id,
            year=arguments.year,
            pattern=Pattern(arguments.pattern or settings.rhythm),
            due_day=settings.due_day,
        )
        new = [slot for slot in slots if slot.is_free and not slot.is_over(today)]
        rounds.plan_rounds(
            session,
            concept_id=concept_id,
            dates={slot.period: slot.dates for slot in new},
            resubmit_days=settings.resubmit_days,
            by=None,
            now=now,
        )
    rows = [_row(slot, planned=slot in new, today=today, region=settings.region) for slot in slots]
    if arguments.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(row) for row in rows))


def _year(text: str) -> int:
    if not text.isdigit() or not 2000 <= int(text) <= 2099:
        raise argparse.ArgumentTypeError(f"„{text}“ ist kein Jahr. Erwartet wird z. B. 2027.")
    return int(text)


def _row(slot: Slot, *, planned: bool, today: date, region: str) -> dict[str, Any]:
    """Return a period as JSON says it; the dates are None where there is no round."""
    from tracker.cockpit.holidays import holidays_around

    there = planned or slot.state is not None
    days = dict(slot.dates.named())
    warnings: tuple[Concern, ...] = ()
    if planned:
        holidays = holidays_around(days.values(), region=region)
        warnings = concerns(slot.period, slot.dates, holidays=holidays, today=today)
    return {
        "round": slot.period.key,
        "planned": planned,
        "left_out": "" if there else _why_not(slot),
        "state": "planned" if planned else slot.state,
        **{
            name: days[name].isoformat() if there and name in days else None for name in DATE_FIELDS
        },
        "warnings": [
            {
                "date": concern.field,
                "day": concern.day.isoformat(),
                "kind": concern.kind.value,
                "text": concern_text(concern),
            }
            for concern in warnings
        ],
    }


def _why_not(slot: Slot) -> str:
    if slot.overlaps is not None:
        return f"überschneidet sich mit der Runde {slot.overlaps.label}"
    if not slot.has_edition:
        return "damals galt noch keine Fassung des Konzepts"
    return f"die Abgabefrist {written_day(slot.dates.due_on)} ist vorbei"


def _lines(row: dict[str, Any]) -> str:
    if row["left_out"]:
        return f"{row['round']}  nicht geplant: {row['left_out']}"
    what = "neu geplant" if row["planned"] else f"schon da, {ROUND_STATE[row['state']].text}"
    days = ", ".join(
        f"{ROUND_DATE[name].text} {written_day(date.fromisoformat(row[name]))}"
        for name in DATE_FIELDS
        if row[name]
    )
    warnings = [
        f"         Hinweis: {ROUND_DATE[warning['date']].text} "
        f"{written_day(date.fromisoformat(warning['day']))}: {warning['text']}"
        for warning in row["warnings"]
    ]
    return "\n".join([f"{row['round']}  {what}: {days}", *warnings])
