"""What a measure's page says first, and in which words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from dashboards.pages.measure import change
from tests.dashboards.conftest import Visitor, texts
from tests.dashboards.published import publish
from tests.dashboards.test_pages import accepted, measure_of, one_measure
from tests.factories_reports import report_content
from tracker.publication.reading.measure import goal_of
from tracker.publication.reading.words import current
from tracker.reporting.rules.content import MilestoneLine
from tracker.reporting.rules.status import Course

Json = dict[str, Any]


def test_reason_proposal_and_achievement_stand_directly_under_the_value(
    committee: Visitor, session: Session
) -> None:
    content = report_content(course=Course.CRITICAL)
    publish(session, [one_measure(lambda m: accepted(m, content=content))])
    session.commit()
    text = committee.content("/dashboards/massnahme/1.1").text
    now = text[text.index("Stand: ") : text.index("Alle Runden nebeneinander")]
    told = (content.reason, content.consequence, content.achieved)
    assert all(item and item in now for item in told)


@pytest.mark.parametrize("kind", ["unchanged", "no_longer_reported"])
def test_silence_in_both_rounds_is_not_called_unchanged(kind: str) -> None:
    words = current()
    silent = {"change": kind, "value": None, "previous_value": None}
    assert list(texts([str(item) for item in change(silent, words, since="Q1")][1:])) == [
        " weiterhin keine Meldung"
    ]
    assert change(silent | {"change": None}, words, since="Q1") == []
    reported = silent | {"value": {"implementation": "planned", "course": None}}
    assert change(reported, words, since="Q1")[1] == " gegenüber Q1"


def test_days_before_the_stichtag_are_marked_as_overdue(
    committee: Visitor, session: Session
) -> None:
    content = report_content(
        next_step_on=date(2020, 1, 31),
        milestones=(
            MilestoneLine("Offen", date(2020, 1, 1)),
            MilestoneLine("Fertig", date(2020, 1, 1), date(2020, 1, 2)),
            MilestoneLine("Später", date(2090, 1, 1)),
        ),
    )
    publish(session, [one_measure(lambda m: accepted(m, content=content))])
    session.commit()
    page = committee.content("/dashboards/massnahme/1.1")
    # A mark of its own: the triangle says "gefährdet".
    assert sum("clock" in item["src"] for item in page.all("Img")) == 4
    text = page.text
    assert "(bis 31.01.2020) überfällig" in text
    assert "Offen: geplant bis 01.01.2020 überfällig" in text
    assert text.count("überfällig") == 4, "each once at the top and once among the rounds"


@pytest.mark.parametrize(
    ("indicator", "said"),
    [
        (("condition", ">=", "30", "%", False), "mindestens 30\N{NO-BREAK SPACE}%"),
        (("condition", ">", "50", "%", False), "mehr als 50\N{NO-BREAK SPACE}%"),
        (("condition", ">=", "8", "Jahrgang", False), "ab Jahrgang 8"),
        (("target", ">=", "2", "Fortbildungstage", True), "2 Fortbildungstage je Jahr"),
        (("target", ">=", "4", "Elternveranstaltungen", True), "4 Elternveranstaltungen je Jahr"),
        (("target", ">", "4", "Tage", False), "mehr als 4 Tage"),
        (("target", "=", "1250", "Tage", True), "genau 1.250 Tage je Jahr"),
    ],
)
def test_a_target_or_condition_says_no_more_than_the_resolution(
    indicator: tuple[Any, ...], said: str
) -> None:
    names = ("kind", "operator", "target", "unit", "per_year")
    assert goal_of(dict(zip(names, indicator, strict=True))) == said


def test_a_competence_and_its_reason_stand_on_two_lines(
    committee: Visitor, session: Session
) -> None:
    made = one_measure(accepted)
    item = measure_of(made, "1.1")["ziff5"]
    item["competence"] = next(iter(current().choices["competence"]))
    item["competence_reason"] = "gemeinsam mit dem Land"
    publish(session, [made])
    session.commit()
    content = committee.content("/dashboards/massnahme/1.1")
    assert "gemeinsam mit dem Land" in [div.get("children") for div in content.all("Div")]
