"""The audit log: never for the committee or institutions (practice.md)."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker.audit.queries.audit_log import audit_page
from tracker.audit.web import wording
from tracker.core.audit import KEEP_TRIED
from tracker.core.permissions import Role
from tracker.web.access import actor, requires
from tracker.web.runtime import session, today

blueprint = Blueprint("records", __name__, template_folder="templates")


@blueprint.get("/protokoll/")
@requires(Role.COORDINATION)
def log() -> ResponseReturnValue:
    entity = request.args.get("art", "")
    page = request.args.get("seite", 1, type=int)
    events = audit_page(
        session(), entity=entity, page=page, today=today(), concepts=actor().concepts
    )
    return render_template(
        "records/log.html",
        page=events,
        entity=entity,
        wording=wording,
        days_tried=KEEP_TRIED.days,
    )
