"""Several measures confirmed unchanged at once: choose, look at what will be said, confirm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from tracker.core.db import transaction
from tracker.core.errors import Forbidden
from tracker.core.permissions import Role, may_submit
from tracker.core.text import is_key, without_control_characters
from tracker.reporting.readable import readable
from tracker.reporting.reports.actions.reports import Confirmation, confirm_several
from tracker.reporting.reports.queries.contributions import waiting_partners
from tracker.reporting.reports.queries.my_measures import MyMeasure, MyRound, my_measures
from tracker.reporting.reports.web.base import blueprint, districts
from tracker.reporting.reports.web.form_feedback import text_hint, text_marks
from tracker.reporting.reports.web.measures import own_institution, standing
from tracker.reporting.rules.reports import UNCHANGED_FLAG_AFTER, ReportState
from tracker.reporting.words import REPORT_FIELD
from tracker.web.access import actor, requires
from tracker.web.runtime import now, reading, session, today

# More than any institution has measures.
_MOST = 500
_REPORT = "report"
# What a confirmation says again at first sight; the rest is folded.
_FIRST = ("achieved", "next_step", "next_step_on", "reason", "consequence")


@dataclass(frozen=True)
class ChosenMeasure:
    """A chosen measure with its round; `why_not` is "" where it can be confirmed."""

    measure: MyMeasure
    round: MyRound
    why_not: str

    @property
    def times(self) -> int:
        return self.measure.times_confirmed

    @property
    def asks_for_sentence(self) -> bool:
        return self.times >= UNCHANGED_FLAG_AFTER


@blueprint.get("/bestaetigen")
@requires(Role.INSTITUTION)
def preview() -> ResponseReturnValue:
    _require_may_submit()
    return preview_page(_wanted(request.args.getlist(_REPORT)))


def preview_page(
    wanted: Sequence[int], *, remarks: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    """Return the preview of a confirmation; `remarks` are typed sentences by their field.

    It names what would get lost unseen: contributions that wait, and names in a sentence.
    """
    remarks = remarks or {}
    chosen = [own for own in _mine(reading()) if own.measure.report_id in wanted]
    if not chosen:
        flash("Bitte wählen Sie zuerst mindestens eine Maßnahme aus.", "warning")
        return redirect(url_for("reports.mine"))
    ready = [measure for measure in chosen if not measure.why_not]
    return render_template(
        "reports/confirm_several.html",
        ready=ready,
        readable=partial(readable, districts=districts().known),
        first=_FIRST,
        waiting=waiting_partners(
            reading(), report_ids=[own.measure.report_id for own in ready], today=today()
        ),
        remarks=remarks,
        hints={name: text for name in remarks if (text := text_hint(remarks[name]))},
        hints_seen=text_marks(remarks.values()),
        REPORT_FIELD=REPORT_FIELD,
        left_out=[own for own in chosen if own.why_not],
        standing=standing,
        today=today(),
    )


@blueprint.post("/bestaetigen")
@requires(Role.INSTITUTION)
def confirm_chosen() -> ResponseReturnValue:
    _require_may_submit()
    wanted = _wanted(request.form.getlist(_REPORT))
    sentences = {name: _sentence(name) for name in ("remark", *map(_remark, wanted))}
    if asks_about_names(sentences):
        return preview_page(wanted, remarks=sentences)
    with transaction(session()):
        confirmations = confirm_several(
            session(),
            report_ids=wanted,
            remarks={number: sentences[_remark(number)] for number in wanted},
            remark_for_all=sentences["remark"],
            by=actor(),
            now=now(),
        )
    return _result(confirmations)


def asks_about_names(sentences: Mapping[str, str]) -> bool:
    """Return whether a sentence seems to name a person, and no page has said so yet."""
    marks = text_marks(sentences.values()).split()
    return not set(marks) <= set(request.form.get("hinweise", "").split())


def ask_before_confirming(report_id: int, remark: str) -> ResponseReturnValue | None:
    """Return the preview where a single confirmation would lose something unseen, else None."""
    waiting = waiting_partners(session().connection(), report_ids=[report_id], today=today())
    name = _remark(report_id)
    if not waiting and not asks_about_names({name: remark}):
        return None
    return preview_page([report_id], remarks={name: remark})


def _remark(report_id: int) -> str:
    return f"remark-{report_id}"


def _result(confirmations: Sequence[Confirmation]) -> ResponseReturnValue:
    by_id = {confirmation.report_id: confirmation for confirmation in confirmations}
    # The request's connection for reading still sees what was before.
    connection = session().connection()
    mine = [own for own in _mine(connection) if own.measure.report_id in by_id]
    report_ids = {own.measure.report_id for own in mine}
    return render_template(
        "reports/confirmed_several.html",
        done=[own for own in mine if not by_id[own.measure.report_id].refusal],
        refused=[
            (own, by_id[own.measure.report_id].refusal)
            for own in mine
            if by_id[own.measure.report_id].refusal
        ],
        # Somebody else's, or of a round that is over: there is nothing to name.
        unknown=[
            confirmation.refusal
            for confirmation in confirmations
            if confirmation.report_id not in report_ids
        ],
        already={confirmation.report_id for confirmation in confirmations if confirmation.already},
        standing=standing,
        flag_after=UNCHANGED_FLAG_AFTER,
    ), 409 if confirmations and all(confirmation.refusal for confirmation in confirmations) else 200


def _require_may_submit() -> None:
    if not may_submit(actor(), institution_id=own_institution()):
        raise Forbidden(
            "Bestätigen kann nur die benannte Vertretung Ihrer Institution. "
            "Bitte geben Sie ihr Bescheid."
        )


def _wanted(texts: Sequence[str]) -> list[int]:
    numbers = [int(text) for text in texts if is_key(text)]
    return list(dict.fromkeys(numbers))[:_MOST]


def _sentence(name: str) -> str:
    return without_control_characters(request.form.get(name, ""))[0].strip()


def _mine(connection: Connection) -> list[ChosenMeasure]:
    """Return all measures of the running rounds, in the order of the list."""
    mine = my_measures(connection, institution_id=own_institution(), now=now())
    return [
        ChosenMeasure(measure, round_, _why_not(measure))
        for round_ in mine.rounds
        for measure in round_.measures
    ]


def _why_not(measure: MyMeasure) -> str:
    if measure.may_confirm:
        return ""
    if measure.state in {ReportState.SUBMITTED, ReportState.ACCEPTED}:
        return "Die Meldung ist schon abgegeben."
    if measure.state is ReportState.WAIVED:
        return "Für diese Maßnahme ist in dieser Runde keine Meldung nötig."
    if not measure.may_write:
        return "Die Runde ist geschlossen."
    if measure.state is ReportState.RETURNED:
        return "Die koordinierende Stelle hat eine Frage dazu. Bitte ergänzen Sie die Meldung."
    if measure.before is None:
        return "Es gibt noch keine angenommene Meldung, die Sie bestätigen könnten."
    return "Sie haben schon einen Entwurf begonnen. Bitte senden Sie ihn ab."
