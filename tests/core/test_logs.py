"""A log line is one JSON object: what, who and which row by number, and nothing that was said."""

from __future__ import annotations

import json
import logging
import sys
from contextlib import suppress
from datetime import datetime

import pytest
from sqlmodel import Session

from tracker.core import audit, logs
from tracker.core.db import transaction

SAID = "Der Verein hat 3.000 Euro beantragt."


def line(record: logging.LogRecord) -> dict[str, object]:
    text = logs.JsonLines().format(record)
    assert "\n" not in text
    read: dict[str, object] = json.loads(text)
    return read


def failed() -> logging.LogRecord:
    try:
        try:
            raise ValueError(SAID)
        except ValueError as error:
            raise KeyError(SAID) from error
    except KeyError:
        return logging.makeLogRecord({"name": "t", "msg": "failed", "exc_info": sys.exc_info()})


def test_of_an_exception_a_line_has_types_and_places_and_no_message() -> None:
    read = line(failed())
    assert SAID not in json.dumps(read, ensure_ascii=False)
    assert isinstance(read["error"], list)
    types = [error["type"] for error in read["error"]]
    assert types == ["builtins.KeyError", "builtins.ValueError"]
    assert "test_logs.py" in read["error"][0]["calls"][0]


def test_in_the_terminal_too_and_of_a_long_chain_only_the_beginning() -> None:
    text = logs.PlainLines("%(message)s").format(failed())
    assert SAID not in text
    assert "builtins.KeyError\n    " in text
    assert "test_logs.py" in text
    error = ValueError(SAID)
    for _ in range(100):
        error, error.__cause__ = ValueError(SAID), error
    read = line(logging.makeLogRecord({"msg": "x", "exc_info": (ValueError, error, None)}))
    assert isinstance(read["error"], list)
    assert len(read["error"]) == 10


def test_a_line_carries_what_its_request_is_bound_to() -> None:
    logs.begin(request_id="a" * 32)
    logs.bind(account=7)
    record = logging.makeLogRecord({"msg": "x", "fields": {"status": 200}})
    assert line(record).items() >= {"request_id": "a" * 32, "account": 7, "status": 200}.items()
    logs.begin(job="mails")
    assert "account" not in line(record)


@pytest.mark.parametrize("ends_well", [True, False])
def test_a_security_event_is_a_line_once_it_is_committed(
    session: Session, now: datetime, caplog: pytest.LogCaptureFixture, ends_well: bool
) -> None:
    caplog.set_level(logging.INFO, "tracker.security")

    def record(verb: str) -> None:
        values = {"email": "geheim@stadt.example"}
        audit.record(
            session, by=None, verb=verb, entity="account", entity_id=3, now=now, after=values
        )

    try:
        with transaction(session):
            record("account.change_email")
            record("report.submit")
            with session.begin_nested():
                pass
            assert caplog.records == []
            if not ends_well:
                raise KeyError
    except KeyError:
        pass
    lines = [line(record) for record in caplog.records]
    assert [read["event"] for read in lines] == (["account.change_email"] if ends_well else [])
    assert "geheim" not in str(lines)
    with transaction(session):
        pass
    assert len(caplog.records) == len(lines)


def test_what_a_savepoint_gave_up_is_no_line(
    session: Session, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "tracker.security")

    def record(verb: str) -> None:
        audit.record(session, by=None, verb=verb, entity="account", entity_id=3, now=now)

    with transaction(session):
        record("account.before")
        with suppress(KeyError), session.begin_nested():
            record("account.given_up")
            with session.begin_nested():
                record("account.given_up_within")
            raise KeyError
        with session.begin_nested():
            record("account.kept")
        record("account.after")
    kept = [record.getMessage() for record in caplog.records]
    assert kept == ["account.before", "account.kept", "account.after"]
