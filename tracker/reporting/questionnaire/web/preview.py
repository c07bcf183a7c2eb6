"""What an uploaded Erhebungsbogen would change, in words: measure by measure, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.core.problems import problem_text
from tracker.reporting.questionnaire.queries.questionnaire_uploads import ReportChange
from tracker.reporting.reports.web.form_feedback import hints
from tracker.reporting.reports.web.readable import readable
from tracker.reporting.rules.content import normalised
from tracker.reporting.rules.submission import check_submission
from tracker.reporting.words import REPORT_FIELD


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
    """Return one report's changes in the order of the form."""
    indicators = change.row.indicators
    now = readable(change.row.content, indicators)
    then = readable(change.content, indicators)
    found = hints(change.content)
    problems = check_submission(normalised(change.content), before=change.row.standing)
    return ChangedReport(
        code=change.row.code,
        text=change.row.text,
        stale=change.stale,
        fields=[
            ChangedField(label, now.get(name, ""), then.get(name, ""), found.get(name, ""))
            for name, label in REPORT_FIELD.items()
            if now.get(name, "") != then.get(name, "")
        ],
        missing=[problem_text(problem) for problem in problems],
        report_id=change.row.report_id,
        names=[REPORT_FIELD[name] for name in found],
        waiting=waiting,
    )
