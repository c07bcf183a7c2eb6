"""Papers made from a published round: what can be asked for, and the states of an order.

An order (Auftrag) is one paper that somebody asked for. The clock makes it, step by step; whoever
ordered sees how far it is and can stop it. What was made stays in the list with its hash.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from tracker.core.errors import Problem
from tracker.core.periods import Period, PeriodError


class ExportKind(StrEnum):
    REPORT = "report"
    VORLAGE = "vorlage"
    COMPARISON = "comparison"
    MEASURE = "measure"
    INSTITUTION = "institution"
    BUNDLE = "mappe"


class ExportFormat(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"
    JSONLD = "jsonld"
    ZIP = "zip"


class VorlageKind(StrEnum):
    """What the committee is asked: to take note, or to decide (practice.md)."""

    INFORMATION = "information"
    RESOLUTION = "resolution"


FORMATS: dict[ExportKind, tuple[ExportFormat, ...]] = {
    ExportKind.REPORT: (
        ExportFormat.PDF,
        ExportFormat.DOCX,
        ExportFormat.XLSX,
        ExportFormat.CSV,
        ExportFormat.JSON,
        ExportFormat.JSONLD,
    ),
    ExportKind.VORLAGE: (ExportFormat.DOCX,),
    ExportKind.COMPARISON: (ExportFormat.PDF, ExportFormat.DOCX),
    ExportKind.MEASURE: (ExportFormat.PDF, ExportFormat.DOCX),
    ExportKind.INSTITUTION: (ExportFormat.PDF, ExportFormat.DOCX),
    ExportKind.BUNDLE: (ExportFormat.ZIP,),
}
# These are the whole round, or nothing: an extract of the hashed bytes would not have their hash.
WHOLE = frozenset({ExportFormat.JSON, ExportFormat.JSONLD})


class OrderState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class OrderEvent(StrEnum):
    START = "start"
    FINISH = "finish"
    FAIL = "fail"
    CANCEL = "cancel"
    REPEAT = "repeat"


TRANSITIONS: dict[tuple[OrderState, OrderEvent], OrderState] = {
    (OrderState.WAITING, OrderEvent.START): OrderState.RUNNING,
    (OrderState.WAITING, OrderEvent.CANCEL): OrderState.CANCELLED,
    (OrderState.RUNNING, OrderEvent.FINISH): OrderState.DONE,
    (OrderState.RUNNING, OrderEvent.FAIL): OrderState.FAILED,
    (OrderState.RUNNING, OrderEvent.CANCEL): OrderState.CANCELLED,
    (OrderState.FAILED, OrderEvent.REPEAT): OrderState.WAITING,
    (OrderState.CANCELLED, OrderEvent.REPEAT): OrderState.WAITING,
}


def possible_events(state: OrderState) -> tuple[OrderEvent, ...]:
    return tuple(event for (source, event) in TRANSITIONS if source is state)


@dataclass(frozen=True)
class ExportRequest:
    """One paper, fully described: the same request gives the same bytes for ever.

    `version` None is the current one; an order stores the number. `compare` names a round
    ("2026-Q1") or one of its versions ("2026-Q1/2"), empty for the one the round was published
    against. `fields` are codes of Handlungsfelder, empty for all. `measure` is a code,
    `institution` a key. `template` is the number of the office's own template, 0 for ours.
    `concept` is a key, empty for the first one.
    """

    kind: ExportKind
    period: str
    format: ExportFormat
    version: int | None = None
    compare: str = ""
    fields: tuple[str, ...] = ()
    exceptions_only: bool = False
    sheets: bool = True
    measure: str = ""
    institution: str = ""
    vorlage: VorlageKind = VorlageKind.INFORMATION
    template: int = 0
    concept: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"fields": list(self.fields)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ExportRequest:
        """Read a stored request back; raises ValueError or TypeError for anything else."""
        return cls(
            **(
                data
                | {
                    "kind": ExportKind(data["kind"]),
                    "format": ExportFormat(data["format"]),
                    "vorlage": VorlageKind(data["vorlage"]),
                    # Before there were codes, numbers were stored.
                    "fields": tuple(str(code) for code in data["fields"]),
                }
            )
        )

    @property
    def is_extract(self) -> bool:
        """Whether something of the round is left out or compared otherwise."""
        return bool(self.fields or self.exceptions_only or self.compare) or not self.sheets


_VERSIONED = re.compile(r"(?P<period>[^/]+)(?:/(?P<version>[1-9]\d{0,3}))?")


def compared_round(text: str) -> tuple[str, int | None]:
    """Read "2026-Q1" or "2026-Q1/2": the round's key and the version, None where none is named.

    Raises PeriodError with the German sentence.
    """
    match = _VERSIONED.fullmatch(text.strip())
    if match is None:
        raise PeriodError(
            f"„{text}“ ist keine Runde. Erwartet wird z. B. 2026-Q1 oder 2026-Q1/2 (Fassung 2)."
        )
    version = match["version"]
    return Period.parse(match["period"]).key, int(version) if version else None


def problems(request: ExportRequest) -> tuple[Problem, ...]:
    """Return what is wrong with a request, whatever is published; empty when nothing is.

    The sentences are `tracker.papers.words.REQUEST_PROBLEM`.
    """
    wrong = []
    if request.format not in FORMATS[request.kind]:
        wrong.append(Problem("format", "format_unknown"))
    elif request.is_extract and request.format in WHOLE:
        wrong.append(Problem("format", "format_is_whole"))
    if request.kind is ExportKind.MEASURE and not request.measure:
        wrong.append(Problem("measure", "measure_required"))
    if request.kind is ExportKind.INSTITUTION and not request.institution:
        wrong.append(Problem("institution", "institution_required"))
    return (*wrong, *_compared_problems(request))


def _compared_problems(request: ExportRequest) -> list[Problem]:
    if not request.compare:
        is_missing = request.kind is ExportKind.COMPARISON
        return [Problem("compare", "compare_required")] if is_missing else []
    try:
        period, version = compared_round(request.compare)
    except PeriodError:
        return [Problem("compare", "compare_unreadable")]
    is_same = period == request.period and version in (None, request.version)
    return [Problem("compare", "compare_is_same")] if is_same else []
