"""Verlauf über die Runden: every cell and sentence against a plain look at the documents."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder
from sqlalchemy import Engine
from sqlmodel import Session

import dashboards
from dashboards import sprite
from dashboards.components import grid as components_grid
from dashboards.components.grid import COURSE_CLASS, IMPLEMENTATION_CLASS
from dashboards.paths import MARKS
from tests.conftest import StatementCounter
from tests.csv_text import csv_rows
from tests.dashboards.conftest import Content, Visitor, found, routing, texts
from tests.dashboards.published import publish
from tests.factories_snapshot import documents
from tracker.publication.queries import published
from tracker.publication.reading import rounds as reading
from tracker.publication.reading.model_sections import Known
from tracker.publication.reading.words import current
from tracker.publication.rules.snapshot_parts import OVERVIEW, split
from tracker.reporting.rules.status import TROUBLED, Course, Implementation
from tracker.reporting.words import COURSE, IMPLEMENTATION

Json = dict[str, Any]

PATH = "/dashboards/verlauf"


def said(node: Any) -> str:
    return " ".join(" ".join(texts(node)).split())


def drawn(content: Content) -> Json:
    """The grid itself, without the table of the legend."""
    return next(table for table in content.all("Table") if "grid" in table.get("className", ""))


def cells(content: Content) -> dict[str, list[Json]]:
    """The cells of every measure by its code."""
    return {
        said(next(found(row["children"], "A"))["children"]): list(found(row["children"], "Td"))
        for row in found(drawn(content)["children"], "Tr")
        if list(found(row["children"], "Td"))
    }


def expected(document: Json, code: str) -> tuple[str, str]:
    """What the cell of a measure says, and the quarter it names."""
    item = next((item for item in document["measures"] if item["code"] == code), None)
    words = current()
    if item is None:
        return "noch nicht im Konzept", ""
    if item["value"] is None and item["carried"] is not None:
        label = item["carried"]["label"]
        return f"keine Meldung, zuletzt {label}: {words.value(item['carried'])}", label
    return words.value(item["value"]), ""


def test_every_cell_says_in_words_what_its_round_recorded(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    rows = cells(reader.content(PATH))
    assert list(rows) == [item["code"] for item in four_rounds[-1]["measures"]]
    kinds = set()
    for code, row in rows.items():
        if code == "7.1":
            assert [(cell["children"], cell["colSpan"]) for cell in row] == [
                ("Querverweis, ohne Meldung", 4)
            ]
            continue
        told = [(cell["children"], cell.get("data-o", "")) for cell in row]
        assert told == [expected(document, code) for document in four_rounds]
        kinds |= {bool(origin) for _, origin in told}
    assert kinds == {True, False}, "some values are carried forward, some are not"


def test_marks_follow_the_value_and_differ_without_colour(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    for code, row in cells(reader.content(PATH)).items():
        for cell, document in zip(row, four_rounds, strict=False):
            item = next(item for item in document["measures"] if item["code"] == code)
            value = item["value"] or item["carried"]
            names = set(cell["className"].split())
            if value and item["reportable"]:
                assert IMPLEMENTATION_CLASS[value["implementation"]] in names
                assert not value["course"] or COURSE_CLASS[value["course"]] in names
                assert ("o" in names) == (item["value"] is None)
            elif item["reportable"]:
                assert names == {"q"}


def test_the_style_sheet_draws_each_value_with_the_mark_of_the_sprite() -> None:
    text = (Path(dashboards.__file__).parent / "assets/grid.css").read_text("utf-8")
    address = re.escape(f"{MARKS}?v={sprite.version()}#")
    named = dict(re.findall(rf'\.(\w\d) {{ --\w: url\("{address}([\w-]+)"\)', text))
    for value in Implementation:
        icon = IMPLEMENTATION[value].icon
        assert named[IMPLEMENTATION_CLASS[value.value]] == sprite.name_of(icon, value.value)
    for course in Course:
        icon = COURSE[course].icon
        assert named[COURSE_CLASS[course.value]] == sprite.name_of(icon, course.value)
    asked = set(re.findall(r"url\(\"([^#]+)#", text))
    assert asked == {f"{MARKS}?v={sprite.version()}"}, "write the marks' new version into grid.css"


def test_heads_name_their_rows_columns_and_groups_and_the_frame_is_reachable(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    content = reader.content(PATH)
    heads = list(found(drawn(content)["children"], "Th"))
    scopes = [head["scope"] for head in heads]
    assert scopes.count("col") == 5
    assert scopes.count("row") == 58
    assert scopes.count("rowgroup") == len(four_rounds[-1]["fields"])
    columns = [said(head["children"]).replace(" ", "") for head in heads if head["scope"] == "col"]
    assert columns == ["Maßnahme", "Q4/2025", "Q1/2026", "Q2/2026", "Q3/2026"]
    frame = next(item for item in content.all("Div") if "grid-frame" in item.get("className", ""))
    assert (frame["role"], frame["tabIndex"]) == ("region", "0")
    assert "Maßnahmen über die Runden" in frame["aria-label"]


def test_each_field_has_its_subtotal_in_words(reader: Visitor, four_rounds: list[Json]) -> None:
    content = reader.content(PATH)
    told = [
        said(head["children"])
        for head in found(drawn(content)["children"], "Th")
        if head["scope"] == "rowgroup"
    ]
    for text, field in zip(told, four_rounds[-1]["fields"], strict=True):
        leaves = [
            item
            for item in four_rounds[-1]["measures"]
            if item["field"] == field["code"] and item["reportable"]
        ]
        values = [item["value"] for item in leaves if item["value"]]
        only = "Die eine Maßnahme gemeldet" if values else "Keine Maßnahme gemeldet"
        counted = only if len(leaves) == 1 else f"{len(values)} von {len(leaves)} Maßnahmen"
        assert text.startswith(f"{field['name']} {counted}")
        for code, word in (("critical", "kritisch"), ("at_risk", "gefährdet")):
            count = sum(value["course"] == code for value in values)
            assert (f"{count} {word}" in text) == bool(count)


def last(values: list[Json | None], fits: Callable[[list[Any]], bool]) -> int:
    """How many rounds at the end of the list fit together."""
    lengths = range(1, len(values) + 1)
    return max((length for length in lengths if fits(values[-length:])), default=0)


def stood(values: list[Json | None]) -> tuple[int, int, int]:
    """Rounds stuck, unchanged and silent, looked up by trying every length."""
    troubled, open_ = {"at_risk", "critical"}, {"not_started", "planned", "in_progress"}
    return (
        last(
            values,
            lambda part: (
                all(value and value["course"] in troubled for value in part)
                and len({value["implementation"] for value in part}) == 1
                and (courses := [value["course"] for value in part]) == sorted(courses)
            ),
        ),
        last(
            values,
            lambda part: (
                all(value == part[-1] and value for value in part)
                and part[-1]["implementation"] in open_
            ),
        ),
        last(values, lambda part: part == [None] * len(part)),
    )


def test_the_sentences_count_what_stood_still(reader: Visitor, four_rounds: list[Json]) -> None:
    text = reader.content(PATH).text
    counted = [0, 0, 0]
    for item in four_rounds[-1]["measures"]:
        if item["reportable"]:
            values = [
                next(m["value"] for m in document["measures"] if m["code"] == item["code"])
                for document in four_rounds
            ]
            counted = [n + (rounds >= 3) for n, rounds in zip(counted, stood(values), strict=True)]
    for count, pattern in zip(
        counted,
        (
            r"(\d+|Keine) (?:von 57 )?Maßnahmen? (?:ist|sind) seit mindestens 3 Runden gefährdet",
            r"(\d+|Keine) (?:von 57|offene) Maßnahmen? (?:ist|sind) seit mindestens 3 Runden",
            r"Zu (\d+) von 57 Maßnahmen liegt seit mindestens 3 Runden keine Meldung",
        ),
        strict=True,
    ):
        told = re.search(pattern, text)
        if told is None:
            assert count == 0
        else:
            assert told[1].replace("Keine", "0") == str(count)


def test_what_stood_still_is_linked_below_its_sentence(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    expected: list[list[str]] = [[], []]
    for item in four_rounds[-1]["measures"]:
        if item["reportable"]:
            values = [
                next(m["value"] for m in document["measures"] if m["code"] == item["code"])
                for document in four_rounds
            ]
            _, unchanged, silent = stood(values)
            for codes, rounds in zip(expected, (unchanged, silent), strict=True):
                if rounds >= 3:
                    codes.append(item["code"])
    assert expected[0]
    page = reader.content(PATH)
    shown = [
        [link["children"] for link in found(item["children"], "A")]
        for item in page.all("Span")
        if item.get("className") == "codes"
    ]
    assert shown == [codes for codes in expected if codes]


VALUES = st.none() | st.fixed_dictionaries(
    {
        "implementation": st.sampled_from([item.value for item in Implementation]),
        "course": st.none() | st.sampled_from([item.value for item in Course]),
    }
)
# A round knows a measure (with or without a value), does not know it, or knows it as a reference.
KNOWN = st.sampled_from(["measure", "measure", "measure", "absent", "reference"])
ROUNDS = st.lists(
    st.lists(st.tuples(KNOWN, VALUES), min_size=4, max_size=4), min_size=1, max_size=6
)


FIELDS = [{"code": "1", "name": "Feld"}]


def as_round(number: int, row: list[tuple[str, Json | None]]) -> Json:
    measures = [
        {
            "key": f"1.{place + 1}",
            "code": f"1.{place + 1}",
            "display_text": "Text",
            "field": "1",
            "kind": kind,
            "reportable": kind == "measure",
            "value": value if kind == "measure" else None,
            "carried": None,
        }
        for place, (kind, value) in enumerate(row)
        if kind != "absent"
    ]
    period = f"{2020 + number}-Q1"
    return {"round": {"label": f"Q1/{2020 + number}", "period": period}, "measures": measures}


@settings(deadline=None, max_examples=80)
@given(ROUNDS)
def test_cells_and_counts_agree_with_a_plain_recount_of_generated_rounds(
    rounds: list[list[tuple[str, Json | None]]],
) -> None:
    made = [as_round(number, row) for number, row in enumerate(rounds)]
    lines = reading.lines(made, [current()] * len(made), made[-1]["measures"], FIELDS)
    still = reading.standstill(lines, len(made))
    named = {
        name: {line.code: rounds for line, rounds in getattr(still, name)}
        for name in ("stuck", "unchanged", "silent")
    }
    assert [line.code for line in lines] == [m["code"] for m in made[-1]["measures"]]
    asked = 0
    for place in range(4):
        column = [row[place] for row in rounds]
        if column[-1][0] != "measure":
            continue
        asked += 1
        values: list[Json | None] = []
        for kind, value in column:
            values = [*values, value] if kind == "measure" else []
        for name, count in zip(named, stood(values), strict=True):
            # In a single round nothing stands still.
            wanted = count if count >= min(3, max(2, len(rounds))) else None
            assert named[name].get(f"1.{place + 1}") == wanted
    assert still.total == asked


def test_a_measure_may_come_go_and_come_back() -> None:
    value = {"implementation": "planned", "course": None}
    rows: list[tuple[str, Json | None]] = [
        ("absent", None),
        ("measure", value),
        ("absent", None),
        ("measure", None),
    ]
    made = [as_round(number, [row]) for number, row in enumerate(rows)]
    (line,) = reading.lines(made, [current()] * 4, made[-1]["measures"], FIELDS)
    assert [cell.text for cell in line.cells] == [
        "noch nicht im Konzept",
        "in Planung",
        "nicht im Konzept",
        "keine Meldung",
    ]
    assert [cell.kind for cell in line.cells] == [
        Known.ABSENT,
        Known.REPORTED,
        Known.ABSENT,
        Known.SILENT,
    ]
    assert reading.gone(made[:3]) == [("1.1", "2021-Q1")]


@pytest.mark.parametrize(
    ("periods", "missing"),
    [
        (["2026-Q1"], []),
        (["2025-Q4", "2026-Q1"], []),
        (["2025-Q3", "2026-Q2"], ["Q4/2025", "Q1/2026"]),
        (["2025-H1", "2026-H1"], ["H2/2025"]),
        (["2025-Q4", "2026-H1"], []),
    ],
)
def test_periods_without_a_round_are_named(periods: list[str], missing: list[str]) -> None:
    assert reading.skipped(periods) == missing


def test_the_address_chooses_how_many_rounds_and_the_form_keeps_it(
    committee: Visitor, session: Session
) -> None:
    publish(session, documents(10, goals=1))
    session.commit()

    def columns(query: str) -> int:
        heads = found(drawn(committee.content(PATH, query))["children"], "Th")
        return sum(head["scope"] == "col" for head in heads) - 1

    assert [columns(query) for query in ("", "?zeitraum=alle", "?zeitraum=12")] == [8, 10, 10]
    assert [columns(query) for query in ("?zeitraum=-1", "?zeitraum=a&zeitraum=b")] == [8, 8]
    assert columns("?runde=2026-Q1&zeitraum=alle") == 8, "later rounds are not shown"
    plain = committee.content(PATH, "?stand=planned")
    assert "die letzten 8 von 10 veröffentlichten Runden bis Q3/2026. Alle 10 ." in plain.text
    links = {said(link["children"]): link["href"] for link in plain.all("A")}
    assert links["Alle 10"] == f"{PATH}?zeitraum=alle&stand=planned"
    chosen = {
        select["name"]: select
        for select in committee.content(*_split(links["Alle 10"])).all("Select")
    }
    assert said(chosen["zeitraum"]["children"]) == "alle"


def _split(address: str) -> tuple[str, str]:
    path, _, query = address.partition("?")
    return path, f"?{query}"


def test_the_number_of_statements_does_not_grow_with_the_rounds(
    committee: Visitor, session: Session, engine: Engine
) -> None:
    publish(session, documents(12, goals=1))
    session.commit()
    sent = []
    for period, query in (("2024-Q3", ""), ("2026-Q3", "&zeitraum=alle")):
        assert committee.client.get(PATH).status_code == 200
        published._kept.clear()
        with StatementCounter(engine) as counter:
            response = committee.post(routing(PATH, f"?runde={period}{query}"))
        assert response.status_code == 200
        sent.append(counter.count)
    assert sent[0] == sent[1]


def test_the_first_round_says_from_when_on_there_is_something_to_see(reader: Visitor) -> None:
    content = reader.content(PATH, "?runde=2025-Q4")
    assert "zeigt sich ab der zweiten veröffentlichten Runde" in content.text
    assert "Gezeigt wird Q4/2025; eine frühere veröffentlichte Runde gibt es nicht." in content.text
    assert all(len(row) == 1 for row in cells(content).values())


@pytest.mark.parametrize(
    ("query", "told", "rows"),
    [
        ("?feld=99", "Keine Maßnahme entspricht der Auswahl", 0),
        ("?ziel=9", "1 von 57 Maßnahmen", 1),
        ("?ziel=4", "4 von 57 Maßnahmen", 4),
    ],
)
def test_filters_narrow_the_grid(reader: Visitor, query: str, told: str, rows: int) -> None:
    content = reader.content(PATH, query)
    assert told in content.text
    tables = [table for table in content.all("Table") if "grid" in table.get("className", "")]
    assert len(tables) == min(rows, 1)
    assert not tables or len(cells(content)) == rows


def test_missing_rounds_and_measures_that_are_gone_are_named(
    committee: Visitor, session: Session
) -> None:
    first, _, third = documents(3, goals=2)
    gone = next(item for item in first["measures"] if item["code"] == "2.4")
    for name in ("measures", "changes", "decisions"):
        third[name] = [item for item in third[name] if item["code"] != "2.4"]
    publish(session, [first, third])
    session.commit()
    content = committee.content(PATH)
    assert "Für Q2/2026 gibt es keine veröffentlichte Runde" in content.text
    assert "Nicht mehr im Konzept, aber in früheren Runden: 2.4 ." in content.text
    assert f"/dashboards/massnahme/{gone['code']}?runde=2026-Q1" in {
        link["href"] for link in content.all("A")
    }


def test_old_rounds_keep_their_words_in_the_grid(committee: Visitor, session: Session) -> None:
    first, second = documents(2, goals=1)
    for entry in first["definitions"]["implementation"]:
        entry["label"] += " (alt)"
    publish(session, [first, second])
    session.commit()
    for code, row in cells(committee.content(PATH)).items():
        item = next(item for item in first["measures"] if item["code"] == code)
        assert ("(alt)" in row[0]["children"]) == (item["value"] is not None)


def test_the_table_is_a_csv_file_with_the_same_words(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    address = "/dashboards/tabellen/verlauf.csv?seite=verlauf"
    content = reader.content(PATH)
    assert address in {link["href"] for link in content.all("A")}
    answer = reader.client.get(address)
    lines = csv_rows(answer.get_data())
    rows = {line[0]: line for line in lines[1:59]}
    labels = [document["round"]["label"] for document in four_rounds]
    assert lines[0][6::3] == [f"{label} Stand" for label in labels]
    for code, row in cells(content).items():
        if code != "7.1":
            for at, cell in enumerate(row):
                stand, course, last = rows[code][6 + 3 * at : 9 + 3 * at]
                words_ = [stand, course.replace("nicht gefragt", ""), last and f"zuletzt {last}"]
                assert ", ".join(filter(None, words_)) == cell["children"]
            values = [
                next(m["value"] for m in document["measures"] if m["code"] == code)
                for document in four_rounds
            ]
            stuck, unchanged, silent = stood(values)
            assert rows[code][3:6] == [str(unchanged), str(stuck), str(silent)]


@pytest.mark.usefixtures("drawn_alone")
def test_eight_rounds_of_all_measures_are_a_small_answer() -> None:
    parts = [
        next(part.payload for part in split(document) if part.kind == OVERVIEW)
        for document in documents(8)
    ]
    labels = [part["round"]["label"] for part in parts]
    lines = reading.lines(parts, [current()] * 8, parts[-1]["measures"], documents(1)[0]["fields"])
    groups = [("Alle", "58 von 58 gemeldet.", lines)]
    table = components_grid.table(labels, groups, period="2026-Q3", caption="Maßnahmen")
    answer = json.dumps(table, cls=PlotlyJSONEncoder)
    assert answer.count('"Td"') == 57 * 8 + 1
    assert len(brotli.compress(answer.encode(), quality=5)) < 8_000


def test_what_is_in_trouble_is_listed_with_its_number_of_rounds(
    committee: Visitor, session: Session
) -> None:
    made = documents(4, goals=1)
    for number, document in enumerate(made):
        item = document["measures"][0]
        item["value"] = {
            "implementation": "in_progress",
            "course": "critical" if number > 1 else "at_risk",
        }
    publish(session, made)
    session.commit()
    content = committee.content(PATH)
    assert "1 von 4 Maßnahmen ist seit mindestens 3 Runden gefährdet oder kritisch" in content.text
    assert "in Umsetzung kritisch · seit 4 Runden ohne Verbesserung" in content.text
    assert {item.value for item in TROUBLED} == {"at_risk", "critical"}
