"""Confirming a selection: ticks, preview, result; and what else the list says of a measure."""

from __future__ import annotations

import pytest

from tests.bielefeld import BIELEFELD
from tests.conftest import one_database
from tests.factories import World, moment
from tests.pages import Browser, Clock
from tests.report_world import Open, path
from tracker.accounts.actions import substitutions
from tracker.publication.actions import publication
from tracker.publication.queries.publication_facts import instance_of
from tracker.reporting.models import Report, Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import from_dict
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Course, Implementation

AT = moment("2026-10-05 08:00")
SEVERAL = "/meldungen/bestaetigen"
INSTANCE = instance_of(BIELEFELD)


@pytest.fixture
def earlier(world: World) -> Round:
    """The second quarter, all accepted, closed."""
    round_ = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    for measure in world.measures:
        world.submit(world.report(round_, measure), at="2026-07-05 09:00")
        world.accept(world.report(round_, measure), at="2026-07-06 09:00")
    rounds.close_round(
        world.session, round_=round_, by=world.coordination, now=moment("2026-07-20 09:00")
    )
    return round_


@pytest.fixture
def running(world: World, earlier: Round) -> list[Report]:
    """The six reports of the third quarter, all to be confirmed."""
    round_ = world.open_round()
    world.session.commit()
    return [world.report(round_, measure) for measure in world.measures]


def query(*chosen: Report) -> str:
    return f"{SEVERAL}?" + "&".join(f"report={item.id}" for item in chosen)


def fields(*chosen: Report, **more: str) -> dict[str, object]:
    return {"report": [str(item.id) for item in chosen], **more}


def test_the_list_offers_ticks_and_ticks_all_without_a_script(
    running: list[Report], library: Browser
) -> None:
    page = library.get("/meldungen/")
    assert "6 Maßnahmen können Sie unverändert bestätigen" in page.visible
    assert page.text.count('name="report"') == 6
    assert " checked" not in page.text
    page = library.get("/meldungen/?alle=1")
    assert page.text.count(" checked>") == 6
    assert "Auswahl aufheben" in page.visible


def test_mitarbeitende_see_no_ticks_and_confirm_nothing(
    running: list[Report], world: World, browse: Open
) -> None:
    staff = browse(world.staff)
    assert 'name="report"' not in staff.get("/meldungen/?alle=1").text
    staff.get(query(*running), 403)
    page = staff.post(SEVERAL, fields(*running), 403)
    assert "Bestätigen kann nur die benannte Vertretung" in page.visible


def test_one_measure_alone_needs_no_selection(
    running: list[Report], world: World, library: Browser
) -> None:
    for report in running[1:]:
        world.submit(report)
    world.session.commit()
    page = library.get("/meldungen/")
    assert "Auswahl unverändert bestätigen" not in page.visible


def test_nothing_chosen_leads_back_with_a_word(running: list[Report], library: Browser) -> None:
    assert library.client.get(SEVERAL).location == "/meldungen/"
    assert "mindestens eine Maßnahme" in library.get("/meldungen/").visible
    assert library.client.get(f"{SEVERAL}?report=x&report=&report=99999999999").status_code == 302


def test_the_preview_says_exactly_what_will_be_confirmed(
    running: list[Report], library: Browser
) -> None:
    page = library.get(query(running[0], running[3]))
    for words in (
        "Sie bestätigen 2 Maßnahmen",
        "in Umsetzung planmäßig aus Q2/2026, gilt dann auch für Q3/2026",
        "Zwei Kurse haben begonnen.",
        "Nächster Schritt Dritten Kurs ausschreiben Nächster Schritt bis 31.01.2027",
        "2 Maßnahmen jetzt bestätigen und absenden",
    ):
        assert words in page.visible
    assert "Mal in Folge" not in page.visible
    assert "Maßnahme 1.2" not in page.visible
    assert all(report.state is ReportState.EXPECTED for report in running)


@one_database
@pytest.mark.parametrize(("streak", "asks"), [(1, False), (2, True), (3, True)])
def test_the_third_time_in_a_row_asks_for_a_sentence(
    world: World, running: list[Report], library: Browser, streak: int, asks: bool
) -> None:
    earlier = world.session.get_one(Report, running[0].previous_report_id)
    earlier.unchanged_streak = streak
    world.session.commit()
    page = library.get(query(*running))
    if not asks:
        assert "Mal in Folge" not in page.visible
        return
    assert page.visible.count(f"Zum {streak + 1}. Mal in Folge unverändert.") == 1
    assert "Bestätigen können Sie auch ohne" in page.visible
    done = library.post(SEVERAL, fields(*running))
    assert (
        f"zum {streak + 1}. Mal in Folge unverändert; das Integrationszentrum sieht das auch"
        in done.visible
    )
    mine = library.get("/meldungen/").visible
    assert f"zum {streak + 1}. Mal in Folge unverändert bestätigt" in mine


def test_the_result_names_what_is_confirmed_and_what_not_and_why(
    world: World, running: list[Report], library: Browser
) -> None:
    world.submit(running[1])
    world.session.commit()
    data = fields(*running[:3], remark="Läuft\x00 weiter.", **{f"remark-{running[2].id}": "Neu."})
    page = library.post(SEVERAL, data)
    assert "2 Maßnahmen sind unverändert bestätigt und abgegeben" in page.visible
    assert "1 Maßnahme ist nicht bestätigt" in page.visible
    assert "Maßnahme 1.2 Diese Meldung ist abgegeben" in page.visible
    said = []
    for report in (running[0], running[2]):
        world.session.refresh(report)
        said.append(from_dict(report.draft or {}).changed)
    assert said == ["Läuft weiter.", "Neu."]


def test_a_double_click_and_the_back_button_do_no_harm(
    running: list[Report], library: Browser
) -> None:
    library.post(SEVERAL, fields(*running))
    again = library.post(SEVERAL, fields(*running))
    assert "6 Maßnahmen sind unverändert bestätigt" in again.visible
    assert again.visible.count("(war schon bestätigt)") == 6
    back = library.get(query(*running))
    assert "6 Maßnahmen lassen sich nicht bestätigen" in back.visible
    assert "jetzt bestätigen" not in back.visible


def test_where_none_can_be_confirmed_nothing_is_and_it_says_why(
    world: World, running: list[Report], library: Browser, browse: Open
) -> None:
    foreign = browse(world.stranger).post(SEVERAL, fields(*running), 409)
    assert "gibt es nicht, oder sie gehört zu einer anderen Institution" in foreign.visible
    assert "Maßnahme 1.1" not in foreign.visible
    assert browse(world.stranger).client.get(query(*running)).status_code == 302
    long = library.post(SEVERAL, fields(running[0], remark="ä" * 30_000), 409)
    assert "lässt sich nicht unverändert bestätigen" in long.visible


@one_database
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("draft", "Sie haben schon einen Entwurf begonnen"),
        ("returned", "Die koordinierende Stelle hat eine Frage dazu"),
        ("submitted", "schon abgegeben"),
        ("waived", "keine Meldung nötig"),
        ("new", "noch keine angenommene Meldung"),
        ("closed", "Die Runde ist geschlossen"),
    ],
)
def test_the_preview_says_why_a_measure_is_left_out(
    world: World, running: list[Report], library: Browser, change: str, why: str
) -> None:
    report, by = running[0], world.coordination
    number = report.id or 0
    if change in {"returned", "submitted"}:
        world.submit(report)
    if change == "returned":
        review.return_report(world.session, report_id=number, comment="?", by=by, now=AT)
    elif change == "waived":
        review.waive(world.session, report_id=number, reason="Umbau", by=by, now=AT)
    elif change == "new":
        report.previous_report_id = None
    elif change == "closed":
        round_ = world.session.get_one(Round, report.round_id)
        rounds.close_round(world.session, round_=round_, by=by, now=AT)
    elif change == "draft":
        reports.save_draft(
            world.session,
            report_id=number,
            content=from_dict({"implementation": "planned"}),
            expected_version=0,
            by=world.staff,
            now=AT,
        )
    world.session.commit()
    page = library.get(query(report))
    assert "1 Maßnahme lässt sich nicht bestätigen" in page.visible
    assert why in page.visible


def test_a_round_closed_before_its_due_day_leaves_no_days(
    world: World, running: list[Report], library: Browser
) -> None:
    round_ = world.session.get_one(Round, running[0].round_id)
    rounds.close_round(world.session, round_=round_, by=world.coordination, now=AT)
    world.session.commit()
    for address in ("/meldungen/", path(running[0], "/ansehen")):
        page = library.get(address)
        assert "noch 10 Tage" not in page.visible
        assert "die Runde ist geschlossen; die Frist wäre am 15.10.2026" in page.visible


def test_during_a_correction_the_round_is_still_the_one_published_last(
    world: World, earlier: Round, library: Browser
) -> None:
    publication.publish(
        world.session,
        round_=earlier,
        by=world.coordination,
        now=moment("2026-07-21 09:00"),
        instance=INSTANCE,
    )
    world.session.commit()
    assert "Zuletzt veröffentlicht: 2. Quartal 2026" in library.get("/meldungen/").visible
    rounds.correct(
        world.session,
        round_=earlier,
        reason="Zahl berichtigt",
        by=world.coordination,
        now=moment("2026-07-22 09:00"),
    )
    world.session.commit()
    page = library.get("/meldungen/")
    assert "Zuletzt veröffentlicht: 2. Quartal 2026" in page.visible
    assert "schon veröffentlicht und wird berichtigt" in page.visible
    assert "Grund: Zahl berichtigt" in page.visible


def test_the_list_says_what_the_ki_did(
    world: World, running: list[Report], library: Browser
) -> None:
    by, session = world.coordination, world.session
    reports.confirm_unchanged(session, report_id=running[0].id or 0, by=by, now=AT)
    world.submit(running[1])
    review.accept(
        session,
        report_id=running[1].id or 0,
        reviewed=Value(Implementation.PLANNED, Course.ON_TRACK),
        reason="Es gibt noch keinen Kurs.",
        by=by,
        now=AT,
    )
    round_ = session.get_one(Round, running[2].round_id)
    rounds.grant_extension(
        session,
        round_=round_,
        institution_id=None,
        report_id=running[2].id,
        until=moment("2026-10-20 09:00").date(),
        reason="Krankheit",
        by=by,
        now=AT,
    )
    session.commit()
    text = library.get("/meldungen/").visible
    assert "vom Integrationszentrum im Namen Ihrer Institution gemeldet" in text
    assert "anderen Stand festgestellt: Es gibt noch keinen Kurs. Sie können dazu Stellung" in text
    assert "Nachfrist: noch 15 Tage, bis 20.10.2026" in text
    reports.dissent(
        session, report_id=running[1].id or 0, text="Doch.", by=world.representative, now=AT
    )
    session.commit()
    assert "Ihre Stellungnahme steht dabei" in library.get("/meldungen/").visible


def test_a_deputy_confirms_like_the_representative(
    world: World, running: list[Report], browse: Open, clock: Clock
) -> None:
    session = world.session
    substitutions.appoint(
        session,
        representative_id=world.representative.account_id,
        deputy_id=world.staff.account_id,
        valid_from=clock.now.date(),
        valid_to=clock.now.date(),
        by=world.representative,
        now=clock.now,
    )
    deputy = browse(world.staff)
    page = deputy.post(SEVERAL, fields(*running))
    assert "6 Maßnahmen sind unverändert bestätigt" in page.visible
    session.refresh(running[0])
    assert running[0].submitted_by_id == world.staff.account_id
