"""`tracker export concept|questionnaire|…`: documents into a file or to standard output."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from tracker.core.cli.database import reading
from tracker.core.cli.frame import add_command, add_format, add_group, add_round
from tracker.core.periods import local_day
from tracker.core.settings import Settings
from tracker.papers.cli import paper_list, papers
from tracker.papers.cli.papers import STDOUT, deliver
from tracker.papers.rules.exporting import ExportFormat


def register(commands: Any) -> None:
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
    papers.register(group)
    paper_list.register(group)
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
    from tracker.concept.queries.concept import read_concept
    from tracker.concept.rules.document import concept_document
    from tracker.papers.rules.files import MIMETYPES, Export

    with reading(settings) as session:
        document = concept_document(read_concept(session, day=local_day(datetime.now(UTC))))
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    content = text.encode("utf-8")
    deliver(Export("integrationskonzept.json", MIMETYPES[ExportFormat.JSON], content), arguments)


def questionnaire(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.papers.rules.files import MIMETYPES, Export
    from tracker.reporting.questionnaire.queries import questionnaires
    from tracker.reporting.questionnaire.workbook.writer import write

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
    deliver(Export(name, MIMETYPES[ExportFormat.XLSX], write(about)), arguments)
