""" "Meine Maßnahmen": what is due, what came back, confirming in one step."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session

from tests.bielefeld import BIELEFELD
from tests.conftest import StatementCounter
from tests.factories import World, moment
from tests.pages import Browser, Clock, browser_of
from tests.publication.publishing import correct_sitting
from tests.report_world import Open, earlier_round, path
from tests.reporting.review.actions.review_world import with_old_amount
from tracker.accounts.models import Account
from tracker.publication.actions import publication
from tracker.publication.queries.publication_facts import instance_of
from tracker.reporting.models import Report, Round
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import from_dict
from tracker.reporting.rules.reports import ReportState


def test_without_a_round_the_list_says_why_and_what_comes_next(library: Browser) -> None:
    page = library.get("/meldungen/")
    assert "Zurzeit läuft keine Berichtsrunde" in page.visible


def test_an_institution_without_measures_is_told_so(
    world: World, open_round: Round, browse: Open
) -> None:
    page = browse(world.stranger).get("/meldungen/")
    assert "keine Maßnahme federführend zugeordnet" in page.visible


def test_the_list_counts_what_is_open_and_until_when(
    world: World, report: Report, library: Browser, clock: Clock
) -> None:
    assert "Sie haben noch 6 von 6 Meldungen offen. Abgabefrist: 15.10.2026, noch 10 Tage." in (
        library.get("/meldungen/").visible
    )
    world.submit(report)
    world.session.commit()
    assert "noch 5 von 6 Meldungen" in library.get("/meldungen/").visible
    clock.forward(days=13)
    late = browser_late(library, world, clock)
    assert "seit 3 Tagen überfällig – Sie können noch melden" in late


def test_a_nachfrist_says_why_in_the_form_and_a_revoked_acceptance_why_in_the_list(
    world: World, report: Report, library: Browser
) -> None:
    rounds.grant_extension(
        world.session,
        round_=world.session.get_one(Round, report.round_id),
        institution_id=None,
        report_id=report.id,
        until=date(2026, 10, 25),
        reason="Umzug der Bibliothek",
        by=world.coordination,
        now=moment("2026-10-02 09:00"),
    )
    world.session.commit()
    page = library.get(f"/meldungen/{report.id}")
    assert "Nachfrist bis 25.10.2026: Umzug der Bibliothek" in page.visible
    world.accept(world.submit(report, at="2026-10-02 10:00"), at="2026-10-03 09:00")
    review.revoke(
        world.session,
        report_id=report.id or 0,
        reason="Falsche Zahl",
        by=world.coordination,
        now=moment("2026-10-04 09:00"),
    )
    world.session.commit()
    page = library.get("/meldungen/")
    assert (
        "Das Integrationszentrum hat die Annahme widerrufen und prüft noch einmal: Falsche Zahl"
        in page.visible
    )


def test_a_published_correction_is_told(world: World, report: Report, library: Browser) -> None:
    round_ = world.session.get_one(Round, report.round_id)
    by, told = world.coordination, "Fassung 2 ist veröffentlicht und gilt"
    facts = instance_of(replace(BIELEFELD, secret_key="long enough for a test of this product"))
    at = moment("2026-10-20 09:00")
    rounds.close_round(world.session, round_=round_, by=by, now=at)
    for version in (1, 2):
        publication.publish(world.session, round_=round_, by=by, now=at, instance=facts)
        world.session.commit()
        assert (told in library.get("/meldungen/").visible) is (version == 2)
        if version == 1:
            rounds.correct(world.session, round_=round_, reason="Dreher", by=by, now=at)
            correct_sitting(round_)


def browser_late(library: Browser, world: World, clock: Clock) -> str:
    """The list as the library sees it after signing in again."""
    account = world.session.get_one(Account, world.representative.account_id)
    return browser_of(library.app, world.session, account, clock.now).get("/meldungen/").visible


def test_a_returned_report_is_on_top_with_the_question(
    world: World, report: Report, library: Browser
) -> None:
    last = world.report(world.session.get_one(Round, report.round_id), world.measures[-1])
    world.submit(last)
    review.return_report(
        world.session,
        report_id=last.id or 0,
        comment="Wie viele Kurse?",
        by=world.coordination,
        now=moment("2026-10-05 08:00"),
    )
    world.session.commit()
    text = library.get("/meldungen/").visible
    assert "Das Integrationszentrum fragt: Wie viele Kurse?" in text
    assert "Bitte bis 12.10.2026 ergänzen, noch 7 Tage" in text
    assert text.index("Maßnahme 2.3") < text.index("Maßnahme 1.1")


def test_an_unchanged_measure_is_confirmed_in_one_step(world: World, library: Browser) -> None:
    earlier_round(world)
    report = world.report(world.open_round(), world.measures[0])
    world.session.commit()
    page = library.get("/meldungen/")
    assert "Stand aus Q2/2026" in page.visible
    assert "Zwei Kurse haben begonnen." in page.visible
    response = library.send(path(report, "/bestaetigen"), {"remark": "Läuft wie\x00 geplant."})
    assert response.status_code == 302
    world.session.refresh(report)
    assert (report.state, report.unchanged, report.unchanged_streak) == (
        ReportState.SUBMITTED,
        True,
        1,
    )
    assert from_dict(report.draft or {}).changed == "Läuft wie geplant."
    assert "unverändert bestätigt und abgegeben" in library.get("/meldungen/").visible


def test_after_three_unchanged_rounds_the_list_asks_to_look_again(
    world: World, library: Browser
) -> None:
    earlier = earlier_round(world)
    world.report(earlier, world.measures[0]).unchanged_streak = 3
    world.open_round()
    world.session.commit()
    assert "zum 4. Mal in Folge unverändert" in library.get("/meldungen/").visible


def test_a_confirmation_that_todays_rules_refuse_leads_to_the_form(
    world: World, library: Browser
) -> None:
    round_ = earlier_round(world)
    report = world.report(world.open_round(), world.measures[0])
    with_old_amount(world, world.report(round_, world.measures[0]))
    world.session.commit()
    page = library.post(path(report, "/bestaetigen"), {"remark": "Wie gehabt"}, status=422)
    assert "lässt sich nicht unverändert bestätigen" in page.visible
    assert "Wie gehabt" in page.text
    assert 'href="#cost_planned"' in page.text


def test_mitarbeitende_are_not_offered_what_they_may_not_do(world: World, browse: Open) -> None:
    earlier_round(world)
    report = world.report(world.open_round(), world.measures[0])
    staff = browse(world.staff)
    assert "/bestaetigen" not in staff.get("/meldungen/").text
    form = staff.get(path(report))
    assert "Meldung absenden" not in form.visible
    assert "Absenden kann die benannte Vertretung" in form.visible
    refused = staff.post(path(report, "/bestaetigen"), status=403)
    assert "Bestätigen kann nur die benannte Vertretung" in refused.visible
    assert "gespeichert" not in refused.visible


@pytest.mark.parametrize("measures", [1, 29])
def test_the_list_takes_the_same_statements_for_every_number_of_measures(
    session: Session, engine: Engine, app: Flask, clock: Clock, measures: int
) -> None:
    world = World(session, measures_per_field=measures)
    world.lead(world.library)
    world.open_round()
    session.commit()
    account = session.get_one(Account, world.representative.account_id)
    browser = browser_of(app, session, account, clock.now)
    browser.get("/meldungen/")
    with StatementCounter(engine) as counter:
        page = browser.get("/meldungen/")
    assert page.text.count('class="my-measure"') == 2 * measures
    assert counter.count == 4


def test_measures_of_two_concepts_stand_in_one_list_each_round_under_its_concept(
    world: World, report: Report, library: Browser
) -> None:
    second = World(world.session, key="zweites", beside=world)
    second.lead(world.library)
    second.open_round()
    world.submit(report)
    world.session.commit()
    page = library.get("/meldungen/")
    first, _, other = page.visible.partition("Zweiteskonzept: 3. Quartal 2026")
    assert "Probekonzept: 3. Quartal 2026 Sie haben noch 5 von 6 Meldungen offen." in first
    assert "Sie haben noch 6 von 6 Meldungen offen." in other
    assert page.visible.count("Maßnahme 1.2") == 2
