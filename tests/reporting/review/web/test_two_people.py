"""Abgabe and Prüfung are two people's: a taken-over account is refused, a tied one is warned of."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from tests.coordination_world import Desk
from tests.coordination_world import desk as make_desk
from tests.factories import RUNNING
from tests.pages import PASSWORD, SETTINGS, Clock
from tracker.accounts.actions import accounts
from tracker.accounts.models import Account
from tracker.core.models import AuditEvent
from tracker.core.permissions import Actor, Role
from tracker.reporting.models import Report
from tracker.reporting.reports.actions import reports


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """The KI at work, with a mail server."""
    app.extensions["tracker"].settings = replace(SETTINGS, smtp_host="mail.example")
    return make_desk(session, app, clock)


def submitted_by(desk: Desk, who: Actor) -> Report:
    world = desk.world
    report = world.report(desk.opened(), world.measures[0])
    reports.submit(
        world.session,
        report_id=report.id or 0,
        content=RUNNING,
        expected_version=0,
        by=who,
        now=desk.clock.now,
    )
    world.session.commit()
    return report


def take_over(desk: Desk, account_id: int) -> None:
    """What one person of the KI can do to take an account over: address, link, password."""
    session, by = desk.world.session, desk.world.coordination
    account = session.get_one(Account, account_id)
    account.password_hash = "known"
    session.commit()
    now = desk.clock.now
    accounts.change_email(session, account_id=account_id, email="mein@x.example", by=by, now=now)
    token = accounts.invite(
        session, account_id=account_id, valid_days=1, by=by, now=now, only_mailed=True
    )
    accounts.accept_invitation(session, token=token, password=PASSWORD, now=now)
    session.commit()


def decision(desk: Desk, report: Report) -> list[str]:
    events = desk.world.session.exec(
        select(AuditEvent.verb)
        .where(AuditEvent.entity == "report", AuditEvent.entity_id == report.id)
        .order_by(col(AuditEvent.id))
    )
    return [verb for verb in events if "accept" in verb]


def test_a_colleagues_account_that_was_taken_over_reviews_nothing_for_a_month(desk: Desk) -> None:
    world = desk.world
    report = submitted_by(desk, world.coordination)
    take_over(desk, world.second_coordination.account_id)
    second = desk.browser(world.second_coordination)
    page = second.get(f"/pruefung/{report.id}")
    assert "Abgabe und Prüfung brauchen zwei Personen" in page.visible
    assert "ki hat Ihr Konto auf eine andere E-Mail-Adresse umgestellt, und danach" in page.visible
    assert "Meldung annehmen" not in page.visible
    refused = second.post(f"/pruefung/{report.id}/annehmen", {"revision": "1"}, status=403)
    assert "nicht zwei Personen" in refused.visible
    assert decision(desk, report) == []
    desk.clock.forward(days=31)
    second = desk.browser(world.second_coordination)
    second.send(f"/pruefung/{report.id}/annehmen", {"revision": "1"})
    assert decision(desk, report) == ["report.accept"]


def test_nor_is_what_was_submitted_with_an_account_that_one_took_over_oneself(desk: Desk) -> None:
    report = submitted_by(desk, desk.world.representative)
    take_over(desk, desk.world.representative.account_id)
    page = desk.ki.get(f"/pruefung/{report.id}")
    assert "Sie haben das Konto von vhs auf eine andere E-Mail-Adresse umgestellt" in page.visible
    desk.ki.post(f"/pruefung/{report.id}/annehmen", {"revision": "1"}, status=403)
    assert decision(desk, report) == []


def test_a_colleague_whom_one_invited_may_review_and_the_trail_says_so(desk: Desk) -> None:
    world = desk.world
    report = submitted_by(desk, world.coordination)
    accounts.invite(
        world.session,
        account_id=world.second_coordination.account_id,
        valid_days=14,
        by=world.coordination,
        now=desk.clock.now,
    )
    second = desk.browser(world.second_coordination)
    page = second.get(f"/pruefung/{report.id}")
    assert "ki hat Ihr Konto neu eingeladen (05.10.2026)." in page.visible
    assert "wenn Sie sicher sind, dass wirklich ki sie abgegeben hat" in page.visible
    assert "Meldung annehmen" in page.visible
    second.send(f"/pruefung/{report.id}/annehmen", {"revision": "1"})
    assert decision(desk, report) == ["report.accept", "report.accept_tied"]
    trail = desk.ki.get("/protokoll/?art=report").visible
    assert "angenommen mit Hinweis: Abgabe und Prüfung brauchen zwei Personen" in trail
    assert "Was am Konto der anderen Person geschah: neu eingeladen" in trail
    assert "Geschehen am: 05.10.2026" in trail


def test_whom_the_ki_invites_for_an_institution_is_no_second_reviewer(desk: Desk) -> None:
    world = desk.world
    report = submitted_by(desk, world.representative)
    accounts.invite(
        world.session,
        account_id=world.representative.account_id,
        valid_days=14,
        by=world.coordination,
        now=desk.clock.now,
        only_mailed=True,
    )
    world.session.commit()
    assert "zwei Personen" not in desk.ki.get(f"/pruefung/{report.id}").visible
    desk.ki.send(f"/pruefung/{report.id}/annehmen", {"revision": "1"})
    assert decision(desk, report) == ["report.accept"]


def new_account(desk: Desk, name: str, *, by: Actor, shown: bool = True) -> Actor:
    """An account whose first link `by` used, or at least saw."""
    session, now = desk.world.session, desk.clock.now
    account = accounts.create(
        session, email=f"{name}@x.example", name=name, role=Role.COORDINATION, by=by, now=now
    )
    account_id = account.id or 0
    token = accounts.invite(
        session, account_id=account_id, valid_days=1, by=by, now=now, only_mailed=not shown
    )
    accounts.accept_invitation(session, token=token, password=PASSWORD, now=now)
    session.commit()
    return Actor(account_id, name, Role.COORDINATION)


def test_nor_do_accounts_between_make_two_people(desk: Desk) -> None:
    ki = desk.world.coordination
    report = submitted_by(desk, ki)
    third = new_account(desk, "dritte", by=ki)
    last = desk.browser(new_account(desk, "vierte", by=third))
    page = last.get(f"/pruefung/{report.id}")
    assert re.search(r"ki hat Ihr Konto über 1 weiteres Konto \w+", page.visible)
    last.send(f"/pruefung/{report.id}/annehmen", {"revision": "1"})
    assert decision(desk, report) == ["report.accept", "report.accept_tied"]


def test_nor_does_a_deputy_whose_link_the_ki_saw(desk: Desk) -> None:
    session, ki = desk.world.session, desk.world.coordination
    account_id = desk.world.representative.account_id
    accounts.invite(session, account_id=account_id, valid_days=1, by=ki, now=desk.clock.now)
    report = submitted_by(desk, desk.world.representative)
    page = desk.ki.get(f"/pruefung/{report.id}")
    assert "Sie haben das Konto von vhs neu eingeladen (05.10.2026)." in page.visible
    desk.ki.send(f"/pruefung/{report.id}/annehmen", {"revision": "1"})
    assert decision(desk, report) == ["report.accept", "report.accept_tied"]
    assert "Link angezeigt: ja" in desk.ki.get("/protokoll/?art=account").visible


def test_a_colleague_who_saw_no_link_is_another_person_than_the_institution(desk: Desk) -> None:
    session, ki = desk.world.session, desk.world.coordination
    mailed = new_account(desk, "dritte", by=ki, shown=False)
    account_id = desk.world.representative.account_id
    accounts.invite(session, account_id=account_id, valid_days=1, by=mailed, now=desk.clock.now)
    report = submitted_by(desk, desk.world.representative)
    assert "zwei Personen" not in desk.ki.get(f"/pruefung/{report.id}").visible
