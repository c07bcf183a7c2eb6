"""What the form says of itself: values taken over, sums, names, what is saved and what is not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session

from tests.factories import CRITICAL, RUNNING, World, moment
from tests.pages import Browser, Clock
from tests.report_world import earlier_round, fields_of, path
from tests.signs import MEANT
from tracker.concept.models import Indicator, IndicatorKind
from tracker.reporting.models import Report, Round
from tracker.reporting.reports.web.form_feedback import cost_words
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import IndicatorValue, MilestoneLine, ReportContent, from_dict
from tracker.reporting.rules.reports import ReportState

SCRIPT = {"X-Requested-With": "fetch"}
NAMED = replace(RUNNING, achieved="Frau Muster hat den Kurs geleitet.")


def draft(report: Report, session: Session) -> ReportContent:
    """What is stored of a report."""
    session.refresh(report)
    return from_dict(report.draft or {})


def second_report(world: World) -> Report:
    """The report of the third quarter; the second one is accepted."""
    earlier_round(world)
    report = world.report(world.open_round(), world.measures[0])
    world.session.commit()
    return report


def test_without_script_a_button_takes_over_what_the_last_report_said(
    world: World, library: Browser, session: Session
) -> None:
    report = second_report(world)
    page = library.get(path(report))
    assert 'name="uebernehmen" value="achieved"' in page.text
    typed = fields_of(RUNNING, achieved="Neu", changed="Bleibt so", uebernehmen="achieved")
    sent = library.send(path(report), typed)
    assert sent.headers["Location"] == f"{path(report)}?offen=achieved#achieved"
    found = draft(report, session)
    assert (found.achieved, found.changed) == (RUNNING.achieved, "Bleibt so")
    assert "Aus Q2/2026 übernommen: Was wurde erreicht?" in library.get(path(report)).visible


def test_without_script_a_line_is_added_and_its_section_stays_open(
    library: Browser, report: Report
) -> None:
    typed = fields_of(RUNNING, weitere="funding", **{"funding-0-donor": "Land"})
    location = library.send(path(report), typed).headers["Location"]
    assert location == f"{path(report)}?offen=funding#funding"
    page = library.get(location)
    assert 'name="funding-1-donor"' in page.text
    assert 'id="abschnitt-aufwand" data-total="4" open>' in page.text


def test_the_button_saves_what_can_be_read_and_names_what_cannot(
    library: Browser, report: Report, session: Session
) -> None:
    typed = fields_of(replace(RUNNING, achieved="Lesbar"), next_step_on="bald", events="4")
    page = library.post(path(report), typed, status=422)
    assert "Ihr Entwurf ist gespeichert, nur die hier genannten Angaben" in page.visible
    assert "„bald“ ist kein Tag" in page.visible
    assert 'value="bald"' in page.text
    assert 'name="draft_version" value="1"' in page.text
    found = draft(report, session)
    assert (found.achieved, found.events, found.next_step_on) == ("Lesbar", 4, None)


@pytest.mark.parametrize("step", ["", "/absenden"])
def test_the_same_text_sent_twice_is_no_conflict(
    library: Browser, report: Report, session: Session, step: str
) -> None:
    for _ in range(2):
        assert library.send(path(report, step), fields_of(RUNNING)).status_code == 302
    session.refresh(report)
    assert report.revision == (1 if step else 0)
    assert report.draft_version == (2 if step else 1)


def test_a_lost_answer_is_given_again_to_a_script(library: Browser, report: Report) -> None:
    for _ in range(2):
        answer = library.send(path(report), fields_of(RUNNING), headers=SCRIPT)
        assert (answer.status_code, answer.get_json()["version"]) == (200, 1)


def test_a_script_learns_which_errors_are_still_there(library: Browser, report: Report) -> None:
    typed = fields_of(replace(CRITICAL, reason=""))
    answer = library.send(path(report), typed, headers=SCRIPT).get_json()
    assert (answer["problems"], answer["open"]) == ([], ["reason"])
    answer = library.send(path(report), fields_of(CRITICAL, 1), headers=SCRIPT).get_json()
    assert answer["open"] == []


def test_a_name_is_asked_about_once_and_never_refused(
    library: Browser, report: Report, session: Session
) -> None:
    page = library.post(path(report, "/absenden"), fields_of(NAMED))
    assert "Noch nicht abgesendet: Ist in Ihrem Text eine Person zu erkennen?" in page.visible
    assert "„Frau Muster“" in page.visible
    assert draft(report, session) == NAMED
    seen = page.text.split('name="hinweise" value="')[1].split('"')[0]
    sent = library.send(path(report, "/absenden"), fields_of(NAMED, 1, hinweise=seen))
    assert sent.status_code == 302
    session.refresh(report)
    assert report.state is ReportState.SUBMITTED


def test_a_name_is_named_while_somebody_writes_and_then_not_asked_about(
    library: Browser, report: Report
) -> None:
    answer = library.send(path(report), fields_of(NAMED), headers=SCRIPT).get_json()
    assert "„Frau Muster“" in answer["hints"]["achieved"]
    typed = fields_of(NAMED, 1, hinweise=answer["seen"])
    assert library.send(path(report, "/absenden"), typed).status_code == 302


def test_a_pasted_text_is_kept_as_it_is_meant_and_an_emoji_is_asked_about(
    library: Browser, report: Report, session: Session
) -> None:
    pasted = "\n".join(text for text, _ in MEANT.values())
    lines = (MilestoneLine("Tre\ufb00en \U0001f389"),)
    typed = fields_of(replace(RUNNING, achieved=pasted, next_step="Fertig 👍", milestones=lines))
    answer = library.send(path(report), typed, headers=SCRIPT).get_json()
    stored = draft(report, session)
    assert stored.achieved == "\n".join(meant for _, meant in MEANT.values())
    assert stored.milestones == (MilestoneLine("Treffen \U0001f389"),)
    assert stored.next_step == "Fertig 👍"
    asked = "Im PDF erscheint „👍“ als „[Daumen hoch]“. Bitte schreiben Sie besser in Worten"
    assert asked in answer["hints"]["next_step"]
    assert "„[Konfetti]“" in answer["hints"]["milestones"]
    assert asked in library.get(path(report)).visible


def test_comments_at_fields_stand_on_top_with_links_and_at_their_fields(
    world: World, library: Browser, report: Report
) -> None:
    world.submit(report)
    review.return_report(
        world.session,
        report_id=report.id or 0,
        comment="Zwei Fragen",
        field_comments={"events": "Wie viele Termine waren es?", "achieved": "Für wen?"},
        by=world.coordination,
        now=moment("2026-10-06 09:00"),
    )
    world.session.commit()
    page = library.get(path(report))
    assert "Das Integrationszentrum hat Ihre Meldung mit Rückfragen zurückgegeben" in page.visible
    assert page.visible.count("Wie viele Termine waren es?") == 2
    assert '<a class="kern-link" href="#events">Veranstaltungen</a>' in page.text
    assert 'id="events-question"' in page.text
    assert 'id="abschnitt-reichweite" data-total="4" open>' in page.text
    assert "Wie viele Termine waren es?" in library.get(path(report, "/ansehen")).visible


def test_a_returned_report_handed_in_as_it_was_is_asked_about_once(
    world: World, library: Browser, report: Report, session: Session
) -> None:
    world.submit(report)
    review.return_report(
        world.session,
        report_id=report.id or 0,
        comment="Wie viele Kurse?",
        by=world.coordination,
        now=moment("2026-10-05 08:00"),
    )
    world.session.commit()
    version = report.draft_version
    page = library.post(path(report, "/absenden"), fields_of(RUNNING, version))
    assert "Noch nicht abgesendet: Seit der Rückgabe ist nichts geändert" in page.visible
    assert "mit einer Frage zurückgegeben" in page.visible
    session.refresh(report)
    assert report.state is ReportState.RETURNED
    again = fields_of(RUNNING, report.draft_version, unveraendert="1")
    assert 'name="unveraendert" value="1"' in page.text
    assert library.send(path(report, "/absenden"), again).status_code == 302
    session.refresh(report)
    assert report.state is ReportState.SUBMITTED


def test_after_saving_the_form_says_when(library: Browser, report: Report) -> None:
    response = library.send(path(report), fields_of(RUNNING, copy_id="kopie-1"))
    status = library.get(response.location).text.split('id="autosave-status"')[1]
    assert status.split("</p>")[0].endswith("Gespeichert: 05.10.2026, 11:00 Uhr.")


@pytest.mark.parametrize(("day", "asked"), [(date(2026, 9, 1), True), (date(2027, 9, 1), False)])
def test_a_day_of_the_last_report_that_is_past_is_asked_about(
    world: World, library: Browser, day: date, asked: bool
) -> None:
    earlier = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    said = replace(RUNNING, next_step_on=day)
    world.submit(world.report(earlier, world.measures[0]), said, at="2026-07-05 09:00")
    world.accept(world.report(earlier, world.measures[0]), at="2026-07-06 09:00")
    at = moment("2026-07-20 09:00")
    rounds.close_round(world.session, round_=earlier, by=world.coordination, now=at)
    report = world.report(world.open_round(), world.measures[0])
    world.session.commit()
    page = library.get(path(report))
    assert ("Dieser Tag aus der letzten Meldung ist vorbei." in page.visible) is asked


def test_a_kennzahl_shows_the_years_sum_with_what_is_typed_and_the_way_to_its_target(
    world: World, library: Browser
) -> None:
    world.session.add(
        Indicator(
            concept_id=world.concept_id,
            measure_id=world.measures[0].id or 0,
            key="1.1-a",
            name="Kurse",
            kind=IndicatorKind.TARGET,
            operator=">=",
            target=Decimal(6),
            unit="Kurse",
            per_year=True,
        )
    )
    world.session.flush()
    before = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    content = replace(RUNNING, indicators=(IndicatorValue("1.1-a", Decimal(3)),))
    world.submit(world.report(before, world.measures[0]), content, at="2026-07-05 09:00")
    world.accept(world.report(before, world.measures[0]), at="2026-07-06 09:00")
    report = world.report(world.open_round(), world.measures[0])
    world.session.commit()
    assert "2026 bisher: 3 Kurse; bis zum Zielwert fehlen 3 Kurse." in (
        library.get(path(report)).visible
    )
    typed = fields_of(RUNNING, **{"indicators-1.1-a": "3,5"})
    sums = library.send(path(report), typed, headers=SCRIPT).get_json()["sums"]
    assert sums["indicators-1.1-a-sum"] == (
        "2026 bisher: 3 Kurse; mit dieser Angabe 6,5 Kurse; Zielwert erreicht."
    )


@pytest.mark.parametrize(
    ("planned", "actual", "words"),
    [
        ("1250.50", "1500", "Das sind 249,50 € mehr als geplant (1.250,50 €)."),
        ("1000", "0", "Das sind 1.000,00 € weniger als geplant (1.000,00 €)."),
        ("10", "10.00", "Ist und Plan stimmen überein."),
        (None, "10", ""),
        ("10", None, ""),
    ],
)
def test_planned_and_actual_cost_are_compared_in_words(
    planned: str | None, actual: str | None, words: str
) -> None:
    values = [None if text is None else Decimal(text) for text in (planned, actual)]
    assert cost_words(*values).replace("\N{NO-BREAK SPACE}", " ") == words


def test_a_ticked_milestone_is_stored_as_done_today(
    library: Browser, report: Report, session: Session
) -> None:
    done = {"milestones-0-title": "Auftakt", "milestones-0-done": "1"}
    assert library.send(path(report), fields_of(RUNNING, **done)).status_code == 302
    assert draft(report, session).milestones == (MilestoneLine("Auftakt", None, date(2026, 10, 5)),)


def test_an_early_closed_round_promises_no_more_days(
    world: World, library: Browser, report: Report, open_round: Round
) -> None:
    rounds.close_round(
        world.session, round_=open_round, by=world.coordination, now=moment("2026-10-04 09:00")
    )
    world.session.commit()
    text = library.get(path(report, "/ansehen")).visible
    assert "noch 10 Tage" not in text
    assert "die Runde ist geschlossen" in text


def test_what_cannot_be_read_is_shown_for_copying_when_nothing_can_be_saved(
    world: World, library: Browser, report: Report, open_round: Round
) -> None:
    rounds.close_round(
        world.session, round_=open_round, by=world.coordination, now=moment("2026-10-04 09:00")
    )
    world.session.commit()
    typed = fields_of(RUNNING, **{"funding-0-donor": "Land", "funding-0-amount": "viel Geld"})
    page = library.post(path(report), typed, status=409)
    assert "Fördermittel, Zeile 1, Betrag" in page.visible
    assert "viel Geld" in page.text


def test_a_script_of_somebody_signed_out_with_an_old_form_hears_that(
    library: Browser, report: Report
) -> None:
    typed = fields_of(RUNNING, csrf_token="alt")
    library.client.delete_cookie("sitzung")
    answer = library.client.post(path(report), data=typed, headers=SCRIPT)
    assert answer.status_code == 401
    assert "Ihre Sitzung ist beendet." in answer.get_json()["message"]


def test_banner_and_bar_name_the_same_moment_though_nothing_was_new(
    library: Browser, report: Report, clock: Clock
) -> None:
    library.get(library.send(path(report), fields_of(RUNNING)).location)
    clock.forward(minutes=1)
    response = library.send(path(report), fields_of(RUNNING, 1, copy_id="kopie-1"))
    page = library.get(response.location)
    assert page.visible.count("Gespeichert: 05.10.2026, 11:00 Uhr.") == 2
    assert "11:01 Uhr" not in page.visible


def test_problems_are_listed_in_the_order_of_the_form_and_counted_in_their_section(
    library: Browser, report: Report
) -> None:
    wrong = {"evidence_url": "kein Link", "staff": "viele", "events": "ein paar"}
    lines = {"funding-1-donor": "Land", "funding-1-amount": "?", "funding-0-amount": "?"}
    page = library.post(path(report), fields_of(RUNNING, 0, **wrong, **lines), 422)
    listed = re.findall(r'data-summary="([^"]+)"', page.text)
    boxes = ["events", "staff", "funding-0-amount", "funding-1-amount", "evidence_url"]
    assert [name for name in listed if name in boxes] == boxes
    assert "1 von 4 ausgefüllt, 1 zu prüfen" in page.visible


def test_the_address_of_a_refused_submission_leads_to_the_form(
    library: Browser, report: Report
) -> None:
    assert library.send(path(report, "/absenden"), fields_of(RUNNING, achieved="")).status_code
    response = library.client.get(path(report, "/absenden"))
    assert response.location.endswith(path(report))
