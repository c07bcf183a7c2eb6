"""What must be true of the pages themselves: the summary is one page, the Erhebungsbogen two."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pypdf
import pytest

from tests.bielefeld import DISTRICTS
from tests.factories_snapshot import document, documents
from tracker.papers.documents import questionnaire
from tracker.papers.documents.report import paper
from tracker.papers.writers.to_pdf import to_pdf
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Report
from tracker.publication.reading.scope import Scope

# Sheets stand behind: they move no page of the summary.
SHORT = Scope(sheets=False)


def four_rounds() -> Report:
    *earlier, last = documents(4)
    return report(last, history=tuple(earlier), scope=SHORT)


def chapters(pdf: bytes) -> dict[str, int]:
    """The pages on which chapters begin, by title without number."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    found = {}
    for item in reader.outline:
        if not isinstance(item, list):
            page = reader.get_destination_page_number(item)
            assert page is not None
            found[str(item.title).lstrip("0123456789 ")] = page
    return found


@pytest.mark.parametrize(
    "made",
    [
        lambda: report(document(), scope=SHORT),
        lambda: report(documents(2)[-1], scope=SHORT),
        four_rounds,
        lambda: report(documents(2)[-1], scope=Scope(exceptions_only=True, sheets=False)),
    ],
    ids=["first round", "second round", "four rounds", "exceptions"],
)
def test_the_summary_is_one_page(made: Callable[[], Report]) -> None:
    found = chapters(to_pdf(paper(made())))
    assert found["Beschlusspunkte"] == found["Zusammenfassung"] + 1


@pytest.mark.parametrize("code", ["", "3.3", "7.2", "13.3"])
def test_the_erhebungsbogen_has_two_pages(code: str) -> None:
    about = questionnaire.subject(report(document()), code)
    pdf = to_pdf(
        questionnaire.paper(
            city="Stadt Bielefeld",
            office="Kommunales Integrationszentrum",
            districts=DISTRICTS.values(),
            made_on=date(2026, 11, 1),
            about=about,
        )
    )
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 2
