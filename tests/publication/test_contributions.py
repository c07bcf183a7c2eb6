"""Only the lead's report counts: what partners write changes no figure by itself (domain.md 5)."""

import json

import pytest
from sqlmodel import Session

from tests.factories import World
from tests.factories_contributions import bring, contribute, partner, take
from tests.publication.publishing import close_and_publish
from tracker.reporting.rules.content import from_dict
from tracker.reporting.rules.reports import ReportState


def published(session: Session, *, contributing: bool, taking: bool = False) -> str:
    """The document of a round with two accepted reports, made in a world of its own."""
    with session.begin_nested() as attempt:
        world = World(session)
        world.lead(world.library)
        partner(world, world.club, *world.measures)
        round_ = world.open_round()
        for measure in world.measures[:2]:
            report = world.report(round_, measure)
            bring(world, report, ReportState.DRAFT)
            if contributing:
                found = contribute(world, report)
                if taking:
                    take(world, found)
            content = from_dict(report.draft or {})
            world.accept(world.submit(report, content))
        if contributing:
            contribute(world, world.report(round_, world.measures[2]))
        document = close_and_publish(world, round_).document
        attempt.rollback()
    return document


@pytest.fixture
def without(session: Session) -> str:
    """What is published when nobody contributes."""
    return published(session, contributing=False)


def test_a_contribution_that_nobody_took_over_changes_nothing_that_is_published(
    session: Session, without: str
) -> None:
    assert published(session, contributing=True) == without


def test_what_was_taken_over_is_published_once_as_part_of_the_leads_report(
    session: Session, without: str
) -> None:
    document = published(session, contributing=True, taking=True)
    assert document != without
    [first] = [item for item in json.loads(document)["measures"] if item["code"] == "1.1"]
    assert str(first).count("Zwei Treffen mit 40 Eltern.") == 1
    said = first["report"]
    assert said["cost_actual"] == "500.50"
    assert [item["count"] for item in said["participants"]] == [40]
