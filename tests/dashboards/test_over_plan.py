"""What is over its plan is listed with how much, the most first."""

from __future__ import annotations

import copy
from typing import Any

from sqlmodel import Session

from tests.csv_text import csv_rows
from tests.dashboards.conftest import Visitor, found, texts
from tests.dashboards.published import publish

Json = dict[str, Any]
# Planned and actual cost of the first measures that report, in their order.
COSTS = (
    ("100.00", "250.50"),
    ("1000.00", "1000.00"),
    ("2000.00", "3500.00"),
    (None, "900.00"),
    ("50.00", "20.00"),
)
OVER = (("1.500,00 €", 2), ("150,50 €", 0))


def test_each_measure_over_its_plan_is_named_with_the_difference(
    committee: Visitor, session: Session, four_rounds: list[Json]
) -> None:
    rounds = copy.deepcopy(four_rounds)
    reporting = [item for item in rounds[-1]["measures"] if item["report"]]
    for item in reporting:
        item["report"]["cost_planned"] = item["report"]["cost_actual"] = None
    for item, (planned, actual) in zip(reporting, COSTS, strict=False):
        item["report"]["cost_planned"], item["report"]["cost_actual"] = planned, actual
    publish(session, rounds)
    page = committee.content("/dashboards/wirkung")
    table = next(
        item
        for item in page.all("Table")
        if " ".join(texts(item["children"][0])) == "Maßnahmen über dem Plan"
    )
    rows = [
        [" ".join(texts(cell)).replace("\N{NO-BREAK SPACE}", " ") for cell in row["children"]]
        for row in found(table["children"][2], "Tr")
    ]
    expected = [(reporting[index]["code"], more) for more, index in OVER]
    assert [(row[0], row[-1]) for row in rows] == expected
    assert rows[0][2:4] == ["2.000,00 €", "3.500,00 €"]
    href = next(link["href"] for link in page.all("A") if "/ueber-plan.csv" in link["href"])
    head, *rows = csv_rows(committee.client.get(href).get_data())
    assert ";".join(head) == "Nr.;Maßnahme;Plan in Euro;Ist in Euro;über dem Plan in Euro"
    assert [row[0] for row in rows] == [code for code, _ in expected]
