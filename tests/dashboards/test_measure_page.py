"""The Steckbrief of a measure: its way, its Meilensteine and Kennzahlen, the year, its files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from tests.csv_text import csv_rows
from tests.dashboards.conftest import Visitor, found, texts
from tests.dashboards.published import publish
from tests.dashboards.test_pages import accepted, measure_of
from tests.factories_reports import report_content
from tests.factories_snapshot import earlier_fact, facts
from tests.signs import OLD
from tracker.publication.models import Snapshot
from tracker.publication.reading.words import current
from tracker.publication.rules.facts import MeasureFact
from tracker.publication.rules.snapshot import build
from tracker.reporting.rules.content import MilestoneLine, Participants, ParticipantUnit

Json = dict[str, Any]
PAGE = "/dashboards/massnahme/1.1"


def rounds_of(contents: dict[str, Any]) -> list[Json]:
    """Consecutive rounds in which 1.1 said this; None: no report."""
    made: list[Json] = []
    for period, content in contents.items():

        def change(measure: MeasureFact, content: Any = content) -> MeasureFact:
            if measure.code != "1.1":
                return measure
            if content is None:
                return replace(measure, report=None)
            return accepted(measure, content=content)

        base = facts(period=period, change=change)
        earlier = tuple(earlier_fact(item) for item in reversed(made))
        made.append(build(replace(base, earlier=earlier)))
    return made


def test_the_way_leads_up_to_goal_field_and_concept(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    page = reader.content("/dashboards/massnahme/6.4", "?runde=2026-Q2")
    measure = measure_of(four_rounds[-2], "6.4")
    trail = next(item for item in page.all("Nav") if item.get("aria-label") == "Brotkrumen")
    links = [link["href"] for link in found(trail["children"], "A")]
    assert links == [
        "/dashboards/felder?runde=2026-Q2",
        f"/dashboards/feld/{measure['field']}?runde=2026-Q2",
        f"/dashboards/ziel/{measure['goal']}?runde=2026-Q2",
    ]
    turn = next(item for item in page.all("Nav") if item.get("className") == "turn")
    assert [link["href"] for link in found(turn["children"], "A")] == [
        "/dashboards/massnahme/6.3?runde=2026-Q2",
        "/dashboards/massnahme/7.1?runde=2026-Q2",
    ]


def test_another_round_can_be_compared_with(reader: Visitor, four_rounds: list[Json]) -> None:
    before, latest = four_rounds[0], four_rounds[-1]
    for measure in latest["measures"]:
        earlier = measure_of(before, measure["code"])["value"]
        if measure["value"] and earlier and measure["value"] != earlier:
            break
    page = reader.content(f"/dashboards/massnahme/{measure['code']}", "?vergleich=2025-Q4")
    now = page.text[page.text.index("Stand: ") : page.text.index("Zuständigkeit")]
    assert "gegenüber Q4/2025" in now
    words = [item.label for item in current().change.values()]
    assert any(f"{word} gegenüber Q4/2025" in now for word in words)


def test_meilensteine_come_from_all_rounds_up_to_the_one_shown(
    committee: Visitor, session: Session
) -> None:
    first = report_content(milestones=(MilestoneLine("Auftakt", date(2026, 2, 1)),))
    second = report_content(milestones=(MilestoneLine("Auftakt", date(2026, 5, 2)),))
    third = report_content(
        milestones=(MilestoneLine("Auftakt", date(2026, 5, 2), date(2026, 7, 9)),)
    )
    publish(
        session,
        rounds_of({"2026-Q1": first, "2026-Q2": second, "2026-Q3": third}),
    )
    session.commit()
    text = committee.content(PAGE).text
    assert "Auftakt erledigt am 09.07.2026, geplant war 02.05.2026 ; verschoben 01.02.2026" in text
    earlier = committee.content(PAGE, "?runde=2026-Q2").text
    assert "Auftakt geplant bis 02.05.2026, überfällig ; verschoben 01.02.2026" in earlier
    alone = committee.content(PAGE, "?runde=2026-Q1").text
    assert "Auftakt geplant bis 01.02.2026, überfällig Stichtag 31.03.2026" in alone


def test_the_year_adds_what_was_reported_and_says_in_how_many_rounds(
    committee: Visitor, session: Session
) -> None:
    def people(count: int, **more: Any) -> Any:
        lines = (Participants(ParticipantUnit.PERSONS, count),)
        return report_content(participants=lines, **more)

    publish(
        session,
        rounds_of(
            {
                "2025-Q4": people(500),
                "2026-Q1": people(40, events=3),
                "2026-Q2": None,
                "2026-Q3": people(2, cost_actual=Decimal("80.5")),
            }
        ),
    )
    session.commit()
    page = committee.content(PAGE)
    told = page.text[page.text.index("Im Jahr 2026 bisher") :][:300]
    assert "(3 veröffentlichte Runden;" in told
    assert (
        "mindestens 40 Personen (2 von 3), 3 Veranstaltungen (1 von 3) und 80,50 € Kosten (Ist) "
        "(1 von 3)"
    ) in told
    assert "Teilnehmende (Personen) 500 40 – unter 5, nicht veröffentlicht" in page.text
    earlier = committee.content(PAGE, "?runde=2025-Q4").text
    assert "Im Jahr 2025 bisher (1 veröffentlichte Runde;" in earlier
    assert "500 Personen (1 von 1)" in earlier


def test_an_old_text_is_shown_as_it_is_meant(committee: Visitor, session: Session) -> None:
    """Its bytes stay as they were published."""
    pasted = report_content(achieved="\n".join(pasted for pasted, _ in OLD))
    publish(session, rounds_of({"2026-Q3": pasted}))
    session.commit()
    shown = committee.content(PAGE).text
    for _, meant in OLD:
        assert " ".join(meant.split()) in " ".join(shown.split())
    document = session.exec(select(Snapshot.document)).one()
    assert "O\ufb00ene" in document


@pytest.mark.parametrize("key", ["aufwand", "meilensteine", "kennzahlen"])
def test_tables_of_a_measure_are_files(reader: Visitor, four_rounds: list[Json], key: str) -> None:
    path = f"/dashboards/tabellen/{key}.csv?seite=massnahme/2.3"
    response = reader.client.get(path)
    assert response.status_code == 200
    rows = csv_rows(response.get_data())
    if key == "aufwand":
        assert [row[0] for row in rows[1:5]] == ["Q4/2025", "Q1/2026", "Q2/2026", "Q3/2026"]
        for row, item in zip(rows[1:5], four_rounds, strict=True):
            report = measure_of(item, "2.3")["report"]
            events = None if report is None else report["events"]
            assert row[4] == ("nicht bekannt" if events is None else str(events))
    if key == "kennzahlen":
        latest = measure_of(four_rounds[-1], "2.3")["indicators"][0]
        assert rows[-1][:2] == ["Q3/2026", latest["name"]]
        assert rows[-1][3] == (latest["value"] or "nicht bekannt")


def test_the_measure_s_sheet_is_offered_as_pdf_of_the_version_shown(reader: Visitor) -> None:
    page = reader.content("/dashboards/massnahme/2.3", "?runde=2026-Q2")
    (link,) = [link["href"] for link in page.all("A") if "/ausgaben/" in link["href"]]
    assert link == "/ausgaben/massnahme/2026-Q2/2.3.pdf?fassung=1"
    assert reader.client.get(link).data.startswith(b"%PDF")


def test_links_on_the_page_to_files_are_answered(reader: Visitor) -> None:
    page = reader.content("/dashboards/massnahme/2.3", "?runde=2026-Q2")
    links = [link["href"] for link in page.all("A") if "/tabellen/" in link["href"]]
    assert len(links) >= 2
    for link in links:
        assert reader.client.get(link).status_code == 200


def test_a_measure_that_a_round_does_not_have_says_where_it_is(
    committee: Visitor, session: Session
) -> None:
    small, whole = build(facts(period="2026-Q2", goals=2)), build(facts())
    publish(session, [small, whole])
    session.commit()
    path = "/dashboards/massnahme/16.1"
    assert committee.client.get(f"{path}?runde=2026-Q2").status_code == 404
    page = committee.content(path, "?runde=2026-Q2")
    assert "Maßnahme 16.1 fehlt in Q2/2026" in page.text
    assert f"{path}?runde=2026-Q3" in {link["href"] for link in page.all("A")}
    assert len(page.all("H1")) == 1
    tables = "/dashboards/tabellen/aufwand.csv?seite=massnahme/16.1&runde=2026-Q2"
    assert committee.client.get(tables).status_code == 404


def test_the_reference_has_no_report_and_no_empty_sections(reader: Visitor) -> None:
    page = reader.content("/dashboards/massnahme/7.1")
    assert "Über diesen Eintrag wird nicht berichtet." in page.text
    headings = [" ".join(texts(item["children"])) for item in page.all("H2")]
    assert "Meilensteine" not in headings
    assert "Ziffer 5 des Ratsbeschlusses" in headings
