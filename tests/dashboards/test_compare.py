"""Two rounds side by side: every number and line against a plain look at both documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.conftest import StatementCounter
from tests.csv_text import csv_rows
from tests.dashboards.conftest import Content, Visitor, found, routing, texts
from tests.dashboards.published import add_snapshot, publish
from tests.factories_snapshot import document as document_after
from tests.factories_snapshot import documents
from tracker.core.periods import Period
from tracker.publication.queries import published
from tracker.publication.reading import comparison, rounds, sentences
from tracker.publication.reading.words import current
from tracker.publication.rules.snapshot_json import read_value
from tracker.reporting.models import Round
from tracker.reporting.rules.figures import Change, change

Json = dict[str, Any]

PATH = "/dashboards/vergleich"
PERIODS = ("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")
# Neighbours, the two ends, and a later round to compare with.
PAIRS = [("2026-Q3", "2026-Q2"), ("2026-Q3", "2025-Q4"), ("2026-Q1", "2026-Q3")]
ORDER = ("worse", "better", "newly_reported", "no_longer_reported")


def said(node: Any) -> str:
    return " ".join(" ".join(texts(node)).split())


def document_of(rounds: list[Json], period: str) -> Json:
    return next(item for item in rounds if item["round"]["period"] == period)


def counted(document: Json, key: str) -> Counter[str]:
    """How many reportable measures have a value of this kind in a document."""
    found_: Counter[str] = Counter()
    for item in document["measures"]:
        if item["reportable"]:
            value = item["value"]
            found_["keine Meldung" if value is None else value[key] or "nicht gefragt"] += 1
    return found_


def rows(content: Content, caption: str) -> dict[str, list[str]]:
    """The rows of a table by their heads."""
    table = next(
        table
        for table in content.all("Table")
        if said(next(found(table["children"], "Caption"))["children"]) == caption
    )
    return {
        said(next(found(row["children"], "Th"))["children"]): [
            said(cell["children"]) for cell in found(row["children"], "Td")
        ]
        for row in found(table["children"], "Tr")
        if list(found(row["children"], "Td"))
    }


def differing(after: Json, before: Json) -> Iterator[tuple[str, str, Json]]:
    """Kind, code and measure of what differs, worse first, in the order of the concept."""
    earlier = {item["code"]: item["value"] for item in before["measures"]}
    for kind in ORDER:
        for item in after["measures"]:
            now = read_value(item["value"])
            if item["reportable"] and change(read_value(earlier[item["code"]]), now) == kind:
                yield kind, item["code"], item


def listed(content: Content) -> list[Json]:
    """The lines of the lists of differences."""
    return [
        row
        for each in content.all("Ul")
        if "differences" in each.get("className", "")
        for row in found(each["children"], "Li")
    ]


@pytest.mark.parametrize(("after", "before"), PAIRS)
def test_the_counts_of_any_two_rounds_are_those_of_their_documents(
    reader: Visitor, four_rounds: list[Json], after: str, before: str
) -> None:
    content = reader.content(PATH, f"?runde={after}&vergleich={before}")
    words = current()
    sides = [document_of(four_rounds, period) for period in (before, after)]
    for caption, key, known in (
        ("Umsetzungsstand in beiden Runden", "implementation", words.implementation),
        ("Verlauf in beiden Runden", "course", words.course),
    ):
        counts = [counted(document, key) for document in sides]
        names = {code: item.label for code, item in known.items()}
        for head, (first, second, told) in rows(content, caption).items():
            if head == "Summe":
                assert (first, second) == ("57", "57")
                continue
            code = next((code for code, name in names.items() if name == head), head)
            wanted = [count[code] for count in counts]
            assert [first, second] == [str(number) for number in wanted]
            assert told == comparison.difference(*wanted)


@pytest.mark.parametrize(("after", "before"), PAIRS)
def test_every_measure_that_differs_is_listed_worse_first_with_both_values(
    reader: Visitor, four_rounds: list[Json], after: str, before: str
) -> None:
    content = reader.content(PATH, f"?runde={after}&vergleich={before}")
    new, old = document_of(four_rounds, after), document_of(four_rounds, before)
    wanted = list(differing(new, old))
    lines = listed(content)
    assert [said(next(found(row["children"], "A"))["children"]).split()[0] for row in lines] == [
        code for _, code, _ in wanted
    ]
    words = current()
    earlier = {item["code"]: item["value"] for item in old["measures"]}
    later = max(new, old, key=lambda item: item["round"]["as_of"])
    reports = {item["code"]: item["report"] or {} for item in later["measures"]}
    assert comparison.said_in(later["round"]["label"]) in content.text
    for row, (_, code, item) in zip(lines, wanted, strict=True):
        text = " ".join(said(row["children"]).replace(",", "").split())
        values = [words.value(value).replace(",", "") for value in (earlier[code], item["value"])]
        labels = [document["round"]["label"] for document in (old, new)]
        assert f"{labels[0]}: {values[0]} → {labels[1]}: {values[1]}" in text
        for key in ("reason", "next_step"):
            if reports[code].get(key):
                assert reports[code][key].replace(",", "") in text
    counts = Counter(kind for kind, _, _ in wanted)
    kinds = [(words.change[kind].label, counts[kind]) for kind in ORDER]
    assert sentences.moved(kinds, old["round"]["label"]) in content.text


def test_what_is_counted_is_counted_of_the_measures_that_are_reported_on(reader: Visitor) -> None:
    """7.1 asks for no report, so it can neither differ nor be alike."""
    text = reader.content(PATH).text
    assert " von 57 Maßnahmen der Auswahl: " in text
    assert " von 58 " not in text


def test_without_a_choice_the_round_before_is_compared(reader: Visitor) -> None:
    assert reader.content(PATH).text == reader.content(PATH, "?vergleich=").text
    assert "Vergleich: Q3/2026 mit Q2/2026" in reader.content(PATH).text
    assert "Vergleich: Q2/2026 mit Q1/2026" in reader.content(PATH, "?runde=2026-Q2").text


def test_a_later_round_is_compared_backwards_says_so_and_can_be_swapped(reader: Visitor) -> None:
    content = reader.content(PATH, "?runde=2025-Q4&vergleich=2026-Q3&feld=1")
    assert "Q3/2026 liegt nach Q4/2025: Der Vergleich läuft rückwärts." in content.text
    links = {said(link["children"]): link["href"] for link in content.all("A")}
    turned = links["In zeitlicher Reihenfolge vergleichen"]
    assert turned == f"{PATH}?runde=2026-Q3&vergleich=2025-Q4&feld=1"
    content = reader.content(PATH, "?runde=2026-Q3&vergleich=2025-Q4&feld=1")
    assert "rückwärts" not in content.text
    links = {said(link["children"]): link["href"] for link in content.all("A")}
    assert links["Runden tauschen"] == f"{PATH}?runde=2025-Q4&vergleich=2026-Q3&feld=1"


def test_the_form_offers_every_round_and_shows_the_chosen_one(reader: Visitor) -> None:
    content = reader.content(PATH, "?runde=2025-Q4&vergleich=2026-Q3")
    chooser = next(item for item in content.all("Select") if item["name"] == "vergleich")
    options = list(found(chooser["children"], "Option"))
    assert [option["value"] for option in options] == ["", "2026-Q3", "2026-Q2", "2026-Q1"]
    assert [option["value"] for option in options if option.get("selected")] == ["2026-Q3"]


@pytest.mark.parametrize("query", ["", "?vergleich=2026-Q2"])
def test_the_form_offers_no_round_twice_and_not_the_one_that_is_shown(
    reader: Visitor, query: str
) -> None:
    for path in (PATH, "/dashboards/"):
        content = reader.content(path, query)
        chooser = next(item for item in content.all("Select") if item["name"] == "vergleich")
        options = list(found(chooser["children"], "Option"))
        assert [(option["value"], option["children"]) for option in options] == [
            ("", "die Runde davor (Q2/2026)"),
            ("2026-Q1", "Q1/2026"),
            ("2025-Q4", "Q4/2025"),
        ]
        assert [option["value"] for option in options if option.get("selected")] == [""]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?runde=2026-Q2&vergleich=2026-Q2", "Sie vergleichen Q2/2026 mit sich selbst."),
        ("?runde=2025-Q4", "Als Q4/2025 veröffentlicht wurde, gab es keine frühere Runde"),
        ("?feld=99", "hat sich bei keiner Maßnahme Stand oder Verlauf geändert."),
    ],
)
def test_where_nothing_can_differ_the_page_says_why(reader: Visitor, query: str, told: str) -> None:
    content = reader.content(PATH, query)
    assert told in content.text
    assert listed(content) == []


@pytest.mark.parametrize("query", ["?vergleich=2031-Q1", "?runde=x", "?vergleich=a&vergleich=b"])
def test_a_round_nobody_published_is_not_found(reader: Visitor, query: str) -> None:
    assert reader.client.get(PATH + query).status_code == 404
    assert "Diese Runde ist nicht veröffentlicht" in reader.content(PATH, query).text


def test_the_only_round_says_that_a_second_one_is_needed(
    committee: Visitor, session: Session
) -> None:
    publish(session, documents(1, goals=1))
    session.commit()
    text = committee.content(PATH).text
    assert "Sobald eine zweite Runde veröffentlicht ist, steht hier der Vergleich." in text


@pytest.mark.parametrize("query", ["&feld=1", "&ziel=4", "&verlauf=at_risk", "&feld=1&feld=2"])
def test_filters_select_by_the_round_shown_and_count_the_same_measures_before(
    reader: Visitor, four_rounds: list[Json], query: str
) -> None:
    content = reader.content(PATH, f"?runde=2026-Q3&vergleich=2026-Q1{query}")
    new, old = document_of(four_rounds, "2026-Q3"), document_of(four_rounds, "2026-Q1")
    facet, wanted = "", set()
    for pair in query[1:].split("&"):
        facet, _, value = pair.partition("=")
        wanted.add(value)

    def fits(item: Json) -> bool:
        value = item["value"] or {}
        read = {"feld": item["field"], "ziel": item["goal"], "verlauf": value.get("course")}
        return str(read[facet]) in wanted

    codes = {item["code"] for item in new["measures"] if fits(item)}
    assert codes
    for place, document in ((0, old), (1, new)):
        part = {"measures": [item for item in document["measures"] if item["code"] in codes]}
        counts = counted(part, "implementation")
        for code, word in current().implementation.items():
            told = rows(content, "Umsetzungsstand in beiden Runden")[word.label][place]
            assert told == str(counts[code])
    lines = listed(content)
    assert len(lines) == sum(code in codes for _, code, _ in differing(new, old))


def test_every_number_leads_to_just_the_measures_it_counts(reader: Visitor) -> None:
    content = reader.content(PATH, "?runde=2026-Q3&vergleich=2026-Q1")
    tables = [item for item in content.all("Table") if item["className"] == "numbers compared"]
    followed = 0
    for link in [link for table in tables for link in found(table["children"], "A")][::2]:
        path, _, query = link["href"].partition("?")
        total = re.search(r"(\d+) von 5[78] Maßnahmen", reader.content(path, f"?{query}").text)
        assert total, link
        assert total[1] == said(link["children"])
        followed += 1
    assert followed > 8


def test_what_only_one_concept_has_is_listed_apart(committee: Visitor, session: Session) -> None:
    first, second = documents(2, goals=2)
    codes = {"first": "2.4", "second": "2.3"}
    for name, document in (("second", first), ("first", second)):
        for part in ("measures", "changes", "decisions"):
            document[part] = [item for item in document[part] if item["code"] != codes[name]]
    publish(session, [first, second])
    session.commit()
    content = committee.content(PATH)
    text = content.text
    assert "Nur in Q3/2026 im Konzept (1) 2.3" in text
    assert "Nur in Q2/2026 im Konzept (1) 2.4" in text
    total = rows(content, "Umsetzungsstand in beiden Runden")["Summe"]
    assert total[:2] == ["7", "7"]
    new = next(item for item in second["measures"] if item["code"] == "2.3")
    if new["value"] is not None:
        assert "nicht im Konzept →" in text


def test_the_tables_are_csv_files_in_the_state_of_the_page(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    query = "?runde=2026-Q3&vergleich=2026-Q1"
    content = reader.content(PATH, query)
    links = {link["href"] for link in content.all("A")}
    for key in ("umsetzungsstand", "verlauf", "massnahmen"):
        address = f"/dashboards/tabellen/vergleich-{key}.csv{query}&seite=vergleich"
        assert address in links
        answer = reader.client.get(address)
        assert answer.status_code == 200
        lines = csv_rows(answer.get_data())
        if key == "massnahmen":
            new, old = document_of(four_rounds, "2026-Q3"), document_of(four_rounds, "2026-Q1")
            wanted = [code for _, code, _ in differing(new, old)]
            assert [line[0] for line in lines[1:] if len(line) > 1] == wanted
        else:
            caption = f"{key.capitalize()} in beiden Runden"
            told = {line[0]: line[1:] for line in lines[1:] if len(line) > 1}
            shown = rows(content, caption)
            del shown["Summe"]
            assert told == shown


def test_a_corrected_round_is_compared_in_its_newest_version(
    committee: Visitor, session: Session
) -> None:
    first = documents(1, until=Period(2026, "Q", 2), goals=1)[0]
    fixed = documents(1, until=Period(2026, "Q", 2), goals=1)[0]
    fixed["round"] |= {"version": 2, "reason": "Berichtigt."}
    for item in fixed["measures"]:
        item["value"] = {"implementation": "planned", "course": "critical"}
    publish(session, [first, fixed, document_after("2026-Q3", previous=fixed, goals=1)])
    session.commit()
    content = committee.content(PATH)
    assert "Vergleich: Q3/2026 mit Q2/2026, Fassung 2" in content.text
    assert rows(content, "Umsetzungsstand in beiden Runden")["in Planung"][0] == "4"


def test_pages_say_that_the_round_before_was_corrected_after_they_were_published(
    committee: Visitor, session: Session
) -> None:
    first, second = documents(2, goals=1)
    publish(session, [first, second])
    session.commit()
    label = first["round"]["label"]
    note = f"{label} wurde nach dieser Veröffentlichung berichtigt."
    assert note not in committee.content().text
    fixed = documents(1, until=Period.parse(first["round"]["period"]), goals=1)[0]
    fixed["round"] |= {"version": 2, "reason": "Berichtigt."}
    round_ = session.exec(select(Round).where(Round.period == first["round"]["period"])).one()
    add_snapshot(session, fixed, round_.id or 0)
    session.commit()
    for path in ("/dashboards/", "/dashboards/massnahme/1.1", "/dashboards/felder", PATH):
        page = committee.content(path)
        assert f"Verglichen mit {label}, Fassung 1." in page.text
        assert f"{note} Diese Seite vergleicht mit der Fassung 1, die damals galt." in page.text
        [link] = [
            link
            for link in found(page.tree, "A")
            if link["children"] == f"Mit {label}, Fassung 2 vergleichen"
        ]
        chosen = committee.content(path, link["href"].partition(path)[2])
        assert f"Verglichen mit {label}, Fassung 2." in chosen.text
        assert note not in chosen.text
    for path in ("/dashboards/ruecklauf", "/dashboards/ziffer5"):
        assert note not in committee.content(path).text


def test_the_number_of_statements_does_not_grow_with_the_rounds(
    committee: Visitor, session: Session, engine: Engine
) -> None:
    publish(session, documents(12, goals=1))
    session.commit()
    sent = []
    for query in ("?runde=2024-Q1", "?runde=2026-Q3", "?runde=2026-Q3&vergleich=2023-Q4"):
        assert committee.client.get(PATH).status_code == 200
        published._kept.clear()
        with StatementCounter(engine) as counter:
            assert committee.post(routing(PATH, query)).status_code == 200
        sent.append(counter.count)
    assert len(set(sent)) == 1


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (rounds.stuck(0, 57, 3, troubled="kritisch"), "Keine Maßnahme ist seit mindestens 3"),
        (rounds.stuck(1, 57, 3, troubled="kritisch"), "1 von 57 Maßnahmen ist seit"),
        (rounds.stuck(2, 57, 3, troubled="kritisch"), "2 von 57 Maßnahmen sind seit"),
        (rounds.stuck(1, 1, 3, troubled="kritisch"), "Die eine Maßnahme ist seit"),
        (rounds.unchanged(0, 57, 3), "Keine offene Maßnahme ist seit mindestens 3 Runden"),
        (rounds.unchanged(1, 57, 2), "1 von 57 Maßnahmen ist seit mindestens 2 Runden"),
        (rounds.unchanged(9, 57, 3), "9 von 57 Maßnahmen sind seit"),
        (rounds.silent(0, 57, 3), "Zu keiner Maßnahme fehlt die Meldung seit mindestens 3 Runden."),
        (rounds.silent(1, 57, 3), "Zu 1 von 57 Maßnahmen liegt seit mindestens 3 Runden keine"),
        (rounds.no_better_for(1), "seit 1 Runde ohne"),
        (rounds.no_better_for(4), "seit 4 Runden ohne"),
        (rounds.rounds_shown(1, 1, "Q1"), "Gezeigt wird Q1; eine frühere veröffentlichte Runde"),
        (rounds.rounds_shown(4, 4, "Q4"), "Gezeigt werden alle 4 veröffentlichten Runden bis Q4."),
        (rounds.rounds_shown(8, 14, "Q4"), "Gezeigt werden die letzten 8 von 14 veröffentlichten"),
        (rounds.without_round(["Q1/2026"]), "Für Q1/2026 gibt es keine veröffentlichte Runde;"),
        (rounds.without_round(["Q1/2026", "Q2/2026"]), "Für Q1/2026 und Q2/2026 gibt es keine"),
        (comparison.alike(0, 0), ""),
        (comparison.alike(1, 0), "1 Maßnahme ist unverändert."),
        (comparison.alike(2, 1), "2 Maßnahmen sind unverändert; 1 Maßnahme ist in keiner der"),
    ],
)
def test_sentences_are_right_for_none_one_and_many(told: str, expected: str) -> None:
    assert told.startswith(expected)


def test_the_order_of_kinds_is_that_of_a_publication() -> None:
    assert tuple(kind.value for kind in Change)[:4] == ORDER
