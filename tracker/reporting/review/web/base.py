"""The blueprint, the selection in an address, and the page of one report with its forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker.accounts.rules.four_eyes import Tie, Tied
from tracker.accounts.words import tied_sentence
from tracker.concept.web.current import about
from tracker.core.permissions import may_review
from tracker.core.text import alphabetical
from tracker.reporting.models import Report
from tracker.reporting.reports.queries.report_page import ReportPage, report_page
from tracker.reporting.reports.web.base import districts
from tracker.reporting.reports.web.contributions.panel import panel
from tracker.reporting.review.actions.review import comment_field, submitter_tie
from tracker.reporting.review.queries.review_queue import (
    QueueRow,
    QueueSelection,
    Submission,
    place,
    queue,
    selected,
    submission,
)
from tracker.reporting.review.web.compare import comparison
from tracker.reporting.review.web.forms import (
    AcceptForm,
    OtherValueForm,
    ReturnForm,
    RevokeForm,
    WaiveForm,
    other_value_form,
)
from tracker.reporting.rounds.web.forms import ExtensionForm
from tracker.reporting.rules.reports import ReportEvent, possible_events
from tracker.reporting.rules.rounds import RUNNING_STATES
from tracker.reporting.words import REPORT_FIELD
from tracker.web.access import actor
from tracker.web.runtime import now, session, today

blueprint = Blueprint("review", __name__, template_folder="templates")


@dataclass(frozen=True)
class TooLate:
    """A decision that came after another one: why not, what is possible, and what was typed."""

    message: str
    possible: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]


@dataclass
class Forms:
    """The forms of a report's page; the one that was posted carries its errors.

    Without a posted one, `other` begins with the reported value.
    """

    accept: AcceptForm = field(default_factory=lambda: AcceptForm(formdata=None))
    other: OtherValueForm | None = None
    give_back: ReturnForm = field(default_factory=lambda: ReturnForm(formdata=None))
    revoke: RevokeForm = field(default_factory=lambda: RevokeForm(formdata=None))
    waive: WaiveForm = field(default_factory=lambda: WaiveForm(formdata=None))
    extension: ExtensionForm = field(default_factory=lambda: ExtensionForm(formdata=None))
    too_late: TooLate | None = None


def page(report_id: int, forms: Forms, status: int = 200) -> ResponseReturnValue:
    report = report_page(session(), report_id=report_id, by=actor(), now=now())
    about(report.concept_id)
    submitted = submission(session(), report_id=report_id)
    last = report.revisions[-1] if report.revisions else None
    selection = from_address()
    rows = selected(waiting_reports(), selection)
    tie = submitter_tie(
        session(), report=session().get_one(Report, report_id), by=actor(), now=now()
    )
    forms.other = forms.other or other_value_form(last.content if last else None)
    return render_template(
        "review/report.html",
        report=report,
        last=last,
        submission=submitted,
        forms=forms,
        steps=_steps(report, submitted, tie),
        tie=tie,
        tie_sentence=tied_sentence(tie, own_id=actor().account_id, other=submitted.submitted_by)
        if tie
        else "",
        is_own=submitted.submitted_by_id == actor().account_id,
        compared=comparison(report, districts=districts().known),
        comment_field=comment_field,
        field_words=REPORT_FIELD,
        place=place(rows, report_id=report_id),
        query=query_of(selection),
        together=panel(report),
    ), status


def waiting_reports(including: Collection[int] = ()) -> tuple[QueueRow, ...]:
    """Return the queue as who is signed in may see it."""
    by = actor()
    return queue(
        session(),
        account_id=by.account_id,
        today=today(),
        including=including,
        concepts=by.concepts,
    )


def posted_forms() -> Forms:
    """Return the forms of a decision as they were posted: one form on the page, three buttons."""
    return Forms(accept=AcceptForm(), other=OtherValueForm(), give_back=ReturnForm())


def _steps(report: ReportPage, submitted: Submission, tie: Tied | None) -> frozenset[ReportEvent]:
    if report.round_state not in RUNNING_STATES:
        return frozenset()
    steps = set(possible_events(report.state))
    taken_over = tie is not None and tie.tie is Tie.TAKEN_OVER
    if taken_over or not may_review(actor(), submitted_by_id=submitted.submitted_by_id):
        steps -= {ReportEvent.ACCEPT, ReportEvent.RETURN}
    return frozenset(steps)


BY_MEASURE = "massnahme"


@dataclass(frozen=True)
class Choices:
    """What the queue's filters offer: value and text; the chosen one is among them."""

    institutions: tuple[tuple[int, str], ...]
    fields: tuple[tuple[int, str], ...]


def from_address() -> QueueSelection:
    """Return the selection in the address; what is no number is left out."""
    return QueueSelection(
        institution_id=request.args.get("institution", type=int),
        field=request.args.get("feld", type=int),
        unchanged=request.args.get("unveraendert") == "1",
        by_measure=request.args.get("reihenfolge") == BY_MEASURE,
    )


def query_of(selection: QueueSelection) -> str:
    """Return the selection as the end of an address: "?feld=2", or "" where nothing is chosen."""
    values = {
        "institution": selection.institution_id,
        "feld": selection.field,
        "unveraendert": 1 if selection.unchanged else None,
        "reihenfolge": BY_MEASURE if selection.by_measure else None,
    }
    query = urlencode({name: value for name, value in values.items() if value is not None})
    return f"?{query}" if query else ""


def choices(rows: Iterable[QueueRow], selection: QueueSelection) -> Choices:
    institutions = {row.institution_id: row.institution for row in rows}
    # Of several concepts, those with the same number stand together.
    names: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for row in rows:
        names[row.field][row.field_name] = None
    fields = {field: f"{field}. {' / '.join(names[field])}" for field in names}
    # Chosen, and in the meantime everything is decided: the filter must still show it.
    if selection.institution_id is not None:
        institutions.setdefault(selection.institution_id, "gewählte Institution (nichts wartet)")
    if selection.field is not None:
        fields.setdefault(selection.field, f"Handlungsfeld {selection.field} (nichts wartet)")
    return Choices(
        tuple(sorted(institutions.items(), key=lambda pair: alphabetical(pair[1]))),
        tuple(sorted(fields.items())),
    )
