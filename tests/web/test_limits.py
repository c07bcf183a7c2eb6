"""How much is read of a request's body: by the route map, by whose cookie it carries, by fields."""

from __future__ import annotations

import ast
import inspect
import io
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.conftest import one_database
from tests.pages import SETTINGS, Browser, checked
from tracker.app import create_app
from tracker.web import limits
from tracker.web.access import public
from tracker.web.limits import (
    FORM_BYTES,
    FORM_FIELDS,
    NOTHING,
    STRANGER_BYTES,
    Limit,
    limit_of,
    takes,
)


def views_that_write(app: Flask) -> Iterator[tuple[str, Callable[..., Any]]]:
    for rule in app.url_map.iter_rules():
        if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            yield rule.rule, app.view_functions[rule.endpoint]


def reads_a_file(view: Callable[..., Any]) -> bool:
    """Whether a view, or the form that it makes, asks for a file."""
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(view)))
    names = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    module = inspect.getmodule(inspect.unwrap(view))
    used = [getattr(module, name, None) for name in names]
    own = [inspect.getsource(each) for each in used if inspect.isfunction(each)]
    forms = [inspect.getmodule(each) for each in used if inspect.isfunction(each)]
    texts = [source, *own, *(inspect.getsource(form) for form in forms if form is not module)]
    return any("request.files" in text or "FileField(" in text for text in texts)


@one_database
def test_every_public_view_that_takes_a_post_says_how_much(app: Flask) -> None:
    without = [
        rule
        for rule, view in views_that_write(app)
        if getattr(view, "allowed_roles", ()) is None and not hasattr(view, "body_limit")
    ]
    assert without == []


@one_database
def test_every_view_that_reads_a_file_says_how_large_it_may_be(app: Flask) -> None:
    reading = {rule: view for rule, view in views_that_write(app) if reads_a_file(view)}
    assert {
        "/erhebungsbogen/<int:round_id>/<int:institution_id>",
        "/ausgaben/word-vorlage",
        "/einstellungen/<key>",
    } <= set(reading)
    without = [rule for rule, view in reading.items() if not limit_of(view, known=True).file]
    assert without == []


@one_database
def test_nothing_that_is_taken_is_larger_than_an_upload(app: Flask) -> None:
    for rule, view in views_that_write(app):
        stranger = limit_of(view, known=False)
        assert stranger.bytes <= STRANGER_BYTES, rule
        assert limit_of(view, known=True).bytes <= FORM_BYTES + 5_000_000, rule


def unmarked() -> str:
    return ""


MARKED = takes(bytes=1000, fields=7, file=50)(public(lambda: ""))
LARGE = takes(bytes=10_000_000)(public(lambda: ""))


@pytest.mark.parametrize(
    ("view", "known", "limit"),
    [
        (unmarked, True, Limit()),
        (unmarked, False, NOTHING),
        (public(lambda: ""), True, NOTHING),
        (public(lambda: ""), False, NOTHING),
        (MARKED, True, Limit(1050, 7, 50)),
        (MARKED, False, Limit(1050, 7, 50)),
        (LARGE, True, Limit(10_000_000, FORM_FIELDS)),
        (LARGE, False, Limit(STRANGER_BYTES, FORM_FIELDS)),
    ],
)
def test_what_is_read_follows_from_mark_and_cookie(
    view: Callable[..., Any], known: bool, limit: Limit
) -> None:
    assert limit_of(view, known=known) == limit


@one_database
@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("POST", "/meldungen/1", Limit()),
        ("POST", "/gibt-es-nicht", NOTHING),
        ("POST", "/impressum", NOTHING),
        ("GET", "/meldungen/1", NOTHING),
        ("PUT", "/meldungen/1", NOTHING),
        ("POST", "/erhebungsbogen/1/1", Limit(FORM_BYTES + 5_000_000, FORM_FIELDS, 5_000_000)),
        ("POST", "/dashboards/_dash-update-component", Limit(200_000, 0)),
    ],
)
def test_the_address_decides_for_somebody_known(
    committee: Browser, app: Flask, method: str, path: str, limit: Limit
) -> None:
    cookie = committee.client.get_cookie("sitzung")
    assert cookie is not None
    for value, expected in ((cookie.value, limit), (f"{cookie.value}x", NOTHING)):
        headers = {"Cookie": f"sitzung={value}"}
        environ = EnvironBuilder(path, method=method, headers=headers).get_environ()
        assert limits.limit(app, app.request_class(environ)) == expected


@one_database
def test_another_cookie_of_ours_counts_too(connection: Connection) -> None:
    app = create_app(SETTINGS, engine=connection)
    asked = app.request_class(EnvironBuilder("/konto/name", method="POST").get_environ())
    assert limits.limit(app, asked) == NOTHING
    limits.init_app(app, known=lambda _asked: True)
    assert limits.limit(app, asked) == Limit()


@one_database
def test_who_has_only_looked_at_the_sign_in_page_is_a_stranger(nobody: Browser, app: Flask) -> None:
    nobody.get("/anmelden")
    cookie = nobody.client.get_cookie("sitzung")
    assert cookie is not None
    headers = {"Cookie": f"sitzung={cookie.value}"}
    for path, most in (("/konto/name", 0), ("/anmelden", STRANGER_BYTES)):
        environ = EnvironBuilder(path, method="POST", headers=headers).get_environ()
        asked = app.request_class(environ)
        assert limits.limit(app, asked).bytes == most
        assert not limits.is_known(app, asked)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many fields of each request were parsed."""
    numbers: list[int] = []
    parser = limits.LimitedRequest.form_data_parser_class

    class Noting(parser):  # type: ignore[misc, valid-type]
        def parse(self, *args: Any, **kwargs: Any) -> Any:
            stream, form, files = super().parse(*args, **kwargs)
            numbers.append(len(list(form.items(multi=True))))
            return stream, form, files

    monkeypatch.setattr(limits.LimitedRequest, "form_data_parser_class", Noting)
    return numbers


@one_database
@pytest.mark.parametrize("number", [FORM_FIELDS, FORM_FIELDS + 1, 1_000_000])
def test_no_more_fields_are_parsed_than_a_form_can_have(
    committee: Browser, parsed: list[int], number: int
) -> None:
    body = "csrf_token=" + committee.token() + "&a" * (number - 1)
    response = committee.client.post(
        "/konto/name", data=body, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == (422 if number == FORM_FIELDS else 413)
    assert parsed == ([FORM_FIELDS] if number == FORM_FIELDS else [])
    assert len(response.data) < 50_000


@one_database
def test_a_stranger_s_body_is_not_read_and_not_answered_with(
    nobody: Browser, parsed: list[int]
) -> None:
    response = nobody.client.post("/meldungen/1", data={"achieved": "x" * 30_000_000})
    assert "x" * 100 not in checked(response, 400).text
    assert parsed == [0]
    assert len(response.data) < 20_000


@one_database
def test_what_is_carried_is_never_more_than_a_form_can_hold(nobody: Browser) -> None:
    nobody.once_signed_in()
    kept = nobody.client.post("/konto/name", data={"name": "'" * limits.FORM_CHARACTERS})
    assert "&#39;" * 1000 in kept.text
    assert len(kept.data) < 2 * FORM_BYTES
    lost = nobody.client.post("/konto/name", data={"name": "n" * (limits.FORM_CHARACTERS + 1)})
    assert len(lost.data) < 20_000


@one_database
def test_a_body_without_an_announced_length_is_not_cut(app: Flask, parsed: list[int]) -> None:
    body = f"description={'n' * 100_000}".encode()
    builder = EnvironBuilder("/barriere-melden", method="POST", input_stream=io.BytesIO(body))
    builder.content_type = "application/x-www-form-urlencoded"
    environ = {**builder.get_environ(), "wsgi.input_terminated": True}
    environ.pop("CONTENT_LENGTH", None)
    assert run_wsgi_app(app.wsgi_app, environ)[1] == "400 BAD REQUEST"
    assert sum(parsed) == 0


@one_database
def test_a_picture_that_is_too_large_is_refused_with_the_limit(coordination: Browser) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="logo"; filename="a.png"\r\n\r\n'
    response = coordination.client.post(
        "/einstellungen/logo",
        data=head + bytes(4_000_000) + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": coordination.token()},
    )
    page = checked(response, 413)
    assert "Die Datei hat 4,0 MB, möglich sind 200 kB." in page.visible
    assert "Gehen Sie im Browser zurück und wählen Sie eine kleinere Datei." in page.visible


@one_database
@pytest.mark.parametrize(
    ("status", "heading"),
    [
        (408, "Die Übertragung hat zu lange gedauert"),
        (413, "Das war zu viel auf einmal"),
        (503, "Zurzeit ist zu viel los"),
    ],
)
def test_what_the_front_refused_is_answered_by_a_page(
    committee: Browser, status: int, heading: str
) -> None:
    environ = {limits.REFUSED: status}
    page = committee.post("/konto/name", {"name": "n" * 100}, status, environ_overrides=environ)
    assert page.heading == heading
    assert "nnn" not in page.text
    assert ("Retry-After" in page.response.headers) is (status == 503)
