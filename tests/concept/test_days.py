"""Values hold from a day: as of any day is what the audit trail says, published records stay."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from tests.factories import START, World, moment
from tests.publication.publishing import INSTANCE, close_and_publish, correct_sitting, filled_round
from tracker.concept.actions import concept
from tracker.concept.actions.concept import GoalEdit, MeasureEdit
from tracker.concept.models import (
    PARTS,
    Competence,
    Edition,
    EditionGoal,
    EditionMeasure,
    EditionState,
    Entry,
    EntryKind,
    Goal,
    Indicator,
    IndicatorKind,
    Principle,
    ShortTerm,
)
from tracker.concept.queries.concept import read_concept
from tracker.concept.queries.entries import changes_of_goal, changes_of_measure, unpublished
from tracker.core.errors import Conflict, Forbidden, Invalid, NotFound
from tracker.core.models import AuditEvent
from tracker.core.periods import Period, local_day
from tracker.publication.queries.preview import preview
from tracker.reporting.reports.queries.report_page import report_page
from tracker.reporting.rounds.actions import rounds

TODAY = date(2026, 10, 5)
NOW = moment("2026-10-05 09:00")
PLAIN = MeasureEdit(display_text="Maßnahme 1.1")
FUNDED = replace(PLAIN, municipal_funding=Decimal(5000), municipal_funding_period="2026")


@pytest.fixture
def world(session: Session) -> World:
    """A concept with one Grundsatz."""
    return make_world(session)


def make_world(session: Session) -> World:
    world = World(session, fields=1, measures_per_field=1)
    session.add(Principle(concept_id=world.concept_id, key="vielfalt", position=1, name="Vielfalt"))
    session.flush()
    return world


def edit(world: World, values: MeasureEdit, *, at: str = "2026-10-05 09:00", **days: Any) -> bool:
    return concept.edit_measure(
        world.session,
        measure_id=world.measures[0].id or 0,
        edit=values,
        principle_ids=days.pop("principle_ids", ()),
        by=world.coordination,
        now=moment(at),
        **days,
    )


def funding(world: World, day: date) -> Decimal | None:
    measure = read_concept(world.session, day=day).measure("1.1")
    assert measure is not None
    return measure.ziff5.municipal_funding


def test_a_value_holds_from_its_day_until_the_next(world: World) -> None:
    edit(world, FUNDED, valid_from=date(2026, 9, 1))
    edit(world, replace(FUNDED, municipal_funding=Decimal(0)), valid_from=date(2027, 1, 1))
    days = [date(2026, 8, 31), date(2026, 9, 1), TODAY, date(2026, 12, 31), date(2027, 1, 1)]
    assert [funding(world, day) for day in days] == [None, 5000, 5000, 5000, 0]


def test_what_is_entered_for_an_earlier_day_leaves_what_holds_later(world: World) -> None:
    edit(world, FUNDED)
    edit(
        world,
        replace(PLAIN, municipal_funding=Decimal(100), short_term=ShortTerm.YES),
        valid_from=date(2026, 6, 30),
        shown_on=date(2026, 6, 30),
    )
    assert (funding(world, date(2026, 7, 1)), funding(world, TODAY)) == (100, 5000)
    measure = read_concept(world.session, day=TODAY).measures[0]
    assert (measure.ziff5.short_term, measure.ziff5.municipal_funding_period) == ("yes", "2026")


def test_what_was_not_touched_is_not_dated_back(world: World) -> None:
    edit(world, FUNDED)
    edit(world, replace(FUNDED, short_term=ShortTerm.NO), valid_from=date(2026, 6, 30))
    assert funding(world, date(2026, 7, 1)) is None
    assert read_concept(world.session, day=date(2026, 7, 1)).measures[0].ziff5.short_term == "no"


def test_the_same_day_again_replaces_and_keeps_the_old_one_readable(world: World) -> None:
    edit(world, FUNDED)
    edit(world, replace(FUNDED, municipal_funding=Decimal(1)), at="2026-10-05 10:00")
    assert funding(world, TODAY) == 1
    new, old = changes_of_measure(world.session, measure_id=world.measures[0].id or 0)
    assert (old.kind, old.was, old.now["municipal_funding"]) == (
        EntryKind.FUNDING,
        {"municipal_funding": None, "municipal_funding_period": ""},
        5000,
    )
    assert (old.replaced_at, new.replaced_at) == (moment("2026-10-05 10:00"), None)
    assert (new.was["municipal_funding"], new.now["municipal_funding"]) == (5000, 1)
    assert (new.valid_from, new.at, new.by) == (TODAY, moment("2026-10-05 10:00"), "ki")


def test_before_the_first_edition_nothing_is_entered(world: World) -> None:
    too_early = START - timedelta(days=1)
    with pytest.raises(Invalid) as refusal:
        edit(world, FUNDED, valid_from=too_early)
    assert [(item.field, item.code, item.values) for item in refusal.value.problems] == [
        ("valid_from", "date_before_edition", (("day", "01.01.2020"),))
    ]
    goal = world.session.exec(select(Goal)).one()
    with pytest.raises(Invalid) as refusal:
        edit_goal(world, goal, valid_from=too_early)
    assert [item.field for item in refusal.value.problems] == ["valid_from"]
    assert edit(world, FUNDED, valid_from=START)


def edit_goal(world: World, goal: Goal, text: str = "Bis 2027", **days: date) -> bool:
    return concept.edit_goal(
        world.session,
        goal_id=goal.id or 0,
        edit=GoalEdit(text),
        by=world.coordination,
        now=NOW,
        **days,
    )


def test_a_goal_has_its_days_too(world: World) -> None:
    goal = world.session.exec(select(Goal)).one()
    assert edit_goal(world, goal, valid_from=date(2026, 9, 1))
    assert edit_goal(world, goal, "Bis 2030", valid_from=date(2027, 1, 1))
    texts = [
        read_concept(world.session, day=day).goals[0].concretisation.text
        for day in (date(2026, 8, 31), TODAY, date(2027, 1, 1))
    ]
    assert texts == ["", "Bis 2027", "Bis 2030"]
    later, first = changes_of_goal(world.session, goal_id=goal.id or 0)
    assert (later.was["concretisation"], later.now["concretisation"]) == ("Bis 2027", "Bis 2030")
    assert first.was["concretisation"] == ""


def test_weights_and_what_is_vorrangig_are_entered_with_a_day(world: World) -> None:
    edit(world, replace(PLAIN, weight=Decimal("0.5"), prioritised=True))
    before, after = (
        read_concept(world.session, day=day).measures[0] for day in (date(2026, 10, 4), TODAY)
    )
    assert (before.weight, before.prioritised, before.entered_prioritised) == (1, False, None)
    assert (after.weight, after.prioritised) == (Decimal("0.5"), True)
    for weight in ("0", "-1", "NaN", "1001"):
        with pytest.raises(Invalid) as refusal:
            edit(world, replace(PLAIN, weight=Decimal(weight)))
        assert [item.field for item in refusal.value.problems] == ["weight"]


def test_a_display_text_belongs_to_its_edition(world: World) -> None:
    edit(world, replace(FUNDED, display_text="Berichtigt"))
    later = Edition(
        concept_id=world.concept_id,
        number=2,
        title="Fassung 2027",
        state=EditionState.ADOPTED,
        resolved_on=date(2027, 4, 1),
        valid_from=date(2027, 7, 1),
    )
    world.session.add(later)
    world.session.flush()
    for model in (EditionGoal, EditionMeasure):
        for row in world.session.exec(select(model)).all():
            values = row.model_dump(exclude={"id"}) | {"edition_id": later.id}
            world.session.add(model(**values))
    world.session.flush()
    last, first = (
        world.session.exec(
            select(EditionMeasure).where(EditionMeasure.edition_id == edition_id)
        ).one()
        for edition_id in (world.edition_id, later.id)
    )
    first.display_text = "Neuer Wortlaut"
    assert last.display_text == "Maßnahme 1.1"
    world.session.flush()
    texts = [
        read_concept(world.session, edition_id=edition_id, day=day).measures
        for edition_id, day in ((world.edition_id, TODAY), (later.id, date(2027, 7, 1)))
    ]
    assert [measure.display_text for measures in texts for measure in measures] == [
        "Berichtigt",
        "Neuer Wortlaut",
    ]
    assert texts[1][0].ziff5.municipal_funding == 5000


def test_the_fingerprint_is_that_of_the_day_that_was_edited(world: World) -> None:
    edit(world, FUNDED)
    before = date(2026, 6, 30)
    seen = concept.fingerprint(PLAIN, [])
    with pytest.raises(Conflict):
        edit(world, PLAIN, seen=seen)
    assert edit(
        world,
        replace(PLAIN, short_term=ShortTerm.YES),
        seen=seen,
        shown_on=before,
        valid_from=before,
    )


def add_indicator(world: World, measure: int = 0) -> Indicator:
    indicator = Indicator(
        concept_id=world.concept_id,
        measure_id=world.measures[measure].id or 0,
        key=f"abende-{measure}",
        name="Elternabende",
        kind=IndicatorKind.TARGET,
        operator=">=",
        target=Decimal(4),
        unit="Abende",
        per_year=True,
    )
    world.session.add(indicator)
    world.session.flush()
    return indicator


def edit_target(world: World, key: str, target: str, **arguments: Any) -> bool:
    return concept.edit_target(
        world.session,
        **{"measure_id": world.measures[0].id, "by": world.coordination, "now": NOW}
        | {"key": key, "target": Decimal(target)}
        | arguments,
    )


def test_a_target_holds_from_a_day_and_a_round_takes_its_stichtags(session: Session) -> None:
    world = World(session)
    world.lead(world.library)
    key = add_indicator(world).key
    round_ = filled_round(world)
    first = close_and_publish(world, round_)
    assert edit_target(world, key, "6")
    assert not edit_target(world, key, "6")
    assert edit_target(world, key, "8", valid_from=date(2027, 1, 1))
    days = [date(2026, 10, 4), TODAY, date(2027, 1, 1)]
    concepts = [read_concept(session, day=day) for day in days]
    assert [item.measures[0].indicators[0].target for item in concepts] == [4, 6, 8]
    expected = world.report(round_, world.measures[0]).id or 0
    page = report_page(session, report_id=expected, by=world.coordination, now=NOW)
    assert page.indicators[0].target == 4
    rounds.correct(
        session,
        round_=round_,
        reason="Probe",
        by=world.coordination,
        now=moment("2026-11-10 09:00"),
    )
    correct_sitting(round_)
    second = close_and_publish(world, round_, "2026-11-11 09:00")
    targets = [of_document(item.document)["indicators"][0]["target"] for item in (first, second)]
    assert targets == ["4", "4"]
    later, change = changes_of_measure(session, measure_id=world.measures[0].id or 0)
    assert (change.about, change.was, change.now) == ("Elternabende", {"target": 4}, {"target": 6})
    assert (later.was, later.now, later.valid_from) == ({"target": 6}, {"target": 8}, days[2])


def test_a_target_that_cannot_be_is_refused(session: Session) -> None:
    world = World(session)
    key, foreign = add_indicator(world).key, add_indicator(world, 1).key
    with pytest.raises(NotFound):
        edit_target(world, foreign, "1")
    with pytest.raises(Forbidden):
        edit_target(world, key, "1", by=world.representative)
    for target in ("-1", "NaN", "1e20"):
        with pytest.raises(Invalid) as refusal:
            edit_target(world, key, target)
        assert [item.field for item in refusal.value.problems] == ["target"]
    with pytest.raises(Invalid) as refusal:
        edit_target(world, key, "1", valid_from=START - timedelta(days=1))
    assert [item.field for item in refusal.value.problems] == ["valid_from"]
    assert session.exec(select(Entry)).all() == []


KINDS = {name: kind for kind, names in PARTS.items() for name in names}
BEGUN_WITH = {
    "display_text": "Maßnahme 1.1",
    "prioritised": None,
    "weight": "1",
    "competence": None,
    "competence_reason": "",
    "short_term": None,
    "concretisation": "",
    "concretisation_office": "",
    "concretisation_on": None,
    "municipal_funding": None,
    "municipal_funding_period": "",
    "principles": [],
}
Rows = dict[EntryKind, dict[date, dict[str, Any]]]


def replayed(rows: Rows, day: date, begun_with: Mapping[str, Any] = BEGUN_WITH) -> dict[str, Any]:
    values = dict(begun_with)
    for by_day in rows.values():
        held = [start for start in by_day if start <= day]
        if held:
            values |= by_day[max(held)]
    return values


def replay(events: list[AuditEvent], begun_with: Mapping[str, Any] = BEGUN_WITH) -> Rows:
    """What the audit trail alone says: for each kind, the values from each day."""
    rows: Rows = defaultdict(dict)
    for event in events:
        after = dict(event.after or {})
        today = local_day(event.at)
        days = [
            date.fromisoformat(after.pop(name, today.isoformat()))
            for name in ("valid_from", "shown_on")
        ]
        valid_from, shown = days[0], replayed(rows, days[1], begun_with)
        for kind in {KINDS[name] for name in after}:
            rows[kind][valid_from] = {name: (shown | after)[name] for name in PARTS[kind]}
    return rows


def shown(world: World, day: date) -> dict[str, Any]:
    measure = read_concept(world.session, day=day).measures[0]
    ziff5 = measure.ziff5
    amount = ziff5.municipal_funding
    on = ziff5.concretisation.on
    return {
        "display_text": measure.display_text,
        "prioritised": measure.entered_prioritised,
        "weight": format(measure.weight, "f"),
        "competence": ziff5.competence,
        "competence_reason": ziff5.competence_reason,
        "short_term": ziff5.short_term,
        "concretisation": ziff5.concretisation.text,
        "concretisation_office": ziff5.concretisation.office,
        "concretisation_on": None if on is None else on.isoformat(),
        "municipal_funding": None if amount is None else format(amount, "f"),
        "municipal_funding_period": ziff5.municipal_funding_period,
        "principles": list(measure.principles),
    }


DAYS = st.integers(0, 6).map(lambda number: date(2026, 1, 1) + timedelta(days=60 * number))
WORDS = st.sampled_from(["", "Kurse", "Schule"])
EDITS = st.builds(
    MeasureEdit,
    display_text=st.sampled_from(["Maßnahme 1.1", "Berichtigt"]),
    competence=st.sampled_from([None, *Competence]),
    competence_reason=st.sampled_from(["Land", "Stadt"]),
    short_term=st.sampled_from([None, *ShortTerm]),
    concretisation=WORDS,
    concretisation_office=WORDS,
    concretisation_on=st.sampled_from([None, date(2025, 5, 1)]),
    municipal_funding=st.sampled_from([None, Decimal(0), Decimal("12.50")]),
    municipal_funding_period=WORDS,
    prioritised=st.booleans(),
    weight=st.sampled_from([Decimal(1), Decimal("0.5")]),
)
STEPS = st.lists(
    st.tuples(EDITS, st.booleans(), st.none() | DAYS, st.none() | DAYS), min_size=1, max_size=6
)


@given(steps=STEPS)
def test_as_of_any_day_equals_replaying_the_audit_trail(
    sqlite_engine: Engine, steps: list[tuple[MeasureEdit, bool, date | None, date | None]]
) -> None:
    with sqlite_engine.connect() as connection, connection.begin() as outer:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            world = make_world(session)
            key = session.exec(select(Principle.id)).one() or 0
            for number, (values, tagged, valid_from, shown_on) in enumerate(steps):
                at = NOW + timedelta(days=30 * number)
                edit(
                    world,
                    values,
                    at=f"{at:%Y-%m-%d %H:%M}",
                    principle_ids=(key,) if tagged else (),
                    valid_from=valid_from,
                    shown_on=shown_on,
                )
            events = session.exec(
                select(AuditEvent)
                .where(AuditEvent.verb == "concept.edit_measure")
                .order_by(col(AuditEvent.id))
            ).all()
            rows = replay(list(events))
            starts = {start for by_day in rows.values() for start in by_day}
            for day in sorted({START, *starts, *(start - timedelta(days=1) for start in starts)}):
                assert shown(world, day) == replayed(rows, day)
        outer.rollback()


def of_document(document: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(document)["measures"][0]
    return found


def test_a_correction_does_not_take_what_was_entered_later(session: Session) -> None:
    world = World(session)
    world.lead(world.library)
    edit(world, replace(FUNDED, municipal_funding=Decimal(7)), at="2026-09-01 09:00")
    round_ = filled_round(world)
    first = close_and_publish(world, round_)
    document = first.document
    later = replace(
        FUNDED,
        display_text="Später berichtigt",
        short_term=ShortTerm.YES,
        competence=Competence.OWN,
        competence_reason="allein",
        prioritised=False,
    )
    edit(world, later, at="2026-11-05 09:00")
    assert first.document == document
    rounds.correct(
        session,
        round_=round_,
        reason="Zahl berichtigt",
        by=world.coordination,
        now=moment("2026-11-10 09:00"),
    )
    correct_sitting(round_)
    shown_before = preview(
        session,
        concept_id=world.concept_id,
        period="2026-Q3",
        instance=INSTANCE,
        now=moment("2026-11-11 09:00"),
    )
    assert shown_before is not None
    second = close_and_publish(world, round_, "2026-11-11 09:00")
    assert of_document(second.document) == of_document(document)
    assert of_document(second.document)["ziff5"]["municipal_funding"] == "7"
    assert shown_before.document == json.loads(second.document)
    assert first.document == document


def test_what_holds_on_the_stichtag_is_published_whenever_it_was_entered(session: Session) -> None:
    world = World(session)
    world.lead(world.library)
    round_ = filled_round(world)
    waiting = unpublished(session, concepts=[world.concept_id], before=TODAY)
    assert waiting == ((Period.parse("2026-Q3"), date(2026, 9, 30), ""),)
    edit(world, FUNDED)
    edit(world, replace(FUNDED, short_term=ShortTerm.NO), valid_from=date(2026, 9, 30))
    found = of_document(close_and_publish(world, round_).document)["ziff5"]
    assert (found["short_term"], found["municipal_funding"]) == ("no", None)
    assert unpublished(session, concepts=[world.concept_id], before=TODAY) == ()
