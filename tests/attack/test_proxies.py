"""The documented nginx.conf and Caddyfile, with the real programs in front of the application."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from flask import request
from sqlalchemy import Engine
from werkzeug.serving import make_server

from conftest import find_caddy, find_nginx
from tests.attack.served import head
from tests.pages import SETTINGS
from tools.processes import free_port, started
from tracker.app import create_app
from tracker.web.access import public
from tracker.web.request_log import FROM_PROXY

DOCUMENTED = Path(__file__).parents[2] / "docs" / "proxy"
NGINX = """
pid nginx.pid;
events {{ }}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    {documented}
}}
"""
START_SECONDS = 30
NAME = "controlling.stadt.example"


@dataclass
class Served:
    """A proxy's port, and what has come through it."""

    port: int
    requests: list[dict[str, Any]] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": NAME, **named})
        response = connection.getresponse()
        page = response.read().decode()
        connection.close()
        return response.status, page


def changed(text: str, **changes: str) -> str:
    for line, other in changes.items():
        assert text.count(line) == 1, line
        text = text.replace(line, other)
    return text


def nginx(folder: Path, *, port: int, upstream: int) -> list[str]:
    changes = {"listen 80;": f"listen 127.0.0.1:{port};", "127.0.0.1:8000": f"127.0.0.1:{upstream}"}
    documented = changed((DOCUMENTED / "nginx.conf").read_text("utf-8"), **changes)
    (folder / "nginx.conf").write_text(NGINX.format(documented=documented), "utf-8")
    program = find_nginx() or ""
    return [program, "-e", "stderr", "-p", str(folder), "-c", "nginx.conf", "-g", "daemon off;"]


def caddy(folder: Path, *, port: int, upstream: int) -> list[str]:
    changes = {
        f"\n{NAME} {{": f"\nhttp://{NAME}:{port} {{\n\tbind 127.0.0.1",
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "\n{\n": "\n{\n\tadmin off\n",
    }
    documented = changed((DOCUMENTED / "Caddyfile").read_text("utf-8"), **changes)
    (folder / "Caddyfile").write_text(documented, "utf-8")
    return [find_caddy() or "", "run", "--config", str(folder / "Caddyfile")]


PROXIES = {"nginx": nginx, "caddy": caddy}


@contextmanager
def unprivileged_folder() -> Iterator[tuple[Path, dict[str, Any]]]:
    """A folder that the proxy may write to, and how to start it as nobody in particular."""
    folder = Path(tempfile.mkdtemp(prefix="tracker-proxy-"))
    options: dict[str, Any] = {"env": {**os.environ, "HOME": str(folder)}, "cwd": folder}
    if os.getuid() == 0:
        shutil.chown(folder, "nobody")
        options |= {"user": "nobody", "group": "nogroup", "extra_groups": []}
    try:
        yield folder, options
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def application(sqlite_engine: Engine) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """The application behind one proxy, its port, and what has reached it."""
    settings = replace(SETTINGS, trusted_proxies=1, base_url=f"http://{NAME}")
    app = create_app(settings, engine=sqlite_engine)
    app.view_functions["pages.easy_language"] = public(
        lambda: f"{request.remote_addr} {request.scheme} {request.host}"
    )
    arrived: list[dict[str, Any]] = []
    inner = app.wsgi_app

    def noting(environ: dict[str, Any], start_response: Any) -> Any:
        arrived.append(dict(environ))
        return inner(environ, start_response)

    app.wsgi_app = noting  # type: ignore[method-assign]
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.port, arrived
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=getattr(pytest.mark, name)) for name in PROXIES],
)
def served(
    request: pytest.FixtureRequest, application: tuple[int, list[dict[str, Any]]]
) -> Iterator[Served]:
    port, (upstream, arrived) = free_port(), application
    with ExitStack() as stack:
        folder, options = stack.enter_context(unprivileged_folder())
        command = PROXIES[request.param](folder, port=port, upstream=upstream)
        log = stack.enter_context((folder / "log").open("wb"))
        stack.enter_context(started(command, stdout=log, stderr=log, **options))
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                assert time.monotonic() < end, (folder / "log").read_text("utf-8")
                time.sleep(0.05)
        yield Served(port, arrived)


def test_a_page_passes(served: Served) -> None:
    status, page = served.get("/impressum")
    assert status == 200
    assert "Impressum" in page


FORGED = {
    "X_Forwarded_For": "192.0.2.1, 192.0.2.2",
    "X_Forwarded_Host": "boese.example",
    "X_Forwarded_Proto": "https",
    "X_Request_ID": "chosen-by-somebody",
}


def test_the_client_s_address_arrives_once_and_cannot_be_forged(served: Served) -> None:
    for headers in ({}, FORGED):
        assert served.get("/leichte-sprache", **headers)[1] == f"127.0.0.1 http {NAME}"
        environ = served.requests[-1]
        assert environ["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"
        assert environ["HTTP_X_FORWARDED_HOST"] == NAME
        assert environ["HTTP_X_FORWARDED_PROTO"] == "http"
        assert FROM_PROXY.fullmatch(environ["HTTP_X_REQUEST_ID"])
        assert environ["HTTP_X_REQUEST_ID"] != FORGED["X_Request_ID"]


def test_a_slow_body_never_reaches_the_application(served: Served) -> None:
    before = len(served.requests)
    with ExitStack() as opened:
        for _ in range(40):
            address = ("127.0.0.1", served.port)
            connection = opened.enter_context(socket.create_connection(address, timeout=30))
            connection.sendall(head("POST", "/barriere-melden", "Content-Length: 1000", host=NAME))
            connection.sendall(b"a")
        assert served.get("/impressum")[0] == 200
        assert len(served.requests) == before + 1
        # One that is complete does arrive, as a whole.
        connection.sendall(b"b" * 999)
        assert connection.recv(100).split()[1] == b"400"
    assert served.requests[-1]["CONTENT_LENGTH"] == "1000"


def test_a_body_that_is_too_large_gets_an_answer(served: Served) -> None:
    before = len(served.requests)
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        connection.sendall(head("POST", "/barriere-melden", "Content-Length: 40000000", host=NAME))
        with suppress_reset():
            connection.sendall(b"a" * 40_000_000)
        assert connection.recv(100).split()[1] == b"413"
    assert len(served.requests) <= before + 1


@contextmanager
def suppress_reset() -> Iterator[None]:
    """The rest of what is too large may be refused before it is sent."""
    try:
        yield
    except (BrokenPipeError, ConnectionResetError):
        return


@pytest.mark.attack
def test_half_sent_headers_are_cut_off(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as connection:
        connection.sendall(head("POST", "/barriere-melden", host=NAME).rstrip())
        said = b"nothing"
        with suppress_reset():
            said = connection.recv(1000)
        assert said in {b"", b"nothing"} or b" 408 " in said
