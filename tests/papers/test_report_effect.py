"""Förderung und Wirkung in a report: which rounds it adds, what is hidden, what is not known."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

from tests.factories_reports import report_content
from tests.factories_snapshot import document, documents
from tests.papers.odd_rounds import reporting
from tracker.concept.rules.facts import ZiffFiveFact
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Effect
from tracker.publication.rules.facts import MeasureFact
from tracker.reporting.rules.content import Funding, Participants, ParticipantUnit, ReportContent

Json = dict[str, Any]


@cache
def rounds() -> list[Json]:
    return documents(4)


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
    """The section of a round in which each measure says the same, and the city nothing."""

    def change(measure: MeasureFact) -> MeasureFact:
        return reporting(replace(measure, ziff5=ZiffFiveFact()), content)

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
    assert nothing.sentences[0].startswith("In Q3/2026 hat keine von 4 Maßnahmen Teil")
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
        "0 von 4 Maßnahmen mit Betrag: 8 Förderungen, bei 8 davon ist der Betrag nicht bekannt."
    )


def test_a_round_without_measures_has_nothing_to_add() -> None:
    found = report(document(goals=0)).effect
    assert found.sentences == ("Es gibt keine Maßnahme, über die berichtet wird.",)
    assert {line.now.known for line in found.lines} == {"0 von 0"}
    assert (found.fields, found.measures, found.donors) == ((), (), ())


def test_the_sentence_about_municipal_funding_names_its_subject() -> None:
    known_ones = report(rounds()[3]).effect.municipal_sentence
    assert re.match(r"Laufende städtische Förderung: \d+ von 57 Maßnahmen mit Angabe", known_ones)
    none = report(document(goals=0)).effect.municipal_sentence
    assert none == "Zu keiner Maßnahme ist eine laufende städtische Förderung festgehalten."
