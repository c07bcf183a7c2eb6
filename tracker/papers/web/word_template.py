"""The office's own Word template: which is in use, put one into use, go back to our own look."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.core.db import transaction
from tracker.core.errors import Busy
from tracker.core.permissions import Role
from tracker.papers.actions import office_templates as actions
from tracker.papers.queries import exports as queries
from tracker.papers.rules.files import LARGEST_TEMPLATE
from tracker.papers.web.base import blueprint
from tracker.web.access import actor, requires
from tracker.web.limits import takes
from tracker.web.problems import HTTP_INVALID
from tracker.web.runtime import now, roll_back, session

_NO_FILE = "Es wurde keine Datei ausgewählt. Bitte wählen Sie Ihre Word-Vorlage aus."


@blueprint.get("/ausgaben/word-vorlage")
@requires(Role.COORDINATION)
def word_template() -> ResponseReturnValue:
    return _page(())


@blueprint.post("/ausgaben/word-vorlage")
@requires(Role.COORDINATION)
@takes(file=LARGEST_TEMPLATE)
def set_word_template() -> ResponseReturnValue:
    """Put an uploaded template into use; one that does not fit is refused with every reason."""
    from tracker.papers.writers.docx.template import check_apart

    sent = request.files.get("datei")
    if sent is None or not sent.filename:
        return _page((_NO_FILE,)), HTTP_INVALID
    content = sent.stream.read(LARGEST_TEMPLATE + 1)
    roll_back()  # nothing is held open while the file is read
    try:
        problems = check_apart(content)
    except Busy as busy:
        return _page((busy.message,)), 503, {"Retry-After": "10"}
    if problems:
        return _page(tuple(str(problem) for problem in problems)), HTTP_INVALID
    with transaction(session()):
        actions.add(session(), file_name=sent.filename, content=content, by=actor(), now=now())
    flash("Ihre Word-Vorlage ist im Einsatz.", "success")
    return redirect(url_for("papers.word_template"), 303)


@blueprint.post("/ausgaben/word-vorlage/absetzen")
@requires(Role.COORDINATION)
def retire_word_template() -> ResponseReturnValue:
    with transaction(session()):
        actions.retire(session(), by=actor(), now=now())
    flash("Word-Papiere haben wieder das Aussehen der Anwendung.", "success")
    return redirect(url_for("papers.word_template"), 303)


def _page(problems: tuple[str, ...]) -> str:
    from tracker.papers.writers.docx.styles import REQUIRED

    return render_template(
        "papers/word_template.html",
        templates=queries.templates(session()),
        problems=problems,
        max_megabytes=LARGEST_TEMPLATE // 1_000_000,
        required=tuple(REQUIRED.values()),
    )
