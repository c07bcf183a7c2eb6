"""Due days and counts in German, right for none, one and many."""

from dataclasses import replace
from datetime import date

import pytest

from tests.factories import moment
from tracker.core.periods import Period
from tracker.reporting.reports.queries.my_measures import MyMeasure, MyRound
from tracker.reporting.reports.web.phrases import (
    counting_sentence,
    due_words,
    measure_due,
    resubmit_words,
)
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.rounds import RoundState

DUE = date(2026, 10, 15)
MEASURE = MyMeasure(
    report_id=1,
    code="1.1",
    text="Maßnahme",
    state=ReportState.EXPECTED,
    due=DUE,
    returned_at=None,
    return_comment="",
    waived_reason="",
    before=None,
    handed_in=None,
    may_write=True,
)


def round_of(*states: ReportState, may_write: bool = True) -> MyRound:
    measures = tuple(replace(MEASURE, state=state, may_write=may_write) for state in states)
    return MyRound(1, "", Period(2026, "Q", 3), RoundState.OPEN, DUE, 7, measures)


@pytest.mark.parametrize(
    ("today", "may_write", "words"),
    [
        (date(2026, 10, 9), True, "noch 6 Tage, bis 15.10.2026"),
        (date(2026, 10, 14), True, "noch 1 Tag, bis 15.10.2026"),
        (date(2026, 10, 15), True, "heute ist der letzte Tag (15.10.2026)"),
        (date(2026, 10, 16), True, "seit 1 Tag überfällig – Sie können noch melden"),
        (date(2026, 10, 18), True, "seit 3 Tagen überfällig – Sie können noch melden"),
        (date(2026, 10, 18), False, "die Runde ist geschlossen; die Frist war am 15.10.2026"),
        (date(2026, 10, 9), False, "die Runde ist geschlossen; die Frist wäre am 15.10.2026"),
    ],
)
def test_the_due_day_in_words(today: date, may_write: bool, words: str) -> None:
    assert due_words(DUE, today=today, may_write=may_write) == words


E, D, S, A, R, W = (
    ReportState.EXPECTED,
    ReportState.DRAFT,
    ReportState.SUBMITTED,
    ReportState.ACCEPTED,
    ReportState.RETURNED,
    ReportState.WAIVED,
)


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ((), "In dieser Runde ist von Ihnen keine Meldung nötig."),
        ((W,), "In dieser Runde ist von Ihnen keine Meldung nötig."),
        ((S,), "Ihre Meldung ist abgegeben. Vielen Dank."),
        ((S, A), "Beide Meldungen sind abgegeben. Vielen Dank."),
        ((E,), "Sie haben noch 1 Meldung offen. Abgabefrist: 15.10.2026, noch 6 Tage."),
        (
            (E, D, R, S, W),
            "Sie haben noch 3 von 4 Meldungen offen. Abgabefrist: 15.10.2026, noch 6 Tage.",
        ),
    ],
)
def test_the_counting_sentence(states: tuple[ReportState, ...], words: str) -> None:
    assert counting_sentence(round_of(*states), today=date(2026, 10, 9)) == words


def test_the_counting_sentence_after_the_due_day_and_after_closing() -> None:
    late = date(2026, 10, 18)
    assert counting_sentence(round_of(E, S), today=late).endswith(
        "Die Abgabefrist war am 15.10.2026; Sie können noch melden."
    )
    more_time = replace(round_of(E), due_on=date(2026, 10, 10))
    assert counting_sentence(more_time, today=date(2026, 10, 12)).endswith(
        "offen. Nachfrist: 15.10.2026, noch 3 Tage (Abgabefrist 10.10.2026)."
    )
    assert counting_sentence(more_time, today=late).endswith(
        "Die Nachfrist war am 15.10.2026 (Abgabefrist 10.10.2026); Sie können noch melden."
    )
    closed = round_of(E, S, may_write=False)
    assert counting_sentence(closed, today=late).endswith("offen. Die Runde ist geschlossen.")


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 10, 9), "Bitte bis 12.10.2026 ergänzen, noch 3 Tage"),
        (date(2026, 10, 13), "Ergänzung war bis 12.10.2026 erbeten, seit 1 Tag offen"),
    ],
)
def test_a_returned_report_has_a_day_of_its_own(today: date, words: str) -> None:
    assert resubmit_words(date(2026, 10, 5), 7, today=today) == words
    returned = replace(MEASURE, state=ReportState.RETURNED, returned_at=moment("2026-10-05 09:00"))
    assert measure_due(returned, round_of(R), today=today) == words


@pytest.mark.parametrize("state", [S, A, W])
def test_nothing_is_due_for_what_is_done(state: ReportState) -> None:
    assert measure_due(replace(MEASURE, state=state), round_of(state), today=DUE) == ""


def test_an_extension_is_named() -> None:
    extended = replace(MEASURE, due=date(2026, 10, 20))
    words = measure_due(extended, round_of(E), today=date(2026, 10, 18))
    assert words == "Nachfrist: noch 2 Tage, bis 20.10.2026"
