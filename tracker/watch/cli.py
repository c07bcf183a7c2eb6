"""`tracker watch`: look once whether all is in order, and write to the KI when it is not."""

from __future__ import annotations

import argparse
import http.client
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tracker.core.cli.database import database, in_force, is_missing_file
from tracker.core.cli.frame import add_command
from tracker.core.german import counted
from tracker.core.periods import local_day
from tracker.core.settings import Settings
from tracker.outbox.smtp import (
    DelayedError,
    Letter,
    MailServerError,
    Postman,
    UndeliverableError,
)
from tracker.watch.rules.condition import Condition, Facts, Part, conditions
from tracker.watch.rules.watching import Remembered, after, is_over, lasting
from tracker.watch.words import CONDITION, PART, REMEDY, fault_mail, over_mail, sentence

if TYPE_CHECKING:
    from sqlalchemy import Engine

FAULT = 1
WEB_SECONDS = 10
# Where the web listens everywhere, it is asked on this machine.
_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked, not bound


def register(commands: Any) -> None:
    add_command(
        commands,
        "watch",
        watch,
        text="einmal prüfen, ob alles läuft, und Störungen per Mail melden",
        more="Für einen Zeitgeber, alle fünf Minuten. Was länger als einen Durchgang gestört ist, "
        "meldet eine Mail an die Kontaktadresse, eine zweite das Ende. Endet mit 1, wenn etwas "
        "gestört ist.",
    )


def watch(_arguments: argparse.Namespace, settings: Settings) -> int:
    now = datetime.now(UTC)
    state = _state_file(settings, os.environ)
    before = _remembered(state)
    with database(settings, current=False) as engine:
        facts = replace(_facts(engine, settings), web_answers=_web_answers(settings))
        if facts.schema_fits:
            before, settings = _known(engine, before, settings, now)
    by_part = conditions(facts, now=now)
    for part, condition in by_part.items():
        remedy = f" {REMEDY[part]}" if condition is Condition.FAULT else ""
        line = f"{sentence(part, condition)}{remedy}"
        print(f"{PART[part].text} – {CONDITION[condition].text}: {line}")
    faults = lasting(before, by_part)
    is_quiet = not faults and not is_over(before, by_part)
    sent = is_quiet or _send(before.recipients, faults, settings, now)
    _remember(state, after(before, by_part, sent=sent))
    return FAULT if Condition.FAULT in by_part.values() else 0


def _facts(engine: Engine, settings: Settings) -> Facts:
    from tracker.watch.queries.condition import Probe, free_bytes

    if is_missing_file(settings.database_url):
        return Facts(schema_fits=None, free_bytes=free_bytes(engine.url))
    return Probe(engine, settings).facts()


def _web_answers(settings: Settings) -> bool:
    host = _LOOPBACK.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=WEB_SECONDS)
    try:
        connection.request("GET", "/gesund", headers={"Host": urlsplit(settings.base_url).netloc})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _known(
    engine: Engine, before: Remembered, settings: Settings, now: datetime
) -> tuple[Remembered, Settings]:
    """Return whom to write to from now on, and the settings in force."""
    from sqlmodel import Session

    from tracker.mail.queries.mail_facts import coordination

    with Session(engine) as session:
        settings = in_force(session, settings, now=now)
        people = coordination(session, settings=settings, today=local_day(now))
    return replace(before, recipients=tuple(person.email for person in people)), settings


def _send(known: Sequence[str], faults: frozenset[Part], settings: Settings, now: datetime) -> bool:
    """Write to the KI about faults, or that they are over; returns whether anybody got it."""
    recipients = known or tuple(filter(None, (settings.contact_email,)))
    if not settings.smtp_host or not recipients:
        print("Keine Mail: SMTP_HOST oder die Kontaktadresse fehlt.")
        return False
    subject, body = fault_mail(faults, settings) if faults else over_mail(settings)
    letters = [
        Letter(f"watch:{now.isoformat()}:{recipient}", recipient, subject, body)
        for recipient in recipients
    ]
    try:
        with Postman(settings) as postman:
            sent = sum(_sent(postman, letter, now) for letter in letters)
    except MailServerError as error:
        print(f"Keine Mail: {error}")
        return False
    if sent < len(letters):
        refused = counted(len(letters) - sent, "Mail", "Mails")
        print(f"Nicht angenommen vom Mailserver: {refused}.")
    return sent > 0


def _sent(postman: Postman, letter: Letter, now: datetime) -> bool:
    try:
        postman.send(letter, now=now)
    except (DelayedError, UndeliverableError):  # whose words name the address
        return False
    return True


def _state_file(settings: Settings, environment: Mapping[str, str]) -> Path:
    """Return where one run leaves word to the next: systemd's folder, beside the data, or here."""
    from tracker.core.db import sqlite_file

    folder = environment.get("STATE_DIRECTORY", "").partition(":")[0]
    file = sqlite_file(settings.database_url)
    return (Path(folder) if folder or file is None else file.parent) / "watch.json"


def _remembered(state: Path) -> Remembered:
    try:
        kept = json.loads(state.read_text("utf-8"))
        return Remembered(
            frozenset(map(Part, kept["seen"])),
            frozenset(map(Part, kept["mailed"])),
            tuple(kept["recipients"]),
        )
    except (OSError, ValueError, KeyError, TypeError):  # the first run, or not written whole
        return Remembered()


def _remember(state: Path, remembered: Remembered) -> None:
    """Replace the file; where that fails, on a full disk, what stood there before stays."""
    kept = {
        "seen": sorted(remembered.seen),
        "mailed": sorted(remembered.mailed),
        "recipients": remembered.recipients,
    }
    try:
        state.parent.mkdir(parents=True, exist_ok=True)
        new = state.with_suffix(".new")
        new.touch(mode=0o600)  # it names addresses
        new.write_text(json.dumps(kept), "utf-8")
        new.replace(state)
    except OSError as error:
        print(f"Der Durchgang lässt sich nicht vermerken: {error.strerror}.")
