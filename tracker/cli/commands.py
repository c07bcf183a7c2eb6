"""All commands of `tracker …`, one module per group; errors are German sentences."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from tracker import areas
from tracker.cli import data, development, processes, upgrading
from tracker.core.cli.frame import CommandError, Parser
from tracker.core.cli.wording import message_of
from tracker.core.errors import Refused
from tracker.core.settings import Settings, SettingsError

REFUSED = 1
INTERRUPTED = 130


def build_parser() -> Parser:
    parser = Parser(
        prog="tracker",
        description="Controlling des Integrationskonzepts: Datenbank, Runden, Ausgaben, Dienste.",
        epilog="Ende mit 0: erledigt; 1: abgelehnt, mit Meldung; 2: falscher Aufruf. "
        "Einstellungen kommen aus der Umgebung: tracker settings.",
    )
    commands = parser.add_commands()
    of_areas = (area for area in areas.modules("cli") if hasattr(area, "register"))
    for module in (upgrading, data, *of_areas, processes, development):
        module.register(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code, raises SystemExit(2) on wrong usage."""
    arguments = build_parser().parse_args(argv)
    # A foreign key finds its table once all are known; `tracker --help` does without.
    import tracker.tables  # noqa: F401

    tuple(areas.modules("area"))  # each says what can be switched off, and what it adds

    try:
        code: int | None = arguments.run(arguments, Settings.from_environment(os.environ))
        sys.stdout.flush()
    except (CommandError, SettingsError, Refused) as error:
        print(f"Fehler: {message_of(error)}", file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; so that exiting does not complain again:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    return code or 0
