"""`tracker settings`, `tracker serve` and `tracker clock`: the two processes of an instance."""

from __future__ import annotations

import argparse
import errno
import gc
import json
import logging
import os
import socket
import textwrap
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tracker.core import logs
from tracker.core.cli.database import database
from tracker.core.cli.frame import CommandError, add_command, add_format, german_moment
from tracker.core.german import counted, plural
from tracker.core.settings import Settings, explained, written

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tracker.web.front import Front

log = logging.getLogger("tracker.serve")
# How long a request's headers may take, and how large they may be. A browser sends them in one
# piece; a connection that says nothing keeps its place for so long, and others may wait for it.
# Longer than a proxy keeps one that nothing comes on (5 s in docs/proxy/Caddyfile).
HEADER_MS = 8_000
HEADER_BYTES = 65_536
# For each process; a process may usually have 1,024 files open.
MOST_CONNECTIONS = 800


def register(commands: Any) -> None:
    parser = add_command(
        commands,
        "settings",
        show,
        text="Einstellungen erklären und die geltenden Werte zeigen",
        more="Jede ist eine Umgebungsvariable; Geheimnisse werden nicht gezeigt. Was auf der Seite "
        "Einstellungen festgelegt ist, geht der Umgebung vor.",
    )
    add_format(parser, "text", "json", default="text")
    add_command(
        commands,
        "serve",
        serve,
        text="Webdienst starten",
        more="Adresse, Port und Zahl der Prozesse: HOST, PORT, WORKERS (tracker settings).",
    )
    parser = add_command(
        commands,
        "clock",
        clock,
        text="Uhr starten: Runden eröffnen und schließen, Mails versenden, aufräumen",
        more="Läuft bis SIGTERM oder Strg-C. Ein Prozess je Instanz genügt.",
    )
    parser.add_argument("--once", action="store_true", help="ein Durchgang, dann Ende")
    parser.add_argument(
        "--now",
        type=german_moment,
        metavar="ZEITPUNKT",
        help="mit --once: so tun, als sei es dieser Zeitpunkt, z. B. "
        "2026-10-12T08:00 (Ortszeit) oder 2026-10-12T08:00+02:00",
    )


def serve(_arguments: argparse.Namespace, settings: Settings) -> None:
    """Serve until SIGTERM: N processes, each with threads for pages, papers and files sent."""
    settings.require_secret_key()
    with database(settings):
        pass
    refuse_used_port(settings.host, settings.port)
    logs.set_up(settings)
    # Nothing of what is loaded goes away again: looking for it takes a tenth of the start.
    gc.disable()
    # Loaded before the processes are forked: once instead of N times, and shared in memory.
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    import tracker.app
    import tracker.web.front  # noqa: F401
    from tracker.areas import modules
    from tracker.cli import workers
    from tracker.web import proxies

    list(modules("web"))
    if problem := proxies.problem_at_start(settings):
        log.warning(problem)
    workers.serve(
        application,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(HEADER_MS, max_buffer_size=HEADER_BYTES),
        backpressure=MOST_CONNECTIONS,
        workers=settings.workers,
        websockets=False,
        log_level=LogLevels.warning,
    )


def application() -> Front:
    """Return a web process's application, with what it is made of left to no garbage collection.

    Half a million objects that live as long as the process would be looked through again and
    again, for up to a tenth of a second each time, while somebody waits.
    """
    from tracker.app import create_app
    from tracker.web.front import Front

    settings = Settings.from_environment(os.environ)
    logs.set_up(settings)
    front = Front(create_app(settings))
    gc.enable()
    gc.collect()
    gc.freeze()
    return front


def refuse_used_port(host: str, port: int) -> None:
    """Raise CommandError where nobody could listen at this address now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the server does: a port whose connections are still closing down is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                raise CommandError(
                    f"Port {port} an {host} ist belegt. Bitte beenden Sie das andere Programm oder "
                    f"nehmen Sie einen anderen Port, z. B. PORT={port + 1}."
                ) from error
            raise CommandError(
                f"An {host}, Port {port}, kann nicht gelauscht werden ({error}). "
                "Bitte prüfen Sie HOST und PORT."
            ) from error


def clock(arguments: argparse.Namespace, settings: Settings) -> None:
    if arguments.now and not arguments.once:
        raise CommandError("--now gilt nur zusammen mit --once.")
    from tracker.core.clock import run_forever, run_once
    from tracker.core.instance import beat
    from tracker.jobs import JOBS

    with database(settings) as engine:
        if not arguments.once:
            run_forever(JOBS, engine, settings)
            return
        outcomes = run_once(JOBS, engine, settings, now=arguments.now or datetime.now(UTC))
        beat(engine, now=datetime.now(UTC))
        waiting = _waiting(engine)
    for outcome in outcomes:
        print(f"{outcome.title}: {outcome.detail or 'nichts zu tun'}")
    if waiting and not settings.smtp_host:
        what = f"{plural(waiting, 'wartet', 'warten')} {counted(waiting, 'Mail', 'Mails')}"
        print(
            f"Im Postausgang {what}: Ohne Mailserver (SMTP_HOST) wird nichts "
            "versandt. Zeigen: tracker mail list"
        )
    failed = [outcome.title for outcome in outcomes if outcome.failed]
    if failed:
        raise CommandError(f"Fehlgeschlagen: {', '.join(failed)}. Näheres steht darüber.")


def _waiting(engine: Engine) -> int:
    from sqlmodel import Session

    from tracker.mail.queries.mails import counts
    from tracker.outbox.rules.mailing import MailState

    with Session(engine) as session:
        return counts(session)[MailState.WAITING]


def show(arguments: argparse.Namespace, settings: Settings) -> None:
    rows = explained(settings, _in_force(settings))
    if arguments.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for setting in rows:
        shown = textwrap.shorten(written(setting["value"]), 200) or "(leer)"
        print(f"{setting['variable']} = {shown}  [{setting['origin']}]")
        print(textwrap.indent(textwrap.fill(setting["explanation"], 92), "    "))


def _in_force(settings: Settings) -> Settings:
    """Return what holds today; without a database in order, what the environment says."""
    from sqlmodel import Session

    from tracker.core.cli.database import in_force

    try:
        with database(settings) as engine, Session(engine) as session:
            return in_force(session, settings, now=datetime.now(UTC))
    except CommandError:
        return settings
