"""Reading sentences are right for none, one and many."""

from typing import Any

import pytest

from tracker.core.german import UNKNOWN, day, euro, number, percent, shortened
from tracker.publication.reading import sentences as say
from tracker.publication.reading.words import current, money, written


def spread(reported: int, total: int) -> Any:
    return {"reported": reported, "total": total}


SENTENCES = [
    (
        say.found(58, 58, spread(53, 57)),
        (
            "58 von 58 Maßnahmen; 53 von 57 Maßnahmen gemeldet; über 1 Querverweis wird nicht "
            "berichtet."
        ),
    ),
    (say.found(2, 58, spread(1, 2)), "2 von 58 Maßnahmen; 1 von 2 Maßnahmen gemeldet."),
    (say.measures(0), "keine Maßnahme"),
    (say.measures(1), "1 Maßnahme"),
    (say.measures(3), "3 Maßnahmen"),
    (say.troubled(0, 0, word="kritisch", since="Q2/2026"), "Keine Maßnahme ist kritisch."),
    (
        say.troubled(1, 1, word="kritisch", since="Q2/2026"),
        "1 Maßnahme ist kritisch, neu seit Q2/2026.",
    ),
    (
        say.troubled(1, 0, word="kritisch", since="Q2/2026"),
        "1 Maßnahme ist kritisch, nicht neu seit Q2/2026.",
    ),
    (say.troubled(1, None, word="kritisch", since=""), "1 Maßnahme ist kritisch."),
    (
        say.troubled(3, 2, word="kritisch", since="Q2/2026"),
        "3 Maßnahmen sind kritisch, 2 davon neu seit Q2/2026.",
    ),
    (
        say.troubled(2, 2, word="gefährdet", since="Q2/2026"),
        "2 Maßnahmen sind gefährdet, beide neu seit Q2/2026.",
    ),
    (
        say.troubled(3, 3, word="gefährdet", since="Q2/2026"),
        "3 Maßnahmen sind gefährdet, alle neu seit Q2/2026.",
    ),
    (
        say.troubled(3, 0, word="gefährdet", since="Q2/2026"),
        "3 Maßnahmen sind gefährdet, keine davon neu seit Q2/2026.",
    ),
    (say.troubled(3, None, word="gefährdet", since=""), "3 Maßnahmen sind gefährdet."),
    (say.missing(0, 0, 0), "Es gibt keine Maßnahme, über die berichtet wird."),
    (say.missing(0, 1, 0), "Zu der einen Maßnahme liegt eine geprüfte Meldung vor."),
    (say.missing(0, 57, 0), "Zu allen 57 Maßnahmen liegt eine geprüfte Meldung vor."),
    (say.missing(1, 57, 0), "Zu 1 von 57 Maßnahmen liegt keine geprüfte Meldung vor."),
    (
        say.missing(1, 57, 1),
        "Zu 1 von 57 Maßnahmen liegt keine geprüfte Meldung vor; ein älterer Stand ist bekannt, \
er zählt nicht mit.",
    ),
    (
        say.missing(8, 9, 2),
        "Zu 8 von 9 Maßnahmen liegt keine geprüfte Meldung vor; zu 2 davon ist ein älterer\
 Stand bekannt, der nicht mitzählt.",
    ),
    (say.missing(57, 57, 0), "Zu keiner der 57 Maßnahmen liegt eine geprüfte Meldung vor."),
    (say.missing(1, 1, 0), "Zu 1 von 1 Maßnahme liegt keine geprüfte Meldung vor."),
    (say.proposals(0), "Es liegt kein Steuerungsvorschlag vor."),
    (say.proposals(1), "1 Steuerungsvorschlag liegt vor."),
    (say.proposals(2), "2 Steuerungsvorschläge liegen vor."),
    (
        say.moved([("verschlechtert", 0), ("verbessert", 0)], "Q2/2026"),
        "Gegenüber Q2/2026 hat sich bei keiner Maßnahme etwas geändert.",
    ),
    (
        say.moved([("verschlechtert", 1), ("verbessert", 0)], "Q2/2026"),
        "Gegenüber Q2/2026: 1 verschlechtert.",
    ),
    (
        say.moved([("verschlechtert", 2), ("verbessert", 7), ("neu gemeldet", 1)], "Q2/2026"),
        "Gegenüber Q2/2026: 2 verschlechtert, 7 verbessert und 1 neu gemeldet.",
    ),
    (
        say.moved([], None),
        "Dies ist die erste veröffentlichte Runde; ein Vergleich ist noch nicht möglich.",
    ),
    (say.running_or_fulfilled(0, 0), "Es gibt keine Maßnahme, über die berichtet wird"),
    (say.running_or_fulfilled(0, 57), "Noch keine von 57 Maßnahmen läuft oder ist erfüllt"),
    (say.running_or_fulfilled(1, 57), "1 von 57 Maßnahmen läuft oder ist erfüllt"),
    (say.running_or_fulfilled(38, 57), "38 von 57 Maßnahmen laufen oder sind erfüllt"),
    (say.running_or_fulfilled(57, 57), "Alle Maßnahmen laufen oder sind erfüllt"),
    (say.as_planned(0, 0), "Zu keiner Maßnahme ist ein Verlauf angegeben"),
    (say.as_planned(0, 4), "Keine von 4 Maßnahmen mit Angabe zum Verlauf läuft planmäßig"),
    (say.as_planned(1, 4), "1 von 4 Maßnahmen mit Angabe zum Verlauf läuft planmäßig"),
    (say.as_planned(3, 4), "3 von 4 Maßnahmen mit Angabe zum Verlauf laufen planmäßig"),
    (say.as_planned(4, 4), "Alle Maßnahmen mit Angabe zum Verlauf laufen planmäßig"),
    (say.coverage(0, 57), "0 von 57 Maßnahmen gemeldet"),
    (say.coverage(1, 1), "1 von 1 Maßnahme gemeldet"),
    (say.fields_ahead(0, 0), "Es gibt kein Handlungsfeld"),
    (
        say.fields_ahead(0, 9),
        "In keinem Handlungsfeld läuft mindestens die Hälfte der Maßnahmen oder ist erfüllt",
    ),
    (
        say.fields_ahead(1, 1),
        "In 1 von 1 Handlungsfeld läuft mindestens die Hälfte der Maßnahmen oder ist erfüllt",
    ),
    (
        say.fields_ahead(7, 9),
        "In 7 von 9 Handlungsfeldern läuft mindestens die Hälfte der Maßnahmen oder ist erfüllt",
    ),
    (
        say.fields_ahead(9, 9),
        "In allen 9 Handlungsfeldern läuft mindestens die Hälfte der Maßnahmen oder ist erfüllt",
    ),
    (
        say.fields_ahead(2, 2),
        "In beiden Handlungsfeldern läuft mindestens die Hälfte der Maßnahmen oder ist erfüllt",
    ),
    (
        say.troubled(2, 1, word="kritisch", since="Q4/2026", later=True),
        "2 Maßnahmen sind kritisch, 1 davon neu gegenüber Q4/2026.",
    ),
    (
        say.newly_fulfilled(0, "Q2/2026", words="fertig"),
        "Keine Maßnahme ist seit Q2/2026 neu fertig.",
    ),
    (
        say.newly_fulfilled(2, "Q4/2026", words="fertig", later=True),
        "2 Maßnahmen sind gegenüber Q4/2026 neu fertig.",
    ),
]


@pytest.mark.parametrize(("said", "expected"), SENTENCES)
def test_a_sentence_reads_right(said: str, expected: str) -> None:
    assert said == expected


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (day("2026-10-05"), "05.10.2026"),
        (day(None), "–"),
        (number("1250.5", UNKNOWN), "1.250,5"),
        (number(0, UNKNOWN), "0"),
        (number("-1250", UNKNOWN), "−1.250"),
        (number(None, UNKNOWN), "nicht bekannt"),
        (euro("1250.5", UNKNOWN), "1.250,50\N{NO-BREAK SPACE}€"),
        (euro("0", UNKNOWN), "0,00\N{NO-BREAK SPACE}€"),
        (euro(None, UNKNOWN), "nicht bekannt"),
        (percent("90.9"), "90,9\N{NO-BREAK SPACE}%"),
        (percent(None), "–"),
        (shortened("kurz", 10), "kurz"),
        (shortened("eins\n zwei", 20), "eins zwei"),
        (shortened("eins zwei drei", 10), "eins\N{NO-BREAK SPACE}…"),
        (shortened("ein längerer Satz", 14), "ein längerer\N{NO-BREAK SPACE}…"),
        (shortened("Kurse (für alle, die kommen)", 18), "Kurse (für\N{NO-BREAK SPACE}…)"),
        (
            shortened("Kurse (für alle) und mehr davon", 22),
            "Kurse (für alle) und\N{NO-BREAK SPACE}…",
        ),
        (shortened("x" * 20, 10), "xxxxxxxxx\N{NO-BREAK SPACE}…"),
    ],
)
def test_numbers_and_days_read_as_in_german_papers(shown: str, expected: str) -> None:
    assert shown == expected


@pytest.mark.parametrize(
    ("critical", "at_risk", "sentence"),
    [
        (0, 0, "15 von 17 Maßnahmen gemeldet."),
        (1, 0, "15 von 17 Maßnahmen gemeldet, davon 1 kritisch."),
        (0, 2, "15 von 17 Maßnahmen gemeldet, davon 2 gefährdet."),
        (1, 2, "15 von 17 Maßnahmen gemeldet, davon 1 kritisch und 2 gefährdet."),
    ],
)
def test_a_handlungsfeld_names_all_that_is_not_as_planned(
    critical: int, at_risk: int, sentence: str
) -> None:
    given: Any = {
        "reported": 15,
        "total": 17,
        "courses": {"critical": critical, "at_risk": at_risk},
    }
    assert say.field(given, current()) == sentence


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        ("", "–"),
        (0, "0"),
        (12500, "12.500"),
        (money("1250.5"), "1.250,50\N{NO-BREAK SPACE}€"),
    ],
)
def test_values_read_as_in_a_german_paper(value: Any, shown: str) -> None:
    assert written(value) == shown
