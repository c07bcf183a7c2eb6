"""A browser for page tests: every page it gets is checked for what every page must have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from html import unescape
from secrets import token_hex
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer
from lxml.html import document_fromstring, tostring
from sqlalchemy import Connection
from sqlmodel import Session
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.application import application
from tests.bielefeld import BIELEFELD
from tests.german_grammar import all_faults
from tracker.accounts.actions import accounts as actions
from tracker.accounts.actions import passwords, sessions
from tracker.accounts.models import Account
from tracker.concept.models import Institution, InstitutionKind
from tracker.core.permissions import Actor, Function, Role
from tracker.web.runtime import EXTENSION, Runtime

SETTINGS = replace(
    BIELEFELD,
    secret_key="for tests only, long enough to be taken",
    contact_email="ki@stadt.example",
    secure_cookies=False,
)
PASSWORD = "sieben graue Regenschirme"
_NOT_READ = re.compile(r"<(script|style|textarea|svg)\b.*?</\1>|<!--.*?-->", re.DOTALL)
_COMMAND = re.compile(r"<code\b.*?</code>", re.DOTALL)
_IN_LINE = re.compile(
    r"</?(?:a(?![^>]*kern-btn)|abbr|b|bdi|del|em|i|ins|small|span|strong|time|wbr)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]+>")
INLINE = "//style | //*[@style] | //*[@*[starts-with(name(), 'on')]]"


class Clock:
    """A clock that tests move: `clock.forward(minutes=61)`."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class Page:
    """A page that was got: its response and what was read out of it."""

    response: TestResponse
    text: str
    title: str
    heading: str

    @property
    def visible(self) -> str:
        """Return the text without tags, white space collapsed."""
        body = re.sub(r"<(script|style)\b.*?</\1>", " ", self.text, flags=re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", body).split())

    def token(self) -> str:
        """Return the form token that the page carries."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.text)
        assert found, "the page has no form"
        return found[1]


def _lines(text: str) -> list[str]:
    """The page as it is read: a line for each paragraph, cell and entry; nothing typed into it."""
    read = _COMMAND.sub("Befehl", _NOT_READ.sub("", " ".join(text.split())))
    shown = _IN_LINE.sub("", read)
    return [" ".join(unescape(line).split()) for line in _TAG.split(shown) if line.strip()]


def checked(response: TestResponse, status: int) -> Page:
    """Return the page after checking status, title, one h1, labels, ids, language, counts."""
    text = response.get_data(as_text=True)
    assert response.status_code == status, text[:2000]
    tree = document_fromstring(text)
    assert tree.get("lang") == "de"
    title = "".join(found.text_content() for found in tree.iter("title"))
    assert title.strip(" –\n").endswith("Integrationskonzept-Controlling")
    assert not title.startswith(" "), "the page has no title of its own"
    headings = [found.text_content().strip() for found in tree.iter("h1")]
    assert len(headings) == 1, headings
    assert headings[0]
    ids = Counter(tree.xpath("//@id"))
    assert [name for name, count in ids.items() if count > 1] == []
    labelled = set(tree.xpath("//label/@for"))
    for field_ in tree.iter("input", "select", "textarea"):
        named = field_.get("aria-label") or field_.get("id") in labelled
        assert named or field_.get("type") == "hidden", f"no label for {tostring(field_)}"
    assert tree.xpath(INLINE) == [], "the content policy allows nothing inline"
    assert all_faults(_lines(text)) == []
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    return Page(response, text, title, headings[0])


@dataclass
class Browser:
    """A browser with one signed-in person or nobody; `get` and `post` check each page."""

    app: Flask
    actor: Actor | None = None
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def get(self, path: str, status: int = 200, **options: Any) -> Page:
        """Get a page and check it."""
        return checked(self.client.get(path, **options), status)

    def post(
        self, path: str, data: dict[str, Any] | None = None, status: int = 200, **options: Any
    ) -> Page:
        """Post a form with its token and check the page that answers."""
        return checked(self.send(path, data, **options), status)

    def once_signed_in(self) -> None:
        """Get the cookie of somebody whose session has ended."""
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = "ended"

    def send(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Post a form with its token and return the bare response (redirects, downloads)."""
        token = public_token(self.app, path) or self.token()
        return self.client.post(path, data={"csrf_token": token, **(data or {})}, **options)

    def token(self) -> str:
        """Return a form token of this browser's session."""
        with self.client.session_transaction() as cookie:
            own = cookie.setdefault("csrf_token", "0" * 40)
        signer = URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token")
        return str(signer.dumps(own))


def public_token(app: Flask, path: str) -> str:
    """Return a token of the public form at a path, as of a minute ago; "" where there is none."""
    try:
        endpoint, _ = app.url_map.bind("").match(path.partition("?")[0], method="POST")
    except HTTPException:
        return ""
    form = getattr(app.view_functions[endpoint], "public_form", None)
    if form is None:
        return ""
    parts: Runtime = app.extensions[EXTENSION]
    issued_at = int(parts.clock().timestamp()) - 60
    return signed_form_token(app, form.form_key, issued_at, token_hex(16))


def signed_form_token(app: Flask, form_key: str, issued_at: int, key: str) -> str:
    """Return a token as `tracker/web/public_forms.py` signs them."""
    signer = URLSafeSerializer(
        app.secret_key or "", salt="public-form", signer_kwargs={"digest_method": sha256}
    )
    return str(signer.dumps([form_key, issued_at, key]))


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with argon2id, but without the quarter of a second it shall take."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)


@pytest.fixture
def clock(now: datetime) -> Clock:
    """The application's clock; it stands still until moved."""
    return Clock(now)


@pytest.fixture
def app(connection: Connection, clock: Clock) -> Flask:
    """The application on the test's transaction: what the test commits, pages see."""
    return application(SETTINGS, connection, clock)


@pytest.fixture
def institution(session: Session) -> Institution:
    """An institution."""
    found = Institution(
        key="verein",
        name="Verein für Begegnung e. V.",
        short_name="Verein",
        kind=InstitutionKind.INDEPENDENT,
    )
    session.add(found)
    session.commit()
    return found


SignIn = Callable[..., Browser]


@pytest.fixture
def sign_in(app: Flask, session: Session, now: datetime) -> SignIn:
    """Sign somebody in: `sign_in(Role.INSTITUTION, institution_id=…, function=…)`."""

    def start(
        role: Role,
        *,
        institution_id: int | None = None,
        function: Function | None = None,
        email: str = "",
    ) -> Browser:
        account = actions.create(
            session,
            email=email or f"{role}-{institution_id or 0}-{function or 'none'}@stadt.example",
            name=f"Person {role}",
            role=role,
            institution_id=institution_id,
            function=function,
            by=None,
            now=now,
        )
        return browser_of(app, session, account, now)

    return start


def browser_of(app: Flask, session: Session, account: Account, now: datetime) -> Browser:
    """Return a browser in which an account is signed in."""
    assert account.id is not None
    token = sessions.sign_in(session, account_id=account.id, now=now)
    session.commit()
    actor = Actor(account.id, account.name, account.role, account.institution_id, account.function)
    browser = Browser(app, actor)
    with browser.client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return browser


@pytest.fixture
def nobody(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
def coordination(sign_in: SignIn) -> Browser:
    """A browser of the KI."""
    return sign_in(Role.COORDINATION)


@pytest.fixture
def committee(sign_in: SignIn) -> Browser:
    """A browser of a member of the committee."""
    return sign_in(Role.COMMITTEE)


@pytest.fixture
def representative(sign_in: SignIn, institution: Institution) -> Browser:
    """A browser of the institution's benannte Vertretung."""
    return sign_in(
        Role.INSTITUTION, institution_id=institution.id, function=Function.REPRESENTATIVE
    )


@pytest.fixture
def staff(sign_in: SignIn, institution: Institution) -> Browser:
    """A browser of one of the institution's Mitarbeitende."""
    return sign_in(Role.INSTITUTION, institution_id=institution.id, function=Function.STAFF)
