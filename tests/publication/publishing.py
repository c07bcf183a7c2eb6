"""A round to publish, and publishing it as the KI does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from tests.bielefeld import BIELEFELD
from tests.factories import CRITICAL, RUNNING, World, moment
from tracker.publication.actions.publication import publish
from tracker.publication.models import Snapshot
from tracker.publication.queries import snapshots
from tracker.publication.queries.publication_facts import instance_of
from tracker.publication.queries.published import Publication
from tracker.reporting.models import Round
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.rules.status import Course, Implementation

INSTANCE = instance_of(BIELEFELD)
PUBLISHED_AT = moment("2026-11-02 09:00")


def close_and_publish(world: World, round_: Round, at: str = "2026-11-02 09:00") -> Snapshot:
    if round_.state is RoundState.OPEN:
        rounds.close_round(world.session, round_=round_, by=world.coordination, now=moment(at))
    return publish(
        world.session, round_=round_, by=world.coordination, now=moment(at), instance=INSTANCE
    )


def correct_sitting(round_: Round) -> None:
    """Correct something that no report says: the day of the sitting."""
    round_.committee_on = (round_.committee_on or round_.due_on) + timedelta(days=40)


def filled_round(world: World) -> Round:
    """1.1 accepted, 1.2 accepted with another value and a dissent, 1.3 returned, 2.1 a draft."""
    round_ = world.open_round()
    first, second, third = (world.report(round_, item) for item in world.measures[:3])
    world.accept(world.submit(first, replace(RUNNING, internal_remark="bitte anrufen")))
    world.submit(second, CRITICAL)
    review.accept(
        world.session,
        report_id=second.id or 0,
        reviewed=Value(Implementation.PLANNED, Course.CRITICAL),
        reason="Noch keine Aktivität vor Ort.",
        by=world.coordination,
        now=moment("2026-10-06 09:00"),
    )
    second.dissent = "Die Gruppe trifft sich seit September."
    second.dissent_at = moment("2026-10-07 09:00")
    second.dissent_by_id = world.representative.account_id
    world.submit(third, replace(RUNNING, achieved="nicht angenommener Text"))
    review.return_report(
        world.session,
        report_id=third.id or 0,
        comment="Bitte Zahl nennen",
        field_comments={"participants": "Kinder und Eltern getrennt?"},
        by=world.coordination,
        now=moment("2026-10-06 09:00"),
    )
    return round_


def shown(
    world: World, *, period: str = "2026-Q3", version: int | None = None
) -> tuple[Publication, str]:
    return snapshots.show(
        world.session, concept_id=world.concept_id, period=period, version=version
    )


def by_code(snapshot: Snapshot) -> dict[str, dict[str, object]]:
    return {item["code"]: item for item in json.loads(snapshot.document)["measures"]}
