"""Every paper says in right German what there is none, one or two of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import paper_text as read
from tests.german_grammar import all_faults
from tests.papers import docx_text, pdf_text
from tests.small_worlds import WORLDS, Json
from tracker.papers.blocks import Paper
from tracker.papers.documents import comparison, institution, measure, vorlage
from tracker.papers.documents.report import paper
from tracker.papers.documents.vorlage import VorlageKind
from tracker.papers.writers.to_docx import to_docx
from tracker.papers.writers.to_pdf import to_pdf
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Report
from tracker.publication.reading.scope import Scope


def _read(documents: tuple[Json, ...], *, exceptions_only: bool = False) -> Report:
    *earlier, last = documents
    scope = Scope(exceptions_only=exceptions_only)
    return report(last, scope=scope, history=tuple(earlier))


def papers(shown: Report) -> Iterator[Paper]:
    yield paper(shown)
    yield from (vorlage.paper(shown, kind=kind) for kind in VorlageKind)
    for sheet in (sheet for field in shown.fields for sheet in field.sheets):
        yield measure.paper(shown, sheet.code)
    for section in shown.institutions:
        if section.leads or section.takes_part:
            yield institution.paper(shown, section.key)
    if shown.compared is not None:
        yield comparison.paper(shown)


@pytest.mark.parametrize("name", WORLDS)
def test_every_paper_counts_in_right_german(name: str) -> None:
    documents = WORLDS[name]()
    for exceptions_only in (False, True):
        shown = _read(documents, exceptions_only=exceptions_only)
        for item in papers(shown):
            assert all_faults(read.text(item).splitlines()) == [], item.title


def test_pdf_and_docx_say_the_same_of_one_measure() -> None:
    shown = _read(WORLDS["one, worse"]())
    sentences = (
        shown.summary.headline,
        *shown.summary.attention,
        *shown.effect.sentences,
        shown.effect.funding_sentence,
        *shown.returns.sentences,
    )
    of_vorlage = docx_text.text(to_docx(vorlage.paper(shown, kind=VorlageKind.INFORMATION)))
    assert all_faults(of_vorlage.splitlines()) == []
    printed = pdf_text.page_text(to_pdf(paper(shown)))
    for sentence in sentences:
        assert pdf_text.squeezed(sentence) in printed
