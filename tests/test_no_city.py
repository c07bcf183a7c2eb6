"""Which city, office, committee and Land it is, is said by the seed and the settings alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlmodel import Session

from tests.application import application
from tests.pages import SETTINGS, Browser, Clock, browser_of
from tests.test_conventions import FILES, ROOT
from tracker.accounts.actions import accounts
from tracker.core.permissions import Role
from tracker.core.settings import Settings

NAMES = re.compile(
    r"Bielefeld|Integrationszentrum|\bHBA\b|NRW|Nordrhein|Haupt- und Beteiligungs"
    # "Mitte" is a district, too, and a plain word.
    r"|(?i:Schildesche|Gadderbaum|Brackwede|Dornberg|J(ö|oe)llenbeck|Heepen|Stieghorst)"
    r"|(?i:\bSenne(stadt)?\b)"
)
TEXTS = {".html", ".js", ".txt", ".typ", ".css", ".svg", ".json", ".xml"}
EXCEPTIONS = {
    "tracker/migrations/versions/0010_settings.py": "what was built in before is written down once",
    "tracker/migrations/versions/0016_districts.py": "as 0010",
    "tracker/publication/schema/snapshot-1.schema.json": "format 1, as it was published",
    "tracker/instance/words.py": "the names of all sixteen Länder, to choose the holidays",
}


def own_files() -> list[Path]:
    return [path for path in FILES if path.relative_to(ROOT).parts[0] in {"tracker", "dashboards"}]


def literals(tree: ast.Module) -> Iterator[str]:
    """Every string of a module that is no docstring."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node.value


def names_in(path: Path) -> list[str]:
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        return [said for said in literals(ast.parse(text)) if NAMES.search(said)]
    return NAMES.findall(text) if path.suffix in TEXTS else []


def test_no_name_of_a_city_stands_in_the_code() -> None:
    found = {str(path.relative_to(ROOT)) for path in own_files() if names_in(path)}
    assert found == set(EXCEPTIONS)


@pytest.mark.parametrize("role", [Role.COORDINATION, None])
def test_another_citys_pages_do_not_name_it(
    connection: Connection, session: Session, clock: Clock, role: Role | None
) -> None:
    other = replace(
        Settings(secret_key=SETTINGS.secret_key, secure_cookies=False),
        city="Gemeinde Musterdorf",
        office_name="Fachdienst Integration",
        office_short="Fachdienst",
        office_article="der",
    )
    app = application(other, connection, clock)
    browser = Browser(app)
    if role is not None:
        account = accounts.create(
            session, email="x@muster.example", name="X", role=role, by=None, now=clock.now
        )
        browser = browser_of(app, session, account, clock.now)
    opened = 0
    for rule in app.url_map.iter_rules():
        if rule.arguments or "GET" not in (rule.methods or ()):
            continue
        response = browser.client.get(rule.rule)
        if response.mimetype == "text/html" and response.status_code == 200:
            opened += 1
            if rule.rule.startswith("/einstellungen/"):
                continue  # offers every Land
            assert NAMES.search(response.get_data(as_text=True)) is None, rule.rule
    assert opened > (15 if role else 6)
