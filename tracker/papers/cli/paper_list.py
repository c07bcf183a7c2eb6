"""`tracker export list|template|schema`: what was made, the office's template, the schema."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.core.cli.database import reading, writing
from tracker.core.cli.frame import CommandError, add_command, add_format, period_key
from tracker.core.periods import BERLIN
from tracker.core.settings import Settings
from tracker.papers.cli.papers import STDOUT, add_output, deliver
from tracker.papers.rules.exporting import ExportFormat

if TYPE_CHECKING:
    from tracker.papers.queries.exports import OrderRow


def register(group: Any) -> None:
    """Add the commands to `tracker export`."""
    parser = add_command(group, "list", list_, text="erstellte und bestellte Ausgaben auflisten")
    parser.add_argument("--round", type=period_key, metavar="ZEITRAUM", help="nur diese Runde")
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
    add_output(parser, default=STDOUT)


def list_(arguments: argparse.Namespace, settings: Settings) -> None:
    """Print the papers that were ordered or made, the newest first."""
    from tracker.papers.queries.exports import orders

    with reading(settings) as session:
        rows = orders(session, period=arguments.round)
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
    from tracker.papers.rules.files import MIMETYPES, Export
    from tracker.papers.writers.to_json import SCHEMA_NAME, schema_text

    content = schema_text().encode("utf-8")
    deliver(Export(SCHEMA_NAME, MIMETYPES[ExportFormat.JSON], content), arguments)


def _checked(path: Path) -> bytes:
    from tracker.papers.writers.docx.template import check

    try:
        content = path.read_bytes()
    except OSError as error:
        raise CommandError(
            f"{path} lässt sich nicht lesen: {error.strerror}. Bitte prüfen Sie den Pfad."
        ) from error
    problems = check(content)
    if problems:
        raise CommandError("\n".join(("Das geht nicht als Word-Vorlage:", *map(str, problems))))
    return content


def _print(row: OrderRow) -> None:
    from tracker.papers.words import EXPORT_FORMAT, EXPORT_KIND, ORDER_STATE

    request = row.request
    print(
        f"{row.id}  {row.period.label} Fassung {row.version}  {EXPORT_KIND[request.kind].text}, "
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
