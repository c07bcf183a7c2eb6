"""`tracker export concept|report`: documents into a file or to the standard output."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tracker.cli.database import reading
from tracker.cli.frame import CommandError, add_command, add_format, add_group
from tracker.rules.periods import local_day
from tracker.settings import Settings

STDOUT = "-"


def register(commands: Any) -> None:
    """Add the commands."""
    group = add_group(commands, "export", text="Konzept und Bericht als Datei ausgeben")
    parser = add_command(
        group,
        "concept",
        concept,
        text="das ganze Konzept ausgeben: Handlungsfelder, Ziele, Maßnahmen",
    )
    add_format(parser, "json")
    add_output(parser, required=False)


def add_output(parser: Any, *, required: bool) -> None:
    """Add `--output`; `-` is the standard output."""
    parser.add_argument(
        "--output",
        metavar="DATEI",
        required=required,
        default=STDOUT,
        help="Zieldatei; - für die Standardausgabe" + ("" if required else " (Vorgabe)"),
    )


def concept(arguments: argparse.Namespace, settings: Settings) -> None:
    """Print the whole hierarchy as JSON."""
    from tracker.queries.concept_export import ConceptMissingError, concept_document

    with reading(settings) as session:
        try:
            document = concept_document(session, today=local_day(datetime.now(UTC)))
        except ConceptMissingError as error:
            raise CommandError(str(error)) from error
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    write(arguments.output, text.encode("utf-8"))


def write(output: str, content: bytes) -> None:
    """Write a file whole or not at all; raises CommandError where the folder does not take it."""
    if output == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    target = Path(output)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise _cannot_write(target, error) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp keeps others out; a document gets the usual rights.
        part.chmod(0o666 & ~_umask())
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _cannot_write(target, error) from error


def _cannot_write(target: Path, error: OSError) -> CommandError:
    return CommandError(
        f"{target} lässt sich nicht schreiben: {error.strerror}. Bitte prüfen Sie Ordner und "
        "Rechte."
    )


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
