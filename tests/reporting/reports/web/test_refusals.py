"""Refusals that lose nothing: conflicts, missing rights, closed rounds, foreign reports."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from itsdangerous import URLSafeSerializer
from sqlmodel import Session

from tests.factories import CRITICAL, RUNNING, World, moment
from tests.pages import SETTINGS, Browser
from tests.report_world import Open, fields_of, path
from tracker.reporting.models import Report, Round
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import from_dict, to_dict
from tracker.reporting.rules.reports import ReportState


def test_two_people_saving_one_draft_see_both_texts_and_choose(
    world: World, browse: Open, report: Report, session: Session
) -> None:
    first, second = browse(world.representative), browse(world.staff)
    mine = replace(RUNNING, achieved="Text der Vertretung")
    theirs = replace(RUNNING, achieved="Text der Mitarbeit", obstacles="Kein Raum")
    second.send(path(report), fields_of(theirs))
    page = first.post(path(report), fields_of(mine), status=409)
    assert "mitarbeit hat am 05.10.2026" in page.visible
    for text in ("Text der Vertretung", "Text der Mitarbeit", "Kein Raum"):
        assert text in page.visible
    assert page.text.count('class="report-conflict__field"') == 2
    assert 'name="draft_version" value="1"' in page.text
    # What the other one only added is offered to be kept.
    assert 'id="take-obstacles-stored" checked' in page.text
    choice = {"take-achieved": "mine", "take-obstacles": "stored"}
    assert first.send(path(report), fields_of(mine, 1, **choice)).status_code == 302
    session.refresh(report)
    saved = from_dict(report.draft or {})
    assert (saved.achieved, saved.obstacles) == ("Text der Vertretung", "Kein Raum")


@pytest.mark.parametrize(
    "signed", [(hashlib.sha256, "Wie gezeigt"), (hashlib.sha1, "Kein Raum")], ids=["ours", "not"]
)
def test_the_other_text_is_ours_by_sha256_alone(
    world: World, browse: Open, report: Report, session: Session, signed: tuple[Any, str]
) -> None:
    first, second = browse(world.representative), browse(world.staff)
    second.send(path(report), fields_of(replace(RUNNING, obstacles="Kein Raum")))
    options = {"digest_method": signed[0]}
    seal = URLSafeSerializer(SETTINGS.secret_key, "report-conflict", signer_kwargs=options)
    sealed = {"theirs": str(seal.dumps(to_dict(replace(RUNNING, obstacles="Wie gezeigt"))))}
    choice = {"take-obstacles": "stored"}
    first.send(path(report), fields_of(RUNNING, 1, **choice, **sealed))
    session.refresh(report)
    # Without a seal of ours nothing is lost: the text that is stored counts.
    assert from_dict(report.draft or {}).obstacles == signed[1]


def test_after_a_conflict_what_only_the_other_changed_is_offered_as_stored(
    world: World, browse: Open, report: Report, session: Session
) -> None:
    """Nobody undoes a colleague's text in a field that they never touched."""
    first, second = browse(world.representative), browse(world.staff)
    first.send(path(report), fields_of(RUNNING))
    begun = first.get(path(report)).text.split('name="begonnen" value="')[1].split('"')[0]
    theirs = replace(RUNNING, achieved="Text der Mitarbeit", next_step="Neuer Schritt")
    # A form that saves by itself learns what it begins from now.
    told = second.send(path(report), fields_of(theirs, 1), headers={"X-Requested-With": "fetch"})
    assert told.get_json()["begun"] in second.get(path(report)).text
    assert told.get_json()["begun"] != begun
    mine = replace(RUNNING, next_step="Mein Schritt")
    page = first.post(path(report), fields_of(mine, 1, begonnen=begun), status=409)
    assert 'id="take-achieved-stored" checked' in page.text
    assert 'id="take-next_step-mine" checked' in page.text
    choice = {"take-achieved": "stored", "take-next_step": "mine"}
    assert first.send(path(report), fields_of(mine, 2, **choice)).status_code == 302
    session.refresh(report)
    saved = from_dict(report.draft or {})
    assert (saved.achieved, saved.next_step) == ("Text der Mitarbeit", "Mein Schritt")


def test_a_submission_by_mitarbeitende_is_refused_and_their_draft_is_saved(
    world: World, browse: Open, report: Report, session: Session
) -> None:
    page = browse(world.staff).post(path(report, "/absenden"), fields_of(RUNNING), status=403)
    assert "Ihr Entwurf ist gespeichert" in page.visible
    session.refresh(report)
    assert report.state is ReportState.DRAFT
    assert from_dict(report.draft or {}) == RUNNING


@pytest.mark.parametrize("step", ["", "/absenden"])
def test_after_closing_the_text_is_refused_and_shown_for_copying(
    world: World, library: Browser, report: Report, step: str
) -> None:
    round_ = world.session.get_one(Round, report.round_id)
    rounds.close_round(
        world.session, round_=round_, by=world.coordination, now=moment("2026-10-04 09:00")
    )
    world.session.commit()
    page = library.post(path(report, step), fields_of(CRITICAL), status=409)
    assert "Nachfrist" in page.visible
    assert "Der Ausschuss möge Räume zuweisen." in page.visible


def test_a_second_submission_says_what_is_possible_now(library: Browser, report: Report) -> None:
    library.send(path(report, "/absenden"), fields_of(RUNNING))
    page = library.post(path(report, "/absenden"), fields_of(CRITICAL, 1), status=409)
    assert "Meldung zurückziehen" in page.visible
    assert "Die Räume fehlen." in page.visible
    library.send(path(report, "/zurueckziehen"))
    library.post(path(report, "/zurueckziehen"), status=409)
