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
    from tracker.publication.queries import published

    with reading(settings) as session:
        publications = published.versions(session)
    if arguments.format == "json":
        _print_json([_facts(publication) for publication in publications])
        return
    if not publications:
        print("Es ist noch keine Runde veröffentlicht.")
    for publication in publications:
        reason = f"  Korrektur: {publication.reason}" if publication.reason else ""
        print(
            f"{publication.period}  Fassung {publication.version}  {publication.sha256}  "
            f"{publication.published_on:%d.%m.%Y}{reason}"
        )


def show(arguments: argparse.Namespace, settings: Settings) -> None:
    """Print one snapshot's canonical JSON."""
    from tracker.publication.queries import snapshots

    with reading(settings) as session:
        publication, text = snapshots.show(
            session, period=arguments.round, version=arguments.version
        )
    if arguments.format == "json":
        _print_json({**_facts(publication), "document": json.loads(text)})
        return
    # As bytes: the hash is one of UTF-8, whatever the terminal's encoding is.
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))


def verify(arguments: argparse.Namespace, settings: Settings) -> None:
    """Check every hash and every derived part."""
    from tracker.publication.queries import snapshots

    with reading(settings) as session:
        verifications = snapshots.verify(session)
    if arguments.format == "json":
        _print_json(
            [
                {
                    "round": checked.period,
                    "version": checked.version,
                    "sha256": checked.sha256,
                    "intact": checked.is_intact,
                    "problems": list(checked.problems),
                }
                for checked in verifications
            ]
        )
    else:
        for checked in verifications:
            verdict = "stimmt" if checked.is_intact else "STIMMT NICHT"
            print(f"{checked.period}  Fassung {checked.version}  {checked.sha256}  {verdict}")
            for problem in checked.problems:
                print(f"  {problem}")
        if not verifications:
            print("Es ist noch keine Runde veröffentlicht.")
    broken = [checked for checked in verifications if not checked.is_intact]
    if broken:
        raise CommandError(
            f"{len(broken)} von {len(verifications)} Fassungen sind nicht unversehrt. Bitte "
            "spielen Sie eine Sicherung ein und prüfen Sie, wer auf die Datenbank zugreifen kann."
        )


def _facts(publication: Publication) -> dict[str, Any]:
    return {
        "round": publication.period,
        "version": publication.version,
        "sha256": publication.sha256,
        "published_at": publication.published_at.isoformat(),
        "reason": publication.reason,
    }


def _print_json(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2))
