"""The report for reading: on behalf, reviewed values, dissent, earlier versions."""

from dataclasses import replace

import pytest

from tests.factories import CRITICAL, RUNNING, World, moment
from tests.pages import Browser
from tests.report_world import LONG, Open, earlier_round, fields_of, path
from tracker.reporting.models import Report, Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.status import Course, Implementation


def test_the_ki_fills_a_report_on_behalf_and_it_says_so(
    world: World, browse: Open, report: Report
) -> None:
    ki = browse(world.coordination)
    assert "im Namen von Volkshochschule" in ki.get(path(report)).visible
    sent = ki.send(path(report, "/absenden"), fields_of(RUNNING))
    assert sent.headers["Location"] == path(report, "/ansehen")
    page = browse(world.representative).get(path(report, "/ansehen"))
    assert "von ki im Namen von Volkshochschule" in page.visible


def test_after_reporting_on_behalf_the_ki_reads_who_reported_and_who_has_to_review(
    world: World, browse: Open, report: Report
) -> None:
    ki, second = browse(world.coordination), browse(world.second_coordination)
    ki.send(path(report, "/absenden"), fields_of(RUNNING))
    own = ki.get(path(report, "/ansehen")).visible
    done = f"Die Meldung zu {world.wordings[0].code} ist im Namen von Volkshochschule abgegeben."
    assert f"{done} Eine andere Person der koordinierenden Stelle prüft sie." in own
    assert "Das Integrationszentrum hat diese Meldung im Namen von Volkshochschule abgegeben" in own
    assert (
        "Abgegeben haben Sie. Prüfen muss die Meldung eine andere Person beim "
        "Integrationszentrum." in own
    )
    other = second.get(path(report, "/ansehen"))
    assert "Abgegeben hat ki. Sie können die Meldung prüfen." in other.visible
    assert f'href="/pruefung/{report.id}"' in other.text
    assert "Ihre Meldung" not in own + other.visible


def test_a_confirmation_on_behalf_says_so_too(world: World, browse: Open) -> None:
    earlier_round(world)
    report = world.report(world.open_round(), world.measures[0])
    ki = browse(world.coordination)
    ki.send(path(report, "/bestaetigen"))
    text = ki.get(path(report, "/ansehen")).visible
    assert "ist im Namen von Volkshochschule unverändert bestätigt und abgegeben." in text


def reviewed(world: World, report: Report) -> None:
    """A report whose reviewed value differs from the institution's."""
    world.submit(report)
    review.accept(
        world.session,
        report_id=report.id or 0,
        reviewed=Value(Implementation.PLANNED, Course.ON_TRACK),
        reason="Es gibt noch keinen Kurs.",
        by=world.coordination,
        now=moment("2026-10-05 08:30"),
    )
    world.session.commit()


def test_a_reviewed_value_stands_beside_the_own_one_and_a_dissent_beside_both(
    world: World, library: Browser, report: Report
) -> None:
    reviewed(world, report)
    page = library.get(path(report, "/ansehen"))
    assert "Begründung: Es gibt noch keinen Kurs." in page.visible
    library.send(path(report, "/stellungnahme"), {"dissent": "Zwei Kurse laufen."})
    page = library.get(path(report, "/ansehen"))
    assert "Abweichende Stellungnahme der Institution Zwei Kurse laufen." in page.visible
    assert "eine Person zu erkennen" not in page.visible
    library.send(path(report, "/stellungnahme"), {"dissent": "Frau Muster leitet sie 👍."})
    page = library.get(path(report, "/ansehen"))
    assert "Ist in Ihrer Stellungnahme eine Person zu erkennen? „Frau Muster“" in page.visible
    assert "Im PDF erscheint „👍“ als „[Daumen hoch]“" in page.visible
    assert "Abweichende Stellungnahme der Institution Frau Muster leitet sie 👍." in page.visible


@pytest.mark.parametrize(("text", "status"), [(" ", 422), (LONG, 422)])
def test_a_dissent_that_cannot_be_stored_is_kept_in_its_field(
    world: World, library: Browser, report: Report, text: str, status: int
) -> None:
    reviewed(world, report)
    page = library.post(path(report, "/stellungnahme"), {"dissent": text}, status=status)
    assert text.strip() in page.text
    assert "Bitte prüfen Sie Ihre Stellungnahme." in page.visible


def test_a_dissent_without_a_reviewed_value_is_refused_and_shown_for_copying(
    library: Browser, report: Report
) -> None:
    page = library.post(path(report, "/stellungnahme"), {"dissent": "Nein."}, status=409)
    assert "Nein." in page.visible


def test_every_revision_and_question_stays_readable(
    world: World, library: Browser, report: Report
) -> None:
    world.submit(report, replace(RUNNING, achieved="Erste Fassung"))
    review.return_report(
        world.session,
        report_id=report.id or 0,
        comment="Wie viele Kurse?",
        field_comments={"achieved": "Für wen waren sie?"},
        by=world.coordination,
        now=moment("2026-10-05 09:10"),
    )
    world.submit(report, replace(RUNNING, achieved="Zweite Fassung"), at="2026-10-05 09:20")
    world.session.commit()
    text = library.get(path(report, "/ansehen")).visible
    for words in ("Erste Fassung", "Zweite Fassung", "Wie viele Kurse?", "Für wen waren sie?"):
        assert words in text


def test_a_draft_left_in_a_closed_round_can_be_read(
    world: World, library: Browser, report: Report
) -> None:
    reports.save_draft(
        world.session,
        report_id=report.id or 0,
        content=CRITICAL,
        expected_version=0,
        by=world.representative,
        now=moment("2026-10-04 09:00"),
    )
    round_ = world.session.get_one(Round, report.round_id)
    rounds.close_round(
        world.session, round_=round_, by=world.coordination, now=moment("2026-10-04 10:00")
    )
    world.session.commit()
    text = library.get(path(report, "/ansehen")).visible
    assert "Entwurf, noch nicht abgesendet" in text
    assert "Die Räume fehlen." in text
