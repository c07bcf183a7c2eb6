"""The Vorlage as DOCX: the draft that an office finishes and hands in."""

from __future__ import annotations

from tracker.exports.model import Report
from tracker.exports.papers import vorlage as vorlage_paper
from tracker.exports.to_docx import to_docx
from tracker.rules.exporting import VorlageKind


def vorlage(report: Report, *, kind: VorlageKind, template: bytes | None = None) -> bytes:
    """Return the draft of the committee's paper; raises what `to_docx` raises."""
    return to_docx(vorlage_paper.paper(report, kind=kind), template=template)
