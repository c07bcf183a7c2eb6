"""A request for a paper in an address or a form, and back into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

from tracker.concept.queries.concepts import ConceptName
from tracker.core.errors import NotFound
from tracker.core.periods import Period, PeriodError
from tracker.core.text import is_key, natural_order
from tracker.papers.rules.exporting import (
    FORMATS,
    ExportFormat,
    ExportKind,
    ExportRequest,
    VorlageKind,
    compared_round,
)
from tracker.papers.words import VORLAGE_KIND

# The number of the office's Word template, where a paper is made once more as it was.
TEMPLATE = "word-vorlage"
_UNKNOWN = "Diese Auswahl gibt es nicht. Bitte beginnen Sie unter „Ausgabe erstellen“."


def read(kind: ExportKind, given: MultiDict[str, str], *, concept: str) -> ExportRequest:
    """Return the request that an address or a form describes; raises NotFound for nonsense."""
    try:
        period, version = compared_round(given.get("runde", ""))
        return ExportRequest(
            kind=kind,
            period=period,
            version=version,
            format=ExportFormat(given.get("form") or FORMATS[kind][0]),
            compare=given.get("vergleich", ""),
            fields=tuple(sorted(set(given.getlist("feld")), key=natural_order)),
            exceptions_only=given.get("umfang") == "ausnahmen",
            sheets=given.get("blaetter", "mit") != "ohne",
            measure=given.get("massnahme", ""),
            institution=given.get("institution", ""),
            vorlage=VorlageKind(given.get("art") or VorlageKind.INFORMATION),
            template=_row(given.get(TEMPLATE) or "0"),
            concept=concept,
        )
    except ValueError:
        raise NotFound(_UNKNOWN) from None


def _row(text: str) -> int:
    if not is_key(text):
        raise ValueError(text)
    return int(text)


def carried(request: ExportRequest) -> tuple[tuple[str, str], ...]:
    """Return names and values of a form that carries the request on, without its format."""
    version = f"/{request.version}" if request.version else ""
    fields = [
        ("runde", f"{request.period}{version}"),
        ("vergleich", request.compare),
        *(("feld", code) for code in request.fields),
        ("umfang", "ausnahmen" if request.exceptions_only else ""),
        ("blaetter", "" if request.sheets else "ohne"),
        ("massnahme", request.measure),
        ("institution", request.institution),
    ]
    if request.kind in (ExportKind.VORLAGE, ExportKind.BUNDLE):
        fields.append(("art", request.vorlage))
    return tuple((name, value) for name, value in fields if value)


def described(
    request: ExportRequest, institutions: Mapping[str, str], known: Sequence[ConceptName]
) -> str:
    """Return what was chosen, in German; "" for the whole round. Institutions are named by key.

    Of several `known` concepts it says which one.
    """
    chosen = [_concept(request, known).title] if len(known) > 1 else []
    if request.measure:
        chosen.append(f"Maßnahme {request.measure}")
    if request.institution:
        chosen.append(institutions.get(request.institution, request.institution))
    if request.kind in (ExportKind.VORLAGE, ExportKind.BUNDLE):
        chosen.append(VORLAGE_KIND[request.vorlage].text)
    if request.fields:
        listed = ", ".join(request.fields)
        chosen.append(
            f"{'Handlungsfeld' if len(request.fields) == 1 else 'Handlungsfelder'} {listed}"
        )
    if request.exceptions_only:
        chosen.append("nur Ausnahmen")
    if not request.sheets:
        chosen.append("ohne Maßnahmenblätter")
    if request.compare:
        chosen.append(f"verglichen mit {compared_label(request.compare)}")
    if request.template:
        chosen.append(f"Word-Vorlage {request.template}")
    return ", ".join(chosen)


def compared_label(text: str) -> str:
    """Return "Q1/2026 (Fassung 2)" for "2026-Q1/2"; what is no round stands for itself."""
    try:
        period, version = compared_round(text)
    except PeriodError:
        return text
    label = Period.parse(period).label
    return f"{label} (Fassung {version})" if version else label


def _concept(request: ExportRequest, known: Sequence[ConceptName]) -> ConceptName:
    return next((one for one in known if one.key == request.concept), known[0])


def command(request: ExportRequest, known: Sequence[ConceptName]) -> str:
    words: list[str] = ["tracker", "export", request.kind.value, "--round", request.period]
    options: Mapping[str, object] = {
        "--concept": _concept(request, known).key if len(known) > 1 else "",
        "--version": request.version,
        "--compare": request.compare,
        "--measure": request.measure,
        "--institution": request.institution,
    }
    for name, value in options.items():
        if value:
            words += [name, str(value)]
    for code in request.fields:
        words += ["--field", code]
    if request.exceptions_only:
        words.append("--exceptions")
    if not request.sheets:
        words.append("--no-sheets")
    if request.kind in (ExportKind.VORLAGE, ExportKind.BUNDLE):
        words += ["--kind", request.vorlage.value]
    if request.kind is ExportKind.BUNDLE or request.format is ExportFormat.DOCX:
        words += ["--template", str(request.template)]
    if len(FORMATS[request.kind]) > 1:
        words += ["--format", request.format.value]
    return " ".join([*words, "--output", "."])
