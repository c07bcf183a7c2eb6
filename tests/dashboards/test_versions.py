"""One comparison per heading: after a correction every page compares with what was in force."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any, cast

import pytest
from sqlmodel import Session

from dashboards.paths import PREFIX
from tests.csv_text import csv_rows
from tests.dashboards.conftest import Visitor, found, texts
from tests.dashboards.every_page import PUBLIC
from tests.dashboards.published import publish
from tests.factories_snapshot import documents
from tracker.core.periods import Period
from tracker.publication.rules.document import Document
from tracker.publication.rules.snapshot_views import compare

Json = dict[str, Any]
RUNS = {"implementation": "in_progress", "course": "on_track"}
ENDED = {"donor": "ESF", "programme": "", "amount": None, "start": None, "end": "2025-06-30"}
BAD = {"implementation": "in_progress", "course": "critical"}


def with_values(made: Json, *values: Json | None) -> Json:
    """The document with other values of its first measures; nothing else of it is looked at."""
    changed = deepcopy(made)
    for item, value in zip(changed["measures"], values, strict=False):
        item["value"] = value
        item["carried"] = None
    return changed


def corrected(made: Json, on: str, *values: Json | None) -> Json:
    second = with_values(made, *values)
    second["round"] |= {"version": 2, "reason": "Falsche Zahl.", "published_on": on}
    return second


def one(period: str, *values: Json | None, on: str, previous: Json | None = None) -> Json:
    """A round of the first goal, compared with `previous` as a publication does it."""
    made = with_values(documents(1, until=Period.parse(period), goals=1)[0], *values)
    if previous is not None:
        made = dict(compare(cast("Document", made), cast("Document", previous)))
    made["round"]["published_on"] = on
    return made


@pytest.fixture
def world(session: Session, committee: Visitor) -> Visitor:
    """Corrected Q1 after Q2 published: 1.1 and 1.2 change places in the second version of Q1."""
    first = one("2026-Q1", RUNS, BAD, RUNS, None, on="2026-05-04")
    first["measures"][0]["report"]["funding"] = [ENDED]
    second = one("2026-Q2", BAD, RUNS, RUNS, None, on="2026-08-04", previous=first)
    fixed = corrected(first, "2026-09-01", BAD, RUNS, RUNS, None)
    publish(session, [first, second, fixed])
    session.commit()
    return committee


MOVED = "Gegenüber Q1/2026, Fassung 1: 1 verschlechtert und 1 verbessert."
NOTHING = "Gegenüber Q1/2026, Fassung 2 hat sich bei keiner Maßnahme Stand oder Verlauf geändert."


@pytest.mark.parametrize("path", ["", "vergleich", "ziel/1", "feld/1"])
def test_corrected_q1_after_q2_published_every_page_compares_with_the_version_then_in_force(
    world: Visitor, path: str
) -> None:
    for query in ("", "?vergleich=2026-Q1", "?vergleich=2026-Q1/1"):
        content = world.content(f"/dashboards/{path}", query)
        assert MOVED in content.text, query
        chooser = next(item for item in content.all("Select") if item["name"] == "vergleich")
        options = list(found(chooser["children"], "Option"))
        assert [(item["value"], item["children"]) for item in options] == [
            ("", "die Runde davor (Q1/2026, Fassung 1)"),
            ("2026-Q1/2", "Q1/2026, Fassung 2"),
        ]
        assert [item["value"] for item in options if item.get("selected")] == [""]
    assert NOTHING in world.content(f"/dashboards/{path}", "?vergleich=2026-Q1/2").text


def test_corrected_q1_after_q2_published_the_measure_and_the_rounds_say_so_too(
    world: Visitor,
) -> None:
    page = world.content("/dashboards/massnahme/1.1")
    assert "verschlechtert gegenüber Q1/2026, Fassung 1" in page.text
    history = next(item for item in page.all("Table") if item.get("className") == "history")
    heads = [" ".join(texts(item["children"])) for item in found(history["children"], "Th")][:3]
    assert heads == ["Angabe", "Q1/2026, Fassung 1", "Q2/2026"]
    other = world.content("/dashboards/massnahme/1.1", "?vergleich=2026-Q1/2")
    assert "unverändert gegenüber Q1/2026, Fassung 2" in other.text
    rows = table(world, "verlauf")
    assert rows[0][6] == "Q1/2026, Fassung 1 Stand"
    assert rows[1][6:8] == ["in Umsetzung", "planmäßig"]
    assert rows[1][3] == "1", "1.1 moved since the version then in force"


def table(visitor: Visitor, key: str, query: str = "") -> list[list[str]]:
    answer = visitor.client.get(f"/dashboards/tabellen/{key}.csv?seite={key}{query}")
    assert answer.status_code == 200
    return csv_rows(answer.get_data())


def test_corrected_q1_after_q2_published_its_older_version_can_be_read_and_its_numbers_lead_there(
    world: Visitor,
) -> None:
    page = world.content("/dashboards/", "?runde=2026-Q1/1")
    assert "Fassung 1." in page.text
    chooser = next(item for item in page.all("Select") if item["name"] == "runde")
    options = list(found(chooser["children"], "Option"))
    assert [item["children"] for item in options if item.get("selected")] == ["Q1/2026, Fassung 1"]
    assert any("2026-Q1.pdf?fassung=1" in item["href"] for item in page.all("A"))
    trend = world.content("/dashboards/")
    before = [item["href"] for item in trend.all("A") if "runde=2026-Q1" in item["href"]]
    assert before
    assert all("runde=2026-Q1%2F1" in href for href in before)


OLD = "?runde=2026-Q1/1"


@pytest.mark.parametrize(
    "path", ["feld/1", "ziel/1", "massnahme/1.1", *(item.path[len(PREFIX) :] for item in PUBLIC)]
)
def test_every_page_of_an_older_version_says_so_and_leads_there(world: Visitor, path: str) -> None:
    page = world.content(f"/dashboards/{path}", f"{OLD}&q=unauffindbar")
    assert "Q1/2026, Fassung 1" in page.text
    assert not re.search(r"(?:Q1/2026|1\. Quartal 2026)(?!, Fassung)", page.text)
    ways = [item["href"] for item in page.all("A") if "/dashboards/massnahme/" in item["href"]]
    assert not [href for href in ways if not re.search(r"runde=2026-Q(1%2F1|2)", href)]
    if path == "wirkung":
        assert "Vor dem Zeitraum beendete Förderungen (1)" in page.text
        assert ways


def test_older_round_published_late_counts_in_no_round_published_before(
    session: Session, committee: Visitor
) -> None:
    second = one("2026-Q2", BAD, RUNS, RUNS, None, on="2026-08-04")
    first = one("2026-Q1", BAD, RUNS, RUNS, None, on="2026-09-01")
    for made in (first, second):
        proposal = {"value": BAD, "reason": "", "consequence": "Bitte entscheiden."}
        made["decisions"] = [{"code": "1.1", **proposal}]
    publish(session, [second, first])
    session.commit()
    text = committee.content("/dashboards/verlauf").text
    assert "Q1/2026 wurde erst danach veröffentlicht" in text
    decisions = committee.content("/dashboards/beschluesse").text
    assert "Runde in Folge" not in decisions
    assert "neu in Q2/2026" in decisions
    chosen = committee.content("/dashboards/", "?vergleich=2026-Q1")
    assert "Verglichen mit Q1/2026." in chosen.text


@pytest.mark.parametrize("path", ["", "massnahme/1.1", "feld/1", "ziel/1", "felder"])
def test_a_later_round_is_compared_with_a_warning_on_every_page(
    session: Session, committee: Visitor, path: str
) -> None:
    first = one("2026-Q1", RUNS, BAD, RUNS, None, on="2026-05-04")
    publish(session, [first, one("2026-Q2", BAD, BAD, RUNS, None, on="2026-08-04", previous=first)])
    session.commit()
    page = committee.content(f"/dashboards/{path}", "?runde=2026-Q1&vergleich=2026-Q2")
    assert "Verglichen mit Q2/2026." in page.text
    assert "Q2/2026 liegt nach Q1/2026: Der Vergleich läuft rückwärts." in page.text
    chooser = next(item for item in page.all("Select") if item["name"] == "vergleich")
    options = list(found(chooser["children"], "Option"))
    assert [item["children"] for item in options if item.get("selected")] == ["Q2/2026"]
    assert "seit Q2/2026" not in page.text


def test_two_versions_of_a_round_are_compared(session: Session, committee: Visitor) -> None:
    first = one("2026-Q1", RUNS, BAD, RUNS, None, on="2026-05-04")
    publish(session, [first, corrected(first, "2026-06-01", RUNS, RUNS, RUNS, None)])
    session.commit()
    page = committee.content("/dashboards/vergleich", "?vergleich=2026-Q1/1")
    assert "Vergleich: Q1/2026, Fassung 2 mit Q1/2026, Fassung 1" in page.text
    assert "Gegenüber Q1/2026, Fassung 1: 1 verbessert." in page.text
    for path in ("", "vergleich"):
        page_of = committee.content(f"/dashboards/{path}", "?vergleich=2026-Q1/1")
        assert "Grund: Falsche Zahl. Was Fassung 2 ändert Nr. Angabe" in page_of.text
        assert "1.2 Verlauf kritisch planmäßig" in page_of.text
    [swap] = [item["href"] for item in page.all("A") if item["children"] == "Runden tauschen"]
    assert swap == "/dashboards/vergleich?runde=2026-Q1%2F1&vergleich=2026-Q1%2F2"
    turned = committee.content("/dashboards/vergleich", swap.partition("vergleich")[2])
    assert "Q1/2026, Fassung 2 liegt nach Q1/2026, Fassung 1" in turned.text


ELEVEN = 11


def test_eleven_rounds_standing_still_are_eleven_however_many_are_shown(
    session: Session, committee: Visitor
) -> None:
    made = [with_values(item, BAD, RUNS, None) for item in documents(ELEVEN, goals=1)]
    publish(session, made)
    session.commit()
    for query in ("", "?zeitraum=12", "?zeitraum=alle"):
        text = committee.content("/dashboards/verlauf", query).text
        assert "seit 11 Runden ohne Verbesserung" in text
        rows = table(committee, "verlauf", query.replace("?", "&"))
        assert [row[3:6] for row in rows[1:4]] == [
            ["11", "11", "0"],
            ["11", "0", "0"],
            ["0", "0", "11"],
        ]
    assert len(table(committee, "verlauf")[0]) == 6 + 3 * 8


def test_the_threshold_of_standstill_follows_the_published_rounds(
    session: Session, committee: Visitor
) -> None:
    publish(session, [with_values(item, BAD) for item in documents(3, goals=1)])
    session.commit()
    assert "seit mindestens 3 Runden" in committee.content("/dashboards/verlauf").text
    two = committee.content("/dashboards/verlauf", "?runde=2026-Q2").text
    assert "seit mindestens 2 Runden" in two
