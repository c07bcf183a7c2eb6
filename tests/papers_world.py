"""A desk with two published quarters, and what the clock does with an order."""

from __future__ import annotations

from flask import Flask
from sqlmodel import Session

from tests.bielefeld import BIELEFELD
from tests.coordination_world import Desk
from tests.coordination_world import desk as make_desk
from tests.factories import CRITICAL, moment
from tests.pages import Clock
from tracker.papers.actions import exports
from tracker.papers.making.service import load, make
from tracker.publication.actions.publication import publish
from tracker.publication.queries import published
from tracker.publication.queries.publication_facts import instance_of
from tracker.reporting.rounds.actions import rounds

ROUND = "runde=2026-Q3/1"
ABOUT = {
    "massnahme": "&massnahme=1.1",
    "institution": "&institution=vhs",
    "vergleich": "&vergleich=2026-Q2",
}


def published_desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """Two published quarters; the second has a critical measure with a proposal."""
    published._kept.clear()
    found = make_desk(session, app, clock)
    world = found.world
    for period, opened, at in (
        ("2026-Q2", "2026-07-01", "2026-08-03"),
        ("2026-Q3", "2026-10-01", "2026-11-02"),
    ):
        round_ = found.opened(period, opened=f"{opened} 06:00")
        report = world.report(round_, world.measures[0])
        world.submit(report, CRITICAL, at=f"{opened} 08:00")
        world.accept(report, at=f"{opened} 09:00")
        now = moment(f"{at} 09:00")
        rounds.close_round(session, round_=round_, by=world.coordination, now=now)
        publish(
            session, round_=round_, by=world.coordination, now=now, instance=instance_of(BIELEFELD)
        )
    session.commit()
    return found


def worked(desk: Desk) -> None:
    """Do what the clock does."""
    session, now = desk.world.session, desk.clock.now
    found = exports.start_next(session, now=now)
    assert found is not None
    order_id, request = found
    exports.report_step(session, order_id=order_id, done=1, total=2, step="PDF setzen", now=now)
    export = make(load(session, request))
    assert exports.finish(session, order_id=order_id, made=export, now=now)
    session.commit()


def ordered(desk: Desk, slug: str = "vergleich", form: str = "docx") -> int:
    data = dict(part.split("=") for part in (ROUND + ABOUT.get(slug, "")).split("&"))
    answer = desk.ki.send(f"/ausgaben/erstellen/{slug}", data | {"form": form})
    assert answer.status_code == 303
    return int(answer.headers["Location"].rsplit("/", 1)[1])
