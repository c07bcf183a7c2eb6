"""Whatever is written anywhere is shown as it was written: no page takes it for its own markup.

One text is put into every field of the database, then into every form. Papers and tables are told
by `tests/papers` (`odd_rounds.py`), mails by `tests/outbox`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml.html import document_fromstring
from sqlalchemy import Connection, Engine, Enum, Table, select, text, update
from sqlmodel import Session, SQLModel, col
from werkzeug.test import TestResponse

from bench.person import fields
from tests.application import application
from tests.attack.asking import own_token, posted
from tests.attack.places import IDENTITIES, NOW, City, Identity, Place, city
from tests.attack.routes import CALLBACK, Ask, asks
from tests.committing import own_sqlite
from tests.concept_client import KEY
from tests.dashboards.conftest import Visitor, signed_in
from tests.dashboards.every_page import PUBLIC
from tests.dashboards.published import publish
from tests.pages import INLINE, SETTINGS, browser_of
from tests.papers.odd_rounds import with_text
from tracker.accounts.models import Account
from tracker.core.permissions import Role
from tracker.outbox.models import OutboxMail
from tracker.publication.rules.snapshot import build

CANARY = "javascript:alert(1)//\" ' canary=1 ><img src=x onerror=alert(1)>{{7*7}}"
# What is no text of people: keys, checksums, and what the application writes for itself.
OWN_WORDS = {
    *("key", "code", "kind", "email", "sha256", "token_hash", "subject_hash", "password_hash"),
    *("period", "verb", "entity", "operator", "job", "outcome", "area", "document", "payload"),
    *("recipient", "request", "before", "after", "before_correction", "principles", "values"),
}
SETTINGS_TABLES = {"setting_value", "instance_value", "job_run"}
READERS = ("KI", "representative", "committee", "another's representative", "nobody")
SCRIPTED = "//*[@canary] | //img[@src='x'] | //script[contains(., 'alert(1)')]"
FOREIGN_WAY = re.compile(r"(?i)\s*(javascript|data|vbscript):")
BY_NAME = {identity.name: identity for identity in IDENTITIES}


@pytest.fixture(scope="module")
def written_over(sqlite_engine: Engine) -> Iterator[tuple[City, Connection]]:
    with sqlite_engine.connect() as connection:
        outer = connection.begin()
        app = application(SETTINGS, connection, lambda: NOW)
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            town = city(app, session)
            guards = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for guard in connection.execute(text(guards)).scalars().all():
                connection.execute(text(f"DROP TRIGGER {guard}"))  # until all is rolled back
            for table in SQLModel.metadata.sorted_tables:
                write_over(connection, table)
            session.expire_all()
            yield town, connection
        outer.rollback()


def write_over(connection: Connection, table: Table) -> None:
    """Put the canary into every text of a table, into JSON at its leaves."""
    texts = [
        column.name
        for column in table.columns
        if column.name not in OWN_WORDS and not column.foreign_keys and not column.unique
        if not isinstance(column.type, Enum) and not issubclass(column.type.python_type, Decimal)
    ]
    for row in connection.execute(select(table)).mappings().all() if texts else ():
        own = [column == row[column.name] for column in table.primary_key]
        changed = {
            name: CANARY if isinstance(row[name], str) else with_canaries(row[name])
            for name in texts
            if row[name] and isinstance(row[name], str | dict | list)
        }
        if changed and table.name not in SETTINGS_TABLES:
            connection.execute(update(table).where(*own).values(changed))


def with_canaries(value: Any) -> Any:
    """Every text of a JSON value but those that are one of a few words."""
    if isinstance(value, dict):
        return {name: with_canaries(part) for name, part in value.items()}
    if isinstance(value, list):
        return [with_canaries(part) for part in value]
    return CANARY if isinstance(value, str) and " " in value else value


def scripted(answer: TestResponse) -> list[str]:
    """What of a page the browser would take for markup, a script or a way to one."""
    if answer.mimetype != "text/html" or not answer.data:
        return []
    tree = document_fromstring(answer.text)
    ways = tree.xpath("//@href | //@src | //@action | //@formaction")
    icons = "data:image/"
    return [
        *(str(node) for node in tree.xpath(f"{SCRIPTED} | {INLINE}")),
        *(way for way in ways if FOREIGN_WAY.match(way) and not way.startswith(icons)),
        *(["{{7*7}} was computed"] if "onerror=alert(1)&gt;49" in answer.text else []),
    ]


def test_no_page_takes_a_text_for_markup(
    written_over: tuple[City, Connection], thorough: bool
) -> None:
    town, _ = written_over
    places = [town.places["vhs in the first"], town.places["ibz in the first"]]
    wrong, shown = [], 0
    for ask in asks(town.app, "GET"):
        for name in READERS if thorough else READERS[:2]:
            for place in places if thorough else places[:1]:
                if ask.refusal(BY_NAME[name], place) or ask.endpoint == "moved":
                    continue
                client = town.browsers[name].client
                answer = FlaskClient.open(client, ask.address(town, place), buffered=True)
                shown += "onerror=alert(1)" in answer.text if answer.mimetype == "text/html" else 0
                if faults := scripted(answer):
                    wrong.append((ask.endpoint, name, faults))
    assert wrong == []
    assert shown > 60


def test_no_form_gives_a_text_back_as_markup(
    written_over: tuple[City, Connection], thorough: bool
) -> None:
    town, connection = written_over
    place, wrong, shown = town.places["vhs in the first"], [], 0
    for ask in asks(town.app, "POST"):
        who = writer(ask, place)
        if who is None or ask.endpoint in {CALLBACK, "moved"}:
            continue
        browser = town.browsers[who.name]
        if who.signed_in:
            account = town.session.get_one(Account, town.accounts[who.name].id)
            browser = browser_of(town.app, town.session, account, NOW)
        undone = connection.begin_nested()
        for typed in (f"a\r\nBcc: x@y.example\r\n\r\n{CANARY}", CANARY)[: 1 + thorough]:
            data = dict.fromkeys(names(town, ask, place), typed) | ask.route.fields(place)
            data = {name: kept(value, typed) for name, value in data.items()}
            data["csrf_token"] = own_token(browser, ask.address(town, place))
            answer = posted(town, browser, ask, place, data=data)
            if answer.location:
                answer = FlaskClient.open(browser.client, answer.location, buffered=True)
            shown += "onerror=alert(1)" in answer.text
            if faults := scripted(answer):
                wrong.append((ask.endpoint, faults))
        lines = connection.execute(select(col(OutboxMail.subject), col(OutboxMail.recipient)))
        assert not any(set(line) & set("\r\n") for row in lines for line in row), ask
        undone.rollback()
    assert wrong == []
    assert shown > 20


def writer(ask: Ask, place: Place) -> Identity | None:
    likely = (BY_NAME[name] for name in ("KI", "representative", "committee", "nobody"))
    return next((one for one in likely if ask.refusal(one, place) is None), None)


def names(town: City, ask: Ask, place: Place) -> set[str]:
    """The fields of the forms that lead to an address, as its page shows them."""
    address = ask.address(town, place)
    found = set(ask.route.fields(place)) | {"remark", "reason", "comment", "text", "datei"}
    for page in (address, address.rpartition("/")[0]):
        answer = FlaskClient.open(town.browsers["KI"].client, page, buffered=True)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found |= set(fields(answer.text, address))
    return found


def kept(value: Any, typed: str) -> Any:
    """A number, day or choice stays, so that the form gets as far as it can."""
    is_text = isinstance(value, str) and (" " in value or value == typed)
    return typed if is_text else value


def test_no_page_of_the_dashboards_takes_a_text_for_markup(tmp_path: Path) -> None:
    with own_sqlite(tmp_path).connect() as connection, Session(connection) as session, session:
        publish(session, [build(with_text(CANARY))])
        session.commit()
        app = application(SETTINGS, connection, lambda: NOW)
        visitor = signed_in(app, session, Role.COORDINATION, NOW)
        for page in PUBLIC:
            for path in (page.path, "/dashboards/massnahme/1.1", "/dashboards/ziel/1"):
                tree = visitor.content(path).tree
                assert list(dangerous(tree)) == [], path
        assert "onerror" in json.dumps(visitor.content("/dashboards/massnahme/1.1").tree)
        assert read_as_html(visitor) == []


def dangerous(node: Any) -> Iterator[str]:
    """Components that run what they are given, and ways that are scripts."""
    if isinstance(node, list):
        for part in node:
            yield from dangerous(part)
    elif isinstance(node, dict):
        if node.get("type") in {"Iframe", "Script", "DangerouslySetInnerHTML", "Markdown"}:
            yield node["type"]
        for name, value in node.items():
            if name in {"href", "src", "action"} and FOREIGN_WAY.match(str(value)):
                yield str(value)
            yield from dangerous(value)


def read_as_html(visitor: Visitor) -> list[str]:
    """What the pages around the published texts take for markup."""
    client = visitor.client
    found = []
    for path in ("ausgaben/", "ausgaben/erstellen", "ausgaben/vorschau/bericht?runde=2026-Q3/1"):
        answer = FlaskClient.open(client, f"/konzepte/{KEY}/{path}", buffered=True)
        assert answer.status_code == 200, path
        found += scripted(answer)
    return found
