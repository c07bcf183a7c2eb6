"""An area gives a page to the dashboards: in the navigation, with its table; off, it is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import dash
import pytest
from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboards.pages import routes
from dashboards.pages.view import Page, View
from tests.conftest import one_database
from tests.dashboards.conftest import SignIn
from tests.dashboards.published import publish
from tests.factories_snapshot import documents
from tracker.core import switching
from tracker.core.models import SettingValue
from tracker.core.permissions import Role
from tracker.publication.reading.table import Column, Table

PATH = "/dashboards/auftraege"


def content(view: View) -> list[Component]:
    return [html.P(f"Aufträge zum {view.publication.long_label}")]


def tables(_view: View) -> Mapping[str, Table]:
    columns = (Column("Auftrag", 60),)
    return {"auftraege": Table("auftraege", "Aufträge", "Aufträge", "", columns, (("Bericht",),))}


@pytest.fixture
def area(sign_in: SignIn) -> Iterator[str]:
    """An area of this module, with its page; Dash takes pages once there is an application."""
    sign_in(Role.COORDINATION)
    page = Page("auftraege", "Aufträge des Rats", content, nav="Aufträge", tables=tables)
    switching.register(switching.SwitchableArea("auftraege", "Aufträge", "Probe.", __name__))
    routes.register([page])
    yield "auftraege"
    routes.PAGES.remove(page)
    registry: dict[str, Any] = dash.page_registry
    del registry["page_auftraege"], switching.AREAS["auftraege"]


@one_database
def test_it_stands_beside_the_others_until_its_area_is_switched_off(
    area: str, session: Session, sign_in: SignIn, now: datetime
) -> None:
    publish(session, documents(1))
    committee = sign_in(Role.COMMITTEE)
    page = committee.content(PATH)
    assert "Aufträge zum 3. Quartal 2026" in page.text
    assert page.title == "Aufträge des Rats – Integrationskonzept-Controlling"
    assert "Aufträge" in committee.content("/dashboards/").text
    file = "/dashboards/tabellen/auftraege.csv?seite=auftraege"
    assert "Bericht" in committee.client.get(file).get_data(as_text=True)
    day = date(2026, 1, 1)
    session.add(SettingValue(name="areas_off", valid_from=day, value=area, set_at=now))
    session.commit()
    assert committee.client.get(PATH).status_code == 404
    assert committee.client.get(file).status_code == 404
    assert "Aufträge" not in committee.content(PATH).text
    assert "Aufträge" not in committee.content("/dashboards/").text
    # A round's own pages are as before.
    assert committee.client.get("/dashboards/felder").status_code == 200
