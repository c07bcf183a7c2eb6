"""An institution's quarter: its own measures, Rücklauf and proposals, in words for its board."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from tests import paper_text as read
from tests.factories_snapshot import document, documents
from tracker.core.errors import NotFound
from tracker.papers.blocks import Paper
from tracker.papers.documents.institution import paper
from tracker.publication.reading.content import report
from tracker.publication.reading.model import InstitutionSection, Report

Choice = Callable[[InstitutionSection], bool]


@cache
def values() -> Report:
    return report(documents(2)[-1])


def section(holds: Choice) -> InstitutionSection:
    return next(item for item in values().institutions if holds(item))


def leading() -> InstitutionSection:
    return max(values().institutions, key=lambda item: len(item.leads))


def sheet_headings(shown: Paper) -> list[str]:
    sheets = read.section(shown, "Maßnahmenblätter").splitlines()
    return [title for title in read.headings(shown, 2) if title in sheets]


def test_its_own_measures_come_first_each_with_its_sheet() -> None:
    shown = paper(values(), leading().key)
    assert [row[0] for row in read.table(shown, "Ihre Maßnahmen")] == list(leading().leads)
    sheets = sheet_headings(shown)
    assert [title.partition(" ")[0] for title in sheets] == list(leading().leads)


def test_measures_it_takes_part_in_are_a_table_without_sheets() -> None:
    found = section(lambda item: bool(item.takes_part))
    shown = paper(values(), found.key)
    rows = read.table(shown, "Mit Ihrer Beteiligung: Maßnahmen")
    assert [row[0] for row in rows] == list(found.takes_part)
    codes = {title.partition(" ")[0] for title in sheet_headings(shown)}
    assert codes.isdisjoint(found.takes_part)


def test_leading_and_taking_part_exclude_each_other() -> None:
    assert all(set(item.leads).isdisjoint(item.takes_part) for item in values().institutions)


def test_every_measure_with_a_lead_belongs_to_one_institution() -> None:
    led = [code for item in values().institutions for code in item.leads]
    known = [
        sheet.code
        for field in values().fields
        for sheet in field.sheets
        if sheet.reportable and sheet.lead != "nicht festgelegt"
    ]
    assert sorted(led) == sorted(known)


def test_the_ruecklauf_of_all_institutions_adds_up_to_the_round() -> None:
    rows = [item.returns for item in values().institutions if item.returns is not None]
    whole = values().returns.whole
    assert sum(row.expected for row in rows) == whole.expected
    assert sum(row.waived for row in rows) == whole.waived
    for number, ratio in enumerate(whole.ratios):
        assert sum(row.ratios[number].count for row in rows) == ratio.count


def test_its_ruecklauf_is_printed_with_n_of_n() -> None:
    found = leading()
    assert found.returns is not None
    rows = read.table(paper(values(), found.key), "Ihr Rücklauf")
    for ratio, row in zip(found.returns.ratios, rows, strict=False):
        assert row[0].startswith(ratio.label)
        assert row[1].startswith(f"{ratio.count} von {ratio.total}")
    assert rows[-1] == ("befreit", str(found.returns.waived))


@pytest.mark.parametrize(
    ("expected", "came", "sentence"),
    [
        (0, 0, "war keine Meldung Ihrer Institution nötig"),
        (1, 0, "Die erbetene Meldung ist nicht eingegangen."),
        (1, 1, "Die erbetene Meldung ist eingegangen."),
        (5, 0, "Von 5 erbetenen Meldungen ist keine eingegangen."),
        (5, 1, "Von 5 erbetenen Meldungen ist 1 eingegangen."),
        (5, 3, "Von 5 erbetenen Meldungen sind 3 eingegangen."),
        (5, 5, "Alle 5 erbetenen Meldungen sind eingegangen."),
    ],
)
def test_the_sentence_of_the_ruecklauf_counts_rightly(
    expected: int, came: int, sentence: str
) -> None:
    found = leading()
    assert found.returns is not None
    first, *others = found.returns.ratios
    ratios = (replace(first, count=came, total=expected), *others)
    returns = replace(found.returns, ratios=ratios)
    report_of_it = replace(values(), institutions=(replace(found, returns=returns),))
    assert sentence in read.text(paper(report_of_it, found.key))


def test_only_its_own_proposals_are_named() -> None:
    for found in values().institutions:
        if not found.leads:
            continue
        shown = read.section(paper(values(), found.key), "Was Sie dem Ausschuss vorschlagen")
        asked = [line for line in values().decisions if line.code in found.leads]
        assert ("kein Steuerungsvorschlag" in shown) == (not asked)
        for line in values().decisions:
            assert (f"\n{line.code} " in shown) == (line in asked)


def test_an_institution_without_measures_is_told_so() -> None:
    found = replace(leading(), leads=(), takes_part=(), returns=None)
    shown = paper(replace(values(), institutions=(found,)), found.key)
    assert "bei keiner Maßnahme federführend" in read.text(shown)
    assert "an keiner anderen Maßnahme" in read.text(shown)
    assert read.headings(shown) == ["Auf einen Blick"]


def test_the_words_of_the_sheets_are_explained() -> None:
    text = read.section(paper(values(), leading().key), "Was die Wörter bedeuten")
    for word in ("federführend", "Steuerungsvorschlag", "Handlungskompetenz", "befreit"):
        assert f"{word}: " in text


def test_an_unknown_institution_is_refused() -> None:
    with pytest.raises(NotFound, match="gibt es keine Institution „niemand“"):
        paper(values(), "niemand")


def test_every_institution_of_every_round_has_a_paper() -> None:
    for found in (values(), report(document(goals=1))):
        for item in found.institutions:
            assert paper(found, item.key).title == item.name
