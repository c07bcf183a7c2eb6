"""Wirkung und Mittel hides small groups, tells the unknown from zero, and is never just empty."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.conftest import StatementCounter, one_database
from tests.dashboards.conftest import Visitor, routing
from tests.dashboards.published import publish
from tests.dashboards.test_effect_page import PAGE, chosen, german, rows_of, told
from tests.dashboards.test_pages import accepted, one_measure
from tests.factories_reports import report_content
from tests.factories_snapshot import document, documents, facts
from tracker.concept.rules.facts import ZiffFiveFact
from tracker.publication.queries import published
from tracker.publication.rules.facts import MeasureFact
from tracker.publication.rules.snapshot import build
from tracker.reporting.rules.content import Funding, Participants, ParticipantUnit, ReportContent

Json = dict[str, Any]


def people_of(*counts: int) -> ReportContent:
    lines = tuple(Participants(ParticipantUnit.PERSONS, count) for count in counts)
    return report_content(participants=lines)


def with_people(first: int, second: int, third: int) -> Json:
    """A round in which three measures reported Personen, and nobody else anything."""
    counts = {"1.1": first, "1.2": second, "2.1": third}

    def change(measure: MeasureFact) -> MeasureFact:
        if measure.code in counts:
            return accepted(measure, content=people_of(counts[measure.code]))
        return replace(measure, report=None)

    return build(facts(change=change))


def test_a_hidden_count_is_in_no_total_and_changes_nothing_on_the_page() -> None:
    """What the page reads is the same for every hidden count, so it cannot tell them apart."""
    one = with_people(3, 40, 2)
    assert all(with_people(first, 40, third) == one for first in (1, 4) for third in (1, 3))


@one_database
@pytest.mark.parametrize(
    ("counts", "query", "printed"),
    [
        ((3, 40, 12), "", "mindestens 52"),
        ((3, 40, 12), "&feld=1&ziel=1", "mindestens 40"),
        ((3, 40, 12), "&ziel=2", "12"),
        ((3, 4, 12), "&ziel=1", "2 Gruppen unter 5, nicht veröffentlicht"),
        ((3, 0, 12), "&ziel=1", "mindestens 0"),
        ((9, 40, 12), "", "61"),
    ],
)
def test_totals_leave_small_groups_out_under_every_filter(
    committee: Visitor,
    session: Session,
    counts: tuple[int, int, int],
    query: str,
    printed: str,
) -> None:
    publish(session, [with_people(*counts)])
    session.commit()
    rows = rows_of(committee.content(PAGE, f"?runde=2026-Q3{query}"), "Wirkung und Mittel")
    assert rows["Teilnehmende: Personen"][0] == printed


def test_units_are_never_added(committee: Visitor, session: Session) -> None:
    content = report_content(
        participants=(
            Participants(ParticipantUnit.PERSONS, 10),
            Participants(ParticipantUnit.CASES, 200),
        )
    )
    publish(session, [one_measure(lambda m: accepted(m, content=content))])
    session.commit()
    page = committee.content(PAGE, "?ziel=1&runde=2026-Q3")
    rows = rows_of(page, "Wirkung und Mittel")
    assert "210" not in page.text
    assert len([name for name in rows if name.startswith("Teilnehmende")]) >= 2


def test_unknown_amounts_are_named_and_not_zero(committee: Visitor, session: Session) -> None:
    content = report_content(
        cost_actual=Decimal(0),
        funding=(Funding("Land NRW", "KOMM-AN", None), Funding("Stiftung", "", Decimal(500))),
    )
    made = one_measure(lambda m: accepted(m, content=content))
    for item in made["measures"]:
        item["ziff5"]["municipal_funding"] = "0" if item["code"] == "16.4" else None
        if item["code"] != "1.1":
            item["report"] = None
    publish(session, [made])
    session.commit()
    page = committee.content(PAGE)
    rows = rows_of(page, "Fördermittel nach Geber")
    assert rows["Stiftung"][:3] == ["500,00\N{NO-BREAK SPACE}€", "1", "0"]
    assert rows["Land NRW"][:3] == ["nicht bekannt", "1", "1"]
    assert "2 Förderungen, bei einer davon ist der Betrag nicht bekannt." in page.text
    summary = rows_of(page, "Wirkung und Mittel")
    assert summary["Kosten (Ist)"][0] == "0,00\N{NO-BREAK SPACE}€"
    assert summary["Kosten (Plan)"][0] == "nicht bekannt"
    assert "Zu 55 von 57 Maßnahmen liegt keine Angabe zu Wirkung oder Mitteln vor" in page.text


STATES = {
    "a filter that selects nothing": ("?feld=99", "Zu dieser Auswahl gehört keine Maßnahme"),
    "the reference alone": ("?stand=keine_meldung&ziel=7&feld=99", "gehört keine Maßnahme"),
    "one measure without a report": ("?institution=offen&ziel=16", "keine Maßnahme mit Angabe"),
    "a forged filter": ("?feld=<script>&ziel=%01", "gehört keine Maßnahme"),
    "the first round": ("?runde=2025-Q4", "Jahr 2025 bisher"),
    "another round to compare": ("?runde=2026-Q3&vergleich=2025-Q4", "Q4/2025"),
    "an unknown round": ("?runde=2031-Q1", "ist nicht veröffentlicht"),
}


@pytest.mark.parametrize(("query", "said"), STATES.values(), ids=STATES)
def test_every_state_says_what_is_the_matter(reader: Visitor, query: str, said: str) -> None:
    assert said in reader.content(PAGE, query).text


def test_a_round_without_any_report_is_said_to_know_nothing(
    committee: Visitor, session: Session
) -> None:
    made = build(facts(change=lambda measure: replace(measure, report=None, ziff5=ZiffFiveFact())))
    publish(session, [made])
    session.commit()
    page = committee.content(PAGE)
    assert "Das heißt nicht, dass es keine gab." in page.text
    assert "In Q3/2026 hat keine Maßnahme Teilnehmende gemeldet." in page.text
    rows = rows_of(page, "Wirkung und Mittel")
    for name in ("Veranstaltungen", "Kosten (Plan)", "Kosten (Ist)", "Fördermittel"):
        assert rows[name][:2] == ["nicht bekannt", "0 von 57"]


def test_a_missing_round_is_missing_in_the_year_too(committee: Visitor, session: Session) -> None:
    first, _second, third = documents(3)
    publish(session, [first, third])
    session.commit()
    rows = rows_of(committee.content(PAGE), "Wirkung und Mittel")
    both = [*chosen(first), *chosen(third)]
    assert rows["Veranstaltungen"][-2:] == [german(told(both, "events")[0]), "2 von 2"]


def test_a_measure_over_its_plan_is_named_first(committee: Visitor, session: Session) -> None:
    content = report_content(cost_planned=Decimal(100), cost_actual=Decimal("100.01"))
    publish(session, [one_measure(lambda m: accepted(m, content=content)), document("2026-Q2")][:1])
    session.commit()
    page = committee.content(PAGE, "?ziel=1")
    first = page.text[page.text.index("Das Wichtigste") :][:120]
    assert "über dem Plan: " in first
    assert "1.1" in first


@pytest.mark.parametrize("path", ["/dashboards/wirkung", "/dashboards/massnahme/1.1"])
def test_more_rounds_cost_no_more_statements(
    reader: Visitor, published_engine: Engine, path: str
) -> None:
    """Nothing is kept from before, so that every statement is seen."""

    def needed(period: str) -> int:
        published._kept.clear()
        with StatementCounter(published_engine) as counter:
            assert reader.post(routing(path, f"?runde={period}&ziel=1")).status_code == 200
        return counter.count

    reader.client.get(path)
    assert needed("2026-Q3") == needed("2026-Q2") <= 9
