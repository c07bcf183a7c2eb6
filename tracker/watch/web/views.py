"""Two addresses for monitors: is this process alive, is the instance ready."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from tracker.watch.queries.condition import Probe
from tracker.watch.rules.condition import Condition, conditions
from tracker.watch.words import sentence
from tracker.web.access import public
from tracker.web.runtime import now, runtime

blueprint = Blueprint("watch", __name__, template_folder="templates")

PROBE = "tracker_probe"


@blueprint.get("/gesund")
@public
def alive() -> ResponseReturnValue:
    """Say that this process answers; nothing is asked for, so that it says so whatever fails."""
    return {"status": "ok", "text": "Der Webdienst antwortet."}


@blueprint.get("/bereit")
@public
def ready() -> ResponseReturnValue:
    """Say whether people can work now, part by part."""
    by_part = conditions(_probe().facts(), now=now())
    fine = Condition.FAULT not in by_part.values()
    parts = {
        part: {"status": condition, "text": sentence(part, condition)}
        for part, condition in by_part.items()
    }
    return {"status": "ok" if fine else "failed", "parts": parts}, 200 if fine else 503


def _probe() -> Probe:
    parts = runtime()
    if PROBE not in current_app.extensions:
        current_app.extensions[PROBE] = Probe(parts.engine, parts.settings)
    return cast("Probe", current_app.extensions[PROBE])
