"""The steps of a round, each behind a page that says what will happen."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.cockpit.web.base import blueprint, head_of
from tracker.concept.queries.concept import measures_to_report
from tracker.core.db import transaction
from tracker.core.errors import IllegalTransition, Invalid, NotFound
from tracker.core.permissions import Role
from tracker.publication.actions import publication
from tracker.publication.queries.preview import preview
from tracker.publication.queries.publication_facts import instance_of
from tracker.publication.reading.correction import changes
from tracker.publication.reading.table import Table, written_cells
from tracker.reporting.models import Round
from tracker.reporting.rounds.actions import corrections
from tracker.reporting.rounds.actions import rounds as actions
from tracker.reporting.rounds.queries.round_list import RoundHead
from tracker.reporting.rounds.queries.round_page import round_page
from tracker.reporting.rules.figures import Returns
from tracker.reporting.rules.rounds import NEEDS_REASON, RoundEvent
from tracker.web import problems
from tracker.web.access import actor, requires
from tracker.web.addresses import CONCEPT
from tracker.web.forms import ReasonForm
from tracker.web.runtime import now, session, settings, today

# How an address names a step.
STEPS = {
    "eroeffnen": RoundEvent.OPEN,
    "schliessen": RoundEvent.CLOSE,
    "veroeffentlichen": RoundEvent.PUBLISH,
    "absagen": RoundEvent.CANCEL,
    "wieder-oeffnen": RoundEvent.REOPEN,
    "korrigieren": RoundEvent.CORRECT,
    "korrektur-verwerfen": RoundEvent.ABANDON,
}
# What their page refuses, with the remedy.
_SHOWN_REFUSED = frozenset({RoundEvent.PUBLISH, RoundEvent.CANCEL, RoundEvent.ABANDON})
# Who reads the reason, where it is not that of a new version.
_READ_BY = {
    RoundEvent.CANCEL: "Die Institutionen lesen sie in der Mail und unter „Meine Maßnahmen“.",
    RoundEvent.ABANDON: "Steht im Protokoll und bei jeder Meldung, die zurückgesetzt wird.",
}
PATH_OF = {event: path for path, event in STEPS.items()}


@blueprint.get(f"{CONCEPT}/runden/<key>/schritt/<step>")
@requires(Role.COORDINATION)
def confirm(key: str, step: str) -> ResponseReturnValue:
    head, event = head_of(key), _event(step)
    if event not in head.events:
        was_published = head.published_at is not None
        raise actions.impossible(head.state, event, was_published=was_published)
    form = ReasonForm(formdata=None)
    try:
        _require_possible(head, event)
    except IllegalTransition as refusal:
        form.form_errors.append(refusal.message)
    return _confirm_page(head, event, form)


def offered(head: RoundHead, returns: Returns | None) -> tuple[RoundEvent, ...]:
    """Return the steps to offer; a round in which something was handed in is not cancelled."""
    handed_in = returns is not None and returns.completeness.count > 0
    return tuple(event for event in head.events if not (event is RoundEvent.CANCEL and handed_in))


def _require_possible(head: RoundHead, event: RoundEvent) -> None:
    round_ = session().get_one(Round, head.id)
    if event is RoundEvent.CANCEL:
        actions.require_nothing_handed_in(session(), round_=round_)
    elif event is RoundEvent.ABANDON:
        began = round_.before_correction
        corrections.require_nothing_new(session(), round_=round_, began=began)


def _changes(round_: Round) -> Table | None:
    """Return what the correction would change if it were published now.

    None where there is none, or reports wait for their review.
    """
    before = publication.before(session(), round_=round_)
    if before is None:
        return None
    after = preview(
        session(),
        concept_id=round_.concept_id,
        period=round_.period,
        instance=instance_of(settings()),
        now=now(),
    )
    if after is None or after.waiting:
        return None
    return changes(before, after.document)


@blueprint.post(f"{CONCEPT}/runden/<key>/schritt/<step>")
@requires(Role.COORDINATION)
def take(key: str, step: str) -> ResponseReturnValue:
    """Take a step; publishing is refused, with a list, while reports wait for review."""
    head, event, form = head_of(key), _event(step), ReasonForm()
    if (head.state, event) in NEEDS_REASON and not form.validate():
        return _confirm_page(head, event, form, problems.HTTP_INVALID)
    try:
        with transaction(session()):
            message = _take(head.id, event, form.reason.data or "")
    except Invalid as refusal:
        return _confirm_page(head, event, form, problems.show(form, refusal))
    except IllegalTransition as refusal:
        if event not in _SHOWN_REFUSED or event not in head.events:
            raise
        return _confirm_page(head, event, form, problems.show(form, refusal))
    flash(message, "success")
    return redirect(url_for("rounds.cockpit", key=key))


def _take(round_id: int, event: RoundEvent, reason: str) -> str:
    round_ = actions.load(session(), round_id=round_id)
    by, at = actor(), now()
    if event is RoundEvent.OPEN:
        count = actions.open_round(session(), round_=round_, by=by, now=at)
        return f"Die Runde ist eröffnet. Angeforderte Meldungen: {count}."
    if event is RoundEvent.PUBLISH:
        return _publish(round_)
    if event is RoundEvent.CLOSE:
        actions.close_round(session(), round_=round_, by=by, now=at)
        return "Die Runde ist geschlossen. Institutionen melden nur noch mit Nachfrist."
    if event is RoundEvent.CANCEL:
        was_open = round_.opened_at is not None
        actions.cancel(session(), round_=round_, reason=reason, by=by, now=at)
        mailed = " Wer um Meldung gebeten war, bekommt eine Mail." if was_open else ""
        return f"Die Runde ist abgesagt.{mailed}"
    if event is RoundEvent.REOPEN:
        actions.reopen(session(), round_=round_, reason=reason, by=by, now=at)
        return "Die Runde ist wieder offen. Institutionen können melden."
    if event is RoundEvent.ABANDON:
        actions.abandon(session(), round_=round_, reason=reason, by=by, now=at)
        return "Die Korrektur ist verworfen. Die veröffentlichte Fassung gilt weiter."
    actions.correct(session(), round_=round_, reason=reason, by=by, now=at)
    return (
        "Die Korrektur ist begonnen. Die veröffentlichte Fassung bleibt lesbar, bis Sie die Runde "
        "neu veröffentlichen."
    )


def _publish(round_: Round) -> str:
    snapshot = publication.publish(
        session(), round_=round_, by=actor(), now=now(), instance=instance_of(settings())
    )
    return (
        f"Die Runde ist veröffentlicht: Fassung {snapshot.version}, Prüfsumme "
        f"{snapshot.sha256[:12]}…"
    )


def _event(step: str) -> RoundEvent:
    if step not in STEPS:
        raise NotFound("Diesen Schritt gibt es nicht. Bitte gehen Sie zur Runde zurück.")
    return STEPS[step]


def _confirm_page(
    head: RoundHead, event: RoundEvent, form: ReasonForm, status: int = 200
) -> ResponseReturnValue:
    form.reason.description = _READ_BY.get(event, form.reason.description)
    round_, undone = session().get_one(Round, head.id), list[str]()
    if event is RoundEvent.ABANDON and not form.form_errors:
        began = round_.before_correction
        undone, _ = corrections.changed_since(session(), round_=round_, began=began)
    corrected = _changes(round_) if event is RoundEvent.PUBLISH else None
    page = round_page(session(), head=head, now=now())
    measures = measures_to_report(
        session(), edition_id=head.edition_id, day=today(), as_of=head.period.end
    )
    asked = {report.code for report in page.reports}
    return render_template(
        "rounds/confirm.html",
        page=page,
        event=event,
        step=PATH_OF[event],
        form=form,
        needs_reason=(head.state, event) in NEEDS_REASON,
        undone=undone,
        changes=corrected,
        changed=written_cells(corrected) if corrected else [],
        today=today(),
        measures=measures,
        nobody_asked=[measure.code for measure in measures if measure.code not in asked],
    ), status
