"""`tracker export …`: papers and data of published rounds, and what was made of them.

Every paper that is made here stands in the same list as those of the browser, with its hash.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.concept.cli import concept_of
from tracker.core.cli.database import in_force, reading, writing
from tracker.core.cli.frame import (
    CommandError,
    Parser,
    add_command,
    add_concept,
    add_format,
    add_group,
    add_round,
    period_key,
)
from tracker.core.periods import BERLIN, local_day
from tracker.core.settings import Settings
from tracker.core.text import natural_order
from tracker.papers.rules.exporting import (
    FORMATS,
    ExportFormat,
    ExportKind,
    ExportRequest,
    VorlageKind,
)
from tracker.papers.rules.files import MIMETYPES, Export, write
from tracker.publication.cli import VERIFIED_TOO, Verified

if TYPE_CHECKING:
    from sqlmodel import Session

    from tracker.papers.queries.exports import OrderRow

_STDOUT = "-"
_SAME = "Derselbe Aufruf ergibt immer dieselben Bytes, auch nach Umbenennungen und Löschungen."


def register(commands: Any) -> None:
    VERIFIED_TOO.add(_changed_files)
    group = add_group(commands, "export", text="Konzept und Bericht als Datei ausgeben")
    parser = add_command(
        group,
        "concept",
        concept,
        text="das ganze Konzept ausgeben: Handlungsfelder, Ziele, Maßnahmen",
    )
    add_concept(parser)
    add_format(parser, "json")
    _add_output(parser, default=_STDOUT)
    _add_papers(group)
    _add_lists(group)
    parser = add_command(
        group,
        "questionnaire",
        questionnaire,
        text="den Erhebungsbogen einer Institution für eine laufende Runde ausgeben",
        more="Vorausgefüllt mit dem, was jetzt in den Meldungen steht.",
    )
    add_round(parser)
    _add_institution(parser)
    _add_output(parser)


def _changed_files(session: Session) -> Iterator[Verified]:
    """Give the kept files that are no longer what was made."""
    from tracker.papers.queries import exports

    for number, name, sha256 in exports.changed_files(session):
        facts = {"export": number, "file": name, "sha256": sha256}
        yield facts, f"Ausgabe {number}  {name}  {sha256}", [exports.CHANGED]


def concept(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.concept.queries.concept import read_concept
    from tracker.concept.rules.document import concept_document

    with reading(settings) as session:
        concept_id, today = concept_of(session, arguments), local_day(datetime.now(UTC))
        document = concept_document(read_concept(session, concept_id=concept_id, day=today))
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    content = text.encode("utf-8")
    _deliver(Export("integrationskonzept.json", MIMETYPES[ExportFormat.JSON], content), arguments)


def questionnaire(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.reporting.questionnaire.queries import questionnaires
    from tracker.reporting.questionnaire.workbook.writer import write as workbook
    from tracker.reporting.words import districts_of

    now = datetime.now(UTC)
    with reading(settings) as session:
        round_id, institution_id = questionnaires.ids_of(
            session,
            concept_id=concept_of(session, arguments),
            period=arguments.round,
            institution_key=arguments.institution,
        )
        place = in_force(session, settings, now=now)
        about = questionnaires.questionnaire(
            session,
            round_id=round_id,
            institution_id=institution_id,
            by=None,
            office=place.office_name,
            districts=districts_of(place),
            now=now,
        )
    name = f"Erhebungsbogen-{about.period.key}-{about.institution_key}.xlsx"
    _deliver(Export(name, MIMETYPES[ExportFormat.XLSX], workbook(about)), arguments)


def _add_papers(group: Any) -> None:
    parser = _paper(group, ExportKind.REPORT, "report", "den Controllingbericht ausgeben")
    _add_scope(parser)
    parser = _paper(
        group, ExportKind.VORLAGE, "vorlage", "den Entwurf der Vorlage für den Ausschuss ausgeben"
    )
    _add_scope(parser, sheets=False)
    _add_vorlage(parser)
    parser = _paper(group, ExportKind.BUNDLE, "mappe", "die Mappe einer Runde mit allem ausgeben")
    _add_vorlage(parser)
    parser = _paper(group, ExportKind.MEASURE, "measure", "das Blatt einer Maßnahme ausgeben")
    parser.add_argument("--measure", required=True, metavar="NR", help="Nummer, z. B. 3.2")
    parser = _paper(
        group, ExportKind.INSTITUTION, "institution", "die Meldungen einer Institution ausgeben"
    )
    _add_institution(parser)
    parser = _paper(group, ExportKind.COMPARISON, "comparison", "zwei Runden vergleichen")
    _add_compare(parser, required=True)


def make(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.papers.making.service import load, with_office_template
    from tracker.papers.making.service import make as made
    from tracker.papers.writers.font_coverage import FontsMissingError

    with reading(settings) as session:
        concept_of(session, arguments)
        request = _request(arguments)
        if vars(arguments).get("template") is None:
            request = with_office_template(session, request)
        loaded = load(session, request)
    try:
        export = made(loaded, progress=_progress)
    except FontsMissingError as error:
        raise CommandError(str(error)) from error
    _deliver(export, arguments)
    _record(settings, loaded.request, export)


def _deliver(export: Export, arguments: argparse.Namespace) -> None:
    """Write to the standard output, or a file whole or not at all."""
    if arguments.output == _STDOUT:
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
        concept=arguments.concept,
    )
    names = ("compare", "exceptions_only", "sheets", "measure", "institution", "vorlage")
    return replace(
        request,
        fields=tuple(sorted(set(given.get("fields") or ()), key=natural_order)),
        **{name: given[name] for name in names if given.get(name) is not None},
    )


def _record(settings: Settings, request: ExportRequest, export: Export) -> None:
    from tracker.papers.actions.exports import record_made

    try:
        with writing(settings) as session:
            record_made(session, request=request, made=export, by=None, now=datetime.now(UTC))
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
        add_format(parser, *(form.value for form in FORMATS[kind]))
    if kind is ExportKind.BUNDLE or ExportFormat.DOCX in FORMATS[kind]:
        parser.add_argument(
            "--template",
            type=int,
            metavar="NUMMER",
            help="eigene Word-Vorlage; 0: keine (Vorgabe: die eingesetzte)",
        )
    _add_output(parser)
    parser.set_defaults(kind=kind.value)
    return parser


def _add_output(parser: Parser, *, default: str | None = None) -> None:
    """Add `--output`; required where there is no default."""
    parser.add_argument(
        "--output",
        metavar="ZIEL",
        required=default is None,
        default=default,
        help=f"Datei oder Ordner; - für die Standardausgabe{' (Vorgabe)' if default else ''}",
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
        action="append",
        metavar="NR",
        help="nur dieses Handlungsfeld, z. B. 1; mehrmals möglich",
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


def _add_institution(parser: Parser) -> None:
    parser.add_argument(
        "--institution", required=True, metavar="KENNZEICHEN", help="Kennzeichen der Institution"
    )


def _add_lists(group: Any) -> None:
    parser = add_command(group, "list", list_, text="erstellte und bestellte Ausgaben auflisten")
    parser.add_argument("--round", type=period_key, metavar="ZEITRAUM", help="nur diese Runde")
    add_concept(parser)
    add_format(parser, "text", "json", default="text")
    parser = add_command(
        group, "template", template, text="die eigene Word-Vorlage zeigen, einsetzen, absetzen"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("file", nargs="?", metavar="DATEI", help="eine .docx-Datei")
    which.add_argument("--none", action="store_true", help="keine eigene Word-Vorlage mehr")
    parser = add_command(
        group, "schema", schema, text="das JSON-Schema der veröffentlichten Daten ausgeben"
    )
    parser.add_argument(
        "--number",
        type=int,
        choices=(1, 2),
        default=2,
        help="Nummer des Formats; steht in jeder Veröffentlichung unter „format“ (Vorgabe: 2)",
    )
    _add_output(parser, default=_STDOUT)


def list_(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.concept.queries.concepts import the_concept
    from tracker.papers.queries.exports import orders

    with reading(settings) as session:
        named = the_concept(session, arguments.concept) if arguments.concept else None
        rows = orders(session, concept_id=named, period=arguments.round)
    if arguments.format == "json":
        print(json.dumps([_facts(row) for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        _print(row)
    if not rows:
        print("Es ist noch keine Ausgabe erstellt.")


def template(arguments: argparse.Namespace, settings: Settings) -> None:
    """Show the Word template in use, put one into use, or go back to our own look."""
    from tracker.papers.actions import office_templates
    from tracker.papers.queries.exports import template_in_use

    now = datetime.now(UTC)
    if arguments.none:
        with writing(settings) as session:
            office_templates.retire(session, by=None, now=now)
        print("Word-Papiere haben wieder das eigene Aussehen der Anwendung.")
        return
    if arguments.file:
        content = _checked(Path(arguments.file))
        with writing(settings) as session:
            name = Path(arguments.file).name
            number = office_templates.add(
                session, file_name=name, content=content, by=None, now=now
            )
        print(f"Word-Vorlage {number} ist im Einsatz: {name}")
        return
    with reading(settings) as session:
        used = template_in_use(session)
    print(
        f"Word-Vorlage {used.id}: {used.file_name} (SHA-256 {used.sha256})"
        if used
        else "Keine eigene Word-Vorlage; Word-Papiere haben das Aussehen der Anwendung."
    )


def schema(arguments: argparse.Namespace, _settings: Settings) -> None:
    from tracker.papers.writers.to_json import schema_name, schema_text

    number = arguments.number
    content = schema_text(number).encode("utf-8")
    _deliver(Export(schema_name(number), MIMETYPES[ExportFormat.JSON], content), arguments)


def _checked(path: Path) -> bytes:
    from tracker.papers.writers.docx.template import check_apart

    try:
        content = path.read_bytes()
    except OSError as error:
        raise CommandError(
            f"{path} lässt sich nicht lesen: {error.strerror}. Bitte prüfen Sie den Pfad."
        ) from error
    problems = check_apart(content)
    if problems:
        raise CommandError("\n".join(("Das geht nicht als Word-Vorlage:", *map(str, problems))))
    return content


def _print(row: OrderRow) -> None:
    from tracker.papers.words import EXPORT_FORMAT, EXPORT_KIND, ORDER_STATE

    request = row.request
    of_concept = f"{request.concept}  " if request.concept else ""
    print(
        f"{row.id}  {of_concept}{row.period.label} Fassung {row.version}  "
        f"{EXPORT_KIND[request.kind].text}, "
        f"{EXPORT_FORMAT[request.format].text}  {ORDER_STATE[row.state].text}  "
        f"{row.ordered_at.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr  {row.who or 'Befehlszeile'}"
    )
    if row.sha256:
        print(f"  {row.sha256}  {row.file_name}")
    if row.problem:
        print(f"  {row.problem}")


def _facts(row: OrderRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "round": row.period.key,
        "version": row.version,
        "request": row.request.to_dict(),
        "state": row.state,
        "ordered_at": row.ordered_at.isoformat(),
        "who": row.who or None,
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "file_name": row.file_name or None,
        "bytes": row.size or None,
        "sha256": row.sha256 or None,
        "problem": row.problem or None,
    }
