"""The lead's pages: reading contributions and taking them over, once; on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session

from tests.factories import RUNNING, World
from tests.factories_contributions import SAID, bring, contribute, joint_report, take
from tests.report_world import Open, fields_of, path
from tracker.reporting.models import Contribution, Report
from tracker.reporting.rules.content import from_dict
from tracker.reporting.rules.reports import ReportState


@pytest.fixture
def report(world: World) -> Report:
    """The library's report of 1.1, with the club as partner."""
    return joint_report(world)


def taking(found: Contribution, *parts: str, version: int = 1) -> dict[str, str]:
    name = f"take-beitrag-{found.id}"
    return {f"{name}-version": str(version)} | {f"{name}-{part}": "1" for part in parts}


@pytest.mark.parametrize("who", ["representative", "staff", "coordination"])
def test_the_leads_form_saves_what_is_typed_and_takes_over_what_is_ticked(
    browse: Open, report: Report, world: World, session: Session, who: str
) -> None:
    found = contribute(world, report)
    session.commit()
    browser = browse(getattr(world, who))
    page = browser.get(path(report))
    assert "1 Beitrag wartet" in page.visible
    assert f'formaction="{path(report, f"/beitraege/{found.id}")}"' in page.text
    typed = fields_of(replace(RUNNING, achieved="Gerade getippt."))
    response = browser.send(
        path(report, f"/beitraege/{found.id}"),
        typed | taking(found, "text", "participants"),
    )
    assert response.status_code == 302
    assert response.location.endswith("#achieved"), "where the text stands now"
    session.expire_all()
    draft = from_dict(report.draft or {})
    assert draft.achieved.startswith("Gerade getippt.\n\nBeitrag von Begegnungszentrum:\n")
    assert draft.participants == SAID.participants
    assert draft.cost_actual is None
    page = browser.get(response.location.split("#")[0])
    assert "Der Beitrag steht jetzt in der Meldung" in page.visible
    assert "übernommen am 05.10.2026: Text, Teilnehmende" in page.visible
    assert f'name="take-beitrag-{found.id}-cost_actual"' in page.text
    assert f'name="take-beitrag-{found.id}-text"' not in page.text
    assert "Beitrag wartet" not in page.visible


def test_a_form_that_cannot_be_saved_takes_nothing_over_and_loses_nothing(
    browse: Open, report: Report, world: World, session: Session
) -> None:
    found = contribute(world, report)
    session.commit()
    library = browse(world.representative)
    target = path(report, f"/beitraege/{found.id}")
    wrong = fields_of(RUNNING, cost_actual="viel") | taking(found, "text")
    assert "„viel“ ist keine Zahl" in library.post(target, wrong, status=422).visible
    stale = fields_of(replace(RUNNING, achieved="Meins."), version=7) | taking(found, "text")
    page = library.post(target, stale, status=409)
    assert "Meins." in page.text
    session.expire_all()
    assert found.taken_version is None


def test_from_the_page_for_reading_it_is_taken_over_too_and_never_twice(
    browse: Open, report: Report, world: World, session: Session
) -> None:
    found = contribute(world, report)
    session.commit()
    library = browse(world.representative)
    target = path(report, f"/beitraege/{found.id}")
    assert f'action="{target}"' in library.get(path(report, "/ansehen")).text
    for _ in range(2):
        sent = taking(found, "text", "participants", "cost_actual")
        assert library.send(target, sent).status_code == 302
    assert "Noch einmal würde sie doppelt zählen" in library.get(path(report)).visible
    session.expire_all()
    assert from_dict(report.draft or {}).cost_actual == SAID.cost_actual


@pytest.mark.parametrize(
    "case",
    [
        ((), 1, "Bitte kreuzen Sie an, was Sie übernehmen wollen."),
        (("text",), 7, "Der Beitrag wurde inzwischen geändert"),
    ],
)
def test_without_a_choice_or_over_a_newer_version_nothing_is_taken(
    browse: Open,
    report: Report,
    world: World,
    session: Session,
    case: tuple[tuple[str, ...], int, str],
) -> None:
    parts, version, sentence = case
    found = contribute(world, report)
    session.commit()
    library = browse(world.representative)
    sent = taking(found, *parts, version=version)
    assert library.send(path(report, f"/beitraege/{found.id}"), sent).status_code == 302
    assert sentence in library.get(path(report)).visible
    assert report.draft is None


def test_after_handing_in_taking_over_says_what_is_possible(
    browse: Open, report: Report, world: World, session: Session
) -> None:
    found = contribute(world, report)
    bring(world, report, ReportState.SUBMITTED)
    session.commit()
    library = browse(world.representative)
    page = library.post(path(report, f"/beitraege/{found.id}"), taking(found, "text"), status=409)
    assert "Meldung zurückziehen" in page.visible
    reading = library.get(path(report, "/ansehen"))
    assert SAID.text in reading.visible
    assert "Beitrag übernehmen" not in reading.visible


def test_a_changed_contribution_waits_again_with_the_difference(
    browse: Open, report: Report, world: World, session: Session
) -> None:
    found = take(world, contribute(world, report))
    session.commit()
    library = browse(world.representative)
    assert "Institution wartet" not in library.get("/meldungen/").visible
    contribute(world, report, content=replace(SAID, cost_actual=None), expected_version=1)
    session.commit()
    assert "Begegnungszentrum zu 1.1" in library.get("/meldungen/").visible
    page = library.get(path(report))
    assert "danach geändert" in page.visible
    assert "Kosten: keine Angabe statt 500,50 €" in " ".join(page.visible.split())
    assert f'name="take-beitrag-{found.id}-participants"' not in page.text


def test_numbers_are_ticked_only_where_the_report_has_none_yet(
    browse: Open, report: Report, world: World, session: Session
) -> None:
    found = contribute(world, report)
    bring(world, report, ReportState.DRAFT)
    report.draft = dict(report.draft or {}) | {"cost_actual": "1000"}
    session.commit()
    page = browse(world.representative).get(path(report))
    ticked = {
        part: f'name="take-beitrag-{found.id}-{part}" value="1" checked' in page.text
        for part in ("text", "participants", "cost_actual")
    }
    assert ticked == {"text": True, "participants": True, "cost_actual": False}
    assert "in der Meldung stehen dann 1.500,50 €" in page.visible.replace("\xa0", " ")


def test_the_ki_reads_contributions_when_it_reviews(
    browse: Open, report: Report, world: World, session: Session
) -> None:
    contribute(world, report)
    bring(world, report, ReportState.SUBMITTED)
    session.commit()
    page = browse(world.coordination).get(f"/pruefung/{report.id}")
    assert SAID.text in page.visible
    assert "werden nicht veröffentlicht" in page.visible


def test_the_audit_log_tells_of_contributions_in_words(
    browse: Open, report: Report, world: World, session: Session
) -> None:
    take(world, contribute(world, report))
    contribute(world, report, content=replace(SAID, text="Anders."), expected_version=1)
    session.commit()
    page = browse(world.coordination).get("/protokoll/")
    assert "Beitrag zu 1.1, Q3/2026 (Begegnungszentrum)" in page.visible
    assert "Beitrag übernommen" in page.visible
    assert "Text, Teilnehmende, Kosten" in page.visible
