"""Every sentence of the readings that counts is right German for none, one, two and many.

The functions are found, not listed: one that is added is called with 0, 1, 2, 3 and 57.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations_with_replacement, product
from typing import Any, get_type_hints

import pytest

from tests.german_grammar import FAULTS, all_faults, faults
from tracker.publication import reading
from tracker.publication.reading.model_sections import ReturnsRow
from tracker.publication.reading.model_values import Count, Mark, Ratio, Spread
from tracker.publication.reading.words import Words, current
from tracker.publication.rules.document import DistributionRecord
from tracker.publication.rules.effect import Costs, Grants, Known
from tracker.publication.rules.privacy import PublishedTotal
from tracker.publication.rules.ziff5 import Funding
from tracker.reporting.rules.figures import Ratio as Counted
from tracker.reporting.rules.status import Implementation

COUNTS = (0, 1, 2, 3, 57)
PAIRS = [(count, total) for total in COUNTS for count in COUNTS if count <= total]
TOTALS = {"total", "of", "asked", "planned", "of_goals"}
NO_SENTENCE = {"fold"}
# The least that a count can be where a function is called.
LEAST = {
    "cut": {"shown": 2},  # tables and results of hundreds
    "established": {"count": 1},  # said where there are some
    "found": {"total": 1},  # nothing is searched where nothing is
    "more_places": {"count": 1},  # said of further ones only
    "rounds_shown": {"shown": 1},  # without a round there is no page over time
    # In one round nothing stands still yet (`rounds.standstill`).
    **{name: {"rounds": 2} for name in ("silent", "stuck", "unchanged")},
    "of_measures": {"total": 1},  # stands behind "von"
    "year_so_far": {"year": 57},  # no count
}


def _codes(count: int) -> tuple[str, ...]:
    return tuple(f"1.{number}" for number in range(1, count + 1))


def _known(count: int, total: int) -> Known:
    return Known(Decimal(count) if count else None, _codes(count), total)


def _row(count: int, total: int, percent: Decimal | None = Decimal(50)) -> ReturnsRow:
    return ReturnsRow("Feld", (Ratio("", count, total, percent, ""),) * 3, waived=count)


_MARK = current().course["critical"]
_ROWS = [_row(*pair) for pair in PAIRS] + [_row(*pair, percent=None) for pair in PAIRS]
_GRANTS = [
    Grants("ESF", _known(lines - unknown, total), lines, unknown)
    for lines, total in PAIRS
    for unknown in {0, min(1, lines), lines}
]
_MANY_ROWS = [
    [_row(*pair) for pair in pairs]
    for length in (0, 1, 2, 3)
    for pairs in combinations_with_replacement([(0, 1), (1, 1), (0, 3), (2, 2)], length)
]
# Values of each type that a sentence is made of.
VALUES: dict[Any, Sequence[Any]] = {
    int: COUNTS,
    int | None: (*COUNTS, None),
    bool: (False, True),
    str: ("Q2/2026",),
    str | None: ("Q2/2026", None),
    tuple[int, int]: PAIRS,
    Sequence[str]: [_codes(count) for count in (1, 2, 3)],
    Sequence[bool | None]: [
        values
        for length in (0, 1, 2, 3)
        for values in combinations_with_replacement((True, False, None), length)
    ],
    Sequence[tuple[str, int]]: [
        [("verschlechtert", one), ("verbessert", other)] for one, other in PAIRS
    ],
    Known: [_known(*pair) for pair in PAIRS],
    Costs: [Costs(_known(total, 57), _known(total, 57), _codes(over)) for over, total in PAIRS],
    Grants: _GRANTS,
    Sequence[Grants]: [
        [Grants(name, Known(amount, ("1.1",), 57), 1, 0) for name, amount in donors]
        for length in (0, 1, 2, 3)
        for donors in combinations_with_replacement(
            [("ESF", Decimal(5)), ("Land", Decimal(5)), ("Bund", None)], length
        )
    ],
    Funding: [
        Funding(Counted(count, total), Decimal(count) if count else None, without)
        for count, total in PAIRS
        for without in {0, min(1, count), count}
    ],
    PublishedTotal: [PublishedTotal(shown, hidden) for shown in (None, 0, 5) for hidden in COUNTS],
    Ratio: [_row(*pair).completeness for pair in PAIRS],
    ReturnsRow: _ROWS,
    Sequence[ReturnsRow]: _MANY_ROWS,
    Iterable[ReturnsRow]: _MANY_ROWS,
    DistributionRecord: [
        {
            "counts": dict.fromkeys(Implementation, 0) | {Implementation.IN_PROGRESS: count},
            "courses": {"critical": count, "at_risk": 0, "on_track": reported - count},
            "reported": reported,
            "total": total,
        }
        for reported, total in PAIRS
        for count in {0, min(1, reported), reported}
    ],
    Spread: [
        Spread(
            "",
            (Count(_MARK, count), Count(_MARK, reported - count), Count(_MARK, total - reported)),
            (),
            0,
            reported,
            total,
        )
        for reported, total in PAIRS
        for count in {0, min(1, reported), reported}
    ],
    Mark: [_MARK],
    Words: [current()],
}


WITHOUT_COUNT = {str, bool, str | None, Mark, Words}


def _counting() -> Iterator[Callable[..., str]]:
    """The functions of the readings that make a text of a count."""
    for module in pkgutil.iter_modules(reading.__path__):
        loaded = importlib.import_module(f"{reading.__name__}.{module.name}")
        for _, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ != loaded.__name__ or function.__name__ in NO_SENTENCE:
                continue
            hints = get_type_hints(function)
            returned, kinds = hints.pop("return", None), set(hints.values())
            is_text = returned in {str, tuple[str, ...]} and not function.__name__.startswith("_")
            if is_text and kinds <= set(VALUES) and kinds - WITHOUT_COUNT:
                yield function


SENTENCES = list(_counting())


def _said(function: Callable[..., Any]) -> Iterator[str]:
    hints = {name: kind for name, kind in get_type_hints(function).items() if name != "return"}
    least = LEAST.get(function.__name__, {})
    for values in product(*(VALUES[kind] for kind in hints.values())):
        given = dict(zip(hints, values, strict=True))
        is_small = any(given.get(name, count) < count for name, count in least.items())
        if is_small or not _is_possible(given):
            continue
        said = function(**given)
        yield from [said] if isinstance(said, str) else said


def _is_possible(given: dict[str, Any]) -> bool:
    """Whether no part is larger than the whole that is named behind it."""
    so_far: list[int] = []
    for name, value in given.items():
        if name in TOTALS and any(part > value for part in so_far):
            return False
        if isinstance(value, tuple):
            so_far.append(len(value))
        elif type(value) is int and name != "year":
            so_far = [] if name in TOTALS else [*so_far, value]
    return True


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


@pytest.mark.parametrize("function", SENTENCES, ids=_name)
def test_a_sentence_is_right_for_none_one_two_and_many(function: Callable[..., Any]) -> None:
    assert all_faults(_said(function)) == []


def test_the_counting_sentences_are_found() -> None:
    names = {item.__name__ for item in SENTENCES}
    assert {"missing", "over_plan", "in_time", "stuck", "overdue", "funding", "found"} <= names
    assert len(names) > 40


WRONG = {
    "one of many": ("1 Maßnahmen", "1 von 1 Meldungen kam", "1 erwarteten Meldungen"),
    "one, and a verb for many": ("1 von 53 Meldungen sind angenommen.", "Eine davon liegen vor."),
    "many, and a verb for one": ("2 von 53 Meldungen ist angenommen.", "3 Mails wartet."),
    "a verb for many, then one": ("Es liegen 1 Meldung vor.", "In Q1 waren es 1."),
    "none of one": ("Keine von 1 Maßnahme läuft.", "zu keinem von 1 Ziel"),
    "of one, a number": ("1 von 1 Maßnahme gemeldet", "1 von 1 eingegangen."),
    "all, as a number": ("2 von 2 Maßnahmen mit Plan liegen darüber", "Zu 3 von 3 Zielen liegt"),
    "all of one or two": ("In allen 2 Feldern", "Alle 2 Meldungen"),
    "the last one, in the plural": ("die letzten 1 von 3 Runden", "den übrigen 1"),
    "1 davon": ("zu 1 davon", "0 davon sind neu"),
    "of one, one": ("Von 1 Termin für nächste Schritte liegt keiner vor dem Stichtag.",),
    "no Maßnahme as a number": ("0 Maßnahmen", "0 erwartete Meldungen"),
    "not published people": ("unter 5, nicht veröffentlicht Personen",),
    "two full stops": ("befreit – Ruht..",),
    "two spaces": ("ist  neu",),
    "a space before the sign": ("ist neu .",),
    "nothing in brackets": ("Meldung ()",),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_rule_finds_what_it_is_for(name: str) -> None:
    for text in WRONG[name]:
        assert [fault for fault in faults(text) if fault.startswith(name)], text


@pytest.mark.parametrize(
    "text",
    [
        "1 von 57 Maßnahmen ist kritisch.",
        "2 von 57 Maßnahmen sind kritisch.",
        "Zu 2 von 57 Maßnahmen liegt keine geprüfte Meldung vor.",
        "In 2 von 9 Handlungsfeldern ist mindestens eine Maßnahme kritisch.",
        "Das gilt seit 1.10.2026, 1.250 Meldungen liegen vor.",
        "0 Personen gemeldet …",
    ],
)
def test_what_is_right_is_not_found_wrong(text: str) -> None:
    assert faults(text) == ()
