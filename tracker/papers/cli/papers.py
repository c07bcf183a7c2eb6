"""`tracker export report|vorlage|mappe|…`: papers of a published round.

Every paper that is made here stands in the same list as those of the browser, with its hash.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.core.cli.database import reading, writing
from tracker.core.cli.frame import CommandError, Parser, add_command, add_format, add_round
from tracker.core.settings import Settings
from tracker.papers.rules.exporting import (
    FORMATS,
    ExportFormat,
    ExportKind,
    ExportRequest,
    VorlageKind,
)

if TYPE_CHECKING:
    from tracker.papers.rules.files import Export

STDOUT = "-"
_SAME = "Derselbe Aufruf ergibt immer dieselben Bytes, auch nach Umbenennungen und Löschungen."


def register(group: Any) -> None:
    """Add the commands to `tracker export`."""
    parser = _paper(group, ExportKind.REPORT, "report", "den Controllingbericht ausgeben")
    _add_scope(parser)
    parser = _paper(
        group, ExportKind.VORLAGE, "vorlage", "den Entwurf der Vorlage für den Ausschuss ausgeben"
    )
    _add_scope(parser, sheets=False)
    _add_vorlage(parser)
    parser = _paper(group, ExportKind.MAPPE, "mappe", "die Quartalsmappe mit allem ausgeben")
    _add_vorlage(parser)
    parser = _paper(group, ExportKind.MEASURE, "measure", "das Blatt einer Maßnahme ausgeben")
    parser.add_argument("--measure", required=True, metavar="NR", help="Nummer, z. B. 3.2")
    parser = _paper(
        group, ExportKind.INSTITUTION, "institution", "das Quartal einer Institution ausgeben"
    )
    parser.add_argument(
        "--institution", required=True, metavar="KENNZEICHEN", help="Kennzeichen der Institution"
    )
    parser = _paper(group, ExportKind.COMPARISON, "comparison", "zwei Runden vergleichen")
    _add_compare(parser, required=True)


def make(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.papers.making.service import load, with_office_template
    from tracker.papers.making.service import make as made
    from tracker.papers.writers.font_coverage import FontsMissingError

    with reading(settings) as session:
        request = _request(arguments)
        if vars(arguments).get("template") is None:
            request = with_office_template(session, request)
        loaded = load(session, request)
    try:
        export = made(loaded, progress=_progress)
    except FontsMissingError as error:
        raise CommandError(str(error)) from error
    deliver(export, arguments)
    _record(settings, loaded.request, export)


def deliver(export: Export, arguments: argparse.Namespace) -> None:
    """Write to the standard output, or a file whole or not at all."""
    from tracker.papers.rules.files import write

    if arguments.output == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(export.content)
        return
    try:
        path = write(export, target=Path(arguments.output))
    except OSError as error:
        raise CommandError(
            f"{arguments.output} lässt sich nicht schreiben: {error.strerror}. Bitte prüfen Sie "
            "Ordner, Rechte und den freien Platz. Eine unvollständige Datei ist nicht entstanden."
        ) from error
    print(f"Geschrieben: {path} ({len(export.content)} Bytes)")


def _request(arguments: argparse.Namespace) -> ExportRequest:
    given = vars(arguments)
    kind = ExportKind(arguments.kind)
    request = ExportRequest(
        kind=kind,
        period=arguments.round,
        version=arguments.version,
        format=ExportFormat(given.get("format") or FORMATS[kind][0]),
        template=given.get("template") or 0,
    )
    names = ("compare", "exceptions_only", "sheets", "measure", "institution", "vorlage")
    return replace(
        request,
        fields=tuple(sorted(set(given.get("fields") or ()))),
        **{name: given[name] for name in names if given.get(name) is not None},
    )


def _record(settings: Settings, request: ExportRequest, export: Export) -> None:
    from tracker.papers.actions.exports import Made, record_made

    made = Made(export.filename, export.mimetype, export.content)
    try:
        with writing(settings) as session:
            record_made(session, request=request, made=made, by=None, now=datetime.now(UTC))
    except CommandError as error:
        # The paper is there; only its line in the list is missing.
        print(f"Hinweis: Die Ausgabe steht nicht in der Liste. {error}", file=sys.stderr)


def _progress(done: int, total: int, step: str) -> None:
    if sys.stderr.isatty():
        print(f"\r[{done}/{total}] {step:<60}", end="\n" if done == total else "", file=sys.stderr)


def _paper(group: Any, kind: ExportKind, name: str, text: str) -> Parser:
    parser = add_command(group, name, make, text=text, more=_SAME)
    add_round(parser)
    parser.add_argument(
        "--version", type=int, metavar="ZAHL", help="Fassung (Vorgabe: die geltende)"
    )
    if len(FORMATS[kind]) > 1:
        add_format(parser, *(item.value for item in FORMATS[kind]))
    if kind is ExportKind.MAPPE or ExportFormat.DOCX in FORMATS[kind]:
        parser.add_argument(
            "--template",
            type=int,
            metavar="NUMMER",
            help="eigene Word-Vorlage; 0: keine (Vorgabe: die eingesetzte)",
        )
    add_output(parser)
    parser.set_defaults(kind=kind.value)
    return parser


def add_output(parser: Parser, *, default: str | None = None) -> None:
    """Add `--output`; required where there is no default."""
    parser.add_argument(
        "--output",
        metavar="ZIEL",
        required=default is None,
        default=default,
        help="Datei oder Ordner; - für die Standardausgabe",
    )


def _add_compare(parser: Parser, *, required: bool = False) -> None:
    parser.add_argument(
        "--compare",
        metavar="ZEITRAUM",
        required=required,
        help="verglichene Runde, z. B. 2026-Q1, oder 2026-Q1/2 für ihre Fassung 2",
    )


def _add_scope(parser: Parser, *, sheets: bool = True) -> None:
    _add_compare(parser)
    parser.add_argument(
        "--field",
        dest="fields",
        type=int,
        action="append",
        metavar="NR",
        help="nur dieses Handlungsfeld (1 bis 9); mehrmals möglich",
    )
    parser.add_argument(
        "--exceptions",
        dest="exceptions_only",
        action="store_true",
        help="nur, was Aufmerksamkeit braucht",
    )
    if sheets:
        parser.add_argument(
            "--no-sheets", dest="sheets", action="store_false", help="ohne Maßnahmenblätter"
        )


def _add_vorlage(parser: Parser) -> None:
    parser.add_argument(
        "--kind",
        dest="vorlage",
        type=VorlageKind,
        choices=list(VorlageKind),
        default=VorlageKind.INFORMATION,
        metavar="ART",
        help="information (zur Kenntnis, Vorgabe) oder resolution (zum Beschluss)",
    )
