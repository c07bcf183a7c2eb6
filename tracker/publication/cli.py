"""`tracker snapshot` and `tracker record`: list, show, verify what was published."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tracker.concept.cli import concept_of
from tracker.core.cli.database import reading
from tracker.core.cli.frame import CommandError, add_command, add_format, add_group, add_round
from tracker.core.german import counted
from tracker.core.settings import Settings

Verified = tuple[dict[str, Any], str, Sequence[str]]

if TYPE_CHECKING:
    from sqlmodel import Session

    from tracker.concept.queries.concepts import ConceptName
    from tracker.core.cli.frame import Parser
    from tracker.publication.queries.published import Publication
    from tracker.publication.queries.records import RecordHead


# What is wrong with what higher areas keep of publications: facts, a name, problems of each.
VERIFIED_TOO: set[Callable[[Session], Iterable[Verified]]] = set()


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
        text="alle Fassungen und aufbewahrten Ausgaben prüfen",
        more=(
            "Geprüft werden Prüfsummen, die Zahlen gegen die Maßnahmen, und ob eine Fassung "
            "fehlt. Ende mit 1, wenn etwas nicht stimmt."
        ),
    )
    for parser in (listing, showing, verifying, *_register_records(commands)):
        add_format(parser, "text", "json", default="text")


def _register_records(commands: Any) -> tuple[Parser, ...]:
    group = add_group(commands, "record", text="Veröffentlichte Stände ohne Runde prüfen")
    listing = add_command(group, "list", list_records, text="alle Stände auflisten")
    showing = add_command(
        group, "show", show_record, text="einen Stand ausgeben, Zeichen für Zeichen"
    )
    showing.add_argument("number", type=int, metavar="NUMMER", help="Nummer aus „record list“")
    verifying = add_command(
        group,
        "verify",
        verify_records,
        text="alle Stände gegen ihre Prüfsummen prüfen",
        more="Ende mit 1, wenn einer nicht stimmt.",
    )
    return listing, showing, verifying


def list_(arguments: argparse.Namespace, settings: Settings) -> None:
    """Print round, version and hash of every publication, newest first."""
    from tracker.concept.queries.concepts import concepts
    from tracker.publication.queries import published

    with reading(settings) as session:
        publications = published.versions(session)
        known = concepts(session)
    if arguments.format == "json":
        _print_json([_facts(publication, known) for publication in publications])
        return
    if not publications:
        print(_NO_ROUND)
    for publication in publications:
        reason = f"  Korrektur: {publication.reason}" if publication.reason else ""
        print(
            f"{_of(publication.concept_id, known)}{publication.period}  "
            f"Fassung {publication.version}  {publication.sha256}  "
            f"{publication.published_on:%d.%m.%Y}{reason}"
        )


def show(arguments: argparse.Namespace, settings: Settings) -> None:
    """Print one snapshot's canonical JSON."""
    from tracker.concept.queries.concepts import concepts
    from tracker.publication.queries import snapshots

    with reading(settings) as session:
        publication, text = snapshots.show(
            session,
            concept_id=concept_of(session, arguments),
            period=arguments.round,
            version=arguments.version,
        )
        known = concepts(session)
    if arguments.format == "json":
        _print_json({**_facts(publication, known), "document": json.loads(text)})
        return
    _print_bytes(text)


def verify(arguments: argparse.Namespace, settings: Settings) -> None:
    """Check every hash and every derived part."""
    from tracker.concept.queries.concepts import concepts
    from tracker.publication.queries import snapshots

    with reading(settings) as session:
        verifications = snapshots.verify(session)
        known = concepts(session)
        further = [one for find in VERIFIED_TOO for one in find(session)]
    _tell_verified(
        arguments.format,
        [
            *(
                (
                    {
                        "concept": _key(checked.concept_id, known),
                        "round": checked.period,
                        "version": checked.version,
                        "sha256": checked.sha256,
                    },
                    "  ".join(
                        (
                            f"{_of(checked.concept_id, known)}{checked.period}",
                            f"Fassung {checked.version}",
                            checked.sha256,
                        )
                    ),
                    checked.problems,
                )
                for checked in verifications
            ),
            *further,
        ],
        none=_NO_ROUND,
        named=_WITH_EXPORTS if further else ("Fassung", "Fassungen"),
    )


def list_records(arguments: argparse.Namespace, settings: Settings) -> None:
    """Print number, area, day, version and hash of every record of an area."""
    from tracker.publication.queries import records

    with reading(settings) as session:
        heads = records.records(session)
    if arguments.format == "json":
        _print_json([_record_facts(head) for head in heads])
        return
    if not heads:
        print(_NO_RECORD)
    for head in heads:
        print(f"{head.record_id}  {_named(head)}")


def show_record(arguments: argparse.Namespace, settings: Settings) -> None:
    """Print one record's canonical JSON."""
    from tracker.publication.queries import records

    with reading(settings) as session:
        heads = {head.record_id: head for head in records.records(session)}
        head = heads.get(arguments.number)
        if head is None:
            raise CommandError(
                f"Einen Stand {arguments.number} gibt es nicht. Auflisten: tracker record list"
            )
        text = records.document_text(session, head.record_id)
    if arguments.format == "json":
        _print_json({**_record_facts(head), "document": json.loads(text)})
        return
    _print_bytes(text)


def verify_records(arguments: argparse.Namespace, settings: Settings) -> None:
    """Check every record of an area."""
    from tracker.publication.queries import records

    with reading(settings) as session:
        verifications = records.verify(session)
    _tell_verified(
        arguments.format,
        [
            (_record_facts(checked.head), _named(checked.head), checked.problems)
            for checked in verifications
        ],
        none=_NO_RECORD,
        named=("Stand", "Ständen"),
    )


_WITH_EXPORTS = ("Fassung oder Ausgabe", "Fassungen und Ausgaben")
_NO_ROUND = "Es ist noch keine Runde veröffentlicht."
_NO_RECORD = "Es ist noch kein Stand ohne Runde veröffentlicht."


def _named(head: RecordHead) -> str:
    subject = f" {head.subject}" if head.subject else ""
    return (
        f"{head.area}{subject}  Stand vom {head.as_of:%d.%m.%Y}  Fassung {head.version}  "
        f"{head.sha256}"
    )


def _record_facts(head: RecordHead) -> dict[str, Any]:
    return {
        "number": head.record_id,
        "area": head.area,
        "subject": head.subject,
        "format": head.format,
        "as_of": head.as_of.isoformat(),
        "version": head.version,
        "sha256": head.sha256,
        "published_at": head.published_at.isoformat(),
        "reason": head.reason,
    }


def _print_bytes(text: str) -> None:
    # As bytes: the hash is one of UTF-8, whatever the terminal's encoding is.
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))


def _tell_verified(
    form: str,
    verified: Sequence[Verified],
    *,
    none: str,
    named: tuple[str, str],
) -> None:
    """Print what was verified (facts, name, problems); raises CommandError where one is broken."""
    if form == "json":
        _print_json(
            [
                {**facts, "intact": not problems, "problems": list(problems)}
                for facts, _, problems in verified
            ]
        )
    else:
        for _, name, problems in verified:
            print(f"{name}  {'STIMMT NICHT' if problems else 'stimmt'}")
            for problem in problems:
                print(f"  {problem}")
        if not verified:
            print(none)
    broken = sum(bool(problems) for *_, problems in verified)
    if broken:
        raise CommandError(
            f"Nicht unversehrt: {broken}, geprüft: {counted(len(verified), *named)}. Bitte "
            "spielen Sie eine Sicherung ein und prüfen Sie, wer auf die Datenbank zugreifen kann."
        )


def _key(concept_id: int, known: Sequence[ConceptName]) -> str:
    return next(concept.key for concept in known if concept.id == concept_id)


def _of(concept_id: int, known: Sequence[ConceptName]) -> str:
    """Return the beginning of a line that says which concept it is of, where there are several."""
    return f"{_key(concept_id, known)}  " if len(known) > 1 else ""


def _facts(publication: Publication, known: Sequence[ConceptName]) -> dict[str, Any]:
    return {
        "concept": _key(publication.concept_id, known),
        "round": publication.period,
        "version": publication.version,
        "sha256": publication.sha256,
        "published_at": publication.published_at.isoformat(),
        "reason": publication.reason,
    }


def _print_json(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2))
