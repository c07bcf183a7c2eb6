"""Tables that become cards in a narrow window stay tables for who listens to them."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlmodel import Session

from tests.conftest import one_database
from tests.coordination_world import desk
from tests.pages import Clock

ROLES = {"table": "table", "tr": "row", "td": "cell", "thead": "rowgroup", "tbody": "rowgroup"}


@one_database
@pytest.mark.parametrize(
    ("path", "deciding"),
    [
        ("/runden/2026-Q3", {"Zustand", "Frist", "Abgabe"}),
        ("/pruefung/", {"Institution", "Gemeldet", "Abgegeben"}),
        ("/zustaendigkeiten/1.1", {"Aufgabe", "Ab", "Bis", "Ende eintragen"}),
        ("/institutionen/", {"Art", "federführend", "beteiligt", "Zustand"}),
        ("/konten", {"Aufgabe", "Zustand", "Tätig"}),
        ("/protokoll/", {"Wann", "Wer", "Alt → neu"}),
    ],
)
def test_every_cell_says_its_role_and_its_column(
    session: Session, app: Flask, clock: Clock, path: str, deciding: set[str]
) -> None:
    ki = desk(session, app, clock)
    ki.submitted(ki.opened(), 0)
    text = ki.ki.get(path).text
    assert 'class="kern-table kern-table--small stacked' in text
    for tag, role in ROLES.items():
        for attributes in re.findall(rf"<{tag}\b([^>]*)>", text):
            assert f'role="{role}"' in attributes, tag
    for attributes in re.findall(r"<th\b([^>]*)>", text):
        assert re.search(r'role="(columnheader|rowheader)"', attributes)
    assert set(re.findall(r'data-head="([^"]+)"', text)) == deciding
