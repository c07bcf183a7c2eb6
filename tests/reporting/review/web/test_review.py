"""The KI's review in the browser, on both databases."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlmodel import Session, select

from tests.conftest import one_database
from tests.coordination_world import Desk
from tests.coordination_world import desk as make_desk
from tests.factories import CRITICAL, RUNNING
from tests.pages import Clock
from tracker.reporting.models import Report, Review
from tracker.reporting.reports.actions import reports
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Course, Implementation


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """The KI at work."""
    return make_desk(session, app, clock)


def now_in(desk: Desk, report: Report) -> ReportState:
    desk.world.session.refresh(report)
    return report.state


def path(report: Report, step: str = "") -> str:
    return f"/pruefung/{report.id}{step}"


def test_after_a_decision_the_next_report_follows_at_once(desk: Desk) -> None:
    round_ = desk.opened()
    first, second = desk.submitted(round_, 0), desk.submitted(round_, 1)
    assert "2 Meldungen warten" in desk.ki.get("/pruefung/").visible
    response = desk.ki.send(path(first, "/annehmen"), {"revision": "1"})
    assert response.location == path(second)
    assert now_in(desk, first) is ReportState.ACCEPTED
    response = desk.ki.send(path(second, "/zurueckgeben"), {"revision": "1", "comment": "Zahl?"})
    assert response.location == "/pruefung/"
    assert now_in(desk, second) is ReportState.RETURNED
    page = desk.ki.get("/pruefung/")
    assert "keine weitere Meldung" in page.visible
    assert "1 angenommen" in page.visible


def test_a_pasted_question_is_kept_as_it_is_meant(desk: Desk) -> None:
    report = desk.submitted(desk.opened(), 0)
    question = "\uf0b7 O\ufb00ene Frage\vzur Kita\u2011Zahl"
    desk.ki.send(path(report, "/zurueckgeben"), {"revision": "1", "comment": question})
    assert now_in(desk, report) is ReportState.RETURNED
    (review,) = desk.world.session.exec(select(Review)).all()
    assert review.comment == "• Offene Frage\nzur Kita-Zahl"


def test_the_report_stands_beside_the_quarter_before(desk: Desk) -> None:
    earlier = desk.opened("2026-Q2", opened="2026-07-01 06:00")
    before = desk.world.report(earlier, desk.world.measures[0])
    desk.world.accept(desk.world.submit(before, at="2026-07-05 09:00"), at="2026-07-06 09:00")
    report = desk.submitted(desk.opened(), 0, CRITICAL)
    page = desk.ki.get(path(report))
    assert "Vergleich mit Q2/2026: 3 Angaben haben sich geändert" in page.visible
    assert page.text.count("is-changed") == 3
    assert "Die Räume fehlen." in page.visible
    assert "ohne Angabe in beiden Runden" in page.visible


def test_another_value_needs_its_reason_and_keeps_what_was_typed(desk: Desk) -> None:
    report = desk.submitted(desk.opened(), 0)
    fields = {"revision": "1", "implementation": "planned", "course": "at_risk", "reason": ""}
    page = desk.ki.post(path(report, "/feststellen"), fields, status=422)
    assert "Bitte begründen Sie den anderen Wert" in page.visible
    assert '<option value="planned" selected>' in page.text
    wrong = fields | {"implementation": "completed", "reason": "Fertig"}
    assert "Verlauf" in desk.ki.post(path(report, "/feststellen"), wrong, status=422).visible
    assert now_in(desk, report) is ReportState.SUBMITTED
    desk.ki.send(path(report, "/feststellen"), fields | {"reason": "Nichts vor Ort"})
    assert now_in(desk, report) is ReportState.ACCEPTED
    assert (report.reviewed_implementation, report.reviewed_course) == (
        Implementation.PLANNED,
        Course.AT_RISK,
    )
    page = desk.ki.get(path(report))
    assert "Das Integrationszentrum stellt fest" in page.visible
    assert "Nichts vor Ort" in page.visible


def test_another_value_begins_with_the_reported_one(desk: Desk) -> None:
    report = desk.submitted(desk.opened(), 0, CRITICAL)
    page = desk.ki.get(path(report))
    assert f'<option value="{CRITICAL.implementation}" selected>' in page.text
    assert f'<option value="{CRITICAL.course}" selected>' in page.text
    fields = {
        "revision": "1",
        "implementation": str(CRITICAL.implementation),
        "course": str(CRITICAL.course),
        "reason": "Vor Ort gesehen",
    }
    desk.ki.post(path(report, "/feststellen"), {**fields, "implementation": ""}, status=422)
    desk.ki.send(path(report, "/feststellen"), fields)
    assert report.reviewed_implementation is None
    page = desk.ki.get(path(report))
    assert "Die Meldung ist wie gemeldet angenommen" in page.visible
    assert "Das Integrationszentrum – wie gemeldet angenommen. „Vor Ort gesehen“" in page.visible


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ("/zurueckgeben", {"comment": "Welche Zahl?"}),
        (
            "/feststellen",
            {"implementation": "planned", "course": "at_risk", "reason": "Welche Zahl?"},
        ),
    ],
)
def test_after_a_colleague_decided_the_typed_text_stays_readable(
    desk: Desk, step: str, fields: dict[str, str]
) -> None:
    report = desk.submitted(desk.opened(), 0)
    other = desk.browser(desk.world.second_coordination)
    other.send(path(report, "/annehmen"), {"revision": "1"})
    page = desk.ki.post(path(report, step), {"revision": "1", **fields}, status=409)
    assert "Welche Zahl?</textarea>" in page.text
    assert f'href="{path(report)}"' in page.text
    assert now_in(desk, report) is ReportState.ACCEPTED


def test_a_return_needs_a_comment(desk: Desk) -> None:
    report = desk.submitted(desk.opened(), 0)
    page = desk.ki.post(path(report, "/zurueckgeben"), {"revision": "1"}, status=422)
    assert "Was ist zu klären? Bitte schreiben Sie, was zu klären ist." in page.visible
    assert now_in(desk, report) is ReportState.SUBMITTED


@one_database
@pytest.mark.parametrize(
    ("step", "field"),
    [
        ("/zurueckgeben", "comment"),
        ("/feststellen", "reason"),
        ("/befreien", "waive_reason"),
        ("/nachfrist", "reason"),
        ("/widerrufen", "revoke_reason"),
    ],
)
def test_invisible_characters_are_gone_from_the_text_shown_again(
    desk: Desk, step: str, field: str
) -> None:
    report = desk.world.report(desk.opened(), desk.world.measures[0])
    if step not in {"/befreien", "/nachfrist"}:
        desk.world.submit(report)
    if step == "/widerrufen":
        desk.world.accept(report)
    desk.world.session.commit()
    other = {"revision": "1", "implementation": "planned", "course": "at_risk"}
    typed = {**other, "until": "2026-11-01", field: "Wie\x07 viele\x00?"}
    page = desk.ki.post(path(report, step), typed, status=422)
    error = page.text.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    assert "Der Text enthielt 2 unsichtbare Steuerzeichen" in error
    assert ">\nWie viele?</textarea>" in page.text


def test_who_submitted_reads_that_somebody_else_reviews(desk: Desk) -> None:
    world = desk.world
    report = world.report(desk.opened(), world.measures[0])
    reports.submit(
        world.session,
        report_id=report.id or 0,
        content=RUNNING,
        expected_version=0,
        by=world.coordination,
        now=desk.clock.now,
    )
    world.session.commit()
    page = desk.ki.get(path(report))
    assert "Diese Meldung haben Sie selbst abgegeben" in page.visible
    assert "Meldung annehmen" not in page.visible
    page = desk.ki.post(path(report, "/annehmen"), {"revision": "1"}, status=403)
    assert "von einer anderen Person der koordinierenden Stelle prüfen" in page.visible
    assert "koordinierende Stelle" not in page.text.partition("<main")[2].partition("</main")[0]
    assert "Meldung annehmen" in desk.browser(world.second_coordination).get(path(report)).visible


def test_a_new_revision_is_read_before_it_is_decided_on(desk: Desk) -> None:
    report = desk.submitted(desk.opened(), 0)
    world = desk.world
    reports.withdraw(
        world.session, report_id=report.id or 0, by=world.representative, now=desk.clock.now
    )
    world.submit(report, CRITICAL)
    world.session.commit()
    page = desk.ki.post(path(report, "/annehmen"), {"revision": "1"}, status=409)
    assert "neue Fassung" in page.visible
    assert "Die Räume fehlen." in page.visible
    desk.ki.post(path(report, "/annehmen"), {"revision": "eins"}, status=409)
    assert now_in(desk, report) is ReportState.SUBMITTED


@pytest.mark.parametrize(
    ("step", "field"), [("feststellen", "reason"), ("befreien", "waive_reason")]
)
def test_signs_in_a_reason_that_is_published_are_asked_about_once(
    desk: Desk, step: str, field: str
) -> None:
    round_ = desk.opened()
    report = desk.world.report(round_, desk.world.measures[0])
    typed = {field: "Gesehen 👍"}
    if step == "feststellen":
        desk.world.submit(report)
        typed |= {"revision": "1", "implementation": "planned", "course": "at_risk"}
    desk.world.session.commit()
    page = desk.ki.post(path(report, f"/{step}"), typed, status=422)
    assert "Im PDF erscheint „👍“ als „[Daumen hoch]“" in page.visible
    [asked] = re.findall(rf'name="{field}-signs" value="([^"]*)"', page.text)
    more = typed | {f"{field}-signs": asked, field: "Gesehen 👍 🎉"}
    desk.ki.post(path(report, f"/{step}"), more, status=422)
    assert desk.ki.send(path(report, f"/{step}"), typed | {f"{field}-signs": asked}).location
    assert now_in(desk, report) in (ReportState.ACCEPTED, ReportState.WAIVED)


def test_an_acceptance_is_revoked_with_a_reason(desk: Desk) -> None:
    report = desk.submitted(desk.opened(), 0)
    desk.ki.send(path(report, "/annehmen"), {"revision": "1"})
    desk.ki.post(path(report, "/widerrufen"), {"revoke_reason": " "}, status=422)
    desk.ki.send(path(report, "/widerrufen"), {"revoke_reason": "Irrtum"})
    assert now_in(desk, report) is ReportState.SUBMITTED
    assert "„Irrtum“" in desk.ki.get(path(report)).visible


def test_waiving_and_more_time_for_one_report(desk: Desk) -> None:
    report = desk.world.report(desk.opened(), desk.world.measures[0])
    desk.ki.post(path(report, "/befreien"), {}, status=422)
    desk.ki.send(path(report, "/nachfrist"), {"until": "2026-10-25", "reason": "Umzug"})
    assert "25.10.2026" in desk.ki.get(path(report)).visible
    desk.ki.send(path(report, "/befreien"), {"waive_reason": "Träger im Umzug"})
    assert now_in(desk, report) is ReportState.WAIVED
    assert "Träger im Umzug" in desk.ki.get("/runden/2026-Q3").visible
    desk.ki.send(path(report, "/befreiung-aufheben"))
    assert now_in(desk, report) is ReportState.EXPECTED


def test_an_illegal_step_is_a_conflict_that_says_what_is_possible(desk: Desk) -> None:
    report = desk.world.report(desk.opened(), desk.world.measures[0])
    page = desk.ki.post(path(report, "/annehmen"), {"revision": "0"}, status=409)
    assert "von der Meldung befreien" in page.visible
    assert now_in(desk, report) is ReportState.EXPECTED


def test_the_third_unchanged_confirmation_stands_out(desk: Desk) -> None:
    report = desk.submitted(desk.opened(), 0)
    report.unchanged, report.unchanged_streak = True, 3
    desk.world.session.commit()
    assert "zum 3. Mal in Folge unverändert" in desk.ki.get("/pruefung/").visible
    assert "Zum 3. Mal in Folge unverändert" in desk.ki.get(path(report)).visible
