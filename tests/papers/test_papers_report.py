"""The Controllingbericht as a paper: its order, its sentences, every number of the report."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import paper_text as read
from tests.factories_snapshot import document, documents
from tracker.papers.blocks import Heading, NewPage, Notice, Paper, Picture, Side, Table, Text
from tracker.papers.documents.report import paper
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Paragraphs, Report, Scope
from tracker.publication.reading.words import TEXTS, written
from tracker.publication.rules.facts import MeasureFact

Json = dict[str, Any]


@cache
def values() -> Report:
    return report(documents(2)[-1])


@cache
def whole() -> Paper:
    return paper(values())


def test_the_paper_has_the_order_of_the_committee() -> None:
    assert read.headings(whole()) == [
        "Zeichen und Begriffe",
        "Zusammenfassung",
        "Beschlusspunkte",
        "Veränderungen seit Q2/2026",
        "Stand nach Handlungsfeldern",
        "Maßnahmenblätter",
        "Angaben nach Ziffer 5 des Ratsbeschlusses",
        "Förderung und Wirkung",
        "Rücklauf",
        "Hinweise zu den Daten",
        "Redaktionelle Anmerkungen",
    ]


def test_the_frame_names_round_version_and_hash_and_leaves_room_for_the_number() -> None:
    cover = values().cover
    assert whole().running_head == "Anlage 1 zu Drucksache"
    assert whole().asks_number
    assert whole().footer == (
        f"Stichtag 30.09.2026 · Fassung 1 · Prüfsumme {cover.sha256[:12]} · Texte {TEXTS} "
        "· Vorführung"
    )
    assert "3. Quartal 2026 · Stichtag 30.09.2026 · Fassung 1" in whole().subtitle
    assert whole().made_on == cover.published_on


def test_the_summary_stands_alone_on_a_page_of_its_own() -> None:
    blocks = whole().blocks
    at = blocks.index(Heading(1, "Zusammenfassung", numbered=True))
    assert blocks[at - 1] == NewPage()
    assert NewPage() in blocks[at:]
    text = read.section(whole(), "Zusammenfassung")
    assert "3. Quartal 2026 · Stichtag 30.09.2026" in text
    assert values().summary.headline in text


def test_every_number_of_the_summary_is_printed() -> None:
    summary = values().summary
    spread = summary.spread
    found = read.table(whole(), "Umsetzungsstand: Anzahl der Maßnahmen")
    assert found == [(item.mark.label, str(item.count)) for item in spread.counts]
    courses = dict(read.table(whole(), "Verlauf: Anzahl der Maßnahmen"))
    for item in spread.courses[:-1]:
        assert courses[item.mark.label] == f"{item.count} von {spread.with_course}"
    assert courses["nicht gefragt"] == str(spread.courses[-1].count)
    returns = dict(read.table(whole(), "Rücklauf: Anzahl der Meldungen"))
    for line in summary.returns:
        assert returns[line.label] == f"{line.count} von {line.total}"
    assert returns["befreit"] == str(summary.waived)
    changes = read.table(whole(), "Veränderungen: Anzahl und Nummern der Maßnahmen")
    assert [row[:2] for row in changes] == [
        (item.mark.label, str(item.count)) for item in summary.changes
    ]


def test_the_numbers_beside_a_change_are_those_of_its_measures() -> None:
    for name, count, codes in read.table(
        whole(), "Veränderungen: Anzahl und Nummern der Maßnahmen"
    ):
        expected = [line.code for line in values().changes if line.kind.label == name]
        assert codes == (", ".join(expected) or "–")
        assert not expected or len(expected) == int(count)


def test_every_field_stands_in_the_table_and_the_last_row_is_the_sum() -> None:
    *rows, total = read.table(
        whole(), "Anzahl der Maßnahmen nach Handlungsfeld und Umsetzungsstand"
    )
    assert [row[0] for row in rows] == [field.name for field in values().fields]
    columns = list(zip(*[[int(cell) for cell in row[1:]] for row in rows], strict=True))
    assert [str(sum(column)) for column in columns] == list(total[1:])


def test_every_measure_has_its_row_and_its_sheet() -> None:
    sheets = "\n".join(read.headings(whole(), 3))
    for field in values().fields:
        rows = read.table(whole(), f"{field.name}: Maßnahmen")
        assert [row[0] for row in rows] == [item.code for item in field.sheets]
        assert all(f"{item.code} {item.display_text[:60]}" in sheets for item in field.sheets)


def test_every_text_and_figure_of_a_sheet_is_printed() -> None:
    text = read.section(whole(), "Maßnahmenblätter")
    for field in values().fields:
        for item in field.sheets:
            for part in item.texts:
                assert all(line in text for line in part.text.splitlines())
            for entry in (*item.responsibility, *item.ziff5, *item.figures):
                assert written(entry.value) in text
                assert entry.label.partition(":")[0] in text


def test_a_sheet_begins_with_code_and_wording_then_two_columns() -> None:
    blocks = list(whole().blocks)
    at = next(
        number
        for number, block in enumerate(blocks)
        if isinstance(block, Heading) and block.text.startswith("3.1 ")
    )
    wording, columns = blocks[at + 1 : at + 3]
    assert "Wortlaut: " in read.text(replace(whole(), blocks=(wording,)))
    assert isinstance(columns, Side)
    left, right = (read.text(replace(whole(), blocks=part)) for part in columns.parts)
    assert left.index("Stand jetzt") < left.index("Verlauf") < left.index("Stand vorher")
    assert right.index("federführend") < right.index("Handlungskompetenz")


def test_every_chart_is_followed_or_led_by_a_sentence_and_told_in_words() -> None:
    blocks = whole().blocks
    for number, block in enumerate(blocks):
        if isinstance(block, Picture):
            assert isinstance(blocks[number - 1], Text) or isinstance(blocks[number + 1], Text)
            assert "von" in block.alternative


def test_no_table_stands_without_a_sentence_or_heading_before_it() -> None:
    before: Any = None
    for block in whole().blocks:
        if isinstance(block, Table):
            assert isinstance(before, Text | Heading), block.title
        before = block


def test_the_first_round_has_no_comparison() -> None:
    first = paper(report(document()))
    assert not [title for title in read.headings(first) if "Veränderungen" in title]
    assert "Eine frühere veröffentlichte Runde zum Vergleichen gab es nicht." in read.text(first)
    assert "Stand vorher: keine Vorrunde" in read.text(first)
    assert "vorher: keine Meldung" not in read.text(first)


def test_a_round_without_reports_says_so() -> None:
    def silent(measure: MeasureFact) -> MeasureFact:
        return replace(measure, report=None)

    text = read.text(paper(report(document(change=silent))))
    nothing = "keine (0 von 57 Maßnahmen gemeldet)."
    for what in ("laufend oder erfüllt", "kritisch", "gefährdet"):
        assert f"Als {what} gemeldet: {nothing}" in text
    assert "Es liegt kein Steuerungsvorschlag vor." in text


def test_a_round_with_few_measures_is_a_paper_too() -> None:
    small = paper(report(document(goals=1)))
    rows = read.table(small, "Anzahl der Maßnahmen nach Handlungsfeld und Umsetzungsstand")
    assert [row[-1] for row in rows] == ["4", "4"]


def test_a_correction_and_the_demonstration_are_announced_first() -> None:
    cover = replace(values().cover, version=2, reason="Zahl berichtigt.")
    shown = paper(replace(values(), cover=cover))
    first, second = shown.blocks[:2]
    assert "sind erfunden" in read.text(replace(shown, blocks=(first,)))
    assert "Korrigierte Fassung 2: Zahl berichtigt." in read.text(replace(shown, blocks=(second,)))


def test_nothing_is_marked_that_is_no_demonstration() -> None:
    real = paper(report(document() | {"demonstration": False}))
    assert "erfunden" not in read.text(real)
    assert "Vorführung" not in real.footer


@pytest.mark.parametrize("length", [200, 20_000])
def test_a_long_text_is_shortened_in_tables_and_whole_in_the_sheet(length: int) -> None:
    long = "Wort " * (length // 5)
    item = replace(values().fields[0].sheets[0], next_step=long, display_text=long)
    field = replace(values().fields[0], sheets=(item,))
    shown = paper(replace(values(), fields=(field,)))
    (row,) = read.table(shown, f"{field.name}: Maßnahmen")
    assert all(len(cell) <= 210 for cell in row)
    assert long.strip() in read.section(shown, "Maßnahmenblätter")


def test_a_cell_longer_than_a_page_may_split() -> None:
    notes = replace(values().editorial, rows=(("1.1", "Wort " * 4000),))
    table = read.tables(paper(replace(values(), editorial=notes)))[-1]
    assert table.may_split
    assert not read.tables(whole())[-1].may_split


def test_no_code_of_a_status_is_printed() -> None:
    text = read.text(whole())
    for code in ("not_started", "in_progress", "on_track", "at_risk", "newly_reported", "citywide"):
        assert code not in text


@cache
def with_history() -> Report:
    *earlier, last = documents(4)
    return report(last, history=tuple(earlier))


def test_every_sum_of_the_effect_stands_with_its_n_of_n() -> None:
    found = with_history().effect
    shown = read.table(
        paper(with_history()), "Förderung und Wirkung: Summen, darunter aus wie vielen Maßnahmen"
    )
    assert [(row[0], row[2]) for row in shown] == [
        (line.label, f"{line.now.text} / {line.now.known}") for line in found.first_lines
    ]
    assert [row[1] for row in shown] == [
        f"{line.before.text} / {line.before.known}" for line in found.first_lines if line.before
    ]


def test_every_field_has_all_its_sums() -> None:
    found = with_history().effect
    shown = paper(with_history())
    reach = read.table(shown, "Reichweite und Personal nach Handlungsfeldern")
    money = read.table(shown, "Geld nach Handlungsfeldern")
    for row, *halves in zip(found.fields, reach, money, strict=True):
        printed = {cell for half in halves for cell in half[1:]}
        assert {f"{item.text} / {item.known}" for item in row.quantities} == printed


def test_costs_donors_and_indicators_are_printed() -> None:
    found = with_history().effect
    shown = paper(with_history())
    costs = read.table(shown, "Kosten: Plan und Ist der Maßnahmen, die beides nennen")
    whole, *fields = found.costs
    assert costs == [
        (row.name, row.planned.text, row.actual.text, row.planned.known) for row in (*fields, whole)
    ]
    donors = read.table(shown, "Fördermittel nach Geber")
    assert [row[:4] for row in donors] == [
        (row.donor, row.amount.text, str(row.lines), str(row.unknown)) for row in found.donors
    ]
    indicators = read.table(shown, "Kennzahlen: Wert und Ziel")
    assert [row[:2] for row in indicators] == [(row.code, row.name) for row in found.indicators]
    goals = [(row[0], row[-2]) for row in indicators]
    assert ("3.3", "Zielwert: 4 Elternveranstaltungen je Jahr") in goals
    assert found.indicators_sentence.endswith(
        "Als erreicht gilt ein Zielwert ab der genannten Zahl; das ist unsere Lesart."
    )


def test_the_ruecklauf_is_printed_by_field_and_round() -> None:
    found = with_history().returns
    shown = paper(with_history())
    *fields, whole = read.table(shown, "Rücklauf nach Handlungsfeldern")
    assert [row[:2] for row in fields] == [(row.name, str(row.expected)) for row in found.fields]
    assert whole[0] == found.whole.name
    rounds = read.table(shown, "Rücklauf über die Runden")
    assert [row[0] for row in rounds] == [row.name for row in found.rounds]
    for row, printed in zip(found.rounds, rounds, strict=True):
        for item, cell in zip(row.ratios, printed[2:], strict=False):
            assert cell.startswith(f"{item.count} von {item.total}")


def test_the_rounds_stand_side_by_side() -> None:
    rows = read.table(paper(with_history()), "Anzahl der Maßnahmen nach Runde und Umsetzungsstand")
    spreads = with_history().rounds.spreads
    assert rows == [
        (item.name, *(str(line.count) for line in item.counts), str(item.total)) for item in spreads
    ]


def test_a_correction_is_listed_with_its_reason() -> None:
    last = documents(2)[-1]
    corrections = [{"version": 2, "reason": "Zahl berichtigt.", "published_on": "2026-11-20"}]
    shown = paper(report(last | {"corrections": corrections}))
    assert read.table(shown, "Korrekturen") == [("Q3/2026", "2", "20.11.2026", "Zahl berichtigt.")]


def test_an_extract_says_what_it_leaves_out_and_lists_no_more() -> None:
    some = report(documents(2)[-1], scope=Scope(fields=frozenset({"2"}), sheets=False))
    shown = paper(some)
    assert some.scope_note
    assert some.scope_note in [block.text for block in shown.blocks if isinstance(block, Notice)]
    assert "Maßnahmenblätter" not in read.headings(shown)
    names = [field.name for field in values().fields if field.code != "2"]
    assert not [name for name in names if f"{name}: Maßnahmen" in read.text(shown)]


def test_an_extract_of_exceptions_says_why_each_is_listed() -> None:
    some = report(documents(2)[-1], scope=Scope(exceptions_only=True))
    shown = paper(some)
    for field in some.fields:
        assert not field.listed or field.listed in read.text(shown)
        if field.sheets:
            rows = read.table(shown, f"{field.name}: Maßnahmen")
            assert all("Anlass: " in row[1] for row in rows)
            assert [row[0] for row in rows] == [item.code for item in field.sheets]


def test_another_round_can_be_compared() -> None:
    first, *_, last = documents(3)
    shown = paper(report(last, compared=first))
    assert "Veränderungen seit Q1/2026" in read.headings(shown)
    assert "Verglichen wird mit der Runde Q1/2026." in read.text(shown)


def test_a_dissent_stands_wherever_the_reviewed_value_stands() -> None:
    (code, dissent), *_ = [
        (item.code, item.dissent)
        for field in values().fields
        for item in field.sheets
        if item.dissent
    ]
    text = read.text(whole())
    for line in text.splitlines():
        if line.startswith(f"{code} | ") and "vorher:" in line:
            assert dissent in line
    assert text.count(dissent) >= 3


def test_nothing_of_a_group_under_five_is_printed() -> None:
    hidden = [
        item
        for field in values().fields
        for item in field.sheets
        for entry in item.figures
        if entry.value == "unter 5, nicht veröffentlicht"
    ]
    assert hidden
    assert read.text(whole()).count("unter 5, nicht veröffentlicht") == len(hidden)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300))
def test_any_text_of_people_is_printed_as_it_is(text: str) -> None:
    first = values().fields[0].sheets[0]
    item = replace(first, next_step="", texts=(Paragraphs("Was wurde erreicht?", text),))
    shown = paper(replace(values(), fields=(replace(values().fields[0], sheets=(item,)),)))
    printed = read.section(shown, "Maßnahmenblätter")
    assert all(line in printed for line in text.splitlines() if line.strip())
