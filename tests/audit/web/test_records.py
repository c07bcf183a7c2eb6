"""The audit log in German: what it was about, who did it, which value changed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session

import tracker
from tests.conftest import StatementCounter
from tests.coordination_world import Desk
from tests.coordination_world import desk as make_desk
from tests.factories import RUNNING, moment
from tests.pages import Clock
from tracker.accounts.actions import accounts
from tracker.audit.queries.audit_log import KINDS
from tracker.audit.web.wording import ENTITIES, VERBS
from tracker.core import audit
from tracker.core.models import AuditEvent
from tracker.reporting.reports.actions import reports
from tracker.reporting.rules.content import Participants, ParticipantUnit
from tracker.reporting.rules.reports import ReportEvent
from tracker.reporting.rules.rounds import RoundEvent

SOURCE = Path(tracker.__file__).parent


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """The KI at work."""
    return make_desk(session, app, clock)


def test_everything_that_is_recorded_has_a_german_name() -> None:
    files = [*SOURCE.rglob("actions/*.py"), *SOURCE.glob("core/*.py")]
    source = "".join(path.read_text("utf-8") for path in files)
    kinds = "|".join({verb.partition(".")[0] for verb in VERBS})
    verbs = set(re.findall(rf'"((?:{kinds})\.(?!id")[a-z_]+)"', source))
    assert verbs >= {"account.rename", "access.refused", "setting.set", "export.order"}
    verbs |= {f"report.{event}" for event in ReportEvent} | {
        f"round.{event}" for event in RoundEvent
    }
    assert verbs - VERBS.keys() == set()
    entities = set(re.findall(r'entity="([^"]+)"', source)) | set(KINDS)
    assert entities - ENTITIES.keys() == set()


def test_an_entry_says_what_it_is_about_and_leads_there(desk: Desk) -> None:
    round_ = desk.opened()
    report = desk.submitted(round_, 0)
    desk.ki.send(f"/pruefung/{report.id}/annehmen", {"revision": "1"})
    fields = {"institution_id": str(desk.world.library.id), "until": "2026-10-25", "reason": "x"}
    desk.ki.send("/runden/2026-Q3/nachfrist", fields)
    page = desk.ki.get("/protokoll/")
    short = desk.world.library.short_name
    about = f"Meldung zu 1.1, Q3/2026 ({short})"
    assert f'href="/pruefung/{report.id}">{about}</a>' in page.text
    assert f"Nachfrist für {short}, Q3/2026" in page.visible
    assert "Nachfrist bis: 25.10.2026" in page.visible
    assert "Zustand: abgegeben → angenommen" in page.visible
    assert "Runde Q3/2026" in page.visible


def test_values_read_in_german_and_what_stayed_empty_is_left_out(desk: Desk) -> None:
    content = replace(
        RUNNING,
        next_step_on=date(2026, 12, 1),
        cost_actual=Decimal("1250.5"),
        participants=(Participants(ParticipantUnit.PERSONS, 12),),
    )
    desk.submitted(desk.opened(), 0, content)
    page = desk.ki.get("/protokoll/?art=report")
    for text in (
        "Umsetzungsstand: in Umsetzung",
        "Was wurde erreicht? ",
        "Nächster Schritt bis: 01.12.2026",
        "Teilnehmende: 12 Personen",
    ):
        assert text in page.visible
    assert "1.250,50" in page.visible
    assert "Hindernisse" not in page.visible
    assert "in_progress" not in page.visible


def test_the_text_of_a_draft_is_not_shown_and_what_reads_alike_is_no_change(desk: Desk) -> None:
    session, report = desk.world.session, desk.world.report(desk.opened(), desk.world.measures[0])
    draft = replace(RUNNING, achieved="Noch nicht abgesandt.")
    reports.save_draft(
        session,
        report_id=report.id or 0,
        content=draft,
        expected_version=0,
        by=desk.world.representative,
        now=desk.clock.now,
    )
    session.commit()
    page = desk.ki.get("/protokoll/").visible
    assert "Entwurf gespeichert" in page
    assert "Noch nicht abgesandt." not in page
    before = {"implementation": "in_progress"}
    event = AuditEvent(
        at=desk.clock.now,
        verb="report.submit",
        entity="report",
        entity_id=report.id or 0,
        before=before,
        after=before,
    )
    session.add(event)
    session.commit()
    assert "in Umsetzung → in Umsetzung" not in desk.ki.get("/protokoll/").visible


def test_an_entry_has_the_name_of_then_and_says_that_of_today(desk: Desk) -> None:
    assert desk.ki.actor is not None
    own = desk.ki.actor
    for name in ("Kim Neu", "Kim Noch-Neuer"):
        desk.ki.send("/konto/name", {"name": name})
    page = desk.ki.get("/protokoll/?art=account").visible
    assert f"Namen geändert Konto {own.name} (heute Kim Noch-Neuer)" in page
    assert "Name: Kim Neu → Kim Noch-Neuer" in page
    assert f"Name: {own.name} → Kim Neu" in page
    assert "Kim Neu (heute Kim Noch-Neuer)" in page


def test_under_a_name_stands_what_nobody_can_choose(desk: Desk) -> None:
    session, vhs, now = desk.world.session, desk.world.representative, desk.clock.now
    accounts.rename(session, account_id=vhs.account_id, name="ki", by=vhs, now=now)
    session.commit()
    desk.ki.send("/konto/name", {"name": "Kim"})
    page = desk.ki.get("/protokoll/").visible
    office, library = "koordinierende Stelle", desk.world.library.short_name
    assert re.search(rf"Konto ki \(heute Kim\) {office} .{{,30}} ki \(heute Kim\) {office} ", page)
    account = rf"vhs \(heute ki\) {library}"
    assert re.search(rf"Konto {account} .{{,30}} {account} ", page)


def test_a_backup_that_was_put_back_is_about_the_database(desk: Desk) -> None:
    ended = {"sessions": 3, "links": 2, "mails": 1}
    session = desk.world.session
    audit.record(
        session,
        by=None,
        verb="database.restored",
        entity="database",
        entity_id=1,
        now=moment("2026-10-05 08:00"),
        after=ended,
    )
    session.commit()
    shown = desk.ki.get("/protokoll/").visible
    assert "Sicherung zurückgespielt Datenbank" in shown.replace(":", "")
    assert "beendete Sitzungen" in shown


def test_a_long_text_is_folded(desk: Desk) -> None:
    long_text = "Sehr lang. " * 40
    desk.submitted(desk.opened(), 0, replace(RUNNING, achieved=long_text))
    text = desk.ki.get("/protokoll/?art=report").text
    assert f"<summary>{long_text[:80]} …</summary>" in text


def test_statements_do_not_grow_with_the_entries(desk: Desk, engine: Engine) -> None:
    round_ = desk.opened()
    desk.submitted(round_, 0)
    desk.ki.get("/protokoll/?art=report")
    counts = []
    for number in (1, 2):
        desk.submitted(round_, number)
        with StatementCounter(engine) as counter:
            desk.ki.get("/protokoll/?art=report")
        counts.append(counter.count)
    assert counts[0] == counts[1] <= 9
