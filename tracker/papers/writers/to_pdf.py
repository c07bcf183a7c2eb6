"""A paper as tagged PDF: PDF/UA-1 for readers of all kinds, PDF/A-2a for the archive.

The template only lays out: every text arrives as data, so nothing that a user wrote is ever read
as markup. The same paper gives the same bytes: the date comes from the paper, fonts from our
folder and from typst itself.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from pathlib import Path

import typst

from tracker.papers.blocks import Paper
from tracker.papers.writers.font_coverage import fonts
from tracker.papers.writers.pdf.data import data

_TEMPLATE = Path(__file__).parent / "typst" / "paper.typ"
_STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-2a"]


def to_pdf(paper: Paper) -> bytes:
    """Return the paper as PDF; raises FontsMissingError where `make install` never ran."""
    compiler = typst.Compiler(
        str(_TEMPLATE),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(data(paper), ensure_ascii=False)},
    )
    made_on = datetime.combine(paper.made_on, time(12), UTC)
    pdf = compiler.compile(format="pdf", pdf_standards=_STANDARDS, timestamp=made_on)
    assert isinstance(pdf, bytes)  # noqa: S101 - one PDF, not pages; tells the type checker
    return pdf
