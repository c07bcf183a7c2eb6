"""Which documents a report is made from: the same for ever; on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from tests.factories import CRITICAL, RUNNING, World, moment
from tests.publication.publishing import close_and_publish, correct_sitting
from tracker.concept.models import Institution
from tracker.core.errors import Invalid, NotFound
from tracker.core.periods import Period
from tracker.publication.queries import published
from tracker.publication.queries.sources import HISTORY, Sources, sources
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Report
from tracker.publication.reading.rounds import table
from tracker.reporting.models import Round
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import ReportContent

Q1, Q2, Q3 = "2026-Q1", "2026-Q2", "2026-Q3"
DAYS = {Q1: "2026-05-04 09:00", Q2: "2026-08-03 09:00", Q3: "2026-11-02 09:00"}


@pytest.fixture
def world(session: Session) -> World:
    """Six measures that the library leads."""
    published._kept.clear()
    world = World(session)
    world.lead(world.library)
    return world


def publish_round(
    world: World, period: str, content: ReportContent = RUNNING, *, at: str | None = None
) -> Round:
    """Publish a round in which the first measure was reported."""
    round_ = world.open_round(period, opened=f"{Period.parse(period).opens_on} 06:00")
    sent = f"{Period.parse(period).opens_on} 09:00"
    accepted = world.submit(world.report(round_, world.measures[0]), content, at=sent)
    world.accept(accepted, at=sent)
    close_and_publish(world, round_, at or DAYS[period])
    return round_


def correct(world: World, round_: Round, *, at: str) -> None:
    rounds.correct(
        world.session,
        round_=round_,
        reason="Eine Zahl war falsch.",
        by=world.coordination,
        now=moment(at),
    )
    correct_sitting(round_)
    close_and_publish(world, round_, at)


def of(world: World, **named: Any) -> Sources:
    return sources(world.session, concept_id=world.concept_id, **named)


def made(world: World, period: str, compare: str | None = None, **named: int) -> Report:
    found = of(world, period=period, compare=compare, **named)
    return report(found.document, compared=found.compared, history=found.history, older=found.older)


def test_a_report_is_made_from_its_round_and_the_ones_before_it(world: World) -> None:
    for period in (Q1, Q2, Q3):
        publish_round(world, period)
    found = of(world, period=Q2)
    assert found.publication.period == Q2
    assert found.document["round"]["period"] == Q2
    assert found.text == published.document_text(world.session, found.publication)
    assert [item["round"]["period"] for item in found.history] == [Q1]
    assert found.compared is None


def test_a_correction_of_an_earlier_round_changes_no_report_made_before(world: World) -> None:
    earlier = publish_round(world, Q2)
    publish_round(world, Q3, CRITICAL)
    before = made(world, Q3), made(world, Q3, compare=Q2)
    correct(world, earlier, at="2026-12-01 09:00")
    world.session.get_one(Institution, world.library.id).name = "Ganz anderer Name"
    world.session.flush()
    published._kept.clear()
    assert (made(world, Q3), made(world, Q3, compare=Q2)) == before
    assert made(world, Q3, compare="2026-Q2/2").cover.previous == "Q2/2026, Fassung 2"
    assert made(world, Q2).cover.version == 2
    assert made(world, Q2, version=1) == made(world, "2026-Q2/1")


def test_a_correction_looks_at_what_was_in_force_when_it_was_published(world: World) -> None:
    earlier = publish_round(world, Q2)
    later = publish_round(world, Q3)
    correct(world, earlier, at="2026-12-01 09:00")
    correct(world, later, at="2026-12-02 09:00")
    assert [
        [item["round"]["version"] for item in of(world, period=name).history]
        for name in ("2026-Q3/1", "2026-Q3/2")
    ] == [[1], [2]]
    assert [row[:2] for row in made(world, Q3).corrections.rows] == [
        ("Q2/2026", 2),
        ("Q3/2026", 2),
    ]


def test_a_round_published_late_is_no_history_of_what_was_published_before(world: World) -> None:
    publish_round(world, Q3)
    before = made(world, Q3)
    publish_round(world, Q2, at="2026-12-01 09:00")
    assert of(world, period=Q3).history == ()
    assert made(world, Q3) == before


def test_a_compared_round_that_was_published_later_counts_as_first_published(world: World) -> None:
    publish_round(world, Q2, replace(CRITICAL))
    later = publish_round(world, Q3)
    compared = made(world, Q2, compare=Q3)
    assert compared.since == "gegenüber Q3/2026"
    told = compared.summary.attention[0]
    assert told.startswith("Als kritisch gemeldet: ")
    assert told.endswith(", neu gegenüber Q3/2026.")
    assert [line.kind.code for line in compared.changes] == ["worse"]
    correct(world, later, at="2026-12-01 09:00")
    assert made(world, Q2, compare=Q3) == compared


def test_a_correction_is_compared_with_what_it_corrects(world: World) -> None:
    round_ = publish_round(world, Q3)
    correct(world, round_, at="2026-12-01 09:00")
    assert made(world, Q3, compare="2026-Q3/1").since == "seit Q3/2026, Fassung 1"
    with pytest.raises(Invalid, match="nicht mit sich selbst"):
        made(world, Q3, compare=Q3)


NOT_THERE: list[tuple[str, str | None, str]] = [
    ("2025-Q4", None, r"Veröffentlicht sind: Q3/2026, Q2/2026\. Bitte wählen Sie eine"),
    ("unsinn", None, "nicht veröffentlicht"),
    ("2026-Q3/7", None, r"keine Fassung 7\. Bitte wählen Sie eine von diesen: 1"),
    ("2026-Q3/0", None, "keine Fassung 0"),
    ("2026-Q3/zwei", None, "zum Beispiel 2026-Q3/1"),
    ("2026-Q3/²", None, "zum Beispiel 2026-Q3/1"),
    (Q3, "2025-Q4", "Veröffentlicht sind: Q3/2026, Q2/2026"),
    (Q3, "2026-Q2/3", r"Q2/2026 hat keine Fassung 3\."),
    (Q3, "2026-Q2/", "nennt keine Fassung"),
    (Q3, "", "nicht veröffentlicht"),
]


def test_what_is_not_there_is_refused_with_what_is(world: World) -> None:
    publish_round(world, Q2)
    publish_round(world, Q3)
    for period, compare, message in NOT_THERE:
        with pytest.raises(NotFound, match=message):
            of(world, period=period, compare=compare)


def test_nothing_published_is_said(world: World) -> None:
    with pytest.raises(NotFound, match="noch keine Runde veröffentlicht"):
        of(world, period=Q3)


def test_eleven_rounds_standing_still_are_eleven_in_a_history_as_long_as_a_page_is_wide(
    world: World,
) -> None:
    period = Period(2024, "Q", 1)
    while period.key != Q3:
        publish_round(world, period.key, at=f"{period.next().default_due_on(15)} 09:00")
        period = period.next()
    publish_round(world, Q3)
    found = of(world, period=Q3)
    assert len(found.history) == HISTORY
    assert found.history[-1]["round"]["period"] == Q2
    labels = made(world, Q3).rounds.labels
    assert (len(labels), labels[0], labels[-1]) == (HISTORY + 1, "Q4/2024", "Q3/2026")
    still = [row[3:6] for row in table(made(world, Q3).rounds).rows]
    assert still[:2] == [(11, 0, 0), (0, 0, 11)]
