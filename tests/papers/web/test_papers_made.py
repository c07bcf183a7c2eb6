"""What was made is found again and made once more; the office's Word template."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session

from tests.coordination_world import Desk
from tests.pages import Browser, Clock
from tests.papers_world import ordered, published_desk, worked
from tracker.papers.actions import exports
from tracker.papers.queries import exports as queries
from tracker.papers.rules.exporting import ExportKind
from tracker.papers.writers.docx.template import default_template
from tracker.papers.writers.font_coverage import FontsMissingError
from tracker.publication.queries.published import Publication
from tracker.publication.queries.snapshots import required


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    return published_desk(session, app, clock)


def published_q3(desk: Desk) -> Publication:
    concept_id = desk.world.concept_id
    return required(desk.world.session, concept_id=concept_id, period="2026-Q3", version=1)


def test_a_paper_is_found_by_the_beginning_of_a_hash_or_by_its_name(desk: Desk) -> None:
    number = ordered(desk)
    worked(desk)
    row = queries.order(desk.world.session, order_id=number)
    found = published_q3(desk)
    link = f'href="/ausgaben/auftraege/{number}"'
    for text in (row.sha256, row.sha256[:8].upper(), found.sha256[:12], "vergleich-2026", ""):
        assert link in desk.ki.get(f"/ausgaben/auftraege/?suche={text}").text, text
    for text in ("mappe", "%", row.sha256[1:]):
        page = desk.ki.client.get("/ausgaben/auftraege/", query_string={"suche": text}).text
        assert link not in page, text
        assert "Keine Ausgabe hat eine Prüfsumme" in page


def test_the_hash_of_a_publication_is_found_as_it_was_copied_and_says_what_it_is(
    desk: Desk,
) -> None:
    publication = published_q3(desk)
    sha256 = publication.sha256
    copied = f" {sha256[:16]}\u200b{sha256[16:40]}\n{sha256[40:]}"
    for text in (copied, sha256.upper()):
        page = desk.ki.client.get("/ausgaben/auftraege/", query_string={"suche": text}).text
        assert "Q3/2026, Fassung 1</a>, haben diese Prüfsumme" in page
        assert "Keine Ausgabe hat" not in page
    assert "Prüfsumme der veröffentlichten Daten (JSON)" in desk.ki.get("/ausgaben/").visible


def test_the_list_names_institutions_and_kinds_of_vorlage(desk: Desk) -> None:
    ordered(desk, "institution")
    ordered(desk, "mappe", "zip")
    page = desk.ki.get("/ausgaben/auftraege/")
    assert desk.world.library.name in page.visible
    assert "Informationsvorlage" in page.visible


def test_what_is_made_once_more_keeps_the_template_it_was_made_with(desk: Desk) -> None:
    session = desk.world.session
    number = ordered(desk, "bericht")
    worked(desk)
    first = queries.order(session, order_id=number)
    sent = {"datei": (io.BytesIO(default_template()), "brief.docx")}
    desk.ki.send("/ausgaben/word-vorlage", sent, content_type="multipart/form-data")
    exports.drop_files(session, now=desk.clock.now + timedelta(days=31))
    session.commit()
    page = desk.ki.get(f"/ausgaben/auftraege/{number}")
    assert "--template 0 --format docx" in page.visible
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    answer = desk.ki.send("/ausgaben/erstellen/bericht", fields)
    worked(desk)
    again = queries.order(session, order_id=int(answer.headers["Location"].rsplit("/", 1)[1]))
    assert (again.request.template, again.sha256) == (0, first.sha256)


def test_the_office_s_template_is_set_used_and_taken_back(desk: Desk) -> None:
    page = desk.ki.get("/ausgaben/word-vorlage")
    assert "Keine eigene Word-Vorlage" in page.visible
    assert "Titel, Überschrift 1, Überschrift 2" in page.visible

    def upload(content: bytes, name: str = "brief.docx") -> Browser | int:
        sent = {"datei": (io.BytesIO(content), name)}
        return desk.ki.send(
            "/ausgaben/word-vorlage", sent, content_type="multipart/form-data"
        ).status_code

    assert upload(b"", "") == 422
    assert upload(b"kein Word") == 422
    assert upload(default_template()) == 303
    assert "„brief.docx“ (Nummer" in desk.ki.get("/ausgaben/word-vorlage").visible
    assert "brief.docx" in desk.ki.get("/ausgaben/erstellen").visible
    number = ordered(desk, "vorlage")
    order = queries.order(desk.world.session, order_id=number)
    assert order.request.kind is ExportKind.VORLAGE
    assert order.request.template > 0
    assert desk.ki.send("/ausgaben/word-vorlage/absetzen").status_code == 303
    assert "Frühere Word-Vorlagen" in desk.ki.get("/ausgaben/word-vorlage").visible
    assert desk.ki.send("/ausgaben/word-vorlage/absetzen").status_code == 409


def test_a_file_that_is_not_kept_any_more_can_be_made_again(desk: Desk) -> None:
    number = ordered(desk)
    worked(desk)
    first = queries.order(desk.world.session, order_id=number).sha256
    exports.drop_files(desk.world.session, now=desk.clock.now + timedelta(days=31))
    desk.world.session.commit()
    page = desk.ki.get(f"/ausgaben/auftraege/{number}")
    assert "noch einmal erstellen" in page.visible
    again = ordered(desk)
    worked(desk)
    assert queries.order(desk.world.session, order_id=again).sha256 == first


def test_without_fonts_everybody_stays_signed_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> bytes:
        raise FontsMissingError

    monkeypatch.setattr("tracker.papers.writers.to_pdf.to_pdf", missing)
    page = desk.ki.get("/ausgaben/erhebungsbogen.pdf", 503)
    assert page.heading == "Das PDF lässt sich zurzeit nicht erstellen"
    assert "Abmelden" in page.visible
