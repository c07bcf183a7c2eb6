"""Two concepts go through their quarters side by side; neither shows in what the other says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder
from sqlalchemy import Connection
from sqlmodel import Session

from dashboards.pages import routes
from dashboards.pages.view import framed, view_of
from dashboards.selection import Selection
from dashboards.snapshot_reader import SnapshotReader
from tests.application import application
from tests.factories import CRITICAL, RUNNING, World, moment
from tests.pages import SETTINGS
from tests.publication.publishing import INSTANCE
from tracker.concept.queries.concept import read_concept
from tracker.concept.rules.document import concept_document
from tracker.papers.making.service import render
from tracker.papers.rules.exporting import FORMATS, ExportFormat, ExportKind, ExportRequest
from tracker.publication.actions.publication import publish
from tracker.publication.queries import published, snapshots
from tracker.reporting.models import Round
from tracker.reporting.reports.queries.my_measures import MyMeasures, my_measures
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rounds.queries.round_list import round_list
from tracker.reporting.rules.content import Participants, ParticipantUnit, ReportContent

QUARTERS = {"2026-Q2": "2026-07-01 06:00", "2026-Q3": "2026-10-01 06:00"}
PLACES = {"feld/<nummer>": "1", "ziel/<nummer>": "2", "massnahme/<code>": "1.2"}
# The mappe has every paper in it, the report's data besides.
PAPERS: dict[ExportKind, dict[str, Any]] = {
    ExportKind.BUNDLE: {},
    ExportKind.MEASURE: {"measure": "1.1"},
    ExportKind.INSTITUTION: {"institution": "vhs"},
    ExportKind.COMPARISON: {"compare": "2026-Q2"},
}
IN_Q3, AT = moment("2026-10-05 09:00"), moment("2026-12-01 09:00")

Step = tuple[datetime, Callable[[datetime], object]]


@dataclass
class Quarter:
    """A round of a concept from its opening to its correction; None hands nothing in."""

    world: World
    period: str
    contents: list[ReportContent | None]
    round_: Round = field(init=False)

    def steps(self, *, late: timedelta = timedelta()) -> list[Step]:
        """All steps with their moments, in order; `late` moves them all."""
        opened = moment(QUARTERS[self.period]) + late
        acts = (self.open, self.submit, self.accept, self.close, self.publish, self.correct)
        days = (0, 4, 5, 19, 20, 30)
        return [(opened + timedelta(days=day), act) for day, act in zip(days, acts, strict=True)]

    def open(self, now: datetime) -> None:
        self.round_ = self.world.open_round(self.period, opened=_text(now))

    def submit(self, now: datetime) -> None:
        for measure, content in zip(self.world.measures, self.contents, strict=False):
            if content is not None:
                self.world.submit(self.world.report(self.round_, measure), content, at=_text(now))

    def accept(self, now: datetime) -> None:
        for measure, content in zip(self.world.measures, self.contents, strict=False):
            if content is not None:
                self.world.accept(self.world.report(self.round_, measure), at=_text(now))

    def close(self, now: datetime) -> None:
        by = self.world.coordination
        rounds.close_round(self.world.session, round_=self.round_, by=by, now=now)

    def publish(self, now: datetime) -> None:
        by = self.world.coordination
        publish(self.world.session, round_=self.round_, by=by, now=now, instance=INSTANCE)

    def correct(self, now: datetime) -> None:
        by = self.world.coordination
        rounds.correct(
            self.world.session, round_=self.round_, reason="Zahl berichtigt", by=by, now=now
        )
        self.publish(now + timedelta(hours=1))


def _text(now: datetime) -> str:
    return f"{now:%Y-%m-%d %H:%M}"


FIRST = [RUNNING, CRITICAL, None, replace(RUNNING, events=3)]
UNITS = st.sampled_from(ParticipantUnit)
counted = st.builds(
    replace,
    st.sampled_from([RUNNING, CRITICAL]),
    participants=st.tuples(st.builds(Participants, UNITS, st.integers(0, 900))),
    events=st.integers(0, 40),
)
CONTENTS = st.lists(st.none() | counted, min_size=4, max_size=4)


def first_concept(session: Session) -> World:
    world = World(session)
    world.lead(world.library, *world.measures[:4])
    world.lead(world.club, *world.measures[4:])
    return world


def second_concept(world: World) -> World:
    second = World(world.session, measures_per_field=2, key="zweites", beside=world)
    second.lead(world.library)
    return second


def run(steps: list[Step]) -> None:
    for now, act in sorted(steps, key=lambda step: step[0]):
        act(now)


def of_world(world: World, contents: list[ReportContent | None], **late: timedelta) -> list[Step]:
    return [step for period in QUARTERS for step in Quarter(world, period, contents).steps(**late)]


def said(world: World, *, with_papers: bool = False) -> dict[str, object]:
    """Everything that is said of a concept: record, figures, pages, tables, papers."""
    session, concept_id = world.session, world.concept_id
    versions = published.versions(session, concept_id=concept_id)
    everything: dict[str, object] = {
        "concept": concept_document(read_concept(session, concept_id=concept_id, day=AT.date())),
        "rounds": [
            (summary.head.key, summary.returns, summary.to_review)
            for summary in round_list(session, concept_id=concept_id, now=AT)
        ],
    }
    for publication in versions:
        name = f"{publication.period}/{publication.version}"
        everything[name] = published.document_text(session, publication)
    everything |= _pages(session, concept_id)
    for kind, about in PAPERS.items() if with_papers else ():
        form = ExportFormat.DOCX if ExportFormat.DOCX in FORMATS[kind] else FORMATS[kind][0]
        request = ExportRequest(kind, "2026-Q3", form, concept=world.key, **about)
        everything[kind] = render(session, request).content
    return everything


def _pages(session: Session, concept_id: int) -> dict[str, object]:
    reader = SnapshotReader(session, published.current(session, concept_id=concept_id))
    pages: dict[str, object] = {}
    for page in routes.PAGES:
        if page.own is not None:
            continue
        place = {page.path.partition("<")[2][:-1]: PLACES[page.path]} if "<" in page.path else {}
        for publication in reader.publications:
            view = view_of(reader, publication, state=Selection(), path=page.path, place=place)
            content = framed(page, view, routes.PAGES)
            pages[f"{page.path} {publication.period}"] = PlotlyJSONEncoder().encode(content)
            pages[f"{page.path} {publication.period} tables"] = page.tables(view)
    return pages


@pytest.fixture(autouse=True)
def request_for_a_page(connection: Connection) -> Iterator[None]:
    """Pages ask the application which areas are on."""
    app = application(SETTINGS, connection, lambda: AT)
    with app.test_request_context("/dashboards/"):
        yield


@pytest.fixture
def alone(session: Session) -> dict[str, object]:
    """What is said of the first concept where there is no other."""
    published._kept.clear()
    with session.begin_nested() as savepoint:
        world = first_concept(session)
        run(of_world(world, FIRST))
        everything = said(world, with_papers=True)
        savepoint.rollback()
    return everything


def test_a_second_concept_changes_no_byte_of_what_is_said_of_the_first(
    session: Session, alone: dict[str, object]
) -> None:
    world = first_concept(session)
    second = second_concept(world)
    contents: list[ReportContent | None] = [CRITICAL, replace(RUNNING, events=11), None, RUNNING]
    run(of_world(world, FIRST) + of_world(second, contents, late=timedelta(hours=2)))
    assert said(world, with_papers=True) == alone
    other = said(second, with_papers=True)
    assert json.loads(str(other["2026-Q3/2"]))["concept"]["key"] == "zweites"
    own = (*PAPERS, "concept", "rounds", " 2026-Q3", "massnahme/<code> 2026-Q3")
    assert [name for name in own if other[name] == alone[name]] == []
    verified = snapshots.verify(session)
    assert len(verified) == 8
    assert {checked.problems for checked in verified} == {()}


# Without shrinking: an example takes a second.
@settings(
    max_examples=3,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(contents=CONTENTS, late=st.integers(-20 * 24, 20 * 24))
def test_whatever_the_second_concept_reports_and_when(
    session: Session, alone: dict[str, object], contents: list[ReportContent | None], late: int
) -> None:
    with session.begin_nested() as savepoint:
        world = first_concept(session)
        second = second_concept(world)
        run(of_world(world, FIRST) + of_world(second, contents, late=timedelta(hours=late)))
        everything = said(world)
        verified = snapshots.verify(session)
        savepoint.rollback()
    assert everything == {name: alone[name] for name in everything}
    assert {checked.problems for checked in verified} == {()}


def mine(world: World, now: datetime = IN_Q3) -> MyMeasures:
    institution_id = world.library.id or 0
    return my_measures(world.session.connection(), institution_id=institution_id, now=now)


def test_an_institution_has_one_list_by_concept_where_there_are_several(session: Session) -> None:
    world = first_concept(session)
    world.open_round()
    [only] = mine(world).rounds
    assert (only.concept, len(only.measures)) == ("", 4)
    second = second_concept(world)
    second.open_round()
    listed = mine(world)
    assert [(round_.concept, round_.period.key) for round_ in listed.rounds] == [
        ("Probekonzept", "2026-Q3"),
        ("Zweiteskonzept", "2026-Q3"),
    ]
    assert [[measure.code for measure in round_.measures] for round_ in listed.rounds] == [
        ["1.1", "1.2", "1.3", "2.1"],
        ["1.1", "1.2", "2.1", "2.2"],
    ]
    club = my_measures(session.connection(), institution_id=world.club.id or 0, now=AT)
    assert [round_.concept for round_ in club.rounds] == ["Probekonzept"]


def test_the_newest_publication_of_each_concept_is_told(session: Session) -> None:
    world = first_concept(session)
    second = second_concept(world)
    run(of_world(world, FIRST))
    run(Quarter(second, "2026-Q2", [RUNNING]).steps())
    told = [(told.concept, told.period.key, told.version) for told in mine(world, AT).published]
    assert told == [("Probekonzept", "2026-Q3", 2), ("Zweiteskonzept", "2026-Q2", 2)]
