"""What a publication says over rounds, recounted plainly from the raw tables, world by world."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, col, select

from tests.factories import CRITICAL, RUNNING, World
from tests.papers.totals import plain_change, plain_totals
from tests.papers.totals_pages import of_figures
from tests.publication.publishing import close_and_publish
from tests.publication.test_corrections_travel import confirmed, correct, publish, said
from tests.publication.test_corrections_travel import world as world  # noqa: PLC0414 - a fixture
from tracker.core.periods import Period
from tracker.publication.models import Snapshot
from tracker.publication.queries import snapshots
from tracker.reporting.models import Report, ReportRevision, Round
from tracker.reporting.rules.reports import ReportState

Json = dict[str, Any]


def corrected_q1_after_q2_published(world: World) -> None:
    first, _ = publish(world, "2026-Q1", "2026-04-10", said(1), CRITICAL)
    publish(world, "2026-Q2", "2026-07-10", said(1), None)
    correct(world, first, "2026-08-10", said(3), RUNNING)
    publish(world, "2026-Q3", "2026-10-10", said(1), None)


def older_round_published_late(world: World) -> None:
    publish(world, "2026-Q2", "2026-07-10", said(1), None)
    publish(world, "2026-Q1", "2026-08-10", said(2), CRITICAL)
    publish(world, "2026-Q3", "2026-10-10", said(1), None)


def measure_retired_and_reinstated(world: World) -> None:
    publish(world, "2026-Q1", "2026-04-10", said(2), CRITICAL)
    world.measures[0].retired_on = date(2026, 5, 1)
    world.session.flush()
    publish_as_it_is(world, "2026-Q2", "2026-07-10")
    world.measures[0].retired_on = None
    world.session.flush()
    publish_as_it_is(world, "2026-Q3", "2026-10-10")


def eleven_rounds_standing_still(world: World) -> None:
    period = Period(2024, "Q", 1)
    for _ in range(11):
        publish(world, period.key, f"{period.opens_on}", said(1), CRITICAL)
        period = period.next()


def missing_report_in_the_streak(world: World) -> None:
    publish(world, "2025-Q3", "2025-10-10", said(None), None)
    for period, at, missing in (
        ("2025-Q4", "2026-01-10", False),
        ("2026-Q1", "2026-04-10", True),
        ("2026-Q2", "2026-07-10", False),
        ("2026-Q3", "2026-10-10", False),
    ):
        confirmed(world, period, at, missing=missing)


def two_versions_of_a_round(world: World) -> None:
    round_, _ = publish(world, "2026-Q1", "2026-04-10", said(1), None)
    correct(world, round_, "2026-05-10", said(2))
    confirmed(world, "2026-Q2", "2026-07-10")
    correct(world, round_, "2026-08-10", said(5))
    confirmed(world, "2026-Q3", "2026-10-10")


def publish_as_it_is(world: World, period: str, at: str) -> None:
    round_ = world.open_round(period, opened=f"{at} 06:00")
    close_and_publish(world, round_, f"{at} 11:00")


WORLDS: list[Callable[[World], None]] = [
    corrected_q1_after_q2_published,
    older_round_published_late,
    measure_retired_and_reinstated,
    eleven_rounds_standing_still,
    missing_report_in_the_streak,
    two_versions_of_a_round,
]


def end(document: Json) -> str:
    return str(document["round"]["as_of"])


def before(document: Json, published: list[Json]) -> list[Json]:
    """The earlier rounds as they were in force then, oldest first: later ones replace older."""
    rounds = {item["round"]["period"]: item for item in published if end(item) < end(document)}
    return sorted(rounds.values(), key=end)


def one(document: Json, key: str) -> Json | None:
    return next((item for item in document["measures"] if item["key"] == key), None)


def check_over_rounds(document: Json, earlier: list[Json]) -> None:
    last = earlier[-1] if earlier else None
    previous = document["previous"] and (
        document["previous"]["period"],
        document["previous"]["version"],
    )
    assert previous == (last and (last["round"]["period"], last["round"]["version"]))
    for item in document["measures"]:
        past = [one(round_, item["key"]) for round_ in earlier]
        if last is not None:
            value = past[-1] and past[-1]["value"]
            assert item["previous_value"] == value
            assert item["change"] == plain_change(value, item["value"])
        known = [
            (round_["round"]["period"], found["value"])
            for round_, found in zip(earlier, past, strict=True)
            if found and found["value"]
        ]
        carried = item["carried"] and (
            item["carried"]["period"],
            {key: item["carried"][key] for key in ("implementation", "course")},
        )
        assert carried == (known[-1] if known and item["value"] is None else None)
        row = 0
        while item["unchanged_confirmed"] and row < len(past):
            found = past[-1 - row]
            if found is None or not found["unchanged_confirmed"]:
                break
            row += 1
        assert item["unchanged_streak"] == (row + 1 if item["unchanged_confirmed"] else 0)
        check_year(document, item, [*zip(earlier, past, strict=True)])


def check_year(document: Json, item: Json, past: list[tuple[Json, Json | None]]) -> None:
    for indicator in item["indicators"]:
        given = [
            Decimal(line["value"])
            for round_, found in [*past, (document, item)]
            if found and end(round_)[:4] == end(document)[:4]
            for line in found["indicators"]
            if line["key"] == indicator["key"] and line["value"] is not None
        ]
        assert indicator["year_sum"] == (format(sum(given), "f") if given else None)


def check_values(session: Session, document: Json) -> None:
    """The values of a round's version in force against the rows of its reports."""
    statement = (
        select(Report, ReportRevision, Round.period)
        .join(Round, col(Round.id) == Report.round_id)
        .join(ReportRevision, col(ReportRevision.report_id) == Report.id)
        .where(
            ReportRevision.number == Report.revision,
            Report.state == ReportState.ACCEPTED,
            Round.period == document["round"]["period"],
        )
    )
    counts = [
        (revision.implementation, revision.course) for _, revision, _ in session.exec(statement)
    ]
    found = [
        (item["value"]["implementation"], item["value"]["course"])
        for item in document["measures"]
        if item["value"]
    ]
    assert sorted(counts) == sorted(found)


@pytest.mark.parametrize("build", WORLDS, ids=[build.__name__ for build in WORLDS])
def test_every_publication_of_the_world_is_counted_from_the_versions_then_in_force(
    world: World, build: Callable[[World], None]
) -> None:
    build(world)
    published: list[Json] = []
    newest: dict[str, Json] = {}
    for snapshot in world.session.exec(select(Snapshot).order_by(col(Snapshot.published_at))):
        document: Json = json.loads(snapshot.document)
        check_over_rounds(document, before(document, published))
        totals = plain_totals(document)
        for key, value in of_figures(document):
            assert str(totals[key]) == str(value), key
        published.append(document)
        newest[document["round"]["period"]] = document
    for document in newest.values():
        check_values(world.session, document)
    assert not any(checked.problems for checked in snapshots.verify(world.session))
