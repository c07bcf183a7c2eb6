"""The sentences, bars and bullets of Wirkung und Mittel, right for none, one and many."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.components.bullets import bullets, place
from dashboards.components.milestones import line
from dashboards.figures.amounts import Amount, bars, height_of
from tests.dashboards.conftest import found, texts
from tracker.publication.reading import sentences_effect as sentences
from tracker.publication.reading.words import current
from tracker.publication.rules.effect import Costs, Grants, Known
from tracker.publication.rules.milestones import Milestone
from tracker.publication.rules.privacy import PublishedTotal

Json = dict[str, Any]
BOTH = "mit geplanten und tatsächlichen Kosten"
EUR = "\N{NO-BREAK SPACE}€"


def known(value: str | None, count: int, total: int) -> Known:
    return Known(None if value is None else Decimal(value), ("1.1",) * count, total)


def costs(over: int, compared: int) -> Costs:
    codes = tuple(f"1.{place}" for place in range(1, compared + 1))
    plan, spent = Known(Decimal(10), codes, 57), Known(Decimal("2000.5"), codes, 57)
    return Costs(plan, spent, codes[:over])


SENTENCES = [
    (sentences.people(PublishedTotal(None, 0)), "nicht bekannt"),
    (sentences.people(PublishedTotal(0, 0)), "0"),
    (sentences.people(PublishedTotal(1250, 0)), "1.250"),
    (sentences.people(PublishedTotal(48, 2)), "mindestens 48"),
    (sentences.people(PublishedTotal(None, 1)), "unter 5, nicht veröffentlicht"),
    (sentences.people(PublishedTotal(None, 3)), "3 Gruppen unter 5, nicht veröffentlicht"),
    (
        sentences.people_of("Personen", "mindestens 48", known=True),
        "Mindestens 48 Personen gemeldet",
    ),
    (sentences.people_of("Fälle", "nicht bekannt", known=False), "Fälle: nicht bekannt"),
    (sentences.left_out(0), ""),
    (sentences.left_out(1), " 1 Gruppe unter 5 ist darin nicht enthalten."),
    (sentences.left_out(2), " 2 Gruppen unter 5 sind darin nicht enthalten."),
    (sentences.silent(0, 0, "Q3/2026"), "Es gibt keine Maßnahme, über die berichtet wird."),
    (
        sentences.silent(0, 57, "Q3/2026"),
        "Zu jeder Maßnahme liegt eine Angabe zu Wirkung oder Mitteln vor.",
    ),
    (
        sentences.silent(1, 2, "Q3/2026"),
        (
            "Zu 1 von 2 Maßnahmen liegt keine Angabe zu Wirkung oder Mitteln vor; was fehlt, "
            "zählt nicht als 0."
        ),
    ),
    (
        sentences.silent(1, 1, "Q3/2026"),
        (
            "In Q3/2026 hat keine Maßnahme Teilnehmende, Veranstaltungen, Personal, Kosten "
            "oder Fördermittel gemeldet. Das heißt nicht, dass es keine gab."
        ),
    ),
    (sentences.which_over_plan(costs(0, 1)), f"Keine Maßnahme {BOTH} liegt über ihrem Plan."),
    (
        sentences.which_over_plan(costs(1, 3)),
        f"1 von 3 Maßnahmen {BOTH} liegt über dem Plan: 1.1.",
    ),
    (
        sentences.which_over_plan(costs(2, 3)),
        f"2 von 3 Maßnahmen {BOTH} liegen über dem Plan: 1.1, 1.2.",
    ),
    (
        sentences.which_over_plan(costs(0, 0)),
        "Keine Maßnahme nennt Plan und Ist; die Kosten lassen sich nicht vergleichen.",
    ),
    (
        sentences.costs(costs(0, 0)),
        "Keine Maßnahme nennt Plan und Ist; die Kosten lassen sich nicht vergleichen.",
    ),
    (
        sentences.costs(costs(0, 1)),
        (
            "1 von 57 Maßnahmen mit Angabe zu Plan und Ist; nur diese wird verglichen. Diese "
            f"Maßnahme plante 10,00{EUR} und gab 2.000,50{EUR} aus."
        ),
    ),
    (
        sentences.costs(costs(0, 9)),
        (
            "9 von 57 Maßnahmen mit Angabe zu Plan und Ist; nur diese werden verglichen. Diese "
            f"Maßnahmen planten 10,00{EUR} und gaben 2.000,50{EUR} aus."
        ),
    ),
    (
        sentences.grants(Grants("", known(None, 0, 5), 0, 0)),
        "0 von 5 Maßnahmen mit Angabe zu Fördermitteln.",
    ),
    (
        sentences.grants(Grants("", known("9", 1, 1), 1, 0)),
        "Die eine Maßnahme mit Betrag: 1 Förderung.",
    ),
    (
        sentences.grants(Grants("", known("9", 2, 5), 3, 1)),
        (
            "2 von 5 Maßnahmen mit Betrag: 3 Förderungen, bei einer davon ist der Betrag nicht "
            "bekannt."
        ),
    ),
    (sentences.largest([]), "Keine Förderung gemeldet"),
    (
        sentences.largest([Grants("Land", known(None, 1, 5), 1, 1)]),
        "Zu keiner Förderung ist ein Betrag bekannt",
    ),
    (
        sentences.largest([Grants("Land", known("1", 1, 5), 1, 0)]),
        "Bekannte Fördermittel kommen von einem Geber: Land",
    ),
    (
        sentences.year_so_far(2026, "48", ["Q1/2026"], 1),
        "Im Jahr 2026 bisher: 48 (Q1/2026; die eine veröffentlichte Runde).",
    ),
    (
        sentences.year_so_far(2026, "48", ["Q1/2026", "Q3/2026"], 3),
        "Im Jahr 2026 bisher: 48 (Q1/2026 und Q3/2026; 2 von 3 veröffentlichten Runden).",
    ),
    (sentences.year_so_far(2026, "", [], 3), ""),
    (sentences.targets([]), "Keine Kennzahl mit Zielwert gehört zu diesen Maßnahmen."),
    (sentences.targets([None]), "Zum einzigen Zielwert liegt kein Wert vor."),
    (sentences.targets([None] * 4), "Zu keinem von 4 Zielwerten liegt ein Wert vor."),
    (
        sentences.targets([False, None, None, None]),
        "Zu 1 von 4 Zielwerten liegt ein Wert vor, er ist noch nicht erreicht.",
    ),
    (
        sentences.targets([True, True, False, None]),
        "Zu 3 von 4 Zielwerten liegt ein Wert vor, 2 davon sind erreicht.",
    ),
    (
        sentences.events(known(None, 0, 3)),
        "Veranstaltungen: nicht bekannt; 0 von 3 Maßnahmen mit Angabe.",
    ),
    (sentences.events(known("1", 1, 3)), "1 Veranstaltung gemeldet; 1 von 3 Maßnahmen mit Angabe."),
    (
        sentences.municipal(known(None, 0, 3)),
        "Zu keiner Maßnahme ist eine laufende städtische Förderung festgehalten.",
    ),
    (
        sentences.municipal(known("0", 3, 3)),
        "Laufende städtische Förderung: 3 von 3 Maßnahmen mit Angabe.",
    ),
    (
        sentences.municipal(known("0", 1, 3)),
        (
            "Laufende städtische Förderung: 1 von 3 Maßnahmen mit Angabe; bei den übrigen ist der "
            "Umfang nicht bekannt."
        ),
    ),
]


@pytest.mark.parametrize(("said", "expected"), SENTENCES)
def test_sentences_are_right_for_none_one_and_many(said: str, expected: str) -> None:
    assert said == expected


def effort(**said: Any) -> Json:
    nothing: Json = {"participants": [], "events": None, "cost_actual": None}
    return {"code": "1.1", "report": nothing | said}


def test_the_effort_of_a_year_says_in_how_many_rounds_it_was_reported() -> None:
    words = current()
    few = {"unit": "persons", "count": None, "suppressed": True}
    many = {"unit": "persons", "count": 12, "suppressed": False}
    lines = [effort(participants=[few], events=1), effort(participants=[many], cost_actual="9.5")]
    assert sentences.effort_of_year(lines, words, year=2026) == (
        "Im Jahr 2026 bisher (2 veröffentlichte Runden; in Klammern, in wie vielen davon "
        "gemeldet): mindestens 12 Personen (2 von 2), 1 Veranstaltung (1 von 2) und "
        f"9,50{EUR} Kosten (Ist) (1 von 2). Was fehlt, zählt nicht als 0."
    )
    assert sentences.effort_of_year([effort()], words, year=2026) == (
        "Im Jahr 2026 ist dazu bisher nichts gemeldet (1 veröffentlichte Runde)."
    )


amounts = st.builds(
    Amount,
    st.text(min_size=1, max_size=60),
    st.text(min_size=1, max_size=20),
    st.none() | st.floats(0, 10**9),
    st.none() | st.floats(0, 10**9),
    st.none() | st.just("/dashboards/massnahmen"),
)


@settings(deadline=None)
@given(st.lists(amounts, max_size=9))
def test_bars_are_as_long_as_their_amounts_and_the_unknown_has_none(rows: list[Amount]) -> None:
    figure = bars(rows)
    go.Figure(figure)
    spent, planned = figure["data"]
    assert spent["x"] == [row.value for row in rows if row.value is not None]
    assert planned["x"] == [row.planned for row in rows if row.planned is not None]
    assert [item[-1] for item in spent["customdata"]] == [
        row.href for row in rows if row.value is not None
    ]
    assert len(figure["layout"]["annotations"]) == len(rows)
    assert figure["layout"]["yaxis"]["range"][0] == height_of(rows)
    longest = max([*spent["x"], *planned["x"]], default=0)
    assert figure["layout"]["xaxis"]["range"] == [0, longest or 1]


def test_a_number_is_never_split_from_its_unit() -> None:
    row = Amount("Behörden, öffentliche Institutionen, Träger", "1.250,00 €", 1.0)
    assert row.lines[-1].endswith(f"1.250,00{EUR}")


def test_a_number_stands_beside_a_word_of_its_name_where_it_fits() -> None:
    row = Amount("Behörden, öffentliche Institutionen, Träger", "32", 1.0)
    assert row.lines == ["Behörden, öffentliche Institutionen,", "Träger:\N{NO-BREAK SPACE}32"]
    hidden = "3 Gruppen unter 5, nicht veröffentlicht"
    long = Amount("Gesundheit und psychosoziale Versorgung", hidden, None)
    assert long.lines[-1] == hidden.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("value", "target", "where"),
    [("0", "4", 0), ("4", "4", 80), ("2", "4", 40), ("5", "4", 100), ("900", "4", 100),
     ("-1", "4", 0), ("1", "0", None)],
)  # fmt: skip
def test_the_target_stands_at_four_fifths_of_the_track(
    value: str, target: str, where: int | None
) -> None:
    assert place(Decimal(value), Decimal(target)) == where


def indicator(**said: Any) -> Json:
    return {
        "name": "Fortbildungstage",
        "kind": "target",
        "operator": ">=",
        "target": "4",
        "unit": "Tage",
        "per_year": True,
        "note": "",
        "value": "1",
        "year_sum": "2",
    } | said


BULLETS: dict[str, tuple[Json, str, list[str]]] = {
    "the year so far": (
        indicator(),
        ("in dieser Runde 1; im Jahr bisher 2; Zielwert 4 Tage je Jahr · noch nicht erreicht"),
        ["bullet__sum w40", "bullet__now w20"],
    ),
    "reached": (
        indicator(year_sum="4"),
        "in dieser Runde 1; im Jahr bisher 4; Zielwert 4 Tage je Jahr · erreicht",
        ["bullet__sum w80", "bullet__now w20"],
    ),
    "nothing reported": (
        indicator(value=None, year_sum=None),
        ("in dieser Runde nicht bekannt; im Jahr bisher nicht bekannt; Zielwert 4 Tage je Jahr"),
        [],
    ),
    "a zero": (
        indicator(value="0", year_sum="0"),
        ("in dieser Runde 0; im Jahr bisher 0; Zielwert 4 Tage je Jahr · noch nicht erreicht"),
        ["bullet__sum w0"],
    ),
    "a condition is a tick": (
        indicator(
            kind="condition", per_year=False, operator=">", target="50", unit="%", value="25"
        ),
        "in dieser Runde 25 %; Bedingung mehr als 50 % · nicht erfüllt",
        ["bullet__at w40"],
    ),
}


@pytest.mark.usefixtures("drawn_alone")
@pytest.mark.parametrize(("item", "said", "drawn"), BULLETS.values(), ids=BULLETS)
def test_a_bullet_says_in_words_what_it_draws(item: Json, said: str, drawn: list[str]) -> None:
    shown = bullets([("2.3", item)], current(), "2026-Q3", linked=True)
    tree = _plain(shown)
    assert said in " ".join(" ".join(texts(tree)).split())
    parts = [span.get("className", "") for span in found(tree, "Span")]
    assert [name for name in parts if name.startswith("bullet__")] == drawn
    assert any("/massnahme/2.3" in link["href"] for link in found(tree, "A"))


def test_milestones_stand_on_a_line_with_the_stichtag_and_days_given_up_struck_through() -> None:
    stops = (
        Milestone("Konzept", "2026-01-31", "2026-02-10", ("2025-12-31",)),
        Milestone("Auftakt", "2026-05-01", None),
        Milestone("Auswertung", "2026-11-30", None, ("2026-08-31", "2026-09-30")),
        Milestone("Raum", None, None, gone=True),
    )
    tree = _plain(line(stops, as_of="2026-06-30"))
    entries = [" ".join(" ".join(texts(item["children"])).split()) for item in found(tree, "Li")]
    assert entries == [
        "Konzept erledigt am 10.02.2026, geplant war 31.01.2026 ; verschoben 31.12.2025",
        "Auftakt geplant bis 01.05.2026, überfällig",
        "Stichtag 30.06.2026",
        "Auswertung geplant bis 30.11.2026 ; verschoben 31.08.2026 30.09.2026",
        "Raum zuletzt ohne Termin, seither nicht mehr genannt",
    ]
    assert [" ".join(texts(item["children"])) for item in found(tree, "Del")] == [
        "31.12.2025",
        "31.08.2026",
        "30.09.2026",
    ]
    only_past = _plain(line(stops[:1], as_of="2026-06-30"))
    assert " ".join(texts(list(found(only_past, "Li"))[-1]["children"])) == "Stichtag 30.06.2026"


def _plain(node: Any) -> Any:
    """A component tree as the browser gets it."""
    if hasattr(node, "to_plotly_json"):
        node = node.to_plotly_json()
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items()}
    return [_plain(item) for item in node] if isinstance(node, list) else node
