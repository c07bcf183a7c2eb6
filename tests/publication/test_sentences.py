"""Reading sentences are right for none, one and many."""

from typing import Any

import pytest

from tracker.core.german import UNKNOWN, day, euro, number, percent, shortened
from tracker.publication.reading import sentences as say
from tracker.publication.reading.words import current, money, written


def spread(
    reported: int, total: int, *, running: int = 0, critical: int = 0, planned: int = 0
) -> Any:
    """A distribution with as many running measures, critical ones and ones as planned."""
    counts = dict.fromkeys(current().implementation, 0) | {"in_progress": running}
    courses = {"on_track": planned, "at_risk": 0, "critical": critical}
    return {"reported": reported, "total": total, "counts": counts, "courses": courses}


def running(count: int, reported: int, total: int, **among: str) -> str:
    return say.running_or_fulfilled(spread(reported, total, running=count), **among)


def critical(count: int, reported: int, new: int | None = None, *, since: str = "Q2/2026") -> str:
    counts = spread(reported, 57, critical=count)
    return say.troubled(counts, new, course=current().course["critical"], since=since)


def planned(count: int, others: int) -> str:
    return say.as_planned(spread(50, 57, planned=count, critical=others), current())


HALF = "ist mindestens die Hälfte der Maßnahmen als laufend oder erfüllt gemeldet"
SENTENCES = [
    (
        say.found(58, 58, spread(53, 57), reportable=57),
        (
            "58 von 58 Maßnahmen; 53 von 57 Maßnahmen gemeldet; über 1 Querverweis wird nicht "
            "berichtet."
        ),
    ),
    (
        say.found(2, 58, spread(1, 2), reportable=57),
        "2 von 57 Maßnahmen; 1 von 2 Maßnahmen gemeldet.",
    ),
    (say.measures(0), "keine Maßnahme"),
    (say.measures(1), "1 Maßnahme"),
    (say.measures(3), "3 Maßnahmen"),
    (critical(0, 57, 0), "Als kritisch gemeldet: keine (57 von 57 Maßnahmen gemeldet)."),
    (critical(0, 1, 0), "Als kritisch gemeldet: keine (1 von 57 Maßnahmen gemeldet)."),
    (critical(0, 0), "Als kritisch gemeldet: keine (0 von 57 Maßnahmen gemeldet)."),
    (
        critical(1, 1, 1),
        "Als kritisch gemeldet: die eine gemeldete Maßnahme (57 insgesamt), neu seit Q2/2026.",
    ),
    (
        critical(1, 30, 0),
        (
            "Als kritisch gemeldet: 1 von 30 gemeldeten Maßnahmen (57 insgesamt), nicht neu seit "
            "Q2/2026."
        ),
    ),
    (critical(1, 30), "Als kritisch gemeldet: 1 von 30 gemeldeten Maßnahmen (57 insgesamt)."),
    (
        critical(3, 30, 2),
        (
            "Als kritisch gemeldet: 3 von 30 gemeldeten Maßnahmen (57 insgesamt), davon 2 neu seit "
            "Q2/2026."
        ),
    ),
    (
        critical(2, 2, 2),
        (
            "Als kritisch gemeldet: beide gemeldeten Maßnahmen (57 insgesamt), davon 2 neu seit "
            "Q2/2026."
        ),
    ),
    (
        critical(3, 57, 0),
        (
            "Als kritisch gemeldet: 3 von 57 gemeldeten Maßnahmen (57 insgesamt), davon keine neu "
            "seit Q2/2026."
        ),
    ),
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
    (say.missing(1, 1, 0), "Zu der einen Maßnahme liegt keine geprüfte Meldung vor."),
    (say.proposals(0), "Es liegt kein Steuerungsvorschlag vor."),
    (say.proposals(1), "1 Steuerungsvorschlag liegt vor."),
    (say.proposals(2), "2 Steuerungsvorschläge liegen vor."),
    (
        say.moved([("verschlechtert", 0), ("verbessert", 0)], "Q2/2026"),
        "Gegenüber Q2/2026 hat sich bei keiner Maßnahme Stand oder Verlauf geändert.",
    ),
    (
        say.moved([("verschlechtert", 1), ("verbessert", 0)], "Q2/2026"),
        "Gegenüber Q2/2026: 1 verschlechtert.",
    ),
    (
        say.moved([("verschlechtert", 2), ("verbessert", 7), ("neu gemeldet", 1)], "Q2/2026"),
        "Gegenüber Q2/2026: 2 verschlechtert, 7 verbessert und 1 neu gemeldet.",
    ),
    (say.moved([], None), "Eine frühere veröffentlichte Runde zum Vergleichen gab es nicht."),
    (
        say.proposals(0, ["3.2"]),
        "Es liegt kein Steuerungsvorschlag vor. Ohne Steuerungsvorschlag: \
3.2 (gefährdet oder kritisch).",
    ),
    (
        say.proposals(9, ["3.2", "4.1"]),
        "9 Steuerungsvorschläge liegen vor. Ohne Steuerungs\
vorschlag: 3.2 und 4.1 (gefährdet oder kritisch).",
    ),
    (running(0, 0, 0), "Es gibt keine Maßnahme, über die berichtet wird"),
    (running(0, 0, 57), "Als laufend oder erfüllt gemeldet: keine (0 von 57 Maßnahmen gemeldet)"),
    (
        running(1, 30, 57),
        "Als laufend oder erfüllt gemeldet: 1 von 30 gemeldeten Maßnahmen (57 insgesamt)",
    ),
    (
        running(25, 30, 57),
        "Als laufend oder erfüllt gemeldet: 25 von 30 gemeldeten Maßnahmen (57 insgesamt)",
    ),
    (
        running(57, 57, 57),
        "Als laufend oder erfüllt gemeldet: alle 57 gemeldeten Maßnahmen (57 insgesamt)",
    ),
    (
        running(2, 2, 4, among=say.CHOSEN),
        "Als laufend oder erfüllt gemeldet: beide gemeldeten Maßnahmen (4 in der Auswahl)",
    ),
    (planned(0, 0), "Ein Verlauf ist zu keiner Maßnahme gemeldet (57 insgesamt)"),
    (
        planned(0, 1),
        "Als planmäßig gemeldet: nicht die eine Maßnahme mit Angabe zum Verlauf (57 insgesamt)",
    ),
    (
        planned(1, 0),
        "Als planmäßig gemeldet: die eine Maßnahme mit Angabe zum Verlauf (57 insgesamt)",
    ),
    (
        planned(0, 4),
        "Als planmäßig gemeldet: keine von 4 Maßnahmen mit Angabe zum Verlauf (57 insgesamt)",
    ),
    (
        planned(33, 10),
        "Als planmäßig gemeldet: 33 von 43 Maßnahmen mit Angabe zum Verlauf (57 insgesamt)",
    ),
    (say.coverage(0, 57), "0 von 57 Maßnahmen gemeldet"),
    (say.coverage(1, 1), "die eine Maßnahme gemeldet"),
    (say.fields_ahead(0, 0), "Es gibt kein Handlungsfeld"),
    (
        say.fields_ahead(0, 9),
        f"In keinem Handlungsfeld {HALF}",
    ),
    (
        say.fields_ahead(1, 1),
        f"In dem einen Handlungsfeld {HALF}",
    ),
    (
        say.fields_ahead(7, 9),
        f"In 7 von 9 Handlungsfeldern {HALF}",
    ),
    (
        say.fields_ahead(9, 9),
        f"In allen 9 Handlungsfeldern {HALF}",
    ),
    (
        say.fields_ahead(2, 2),
        f"In beiden Handlungsfeldern {HALF}",
    ),
    (
        say.troubled(
            spread(30, 57, critical=2),
            1,
            course=current().course["critical"],
            since="Q4/2026",
            later=True,
        ),
        (
            "Als kritisch gemeldet: 2 von 30 gemeldeten Maßnahmen (57 insgesamt), davon 1 neu "
            "gegenüber Q4/2026."
        ),
    ),
    (
        say.newly_fulfilled(0, "Q2/2026", words="fertig"),
        "Seit Q2/2026 neu als fertig gemeldet: keine Maßnahme.",
    ),
    (
        say.newly_fulfilled(2, "Q4/2026", words="fertig", later=True),
        "Gegenüber Q4/2026 neu als fertig gemeldet: 2 Maßnahmen.",
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
