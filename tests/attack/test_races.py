"""What two people do at the same moment has one effect, and the other one reads why not.

On databases that really commit. Other races are told where they belong: confirming several
(`test_confirming_twice.py`), planning (`test_planning_at_once.py`), an upload taken over
(`test_questionnaires.py`), the clock and its mails (`test_clock.py`), papers (`test_papers.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func
from sqlmodel import Session, col, select
from werkzeug.test import TestResponse

from tests.attack.asking import opened, own_token
from tests.attack.places import (
    CONFIRMED,
    EXPECTED,
    FIRST,
    IDENTITIES,
    NOW,
    SUBMITTED,
    WAIVED,
    City,
    city,
)
from tests.committing import own_database
from tests.factories import RUNNING, moment
from tests.moments import at_once
from tests.pages import PASSWORD, SETTINGS, Browser, browser_of
from tests.report_world import fields_of
from tracker.accounts.actions import passwords
from tracker.accounts.models import Account, AccountLink
from tracker.app import create_app
from tracker.core.permissions import Function
from tracker.publication.models import Snapshot
from tracker.reporting.models import Report, ReportRevision, Round
from tracker.reporting.reports.queries.report_history import reviews
from tracker.reporting.rounds.actions import rounds

OWN, OTHER = "vhs in the first", "ibz in the first"
BY_NAME = {identity.name: identity for identity in IDENTITIES}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A migrated database of this file's own."""
    with own_database(request, tmp_path_factory.mktemp("races"), "races") as engine:
        yield engine


@pytest.fixture(scope="module")
def races(own_engine: Engine) -> Iterator[City]:
    app = create_app(SETTINGS, engine=own_engine, clock=lambda: NOW)
    with Session(own_engine) as session:
        made = city(app, session)
        world = made.worlds[FIRST]
        round_ = world.open_round("2026-Q1", opened="2026-04-01 06:00")
        at = moment("2026-05-01 06:00")
        rounds.close_round(session, round_=round_, by=world.coordination, now=at)
        session.commit()
        yield made


def answered(*acts: Callable[[], TestResponse]) -> list[TestResponse]:
    """Do all of it at the same moment; whatever came of it, nothing broke."""
    answers = at_once(*acts)
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    return answers


def posts(town: City, who: str, path: str, **data: object) -> Callable[[], TestResponse]:
    """Prepare a POST of somebody in a browser of their own."""
    browser = Browser(town.app)
    if BY_NAME[who].signed_in:
        town.session.rollback()
        browser = browser_of(town.app, town.session, town.accounts[who], NOW)
        town.session.rollback()  # what it read keeps nobody waiting
    return sends(browser, path, **data)


def sends(browser: Browser, path: str, **data: object) -> Callable[[], TestResponse]:
    form = {"csrf_token": own_token(browser, path), **data}
    return lambda: FlaskClient.open(browser.client, path, method="POST", data=form)


def codes(answers: list[TestResponse]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def refused(answers: list[TestResponse]) -> TestResponse:
    return next(answer for answer in answers if answer.status_code >= 400)


def count(town: City, *conditions: object) -> int:
    town.session.rollback()
    return int(town.session.execute(select(func.count()).where(*conditions)).scalar_one())


@pytest.mark.parametrize("step", ["", "/absenden"])
def test_two_people_write_one_report(races: City, step: str) -> None:
    place = races.places[OWN if step else OTHER]
    people = ("representative", "deputy") if step else ("another's representative", "KI")
    report_id = place.reports[EXPECTED]
    texts = ("Text der einen Person", "Text der anderen Person")
    answers = answered(
        *(
            posts(races, who, f"/meldungen/{report_id}{step}", **fields_of(RUNNING, achieved=typed))
            for who, typed in zip(people, texts, strict=True)
        )
    )
    assert codes(answers) == [302, 409]
    kept = races.session.get_one(Report, report_id)
    races.session.refresh(kept)
    won = next(n for n, answer in enumerate(answers) if answer.status_code == 302)
    assert texts[1 - won] in refused(answers).text
    handed_in = select(ReportRevision).where(ReportRevision.report_id == report_id)
    written = [row.content["achieved"] for row in races.session.exec(handed_in)]
    assert written == ([texts[won]] if step else [])
    if not step:
        assert (kept.draft or {})["achieved"] == texts[won]
        assert kept.draft_version == 1


def test_one_person_accepts_twice(races: City) -> None:
    report_id = races.places[OWN].reports[SUBMITTED]
    path = f"/pruefung/{report_id}/annehmen"
    answers = answered(*(posts(races, "KI", path, revision="1") for _ in range(3)))
    assert codes(answers) == [302] * 3
    races.session.rollback()
    assert len(reviews(races.session, report_id=report_id)) == 1


def test_two_people_decide_differently(races: City) -> None:
    report_id = races.places[OTHER].reports[SUBMITTED]
    path = f"/pruefung/{report_id}"
    answers = answered(
        posts(races, "KI", f"{path}/annehmen", revision="1"),
        posts(
            races,
            "KI of the first",
            f"{path}/zurueckgeben",
            revision="1",
            comment="Wie viele waren es?",
        ),
    )
    assert codes(answers) == [302, 409]
    if answers[1].status_code == 409:
        assert "Wie viele waren es?" in answers[1].text
    races.session.rollback()
    assert len(reviews(races.session, report_id=report_id)) == 1


def test_several_are_accepted_while_one_is_given_back(races: City) -> None:
    report_id = races.places[OWN].reports[CONFIRMED]
    answered(
        posts(races, "KI", "/pruefung/unveraendert/annehmen", report=f"{report_id}-1"),
        posts(
            races,
            "KI of the first",
            f"/pruefung/{report_id}/zurueckgeben",
            revision="1",
            comment="Wirklich?",
        ),
    )
    races.session.rollback()
    assert len(reviews(races.session, report_id=report_id)) == 1


def test_a_round_is_published_twice(races: City) -> None:
    path = f"/konzepte/{FIRST}/runden/2026-Q1/schritt/veroeffentlichen"
    answers = answered(*(posts(races, who, path) for who in ("KI", "KI of the first")))
    assert codes(answers) == [302, 409]
    assert "veröffentlicht" in refused(answers).text
    round_id = select(Round.id).where(Round.period == "2026-Q1").scalar_subquery()
    assert count(races, col(Snapshot.round_id) == round_id) == 1


def test_a_contribution_is_taken_over_twice(races: City) -> None:
    place = races.places["vhs in the second"]
    path = f"/meldungen/{place.reports[EXPECTED]}/beitraege/{place.contribution_id}"
    name = f"take-beitrag-{place.contribution_id}"
    data = {f"{name}-version": "1", f"{name}-text": "1"}
    answered(*(posts(races, who, path, **data) for who in ("representative", "staff", "deputy")))
    report = races.session.get_one(Report, place.reports[EXPECTED])
    races.session.refresh(report)
    assert report.draft is not None
    assert report.draft["achieved"].count("Zwei Treffen mit 40 Eltern.") == 1


def test_a_report_is_waived_and_asked_for_again(races: City) -> None:
    report_id = races.places["ibz in the second"].reports[WAIVED]
    path = f"/pruefung/{report_id}/befreiung-aufheben"
    answers = answered(*(posts(races, who, path) for who in ("KI", "KI of the second")))
    assert codes(answers) == [302, 409]


def test_an_invitation_is_accepted_twice(races: City) -> None:
    words = ("vier blaue Tassen stehen hier", "neun rote Stühle stehen dort")
    path = f"/einladung/{races.invitation}"
    answers = answered(*(posts(races, "nobody", path, new_password=word) for word in words))
    assert codes(answers) == [302, 404]
    account = races.accounts["token holder"]
    races.session.refresh(account)
    won = next(n for n, answer in enumerate(answers) if answer.status_code == 302)
    assert passwords.matches(account.password_hash or "", words[won])
    assert count(races, AccountLink.account_id == account.id, AccountLink.used_at == NOW) == 1


def test_an_account_is_switched_off_while_its_owner_signs_in(races: City) -> None:
    account = races.accounts["committee"]
    signing_in = Browser(races.app)
    answered(
        sends(signing_in, "/anmelden", email=account.email, password=PASSWORD),
        posts(races, "KI", f"/konten/{account.id}/deaktivieren"),
    )
    assert FlaskClient.open(signing_in.client, "/konto").status_code == 302
    assert opened(races, BY_NAME["committee"], "/konto").status_code == 302


def test_two_successors_of_one_representative(races: City) -> None:
    place = races.places[OTHER]
    path = f"/vertretung/{place.institution_id}/wechseln"
    data = {"account_id": place.representative_id, "last_day": "2026-10-31", "successor": "neu"}
    answered(
        *(
            posts(races, who, path, name=who, email=f"neu{number}@stadt.example", **data)
            for number, who in enumerate(("KI", "KI of the first"))
        )
    )
    new = (Account.institution_id == place.institution_id, col(Account.term_to).is_(None))
    assert count(races, *new, Account.function == Function.REPRESENTATIVE) == 1
