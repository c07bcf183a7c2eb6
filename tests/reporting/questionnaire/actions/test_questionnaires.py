"""An uploaded Erhebungsbogen is taken over as a whole or not at all, by one person once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel, select

from tests.bielefeld import BIELEFELD, PLACES
from tests.committing import own_sqlite
from tests.factories import RUNNING, World, moment
from tests.reporting.questionnaire.workbook.forms import Typed
from tracker.core.db import transaction
from tracker.core.errors import Conflict, Forbidden, IllegalTransition, NotFound, Refused
from tracker.core.models import AuditEvent
from tracker.core.permissions import Actor
from tracker.reporting.models import QuestionnaireUpload, Report, Round
from tracker.reporting.questionnaire.actions import questionnaires
from tracker.reporting.questionnaire.queries.questionnaires import questionnaire
from tracker.reporting.questionnaire.workbook.reader import read
from tracker.reporting.questionnaire.workbook.writer import write
from tracker.reporting.reports.actions import reports
from tracker.reporting.review.actions import review
from tracker.reporting.rules.reports import ReportState
from tracker.tidy import KEEP_UPLOADS, remove_expired

NOW = moment("2026-10-05 09:00")


@pytest.fixture
def world(session: Session) -> World:
    """Six measures, all led by the library, and an open round."""
    world = World(session)
    world.lead(world.library)
    return world


@pytest.fixture
def round_(world: World) -> Round:
    """The open third quarter."""
    return world.open_round()


def uploaded(
    world: World, round_: Round, change: Callable[[Typed], object], by: Actor | None = None
) -> int:
    """Download, change and upload the form of the library."""
    by = by or world.staff
    place = {"round_id": round_.id or 0, "institution_id": world.library.id or 0}
    form = questionnaire(world.session, **place, by=by, office="KI", districts=PLACES, now=NOW)
    typed = Typed(write(form))
    change(typed)
    reading = read(typed.saved(), form)
    assert reading.problems == ()
    kept = questionnaires.keep(
        world.session,
        **place,
        file_name="bogen.xlsx",
        sha256="a" * 64,
        answers=reading.answers,
        by=by,
        now=NOW,
    )
    assert kept.id is not None
    return kept.id


def fill_in(*codes: str) -> Callable[[Typed], object]:
    def change(typed: Typed) -> None:
        for code in codes:
            typed.set("Meldungen", code, "Umsetzungsstand", "umgesetzt")

    return change


def take(world: World, upload_id: int, by: Actor | None = None, *, submit: bool = False) -> object:
    return questionnaires.apply(
        world.session, upload_id=upload_id, submit_complete=submit, by=by or world.staff, now=NOW
    )


def states(world: World, round_: Round) -> list[ReportState]:
    return [world.report(round_, measure).state for measure in world.measures]


DRAFT, EXPECTED = ReportState.DRAFT, ReportState.EXPECTED


def test_only_what_was_changed_becomes_a_draft(world: World, round_: Round) -> None:
    assert take(world, uploaded(world, round_, fill_in("1.1", "2.3"))) == (2, 0)
    assert states(world, round_) == [DRAFT, EXPECTED, EXPECTED, EXPECTED, EXPECTED, DRAFT]
    events = world.session.exec(
        select(AuditEvent.verb, AuditEvent.after).where(
            AuditEvent.actor_id == world.staff.account_id
        )
    ).all()
    assert sorted(verb for verb, _ in events) == ["questionnaire.apply", *["report.save"] * 4]
    saved = [after or {} for _, after in events if "implementation" in (after or {})]
    assert [after["implementation"] for after in saved] == ["completed"] * 2


def test_of_one_account_only_the_last_uploads_are_kept(
    world: World, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questionnaires, "MOST_KEPT", 2)
    of_another = uploaded(world, round_, fill_in("1.1"), by=world.representative)
    first, *last = (uploaded(world, round_, fill_in("1.1")) for _ in range(3))
    kept = world.session.exec(select(QuestionnaireUpload.id)).all()
    assert sorted(kept) == [of_another, *last]
    with pytest.raises(NotFound, match="noch einmal hoch"):
        take(world, first)


def test_who_may_submit_submits_what_is_complete(world: World, round_: Round) -> None:
    upload_id = uploaded(world, round_, fill_in("1.1", "1.2"))
    with pytest.raises(Forbidden, match="nur die benannte Vertretung"):
        take(world, upload_id, submit=True)
    assert take(world, upload_id, world.representative, submit=True) == (0, 2)
    assert states(world, round_)[:2] == [ReportState.SUBMITTED] * 2


def test_an_upload_is_taken_over_once(world: World, round_: Round) -> None:
    upload_id = uploaded(world, round_, fill_in("1.1"))
    take(world, upload_id)
    with pytest.raises(IllegalTransition, match="schon übernommen"):
        take(world, upload_id)
    assert world.report(round_, world.measures[0]).draft_version == 1


def save(world: World, report: Report) -> None:
    reports.save_draft(
        world.session,
        report_id=report.id or 0,
        content=RUNNING,
        expected_version=report.draft_version,
        by=world.representative,
        now=NOW,
    )


def waive(world: World, report: Report) -> None:
    review.waive(
        world.session, report_id=report.id or 0, reason="Umbau", by=world.coordination, now=NOW
    )


@pytest.mark.parametrize(
    ("event", "refusal", "reason"),
    [
        (save, Conflict, r"Inzwischen hat jemand gespeichert: Maßnahme 1\.2"),
        (waive, IllegalTransition, r"Maßnahme 1\.2: Diese Meldung ist befreit"),
    ],
)
def test_if_one_report_cannot_be_taken_none_is_and_it_is_named(
    world: World,
    round_: Round,
    event: Callable[[World, Report], None],
    refusal: type[Refused],
    reason: str,
) -> None:
    upload_id = uploaded(world, round_, fill_in("1.1", "1.2"))
    event(world, world.report(round_, world.measures[1]))
    world.session.commit()
    with (
        pytest.raises(refusal, match=f"Es wurde nichts übernommen.*{reason}"),
        transaction(world.session),
    ):
        take(world, upload_id)
    assert world.report(round_, world.measures[0]).draft is None
    assert world.session.get_one(QuestionnaireUpload, upload_id).applied_at is None


def test_nobody_else_keeps_or_takes_over(world: World, round_: Round) -> None:
    upload_id = uploaded(world, round_, fill_in("1.1"))
    for actor in (world.stranger, world.committee):
        with pytest.raises(NotFound):
            take(world, upload_id, actor)
        with pytest.raises(NotFound):
            uploaded(world, round_, fill_in("1.1"), by=actor)
        with pytest.raises(Forbidden):
            questionnaires.keep(
                world.session,
                round_id=round_.id or 0,
                institution_id=world.library.id or 0,
                file_name="",
                sha256="",
                answers=(),
                by=actor,
                now=NOW,
            )


def test_a_colleague_takes_over_and_the_ki_on_behalf(world: World, round_: Round) -> None:
    assert take(world, uploaded(world, round_, fill_in("1.1")), world.representative) == (1, 0)
    upload_id = uploaded(world, round_, fill_in("1.2"), by=world.coordination)
    assert take(world, upload_id, world.coordination, submit=True) == (0, 1)
    assert world.report(round_, world.measures[1]).on_behalf


def test_a_returned_report_says_what_the_ki_asks(world: World, round_: Round) -> None:
    report = world.submit(world.report(round_, world.measures[0]))
    review.return_report(
        world.session,
        report_id=report.id or 0,
        comment="Wie viele?",
        field_comments={"achieved": "Seit wann?"},
        by=world.coordination,
        now=NOW + timedelta(hours=1),
    )
    form = questionnaire(
        world.session,
        round_id=round_.id or 0,
        institution_id=world.library.id or 0,
        by=world.staff,
        office="KI",
        districts=PLACES,
        now=NOW,
    )
    assert form.rows[0].question == "Wie viele?\nWas wurde erreicht? Seit wann?"
    assert form.rows[0].may_write
    assert form.rows[0].content == RUNNING


def test_old_uploads_are_removed_and_recent_ones_stay(world: World, round_: Round) -> None:
    upload_id = uploaded(world, round_, fill_in("1.1"))
    settings = BIELEFELD
    removed = remove_expired(world.session, settings=settings, now=NOW + KEEP_UPLOADS)
    assert removed.uploads == 0
    later = NOW + KEEP_UPLOADS + timedelta(seconds=1)
    removed = remove_expired(world.session, settings=settings, now=later)
    assert removed.summary.endswith("1 hochgeladene Erhebungsbögen")
    world.session.expire_all()
    assert world.session.get(QuestionnaireUpload, upload_id) is None


@pytest.fixture(params=["sqlite", "postgresql"])
def own_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Each of the two databases to commit to, empty again afterwards."""
    if request.param == "sqlite":
        engine = own_sqlite(tmp_path)
        yield engine
        engine.dispose()
        return
    server: Engine = request.getfixturevalue("postgresql_engine")
    yield server
    with server.begin() as connection:
        names = ", ".join(f'"{table.name}"' for table in SQLModel.metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


@pytest.mark.parametrize("same_file", [True, False])
def test_of_two_people_at_the_same_time_one_takes_over(own_engine: Engine, same_file: bool) -> None:
    with Session(own_engine, expire_on_commit=False) as session:
        world = World(session)
        world.lead(world.library)
        round_ = world.open_round()
        first = uploaded(world, round_, fill_in("1.1", "1.2", "2.1"))
        second = first if same_file else uploaded(world, round_, fill_in("2.1", "1.1", "2.2"))
        session.commit()
        people = [(first, world.staff), (second, world.representative)]
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def run(upload_id: int, by: Actor) -> None:
        start.wait()
        with Session(own_engine) as own:
            try:
                with transaction(own):
                    questionnaires.apply(
                        own, upload_id=upload_id, submit_complete=False, by=by, now=NOW
                    )
                outcomes.append("taken")
            except (Conflict, IllegalTransition):
                outcomes.append("refused")

    threads = [threading.Thread(target=run, args=person) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "taken"]
    with Session(own_engine) as session:
        versions = session.exec(select(Report.draft_version).where(Report.draft_version > 0)).all()
        assert versions == [1, 1, 1]
        applied = session.exec(
            select(QuestionnaireUpload.id).where(QuestionnaireUpload.applied_at != None)  # noqa: E711
        ).all()
        assert len(applied) == 1
