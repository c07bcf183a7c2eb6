"""The frame of every command: a parser that speaks German, and the refusal with its remedy."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, NoReturn

from tracker.core.periods import BERLIN, Period, PeriodError
from tracker.core.settings import Settings

Command = Callable[[argparse.Namespace, Settings], int | None]

# What argparse itself says in English; anything else passes unchanged.
_GERMAN = (
    (r"the following arguments are required: (.*)", r"Es fehlt: \1."),
    (r"unrecognized arguments: (.*)", r"Unbekannt: \1."),
    (
        r"(?:argument (.*?): )?invalid choice: '?(.*?)'? \(choose from (.*)\)",
        r"„\2“ gibt es nicht. Möglich: \3.",
    ),
    (r"argument (.*?): expected one argument", r"\1 braucht einen Wert."),
    (r"argument (.*?): expected at least one argument", r"\1 braucht mindestens einen Wert."),
    (r"argument (.*?): not allowed with argument (.*)", r"\1 und \2 schließen sich aus."),
    (r"one of the arguments (.*) is required", r"Es fehlt eines von: \1."),
    (r"argument (.*?): invalid int value: '(.*)'", r"\1: „\2“ ist keine ganze Zahl."),
    (r"ambiguous option: (.*?) could match (.*)", r"\1 ist mehrdeutig: \2."),
    (r"argument (.*?): ", r"\1: "),
)


class CommandError(Exception):
    """A command cannot do what was asked; the German message names the remedy. Exit code 1."""


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "Aufruf: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, formatter_class=_Formatter, allow_abbrev=False, **options)
        self._positionals.title = "Befehle und Argumente"
        self._optionals.title = "Optionen"
        self.add_argument("-h", "--help", action="help", help="diese Hilfe zeigen")

    def add_commands(self) -> Any:
        """Open a group of commands; one of them must be named."""
        return self.add_subparsers(metavar="BEFEHL", required=True, parser_class=Parser)

    def error(self, message: str) -> NoReturn:
        """Say in German what is wrong with the call and where the help is; exit code 2."""
        for pattern, german in _GERMAN:
            message, replaced = re.subn(f"^{pattern}", german, message)
            if replaced:
                break
        print(f"Fehler: {message}\nHilfe: {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def add_command(commands: Any, name: str, run: Command, *, text: str, more: str = "") -> Parser:
    """Add one command: `text` is its line in the list, `more` what `--help` says besides."""
    parser: Parser = commands.add_parser(name, help=text, description=f"{text}. {more}".strip())
    parser.set_defaults(run=run)
    return parser


def add_group(commands: Any, name: str, *, text: str) -> Any:
    """Add a group of commands such as `tracker round …`."""
    parser: Parser = commands.add_parser(name, help=text, description=f"{text}.")
    return parser.add_commands()


def period_key(text: str) -> str:
    """Read a `--round` such as 2026-Q3; raises argparse's error with the German sentence."""
    try:
        return Period.parse(text).key
    except PeriodError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def german_day(text: str) -> date:
    """Read a day, 2026-10-15 or 15.10.2026; raises argparse's error with the German sentence."""
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise argparse.ArgumentTypeError(
        f"„{text}“ ist kein Tag. Erwartet wird z. B. 2026-10-15 oder 15.10.2026."
    )


def german_moment(text: str) -> datetime:
    """Read an ISO moment, without offset as one in Europe/Berlin; returns it in UTC.

    Raises argparse's error with the German sentence.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not re.search(r"\d[T ]\d", text):
        raise argparse.ArgumentTypeError(
            f"„{text}“ ist kein Zeitpunkt. Erwartet wird z. B. 2026-10-12T08:00 (Ortszeit) "
            "oder 2026-10-12T08:00+02:00."
        )
    return (moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)).astimezone(UTC)


def add_round(parser: Parser, *, text: str = "Zeitraum der Runde, z. B. 2026-Q3") -> None:
    """Add `--round` and the concept that it is one of."""
    parser.add_argument("--round", required=True, type=period_key, metavar="ZEITRAUM", help=text)
    add_concept(parser)


def add_concept(parser: Parser) -> None:
    """Add `--concept`, which may be left out while there is only one (`tracker.concept.cli`)."""
    parser.add_argument(
        "--concept",
        default="",
        metavar="SCHLÜSSEL",
        help="Schlüssel des Konzepts aus „concept list“ (Vorgabe: das einzige)",
    )


def add_format(parser: Parser, *choices: str, default: str | None = None) -> None:
    """Add `--format`; required where there is no default."""
    parser.add_argument(
        "--format",
        choices=choices,
        default=default,
        required=default is None,
        help="Form der Ausgabe: " + ", ".join(choices),
    )
