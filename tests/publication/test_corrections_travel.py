"""A later round takes what earlier rounds say in the version in force (domain.md 6)."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from tests.factories import CRITICAL, RUNNING, World, moment
from tests.publication.publishing import close_and_publish
from tracker.concept.models import Indicator, IndicatorKind
from tracker.publication.queries import snapshots
from tracker.reporting.models import Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import IndicatorValue, ReportContent

Json = dict[str, Any]
EVENTS = "veranstaltungen"


def said(value: int | None) -> ReportContent:
    lines = () if value is None else (IndicatorValue(EVENTS, Decimal(value)),)
    return ReportContent(**{**vars(RUNNING), "indicators": lines})


@pytest.fixture
def world(session: Session) -> World:
    """Two measures of the library; 1.1 shall reach four events a year."""
    world = World(session)
    world.lead(world.library, *world.measures[:2])
    session.add(
        Indicator(
            concept_id=world.concept_id,
            measure_id=world.measures[0].id or 0,
            key=EVENTS,
            name="Veranstaltungen",
            kind=IndicatorKind.TARGET,
            operator=">=",
            target=Decimal(4),
            unit="Veranstaltungen",
            per_year=True,
        )
    )
    session.flush()
    return world


def publish(
    world: World, period: str, at: str, first: ReportContent, second: ReportContent | None
) -> tuple[Round, Json]:
    """A round in which 1.1 is reported, and 1.2 where `second` is given."""
    round_ = world.open_round(period, opened=f"{at} 06:00")
    for measure, content in zip(world.measures[:2], (first, second), strict=True):
        if content is not None:
            report = world.report(round_, measure)
            world.accept(world.submit(report, content, at=f"{at} 09:00"), at=f"{at} 10:00")
    return round_, json.loads(close_and_publish(world, round_, f"{at} 11:00").document)


def correct(world: World, round_: Round, at: str, *contents: ReportContent) -> Json:
    by, now = world.coordination, moment(f"{at} 06:00")
    rounds.correct(world.session, round_=round_, reason="Falsche Zahl", by=by, now=now)
    for measure, content in zip(world.measures, contents, strict=False):
        report = world.report(round_, measure)
        report_id = report.id or 0
        review.revoke(world.session, report_id=report_id, reason="Zahl", by=by, now=now)
        review.return_report(world.session, report_id=report_id, comment="Zahl?", by=by, now=now)
        rounds.grant_extension(
            world.session,
            round_=round_,
            institution_id=None,
            report_id=report_id,
            until=date.fromisoformat(at),
            reason="Korrektur",
            by=by,
            now=now,
        )
        world.accept(world.submit(report, content, at=f"{at} 09:00"), at=f"{at} 10:00")
    return json.loads(close_and_publish(world, round_, f"{at} 11:00").document)  # type: ignore[no-any-return]


def of(document: Json, code: str) -> Json:
    found: Json = next(item for item in document["measures"] if item["code"] == code)
    return found


def year_sum(document: Json) -> str:
    [indicator] = of(document, "1.1")["indicators"]
    return str(indicator["year_sum"])


def test_a_correction_of_the_first_quarter_counts_in_the_third(world: World) -> None:
    first, _ = publish(world, "2026-Q1", "2026-04-10", said(1), CRITICAL)
    _, second = publish(world, "2026-Q2", "2026-07-10", said(1), None)
    assert (year_sum(second), of(second, "1.2")["carried"]["course"]) == ("2", "critical")
    corrected = correct(world, first, "2026-08-10", said(3), RUNNING)
    assert year_sum(corrected) == "3"
    _, third = publish(world, "2026-Q3", "2026-10-10", said(1), None)
    assert year_sum(third) == "5"
    carried = of(third, "1.2")["carried"]
    assert (carried["period"], carried["course"]) == ("2026-Q1", RUNNING.course)
    assert third["previous"]["period"] == "2026-Q2"
    assert not any(checked.problems for checked in snapshots.verify(world.session))
    assert year_sum(json.loads(json.dumps(second))) == "2"


def test_a_round_that_is_published_late_counts_too(world: World) -> None:
    _, second = publish(world, "2026-Q2", "2026-07-10", said(1), None)
    assert second["previous"] is None
    _, first = publish(world, "2026-Q1", "2026-08-10", said(2), CRITICAL)
    assert (first["previous"], year_sum(first)) == (None, "2")
    _, third = publish(world, "2026-Q3", "2026-10-10", said(1), None)
    assert year_sum(third) == "4"
    assert of(third, "1.2")["carried"]["period"] == "2026-Q1"


def test_a_measure_that_was_retired_and_is_back_keeps_its_year_and_its_last_value(
    world: World,
) -> None:
    publish(world, "2026-Q1", "2026-04-10", said(2), CRITICAL)
    back = world.measures[0]
    back.retired_on = date(2026, 5, 1)
    world.session.flush()
    round_ = world.open_round("2026-Q2", opened="2026-07-10 06:00")
    second = json.loads(close_and_publish(world, round_, "2026-07-10 11:00").document)
    assert "1.1" not in {item["code"] for item in second["measures"]}
    back.retired_on = None
    world.session.flush()
    round_ = world.open_round("2026-Q3", opened="2026-10-10 06:00")
    third = json.loads(close_and_publish(world, round_, "2026-10-10 11:00").document)
    assert year_sum(third) == "2"
    assert of(third, "1.1")["carried"]["period"] == "2026-Q1"


def test_a_new_year_begins_anew(world: World) -> None:
    publish(world, "2025-Q4", "2026-01-10", said(3), None)
    _, first = publish(world, "2026-Q1", "2026-04-10", said(1), None)
    assert year_sum(first) == "1"


def confirmed(world: World, period: str, at: str, *, missing: bool = False) -> int:
    """The row of confirmations that is published with a round in which 1.1 is confirmed."""
    round_ = world.open_round(period, opened=f"{at} 06:00")
    if not missing:
        report = world.report(round_, world.measures[0])
        reports.confirm_unchanged(
            world.session,
            report_id=report.id or 0,
            by=world.representative,
            now=moment(f"{at} 09:00"),
        )
        world.accept(report, at=f"{at} 10:00")
    document = json.loads(close_and_publish(world, round_, f"{at} 11:00").document)
    return int(of(document, "1.1")["unchanged_streak"])


def test_missing_report_in_the_streak_ends_it(world: World) -> None:
    publish(world, "2025-Q3", "2025-10-10", said(None), None)
    assert confirmed(world, "2025-Q4", "2026-01-10") == 1
    assert confirmed(world, "2026-Q1", "2026-04-10", missing=True) == 0
    assert confirmed(world, "2026-Q2", "2026-07-10") == 1
    assert confirmed(world, "2026-Q3", "2026-10-10") == 2


def test_a_corrected_round_ends_or_keeps_the_streak_as_its_version_in_force_says(
    world: World,
) -> None:
    publish(world, "2025-Q4", "2026-01-10", said(None), None)
    assert confirmed(world, "2026-Q1", "2026-04-10") == 1
    assert confirmed(world, "2026-Q2", "2026-07-10") == 2
    first = world.session.exec(select(Round).where(Round.period == "2026-Q1")).one()
    correct(world, first, "2026-08-10", CRITICAL)
    assert confirmed(world, "2026-Q3", "2026-10-10") == 2
