"""One Rücklauf: round, steps, review, institution, preview, dashboards and papers count alike."""

from __future__ import annotations

import json
from datetime import date

import pytest
from flask import Flask
from sqlmodel import Session

from tests.coordination_world import Desk
from tests.factories import World, moment
from tests.pages import Clock, browser_of
from tests.publication.publishing import INSTANCE, close_and_publish
from tests.reporting.review.actions.review_world import call
from tracker.accounts.models import Account
from tracker.core.periods import Period
from tracker.publication.queries.preview import preview
from tracker.publication.reading.content import report
from tracker.reporting.models import Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import joining
from tracker.reporting.rounds.queries.round_list import round_head, round_list
from tracker.reporting.rounds.queries.round_page import RoundPage, round_page
from tracker.reporting.rules.figures import Ratio

NOW = moment("2026-10-09 09:00")
ROUND = "/konzepte/probe/runden/2026-Q3"


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """Eight measures, the library leads six when the round is opened."""
    world = World(session, measures_per_field=4)
    world.lead(world.library, *world.measures[:6])
    session.commit()
    account = session.get_one(Account, world.coordination.account_id)
    return Desk(world, browser_of(app, session, account, clock.now), app, clock)


@pytest.fixture
def round_(desk: Desk) -> Round:
    """1.1 accepted, 1.2 withdrawn, 1.3 returned, 2.1 waived, 2.3 requested later, 2.4 not asked."""
    world, session = desk.world, desk.world.session
    opened = world.open_round()
    accepted, withdrawn, returned, _, waived, _ = (
        world.report(opened, measure) for measure in world.measures[:6]
    )
    for submitted in (accepted, withdrawn, returned):
        world.submit(submitted)
    world.accept(accepted)
    reports.withdraw(session, report_id=withdrawn.id or 0, by=world.representative, now=NOW)
    call(world, returned, review.return_report, now=NOW)
    call(world, waived, review.waive, now=NOW)
    world.lead(world.library, world.measures[6])
    joining.join(
        session,
        round_=opened,
        measure_id=world.measures[6].id or 0,
        due_on=date(2026, 10, 30),
        reason="Erst jetzt federführend",
        by=world.coordination,
        now=NOW,
    )
    session.commit()
    return opened


def page_of(world: World) -> RoundPage:
    head = round_head(world.session, concept_id=world.concept_id, period=Period(2026, "Q", 3))
    assert head is not None
    return round_page(world.session, head=head, now=NOW)


def test_every_page_and_paper_of_a_round_counts_alike(desk: Desk, round_: Round) -> None:
    world, session = desk.world, desk.world.session
    page = page_of(world)
    assert (page.returns.completeness, page.returns.acceptance) == (Ratio(3, 6), Ratio(1, 6))
    assert (page.returns.joined, page.returns.waived) == (1, 1)
    assert page.original.completeness == Ratio(3, 5)
    # Who came in and who did not are all there are.
    assert len(page.missing) == 3
    assert [item.code for item in page.withdrawn] == ["1.2"]
    assert sum(len(part) for part in (page.missing, page.withdrawn, page.returned)) == 5
    shown = desk.ki.get(ROUND).visible
    assert "6 Meldungen sind erwartet, davon 1 nachträglich." in shown
    assert "Rücklauf 3 von 5" in shown
    assert "Meldungen stehen noch aus, 1 weitere ist zurückgezogen" in shown
    assert "3 von 6 Meldungen abgegeben und 1 angenommen" in desk.ki.get("/pruefung/").visible
    mine = desk.browser(world.representative).get("/meldungen/").visible
    assert "noch 5 von 6 Meldungen offen, 2 davon waren schon abgegeben." in mine
    [summary] = round_list(session, concept_id=world.concept_id, now=NOW)
    assert summary.returns == page.returns
    seen = preview(
        session, concept_id=world.concept_id, period="2026-Q3", instance=INSTANCE, now=NOW
    )
    assert seen is not None
    close = desk.ki.get(f"{ROUND}/schritt/schliessen").visible
    assert "Meldungen sind noch nicht abgegeben" in close
    assert "zurückgezogen und nicht wieder abgegeben" in close
    snapshot = close_and_publish(world, round_)
    document = json.loads(snapshot.document)
    for made in (seen.document, document):
        figures = made["figures"]
        assert figures["returns"]["completeness"] == {"count": 3, "total": 6, "percent": "50.0"}
        assert figures["returns"]["acceptance"]["count"] == 1
        assert figures["distribution"]["no_report"] == 7
    paper = report(document)
    assert [ratio.total for ratio in paper.returns.whole.ratios] == [6, 6, 6]
    said = " ".join(paper.returns.sentences)
    assert "3 von 6 erwarteten Meldungen sind eingegangen" in said
    assert "nach der Eröffnung angefordert" in said


def test_the_publish_step_names_what_the_record_counts_as_no_report(
    desk: Desk, round_: Round
) -> None:
    call(desk.world, desk.world.report(round_, desk.world.measures[6]), review.waive, now=NOW)
    desk.world.session.commit()
    assert page_of(desk.world).returns.joined == 0
    desk.ki.send(f"{ROUND}/schritt/schliessen", {})
    shown = desk.ki.get(f"{ROUND}/schritt/veroeffentlichen").visible
    assert (
        "erscheinen als „keine Meldung“: 2 nicht abgegeben, 1 zurückgezogen, 1 zurückgegeben, "
        "2 befreit, 1 ohne federführende Institution bei der Eröffnung." in shown
    )
    document = json.loads(close_and_publish(desk.world, round_).document)
    assert document["figures"]["distribution"]["no_report"] == 7


@pytest.mark.parametrize(
    ("retired_on", "is_expected"), [(date(2026, 9, 30), False), (date(2026, 10, 1), True)]
)
def test_retirement_is_tested_by_the_stichtag_for_asking_and_for_publishing(
    session: Session, retired_on: date, is_expected: bool
) -> None:
    world = World(session)
    world.lead(world.library)
    world.measures[0].retired_on = retired_on
    session.flush()
    round_ = world.open_round()
    page = page_of(world)
    assert (len(page.reports), page.returns.completeness.total) == (
        5 + is_expected,
        5 + is_expected,
    )
    document = json.loads(close_and_publish(world, round_).document)
    assert len(document["measures"]) == 5 + is_expected
    assert all(measure["expected"] for measure in document["measures"])
