"""The pages of the Erhebungsbogen; the KI may do the same on behalf of an institution."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.concept.web import current
from tracker.core.db import transaction
from tracker.core.errors import Busy
from tracker.core.german import counted
from tracker.core.permissions import Role, may_submit
from tracker.core.problems import problem_text
from tracker.core.text import without_control_characters
from tracker.reporting.models import Round
from tracker.reporting.questionnaire.actions import questionnaires as actions
from tracker.reporting.questionnaire.queries import questionnaires as queries
from tracker.reporting.questionnaire.queries.questionnaires import ReportChange, Upload
from tracker.reporting.questionnaire.queries.questionnaires import upload as find_upload
from tracker.reporting.questionnaire.workbook.apart import read
from tracker.reporting.questionnaire.workbook.model import (
    MAX_BYTES,
    Questionnaire,
    Reading,
    SheetProblem,
)
from tracker.reporting.readable import readable
from tracker.reporting.reports.queries.contributions import waiting_partners
from tracker.reporting.reports.web.base import districts
from tracker.reporting.reports.web.form_feedback import hints, questions
from tracker.reporting.rules.content import normalised
from tracker.reporting.rules.submission import check_submission
from tracker.reporting.words import REPORT_FIELD
from tracker.web.access import actor, requires
from tracker.web.limits import makes_paper, takes
from tracker.web.runtime import now, roll_back, session, settings, today


@dataclass(frozen=True)
class ChangedField:
    """One field with what stands there now and what would; "" where nothing stands.

    `hint` asks about a person in what would stand there, "" where nobody seems to be named.
    """

    label: str
    now: str
    then: str
    hint: str = ""


@dataclass(frozen=True)
class ChangedReport:
    """One measure's changes; `missing` is what the report still needs to be submitted.

    `names` are the fields in which a person seems to be named, also those that stay as they are;
    `waiting` are the partners whose contribution nobody took over yet.
    """

    code: str
    text: str
    stale: bool
    fields: Sequence[ChangedField]
    missing: Sequence[str]
    report_id: int
    names: Sequence[str] = ()
    waiting: Sequence[str] = ()


def changed_report(change: ReportChange, *, waiting: Sequence[str] = ()) -> ChangedReport:
    indicators = change.row.indicators
    now = readable(change.row.content, indicators, districts=change.row.districts)
    then = readable(change.content, indicators, districts=change.row.districts)
    names, asked = hints(change.content), questions(change.content)
    problems = check_submission(normalised(change.content), before=change.row.standing)
    return ChangedReport(
        code=change.row.code,
        text=change.row.text,
        stale=change.stale,
        fields=[
            ChangedField(label, now.get(name, ""), then.get(name, ""), asked.get(name, ""))
            for name, label in REPORT_FIELD.items()
            if now.get(name, "") != then.get(name, "")
        ],
        missing=[problem_text(problem) for problem in problems],
        report_id=change.row.report_id,
        names=[REPORT_FIELD[name] for name in names],
        waiting=waiting,
    )


blueprint = Blueprint(
    "questionnaire", __name__, url_prefix="/erhebungsbogen", template_folder="templates"
)

ONE = "/<int:round_id>/<int:institution_id>"
UPLOAD = "/hochgeladen/<int:upload_id>"
_NO_FILE = SheetProblem("Es wurde keine Datei ausgewählt.", "Bitte wählen Sie Ihren Bogen aus.")
_UNREAD = Reading()
_NOT_READ = "Die Datei ist noch nicht gelesen"
_RETRY = {"Retry-After": "10"}


@blueprint.get("/")
@requires(Role.INSTITUTION)
def newest() -> ResponseReturnValue:
    institution_id = actor().institution_id or 0
    rounds = queries.running_rounds(session(), institution_id=institution_id)
    if not rounds:
        flash("Zurzeit läuft keine Runde, in der Ihre Institution etwas zu melden hat.", "info")
        return redirect(url_for("reports.mine"))
    return redirect(_address(rounds[0].round_id, institution_id))


@blueprint.get(ONE)
@requires(Role.INSTITUTION, Role.COORDINATION)
def form(round_id: int, institution_id: int) -> ResponseReturnValue:
    return _page(round_id, institution_id, _questionnaire(round_id, institution_id))


@blueprint.get(f"{ONE}/bogen.xlsx")
@requires(Role.INSTITUTION, Role.COORDINATION)
@makes_paper
def download(round_id: int, institution_id: int) -> ResponseReturnValue:
    from tracker.reporting.questionnaire.workbook.writer import MIMETYPE, write

    about = _questionnaire(round_id, institution_id)
    response = Response(write(about), mimetype=MIMETYPE)
    name = f"Erhebungsbogen-{about.period.key}-{about.institution_key}.xlsx"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post(ONE)
@requires(Role.INSTITUTION, Role.COORDINATION)
@takes(file=MAX_BYTES)
def upload(round_id: int, institution_id: int) -> ResponseReturnValue:
    about = _questionnaire(round_id, institution_id)
    sent = request.files.get("datei")
    if sent is None or not sent.filename:
        return _page(round_id, institution_id, about, Reading(problems=(_NO_FILE,))), 422
    data = sent.stream.read(MAX_BYTES + 1)
    roll_back()  # nothing is held open while the file is read
    try:
        reading = read(data, about)
    except Busy as busy:
        unread = Reading(problems=(SheetProblem(busy.message, ""),))
        return _page(round_id, institution_id, about, unread, _NOT_READ), 503, _RETRY
    if reading.problems:
        return _page(round_id, institution_id, about, reading), 422
    if not reading.answers:
        flash("In der Datei wurde nichts geändert; es bleibt, was in den Meldungen steht.", "info")
        if reading.notes:
            return _page(round_id, institution_id, about, reading)
        return redirect(_address(round_id, institution_id))
    with transaction(session()):
        uploaded = actions.keep(
            session(),
            round_id=round_id,
            institution_id=institution_id,
            file_name=_file_name(sent.filename),
            sha256=hashlib.sha256(data).hexdigest(),
            answers=reading.answers,
            notes=reading.notes,
            by=actor(),
            now=now(),
        )
        upload_id = uploaded.id
    return redirect(url_for("questionnaire.preview", upload_id=upload_id))


@blueprint.get(UPLOAD)
@requires(Role.INSTITUTION, Role.COORDINATION)
def preview(upload_id: int) -> ResponseReturnValue:
    uploaded = _upload(upload_id)
    waiting = waiting_partners(
        session().connection(),
        report_ids=[change.row.report_id for change in uploaded.changes],
        today=today(),
    )
    return render_template(
        "questionnaire/preview.html",
        upload=uploaded,
        form_address=_address(uploaded.round_id, uploaded.institution_id),
        reports=[
            changed_report(change, waiting=waiting.get(change.row.report_id, ()))
            for change in uploaded.changes
        ],
        may_submit=may_submit(actor(), institution_id=uploaded.institution_id),
        on_behalf=actor().is_coordination,
    )


@blueprint.post(UPLOAD)
@requires(Role.INSTITUTION, Role.COORDINATION)
def take_over(upload_id: int) -> ResponseReturnValue:
    uploaded = _upload(upload_id)
    with transaction(session()):
        drafts, submitted = actions.apply(
            session(),
            upload_id=upload_id,
            submit_complete="absenden" in request.form,
            by=actor(),
            now=now(),
        )
    parts = []
    if drafts:
        parts.append(f"{counted(drafts, 'Entwurf', 'Entwürfe')} gespeichert")
    if submitted:
        parts.append(f"{counted(submitted, 'Meldung', 'Meldungen')} abgesendet")
    flash(f"Erhebungsbogen übernommen: {', '.join(parts)}.", "success")
    if actor().is_coordination:
        return redirect(_address(uploaded.round_id, uploaded.institution_id))
    return redirect(url_for("reports.mine"))


def _questionnaire(round_id: int, institution_id: int) -> Questionnaire:
    questionnaire = queries.questionnaire(
        session(),
        round_id=round_id,
        institution_id=institution_id,
        by=actor(),
        office=settings().office_name,
        districts=districts(),
        now=now(),
    )
    current.about(session().get_one(Round, round_id).concept_id)
    return questionnaire


def _upload(upload_id: int) -> Upload:
    uploaded = find_upload(
        session(),
        upload_id=upload_id,
        by=actor(),
        office=settings().office_name,
        districts=districts(),
        now=now(),
    )
    current.about(session().get_one(Round, uploaded.round_id).concept_id)
    return uploaded


def _page(
    round_id: int,
    institution_id: int,
    about: Questionnaire,
    reading: Reading = _UNREAD,
    headline: str = "",
) -> str:
    others = queries.running_rounds(session(), institution_id=institution_id)
    return render_template(
        "questionnaire/form.html",
        about=about,
        address=_address(round_id, institution_id),
        others=[
            (_named(running), _address(running.round_id, institution_id))
            for running in others
            if running.round_id != round_id
        ],
        problems=reading.problems,
        notes=reading.notes,
        not_usable=headline or _not_usable(reading.problems),
        hidden=reading.hidden,
        on_behalf=actor().is_coordination,
        max_megabytes=MAX_BYTES // 1_000_000,
    )


def _named(running: queries.RunningRound) -> str:
    of_concept = f"{running.concept}, " if running.concept else ""
    return f"{of_concept}{running.period.long_label}"


def _not_usable(problems: tuple[SheetProblem, ...]) -> str:
    """Return the headline where the file as a whole is refused, "" where places are to mend."""
    if problems == (_NO_FILE,):
        return "Noch keine Datei ausgewählt"
    if problems and not any(problem.sheet for problem in problems):
        return "Diese Datei passt nicht; es wurde nichts übernommen"
    return ""


def _address(round_id: int, institution_id: int) -> str:
    return url_for("questionnaire.form", round_id=round_id, institution_id=institution_id)


def _file_name(sent: str) -> str:
    """Return a file's bare name; some browsers send its whole path."""
    name = re.split(r"[\\/]", without_control_characters(sent)[0])[-1]
    return " ".join(name.split()) or "Erhebungsbogen.xlsx"
