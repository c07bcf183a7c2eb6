"""A concept through two quarters, and everything that is said of it then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder
from sqlmodel import Session

from dashboards.pages import routes
from dashboards.pages.view import framed, view_of
from dashboards.selection import Selection
from dashboards.snapshot_reader import SnapshotReader
from tests.application import application
from tests.factories import CRITICAL, RUNNING, World, moment
from tests.pages import SETTINGS
from tests.publication.publishing import INSTANCE, correct_sitting
from tracker.concept.queries.concept import read_concept
from tracker.concept.rules.document import concept_document
from tracker.papers.making.service import render
from tracker.papers.rules.exporting import FORMATS, ExportFormat, ExportKind, ExportRequest
from tracker.publication.actions.publication import publish
from tracker.publication.queries import published
from tracker.reporting.models import Round
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
        correct_sitting(self.round_)
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
    connection = session.connection()
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
    # Pages ask the application which areas are on.
    with application(SETTINGS, connection, lambda: AT).test_request_context("/dashboards/"):
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
