"""Log lines of the web and the clock: on standard error, each a JSON object.

A line names what happened, and by their numbers who did it to what. It quotes nobody: no content,
no address, no e-mail address, no token, no message of an exception (which may quote all of them).
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import islice
from types import MappingProxyType
from typing import Any

from tracker.core.settings import Settings

# An error that came from so many others says nothing more.
_LINKS = 10
_bound: ContextVar[dict[str, Any]] = ContextVar("bound")


def begin(**fields: Any) -> None:
    """Let every line from here on carry these fields alone: a request or a job begins."""
    _bound.set(fields)


def bind(**fields: Any) -> None:
    """Let every further line of this request carry these fields too."""
    _bound.set({**_bound.get({}), **fields})


def request_id() -> str:
    return str(_bound.get({}).get("request_id", ""))


class JsonLines(logging.Formatter):
    """A record as one line of JSON; of an exception its types and places, never its message."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": record.process,
            "logger": record.name,
            "event": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = _chain(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


class PlainLines(logging.Formatter):
    """The same for a terminal: exceptions as indented lines."""

    def format(self, record: logging.LogRecord) -> str:
        shown = " ".join(f"{name}={value}" for name, value in _fields(record).items())
        return f"{super().format(record)} {shown}".rstrip()

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        return "\n".join("\n    ".join((link["type"], *link["calls"])) for link in _chain(ei[1]))


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    return {**_bound.get({}), **getattr(record, "fields", {})}


def _chain(error: BaseException | None) -> list[dict[str, Any]]:
    """Return an exception and what it came from, each as its type and the calls that led there."""
    return list(islice(_links(error), _LINKS))


def _links(error: BaseException | None) -> Iterator[dict[str, Any]]:
    while error is not None:
        calls = traceback.extract_tb(error.__traceback__)
        yield {
            "type": f"{type(error).__module__}.{type(error).__qualname__}",
            "calls": [f"{call.filename}:{call.lineno} {call.name}" for call in calls],
        }
        error = error.__cause__ or error.__context__


# What the server writes itself goes the same way.
SERVER_LOGGERS = MappingProxyType({"_granian": {"propagate": True}})


def set_up(settings: Settings) -> None:
    """Write this process's log lines to standard error, in the form that LOG_FORMAT names."""
    handler = logging.StreamHandler(sys.stderr)
    in_json = settings.log_format == "json"
    handler.setFormatter(JsonLines() if in_json else PlainLines("%(asctime)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("tracker").setLevel(logging.INFO)
    # In the terminal of the demonstration the logins would be gone after a few clicks.
    logging.getLogger("tracker.access").setLevel(logging.INFO if in_json else logging.WARNING)
    # A paper takes longer than the clock's next look: nothing to warn of every two seconds.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
