"""Partners add to the lead's report, the lead takes over, on both databases (domain.md 5)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, col, select

from tests.conftest import one_database
from tests.factories import RUNNING, World, moment
from tests.factories_contributions import SAID, bring, contribute, partner, take
from tracker.concept.actions import responsibilities
from tracker.concept.models import Responsibility
from tracker.core.errors import Conflict, IllegalTransition, Invalid, NotFound
from tracker.core.models import AuditEvent
from tracker.core.permissions import Actor, Function, Role
from tracker.reporting.models import Contribution, Report, Round
from tracker.reporting.reports.actions import contributions, reports
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import Participants, ParticipantUnit, from_dict
from tracker.reporting.rules.contribution import EMPTY, Part, content_from, taken_from
from tracker.reporting.rules.reports import EDITABLE, ReportState
from tracker.reporting.rules.rounds import RoundState

NOW = moment("2026-10-05 09:00")


@pytest.fixture
def world(session: Session) -> World:
    """The library leads six measures, the club takes part in the first."""
    world = World(session)
    world.lead(world.library)
    partner(world, world.club, world.measures[0])
    return world


@pytest.fixture
def report(world: World) -> Report:
    """The expected report of measure 1.1 in the third quarter."""
    return world.report(world.open_round(), world.measures[0])


def draft_of(report: Report) -> object:
    assert report.draft is not None
    return from_dict(report.draft)


def stored(world: World) -> list[Contribution]:
    return list(world.session.exec(select(Contribution)))


def events(world: World) -> list[str]:
    statement = select(AuditEvent.verb).order_by(col(AuditEvent.id))
    return [verb for verb in world.session.exec(statement) if verb.startswith("contribution.")]


def test_everybody_of_a_partner_adds_and_nothing_of_the_report_changes(
    world: World, report: Report
) -> None:
    staff = world.actor("ibz2@example.org", Role.INSTITUTION, world.club, Function.STAFF)
    found = contribute(world, report, by=staff)
    assert content_from(found.content) == SAID
    assert (found.version, found.saved_by_id, found.taken_version) == (1, staff.account_id, None)
    assert (report.state, report.draft, report.draft_version) == (ReportState.EXPECTED, None, 0)
    contribute(world, report, content=replace(SAID, text="Drei Treffen."), expected_version=1)
    assert found.version == 2
    assert events(world) == ["contribution.save"] * 2


def test_a_second_save_over_somebody_elses_is_refused_and_a_double_click_is_not(
    world: World, report: Report
) -> None:
    contribute(world, report)
    assert contribute(world, report).version == 1
    for version in (0, 2):
        with pytest.raises(Conflict, match="beide Texte"):
            contribute(
                world, report, content=replace(SAID, text="Anders."), expected_version=version
            )
    assert [content_from(item.content) for item in stored(world)] == [SAID]
    assert events(world) == ["contribution.save"]


def test_what_cannot_be_stored_is_refused_at_its_field(world: World, report: Report) -> None:
    with pytest.raises(Invalid) as refusal:
        contribute(world, report, content=replace(EMPTY, cost_actual=Decimal(-1)))
    assert [item.field for item in refusal.value.problems] == ["cost_actual"]
    with pytest.raises(Invalid):
        contribute(world, report, content=EMPTY)
    assert stored(world) == []


Who = Callable[[World], Actor]


@pytest.mark.parametrize(
    "who",
    [
        lambda world: world.representative,  # leads it, so is no partner
        lambda world: world.actor(
            "neu@example.org", Role.INSTITUTION, world.institution("neu", "Neuling")
        ),
        lambda world: world.coordination,
        lambda world: world.committee,
    ],
    ids=["lead", "another institution", "coordination", "committee"],
)
def test_for_who_is_no_partner_the_report_does_not_exist(
    world: World, report: Report, who: Who
) -> None:
    by = who(world)
    with pytest.raises(NotFound):
        contribute(world, report, by=by)
    with pytest.raises(NotFound):
        contributions.withdraw(world.session, report_id=report.id or 0, by=by, now=NOW)
    with pytest.raises(NotFound):
        contribute(world, report, by=by, report_id=999_999)


@pytest.mark.parametrize(
    ("start", "end", "takes_part"),
    [
        (date(2026, 10, 5), None, True),
        (date(2026, 10, 6), None, False),
        (date(2026, 1, 1), date(2026, 10, 5), True),
        (date(2026, 1, 1), date(2026, 10, 4), False),
    ],
)
def test_a_partner_is_who_takes_part_today(
    world: World, report: Report, start: date, end: date | None, takes_part: bool
) -> None:
    row = world.session.exec(
        select(Responsibility).where(Responsibility.institution_id == world.club.id)
    ).one()
    row.valid_from, row.valid_to = start, end
    if takes_part:
        contribute(world, report)
        return
    with pytest.raises(NotFound, match="nicht beteiligt"):
        contribute(world, report)


def test_when_the_partner_leaves_its_contribution_stays_for_the_lead(
    world: World, report: Report
) -> None:
    found = contribute(world, report)
    row = world.session.exec(
        select(Responsibility).where(Responsibility.institution_id == world.club.id)
    ).one()
    responsibilities.end(
        world.session,
        responsibility_id=row.id or 0,
        valid_to=date(2026, 10, 5),
        by=world.coordination,
        now=NOW,
    )
    later = moment("2026-10-07 09:00")
    with pytest.raises(NotFound):
        contributions.withdraw(
            world.session, report_id=report.id or 0, by=world.stranger, now=later
        )
    assert take(world, found, now=later).taken_version == 1


def _save(world: World, report: Report, found: Contribution) -> None:
    contribute(world, report, content=replace(SAID, text="Neu."), expected_version=found.version)


def _withdraw(world: World, report: Report, found: Contribution) -> None:
    contributions.withdraw(world.session, report_id=report.id or 0, by=world.stranger, now=NOW)


def _take(world: World, report: Report, found: Contribution) -> None:
    take(world, found)


ACTIONS = {"save": _save, "withdraw": _withdraw, "take over": _take}
Act = Callable[[World, Report, Contribution], None]


@one_database
@pytest.mark.parametrize("act", ACTIONS.values(), ids=ACTIONS)
@pytest.mark.parametrize("state", ReportState)
def test_every_state_of_the_report_with_every_action(
    world: World, report: Report, state: ReportState, act: Act
) -> None:
    found = contribute(world, report)
    bring(world, report, state)
    if state in EDITABLE:
        act(world, report, found)
        return
    with pytest.raises(IllegalTransition) as refusal:
        act(world, report, found)
    if state is ReportState.SUBMITTED:
        assert "zurück" in " ".join(refusal.value.possible)
    assert content_from(found.content) == SAID


@one_database
@pytest.mark.parametrize("act", ACTIONS.values(), ids=ACTIONS)
@pytest.mark.parametrize("extended", [False, True])
@pytest.mark.parametrize("state", RoundState)
def test_every_state_of_the_round_with_every_action(
    world: World, report: Report, state: RoundState, extended: bool, act: Act
) -> None:
    found = contribute(world, report)
    round_ = world.session.get_one(Round, report.round_id)
    if extended:
        rounds.grant_extension(
            world.session,
            round_=round_,
            institution_id=world.library.id,
            report_id=None,
            until=date(2026, 10, 20),
            reason="Urlaub.",
            by=world.coordination,
            now=NOW,
        )
    round_.state = state
    round_.closed_at = round_.published_at = NOW
    if state is RoundState.CANCELLED:
        round_.cancelled_at, round_.cancelled_reason = NOW, "Neuwahl"
    world.session.flush()
    if state is RoundState.OPEN or (state is RoundState.CLOSED and extended):
        act(world, report, found)
        return
    with pytest.raises(IllegalTransition, match="Runde ist"):
        act(world, report, found)


def test_what_helps_is_named_only_where_it_helps(world: World, report: Report) -> None:
    bring(world, report, ReportState.SUBMITTED)
    round_ = world.session.get_one(Round, report.round_id)
    for state, possible in (
        (RoundState.OPEN, "zurückzuziehen"),
        (RoundState.CLOSED, ""),
        (RoundState.PUBLISHED, ""),
    ):
        round_.state = state
        round_.closed_at = round_.published_at = NOW
        with pytest.raises(IllegalTransition) as refusal:
            contribute(world, report)
        assert " ".join(refusal.value.possible).endswith(possible)
        assert bool(refusal.value.possible) is bool(possible)


def test_a_contribution_is_taken_back_until_the_lead_has_taken_it(
    world: World, report: Report
) -> None:
    contribute(world, report)
    _withdraw(world, report, stored(world)[0])
    assert stored(world) == []
    with pytest.raises(NotFound):
        contributions.withdraw(world.session, report_id=report.id or 0, by=world.stranger, now=NOW)
    # An old window does not bring it back unseen.
    with pytest.raises(Conflict):
        contribute(world, report, expected_version=1)
    take(world, contribute(world, report))
    with pytest.raises(IllegalTransition, match="schon in ihre Meldung übernommen"):
        contributions.withdraw(world.session, report_id=report.id or 0, by=world.stranger, now=NOW)
    assert events(world) == [
        f"contribution.{verb}" for verb in ("save", "withdraw", "save", "take_over")
    ]


@pytest.mark.parametrize("who", ["representative", "staff", "coordination"])
def test_whoever_may_draft_takes_over_into_the_draft(
    world: World, report: Report, who: str
) -> None:
    bring(world, report, ReportState.DRAFT)
    by: Actor = getattr(world, who)
    found = take(world, contribute(world, report), by=by)
    assert draft_of(report) == replace(
        RUNNING,
        achieved="Zwei Kurse haben begonnen.\n\n"
        "Beitrag von Begegnungszentrum:\nZwei Treffen mit 40 Eltern.",
        participants=SAID.participants,
        cost_actual=SAID.cost_actual,
    )
    assert report.draft_version == 2
    assert (found.taken_version, found.taken_by_id) == (1, by.account_id)
    assert taken_from(found.content).versions == tuple((part, 1) for part in Part)


@pytest.mark.parametrize("who", ["stranger", "committee"])
def test_nobody_else_takes_over(world: World, report: Report, who: str) -> None:
    found = contribute(world, report)
    with pytest.raises(NotFound):
        take(world, found, by=getattr(world, who))


def test_a_contribution_to_another_report_is_not_taken_over(world: World, report: Report) -> None:
    found = contribute(world, report)
    round_ = world.session.get_one(Round, report.round_id)
    other = world.report(round_, world.measures[1])
    with pytest.raises(NotFound):
        take(world, found, report_id=other.id)
    with pytest.raises(NotFound):
        take(world, found, contribution_id=999_999)


def test_the_first_taking_over_begins_the_draft_with_what_it_is_prefilled_with(
    world: World,
) -> None:
    earlier = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    first = world.report(earlier, world.measures[0])
    world.submit(first, at="2026-07-05 09:00")
    world.accept(first, at="2026-07-06 09:00")
    report = world.report(world.open_round(), world.measures[0])
    take(world, contribute(world, report), parts=[Part.COST])
    assert draft_of(report) == replace(RUNNING, cost_actual=SAID.cost_actual)
    assert report.state is ReportState.DRAFT


def test_nothing_is_taken_twice(world: World, report: Report) -> None:
    found = take(world, contribute(world, report), parts=[Part.COST])
    with pytest.raises(IllegalTransition, match="doppelt zählen"):
        take(world, found)
    take(world, found, parts=[Part.TEXT, Part.PARTICIPANTS])
    before = draft_of(report)
    for parts in (tuple(Part), (Part.COST,), ()):
        with pytest.raises(IllegalTransition, match="doppelt zählen"):
            take(world, found, parts=parts)
    assert draft_of(report) == before


def test_of_a_newer_version_only_what_differs_is_added(world: World, report: Report) -> None:
    found = take(world, contribute(world, report))
    more = replace(SAID, participants=(Participants(ParticipantUnit.PERSONS, 55),))
    contribute(world, report, content=more, expected_version=1)
    with pytest.raises(Conflict, match="geändert"):
        take(world, found, version=1, parts=[Part.PARTICIPANTS])
    take(world, found, parts=[Part.PARTICIPANTS])
    assert draft_of(report) == replace(
        from_dict(report.draft or {}), participants=more.participants, cost_actual=SAID.cost_actual
    )
    assert (found.version, found.taken_version) == (2, 2)
    assert dict(taken_from(found.content).versions) == {
        Part.TEXT: 1,
        Part.PARTICIPANTS: 2,
        Part.COST: 1,
    }


def test_without_a_choice_or_room_nothing_is_taken_over(world: World, report: Report) -> None:
    found = contribute(world, report)
    with pytest.raises(Invalid) as refusal:
        take(world, found, parts=[])
    assert [item.code for item in refusal.value.problems] == ["part_required"]
    reports.save_draft(
        world.session,
        report_id=report.id or 0,
        content=replace(RUNNING, achieved="x" * 20_000),
        expected_version=0,
        by=world.representative,
        now=NOW,
    )
    with pytest.raises(Invalid) as refusal:
        take(world, found, parts=[Part.TEXT])
    assert [(item.field, item.code) for item in refusal.value.problems] == [
        ("achieved", "text_too_long")
    ]
    assert found.taken_version is None
