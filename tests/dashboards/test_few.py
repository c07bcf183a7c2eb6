"""Every page says in right German what there is none, one or two of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from tests.committing import own_sqlite
from tests.concept_client import ConceptClient
from tests.dashboards.conftest import SETTINGS, routing, signed_in, text_lines
from tests.dashboards.every_page import ALL
from tests.dashboards.published import publish
from tests.german_grammar import all_faults
from tests.small_worlds import WORLDS
from tracker.app import create_app
from tracker.core.permissions import Role

Json = dict[str, Any]
NOW = datetime.fromisoformat("2026-11-05T09:00:00+00:00")
# The page under which a place of the shown world stands.
PLACES: dict[str, Callable[[Json], str]] = {
    "feld/<nummer>": lambda measure: f"feld/{measure['field']}",
    "ziel/<nummer>": lambda measure: f"ziel/{measure['goal']}",
    "massnahme/<code>": lambda measure: f"massnahme/{measure['code']}",
}


def _paths(shown: Json) -> Iterator[str]:
    measures = shown["measures"]
    for address in ALL:
        place = PLACES.get(address.page.path)
        if place is None:
            yield address.path
        elif measures:
            yield f"/dashboards/{place(measures[0])}"


# The others differ in papers only, which are read in a tenth of the time.
SHOWN = (
    "no measure",
    "one, waived",
    "one, worse",
    "one, silent again",
    "one, then two",
    "two, silent",
    "some",
)


@pytest.mark.parametrize("name", SHOWN)
def test_every_page_counts_in_right_german(name: str, tmp_path: Path) -> None:
    documents = WORLDS[name]()
    engine = own_sqlite(tmp_path)
    with Session(engine) as session:
        publish(session, documents)
        app = create_app(SETTINGS, engine=engine, clock=lambda: NOW)
        app.test_client_class = ConceptClient
        reader = signed_in(app, session, Role.COORDINATION, NOW)
    reader.client.get("/dashboards/")
    lines = []
    for path in _paths(documents[-1]):
        answer = reader.post(routing(path))
        assert answer.status_code == 200, path
        lines += text_lines(answer.get_json()["response"]["_pages_content"]["children"])
    engine.dispose()
    assert len(lines) > 200
    assert all_faults(lines) == []
