"""`tracker snapshot list|show|verify`: the record of what was published."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from tracker.core.cli.database import reading
from tracker.core.cli.frame import CommandError, add_command, add_format, add_group, add_round
from tracker.core.settings import Settings

if TYPE_CHECKING:
    from tracker.publication.queries.published import Publication


def register(commands: Any) -> None:
    group = add_group(commands, "snapshot", text="Veröffentlichte Stände zeigen und prüfen")
    listing = add_command(group, "list", list_, text="alle veröffentlichten Fassungen auflisten")
    showing = add_command(
        group,
        "show",
        show,
        text="eine Fassung ausgeben, Zeichen für Zeichen wie veröffentlicht",
        more="Ihre Prüfsumme ist die des Befehls sha256sum. Mit --format json steht sie dabei.",
    )
    add_round(showing)
    showing.add_argument(
        "--version", type=int, metavar="ZAHL", help="Fassung (Vorgabe: die geltende)"
    )
    verifying = add_command(
        group,
        "verify",
        verify,
        text="alle Fassungen gegen ihre Prüfsummen prüfen",
        more="Ende mit 1, wenn eine nicht stimmt.",
    )
    for parser in (listing, showing, verifying):
        add_format(parser, "text", "json", default="text")


def list_(arguments: argparse.Namespace, settings: Settings) -> None:
    """Print round, version and hash of every publication, newest first."""
    from tracker.publication.queries import snapshots

    with reading(settings) as session:
        found = snapshots.list_snapshots(session)
    if arguments.format == "json":
        _print_json([_facts(item) for item in found])
        return
    if not found:
        print("Es ist noch keine Runde veröffentlicht.")
    for item in found:
        reason = f"  Korrektur: {item.reason}" if item.reason else ""
        print(
            f"{item.period}  Fassung {item.version}  {item.sha256}  "
            f"{item.published_on:%d.%m.%Y}{reason}"
        )


def show(arguments: argparse.Namespace, settings: Settings) -> None:
    """Print one snapshot's canonical JSON."""
    from tracker.publication.queries import snapshots

    with reading(settings) as session:
        item, text = snapshots.show(session, period=arguments.round, version=arguments.version)
    if arguments.format == "json":
        _print_json({**_facts(item), "document": json.loads(text)})
        return
    # As bytes: the hash is one of UTF-8, whatever the terminal's encoding is.
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))


def verify(arguments: argparse.Namespace, settings: Settings) -> None:
    """Check every hash and every derived part."""
    from tracker.publication.queries import snapshots

    with reading(settings) as session:
        found = snapshots.verify(session)
    if arguments.format == "json":
        _print_json(
            [
                {
                    "round": item.period,
                    "version": item.version,
                    "sha256": item.sha256,
                    "intact": item.is_intact,
                    "problems": list(item.problems),
                }
                for item in found
            ]
        )
    else:
        for item in found:
            verdict = "stimmt" if item.is_intact else "STIMMT NICHT"
            print(f"{item.period}  Fassung {item.version}  {item.sha256}  {verdict}")
            for problem in item.problems:
                print(f"  {problem}")
        if not found:
            print("Es ist noch keine Runde veröffentlicht.")
    broken = [item for item in found if not item.is_intact]
    if broken:
        raise CommandError(
            f"{len(broken)} von {len(found)} Fassungen sind nicht unversehrt. Bitte spielen Sie "
            "eine Sicherung ein und prüfen Sie, wer auf die Datenbank zugreifen kann."
        )


def _facts(item: Publication) -> dict[str, Any]:
    return {
        "round": item.period,
        "version": item.version,
        "sha256": item.sha256,
        "published_at": item.published_at.isoformat(),
        "reason": item.reason,
    }


def _print_json(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2))
