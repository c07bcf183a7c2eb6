"""Every total in every form of a round: read out of the finished files, against a plain sum."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine
from sqlmodel import Session

from tests.csv_text import csv_rows
from tests.dashboards.conftest import make_app, signed_in
from tests.dashboards.published import publish
from tests.factories_reports import noon, report_content
from tests.factories_snapshot import ChangeMeasure, documents, facts
from tests.papers.odd_rounds import reporting
from tests.papers.pdf_tables import pdf_content
from tests.papers.pdf_text import squeezed
from tests.papers.round_strategies import rounds
from tests.papers.totals import Key, Share, Total, Totals, in_cents, plain_totals
from tests.papers.totals_pages import of_dashboards, of_figures
from tests.papers.totals_papers import (
    docx_content,
    html_content,
    of_paper,
    of_vorlage,
)
from tests.papers.totals_sheets import csv_sheets, of_lists, of_sheets, xlsx_sheets
from tracker.concept.rules.facts import ZiffFiveFact
from tracker.core.canonical import canonical_json
from tracker.core.permissions import Role
from tracker.papers.documents import vorlage
from tracker.papers.documents.report import paper
from tracker.papers.rules.exporting import VorlageKind
from tracker.papers.writers.to_csv import to_csv_zip
from tracker.papers.writers.to_docx import to_docx
from tracker.papers.writers.to_json import to_json
from tracker.papers.writers.to_pdf import to_pdf
from tracker.papers.writers.to_xlsx import to_xlsx
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Report
from tracker.publication.reading.scope import Scope
from tracker.publication.rules.facts import MeasureFact, ReviewedFact
from tracker.publication.rules.snapshot import build
from tracker.reporting.rules.content import Funding
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import Granted, ReportState
from tracker.reporting.rules.status import Course, Implementation

Json = dict[str, Any]
NOW = datetime.fromisoformat("2026-11-20T09:00:00+00:00")
# What is only in the tables for programs, as numbers without their "n von N".
FOR_PROGRAMS = {"Wert", "Angaben", "Prozent"}
EXTRACT = Scope(frozenset({"1", "9"}), exceptions_only=True, sheets=False)


def printed(key: Key, value: Total) -> str:
    """A total as papers and pages print it."""
    told = "–" if value is None else str(value)
    return squeezed(f"{told} %".replace(".", ",") if key[0] == "Prozent" and value else told)


def on_pages(totals: Totals) -> dict[Key, str]:
    """What papers and dashboards have to print."""
    return {tuple(map(squeezed, key)): printed(key, value) for key, value in totals.items()}


def on_paper(totals: Totals) -> dict[Key, str]:
    """The same for a report, which prints the share below each Rücklauf of a Handlungsfeld."""
    shares = {
        key: printed(key, value) + printed(("Prozent",), value.percent)
        for key, value in totals.items()
        if key[0] == "Rücklauf" and len(key) == 3 and isinstance(value, Share) and value.total
    }
    return on_pages(totals) | {tuple(map(squeezed, key)): told for key, told in shares.items()}


@dataclass(frozen=True)
class Pages:
    """A published round in the browser: the preview of its report, and its dashboards."""

    preview: str
    overview: str
    tables: dict[str, list[list[str]]]


def opened(connection: Connection, document: Json) -> Pages:
    """Publish a round and read it as somebody of the KI does."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        publish(session, [document])
        visitor = signed_in(make_app(connection, NOW), session, Role.COORDINATION, NOW)
        client = visitor.client
        asked = f"runde={document['round']['period']}/1&blaetter=ohne"
        preview = client.get(f"/ausgaben/vorschau/bericht?{asked}")
        assert preview.status_code == 200
        shown = {
            page: visitor.content(f"/dashboards/{page}")
            for page in ("", "wirkung", "ruecklauf", "beschluesse")
        }
        tables = {}
        for page, content in shown.items():
            for link in (item["href"] for item in content.all("A") if ".csv" in item["href"]):
                name = link.rpartition("/")[2].partition(".csv")[0]
                tables[f"{page}/{name}"] = csv_rows(client.get(link).get_data())
        return Pages(preview.get_data(as_text=True), shown[""].text, tables)


def check(
    form: str,
    read: Iterable[tuple[Key, Any]],
    totals: dict[Key, Any],
    *,
    without: Iterable[tuple[str, int]],
    but: Iterable[str] = (),
) -> None:
    """Every total that was read is right, and all were but kinds that the form is `without`.

    A kind is the first word of a name and the number of its words; of the kinds `but` some are
    read nevertheless.
    """
    left = dict(totals)
    for key, value in read:
        assert key in totals, (form, key, value)
        assert value == totals[key], (form, key)
        left.pop(key, None)
    unsaid = {key for key in left if (key[0], len(key)) not in without}
    assert not unsaid, (form, unsaid)
    assert {key[0] for key in totals.keys() - left.keys()} >= set(but), form


# A Verlauf by Handlungsfeld, and what is only in tables for programs.
NOT_ON_PAPER = {("Verlauf", 3), ("Wert", 3), ("Angaben", 2), ("Prozent", 3)}
NOT_IN_SHEETS = {("Wirkung", 3), ("Kopf", 2)}
NOT_IN_CSV = NOT_IN_SHEETS | {("Angaben", 2)}
NOT_IN_FIGURES = {
    *(("Umsetzungsstand", 2), ("Kopf", 2), ("ohne Verlauf", 2), ("Rücklauf", 2)),
    *(("Wirkung", 2), ("Wirkung", 3), ("Wert", 3), ("Angaben", 2), ("Kosten", 3), ("Geber", 2)),
}
# The Vorlage counts in sentences; its numbers by Handlungsfeld are those of its Anlage.
NOT_IN_VORLAGE = NOT_ON_PAPER | {
    *(("Umsetzungsstand", 2), ("Verlauf", 2), ("ohneVerlauf", 2), ("Handlungsfeld", 3)),
    *(("Rücklauf", 2), ("Rücklauf", 3), ("Kosten", 3), ("Geber", 2)),
    *(("Wirkung", 2), ("Wirkung", 3)),
}
NOT_ON_DASHBOARDS = {
    *(("Wert", 3), ("Angaben", 2), ("Verlauf", 2), ("Verlauf", 3), ("ohneVerlauf", 2)),
    *(("Meldungen", 2), ("Veränderung", 2), ("Rücklauf", 2), ("Rücklauf", 3), ("Prozent", 3)),
    *(("Wirkung", 3), ("Kosten", 3)),
}


def check_files(found: Report, totals: Totals, *, added_up: bool = True) -> None:
    """Paper and tables of a report, written and read again."""
    shown = paper(found)
    pdf, docx = to_pdf(shown), to_docx(shown)
    told = on_paper(totals)
    check("PDF", of_paper(*pdf_content(pdf)), told, without=NOT_ON_PAPER)
    check("DOCX", of_paper(*docx_content(docx)), told, without=NOT_ON_PAPER)
    sheets = xlsx_sheets(to_xlsx(found))
    check("XLSX", of_sheets(sheets), totals, without=NOT_IN_SHEETS)
    if not found.scope.exceptions_only:
        check("XLSX, lists", of_lists(sheets), totals, without={(k[0], len(k)) for k in totals})
    if added_up:
        rounded = in_cents(totals)
        check("CSV", of_sheets(csv_sheets(to_csv_zip(found))), rounded, without=NOT_IN_CSV)


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(rounds(goals=st.sampled_from([1, 4, 5])))
def test_every_total_is_the_same_in_every_form(sqlite_engine: Engine, document: Json) -> None:
    check_everywhere(sqlite_engine, document)


def check_everywhere(engine: Engine, document: Json, *, added_up: bool = True) -> None:
    """Files, Vorlage, JSON, preview and dashboards of a round, all against the plain totals."""
    totals = plain_totals(document)
    found = report(document, scope=Scope(sheets=False))
    check_files(found, totals, added_up=added_up)
    exported = json.loads(to_json(canonical_json(document)))
    check("JSON", of_figures(exported), totals, without=NOT_IN_FIGURES)
    draft = to_docx(vorlage.paper(found, kind=VorlageKind.RESOLUTION))
    said = of_vorlage(*docx_content(draft))
    check(
        "Vorlage",
        said,
        on_pages(totals),
        without=NOT_IN_VORLAGE,
        but=("Verlauf", "Rücklauf", "Kopf"),
    )
    with engine.connect() as connection:
        outer = connection.begin()
        pages = opened(connection, document)
        outer.rollback()
    in_browser = of_paper(*html_content(pages.preview))
    check("preview", in_browser, on_paper(totals), without=NOT_ON_PAPER)
    drawn = of_dashboards(pages.tables, pages.overview)
    check(
        "dashboards",
        ((tuple(map(squeezed, key)), squeezed(value)) for key, value in drawn),
        on_pages(totals),
        without=NOT_ON_DASHBOARDS,
        but=("Verlauf", "Meldungen", "Rücklauf", "Prozent", "Wirkung", "Kosten"),
    )


def test_the_totals_of_an_extract_are_those_of_its_handlungsfelder_in_every_form() -> None:
    document = documents(2)[-1]
    found = report(document, scope=EXTRACT)
    assert len(found.fields) == 2
    check_files(found, plain_totals(document, EXTRACT.fields))


def said(**answers: Any) -> ChangeMeasure:
    """Each measure that is led says the same."""
    return lambda measure: reporting(measure, report_content(**answers))


def planned_only(measure: MeasureFact) -> MeasureFact:
    """Four measures plan 1,000 €; two of them spent 1,050 €."""
    spent = Decimal(1050) if measure.code in {"1.1", "1.2"} else None
    return said(cost_planned=Decimal(1000), cost_actual=spent)(measure)


def in_state(state: ReportState, **more: Any) -> ChangeMeasure:
    """Measure 1.1's report is in a state of its own; the others are accepted."""

    def change(measure: MeasureFact) -> MeasureFact:
        if measure.code != "1.1" or measure.report is None:
            return said()(measure)
        report = replace(measure.report, state=state, content=None, reviewed=None, **more)
        return replace(measure, report=report)

    return change


def found_before(measure: MeasureFact) -> MeasureFact:
    """The KI set another value for 1.1, which the institution confirms in the round after."""
    value = Value(Implementation.PLANNED, Course.AT_RISK)
    shown = said()(measure)
    if measure.code == "1.3":
        return replace(measure, report=None)
    if measure.code != "1.1" or shown.report is None:
        return shown
    return replace(shown, report=replace(shown.report, reviewed=ReviewedFact(value, "Es stockt.")))


def confirmed(measure: MeasureFact) -> MeasureFact:
    """The round after `found_before`: 1.1 confirms what was established."""
    if measure.code != "1.1":
        return said()(measure)
    content = report_content(Implementation.PLANNED, Course.AT_RISK, reason="Es stockt.")
    shown = reporting(measure, content)
    assert shown.report
    return replace(shown, report=replace(shown.report, unchanged=True))


ENDED, LAST_DAY = date(2026, 6, 30), date(2026, 7, 1)
WORLDS: dict[str, ChangeMeasure] = {
    "expired funding": said(
        funding=(
            Funding("Land", "KOMM-AN", Decimal(9000), date(2025, 1, 1), ENDED),
            Funding("Bund", "", Decimal(500), None, LAST_DAY),
            Funding("Stiftung"),
        )
    ),
    "nothing but expired funding": said(funding=(Funding("Land", "", Decimal(9000), end=ENDED),)),
    "Plan without Ist": planned_only,
    "an amount with three decimals": lambda measure: (
        said(cost_planned=Decimal("0.125"), funding=(Funding("Land", "", Decimal("2.345")),))
        if measure.code == "1.1"
        else said()
    )(measure),
    "a withdrawn report": in_state(ReportState.DRAFT),
    "a report requested later": in_state(
        ReportState.EXPECTED,
        first_submitted_at=None,
        extensions=(Granted(date(2026, 10, 30), noon(date(2026, 10, 5)), joins=True),),
    ),
    "a measure without lead": lambda measure: (
        replace(measure, lead=None, report=None) if measure.code == "1.1" else said()(measure)
    ),
    "municipal funding for different periods": lambda measure: replace(
        said()(measure),
        ziff5=ZiffFiveFact(
            municipal_funding=Decimal(1000),
            municipal_funding_period="2026" if measure.code == "1.1" else "2025 bis 2027",
        ),
    ),
}


@pytest.mark.parametrize("world", WORLDS)
def test_every_total_of_a_world_is_the_same_in_every_form(engine: Engine, world: str) -> None:
    made = build(facts(goals=1, change=WORLDS[world]))
    # A program adds up the column of a CSV file, although its amounts are not one sum.
    check_everywhere(engine, made, added_up="different periods" not in world)


def test_finding_kept_by_confirmation_is_no_improvement(engine: Engine) -> None:
    before = build(facts(period="2026-Q2", goals=1, change=found_before))
    made = build(facts(goals=1, previous=before, change=confirmed))
    assert plain_totals(made)["Veränderung", "verbessert"] == 0
    check_everywhere(engine, made)
