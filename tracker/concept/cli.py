"""`tracker concept list`, and which concept a command is about."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tracker.core.cli.database import reading
from tracker.core.cli.frame import CommandError, add_command, add_format, add_group
from tracker.core.settings import Settings

if TYPE_CHECKING:
    from sqlmodel import Session


def register(commands: Any) -> None:
    group = add_group(commands, "concept", text="Die geladenen Konzepte zeigen")
    parser = add_command(
        group, "list", list_, text="alle Konzepte mit dem Schlüssel auflisten, den --concept nennt"
    )
    add_format(parser, "text", "json", default="text")


def list_(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.concept.queries.concepts import NO_CONCEPT, concepts

    with reading(settings) as session:
        known = concepts(session)
    if arguments.format == "json":
        print(json.dumps([asdict(one) for one in known], ensure_ascii=False, indent=2))
        return
    print("\n".join(f"{one.key}  {one.title}" for one in known) or NO_CONCEPT)


def concept_of(session: Session, arguments: argparse.Namespace) -> int:
    """Return the concept that `--concept` names, without it the only one.

    Raises CommandError where there are several to name, NotFound for one that is not there.
    """
    from tracker.concept.queries.concepts import concepts, the_concept

    known = concepts(session)
    if not arguments.concept and len(known) > 1:
        keys = ", ".join(one.key for one in known)
        raise CommandError(
            f"Es gibt mehrere Konzepte. Bitte nennen Sie eines mit --concept: {keys}"
        )
    return the_concept(session, arguments.concept)
