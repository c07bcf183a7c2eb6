"""What the form's template shows: fields as typed, problems, sections, differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from tracker.concept.rules.facts import IndicatorFact
from tracker.core.errors import Problem
from tracker.core.problems import problem_text, with_label
from tracker.core.text import MAX_TEXT
from tracker.reporting.readable import readable
from tracker.reporting.reports.queries.report_page import ReportPage
from tracker.reporting.reports.web.base import districts
from tracker.reporting.reports.web.form_feedback import hints, questions, seen_marks, sums
from tracker.reporting.reports.web.forms import FormValues, base_name, entries, written
from tracker.reporting.rules.content import ParticipantUnit, ReportContent
from tracker.reporting.rules.status import (
    Course,
    Implementation,
    consequence_required,
    course_asked,
    reason_required,
)
from tracker.reporting.words import PARTICIPANT_UNIT, REPORT_FIELD

FIRST_SCREEN = ("implementation", "course", "achieved", "next_step", "next_step_on")
# Folded sections: key, title, fields. The first one opens by itself when it is needed.
SECTIONS = (
    ("begruendung", "Begründung und Steuerungsvorschlag", ("reason", "consequence")),
    ("veraenderung", "Änderungen und Hindernisse", ("changed", "obstacles")),
    (
        "reichweite",
        "Teilnehmende, Veranstaltungen, Zielgruppe und Ort",
        ("participants", "events", "target_group", "districts"),
    ),
    (
        "aufwand",
        "Personal, Kosten und Fördermittel",
        ("staff", "cost_planned", "cost_actual", "funding"),
    ),
    ("zusammenarbeit", "Zusammenarbeit", ("partners", "cooperation_wanted")),
    ("messung", "Kennzahlen und Meilensteine", ("indicators", "milestones")),
    ("nachweis", "Beleg und interner Hinweis", ("evidence_url", "internal_remark")),
)
_ORDER = (*FIRST_SCREEN, *(name for *_, names in SECTIONS for name in names))


@dataclass(frozen=True)
class Section:
    """A folded part of the form: how much is filled, whether it is open and the KI asks there."""

    key: str
    title: str
    filled: int
    total: int
    wrong: int
    is_open: bool
    asked: bool


@dataclass(frozen=True)
class TextConflict:
    """A field in which two people's texts differ; `take_stored` is the choice offered first."""

    name: str
    label: str
    mine: str
    stored: str
    take_stored: bool


@dataclass(frozen=True)
class ImplementationChoice:
    """An Umsetzungsstand to choose, and what choosing it asks for (rules of domain.md 4)."""

    value: Implementation
    course: str
    needs_reason: bool


@dataclass(frozen=True)
class CourseChoice:
    value: Course
    needs_reason: bool
    needs_consequence: bool


@dataclass(frozen=True)
class FormView:
    values: FormValues
    previous: Mapping[str, str]
    sections: Mapping[str, Section]
    errors: Mapping[str, Sequence[str]]
    summary: Sequence[tuple[str, str]]
    choices: Sequence[ImplementationChoice]
    courses: Sequence[CourseChoice]
    districts: Mapping[str, str]
    # What the last report said, as its fields would be posted: for the script's "übernehmen".
    before_entries: Sequence[tuple[str, str]] = ()
    sums: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    hints_seen: str = ""
    differences: Sequence[TextConflict] = ()
    digests: str = ""
    # A Steuerungsvorschlag as in the last report, though the Verlauf asks for none any more.
    stale_proposal: bool = False
    limit: int = MAX_TEXT

    def error(self, name: str) -> Sequence[str]:
        return self.errors.get(name, ())


def form_view(
    page: ReportPage,
    *,
    values: FormValues | None = None,
    problems: Sequence[Problem] = (),
    mine: ReportContent | None = None,
    content: ReportContent | None = None,
    opened: str = "",
    digests: str = "",
) -> FormView:
    """Return the form of a report: as stored, or as typed (`values`, `content`) with its problems.

    `mine` is given after a conflict: the posted content, to be compared with the stored one;
    `digests` are then the digests of what that form began from.
    `opened` is a field whose section is unfolded.
    """
    content = content or page.working
    places = districts()
    seen_names = hints(content)
    values = values or written(page.working)
    before = page.before.value.implementation if page.before else None
    differences = differing(mine, page, districts=places.known, digests=digests) if mine else ()
    errors = _by_field(problems)
    touched = {base_name(name) for name in errors} | {difference.name for difference in differences}
    touched |= {opened, *page.field_comments, *seen_names}
    if _reason_needed(values, before) or _is_stale(values, page):
        touched.add("reason")
    return FormView(
        values=values,
        previous=readable(page.before.said, page.indicators, districts=places.known)
        if page.before
        else {},
        sections={
            key: Section(
                key=key,
                title=title,
                filled=sum(_is_filled(values, name) for name in names),
                total=len(names),
                wrong=sum(base_name(name) in names for name in errors),
                is_open=not touched.isdisjoint(names),
                asked=not page.field_comments.keys().isdisjoint(names),
            )
            for key, title, names in SECTIONS
        },
        errors=errors,
        summary=[
            (name, with_label(box_label(name, page), text))
            for name in sorted(errors, key=_place)
            for text in errors[name]
        ],
        choices=[
            ImplementationChoice(
                state, course_asked(state).value, reason_required(before, state, None)
            )
            for state in Implementation
        ],
        courses=[
            CourseChoice(
                course,
                reason_required(None, Implementation.IN_PROGRESS, course),
                consequence_required(course),
            )
            for course in Course
        ],
        districts=places.offered(page.working.districts),
        before_entries=entries(written(page.before.said)) if page.before else (),
        sums=sums(page, content),
        hints=seen_names,
        questions=questions(content),
        hints_seen=seen_marks(content),
        differences=differences,
        digests=field_digests(page.working, page.indicators),
        stale_proposal=_is_stale(values, page),
    )


def differing(
    mine: ReportContent, page: ReportPage, *, districts: Mapping[str, str], digests: str = ""
) -> tuple[TextConflict, ...]:
    """Return the fields in which the posted content differs from the stored one.

    What only the other one changed is offered as stored: nobody undoes a text without seeing it.
    """
    left_alone = untouched(mine, digests, page.indicators)
    ours, theirs = (
        readable(content, page.indicators, districts=districts) for content in (mine, page.working)
    )
    return tuple(
        TextConflict(
            name=name,
            label=label,
            mine=ours.get(name, ""),
            stored=theirs.get(name, ""),
            take_stored=name not in ours or name in left_alone,
        )
        for name, label in REPORT_FIELD.items()
        if ours.get(name, "") != theirs.get(name, "")
    )


def _place(name: str) -> tuple[int, int]:
    """Return where a box stands in the form: its field, and the number of its line."""
    base, _, box = name.replace("staff_unit", "staff").partition("-")
    number = box.split("-")[0]
    return _ORDER.index(base), int(number) if number.isdigit() else 0


def _by_field(problems: Sequence[Problem]) -> Mapping[str, Sequence[str]]:
    sentences: dict[str, list[str]] = {}
    for problem in problems:
        texts = sentences.setdefault(problem.field, [])
        text = problem_text(problem)
        if text not in texts:
            texts.append(text)
    return sentences


_PARTS = {
    "funding": {
        "donor": "Geber",
        "programme": "Programm",
        "amount": "Betrag",
        "start": "Von",
        "end": "Bis",
    },
    "milestones": {
        "title": "Meilenstein",
        "due_on": "Geplant bis",
        "done": "erledigt",
        "done_on": "Erledigt am",
    },
}


def box_label(name: str, page: ReportPage) -> str:
    """Return a box's name in the summary: "Fördermittel, Zeile 2, Betrag"."""
    base, _, box = name.partition("-")
    label = REPORT_FIELD[base]
    if not box:
        return label
    if base in _PARTS:
        number, part = box.split("-")
        return f"{label}, Zeile {int(number) + 1}, {_PARTS[base][part]}"
    if base == "participants":
        return f"{label}, {PARTICIPANT_UNIT[ParticipantUnit(box)].text}"
    names = {indicator.key: indicator.name for indicator in page.indicators}
    return f"{label}, {names.get(box, box)}"


def _is_filled(values: FormValues, name: str) -> bool:
    if name in {"districts", "funding", "milestones"}:
        return bool(getattr(values, name))
    return any(text.strip() for key, text in values.texts.items() if base_name(key) == name)


def _is_stale(values: FormValues, page: ReportPage) -> bool:
    text = values.text("consequence").strip()
    return bool(
        text
        and page.before
        and page.before.said.consequence.strip() == text
        and values.text("course") == Course.ON_TRACK
    )


def _reason_needed(values: FormValues, before: Implementation | None) -> bool:
    try:
        implementation = Implementation(values.text("implementation"))
    except ValueError:
        return False
    course = values.text("course")
    return reason_required(
        before, implementation, Course(course) if course in set(Course) else None
    )


# What the form began from: a short mark of each field as it was opened or last saved. After a
# conflict it tells what a person wrote from what only stood there.
DIGESTS = "begonnen"


def field_digests(content: ReportContent, indicators: Sequence[IndicatorFact]) -> str:
    words = readable(content, indicators, districts={})
    return " ".join(f"{name}:{_digest(words.get(name, ''))}" for name in REPORT_FIELD)


def untouched(
    mine: ReportContent, digests: str, indicators: Sequence[IndicatorFact]
) -> frozenset[str]:
    now = field_digests(mine, indicators).split()
    return frozenset(digest.partition(":")[0] for digest in set(now) & set(digests.split()))


def _digest(text: str) -> str:
    return sha256(" ".join(text.split()).encode()).hexdigest()[:8]
