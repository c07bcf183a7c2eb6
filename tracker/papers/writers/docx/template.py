"""Templates of Word papers: our own look, or the office's DOCX with its letterhead and its styles.

What can be wrong with it is said before anything is made, with the remedy. A file from elsewhere is
read with care: nothing in it is run, fetched or unpacked beyond a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from tracker.core import apart, archives
from tracker.core.archives import ArchiveError, Fault
from tracker.core.german import listed
from tracker.papers.rules.files import LARGEST_TEMPLATE as LARGEST
from tracker.papers.writers.docx import package as docx_package
from tracker.papers.writers.docx.styles import REQUIRED, W, names

_DEFAULT = Path(__file__).parent / "default_template"
# A report on 58 measures, which may well be the template, has 31 parts and 1.5 MB with 82,000
# tags; saved by LibreOffice 2.7 MB with 123,000. Pictures of a letterhead hardly shrink.
LIMITS = archives.Limits(parts=1_000, unpacked=40_000_000, tags=600_000)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# A link that a reader clicks, and the name of the file a document was made from (we drop it).
_HARMLESS = ("/hyperlink", "/attachedTemplate")
# Fields that fetch a file or start a program.
_LOADING = re.compile(r"\b(INCLUDEPICTURE|INCLUDETEXT|DDE|DDEAUTO|LINK|DATABASE)\b", re.IGNORECASE)
_FIELD = f"{{{W}}}instrText"
_SIMPLE, _SIMPLE_CODE = f"{{{W}}}fldSimple", f"{{{W}}}instr"
_EXCEL = "Workbook".encode("utf-16-le")
_SAVE_AS = (
    "Öffnen Sie die Datei in Word oder LibreOffice und speichern Sie sie als „Word-Dokument "
    "(.docx)“."
)


@cache
def default_template() -> bytes:
    """Return an empty DOCX in our look: A4, Fira Sans, the styles that a template must have."""
    parts = sorted(part for part in _DEFAULT.rglob("*") if part.is_file())
    return docx_package.zipped(
        {part.relative_to(_DEFAULT).as_posix(): part.read_bytes() for part in parts}
    )


@dataclass(frozen=True)
class TemplateProblem:
    """What is wrong with a template, and what helps; both are German sentences."""

    text: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.text} {self.remedy}"


_TOO_LARGE = TemplateProblem(
    "Die Vorlage ist ausgepackt viel zu groß.",
    "Bitte nehmen Sie ein leeres Dokument, das nur den Briefkopf und die Formatvorlagen enthält.",
)


class TemplateError(ValueError):
    """A template that cannot be used; `problems` say why and what helps."""

    def __init__(self, problems: tuple[TemplateProblem, ...]) -> None:
        super().__init__(" ".join(str(problem) for problem in problems))
        self.problems = problems


def check_apart(data: bytes) -> tuple[TemplateProblem, ...]:
    """Return what `check` says, found out in a process of its own; raises Busy."""
    try:
        return tuple(TemplateProblem(text, remedy) for text, remedy in apart.run(check_plain, data))
    except (apart.UnfinishedError, TypeError, ValueError):
        return (_TOO_LARGE,)


def check_plain(data: bytes) -> list[tuple[str, str]]:
    return [(problem.text, problem.remedy) for problem in check(data)]


def check(data: bytes) -> tuple[TemplateProblem, ...]:
    """Return what is wrong with a template; nothing where it can be used."""
    if len(data) > LARGEST:
        return (
            TemplateProblem(
                "Die Vorlage ist größer als 5 MB.",
                "Bitte verkleinern Sie die Bilder des Briefkopfs und speichern Sie sie erneut.",
            ),
        )
    if data.startswith(b"%PDF"):
        return (_other("eine PDF-Datei"),)
    if data.startswith(_OLD_OFFICE) and _EXCEL in data:
        return (_other("eine Excel-Datei (.xls)"),)
    if data.startswith(_OLD_OFFICE):
        return (
            TemplateProblem(
                "Die Vorlage ist im alten Word-Format (.doc) oder mit einem Kennwort geschützt.",
                _SAVE_AS,
            ),
        )
    try:
        parts = archives.unpacked(data, LIMITS)
        archives.check_markup(parts, LIMITS)
    except ArchiveError as error:
        return (_TOO_LARGE if error.fault is Fault.TOO_LARGE else _no_docx(),)
    if "xl/workbook.xml" in parts:
        return (_other("eine Excel-Datei (.xlsx)"),)
    return tuple(_inside(parts)) or _unreadable(data)


def _unreadable(data: bytes) -> tuple[TemplateProblem, ...]:
    """Open the template as a paper would: what is not seen above shows here."""
    try:
        docx_package.opened(data)
    except MemoryError:
        raise
    except Exception:  # the library raises whatever it stumbles upon
        return (_no_docx(),)
    return ()


def _inside(parts: Mapping[str, bytes]) -> Iterator[TemplateProblem]:
    kinds = _read(parts, "[Content_Types].xml")
    styles = _read(parts, "word/styles.xml")
    if kinds is None or _read(parts, "word/document.xml") is None:
        yield _no_docx()
        return
    yield from _refused(parts, kinds)
    yield from _missing_styles(styles)


def _refused(parts: Mapping[str, bytes], kinds: Any) -> Iterator[TemplateProblem]:
    types = {str(kind.get("ContentType")) for kind in kinds}
    if any("macroEnabled" in kind or "vbaProject" in kind for kind in types):
        yield TemplateProblem("Die Vorlage enthält Makros.", _SAVE_AS)
    elif _MAIN not in types:
        yield TemplateProblem(
            "Die Datei ist kein Word-Dokument, sondern z. B. eine .dotx.", _SAVE_AS
        )
    if any(_fetches(parts, name) for name in parts):
        yield TemplateProblem(
            "Die Vorlage lädt beim Öffnen etwas von außen, z. B. ein verknüpftes Bild.",
            "Bitte betten Sie das Bild ein: in Word unter Datei › Informationen › "
            "Verknüpfungen mit Dateien bearbeiten.",
        )


def _fetches(parts: Mapping[str, bytes], name: str) -> bool:
    """Whether a part has a relation, or a head or foot a field, that loads from elsewhere."""
    if name.endswith(".rels"):
        relations = _read(parts, name)
        return relations is None or any(_loads(relation) for relation in relations.iter(_RELATION))
    if not name.startswith(("word/header", "word/footer")):
        return False
    part = _read(parts, name)
    if part is None:
        return True
    written = "".join(field.text or "" for field in part.iter(_FIELD))
    simple = " ".join(field.get(_SIMPLE_CODE, "") for field in part.iter(_SIMPLE))
    return _LOADING.search(f"{written} {simple}") is not None


def _loads(relation: Any) -> bool:
    is_outside = relation.get("TargetMode") == "External"
    return is_outside and not str(relation.get("Type")).endswith(_HARMLESS)


def _missing_styles(styles: Any | None) -> Iterator[TemplateProblem]:
    known = {} if styles is None else names(styles)
    missing = [
        f"„{german}“ ({name.title()})" for name, german in REQUIRED.items() if name not in known
    ]
    if missing:
        is_one = len(missing) == 1
        yield TemplateProblem(
            f"In der Vorlage {'fehlt die' if is_one else 'fehlen die'} "
            f"Formatvorlage{'' if is_one else 'n'} {listed(missing)}.",
            f"Weisen Sie {'sie' if is_one else 'jede'} in Word einem Absatz oder einer Tabelle zu "
            "und speichern Sie die Datei. Oder setzen Sie Ihren Briefkopf in eine Word-Datei ein, "
            "die Sie hier ausgegeben haben: Sie enthält alle.",
        )


def _read(parts: Mapping[str, bytes], name: str) -> Any | None:
    """Return a part as XML; None where it is missing or broken."""
    if name not in parts:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(parts[name], parser)
    except etree.XMLSyntaxError:
        return None


def _other(kind: str) -> TemplateProblem:
    return TemplateProblem(
        f"Das ist {kind}, kein Word-Dokument.",
        "Bitte wählen Sie das Word-Dokument (.docx), das Ihren Briefkopf enthält.",
    )


def _no_docx() -> TemplateProblem:
    return TemplateProblem("Die Datei ist kein Word-Dokument oder sie ist beschädigt.", _SAVE_AS)
