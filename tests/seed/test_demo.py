"""The demonstration: every kind of case is there, and the same day always gives the same data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from seed import demo
from seed.demo.story import entries, parse_word
from seed.load import load
from tests.bielefeld import BIELEFELD
from tests.committing import own_sqlite
from tests.factories import moment
from tracker.accounts.models import Account, Substitution
from tracker.concept.models import EditionMeasure
from tracker.core.models import InstanceValue
from tracker.core.periods import local_day
from tracker.papers.writers.to_json import schema_text
from tracker.publication.models import Snapshot
from tracker.publication.reading.search import search, searched
from tracker.publication.rules.snapshot_parts import EFFECT, GOALS, META, OVERVIEW, TEXTS, split
from tracker.reporting.models import Contribution, Report, Round
from tracker.reporting.reports.queries.my_measures import my_measures
from tracker.reporting.rules.content import from_dict
from tracker.reporting.rules.contribution import Part, content_from, open_parts, taken_from
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.words import COURSE, IMPLEMENTATION

NOW = moment("2026-11-21 12:00")
WORDS = {code: label.text for code, label in (*IMPLEMENTATION.items(), *COURSE.items())}


def filled(session: Session, now: datetime = NOW) -> None:
    load(session, now=now)
    demo.fill(session, settings=BIELEFELD, now=now)


def hashes(session: Session) -> list[tuple[str, int, str]]:
    found = session.exec(select(Snapshot.period, Snapshot.version, Snapshot.sha256)).all()
    return sorted(tuple(row) for row in found)


@contextmanager
def demonstration(engine: Engine, now: datetime = NOW) -> Iterator[Session]:
    """A demonstration in a database that is empty before and after."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            filled(session, now)
            yield session
        outer.rollback()


@pytest.fixture(scope="module")
def on_sqlite(sqlite_engine: Engine) -> Iterator[Session]:
    """A demonstration in SQLite, filled once for this file."""
    with demonstration(sqlite_engine) as session:
        yield session


@pytest.fixture(scope="module")
def on_postgresql(postgresql_engine: Engine) -> Iterator[Session]:
    """The same in PostgreSQL."""
    with demonstration(postgresql_engine) as session:
        yield session


@pytest.fixture(params=["on_sqlite", "on_postgresql"])
def session(request: pytest.FixtureRequest) -> Session:
    """Each of the two in turn."""
    found: Session = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def documents(session: Session) -> list[dict[str, Any]]:
    statement = select(Snapshot.document).order_by(col(Snapshot.id))
    return [json.loads(text) for text in session.exec(statement)]


def test_five_rounds_one_corrected_one_open_and_a_year_planned_ahead(session: Session) -> None:
    states = session.exec(select(Round.period, Round.state).order_by(col(Round.period_start))).all()
    assert [tuple(row) for row in states] == [
        ("2025-Q3", "published"),
        ("2025-Q4", "published"),
        ("2026-Q1", "published"),
        ("2026-Q2", "published"),
        ("2026-Q3", "open"),
        ("2026-Q4", "planned"),
        ("2027-Q1", "planned"),
        ("2027-Q2", "planned"),
        ("2027-Q3", "planned"),
    ]
    versions = session.exec(select(Snapshot.period).where(Snapshot.version == 2)).all()
    assert versions == ["2025-Q4"]
    assert session.get(InstanceValue, "demonstration") is not None


def test_the_open_round_has_reports_in_every_state(session: Session) -> None:
    statement = (
        select(Report.state)
        .join(Round, col(Round.id) == Report.round_id)
        .where(Round.period == "2026-Q3")
    )
    assert set(session.exec(statement)) == set(ReportState)


def test_the_volkshochschule_has_five_measures_to_confirm_one_for_the_third_time(
    session: Session,
) -> None:
    account = session.exec(select(Account).where(col(Account.email).startswith("volkshochschule@")))
    institution_id = account.one().institution_id or 0
    mine = my_measures(session.connection(), institution_id=institution_id, now=NOW)
    [running, *_] = mine.rounds
    times = {item.code: item.times_confirmed for item in running.confirmable}
    assert times == {"1.2": 1, "1.3": 1, "4.2": 1, "6.4": 1, "7.2": 3}


def test_confirmations_wait_for_review_one_for_the_third_time_or_more(session: Session) -> None:
    statement = (
        select(EditionMeasure.code, Report.unchanged_streak)
        .join(EditionMeasure, col(EditionMeasure.measure_id) == Report.measure_id)
        .where(Report.state == ReportState.SUBMITTED, col(Report.unchanged))
    )
    assert dict(session.exec(statement).all()) == {"8.3": 1, "11.2": 4, "11.4": 1}


def test_kennzahlen_are_reported_and_a_milestone_was_moved(
    documents: list[dict[str, Any]],
) -> None:
    reported = {
        item["key"]
        for document in documents
        for measure in document["measures"]
        for item in measure["indicators"]
        if item["value"] is not None
    }
    assert reported == {"fortbildungstage", "elternveranstaltungen"}
    planned: dict[tuple[str, str], set[str]] = {}
    for document in documents:
        for measure in document["measures"]:
            for line in (measure["report"] or {}).get("milestones", ()):
                planned.setdefault((measure["code"], line["title"]), set()).add(line["due_on"])
    assert any(len(days) == 2 for days in planned.values())


def test_the_correction_corrected_a_number(documents: list[dict[str, Any]]) -> None:
    first, second = (item for item in documents if item["round"]["period"] == "2025-Q4")
    said = second["round"]["reason"].split()
    before, after = (
        next(item for item in document["measures"] if item["code"] in said)["report"]
        for document in (first, second)
    )
    assert after["participants"][0]["count"] == before["participants"][0]["count"] + 12


def test_one_deputy_may_submit_today(session: Session) -> None:
    found = session.exec(select(Substitution)).one()
    assert found.valid_from <= local_day(NOW) <= found.valid_to
    assert found.ended_at is None


def test_partners_contribute_and_one_contribution_is_taken_over_in_part(session: Session) -> None:
    statement = (
        select(EditionMeasure.code, Contribution, Report)
        .join(Report, col(Report.id) == Contribution.report_id)
        .join(EditionMeasure, col(EditionMeasure.measure_id) == Report.measure_id)
        .order_by(EditionMeasure.code)
    )
    found = {code: (item, report) for code, item, report in session.exec(statement)}
    assert [code for code, (item, _) in found.items() if item.taken_version is None] == [
        "1.2",
        "3.2",
    ]
    item, report = found["5.3"]
    assert open_parts(content_from(item.content), taken_from(item.content)) == (Part.PARTICIPANTS,)
    assert content_from(item.content).text in from_dict(report.draft or {}).achieved


def test_the_published_rounds_fit_the_published_schema(documents: list[dict[str, Any]]) -> None:
    validator = Draft202012Validator(json.loads(schema_text(2)))
    corrected = [item for item in documents if item["round"]["version"] == 2]
    for document in (*corrected, documents[-1]):
        assert [error.message for error in validator.iter_errors(document)] == []


def test_the_published_rounds_show_every_case(documents: list[dict[str, Any]]) -> None:
    assert all(document["demonstration"] for document in documents)
    measures = [item for document in documents for item in document["measures"]]
    assert {item["value"]["implementation"] for item in measures if item["value"]} == {
        word.value.implementation.value
        for entry in entries()
        for word in entry.rounds
        if word is not None
    }
    assert {item["change"] for item in documents[-1]["measures"] if item["change"]} >= {
        "worse", "better", "newly_reported", "unchanged",
    }  # fmt: skip
    punctual = Counter(item["expected"]["punctuality"] for item in measures if item["expected"])
    assert punctual["late"]
    assert punctual["overdue"]
    assert any(item["dissent"] for item in measures)
    assert any(item["carried"] for item in measures)
    assert any(item["unchanged_confirmed"] for item in measures)
    assert any(item["expected"] and item["expected"]["on_behalf"] for item in measures)


def test_whatever_belongs_to_a_measure_finds_it(documents: list[dict[str, Any]]) -> None:
    newest = documents[-1]
    parts = {part.kind: part.payload for part in split(newest)}
    known = searched(*(parts[kind] for kind in (META, OVERVIEW, TEXTS, GOALS, EFFECT)))

    def hits(asked: str) -> list[str]:
        return sorted(entry.code for entry in search(known.measures.values(), [asked]))

    belonging: dict[str, list[str]] = {}
    for measure in newest["measures"]:
        report, value = measure["report"] or {}, measure["value"] or {}
        institutions = [measure["lead"], *measure["partners"]]
        for asked in (
            *(title for goal in parts[GOALS]["fields"] for title in titles(goal, measure["goal"])),
            *(grant["donor"] for grant in report.get("funding", [])),
            *(part[name] for part in institutions if part for name in ("name", "short_name")),
            *(WORDS[value[name]] for name in value if value[name] in WORDS),
            *(["keine Meldung"] if measure["reportable"] and not value else []),
        ):
            belonging.setdefault(asked, []).append(measure["code"])
    assert {"kritisch", "gefährdet", "verstetigt", "keine Meldung"} < belonging.keys()
    lost = {asked: set(codes) - set(hits(asked)) for asked, codes in belonging.items()}
    assert {asked: codes for asked, codes in lost.items() if codes} == {}
    of_field_8 = [item["code"] for item in newest["measures"] if item["field"] == "8"]
    in_brackwede = [
        item["code"]
        for item in newest["measures"]
        if item["report"] and "brackwede" in item["report"]["districts"]
    ]
    assert (len(of_field_8), len(in_brackwede)) == (8, 9)
    assert (hits("Wohnen"), hits("brackwede")) == (sorted(of_field_8), sorted(in_brackwede))
    assert [entry.code for entry in search(known.fields.values(), ["wohnen"])] == ["8"]
    assert [entry.code for entry in search(known.goals.values(), ["Stadtteil"])] == ["10"]


def titles(field: dict[str, Any], code: str) -> list[str]:
    """The names under which a Handlungsfeld and its Ziel hold the measures of this Ziel."""
    goals = [goal for goal in field["goals"] if goal["code"] == code]
    both = [goal[key].rstrip(".") for goal in goals for key in ("title", "title_annex2")]
    return [field["name"], *both] if goals else []


def test_one_measure_has_no_lead_and_so_no_report(documents: list[dict[str, Any]]) -> None:
    without = [item["code"] for item in documents[-1]["measures"] if item["lead"] is None]
    assert without == ["7.1", "12.1"]


def test_the_same_day_gives_the_same_publications_on_both_databases(
    on_sqlite: Session, on_postgresql: Session
) -> None:
    assert hashes(on_sqlite) == hashes(on_postgresql)


@pytest.mark.parametrize("day", ["2027-01-01 00:10", "2028-02-29 12:00"])
def test_any_day_of_the_year_has_its_demonstration(tmp_path: Path, day: str) -> None:
    engine = own_sqlite(tmp_path)
    with demonstration(engine, moment(day)) as session:
        assert len(hashes(session)) == 5
    engine.dispose()


@pytest.mark.parametrize("word", ["", "q+", "i?", "i+>q", "ii"])
def test_a_word_that_says_nothing_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="kein Wort der Erzählung"):
        parse_word(word)


def test_no_invented_text_is_left_as_something_else_than_a_text(
    documents: list[dict[str, Any]],
) -> None:
    texts = [
        item["report"][name]
        for document in documents
        for item in document["measures"]
        if item["report"]
        for name in ("achieved", "reason", "consequence", "next_step", "obstacles", "changed")
    ]
    assert any(texts)
    assert not [text for text in texts if text.startswith(("{", "["))]


def test_a_milestone_is_done_on_the_same_day_in_every_round(
    documents: list[dict[str, Any]],
) -> None:
    done: dict[tuple[str, str], set[str]] = {}
    for document in documents:
        for item in document["measures"]:
            for line in (item["report"] or {}).get("milestones", ()):
                if line["done_on"]:
                    done.setdefault((item["code"], line["title"]), set()).add(line["done_on"])
    assert done
    assert {key for key, days in done.items() if len(days) > 1} == set()
