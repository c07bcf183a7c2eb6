"""A year of rounds planned at once, and the days of one round moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Optional

from tracker.cockpit.holidays import holidays_around
from tracker.cockpit.web.base import blueprint, head_of
from tracker.concept.web.current import concept_id
from tracker.core.db import transaction
from tracker.core.errors import Invalid
from tracker.core.german import counted
from tracker.core.german import day as written_day
from tracker.core.periods import Period
from tracker.core.permissions import Role
from tracker.core.problems import problem_text
from tracker.reporting.rounds.actions import rounds as actions
from tracker.reporting.rounds.queries import round_planning as queries
from tracker.reporting.rounds.queries.round_list import RoundHead
from tracker.reporting.rounds.queries.round_planning import Slot
from tracker.reporting.rules import planning
from tracker.reporting.rules.planning import DATE_FIELDS, Concern, Pattern, RoundDates
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.words import DAY_CONCERN, ROUND_DATE, ROUND_PATTERN, concern_text
from tracker.web import problems
from tracker.web.access import actor, requires
from tracker.web.addresses import CONCEPT
from tracker.web.days import DayField
from tracker.web.forms import Form, choice
from tracker.web.runtime import now, session, settings, today

SEEN = "gesehen"
YEARS_AHEAD = 3


class YearForm(Form):
    jahr = SelectField("Jahr", [InputRequired("Bitte wählen Sie das Jahr.")])
    muster = SelectField(
        "Zeiträume",
        [InputRequired("Bitte wählen Sie Quartale oder Halbjahre.")],
        choices=[choice(pattern.value, ROUND_PATTERN[pattern].text) for pattern in Pattern],
    )


class DatesForm(Form):
    opens_on = DayField(ROUND_DATE["opens_on"].text, [Optional()])
    due_on = DayField(
        ROUND_DATE["due_on"].text, [InputRequired("Bitte geben Sie die Abgabefrist an.")]
    )
    closes_on = DayField(ROUND_DATE["closes_on"].text, [Optional()])
    despatch_on = DayField(ROUND_DATE["despatch_on"].text, [Optional()])
    committee_on = DayField(ROUND_DATE["committee_on"].text, [Optional()])


class PlannedForm(DatesForm):
    plan = BooleanField("Diese Runde planen")


@dataclass
class PlanningRow:
    period: Period
    form: Any
    slot: Slot | None = None
    concerns: dict[str, list[Concern]] = field(default_factory=dict)

    def check(self, *, today: date) -> bool:
        """Validate the form and look twice at its days; return whether they can be saved."""
        right = bool(self.form.validate())
        dates = self.dates()
        if dates is None:
            return False
        for problem in planning.problems(self.period, dates) if right else ():
            field = self.form[problem.field]
            field.errors = [*field.errors, problem_text(problem)]
            right = False
        self.look_twice(today=today)
        return right

    def look_twice(self, *, today: date) -> None:
        dates = self.dates()
        if dates is None:
            return
        holidays = holidays_around((day for _, day in dates.named()), region=settings().region)
        for concern in planning.concerns(self.period, dates, holidays=holidays, today=today):
            self.concerns.setdefault(concern.field, []).append(concern)

    def dates(self) -> RoundDates | None:
        """Return the days that were read, None as long as there is no Abgabefrist."""
        if self.form.due_on.data is None:
            return None
        return RoundDates(**{name: self.form[name].data for name in DATE_FIELDS})

    @property
    def tokens(self) -> set[str]:
        """Return what tells this row's concerns apart from those that were shown before."""
        return {
            f"{self.period.key}.{concern.token}"
            for items in self.concerns.values()
            for concern in items
        }

    @property
    def wrong(self) -> list[Any]:
        return [field for field in self.form if field.errors]


def year_form(today: date, *, usual: int) -> YearForm:
    """Return the choice of year and pattern, as asked for in the address or as is usual.

    `usual` is the year that is shown where none is asked for.
    """
    begin = today.year - 1
    asked = MultiDict(request.values)
    asked.setdefault("muster", settings().rhythm)
    form = YearForm(formdata=asked if "jahr" in asked else None)
    form.jahr.choices = [
        choice(str(year), str(year)) for year in range(begin, today.year + YEARS_AHEAD + 1)
    ]
    if "jahr" not in request.values:
        form.jahr.data = str(usual)
        form.muster.data = settings().rhythm
    return form


def planned_row(slot: Slot, *, posted: bool, today: date) -> PlanningRow:
    prefix = f"{slot.period.key}-"
    if posted:
        return PlanningRow(slot.period, PlannedForm(prefix=prefix), slot)
    data = {name: getattr(slot.dates, name) for name in DATE_FIELDS}
    data |= {"plan": not slot.is_over(today)}
    return PlanningRow(slot.period, PlannedForm(formdata=None, prefix=prefix, data=data), slot)


def unseen(tokens: Iterable[str]) -> set[str]:
    return set(tokens) - set(request.form.get(SEEN, "").split())


CHECK_ONLY = "pruefen"
_WORDS: dict[str, Any] = {"day_concern": DAY_CONCERN, "concern_text": concern_text}


@dataclass
class YearPage:
    """A year to plan: the rows that can be filled in, the periods that cannot, and problems."""

    form: YearForm
    slots: tuple[Slot, ...] = ()
    rows: list[PlanningRow] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    has_news: bool = False

    @property
    def chosen(self) -> list[PlanningRow]:
        return [row for row in self.rows if row.form.plan.data]


@blueprint.get(f"{CONCEPT}/runden/planen")
@requires(Role.COORDINATION)
def plan_year() -> ResponseReturnValue:
    page = _year_page(posted=False)
    for row in page.rows:
        row.look_twice(today=today())
    status = problems.HTTP_INVALID if page.form.errors else 200
    return _show_year(page), status


@blueprint.post(f"{CONCEPT}/runden/planen")
@requires(Role.COORDINATION)
def save_year() -> ResponseReturnValue:
    """Plan the chosen rounds at once; what was not shown yet is shown before."""
    page = _year_page(posted=True)
    if page.form.errors:
        return _show_year(page), problems.HTTP_INVALID
    if not page.chosen and _sent_before(page):
        flash("Diese Runden sind schon geplant. Geändert wurde nichts.", "info")
        return redirect(url_for("rounds.rounds"))
    checked = [row.check(today=today()) for row in page.chosen]
    if not checked:
        page.messages.append("Bitte kreuzen Sie mindestens eine Runde an, die geplant werden soll.")
    if page.messages or not all(checked):
        return _show_year(page), problems.HTTP_INVALID
    page.has_news = bool(unseen(token for row in page.chosen for token in row.tokens))
    if page.has_news or request.form.get("schritt") == CHECK_ONLY:
        return _show_year(page)
    try:
        with transaction(session()):
            planned = actions.plan_rounds(
                session(),
                concept_id=concept_id(),
                dates={row.period: problems.require_value(row.dates()) for row in page.chosen},
                resubmit_days=settings().resubmit_days,
                by=actor(),
                now=now(),
            )
            count = len(planned)
    except Invalid as refusal:
        page.messages.append(refusal.message)
        return _show_year(page), problems.HTTP_INVALID
    flash(f"{counted(count, 'Runde ist', 'Runden sind')} geplant.", "success")
    return redirect(url_for("rounds.rounds"))


@blueprint.get(f"{CONCEPT}/runden/<key>/termine")
@requires(Role.COORDINATION)
def dates(key: str) -> ResponseReturnValue:
    head = _movable(key)
    data = {name: getattr(head, name) for name in DATE_FIELDS}
    row = PlanningRow(head.period, DatesForm(formdata=None, data=data))
    row.look_twice(today=today())
    return _show_dates(head, row)


@blueprint.post(f"{CONCEPT}/runden/<key>/termine")
@requires(Role.COORDINATION)
def save_dates(key: str) -> ResponseReturnValue:
    """Move the days of a round; what was not shown yet is shown before."""
    head = _movable(key)
    row = PlanningRow(head.period, DatesForm())
    if head.state is RoundState.OPEN:
        row.form.opens_on.data = head.opens_on
    right = row.check(today=today())
    dates = row.dates()
    if not right or dates is None:
        return _show_dates(head, row), problems.HTTP_INVALID
    notes = moved(head, dates)
    news = unseen({*row.tokens, *notes})
    if news or request.form.get("schritt") == CHECK_ONLY:
        return _show_dates(head, row, notes=notes, has_news=bool(news))
    try:
        with transaction(session()):
            changed = actions.change_dates(
                session(),
                round_=actions.load(session(), round_id=head.id),
                dates=dates,
                by=actor(),
                now=now(),
            )
    except Invalid as refusal:
        return _show_dates(head, row), problems.show(row.form, refusal)
    flash(
        "Die Termine sind gespeichert." if changed else "Geändert wurde nichts.",
        "success" if changed else "info",
    )
    return redirect(url_for("rounds.cockpit", key=head.key))


def moved(head: RoundHead, dates: RoundDates) -> dict[str, str]:
    """Return what another Abgabefrist means in an open round, by the token of the note."""
    if head.state is not RoundState.OPEN or dates.due_on == head.due_on:
        return {}
    way = f"vom {written_day(head.due_on)} auf den {written_day(dates.due_on)}"
    text = (
        f"Die Abgabefrist wird {way} verlegt, für alle Institutionen. Meldungen, die bis dahin "
        "kommen oder gekommen sind, zählen als pünktlich."
        if dates.due_on > head.due_on
        else f"Die Abgabefrist wird {way} vorgezogen. Die Institutionen haben dann weniger Zeit "
        "als angekündigt. Bitte geben Sie ihnen Bescheid."
    )
    return {f"{head.key}.moved.{dates.due_on.isoformat()}": text}


def _year_page(*, posted: bool) -> YearPage:
    form = year_form(today(), usual=_next_year())
    if "jahr" in request.values and not form.validate():
        return YearPage(form)
    slots = _slots(int(form.jahr.data), Pattern(form.muster.data))
    free = [slot for slot in slots if slot.is_free]
    return YearPage(form, slots, [planned_row(slot, posted=posted, today=today()) for slot in free])


def _slots(year: int, pattern: Pattern) -> tuple[Slot, ...]:
    return queries.year(
        session(),
        concept_id=concept_id(),
        year=year,
        pattern=pattern,
        due_day=settings().due_day,
    )


def _next_year() -> int:
    years = range(today().year - 1, today().year + YEARS_AHEAD + 1)
    for year in years:
        slots = _slots(year, Pattern(settings().rhythm))
        if any(slot.is_free and not slot.is_over(today()) for slot in slots):
            return year
    return today().year


def _sent_before(page: YearPage) -> bool:
    """Return whether what was chosen has been planned meanwhile, as after a double click."""
    return any(
        f"{slot.period.key}-plan" in request.form for slot in page.slots if slot.state is not None
    )


def _show_year(page: YearPage) -> str:
    tokens = sorted(token for row in page.rows for token in row.tokens)
    return render_template(
        "rounds/plan.html",
        page=page,
        rows={row.period.key: row for row in page.rows},
        seen=" ".join(tokens),
        today=today(),
        **_WORDS,
    )


def _movable(key: str) -> RoundHead:
    head = head_of(key)
    actions.require_movable(head.state)
    return head


def _show_dates(
    head: RoundHead,
    row: PlanningRow,
    *,
    notes: dict[str, str] | None = None,
    has_news: bool = False,
) -> str:
    return render_template(
        "rounds/dates.html",
        head=head,
        row=row,
        notes=notes or {},
        has_news=has_news,
        seen=" ".join(sorted({*row.tokens, *(notes or {})})),
        **_WORDS,
    )
