"""A world in which the KI works in the browser."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from sqlmodel import Session

from tests.factories import RUNNING, World
from tests.pages import Browser, Clock, browser_of
from tracker.accounts.models import Account
from tracker.core.permissions import Actor
from tracker.reporting.models import Report, Round
from tracker.reporting.rules.content import ReportContent


@dataclass
class Desk:
    """The world with a browser of the KI; `submitted` hands a report in as the library."""

    world: World
    ki: Browser
    app: Flask
    clock: Clock

    def browser(self, actor: Actor) -> Browser:
        """Another person's browser."""
        session = self.world.session
        session.commit()
        account = session.get_one(Account, actor.account_id)
        return browser_of(self.app, session, account, self.clock.now)

    def opened(self, period: str = "2026-Q3", **options: str) -> Round:
        """An open round."""
        round_ = self.world.open_round(period, **options)
        self.world.session.commit()
        return round_

    def submitted(self, round_: Round, number: int, content: ReportContent = RUNNING) -> Report:
        """The submitted report of the measure with this number, counted from 0."""
        report = self.world.report(round_, self.world.measures[number])
        self.world.submit(report, content)
        self.world.session.commit()
        return report


def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """The library leads five of six measures."""
    world = World(session)
    world.lead(world.library, *world.measures[:5])
    session.commit()
    account = session.get_one(Account, world.coordination.account_id)
    return Desk(world, browser_of(app, session, account, clock.now), app, clock)
