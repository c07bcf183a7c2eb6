"""What an institution is called and is holds from a day; a round takes that of its Stichtag."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from tests.concept.test_days import DAYS, NOW, TODAY, replay, replayed
from tests.factories import START, World, moment
from tests.publication.publishing import INSTANCE, close_and_publish, correct_sitting, filled_round
from tracker.concept.actions import institutions
from tracker.concept.actions.institutions import InstitutionEdit
from tracker.concept.actions.responsibilities import assign
from tracker.concept.models import EntryKind, InstitutionKind, ResponsibilityRole
from tracker.concept.queries.concept import read_concept
from tracker.concept.queries.entries import changes_of_institution
from tracker.concept.queries.institution_list import institution, institution_choices, names_of
from tracker.core.errors import Conflict, Forbidden, Invalid, NotFound
from tracker.core.models import AuditEvent
from tracker.mail.queries.mail_facts import owing
from tracker.publication.queries.preview import preview
from tracker.reporting.models import Round
from tracker.reporting.rounds.actions import rounds

STICHTAG = date(2026, 9, 30)
NEW_YEAR = date(2027, 1, 1)
BEGUN_WITH = InstitutionEdit("Begegnungszentrum", "Begegnungszentrum", InstitutionKind.INDEPENDENT)
RENAMED = replace(BEGUN_WITH, name="Haus der Begegnung", short_name="Haus")


@pytest.fixture
def world(session: Session) -> World:
    """The library leads; the Begegnungszentrum is a partner of nothing yet."""
    world = World(session)
    world.lead(world.library, *world.measures)
    return world


def edit(
    world: World, values: InstitutionEdit = RENAMED, *, at: str = "2026-10-05 09:00", **more: Any
) -> bool:
    return institutions.edit_institution(
        world.session,
        **{"institution_id": world.club.id or 0, "by": world.coordination} | more,
        edit=values,
        now=moment(at),
    )


def shown(world: World, day: date) -> InstitutionEdit:
    row = institution(world.session, institution_id=world.club.id or 0, day=day)
    assert row is not None
    fact = read_concept(world.session, day=max(day, START)).institutions[row.id]
    if day >= START:
        assert (fact.name, fact.short_name, fact.kind) == (row.name, row.short_name, row.kind)
    return InstitutionEdit(row.name, row.short_name, row.kind, row.is_active)


def test_a_name_holds_from_its_day_and_before_the_first_one_is_the_oldest(world: World) -> None:
    assert edit(world, valid_from=date(2026, 9, 1))
    later = replace(RENAMED, name="Begegnung e. V.", kind=InstitutionKind.WELFARE)
    assert edit(world, later, valid_from=NEW_YEAR)
    days = [date(1990, 1, 1), date(2026, 8, 31), date(2026, 9, 1), TODAY, NEW_YEAR]
    assert [shown(world, day) for day in days] == [
        *(BEGUN_WITH, BEGUN_WITH, RENAMED, RENAMED),
        later,
    ]
    assert names_of(world.session, day=TODAY)[world.club.key] == "Haus der Begegnung"


def test_a_slip_is_mended_on_the_same_day_and_everything_stays_readable(world: World) -> None:
    edit(world, replace(RENAMED, name="Haus der Begegnugn"))
    edit(world, RENAMED, at="2026-10-05 10:00")
    mended, slip = changes_of_institution(world.session, institution_id=world.club.id or 0)
    assert (slip.kind, slip.was, slip.now["name"], slip.by) == (
        EntryKind.NAME,
        {"name": "Begegnungszentrum", "short_name": "Begegnungszentrum"},
        "Haus der Begegnugn",
        "ki",
    )
    assert (slip.replaced_at, mended.replaced_at) == (moment("2026-10-05 10:00"), None)
    assert (mended.was["name"], mended.now["name"]) == ("Haus der Begegnugn", "Haus der Begegnung")
    assert not edit(world, RENAMED)


def test_a_name_is_taken_as_long_as_somebody_has_it(world: World) -> None:
    name = BEGUN_WITH.name
    edit(world, valid_from=NEW_YEAR)
    library = world.library.id or 0
    for taken, day in ((name.upper(), TODAY), ("haus", TODAY), ("Haus der Begegnung", NEW_YEAR)):
        with pytest.raises(Invalid, match="So heißt schon eine andere Institution"):
            edit(world, replace(RENAMED, name=taken), institution_id=library, valid_from=day)
    free = InstitutionEdit(name, "Zentrum", InstitutionKind.INDEPENDENT)
    assert edit(world, free, institution_id=library, valid_from=NEW_YEAR)


def test_only_the_ki_renames_and_only_what_there_is(world: World) -> None:
    for by in (world.representative, world.committee):
        with pytest.raises(Forbidden):
            edit(world, by=by)
    with pytest.raises(NotFound):
        edit(world, institution_id=999_999)
    assert shown(world, TODAY) == BEGUN_WITH


LEFT = replace(BEGUN_WITH, is_active=False)


def join(world: World, valid_to: date | None = None) -> int:
    return assign(
        world.session,
        measure_ids=[world.measures[0].id or 0],
        institution_id=world.club.id or 0,
        role=ResponsibilityRole.PARTNER,
        valid_from=TODAY,
        valid_to=valid_to,
        by=world.coordination,
        now=NOW,
    )


def test_an_institution_leaves_on_a_day_and_is_not_responsible_from_then_on(world: World) -> None:
    last_day = NEW_YEAR - timedelta(days=1)
    edit(world, LEFT, valid_from=NEW_YEAR)
    with pytest.raises(Invalid, match="scheidet aus"):
        join(world)
    assert join(world, last_day)
    for day, choices in ((last_day, 2), (NEW_YEAR, 1)):
        assert len(institution_choices(world.session, day=day)) == choices
    with pytest.raises(Conflict, match=r"noch für diese Maßnahmen eingetragen: 1\.1"):
        edit(world, LEFT, valid_from=date(2026, 12, 1))
    edit(world, LEFT, valid_from=NEW_YEAR, at="2026-10-05 11:00")
    with pytest.raises(NotFound):
        assign(
            world.session,
            measure_ids=[world.measures[1].id or 0],
            institution_id=world.club.id or 0,
            role=ResponsibilityRole.PARTNER,
            valid_from=date(2027, 2, 1),
            valid_to=None,
            by=world.coordination,
            now=moment("2027-01-15 09:00"),
        )


def named(document: dict[str, Any]) -> dict[str, str]:
    return {item["key"]: item["name"] for item in document["institutions"]}


def correct(world: World, round_: Round) -> None:
    rounds.correct(
        world.session,
        round_=round_,
        reason="Zahl berichtigt",
        by=world.coordination,
        now=moment("2026-11-10 09:00"),
    )
    correct_sitting(round_)


def test_a_correction_names_institutions_as_on_the_stichtag(world: World) -> None:
    round_ = filled_round(world)
    first = json.loads(close_and_publish(world, round_).document)
    library = InstitutionEdit("VHS Bielefeld", "VHS", InstitutionKind.MUNICIPAL)
    edit(world, library, institution_id=world.library.id, at="2026-11-05 09:00")
    edit(world, replace(RENAMED, is_active=False), at="2026-11-05 09:00")
    correct(world, round_)
    now = moment("2026-11-11 09:00")
    shown_before = preview(
        world.session, concept_id=world.concept_id, period="2026-Q3", instance=INSTANCE, now=now
    )
    second = json.loads(close_and_publish(world, round_, "2026-11-11 09:00").document)
    assert second["institutions"] == first["institutions"]
    assert second["measures"][0]["expected"]["institution"]["name"] == "Volkshochschule"
    assert shown_before is not None
    assert shown_before.document == second


def test_a_name_dated_before_the_stichtag_stands_in_the_correction(world: World) -> None:
    round_ = filled_round(world)
    close_and_publish(world, round_)
    days = {"at": "2026-11-05 09:00", "valid_from": STICHTAG, "shown_on": STICHTAG}
    edit(world, RENAMED, **days)
    correct(world, round_)
    second = json.loads(close_and_publish(world, round_, "2026-11-11 09:00").document)
    assert named(second) == {
        world.library.key: "Volkshochschule",
        world.club.key: "Haus der Begegnung",
    }


def test_who_owes_a_report_is_addressed_by_the_name_of_today(world: World) -> None:
    world.open_round()
    library = InstitutionEdit("VHS Bielefeld", "VHS", InstitutionKind.MUNICIPAL)
    edit(world, library, institution_id=world.library.id, valid_from=date(2026, 10, 6))
    names = [
        {owed.institution for owed in owing(world.session, now=moment(day))}
        for day in ("2026-10-05 09:00", "2026-10-06 09:00")
    ]
    assert names == [{"Volkshochschule"}, {"VHS"}]


EDITS = st.builds(
    InstitutionEdit,
    name=st.sampled_from(["Begegnungszentrum", "Haus der Begegnung", "Zentrum"]),
    short_name=st.sampled_from(["Begegnungszentrum", "Haus"]),
    kind=st.sampled_from([InstitutionKind.INDEPENDENT, InstitutionKind.WELFARE]),
    is_active=st.booleans(),
)
STEPS = st.lists(st.tuples(EDITS, st.none() | DAYS, st.none() | DAYS), min_size=1, max_size=6)


def by_column(values: InstitutionEdit) -> dict[str, Any]:
    return {
        "name": values.name,
        "short_name": values.short_name,
        "institution_kind": values.kind,
        "is_active": values.is_active,
    }


@given(steps=STEPS)
def test_as_of_any_day_equals_replaying_the_audit_trail(
    sqlite_engine: Engine, steps: list[tuple[InstitutionEdit, date | None, date | None]]
) -> None:
    with sqlite_engine.connect() as connection, connection.begin() as outer:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            world = World(session, fields=1, measures_per_field=1)
            for number, (values, valid_from, shown_on) in enumerate(steps):
                at = f"{NOW + timedelta(days=30 * number):%Y-%m-%d %H:%M}"
                edit(world, values, at=at, valid_from=valid_from, shown_on=shown_on)
            events = session.exec(
                select(AuditEvent)
                .where(AuditEvent.verb == "concept.edit_institution")
                .order_by(col(AuditEvent.id))
            ).all()
            begun_with = by_column(BEGUN_WITH)
            rows = replay(list(events), begun_with)
            starts = {start for by_day in rows.values() for start in by_day}
            for day in sorted({START, *starts, *(start - timedelta(days=1) for start in starts)}):
                assert by_column(shown(world, day)) == replayed(rows, day, begun_with)
        outer.rollback()
