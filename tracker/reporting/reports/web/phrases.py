"""German sentences about due days and counts, right for none, one and many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tracker.core.errors import Problem
from tracker.core.german import counted, every, opening, plural, some
from tracker.core.german import day as written_day
from tracker.core.periods import local_day
from tracker.reporting.reports.queries.my_measures import MyMeasure, MyRound
from tracker.reporting.reports.queries.report_page import ReportPage
from tracker.reporting.rules.reports import ReportState

UNREADABLE = frozenset(
    {
        *("number_invalid", "amount_unclear", "unit_other", "count_invalid", "choice_invalid"),
        *("date_invalid", "date_out_of_range"),
    }
)


def remaining(due: date, *, today: date) -> str:
    """Return how long there is still time, e.g. "noch 6 Tage"; due must not be past."""
    left = (due - today).days
    return "heute ist der letzte Tag" if left == 0 else f"noch {counted(left, 'Tag', 'Tage')}"


def left_words(problems: Sequence[Problem]) -> str:
    """Return what could not be stored yet, e.g. "1 Angabe noch nicht lesbar"; "" for nothing."""
    # Control characters are taken out: the rest of such a text is stored.
    left = [problem for problem in problems if problem.code != "control_characters"]
    if not left:
        return ""
    count = counted(len(left), "Angabe", "Angaben")
    unread = all(problem.code in UNREADABLE for problem in left)
    return f"{count} noch nicht {'lesbar' if unread else 'gespeichert: bitte prüfen'}"


def due_words(due: date, *, today: date, may_write: bool) -> str:
    """Return when a report is due, e.g. "noch 6 Tage, bis 15.10.2026".

    Whoever cannot write any more has no days left, however late the due day lies.
    """
    if not may_write:
        lies = "war" if due < today else "wäre"
        return f"die Runde ist geschlossen; die Frist {lies} am {written_day(due)}"
    if due == today:
        return f"heute ist der letzte Tag ({written_day(due)})"
    if due > today:
        return f"{remaining(due, today=today)}, bis {written_day(due)}"
    late = counted((today - due).days, "Tag", "Tagen")
    return f"seit {late} überfällig – Sie können noch melden"


def resubmit_words(returned_on: date, resubmit_days: int, *, today: date) -> str:
    """Return by when a returned report is expected again (domain.md 5)."""
    due = returned_on + timedelta(days=resubmit_days)
    if due >= today:
        return f"Bitte bis {written_day(due)} ergänzen, {remaining(due, today=today)}"
    late = counted((today - due).days, "Tag", "Tagen")
    return f"Ergänzung war bis {written_day(due)} erbeten, seit {late} offen"


def handed_in(page: ReportPage, *, on_behalf: bool, unchanged: bool = False) -> str:
    """Return what to tell after a submission; whoever wrote on behalf may not review it."""
    done = "unverändert bestätigt und abgegeben" if unchanged else "abgegeben"
    if on_behalf:
        return (
            f"Die Meldung zu {page.code} ist im Namen von {page.institution} {done}. "
            "Eine andere Person der koordinierenden Stelle prüft sie."
        )
    return f"Ihre Meldung zu {page.code} ist {done}. Die koordinierende Stelle prüft sie."


def measure_due(measure: MyMeasure, round_: MyRound, *, today: date) -> str:
    if not measure.is_open:
        return ""
    if measure.state is ReportState.RETURNED and measure.returned_at and measure.may_write:
        returned_on = local_day(measure.returned_at)
        return resubmit_words(returned_on, round_.resubmit_days, today=today)
    words = due_words(measure.due, today=today, may_write=measure.may_write)
    return f"{_later(measure)}: {words}" if measure.due > round_.due_on else words


def _later(measure: MyMeasure) -> str:
    """Return what a day after the Abgabefrist is: granted, or the report's own."""
    return "Eigene Frist" if measure.joined_reason else "Nachfrist"


def counting_sentence(round_: MyRound, *, today: date) -> str:
    """Return how many reports are open and until when, e.g. "Sie haben noch 4 von 7 …"."""
    total, still_open = len(round_.expected), round_.open_count
    if total == 0:
        return "In dieser Runde ist von Ihnen keine Meldung nötig."
    if still_open == 0:
        done = plural(total, "Ihre Meldung ist", f"{every(total)} Meldungen sind")
        return f"{opening(done)} abgegeben. Vielen Dank."
    count = plural(total, "1 Meldung", f"{still_open} von {total} Meldungen")
    again = sum(measure.is_open and measure.handed_in is not None for measure in round_.measures)
    before = f", {some(again, '', 'eine')} davon {plural(again, 'war', 'waren')} schon abgegeben"
    owed = f"Sie haben noch {count} offen{before if again and total > 1 else ''}."
    return f"{owed} {_deadline(round_, today=today)}"


def _deadline(round_: MyRound, *, today: date) -> str:
    writable = [measure for measure in round_.measures if measure.may_write]
    if not writable:
        return "Die Runde ist geschlossen."
    first = min(writable, key=lambda measure: measure.due)
    due = first.due
    if due > round_.due_on:
        later = _later(first)
        usual = f"(Abgabefrist {written_day(round_.due_on)})"
        if due >= today:
            return f"{later}: {written_day(due)}, {remaining(due, today=today)} {usual}."
        which = later[0].lower() + later[1:] if first.joined_reason else later
        return f"Die {which} war am {written_day(due)} {usual}; Sie können noch melden."
    if due >= today:
        return f"Abgabefrist: {written_day(due)}, {remaining(due, today=today)}."
    return f"Die Abgabefrist war am {written_day(due)}; Sie können noch melden."
