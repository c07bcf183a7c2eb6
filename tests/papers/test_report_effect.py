"""Förderung und Wirkung in a report: as on the dashboards, in sentences for none, one and many."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from dashboards.content import effect_summary, effect_tables
from dashboards.content import sentences_effect as on_screen
from dashboards.content.effect_data import Data, Group
from tests.factories_reports import report_content
from tests.factories_snapshot import document, documents
from tests.papers.odd_rounds import reporting
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Effect, Quantity
from tracker.publication.reading.sections import sentences_effect as sentences
from tracker.publication.reading.words import Words as ScreenWords
from tracker.publication.rules.effect import Costs, Grants, Known, rounds_of_year
from tracker.publication.rules.facts import MeasureFact
from tracker.publication.rules.privacy import PublishedTotal
from tracker.publication.rules.snapshot_parts import effect_line
from tracker.reporting.rules.content import Funding, Participants, ParticipantUnit, ReportContent

Json = dict[str, Any]
BOTH = "von 57 Maßnahmen mit Angabe zu Plan und Ist; nur diese werden verglichen."


@cache
def rounds() -> list[Json]:
    return documents(4)


@cache
def whole() -> Effect:
    return report(rounds()[3], history=tuple(rounds()[:3])).effect


def on_dashboards() -> Data:
    """The same rounds as the page Wirkung und Mittel reads them."""
    newest = rounds()[3]
    known = {item["round"]["period"]: item for item in rounds()}
    codes = {item["code"] for item in newest["measures"] if item["reportable"]}
    lines = {
        key: tuple(effect_line(item) for item in found["measures"] if item["code"] in codes)
        for key, found in known.items()
    }
    field_of = {item["code"]: item["field"] for item in newest["measures"]}
    year = rounds_of_year(known, until="2026-Q3")
    return Data(
        quarter=lines["2026-Q3"],
        groups=tuple(
            Group(
                field["position"],
                field["name"],
                tuple(
                    item for item in lines["2026-Q3"] if field_of[item["code"]] == field["position"]
                ),
            )
            for field in newest["fields"]
        ),
        year=tuple((known[key]["round"]["label"], lines[key]) for key in year),
        year_number=2026,
        before=("Q2/2026", lines["2026-Q2"]),
    )


def plain(cell: object) -> str:
    """A cell without the difference of spaces; nothing is ""."""
    return "" if cell is None else str(cell).replace("\N{NO-BREAK SPACE}", " ")


def printed(quantity: Quantity | None) -> tuple[str, str]:
    return ("", "") if quantity is None else (plain(quantity.text), quantity.known)


def test_every_sum_reads_as_on_the_dashboards() -> None:
    table = effect_summary.summary(on_dashboards(), words(), label="Q3/2026")
    assert table.head[3:5] == (whole().before, whole().year)
    assert [[plain(cell) for cell in row] for row in table.rows] == [
        [
            line.label,
            *printed(line.now),
            printed(line.before)[0],
            printed(line.year)[0],
            line.year_rounds,
        ]
        for line in whole().lines
    ]


def test_fields_donors_and_kennzahlen_read_as_on_the_dashboards() -> None:
    data, found = on_dashboards(), whole()
    keys = [line.key for line in found.lines]
    for key, table in (
        ("persons", effect_tables.people_by_field(data, ParticipantUnit.PERSONS, words())),
        ("funding", effect_tables.funding_by_field(data)),
        ("municipal_funding", effect_tables.municipal_by_field(data)),
    ):
        assert [tuple(map(plain, row[:3])) for row in table.rows] == [
            (row.name, *printed(row.quantities[keys.index(key)])) for row in found.fields
        ]
    unknown = [row[3] for row in effect_tables.funding_by_field(data).rows]
    assert unknown == [row.quantities[keys.index("funding")].unknown for row in found.fields]
    assert [tuple(map(plain, row)) for row in effect_tables.funding_by_donor(data).rows] == [
        (row.donor, plain(row.amount.text), str(row.lines), str(row.unknown), ", ".join(row.codes))
        for row in found.donors
    ]
    assert [tuple(map(plain, row)) for row in effect_tables.costs_by_field(data).rows] == [
        (row.name, plain(row.planned.text), *printed(row.actual)) for row in found.costs[1:]
    ]
    met = {None: "", True: "ja", False: "nein"}
    assert [
        (row[0], row[1], plain(row[7])) for row in effect_tables.indicators(data, words()).rows
    ] == [(row.code, row.name, met[row.met]) for row in found.indicators]


def words() -> ScreenWords:
    return ScreenWords.of(rounds()[3]["definitions"])


def test_figures_are_called_as_when_they_were_published() -> None:
    given = rounds()[3]["definitions"]
    fields = given["report_fields"] | {"events": "Termine", "cost_actual": "Ausgaben"}
    found = report(rounds()[3] | {"definitions": given | {"report_fields": fields}}).effect
    labels = {line.key: line.label for line in found.lines}
    assert (labels["events"], labels["cost_actual"]) == ("Termine", "Ausgaben")


def test_the_year_is_left_out_where_a_round_of_it_is_not_known() -> None:
    for history in ((), tuple(rounds()[:2])):
        found = report(rounds()[3], history=history).effect
        assert found.year == ""
        assert {(line.year, line.year_rounds) for line in found.lines} == {(None, "")}
    first = report(rounds()[1]).effect
    assert first.year == "Jahr 2026 bisher", "the round before is of the year before"


def test_without_a_known_round_before_there_is_no_column_for_it() -> None:
    found = report(rounds()[3]).effect
    assert (found.before, {line.before for line in found.lines}) == ("", {None})
    chosen = report(rounds()[3], compared=rounds()[0]).effect
    assert chosen.before == "Q4/2025"
    earlier = report(rounds()[0]).effect
    assert [line.before for line in chosen.lines] == [line.now for line in earlier.lines]


def said(content: ReportContent) -> Effect:
    """The section of a round in which each measure says the same."""

    def change(measure: MeasureFact) -> MeasureFact:
        return reporting(measure, content)

    return report(document(goals=1, change=change)).effect


def test_groups_under_five_come_in_no_number() -> None:
    found = said(report_content(participants=(Participants(ParticipantUnit.PERSONS, 3),)))
    line = found.lines[0]
    assert (line.key, line.now.value, line.now.hidden) == ("persons", None, 4)
    assert line.now.text == "4 Gruppen unter 5, nicht veröffentlicht"
    assert all(row.quantities[0].value is None for row in (*found.fields, *found.measures))


def test_nothing_said_is_not_known_and_a_nought_is_a_nought() -> None:
    nothing = said(report_content())
    assert {line.now.text for line in nothing.lines[:-1]} == {"nicht bekannt"}
    assert nothing.sentences[0].startswith("In Q3/2026 hat keine Maßnahme Teilnehmende")
    noughts = said(report_content(events=0, cost_actual=0))
    shown = {line.key: (line.now.text, line.now.known) for line in noughts.lines}
    assert shown["events"] == ("0", "4 von 4")
    assert shown["cost_actual"] == ("0,00\N{NO-BREAK SPACE}€", "4 von 4")
    assert shown["cost_planned"] == ("nicht bekannt", "0 von 4")


def test_names_of_geber_that_differ_in_spaces_are_one() -> None:
    found = said(report_content(funding=(Funding("Land  NRW", "a"), Funding("land nrw", "b"))))
    assert [(row.donor, row.lines, row.unknown, row.amount.text) for row in found.donors] == [
        ("Land NRW", 8, 8, "nicht bekannt")
    ]
    assert found.funding_sentence == (
        "4 von 4 Maßnahmen mit Angabe: 8 Förderungen, bei 8 davon ist der Betrag nicht bekannt."
    )


def test_a_round_without_measures_has_nothing_to_add() -> None:
    found = report(document(goals=0)).effect
    assert found.sentences == ("Es gibt keine Maßnahme, über die berichtet wird.",)
    assert {line.now.known for line in found.lines} == {"0 von 0"}
    assert (found.fields, found.measures, found.donors) == ((), (), ())


def known(codes: int, total: int) -> Known:
    return Known(None, tuple(f"1.{place}" for place in range(1, codes + 1)), total)


@pytest.mark.parametrize(("count", "total"), [(0, 1), (0, 57), (1, 57), (12, 57)])
def test_silence_reads_as_on_the_dashboards(count: int, total: int) -> None:
    assert sentences.silent(count, total, "Q3/2026") == on_screen.silent(count, total)


@pytest.mark.parametrize(("over", "compared"), [(0, 0), (0, 1), (1, 1), (1, 9), (3, 9)])
def test_costs_over_plan_read_as_on_the_dashboards(over: int, compared: int) -> None:
    found = known(compared, 57)
    told = sentences.over_plan(Costs(found, found, found.codes[:over]))
    assert told.startswith(on_screen.over_plan(over, compared))
    assert told.endswith(f": {', '.join(found.codes[:over])}." if over else ".")


@pytest.mark.parametrize(
    ("compared", "sentence"),
    [
        (0, "Keine Maßnahme nennt Plan und Ist; die Kosten lassen sich nicht vergleichen."),
        (1, f"1 {BOTH} Diese Maßnahme plante 10,00 € und gab 2.000,50 € aus."),
        (9, f"9 {BOTH} Diese Maßnahmen planten 10,00 € und gaben 2.000,50 € aus."),
    ],
)
def test_plan_and_ist_are_told_of_those_that_name_both(compared: int, sentence: str) -> None:
    plan = replace(known(compared, 57), value=Decimal(10))
    spent = replace(known(compared, 57), value=Decimal("2000.5"))
    assert plain(sentences.costs(Costs(plan, spent, ()))) == sentence


@pytest.mark.parametrize(("lines", "unknown"), [(0, 0), (1, 0), (1, 1), (5, 0), (5, 2)])
def test_foerderungen_read_as_on_the_dashboards(lines: int, unknown: int) -> None:
    found = Grants("", known(min(lines, 2), 57), lines, unknown)
    assert sentences.grants(found) == on_screen.grants(found)


@pytest.mark.parametrize(("codes", "total"), [(0, 57), (1, 1), (1, 57), (57, 57)])
def test_municipal_funding_reads_as_on_the_dashboards(codes: int, total: int) -> None:
    found = known(codes, total)
    assert sentences.municipal(found) == on_screen.municipal(found)


def test_the_sentence_about_municipal_funding_names_its_subject() -> None:
    known_ones = report(rounds()[3]).effect.municipal_sentence
    assert re.match(r"Laufende städtische Förderung: \d+ von 57 Maßnahmen mit Angabe", known_ones)
    none = report(document(goals=0)).effect.municipal_sentence
    assert none == "Zu keiner Maßnahme ist eine laufende städtische Förderung festgehalten."


@pytest.mark.parametrize(
    "met",
    [(), (None,), (None, None), (True,), (False,), (True, False, None), (True, True)],
)
def test_targets_read_as_on_the_dashboards(met: tuple[bool | None, ...]) -> None:
    given = [item for item in met if item is not None]
    assert sentences.targets(met) == on_screen.targets(sum(given), len(given), len(met))


@pytest.mark.parametrize(
    ("shown", "hidden"), [(None, 0), (None, 1), (None, 3), (0, 0), (48, 0), (48, 1), (1250, 2)]
)
def test_teilnehmende_read_as_on_the_dashboards(shown: int | None, hidden: int) -> None:
    total = PublishedTotal(shown, hidden)
    assert sentences.people(total) == on_screen.people(total)
