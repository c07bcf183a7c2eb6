"""Each request has a number, in the answer and in every log line, and a line of its own.

The line names the endpoint, never the address: addresses carry tokens.
"""

from __future__ import annotations

import logging
import re
from time import perf_counter
from typing import Any
from uuid import uuid4

from flask import Flask, Response, g, request

from tracker.core import logs
from tracker.core.settings import Settings

log = logging.getLogger("tracker.access")

HEADER = "X-Request-ID"
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
FROM_PROXY = re.compile(r"[A-Za-z0-9-]{8,64}")


def init_app(app: Flask, settings: Settings) -> None:
    """Number and note every request; called first, so that what all others write has the number."""

    @app.before_request
    def begin() -> None:
        g.began = perf_counter()
        given = request.headers.get(HEADER, "") if settings.trusted_proxies else ""
        logs.begin(request_id=given if FROM_PROXY.fullmatch(given) else uuid4().hex)

    @app.after_request
    def note(response: Response) -> Response:
        response.headers[HEADER] = logs.request_id()
        fields = {
            "method": request.method if request.method in _METHODS else "-",
            "endpoint": request.endpoint or "-",
            "status": response.status_code,
            "ms": round(1000 * (perf_counter() - g.began)),
        }
        log.info("request", extra={"fields": fields})
        return response

    def log_exception(error: Any) -> None:
        app.logger.error(
            "failed", exc_info=error, extra={"fields": {"endpoint": request.endpoint or "-"}}
        )

    # Flask's own line has the address in it.
    app.log_exception = log_exception  # type: ignore[method-assign,assignment]
    app.jinja_env.globals["request_id"] = logs.request_id
