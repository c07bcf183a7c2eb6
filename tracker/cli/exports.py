"""`tracker export concept|report|questionnaire`: documents into a file or to standard output."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.cli.database import reading
from tracker.cli.frame import CommandError, add_command, add_format, add_group, add_round
from tracker.rules.periods import local_day
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.exports.service import Export

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
    parser.add_argument(
        "--output",
        metavar="ZIEL",
        default=STDOUT,
        help="Datei oder Ordner; - für die Standardausgabe (Vorgabe)",
    )
    parser = add_command(
        group,
        "report",
        report,
        text="den Controllingbericht einer veröffentlichten Runde ausgeben",
        more="Derselbe Aufruf ergibt immer dieselben Bytes.",
    )
    add_round(parser)
    parser.add_argument(
        "--version", type=int, metavar="ZAHL", help="Fassung (Vorgabe: die geltende)"
    )
    add_format(parser, "pdf", "xlsx", "json")
    parser.add_argument(
        "--output",
        metavar="ZIEL",
        required=True,
        help="Datei oder Ordner; - für die Standardausgabe",
    )

    parser = add_command(
        group,
        "questionnaire",
        questionnaire,
        text="den Erhebungsbogen einer Institution für eine laufende Runde ausgeben",
        more="Vorausgefüllt mit dem, was jetzt in den Meldungen steht.",
    )
    add_round(parser)
    parser.add_argument(
        "--institution", required=True, metavar="KENNZEICHEN", help="Kennzeichen der Institution"
    )
    parser.add_argument(
        "--output",
        metavar="ZIEL",
        required=True,
        help="Datei oder Ordner; - für die Standardausgabe",
    )


def concept(arguments: argparse.Namespace, settings: Settings) -> None:
    """Write the whole hierarchy as JSON."""
    from tracker.exports.service import MIMETYPES, Export, ExportFormat
    from tracker.queries.concept_export import ConceptMissingError, concept_document

    with reading(settings) as session:
        try:
            document = concept_document(session, today=local_day(datetime.now(UTC)))
        except ConceptMissingError as error:
            raise CommandError(str(error)) from error
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    content = text.encode("utf-8")
    _deliver(Export("integrationskonzept.json", MIMETYPES[ExportFormat.JSON], content), arguments)


def report(arguments: argparse.Namespace, settings: Settings) -> None:
    """Write the Controllingbericht of a published round."""
    from tracker.exports.glyphs import FontsMissingError
    from tracker.exports.service import ExportFormat, render

    with reading(settings) as session:
        try:
            export = render(
                session,
                period=arguments.round,
                version=arguments.version,
                export_format=ExportFormat(arguments.format),
            )
        except FontsMissingError as error:
            raise CommandError(str(error)) from error
    _deliver(export, arguments)


def questionnaire(arguments: argparse.Namespace, settings: Settings) -> None:
    """Write the Erhebungsbogen of an institution."""
    from tracker.exports.service import MIMETYPES, Export, ExportFormat
    from tracker.queries import questionnaires
    from tracker.questionnaire.writer import write

    with reading(settings) as session:
        round_id, institution_id = questionnaires.ids_of(
            session, period=arguments.round, institution_key=arguments.institution
        )
        about = questionnaires.questionnaire(
            session,
            round_id=round_id,
            institution_id=institution_id,
            by=None,
            office=settings.office_name,
            now=datetime.now(UTC),
        )
    name = f"Erhebungsbogen-{about.period.key}-{about.institution_key}.xlsx"
    _deliver(Export(name, MIMETYPES[ExportFormat.XLSX], write(about)), arguments)


def _deliver(export: Export, arguments: argparse.Namespace) -> None:
    """Write to the standard output, or a file whole or not at all."""
    from tracker.exports.service import write

    if arguments.output == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(export.content)
        return
    try:
        path = write(export, target=Path(arguments.output))
    except OSError as error:
        raise CommandError(
            f"{arguments.output} lässt sich nicht schreiben: {error.strerror}. Bitte prüfen Sie "
            "Ordner und Rechte."
        ) from error
    print(f"Geschrieben: {path} ({len(export.content)} Bytes)")
