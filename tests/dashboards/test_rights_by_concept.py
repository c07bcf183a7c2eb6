"""Published rounds of a concept are not there for an account that may not see it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from tests.concept_client import KEY
from tests.conftest import one_database
from tests.dashboards.conftest import SignIn, Visitor, routing
from tests.dashboards.published import publish
from tests.factories_snapshot import documents
from tracker.accounts.models import Account, AccountConcept
from tracker.concept.models import Concept, Edition, EditionState
from tracker.core.permissions import Role

ADDRESSES = (
    "/dashboards/konzepte/{key}/",
    "/dashboards/konzepte/{key}/massnahme/3.2",
    "/dashboards/konzepte/{key}/tabellen/massnahmen.csv?seite=ziel/1",
    "/konzepte/{key}/ausgaben/",
    "/konzepte/{key}/ausgaben/bericht/2026-Q3.json",
    "/konzepte/{key}/konzept/",
)


@pytest.fixture
def others_key(session: Session) -> str:
    """The key of a concept with published rounds, beside one without any."""
    publish(session, documents(2))
    concept = session.exec(select(Concept)).one()
    concept.key = "anderes"
    session.commit()
    return concept.key


def restricted(session: Session, visitor: Visitor) -> None:
    """Let the account see only another concept, which has nothing published."""
    own = Concept(key=KEY, title="Eigenes", city="Bielefeld", resolved_on=date(2020, 1, 1))
    session.add(own)
    session.flush()
    session.add(
        Edition(
            concept_id=own.id or 0,
            number=1,
            title="Fassung 2020",
            state=EditionState.ADOPTED,
            resolved_on=date(2020, 1, 1),
            valid_from=date(2020, 1, 1),
        )
    )
    [account] = session.exec(select(Account).where(Account.role == Role.COMMITTEE))
    session.add(AccountConcept(account_id=account.id or 0, concept_id=own.id or 0))
    session.commit()


def answered(visitor: Visitor, path: str) -> Any:
    return visitor.post(routing(path))


@one_database
def test_neither_page_nor_callback_nor_file_nor_what_is_kept(
    session: Session, sign_in: SignIn, others_key: str, now: datetime
) -> None:
    ki, committee = sign_in(Role.COORDINATION), sign_in(Role.COMMITTEE)
    for address in ADDRESSES:
        path = address.format(key=others_key)
        for visitor in (ki, committee):
            assert FlaskClient.open(visitor.client, path).status_code == 200, path
    page = ADDRESSES[0].format(key=others_key)
    # Both have asked for it: the answer is kept.
    assert answered(ki, page).status_code == answered(committee, page).status_code == 200
    restricted(session, committee)
    for address in ADDRESSES:
        path = address.format(key=others_key)
        assert FlaskClient.open(ki.client, path).status_code == 200, path
        assert FlaskClient.open(committee.client, path).status_code == 404, path
    assert answered(ki, page).status_code == 200
    assert answered(committee, page).status_code == 404
    # What names no concept is about the one that is left.
    shown = answered(committee, f"/dashboards/konzepte/{KEY}/")
    assert shown.status_code == 200
    assert "Noch keine Runde" in shown.get_data(as_text=True)
