"""What the KI decides about a report stands on the report's page, each with its reason."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.bielefeld import BIELEFELD
from tests.factories import World, moment
from tests.pages import Browser
from tests.report_world import path
from tracker.publication.actions import publication
from tracker.publication.queries.publication_facts import instance_of
from tracker.reporting.models import Report, Round
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds

AT = moment("2026-10-05 08:00")
INSTANCE = instance_of(BIELEFELD)


def extend(world: World, round_: Round, report: Report) -> None:
    """The longest of two extensions counts."""
    for day, reason in ((20, "Urlaub"), (30, "Krankheit der Vertretung")):
        rounds.grant_extension(
            world.session,
            round_=round_,
            institution_id=world.library.id,
            report_id=None,
            until=date(2026, 10, day),
            reason=reason,
            by=world.coordination,
            now=AT,
        )


def waive(world: World, round_: Round, report: Report) -> None:
    """Nothing has to be reported."""
    review.waive(
        world.session,
        report_id=report.id or 0,
        reason="Umbau im Haus",
        by=world.coordination,
        now=AT,
    )


def revoke(world: World, round_: Round, report: Report) -> None:
    """An acceptance is taken back."""
    world.accept(world.submit(report))
    review.revoke(
        world.session,
        report_id=report.id or 0,
        reason="Falsches Quartal geprüft",
        by=world.coordination,
        now=AT,
    )


def correct(world: World, round_: Round, report: Report) -> None:
    """A published round is closed again."""
    world.accept(world.submit(report))
    rounds.close_round(world.session, round_=round_, by=world.coordination, now=AT)
    publication.publish(
        world.session, round_=round_, by=world.coordination, now=AT, instance=INSTANCE
    )
    rounds.correct(
        world.session, round_=round_, reason="Zahl berichtigt", by=world.coordination, now=AT
    )


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (extend, "Nachfrist bis 30.10.2026: Krankheit der Vertretung"),
        (waive, "Grund der Befreiung Umbau im Haus"),
        (
            revoke,
            (
                "Das Integrationszentrum hat die Annahme widerrufen und prüft noch einmal "
                "Falsches Quartal geprüft"
            ),
        ),
        (correct, "Diese Runde ist schon veröffentlicht und wird berichtigt Zahl berichtigt"),
    ],
)
def test_it_is_on_the_reports_page_with_its_reason(
    world: World,
    report: Report,
    library: Browser,
    happens: Callable[[World, Round, Report], None],
    words: str,
) -> None:
    assert words not in library.get(path(report, "/ansehen")).visible
    happens(world, world.session.get_one(Round, report.round_id), report)
    world.session.commit()
    assert words in library.get(path(report, "/ansehen")).visible


def test_a_decision_after_the_revocation_takes_its_place(
    world: World, open_round: Round, report: Report, library: Browser
) -> None:
    revoke(world, open_round, report)
    world.accept(report)
    world.session.commit()
    assert "hat die Annahme widerrufen" not in library.get(path(report, "/ansehen")).visible
