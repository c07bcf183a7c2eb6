"""Published, then anything changes: bytes, pages and papers of what was published stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from tests.factories import World
from tests.publication.two_quarters import (
    AT,
    FIRST,
    first_concept,
    of_world,
    run,
    said,
)
from tracker.concept.models import (
    Competence,
    Edition,
    EditionField,
    EditionGoal,
    EditionMeasure,
    EditionState,
    Entry,
    EntryKind,
    InstitutionKind,
    Responsibility,
    ShortTerm,
)
from tracker.core.models import SettingValue
from tracker.publication.queries import published, snapshots

Change = Callable[[World, date], object]
OF_MEASURE: dict[EntryKind, dict[str, Any]] = {
    EntryKind.DISPLAY_TEXT: {"display_text": "Ganz anders"},
    EntryKind.PRIORITISED: {"prioritised": False},
    EntryKind.WEIGHT: {"weight": Decimal(3)},
    EntryKind.COMPETENCE: {"competence": Competence.OWN, "competence_reason": "neu"},
    EntryKind.SHORT_TERM: {"short_term": ShortTerm.YES},
    EntryKind.FUNDING: {"municipal_funding": Decimal(900), "municipal_funding_period": "2026"},
    EntryKind.PRINCIPLES: {"principles": []},
}
OF_INSTITUTION: dict[EntryKind, dict[str, Any]] = {
    EntryKind.NAME: {"name": "Anders benannt", "short_name": "AB"},
    EntryKind.INSTITUTION_KIND: {"institution_kind": InstitutionKind.FEDERAL},
    EntryKind.IS_ACTIVE: {"is_active": False},
}
SETTINGS_OF_TOMORROW = {
    "city": "Stadt Anderswo",
    "office_name": "Amt für anderes",
    "committee_name": "Anderer Ausschuss",
    "committee_short": "AA",
    "publisher": "Jemand anderes",
    "licence": "cc-zero",
    "districts": "Nord\nSüd",
    "areas_off": "erhebungsbogen",
}


def entered(kind: EntryKind) -> Change:
    def change(world: World, day: date) -> None:
        subject: dict[str, Any] = {"measure_id": world.measures[0].id}
        if kind in OF_INSTITUTION:
            subject = {"institution_id": world.library.id}
        elif kind in (EntryKind.DISPLAY_TEXT, EntryKind.PRIORITISED):
            subject["edition_id"] = world.edition_id
        values = (OF_MEASURE | OF_INSTITUTION)[kind]
        world.session.add(Entry(kind=kind, valid_from=day, entered_at=AT, **subject, **values))

    return change


def set_(name: str) -> Change:
    def change(world: World, day: date) -> None:
        value = SETTINGS_OF_TOMORROW[name]
        world.session.add(SettingValue(name=name, valid_from=day, value=value, set_at=AT))

    return change


def another_edition(world: World, day: date) -> None:
    """A Fassung in which everything has another number and another wording."""
    session, first = world.session, world.edition_id
    edition = Edition(
        concept_id=world.concept_id,
        number=2,
        title="Fassung danach",
        state=EditionState.ADOPTED,
        resolved_on=day,
        valid_from=day + timedelta(days=1),
    )
    session.add(edition)
    session.flush()
    places: dict[int, int] = {}
    goals: dict[int, int] = {}
    for field in session.exec(select(EditionField).where(EditionField.edition_id == first)):
        row = EditionField(
            **field.model_dump(exclude={"id", "edition_id", "code"}),
            edition_id=edition.id,
            code=f"N{field.code}",
        )
        session.add(row)
        session.flush()
        places[field.id or 0] = row.id or 0
    for goal in session.exec(select(EditionGoal).where(EditionGoal.edition_id == first)):
        moved = EditionGoal(
            **goal.model_dump(exclude={"id", "edition_id", "code", "edition_field_id"}),
            edition_id=edition.id,
            code=f"N{goal.code}",
            edition_field_id=places[goal.edition_field_id],
        )
        session.add(moved)
        session.flush()
        goals[goal.id or 0] = moved.id or 0
    for wording in world.wordings:
        session.add(
            EditionMeasure(
                **wording.model_dump(exclude={"id", "edition_id", "code", "edition_goal_id"}),
                edition_id=edition.id,
                code=f"N{wording.code}",
                edition_goal_id=goals[wording.edition_goal_id],
            )
        )


def renumbered(world: World, _day: date) -> None:
    world.wordings[0].code, world.wordings[0].text = "Z.9", "Anderer Wortlaut"


def retired(world: World, day: date) -> None:
    world.measures[1].retired_on = day


def nobody_leads(world: World, _day: date) -> None:
    for responsibility in world.session.exec(select(Responsibility)):
        world.session.delete(responsibility)


def row_renamed(world: World, _day: date) -> None:
    world.library.name, world.library.short_name = "Ganz neu", "GN"


CHANGES: dict[str, Change] = {
    **{kind.value: entered(kind) for kind in OF_MEASURE | OF_INSTITUTION},
    **{name: set_(name) for name in SETTINGS_OF_TOMORROW},
    "another edition": another_edition,
    "renumbered": renumbered,
    "retired": retired,
    "nobody leads": nobody_leads,
    "row renamed": row_renamed,
}
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


# Without shrinking: an example takes seconds.
@settings(
    max_examples=2,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), DAYS), min_size=8, unique=True))
def test_whatever_changes_afterwards_what_was_published_stays(
    session: Session, changes: list[tuple[str, date]]
) -> None:
    published._kept.clear()
    with session.begin_nested() as savepoint:
        world = first_concept(session)
        run(of_world(world, FIRST))
        before = said(world, with_papers=True)
        for name, day in {name: (name, day) for name, day in changes}.values():
            CHANGES[name](world, day)
        session.flush()
        session.expire_all()
        published._kept.clear()
        after = said(world, with_papers=True)
        verified = snapshots.verify(session)
        savepoint.rollback()
    # What is said of today is another matter.
    for live in ("concept", "rounds"):
        del before[live], after[live]
    assert [name for name in before if before[name] != after[name]] == []
    assert after.keys() == before.keys()
    assert {checked.problems for checked in verified} == {()}
