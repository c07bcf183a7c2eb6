"""What the KI edits in the concept, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from sqlmodel import Session, col, select

from tests.factories import World, moment
from tracker.concept.actions import concept, institutions
from tracker.concept.actions.concept import GoalEdit, MeasureEdit
from tracker.concept.actions.institutions import InstitutionEdit
from tracker.concept.models import (
    Competence,
    Goal,
    InstitutionKind,
    Principle,
)
from tracker.concept.queries.concept import read_concept
from tracker.concept.queries.institution_list import institution
from tracker.concept.rules.facts import ConceptMeasure
from tracker.core.errors import Conflict, Forbidden, Invalid, NotFound
from tracker.core.models import AuditEvent
from tracker.core.permissions import Actor
from tracker.core.text import derived_key

NOW = moment("2026-10-05 09:00")
TODAY = date(2026, 10, 5)
FULL = MeasureEdit(
    display_text="Berichtigter Text",
    competence=Competence.SHARED,
    competence_reason="Land und Stadt",
    concretisation="Zwei Kurse je Jahr",
    concretisation_office="Amt für Schule",
    concretisation_on=date(2026, 9, 1),
    municipal_funding=Decimal("1250.50"),
    municipal_funding_period="jährlich",
)


@pytest.fixture
def world(session: Session) -> World:
    """A concept with two Grundsätze."""
    world = World(session)
    session.add_all(
        Principle(concept_id=world.concept_id, key=key, position=position, name=key.title())
        for position, key in enumerate(("chancen", "vielfalt"), start=1)
    )
    session.flush()
    return world


def edit(
    world: World,
    values: MeasureEdit = FULL,
    *,
    principles: tuple[int, ...] = (),
    by: Actor | None = None,
    measure_id: int | None = None,
) -> bool:
    return concept.edit_measure(
        world.session,
        measure_id=measure_id or world.measures[0].id or 0,
        edit=values,
        principle_ids=principles,
        by=by or world.coordination,
        now=NOW,
    )


def shown(world: World, day: date = TODAY) -> ConceptMeasure:
    """The edited measure as of a day."""
    measure = read_concept(world.session, day=day).measure("1.1")
    assert measure is not None
    return measure


def test_editing_keeps_the_councils_wording_and_records_only_what_changed(world: World) -> None:
    measure = world.measures[0]
    assert edit(world)
    assert shown(world).text == "Maßnahme 1.1"
    assert (shown(world).display_text, shown(world).ziff5.municipal_funding) == (
        "Berichtigter Text",
        Decimal("1250.50"),
    )
    event = world.session.exec(select(AuditEvent)).all()[-1]
    assert (event.verb, event.entity, event.entity_id) == (
        "concept.edit_measure",
        "measure",
        measure.id,
    )
    assert event.before
    assert event.before["display_text"] == "Maßnahme 1.1"
    assert event.after
    assert event.after["municipal_funding"] == "1250.50"
    assert "retired_on" not in event.after


def test_saving_the_same_again_changes_nothing(world: World) -> None:
    edit(world)
    before = len(world.session.exec(select(AuditEvent)).all())
    assert not edit(world)
    assert len(world.session.exec(select(AuditEvent)).all()) == before


def test_unknown_funding_is_not_zero(world: World) -> None:
    edit(world, replace(FULL, municipal_funding=Decimal(0)))
    assert shown(world).ziff5.municipal_funding == 0
    edit(world, replace(FULL, municipal_funding=None))
    assert shown(world).ziff5.municipal_funding is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"display_text": "  "}, "display_text"),
        ({"competence_reason": " "}, "competence_reason"),
        ({"municipal_funding": Decimal(-1)}, "municipal_funding"),
        ({"municipal_funding": Decimal("NaN")}, "municipal_funding"),
        ({"concretisation": "x" * 100_000}, "concretisation"),
        ({"concretisation_office": "x" * 201}, "concretisation_office"),
        ({"display_text": "Text\x00"}, "display_text"),
    ],
)
def test_a_value_that_cannot_be_is_refused_at_its_field(
    world: World, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        edit(world, replace(FULL, **changes))
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert shown(world).display_text == "Maßnahme 1.1"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"municipal_funding": Decimal("48.005")}, ("municipal_funding", "amount_too_fine")),
        ({"concretisation_on": date(2026, 10, 6)}, ("concretisation_on", "date_in_future")),
        ({"retired_on": date(2026, 6, 30)}, ("retired_on", "date_before_round")),
    ],
)
def test_a_value_that_is_not_plausible_is_refused_at_its_field(
    world: World, changes: dict[str, object], problem: tuple[str, str]
) -> None:
    world.lead(world.library, *world.measures)
    world.open_round("2026-Q3")
    with pytest.raises(Invalid) as refusal:
        edit(world, replace(FULL, **changes))
    assert [(item.field, item.code) for item in refusal.value.problems] == [problem]
    possible = {"concretisation_on": date(2026, 10, 5), "retired_on": date(2026, 7, 1)}
    assert edit(world, replace(FULL, **possible))  # type: ignore[arg-type]


def test_what_is_stored_already_may_stay(world: World) -> None:
    edit(world, replace(FULL, retired_on=date(2026, 6, 30)))
    world.lead(world.library, *world.measures)
    world.open_round("2026-Q3")
    assert edit(world, replace(FULL, retired_on=date(2026, 6, 30), display_text="Neu"))


def test_a_goals_concretisation_is_not_of_the_future(world: World) -> None:
    goal = world.session.exec(select(Goal)).all()[0]
    values = GoalEdit("Bis 2027", "Amt für Schule", date(2026, 10, 6))
    with pytest.raises(Invalid) as refusal:
        concept.edit_goal(
            world.session, goal_id=goal.id or 0, edit=values, by=world.coordination, now=NOW
        )
    assert [item.code for item in refusal.value.problems] == ["date_in_future"]


def test_measures_are_tagged_with_principles(world: World) -> None:
    first, second = (
        row.id or 0 for row in world.session.exec(select(Principle).order_by(col(Principle.id)))
    )
    assert edit(world, principles=(first, second))
    assert edit(world, principles=(second,))
    assert shown(world).principles == ("vielfalt",)
    event = world.session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()[-1]
    assert event.before == {"principles": ["chancen", "vielfalt"]}
    assert event.after == {"principles": ["vielfalt"]}
    with pytest.raises(NotFound):
        edit(world, principles=(999_999,))


def test_a_goal_gets_its_concretisation(world: World) -> None:
    goal = world.session.exec(select(Goal).order_by(col(Goal.id))).all()[0]
    values = GoalEdit("Bis 2027 in allen Bezirken", "Amt für Schule", date(2026, 9, 1))
    arguments = {"goal_id": goal.id or 0, "edit": values, "by": world.coordination, "now": NOW}
    assert concept.edit_goal(world.session, **arguments)  # type: ignore[arg-type]
    assert not concept.edit_goal(world.session, **arguments)  # type: ignore[arg-type]
    concretisation = read_concept(world.session, day=TODAY).goals[0].concretisation
    assert concretisation.on == date(2026, 9, 1)


def rename(world: World, **changes: object) -> bool:
    values = InstitutionEdit("Volkshochschule Bielefeld", "VHS", InstitutionKind.MUNICIPAL)
    return institutions.edit_institution(
        world.session,
        institution_id=world.library.id or 0,
        edit=replace(values, **changes),  # type: ignore[arg-type]
        by=world.coordination,
        now=NOW,
    )


def test_an_institution_is_renamed(world: World) -> None:
    assert rename(world)
    assert not rename(world)
    library = institution(world.session, institution_id=world.library.id or 0, day=TODAY)
    assert library is not None
    assert (library.name, library.short_name) == ("Volkshochschule Bielefeld", "VHS")
    with pytest.raises(Invalid) as refusal:
        rename(world, name=" ", short_name="x" * 81)
    assert {problem.field for problem in refusal.value.problems} == {"name", "short_name"}


def test_an_institution_that_is_still_responsible_stays_in_use(world: World) -> None:
    world.lead(world.library, *world.measures[:2])
    with pytest.raises(Conflict, match=r"1\.1, 1\.2"):
        rename(world, is_active=False)
    library = institution(world.session, institution_id=world.library.id or 0, day=TODAY)
    assert library is not None
    assert library.is_active


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Verein für Begegnung e. V.", "verein-fuer-begegnung-e-v"),
        ("  AWO – Straße & Ökologie  ", "awo-strasse-oekologie"),
        ("Café Çınar", "cafe-cnar"),
        ("x" * 79 + " yz", "x" * 79),
        ("جمعية", ""),
    ],
)
def test_a_key_is_derived_from_the_name(name: str, key: str) -> None:
    assert derived_key(name) == key


def test_an_institution_is_added_with_its_audit(world: World) -> None:
    values = InstitutionEdit(" Brückenschlag e. V. ", "Brücke", InstitutionKind.INDEPENDENT)
    add = partial(institutions.create_institution, world.session, by=world.coordination, now=NOW)
    added = add(edit=values)
    assert (added.key, added.name) == ("brueckenschlag-e-v", "Brückenschlag e. V.")
    event = world.session.exec(select(AuditEvent)).all()[-1]
    assert (event.verb, event.entity_id) == ("concept.create_institution", added.id)
    assert event.after is not None
    assert event.after["kind"] == "independent"
    other = replace(values, name="Brückenbau e. V.", short_name="Brückenbau")
    for wrong in (added.key, "Groß", "x" * 81):
        with pytest.raises(Invalid) as refusal:
            add(edit=other, key=wrong)
        assert [problem.field for problem in refusal.value.problems] == ["key"]
    for key in ("bruecke-2", added.key):
        with pytest.raises(Invalid, match="So heißt schon eine andere Institution"):
            add(edit=values, key=key)
    assert add(edit=other, key="bruecke-2").key == "bruecke-2"
    with pytest.raises(Forbidden):
        add(edit=values, key="bruecke-3", by=world.representative)


def test_a_measure_that_somebody_else_saved_since_is_not_overwritten(world: World) -> None:
    first, second = (
        row.id or 0 for row in world.session.exec(select(Principle).order_by(col(Principle.id)))
    )
    edit(world, principles=(first,))
    seen = concept.fingerprint(FULL, ["chancen"])
    save = partial(
        concept.edit_measure,
        world.session,
        measure_id=world.measures[0].id or 0,
        by=world.coordination,
        now=NOW,
    )
    assert save(edit=replace(FULL, retired_on=TODAY), principle_ids=(first,), seen=seen)
    with pytest.raises(Conflict, match="nichts verloren"):
        save(edit=FULL, principle_ids=(first,), seen=seen)
    seen = concept.fingerprint(replace(FULL, retired_on=TODAY), ["chancen"])
    edit(world, replace(FULL, retired_on=TODAY), principles=(second,))
    with pytest.raises(Conflict):
        save(edit=FULL, principle_ids=(first,), seen=seen)


def test_only_the_ki_edits_and_only_what_there_is(world: World) -> None:
    for actor in (world.representative, world.committee):
        with pytest.raises(Forbidden):
            edit(world, by=actor)
    with pytest.raises(NotFound):
        edit(world, measure_id=999_999)
    assert shown(world).display_text == "Maßnahme 1.1"


def test_a_grundsatz_of_another_concept_is_unknown_and_its_key_may_be_the_same(
    world: World,
) -> None:
    second = World(world.session, key="zweites", beside=world)
    foreign = Principle(concept_id=second.concept_id, key="vielfalt", position=1, name="Vielfalt")
    world.session.add(foreign)
    world.session.flush()
    with pytest.raises(NotFound, match="Einen der Grundsätze gibt es nicht"):
        edit(world, principles=(foreign.id or 0,))
