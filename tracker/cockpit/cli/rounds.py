"""`tracker round plan|open|close|publish`."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tracker.cockpit.cli import round_plan
from tracker.core.cli.database import writing
from tracker.core.cli.frame import CommandError, add_command, add_group, add_round, german_day
from tracker.core.german import day
from tracker.core.periods import Period
from tracker.core.settings import Settings
from tracker.reporting.rules.rounds import RoundState

if TYPE_CHECKING:
    from sqlmodel import Session

    from tracker.reporting.models import Round


def register(commands: Any) -> None:
    group = add_group(
        commands, "round", text="Berichtsrunden planen, eröffnen, schließen, veröffentlichen"
    )
    round_plan.register(group)
    parser = add_command(
        group,
        "open",
        open_,
        text="eine Runde eröffnen, sie wird angelegt, falls es sie nicht gibt",
        more="Je berichtspflichtiger Maßnahme wird eine Meldung der federführenden Institution "
        "erwartet.",
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
        "publish",
        publish,
        text="eine geschlossene Runde veröffentlichen",
        more="Schreibt eine unveränderliche Momentaufnahme. Mit --reason wird eine schon "
        "veröffentlichte Runde berichtigt; die frühere Fassung bleibt.",
    )
    add_round(parser)
    parser.add_argument("--reason", default="", metavar="TEXT", help="Begründung einer Korrektur")


def open_(arguments: argparse.Namespace, settings: Settings) -> None:
    """Open a round; plan it first where there is none."""
    from tracker.concept.queries.concept import current_edition
    from tracker.reporting.rounds.actions import rounds

    period, now = Period.parse(arguments.round), datetime.now(UTC)
    with writing(settings) as session:
        concept_id = current_edition(session).concept_id
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
                f"{day(round_.due_on)}. --due gilt nur für eine neue Runde."
            )
        count = rounds.open_round(session, round_=round_, by=None, now=now)
        due_on = round_.due_on
    print(f"{period.label} ist eröffnet: {count} Meldungen bis {day(due_on)} erwartet.")


def close(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.reporting.rounds.actions import rounds

    with writing(settings) as session:
        round_ = _round(session, arguments.round)
        rounds.close_round(session, round_=round_, by=None, now=datetime.now(UTC))
    print(f"{Period.parse(arguments.round).label} ist geschlossen.")


def publish(arguments: argparse.Namespace, settings: Settings) -> None:
    """Publish a closed round, or the correction of a published one."""
    from tracker.publication.actions import publication
    from tracker.publication.queries.publication_facts import instance_of

    now, instance = datetime.now(UTC), instance_of(settings)
    with writing(settings) as session:
        round_ = _round(session, arguments.round)
        _begin_correction(session, round_, arguments.reason, now)
        snapshot = publication.publish(session, round_=round_, by=None, now=now, instance=instance)
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


def _round(session: Session, key: str) -> Round:
    from tracker.concept.queries.concept import current_edition
    from tracker.reporting.rounds.actions import rounds

    period = Period.parse(key)
    round_ = rounds.find(session, concept_id=current_edition(session).concept_id, period=period)
    if round_ is None:
        raise CommandError(
            f"Die Runde {period.label} gibt es nicht. Anlegen und eröffnen: "
            f"tracker round open --round {period.key}"
        )
    return round_
